package rest

import (
	"bytes"
	"errors"
	"fmt"
	"mime/multipart"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tanggap/tanggap/pkg/fault"
)

// What a line and what a free text may hold, and what neither may.
func TestWhatTextsMayHold(t *testing.T) {
	t.Parallel()
	for text, codes := range map[string][2]string{
		"Siti Nurhaliza, S.E. – PT Ä 工 1/2": {"", ""},
		"":                                  {"", ""},
		"two\nlines\r\n\tindented":          {"input.characters", ""},
		"joined \u200d and not \u200c":      {"input.characters", ""},
		"heart \u2764\ufe0f":                {"input.characters", ""},
		"right \u202e left":                 {"input.characters", "input.characters"},
		"isolated \u2066":                   {"input.characters", "input.characters"},
		"mark \ufeff":                       {"input.characters", "input.characters"},
		"soft \u00adhyphen":                 {"input.characters", "input.characters"},
		"filler \u3164":                     {"input.characters", "input.characters"},
		"zero \u200b width":                 {"input.characters", "input.characters"},
		"line \u2028 separator":             {"input.characters", "input.characters"},
		"bell \a":                           {"input.characters", "input.characters"},
		"del \x7f":                          {"input.characters", "input.characters"},
		"private \ue000":                    {"input.characters", "input.characters"},
		"nobody's \U000e0001":               {"input.characters", "input.characters"},
		"half \xe4":                         {"input.encoding", "input.encoding"},
	} {
		if got := [2]string{lineFault(text), freeFault(text)}; got != codes {
			t.Errorf("%q: %q, want %q", text, got, codes)
		}
	}
}

// form is an upload with a field and a file of these names and contents.
func form(t *testing.T, field, value, name, file string) huma.MultipartFormFiles[struct{}] {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if err := w.WriteField(field, value); err != nil {
		t.Fatal(err)
	}
	if _, err := w.CreateFormFile(name, file); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	read, err := multipart.NewReader(&b, w.Boundary()).ReadForm(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	return huma.MultipartFormFiles[struct{}]{Form: read}
}

// Every text of a body is looked at, wherever it stands, and named by where it stands.
func TestEveryTextOfABodyIsChecked(t *testing.T) {
	t.Parallel()
	const bad = "x\u202e"
	type Inner struct {
		Name string `json:"name"`
		Note string `json:"note,omitempty" text:"free"`
	}
	type in struct {
		Path string // not of the body: the framework has taken it apart
		Body struct {
			Inner
			Text  *string           `json:"text"`
			List  []Inner           `json:"list"`
			Pairs map[string]string `json:"pairs"`
			Any   any               `json:"any"`
			Free  []string          `json:"free" text:"free"`
			N     int               `json:"n"`
		}
	}
	text := bad
	for want, change := range map[string]func(*in){
		"":              func(v *in) { v.Path, v.Body.Note, v.Body.Free = bad, "a\nb", []string{"c\nd"} },
		"name":          func(v *in) { v.Body.Name = "a\nb" },
		"note":          func(v *in) { v.Body.Note = bad },
		"text":          func(v *in) { v.Body.Text = &text },
		"list[1].name":  func(v *in) { v.Body.List = []Inner{{}, {Name: bad}} },
		"pairs.a":       func(v *in) { v.Body.Pairs = map[string]string{"a": bad} },
		"pairs":         func(v *in) { v.Body.Pairs = map[string]string{bad: "a"} },
		"any":           func(v *in) { v.Body.Any = bad },
		"any[0]":        func(v *in) { v.Body.Any = []any{bad} },
		"free[1]":       func(v *in) { v.Body.Free = []string{"", bad} },
		"name,note":     func(v *in) { v.Body.Note, v.Body.Name = bad, bad },
		"name: longest": func(v *in) { v.Body.Name = strings.Repeat("ä", mostText+1) },
	} {
		var v in
		change(&v)
		if got := wrongIn(checkTexts(&v)); got != want {
			t.Errorf("%s: %s", want, got)
		}
	}
	var v in
	if v.Body.Name = strings.Repeat("ä", mostText); checkTexts(&v) != nil {
		t.Error("a text of the greatest length is refused")
	}
}

// An upload is looked at field by field, and file name by file name.
func TestEveryTextOfAFormIsChecked(t *testing.T) {
	t.Parallel()
	const bad = "x\u202e"
	long := strings.Repeat("ä", mostFileName)
	for want, raw := range map[string]huma.MultipartFormFiles[struct{}]{
		"":              form(t, "a", "b", "file", "c.csv"),
		"a":             form(t, "a", bad, "file", "c.csv"),
		bad:             form(t, bad, "b", "file", "c.csv"),
		"file":          form(t, "a", "b", "file", bad),
		"file: longest": form(t, "a", "b", "file", long+"x"),
	} {
		v := struct {
			RawBody huma.MultipartFormFiles[struct{}]
		}{raw}
		if got := wrongIn(checkTexts(&v)); got != want {
			t.Errorf("%q: %q", want, got)
		}
	}
	v := struct {
		RawBody huma.MultipartFormFiles[struct{}]
	}{form(t, "a", "b", "file", long)}
	if err := checkTexts(&v); err != nil {
		t.Errorf("a name of the greatest length: %v", err)
	}
}

// wrongIn names the fields of a refusal.
func wrongIn(err error) string {
	if err == nil {
		return ""
	}
	f, is := errors.AsType[*fault.Error](err)
	if !is || f.Kind != fault.Invalid || f.Code != "input.invalid" {
		return fmt.Sprintf("%v", err)
	}
	var names []string
	for _, field := range f.Fields {
		name := field.Field
		if field.Code == "input.longest" {
			name += ": longest"
		}
		names = append(names, name)
	}
	if !slices.IsSorted(names) {
		return "not sorted"
	}
	return strings.Join(names, ",")
}

// A body is taken as it is, in UTF-8, or not at all.
func TestContentTypes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		contentType, encoding, kind string
		plain                       bool
	}{
		{"application/json", "", "application/json", true},
		{"Application/JSON; charset=UTF-8", "", "application/json", true},
		{"application/json; charset=utf-8", "", "application/json", true},
		{"application/json; charset=utf-16", "", "application/json", false},
		{"application/json; charset=", "", "", true}, // of no kind at all
		{"application/json", "gzip", "application/json", false},
		{"application/json", "identity", "application/json", false},
		{"multipart/form-data; boundary=x", "", "multipart/form-data", true},
		{"", "", "", true},
		{"application/json; charset", "", "", true},
		{"text/", "", "", true},
	} {
		kind, plain := contentOf(c.contentType, c.encoding)
		if kind != c.kind && c.kind != "" || plain != c.plain || c.kind == "" && kind == "application/json" {
			t.Errorf("%q %q: %q, %t", c.contentType, c.encoding, kind, plain)
		}
	}
}
