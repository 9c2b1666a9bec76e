package assessment

import (
	"reflect"
	"slices"
	"strings"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Replacing warns that a version which an answer rests on is about to be replaced.
type Replacing struct {
	Version  string        `json:"version" doc:"Programme and parameter file"`
	LookedAt calendar.Date `json:"looked_at" doc:"Day on which that was seen"`
	Note     string        `json:"note" doc:"In the language of the answer"`
}

// Marks are the versions that are about to be replaced, and where every file of the law is cited. Whatever an answer
// says rests on a version that it names, or on a place that a file cites: so no part of an answer can forget a mark.
type Marks struct {
	replaced map[string]rule.Replacement // by programme/id
	files    map[string][]string         // the programme/id of those that have an id
	citing   map[string][]string         // the programme/id of those that cite a place
}

// Add takes a parameter file in; data is its text.
func (m *Marks) Add(head rule.Version, data []byte) error {
	places, err := rule.Cited(data)
	if err != nil {
		return err
	}
	if m.files == nil {
		*m = Marks{map[string]rule.Replacement{}, map[string][]string{}, map[string][]string{}}
	}
	name := head.Programme + "/" + head.ID
	m.files[head.ID] = append(m.files[head.ID], name)
	for _, place := range places {
		m.citing[place] = append(m.citing[place], name)
	}
	if head.UnderReplacement != nil {
		m.replaced[name] = *head.UnderReplacement
	}
	return nil
}

// Of lists the marks of everything that an answer rests on, in the order of the versions.
func (m *Marks) Of(answer any, l rule.Language) []Replacing {
	if len(m.replaced) == 0 {
		return nil
	}
	found := map[string]bool{}
	m.walk(reflect.ValueOf(answer), nil, found)
	var list []Replacing
	for name := range found {
		if r, marked := m.replaced[name]; marked {
			list = append(list, Replacing{name, r.LookedAt, r.Note.In(l)})
		}
	}
	slices.SortFunc(list, func(a, b Replacing) int { return strings.Compare(a.Version, b.Version) })
	return list
}

// walk gathers the files behind a value; under are those that the version around it may mean.
func (m *Marks) walk(v reflect.Value, under []string, found map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			m.walk(v.Elem(), under, found)
		}
	case reflect.Slice:
		for i := range v.Len() {
			m.walk(v.Index(i), under, found)
		}
	case reflect.Struct:
		m.walkStruct(v, under, found)
	default:
	}
}

func (m *Marks) walkStruct(v reflect.Value, under []string, found map[string]bool) {
	if own := v.FieldByName("Version"); own.IsValid() && own.Kind() == reflect.String && own.Len() > 0 {
		under = m.files[own.String()]
		if programme := v.FieldByName("Programme"); programme.IsValid() {
			under = []string{programme.String() + "/" + own.String()}
		}
		for _, name := range under {
			found[name] = true
		}
	}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		switch {
		case !field.IsExported():
		case field.Type.Kind() == reflect.String && strings.HasSuffix(field.Name, "Article"):
			for place := range strings.SplitSeq(v.Field(i).String(), "; ") {
				m.cites(place, under, found)
			}
		default:
			m.walk(v.Field(i), under, found)
		}
	}
}

// cites notes the files that a place may come from: the version around it, where that cites the place.
func (m *Marks) cites(place string, under []string, found map[string]bool) {
	files := m.citing[place]
	if slices.ContainsFunc(files, func(name string) bool { return slices.Contains(under, name) }) {
		return // it was noted with its version
	}
	for _, name := range files {
		found[name] = true
	}
}

// Ask asks the rules about one worker; the answer repeats what the versions it rests on say of their successors, and
// says who has the facts that are missing.
func Ask(f Facts, p *Programmes, l rule.Language, today calendar.Date) (Answer, error) {
	a, err := f.Assess(p, l, today)
	if err == nil {
		a.UnderReplacement, a.ToAsk = p.Marks.Of(a, l), p.ask(a, l)
	}
	return a, err
}
