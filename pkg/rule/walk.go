package rule

import (
	"reflect"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// walker goes through a decoded file beside its YAML tree: it finds missing figures and incomplete sources, gives them a
// line, and fills in the citation of the file where a figure has none.
type walker struct {
	root     *yaml.Node
	citation string
	problems []Problem
}

func (w *walker) walkFile(file any) { w.walk(reflect.ValueOf(file).Elem(), "") }

func (w *walker) walk(v reflect.Value, key string) {
	switch v.Kind() {
	case reflect.Struct:
		w.walkStruct(v, key)
	case reflect.Pointer:
		if !v.IsNil() {
			w.walk(v.Elem(), key)
		}
	case reflect.Slice:
		for i := range v.Len() {
			w.walk(v.Index(i), join(key, strconv.Itoa(i)))
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			item := reflect.New(v.Type().Elem()).Elem() // a map's values cannot be changed in place
			item.Set(v.MapIndex(k))
			w.walk(item, join(key, k.String()))
			v.SetMapIndex(k, item)
		}
	case reflect.Int, reflect.Int64:
		// The decoder cuts 0.5 to 0 without a word.
		if node := w.find(key); node != nil && node.ShortTag() == "!!float" {
			w.add(key, "is not a whole number")
		}
	default:
	}
}

func (w *walker) walkStruct(v reflect.Value, key string) {
	if source, ok := v.Addr().Interface().(*Source); ok {
		w.source(source, key)
		return
	}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() || field.Type == reflect.TypeFor[Version]() {
			continue
		}
		at := key
		if name := yamlName(field); name != "" {
			at = join(key, name)
		} else if field.Name == "Value" { // of a Figure
			at = join(key, "value")
		}
		if required(field) && w.find(at) == nil {
			w.add(at, "missing")
			continue
		}
		w.walk(v.Field(i), at)
	}
}

func (w *walker) source(s *Source, key string) {
	if s.Citation == "" {
		s.Citation = w.citation
	}
	if s.Article == "" {
		w.add(key, "no article")
	}
	if !s.Confidence.Valid() {
		w.add(key, "confidence is not one of V+ V v U D open")
	}
	if s.Confidence == ConfidenceOpen && s.Note == "" {
		w.add(key, "an open question needs a note that states the default's reason")
	}
}

func (w *walker) head(v Version) {
	for _, f := range []struct{ key, value string }{
		{"programme", v.Programme}, {"kind", v.Kind}, {"id", v.ID}, {"title", v.Title}, {"citation", v.Citation},
	} {
		if f.value == "" {
			w.add(f.key, "missing")
		}
	}
	if v.ValidFrom.IsZero() {
		w.add("valid_from", "missing")
	}
	if !v.ValidUntil.IsZero() && !v.ValidFrom.Before(v.ValidUntil) {
		w.add("valid_until", "is not after valid_from")
	}
}

func (w *walker) add(key, text string) {
	node := w.find(key)
	for up := key; node == nil && up != ""; {
		up, _ = cutLast(up)
		node = w.find(up)
	}
	line := 1
	if node != nil && node.Line > 0 {
		line = node.Line
	}
	w.problems = append(w.problems, Problem{Line: line, Key: key, Text: text})
}

// find returns the node at a dotted key ("cash.rates.0"); nil when it is absent.
func (w *walker) find(key string) *yaml.Node {
	node := w.root
	if node.Kind == yaml.DocumentNode && len(node.Content) > 0 {
		node = node.Content[0]
	}
	for step := range strings.SplitSeq(key, ".") {
		if step == "" {
			continue
		}
		if node = child(node, step); node == nil {
			return nil
		}
	}
	return node
}

func child(node *yaml.Node, step string) *yaml.Node {
	if node.Kind == yaml.SequenceNode {
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(node.Content) {
			return node.Content[i]
		}
		return nil
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == step {
			return node.Content[i+1]
		}
	}
	return nil
}

// required: a plain field has to stand in the file; a pointer or an omitempty field may be absent.
func required(f reflect.StructField) bool {
	tag := f.Tag.Get("yaml")
	return f.Type.Kind() != reflect.Pointer && tag != "" && !strings.Contains(tag, "inline") && !strings.Contains(tag, "omitempty")
}

func yamlName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return name
}

func join(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}

func cutLast(key string) (before, last string) {
	i := strings.LastIndexByte(key, '.')
	if i < 0 {
		return "", key
	}
	return key[:i], key[i+1:]
}
