package rest

import (
	"github.com/danielgtaylor/huma/v2"

	"github.com/tanggap/tanggap/pkg/wording"
)

// WordsOf says what a property of a type is, or a parameter where the type is empty: what is said of it in this type,
// or of all that are called so, or what people call the field. A test names what has no words at all.
func WordsOf(lang, of, name string) string {
	for _, code := range []string{"property." + of + "." + name, "property." + name, "fact." + name, "field." + name} {
		if text, known := wording.Text(lang, code); known {
			return text
		}
	}
	return ""
}

// word describes the properties of a type that have no words of their own in the code.
func word(of string, s *huma.Schema) {
	if s == nil {
		return
	}
	for name, p := range s.Properties {
		if p.Description == "" {
			p.Description = WordsOf("en", of, name)
		}
		word(of, p)
	}
	word(of, s.Items)
}
