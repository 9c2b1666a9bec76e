package console

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tanggap/tanggap/api/rest"
)

// field is one field of a form.
type field struct {
	Name, Label, Hint, Help, Value, Was, Error, Kind string
	Required, Clear, Cleared                         bool
	Options                                          []option
	Group                                            string // heading above the first field of a part
	schema                                           *huma.Schema
	place                                            bool // holds the code of a region, which people may name instead
}

// ID is the field's id on the page; errors link to it.
func (f field) ID() string {
	return "f-" + strings.NewReplacer(".", "-", "[", "-", "]", "").Replace(f.Name)
}

// Described are the ids of what is said beside the field, for those who hear the page.
func (f field) Described() string {
	var ids []string
	for id, text := range map[string]string{"-e": f.Error, "-h": f.Hint, "-l": f.Help} {
		if text != "" {
			ids = append(ids, f.ID()+id)
		}
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

type option struct {
	Value, Label string
	On           bool
}

// Kinds of fields.
const (
	line, long, date, number, amount, choice, many, lines, upload, named, hidden = "line", "long", "date", "number",
		"amount", "choice", "many", "lines", "upload", "named", "hidden"
)

// rowsOfGroup is how many objects of a list a form has place for.
const rowsOfGroup = 5

// fieldsOf are the fields of an operation's body, in the order in which the API declares them.
func (v *visit) fieldsOf(r rest.Route, s *huma.Schema, prefix string) []field {
	if s == nil {
		return nil
	}
	names := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		if name != "again" && name != "id" { // a second one is asked about, and ids are made
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if req := required(s, b) - required(s, a); req != 0 {
			return req
		}
		return v.Edge.Place(r.ID, a) - v.Edge.Place(r.ID, b)
	})
	var out []field
	for _, name := range names {
		of := v.Edge.Resolve(s.Properties[name])
		path := name
		if prefix != "" {
			path = prefix + "." + name
		}
		out = append(out, v.fieldOf(r, of, path, name, slices.Contains(s.Required, name))...)
	}
	return out
}

func required(s *huma.Schema, name string) int {
	if slices.Contains(s.Required, name) {
		return 1
	}
	return 0
}

func (v *visit) fieldOf(r rest.Route, s *huma.Schema, path, name string, needed bool) []field {
	f := field{Name: path, Label: v.Label(name), Required: needed, Clear: s.Nullable, schema: s}
	f.Hint, f.Help = v.hint(s), v.helpOf(r.ID, name)
	switch {
	case len(s.Enum) > 0:
		f.Kind = choice
		f.Options = v.options(name, s)
	case s.Type == huma.TypeBoolean:
		f.Kind = choice
		f.Options = []option{{Value: "true", Label: v.T("fact.yes")}, {Value: "false", Label: v.T("fact.no")}}
	case s.Type == huma.TypeInteger && slices.Contains(rupiah, name):
		f.Kind, f.Hint = amount, v.T("console.hint_rupiah")
	case s.Type == huma.TypeInteger:
		f.Kind = number
	case s.Format == "date" || s.Type == huma.TypeString && strings.HasSuffix(name, "_on"): // of an upload all are texts
		f.Kind, f.Hint = date, v.T("console.hint_date")
	case s.Format == "binary":
		f.Kind, f.Hint = upload, v.T(map[bool]string{true: "console.hint_list", false: "console.hint_scan"}[r.ID ==
			"intake-create"])
	case s.Type == huma.TypeObject:
		return v.groupOf(f, v.fieldsOf(r, s, path))
	case s.Type == huma.TypeArray:
		return v.arrayOf(r, f, s, path)
	case s.Type != huma.TypeString:
		return nil
	case slices.Contains(carriedOn, name) && r.ID != "case-merge":
		f.Kind = hidden
	case v.isPlace(r, name):
		v.placeField(&f, r, name)
	case s.MaxLength != nil && *s.MaxLength > 300 || s.MaxLength == nil && name == "text":
		f.Kind = long
	default:
		f.Kind = line
	}
	return []field{f}
}

// carriedOn are the ids that people do not type: a page that knows one hands it on to the form in its address.
var carriedOn = []string{"sample", "case"}

// isPlace tells whether a field takes a region, which people may name instead.
func (v *visit) isPlace(r rest.Route, name string) bool {
	return slices.Contains(places, name) || name == "to" && strings.HasPrefix(r.ID, "case-refer")
}

func (v *visit) groupOf(f field, inside []field) []field {
	if len(inside) > 0 {
		inside[0].Group = f.Label
	}
	if !f.Required { // of a part that may be left out nothing is needed before something is said
		for i := range inside {
			inside[i].Required = false
		}
	}
	return inside
}

func (v *visit) arrayOf(r rest.Route, f field, s *huma.Schema, path string) []field {
	item := v.Edge.Resolve(s.Items)
	switch {
	case item == nil:
		return nil
	case len(item.Enum) > 0:
		f.Kind, f.Options = many, v.options(f.Name, item)
		return []field{f}
	case item.Type == huma.TypeObject:
		var all []field
		for i := range rowsOfGroup {
			one := v.groupOf(field{Label: f.Label + " " + strconv.Itoa(i+1), Required: f.Required && i == 0},
				v.fieldsOf(r, item, path+"["+strconv.Itoa(i)+"]"))
			all = append(all, one...)
		}
		return all
	}
	f.Kind, f.Hint = lines, v.T("console.hint_lines")
	return []field{f}
}

func (v *visit) options(name string, s *huma.Schema) []option {
	var out []option
	for _, one := range s.Enum {
		if value := text(one); value != "" {
			out = append(out, option{Value: value, Label: v.word(name, s, value)})
		}
	}
	return out
}

// hint says what a field may hold at most, where people could go beyond it.
func (v *visit) hint(s *huma.Schema) string {
	if s.Type == huma.TypeInteger && s.Minimum != nil && s.Maximum != nil {
		return v.number(strconv.Itoa(int(*s.Minimum))) + "–" + v.number(strconv.Itoa(int(*s.Maximum)))
	}
	return ""
}

// take puts what was typed into the fields, and what is wrong with it.
func take(fields []field, typed url.Values, wrong []rest.Detail) (loose []rest.Detail) {
	for i := range fields {
		f := &fields[i]
		if values, sent := typed[f.Name]; sent {
			f.Value = strings.Join(values, "\n")
			for j := range f.Options {
				f.Options[j].On = slices.Contains(values, f.Options[j].Value)
			}
		}
		f.Cleared = typed.Get(f.Name+"~") != ""
	}
	for _, w := range wrong {
		at := slices.IndexFunc(fields, func(f field) bool {
			return f.Name == w.Field || strings.HasPrefix(f.Name, w.Field+"[") || strings.HasPrefix(f.Name, w.Field+".") ||
				strings.HasPrefix(w.Field, f.Name+"[")
		})
		if at < 0 {
			loose = append(loose, w)
		} else if fields[at].Error == "" {
			fields[at].Error = w.Detail
		}
	}
	return loose
}

// bodyOf makes of what was typed the body that the operation takes: nothing of a field left empty, and of a correction
// only what differs from what is on file.
func (v *visit) bodyOf(fields []field, typed url.Values) map[string]any {
	body := map[string]any{}
	for _, f := range fields {
		values := typed[f.Name]
		value := strings.TrimSpace(strings.Join(values, "\n"))
		switch {
		case f.Clear && typed.Get(f.Name+"~") != "":
			set(body, f.Name, nil)
		case value == "" || f.Kind == upload || f.Clear && value == typed.Get("was."+f.Name):
		default:
			set(body, f.Name, v.sent(f, value, values))
		}
	}
	return body
}

// sent is a value as the API takes it; what cannot be read goes as it was typed, for the API to say what is wrong.
func (v *visit) sent(f field, value string, values []string) any {
	if f.place {
		return v.placeOf(value)
	}
	switch f.Kind {
	case date:
		return v.parseDay(value)
	case number, amount:
		plain := strings.NewReplacer("Rp", "", "rp", "", ".", "", ",", "", " ", "").Replace(value)
		if _, err := strconv.ParseInt(plain, 10, 64); err == nil {
			return json.Number(plain)
		}
		return value
	case many:
		return values
	case lines:
		return strings.FieldsFunc(value, func(r rune) bool { return r == '\n' || r == '\r' || r == ',' })
	case choice:
		if f.schema.Type == huma.TypeBoolean {
			return value == "true"
		}
	case long:
		return strings.ReplaceAll(value, "\r\n", "\n")
	}
	return value
}

// set puts a value at a path: worker.name, days[2].on.
func set(body map[string]any, path string, value any) {
	name, rest, deeper := strings.Cut(path, ".")
	base, index, listed := strings.Cut(name, "[")
	if !listed {
		if !deeper {
			body[name] = value
			return
		}
		part, is := body[name].(map[string]any)
		if !is {
			part = map[string]any{}
			body[name] = part
		}
		set(part, rest, value)
		return
	}
	_ = index // empty rows between full ones close up
	list, _ := body[base].([]any)
	key := "\x00" + name
	at, known := body[key].(int)
	if !known {
		at = len(list)
		list = append(list, map[string]any{})
		body[base], body[key] = list, at
	}
	if object, is := list[at].(map[string]any); is {
		set(object, rest, value)
	}
}

// clean takes out what set remembered of the rows of lists.
func clean(body map[string]any) map[string]any {
	for name, value := range body {
		if strings.HasPrefix(name, "\x00") {
			delete(body, name)
			continue
		}
		if part, is := value.(map[string]any); is {
			clean(part)
		}
	}
	return body
}
