package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
)

// schema is as much of the contract's schemas as the walks need.
type schema struct {
	Ref        string            `json:"$ref"`
	Type       any               `json:"type"`
	Format     string            `json:"format"`
	Pattern    string            `json:"pattern"`
	Enum       []any             `json:"enum"`
	MinLength  *int              `json:"minLength"`
	MaxLength  *int              `json:"maxLength"`
	MinItems   *int              `json:"minItems"`
	Minimum    *float64          `json:"minimum"`
	Maximum    *float64          `json:"maximum"`
	Properties map[string]schema `json:"properties"`
	Required   []string          `json:"required"`
	Items      *schema           `json:"items"`
}

func (s schema) text() bool { return s.Type == "string" }

// id tells whether the values are ids.
func (s schema) id() bool { return strings.Contains(s.Pattern, "[0-9a-f]{8}-") }

// contractParam is a declared parameter of a route.
type contractParam struct {
	Name     string
	In       string
	Required bool
	Schema   schema
}

type operation struct {
	Parameters  []contractParam
	RequestBody struct {
		Content map[string]struct{ Schema schema }
	}
}

// contract is what the running server says of itself.
type contract struct {
	Paths      map[string]map[string]operation
	Components struct{ Schemas map[string]schema }
}

func contractOf(t *testing.T, b *apitest.Bundle) (c contract) {
	t.Helper()
	b.Do(httptest.NewRequest(http.MethodGet, "/openapi.json", nil)).JSON(t, &c)
	return c
}

func (c contract) operation(r rest.Route) operation {
	return c.Paths[r.Path][strings.ToLower(r.Method)]
}

// body is the schema of what a route is sent, and its media type.
func (c contract) body(r rest.Route) (s schema, kind string) {
	for kind, media := range c.operation(r).RequestBody.Content {
		return c.resolved(media.Schema), kind
	}
	return schema{}, ""
}

func (c contract) resolved(s schema) schema {
	if s.Ref == "" {
		return s
	}
	return c.Components.Schemas[s.Ref[strings.LastIndex(s.Ref, "/")+1:]]
}

// query are the parameters of the query of a route by their names.
func (c contract) query(r rest.Route) map[string]schema {
	params := map[string]schema{}
	for _, p := range c.operation(r).Parameters {
		if p.In == "query" {
			params[p.Name] = p.Schema
		}
	}
	return params
}

// rows are what an answer lists, each as its text; and the numbers that it gives beside them.
func rows(t *testing.T, a apitest.Answer) (items map[string]int, numbers map[string]float64) {
	t.Helper()
	items, numbers = map[string]int{}, map[string]float64{}
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/csv") { // each line of a table after its head is one
		for _, line := range strings.Split(strings.TrimSpace(string(a.Body)), "\n")[1:] {
			items[line]++
		}
		return items, numbers
	}
	var body map[string]json.RawMessage
	if json.Unmarshal(a.Body, &body) != nil {
		items[string(a.Body)]++ // a table or a picture is one item
		return items, numbers
	}
	for name, value := range body {
		var list []json.RawMessage
		var n float64
		switch {
		case json.Unmarshal(value, &list) == nil:
			for _, item := range list {
				items[string(item)]++
			}
		case json.Unmarshal(value, &n) == nil && name != "age_seconds":
			numbers[name] = n
		}
	}
	return items, numbers
}
