package api_test

import (
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/tanggap/tanggap/api/rest"
)

// form is what the description of the API says of a body, as far as an example of it needs it.
type form struct {
	Ref        string `yaml:"$ref"`
	Type       any    `yaml:"type"`
	Format     string `yaml:"format"`
	Pattern    string `yaml:"x-pattern-description"`
	Enum       []any  `yaml:"enum"`
	Minimum    int    `yaml:"minimum"`
	MinLength  int    `yaml:"minLength"`
	Required   []string
	Properties map[string]form
	Items      *form
}

type description struct {
	Paths map[string]map[string]struct {
		RequestBody struct {
			Content map[string]struct{ Schema form }
		} `yaml:"requestBody"`
	}
	Components struct{ Schemas map[string]form }
}

var specification = sync.OnceValues(func() (d description, err error) {
	text, err := os.ReadFile("openapi.yaml")
	if err == nil {
		err = yaml.Unmarshal(text, &d)
	}
	return d, err
})

// example is the least that a schema takes.
func (d description) example(name string, s form) any {
	if s.Ref != "" {
		s = d.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
	}
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case name == "on" || strings.HasSuffix(name, "_on"):
		return "2026-11-01"
	case s.Format == "uuid" || s.Pattern == "uuid":
		return somePart
	case s.Properties != nil:
		body := map[string]any{}
		for _, name := range s.Required {
			body[name] = d.example(name, s.Properties[name])
		}
		return body
	case s.Items != nil:
		return []any{d.example(name, *s.Items)}
	case s.Type == "boolean":
		return true
	case s.Type == "integer":
		return max(s.Minimum, 1)
	}
	return strings.Repeat("x", max(s.MinLength, 1))
}

// probeOf is the probe of a route: what probes says of it, or for a route of a case the strictest one, which sends the
// least that the contract takes. What else shows something of offices has to be declared.
func probeOf(t *testing.T, r rest.Route) probe {
	t.Helper()
	if p, declared := probes[r.ID]; declared {
		return p
	}
	if !strings.HasPrefix(r.Path, "/v1/cases/{id}/") {
		t.Fatalf("%s %s (%s) has no entry among the probes: say what it shows of other offices", r.Method, r.Path, r.ID)
	}
	d, err := specification()
	if err != nil {
		t.Fatal(err)
	}
	body, has := d.Paths[r.Path][strings.ToLower(r.Method)].RequestBody.Content["application/json"]
	if !has {
		return probe{}
	}
	return probe{body: d.example("", body.Schema)}
}

// somePart is an id that no part has.
const somePart = "0190a7b0-1111-7222-8333-444455556666"

var placeInPath = regexp.MustCompile(`\{[a-z_]+\}`)

// An example holds what is required, in the form that is required.
func TestExamplesOfBodiesAreTaken(t *testing.T) {
	t.Parallel()
	d, err := specification()
	if err != nil {
		t.Fatal(err)
	}
	body := d.Paths["/v1/cases/{id}/placements"]["post"].RequestBody.Content["application/json"].Schema
	got, _ := d.example("", body).(map[string]any)
	if len(got) != 1 || got["started_on"] != "2026-11-01" {
		t.Errorf("a placement is %v", got)
	}
}
