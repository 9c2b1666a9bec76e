package rest

import (
	"testing"

	"github.com/danielgtaylor/huma/v2"
)

// An example holds what must be sent, and is taken by the schema that it is an example of.
func TestAnExampleIsTaken(t *testing.T) {
	t.Parallel()
	least, longest := 7.0, 3
	inner := &huma.Schema{Type: huma.TypeObject, Required: []string{"nik", "count"}, Properties: map[string]*huma.Schema{
		"nik":   {Type: huma.TypeString, MinLength: new(16), MaxLength: new(16)},
		"count": {Type: huma.TypeInteger, Minimum: &least}, "left": {Type: huma.TypeBoolean}}}
	outer := &huma.Schema{Type: huma.TypeObject, Required: []string{"worker", "to", "items", "name"},
		Properties: map[string]*huma.Schema{"worker": inner, "to": Codes([]string{"open", "closed"}),
			"items": {Type: huma.TypeArray, Items: inner}, "name": {Type: huma.TypeString, MaxLength: &longest}}}
	for _, s := range []*huma.Schema{inner, outer, outer.Properties["items"], outer.Properties["to"]} {
		s.PrecomputeMessages()
	}
	r := newRegistry()
	got, _ := exampleOf(r, "", outer, 0).(map[string]any)
	if !fits(r, outer, got) || got["to"] != "open" || got["worker"].(map[string]any)["count"] != 7.0 ||
		got["name"] == examples["name"] {
		t.Errorf("got %v", got)
	}
	if _, optional := got["worker"].(map[string]any)["left"]; optional {
		t.Errorf("what may be left out is in %v", got)
	}
}
