package console

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// table is a list as a page shows it.
type table struct {
	Heads []string
	Rows  []row
	Next  string // address of the page after
	Empty string
}

type row struct {
	Link  string
	Pick  string // what ticking it chooses
	Cells []cell
}

type cell struct {
	Text, Link string
	Label      string // its head, for narrow screens
	Over       bool
	Number     bool
}

// silent are fields that say nothing to people.
var silent = []string{"version", "hash", "cursor", "next_cursor", "seq", "payload", "token", "sha256", "layoff",
	"worker_id", "of", "request", "digest", "id"}

// isSilent tells whether a field says nothing to people, or has no name for them.
func (v *visit) isSilent(name string) bool {
	return slices.Contains(silent, name) || v.Label(name) == ""
}

// itemOf is the schema of the items of a list.
func (c *Console) itemOf(op string) *huma.Schema {
	s := c.Edge.Answer(c.actions[op])
	if s == nil || s.Properties["items"] == nil {
		return nil
	}
	return c.Edge.Resolve(c.Edge.Resolve(s.Properties["items"]).Items)
}

func (v *visit) property(s *huma.Schema, name string) *huma.Schema {
	if s == nil {
		return nil
	}
	return v.Edge.Resolve(s.Properties[name])
}

// tableOf shows items of a list with these columns; without any, with all that are plain. A column may name a field of
// a part: "employer.name".
func (v *visit) tableOf(op string, items []map[string]any, columns ...string) table {
	s := v.itemOf(op)
	if len(columns) == 0 {
		columns = v.plain(s, items)
	}
	var t table
	for _, name := range columns {
		t.Heads = append(t.Heads, v.Label(name[strings.LastIndex(name, ".")+1:]))
	}
	for _, item := range items {
		var r row
		for i, name := range columns {
			value, of, field := item[name], v.property(s, name), name
			if part, inner, has := strings.Cut(name, "."); has {
				object, _ := item[part].(map[string]any)
				value, of, field = object[inner], v.property(v.property(s, part), inner), inner
			}
			text := v.Value(field, of, value)
			day, _ := value.(string)
			r.Cells = append(r.Cells, cell{Text: text, Label: t.Heads[i], Over: strings.HasPrefix(field, "due") && v.Over(day)})
		}
		t.Rows = append(t.Rows, r)
	}
	t.Empty = v.T("console.nothing")
	return t
}

// plain are the fields of items that have something to say, in the order of their names but for the name itself.
func (v *visit) plain(s *huma.Schema, items []map[string]any) []string {
	var columns []string
	for _, item := range items {
		for name, value := range item {
			if !slices.Contains(columns, name) && !v.isSilent(name) &&
				v.Value(name, v.property(s, name), value) != "" {
				columns = append(columns, name)
			}
		}
	}
	slices.SortFunc(columns, func(a, b string) int {
		if (a == "name") != (b == "name") {
			return map[bool]int{true: -1, false: 1}[a == "name"]
		}
		return strings.Compare(a, b)
	})
	return columns
}

// fact is a field with its value in words.
type fact struct{ Label, Text string }

// facts tells all that an object holds, part by part.
func (v *visit) facts(s *huma.Schema, object map[string]any) []fact {
	var out []fact
	for _, name := range ordered(object) {
		of := v.property(s, name)
		switch value := object[name].(type) {
		case map[string]any:
			out = append(out, v.facts(of, value)...)
		default:
			if text := v.Value(name, of, value); text != "" && !v.isSilent(name) {
				out = append(out, fact{v.Label(name), text})
			}
		}
	}
	return out
}

func ordered(object map[string]any) []string {
	names := make([]string, 0, len(object)) // a decoded object has no order of its own
	for name := range object {
		names = append(names, name)
	}
	rank := func(name string) int {
		if i := slices.Index(first, name); i >= 0 {
			return i
		}
		return len(first)
	}
	slices.SortFunc(names, func(a, b string) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return names
}

// first are the fields that people look for first.
var first = []string{"state", "n", "name", "nik", "kind", "birth_date", "sex", "phone", "email", "address", "employer",
	"position", "scheme", "provider", "programme", "title", "number", "applied_on", "started_on", "starts_on", "ends_on"}

// listed is a page of a list of the API.
type listed struct {
	Items []map[string]any
	Next  string `json:"next_cursor"`
	More  bool
}

// UnmarshalJSON implements json.Unmarshaler: numbers stay as they were written.
func (l *listed) UnmarshalJSON(text []byte) error {
	type plain struct {
		Items []map[string]any `json:"items"`
		Next  string           `json:"next_cursor"`
		More  bool             `json:"more"`
	}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	var p plain
	err := d.Decode(&p)
	*l = listed(p)
	return err
}

// link is a choice that an address keeps.
type link struct {
	Text, Path string
	On         bool
	Count      string
}

// group is a filter with its choices.
type group struct {
	Label string
	Links []link
}

// choices are the filters of a list as links.
func (v *visit) choices(g thing) []group {
	var out []group
	for _, name := range g.choices {
		s := v.parameter(g.list, name)
		if s == nil {
			continue
		}
		one := group{Label: v.Label(name), Links: []link{v.choice(name, "", v.T("console.all"))}}
		for _, value := range s.Enum {
			if text, is := value.(string); is {
				one.Links = append(one.Links, v.choice(name, text, v.word(name, s, text)))
			}
		}
		out = append(out, one)
	}
	return out
}

// parameter is the schema of a parameter of an operation's query.
func (v *visit) parameter(op, name string) *huma.Schema {
	r := v.actions[op]
	item := v.Edge.API.OpenAPI().Paths[r.Path]
	if item == nil || item.Get == nil {
		return nil
	}
	for _, p := range item.Get.Parameters {
		if p.In == "query" && p.Name == name {
			if s := v.Edge.Resolve(p.Schema); s.Items != nil {
				return v.Edge.Resolve(s.Items)
			}
			return v.Edge.Resolve(p.Schema)
		}
	}
	return nil
}

// choice is a link to this list with a filter set otherwise.
func (v *visit) choice(name, value, text string) link {
	q := v.query()
	on := q.Get(name) == value
	q.Del("cursor")
	if value == "" {
		q.Del(name)
	} else {
		q.Set(name, value)
	}
	return link{Text: text, Path: v.pathWith(q), On: on}
}

// query is what the address chooses; a name without a value chooses nothing.
func (v *visit) query() url.Values {
	q := v.r.URL.Query()
	for name := range q {
		if q.Get(name) == "" || name == "selesai" || name == "dari" {
			q.Del(name)
		}
	}
	return q
}

func (v *visit) pathWith(q url.Values) string {
	if encoded := q.Encode(); encoded != "" {
		return v.r.URL.Path + "?" + encoded
	}
	return v.r.URL.Path
}

func (v *visit) nextPage(q url.Values, cursor string) string {
	if cursor == "" {
		return ""
	}
	next := url.Values{}
	for name, values := range q {
		next[name] = values
	}
	next.Set("cursor", cursor)
	return v.pathWith(next)
}
