package rule

import (
	"errors"
	"fmt"
	"reflect"

	"gopkg.in/yaml.v3"
)

// Figure is one value of the law with its source. T is a scalar (int, bool, string, money.Rupiah, calendar.Date, Ratio,
// an enum with Valid) or a list of scalars. A switch (an open question with a stated default) is a Figure of an enum.
//
// In the file: `wage_cap: {value: 5000000, article: "Art. 21(3)", confidence: V+}`.
type Figure[T any] struct {
	Value T
	Source
}

// UnmarshalYAML reads one figure strictly: unknown and repeated keys and values that are not Valid are refused with a
// line.
func (f *Figure[T]) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind != yaml.MappingNode {
		return lineError(node, "a figure needs value, article and confidence")
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if seen[key.Value] {
			return lineError(key, "key "+key.Value+" stands twice")
		}
		seen[key.Value] = true
		if err := f.set(key, value); err != nil {
			return err
		}
	}
	if !seen["value"] {
		return lineError(node, "figure without value")
	}
	return nil
}

func (f *Figure[T]) set(key, value *yaml.Node) error {
	switch key.Value {
	case "value":
		return f.setValue(value)
	case "citation":
		return value.Decode(&f.Citation)
	case "article":
		return value.Decode(&f.Article)
	case "confidence":
		return value.Decode(&f.Confidence)
	case "reference":
		return value.Decode(&f.Reference)
	case "note":
		return value.Decode(&f.Note)
	}
	return lineError(key, "unknown key "+key.Value+" in a figure")
}

func (f *Figure[T]) setValue(value *yaml.Node) error {
	if value.Kind == yaml.ScalarNode && value.Value == "" { // an empty day would be no day
		return lineError(value, "figure without value")
	}
	if err := value.Decode(&f.Value); err != nil {
		if _, typed := errors.AsType[*yaml.TypeError](err); typed {
			return err
		}
		return lineError(value, err.Error())
	}
	if !valid(reflect.ValueOf(&f.Value).Elem()) {
		return lineError(value, "value "+value.Value+" is not allowed here")
	}
	return nil
}

// valid asks the value, or each element of a list, for its Valid.
func valid(v reflect.Value) bool {
	if enum, ok := v.Interface().(interface{ Valid() bool }); ok {
		return enum.Valid()
	}
	if v.Kind() == reflect.Slice {
		for i := range v.Len() {
			if !valid(v.Index(i)) {
				return false
			}
		}
	}
	return true
}

// lineError is a yaml.TypeError, so that the decoder goes on and gathers all of them.
func lineError(node *yaml.Node, text string) error {
	return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: %s", node.Line, text)}}
}
