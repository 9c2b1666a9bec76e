package console

import (
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// blocks tells an answer of the API object by object: what it holds itself, then every object of its lists, and theirs.
func (v *visit) blocks(s *huma.Schema, object map[string]any, title string) []block {
	var out []block
	var own []fact
	for _, name := range ordered(object) {
		of := v.property(s, name)
		switch value := object[name].(type) {
		case map[string]any:
			own = append(own, v.facts(of, value)...)
		case []any:
			if text := v.Value(name, of, value); text != "" && !v.isSilent(name) {
				own = append(own, fact{v.Label(name), text})
				continue
			}
			for _, one := range objects(value) {
				var item *huma.Schema
				if of != nil {
					item = v.Edge.Resolve(of.Items)
				}
				out = append(out, v.blocks(item, one, v.titleOf(name))...)
			}
		default:
			if text := v.Value(name, of, value); text != "" && !v.isSilent(name) {
				own = append(own, fact{v.Label(name), text})
			}
		}
	}
	if len(own) > 0 {
		out = slices.Insert(out, 0, block{Title: title, Facts: own})
	}
	return out
}

func (v *visit) titleOf(list string) string {
	if list == "items" {
		return ""
	}
	return v.Label(list)
}
