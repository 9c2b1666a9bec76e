package ids_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/ids"
)

func TestAnIDHasOneSpelling(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompile("^(" + ids.Pattern + ")$")
	id := uuid.Must(uuid.NewV7())
	text := id.String()
	if got, ok := ids.Parse(text); !ok || got != id || !pattern.MatchString(text) {
		t.Errorf("%s is read as %s, %t", text, got, ok)
	}
	for _, other := range []string{"", uuid.Nil.String(), strings.ToUpper(text), "{" + text + "}", "urn:uuid:" + text,
		strings.ReplaceAll(text, "-", ""), " " + text, text + " ", text[:35], "x"} {
		if _, ok := ids.Parse(other); ok || pattern.MatchString(other) {
			t.Errorf("%q is taken for an id", other)
		}
	}
}
