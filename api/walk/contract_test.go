package walk_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
)

// schema is as much of the contract's schemas as a body needs.
type schema struct {
	Ref        string `json:"$ref"`
	Type       any
	Pattern    string
	Enum       []any
	Minimum    *float64
	Maximum    *float64
	Properties map[string]schema
	Required   []string
	Items      *schema
}

// id tells whether the values are ids.
func (s schema) id() bool { return strings.Contains(s.Pattern, "[0-9a-f]{8}-") }

// contract is what the running server says of itself.
type contract struct {
	Paths map[string]map[string]struct {
		RequestBody struct {
			Content map[string]struct{ Schema schema }
		}
	}
	Components struct{ Schemas map[string]schema }
}

func contractOf(t *testing.T, b *apitest.Bundle) (c contract) {
	t.Helper()
	b.Do(httptest.NewRequest(http.MethodGet, "/openapi.json", nil)).JSON(t, &c)
	return c
}

// body is the schema of what a route is sent as JSON.
func (c contract) body(r rest.Route) (s schema, has bool) {
	media, has := c.Paths[r.Path][strings.ToLower(r.Method)].RequestBody.Content["application/json"]
	return media.Schema, has
}

func (c contract) resolved(s schema) schema {
	if s.Ref == "" {
		return s
	}
	return c.Components.Schemas[s.Ref[strings.LastIndex(s.Ref, "/")+1:]]
}

// value makes a value that the contract allows.
func (w *walk) value(rt *rapid.T, name string, s schema) any {
	s = w.contract.resolved(s)
	if len(s.Enum) > 0 {
		return rapid.SampledFrom(s.Enum).Draw(rt, name)
	}
	kind := fmt.Sprint(s.Type)
	switch {
	case strings.Contains(kind, "string") && isDay(name):
		return w.day(rt)
	case s.id():
		return w.id(rt, name)
	case strings.HasPrefix(s.Pattern, "^[0-9]{4}-[0-9]{2}"):
		return rapid.SampledFrom([]string{"2025-01", "2026-09"}).Draw(rt, name)
	case strings.Contains(kind, "object"):
		return w.object(rt, s)
	case strings.Contains(kind, "array"):
		return []any{w.value(rt, name, *s.Items)}
	case strings.Contains(kind, "integer"), strings.Contains(kind, "number"):
		return number(rt, name, s)
	case strings.Contains(kind, "boolean"):
		return rapid.Bool().Draw(rt, name)
	}
	if known := w.words(name); len(known) > 0 {
		return rapid.SampledFrom(known).Draw(rt, name)
	}
	return rapid.SampledFrom([]string{"PT Satu", "PT Dua"}).Draw(rt, name)
}

// object has what is required and a few of the other properties, for most bodies with all of them are refused.
func (w *walk) object(rt *rapid.T, s schema) any {
	body := map[string]any{}
	for _, property := range slices.Sorted(maps.Keys(s.Properties)) {
		of := s.Properties[property]
		said := slices.Contains(s.Required, property) || rapid.IntRange(0, 2).Draw(rt, "say "+property) == 0
		if said && (!of.id() || slices.Contains(s.Required, property) || len(w.parts(property)) > 0) {
			body[property] = w.value(rt, property, of)
		}
	}
	delete(body, "$schema")
	return body
}

func number(rt *rapid.T, name string, s schema) int {
	least, most := 0, 100
	if s.Minimum != nil {
		least = int(*s.Minimum)
	}
	if s.Maximum != nil {
		most = int(min(*s.Maximum, 1e15))
	}
	return rapid.SampledFrom([]int{least, most, min(least+1, most), min(least+80, most)}).Draw(rt, name)
}

// isDay tells a day by its name: the contract has them as texts.
func isDay(name string) bool {
	return name == "on" || name == "birth_date" || strings.HasSuffix(name, "_on") || strings.HasSuffix(name, "_by") ||
		name == "valid_until" || name == "available_from"
}
