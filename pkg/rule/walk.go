package rule

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// walker goes through a decoded file beside its YAML tree: it finds figures that are missing, empty or out of bounds
// and incomplete sources, gives each its line, and fills in the citation of the file where a figure has none.
//
// The type of the file says what is asked: a plain field has to stand in the file; a pointer and an omitempty map or
// list may be absent when the `without` beside it names them; `between:"1..63"` bounds numbers; a map that is keyed on
// a closed list, and rows that are named by one (`each:"fact"`), have every value of it.
type walker struct {
	root     *yaml.Node
	citation string
	problems []Problem
}

func (w *walker) walkFile(file any) { w.walk(reflect.ValueOf(file).Elem(), "", "") }

// walk looks at a value; tag is that of the field it stands in.
func (w *walker) walk(v reflect.Value, key string, tag reflect.StructTag) {
	switch v.Kind() {
	case reflect.Struct:
		w.walkStruct(v, key, tag)
	case reflect.Pointer:
		if !v.IsNil() {
			w.walk(v.Elem(), key, tag)
		}
	case reflect.Slice:
		w.walkList(v, key, tag)
	case reflect.Map:
		for _, k := range sortedKeys(v) {
			item := reflect.New(v.Type().Elem()).Elem() // a map's values cannot be changed in place
			item.Set(v.MapIndex(k))
			w.walk(item, join(key, k.String()), tag)
			v.SetMapIndex(k, item)
		}
	case reflect.Int, reflect.Int64:
		w.number(v, key, tag)
	case reflect.String:
		w.text(v, key)
	default:
	}
}

func (w *walker) walkList(v reflect.Value, key string, tag reflect.StructTag) {
	if v.Len() == 0 && w.find(key) != nil {
		w.add(key, "is empty")
	}
	for i := range v.Len() {
		w.walk(v.Index(i), join(key, strconv.Itoa(i)), tag)
	}
}

func (w *walker) walkStruct(v reflect.Value, key string, tag reflect.StructTag) {
	switch special := v.Addr().Interface().(type) {
	case *Source:
		w.source(special, key)
		return
	case *Ratio:
		w.bounds(*special, key, tag)
		return
	}
	without := newWithout(v)
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() || field.Type == reflect.TypeFor[Version]() || field.Type == reflect.TypeFor[Optional]() {
			continue
		}
		at, inner := join(key, yamlName(field)), field.Tag
		if yamlName(field) == "" { // of a Figure, or a source in a row
			at, inner = key, tag
			if field.Name == "Value" {
				at = join(key, "value")
			}
		}
		if w.stands(field, at, without) {
			w.complete(v.Field(i), at, field, without)
			w.walk(v.Field(i), at, inner)
		}
	}
	for _, name := range without.unused() {
		w.add(join(key, "without"), name+" is nothing that may be absent here")
	}
}

// stands reports whether the field is in the file, and complains when it should be and is not.
func (w *walker) stands(f reflect.StructField, at string, without *without) bool {
	stands := w.find(at) != nil
	switch {
	case optional(f):
		w.absence(at, stands, without.names(yamlName(f)))
		return stands
	case required(f) && !stands:
		w.add(at, "missing")
		return false
	}
	return true
}

// complete holds the keys of a map, or the names of rows, against their closed list.
func (w *walker) complete(v reflect.Value, at string, f reflect.StructField, without *without) {
	names, values := namesOf(v, f.Tag.Get("each"))
	if values == nil {
		return
	}
	for i, name := range names {
		place := join(at, name)
		if v.Kind() == reflect.Slice {
			place = join(at, strconv.Itoa(i))
		}
		if !slices.Contains(values, name) {
			w.add(place, name+" is unknown, want one of "+strings.Join(values, ", "))
		}
		if slices.Contains(names[:i], name) {
			w.add(place, name+" stands twice")
		}
	}
	for _, value := range values {
		w.absence(join(at, value), slices.Contains(names, value), without.names(join(yamlName(f), value)))
	}
}

// absence complains of what is absent and not named so, and of what is named so and stands in the file.
func (w *walker) absence(key string, stands, named bool) {
	if stands && named {
		w.add(key, "stands here although without names it")
	}
	if !stands && !named {
		w.add(key, "missing: state it, or name it under without")
	}
}

// text refuses an empty text and one outside its closed list.
func (w *walker) text(v reflect.Value, key string) {
	switch {
	case v.Len() == 0:
		w.add(key, "is empty")
	case !valid(v):
		w.add(key, "value "+v.String()+" is not allowed here")
	}
}

func (w *walker) number(v reflect.Value, key string, tag reflect.StructTag) {
	// The decoder cuts 0.5 to 0 without a word.
	if node := w.find(key); node != nil && node.ShortTag() == "!!float" {
		w.add(key, "is not a whole number")
		return
	}
	w.bounds(Ratio{v.Int(), 1}, key, tag)
}

// bounds holds a number against the bounds that its field states, both included.
func (w *walker) bounds(r Ratio, key string, tag reflect.StructTag) {
	low, high, ok := strings.Cut(tag.Get("between"), "..")
	least, errLow := ParseRatio(low)
	most, errHigh := ParseRatio(high)
	switch {
	case !ok || errLow != nil || errHigh != nil:
		w.add(key, "has no bounds in the type that reads it")
	case r.Compare(least) < 0 || r.Compare(most) > 0:
		w.add(key, "is not between "+low+" and "+high)
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
	if day := w.find("in_force.value"); day != nil && day.Value != v.ValidFrom.String() {
		w.add("in_force", fmt.Sprintf("is not %s, the day of valid_from", v.ValidFrom))
	}
	if r := v.UnderReplacement; r != nil && (r.LookedAt.IsZero() || r.Note.ID == "" || r.Note.EN == "") {
		w.add("under_replacement", "needs the day it was looked_at, and a note in id and en")
	}
	if code := v.Texts.lacking(); code != "" {
		w.add("texts", "text "+code+" is not in both languages")
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

func join(key, name string) string {
	if key == "" || name == "" {
		return key + name
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
