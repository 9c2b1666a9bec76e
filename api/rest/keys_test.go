package rest

import (
	"strings"
	"testing"
)

// A key that is not known is told together with those of the object that it stands in, wherever that is.
func TestKeysOfAnObject(t *testing.T) {
	t.Parallel()
	type part struct {
		On   string `json:"on"`
		Kind string `json:"kind,omitempty"`
		Own  string `json:"-"`
	}
	type common struct {
		Name string `json:"name"`
	}
	type in struct {
		Body struct {
			common
			Part  *part       `json:"part"`
			Parts []part      `json:"parts"`
			Text  Patch[part] `json:"text"`
		}
	}
	for path, want := range map[string]string{"x": "name part parts text", "part.x": "kind on",
		"parts[3].x": "kind on", "text.x": "kind on", "none.x": "", "name.x": ""} {
		if got := strings.Join(keysIn[in](path), " "); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if keys := keysIn[struct{}]("x"); keys != nil {
		t.Errorf("without a body: %v", keys)
	}
}
