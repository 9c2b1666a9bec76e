package rest

import (
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// Needs are the fields that the body of a route must have, as its description says.
func (e *API) Needs(r Route) []string {
	spec := e.API.OpenAPI()
	op := OperationOf(spec.Paths[r.Path], r.Method)
	if op == nil || op.RequestBody == nil {
		return nil
	}
	for _, media := range op.RequestBody.Content {
		s := media.Schema
		if s != nil && s.Ref != "" {
			s = spec.Components.Schemas.SchemaFromRef(s.Ref)
		}
		if s != nil {
			return slices.Sorted(slices.Values(s.Required))
		}
	}
	return nil
}

// ListKey is where a schema says which closed list its values are of; GET /v1/labels has their names under it.
const ListKey = "x-list"

// OtherValues is the list of the values that are a closed list of the API only.
const OtherValues = "value"

// Enums are the values of all closed lists in the description, by the name of the list.
func (e *API) Enums() map[string][]string {
	out := make(map[string][]string)
	spec := e.API.OpenAPI()
	for _, s := range spec.Components.Schemas.Map() {
		enumsIn(out, s)
	}
	for _, item := range spec.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil {
				continue
			}
			for _, p := range op.Parameters {
				enumsIn(out, p.Schema)
			}
		}
	}
	return out
}

func enumsIn(out map[string][]string, s *huma.Schema) {
	if s == nil {
		return
	}
	list, _ := s.Extensions[ListKey].(string)
	if list == "" {
		list = OtherValues
	}
	for _, v := range s.Enum {
		if text, is := v.(string); is && text != "" && !slices.Contains(out[list], text) {
			out[list] = append(out[list], text)
		}
	}
	enumsIn(out, s.Items)
	for _, p := range s.Properties {
		enumsIn(out, p)
	}
	if more, is := s.AdditionalProperties.(*huma.Schema); is {
		enumsIn(out, more)
	}
}
