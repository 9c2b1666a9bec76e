package api_test

import (
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/tanggap/tanggap/pkg/wording"
)

// property is a property of a type, or a parameter, which has none.
type property struct{ of, name string }

// properties are those of the description with what it says of each.
func properties(t *testing.T) map[property]string {
	t.Helper()
	var spec struct {
		Paths map[string]map[string]struct {
			Parameters []struct{ Name, Description string }
		}
		Components struct{ Schemas map[string]yaml.Node }
	}
	if err := yaml.Unmarshal(fetch(t, "/openapi.yaml"), &spec); err != nil {
		t.Fatal(err)
	}
	said := map[property]string{}
	for _, item := range spec.Paths {
		for _, op := range item {
			for _, p := range op.Parameters {
				said[property{name: p.Name}] = p.Description
			}
		}
	}
	for of, node := range spec.Components.Schemas {
		readProperties(t, said, of, node)
	}
	return said
}

func readProperties(t *testing.T, said map[property]string, of string, node yaml.Node) {
	t.Helper()
	var s struct {
		Properties map[string]yaml.Node
		Items      yaml.Node
	}
	if err := node.Decode(&s); err != nil {
		t.Fatal(err)
	}
	for name, node := range s.Properties {
		var p struct{ Description string }
		if err := node.Decode(&p); err != nil {
			t.Fatal(err)
		}
		said[property{of, name}] = p.Description
		readProperties(t, said, of, node)
	}
	if s.Items.Kind != 0 {
		readProperties(t, said, of, s.Items)
	}
}

// Every property and every parameter says what it is, and what is said of one is said of one that is there.
func TestEveryPropertyIsDescribed(t *testing.T) {
	t.Parallel()
	all, worded := properties(t), map[string]bool{}
	for p, text := range all {
		worded["property."+p.name], worded["property."+p.of+"."+p.name] = true, true
		if text == "" {
			t.Errorf("%v: say what it is, by a doc tag or in policies/texts/properties.yaml", p)
		}
	}
	if len(all) < 1500 {
		t.Errorf("only %d properties were looked at", len(all))
	}
	for _, code := range wording.Codes() {
		if strings.HasPrefix(code, "property.") && !worded[code] {
			t.Errorf("%s: there is no such property", code)
		}
	}
}

// The page says in the language of its reader what a property is; and what only pages say is no code of a refusal.
func TestThePageSaysWhatAPropertyIs(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{"/docs": "Lembaga pelatihan", "/docs?lang=en": "Who gives the training"} {
		page, part := shown(t, path, "class-create")
		if !strings.Contains(part, want) {
			t.Errorf("%s does not say %q: %s", path, want, part)
		}
		for _, code := range []string{"field.active", "property.items", "cli.row", "do.case-note"} {
			if strings.Contains(page, "<dt><code>"+code+"</code>") {
				t.Errorf("%s shows %s as the code of a problem", path, code)
			}
		}
	}
}
