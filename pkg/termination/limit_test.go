package termination_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/termination"
)

// The last values that a file may state are read, and the ones right beyond are refused with what is allowed.
func TestALimitStaysWithinItsBounds(t *testing.T) {
	t.Parallel()
	for text, allowed := range map[string]bool{
		"1 working days": true, "0 working days": false, "-1 working days": false,
		"250 working days": true, "251 working days": false,
		"1 months": true, "0 months": false, "-1 months": false,
		"60 months": true, "61 months": false,
		"1": false, "one months": false, "1 days": false, "1  months": false, "": false,
	} {
		var l termination.Limit
		err := l.UnmarshalText([]byte(text))
		if (err == nil) != allowed {
			t.Errorf("%q: %v", text, err)
		}
		if allowed && l.String() != text {
			t.Errorf("%q is written %q", text, l)
		}
		if !allowed && !strings.Contains(fmt.Sprint(err), fmt.Sprintf("%q", text)) {
			t.Errorf("%q: the refusal does not say what it read: %v", text, err)
		}
	}
}
