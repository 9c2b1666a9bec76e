package casework

import (
	"reflect"
	"testing"
)

// Texts are kept in one form, whoever typed them.
func TestNamesAreBroughtToOneForm(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": "", "  Siti \t Aminah\n": "Siti Aminah", "Siti": "Siti",
		"e\u0301": "\u00e9",
		"123":     "", " - ": ""} {
		p := Person{Name: text, Position: text}
		if p.tidy(); p.Name != want {
			t.Errorf("%q is kept as %q", text, p.Name)
		}
	}
	p := Person{Position: " 2 \u200b x ", Employer: "PT  Satu"}
	if p.tidy(); p.Position != "2 x" || p.Employer != "PT Satu" {
		t.Errorf("kept %q, %q", p.Position, p.Employer)
	}
}

// Each field of a person is a fact that a correction compares.
func TestEveryFieldOfAPersonIsAFact(t *testing.T) {
	t.Parallel()
	n := reflect.TypeFor[Person]().NumField() - 1 + reflect.TypeFor[Employment]().NumField()
	if facts := len((&Person{}).facts()); n != facts {
		t.Errorf("%d fields, %d facts", n, facts)
	}
}
