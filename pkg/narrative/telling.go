package narrative

import (
	"bytes"
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/wording"
)

// telling reads one payload.
type telling struct {
	Teller
	kind  string
	facts []Fact
}

// pair is a field of an object.
type pair struct {
	name  string
	value json.RawMessage
}

// pairs are the fields of an object in their order; what is none has no fields.
func pairs(object []byte) (list []pair) {
	d := json.NewDecoder(bytes.NewReader(object))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return list
		}
		p := pair{name: snake(name.(string))} // the key of an object is a string
		if d.Decode(&p.value) != nil {
			return list
		}
		list = append(list, p)
	}
	return list
}

// snake is a name as the API writes it; a few payloads have fields by their names in Go.
func snake(name string) string {
	return strings.ToLower(words.ReplaceAllString(name, "${1}_${2}"))
}

var words = regexp.MustCompile(`([a-z0-9])([A-Z])`)

func (t *telling) object(text []byte) {
	for _, p := range pairs(text) {
		if !isSilent(p.name) {
			t.field(p.name, p.value)
		}
	}
}

func (t *telling) field(name string, value json.RawMessage) {
	switch value[0] {
	case '{':
		t.nested(name, value)
	case '[':
		t.list(name, value)
	default:
		t.add(name, t.value(typeOf(t.kind, name), name, value))
	}
}

func (t *telling) add(name, value string) {
	if value != "" {
		t.facts = append(t.facts, Fact{t.what(name), value})
	}
}

// what is what a field is called; of a later release it has no name yet.
func (t *telling) what(name string) string {
	if text, known := wording.Text(t.Lang, "fact."+name); known {
		return text
	}
	return t.say("other")
}

// nested is a field before and after, or more fields.
func (t *telling) nested(name string, value json.RawMessage) {
	var change struct{ From, To json.RawMessage }
	if json.Unmarshal(value, &change) == nil && change.From != nil && change.To != nil {
		t.add(name, t.change(name, change.From, change.To))
		return
	}
	t.object(value)
}

func (t *telling) change(name string, from, to json.RawMessage) string {
	of := typeOf(t.kind, name)
	return t.orNone(t.value(of, name, from)) + " → " + t.orNone(t.value(of, name, to))
}

func (t *telling) orNone(text string) string {
	if text == "" {
		return t.say("none")
	}
	return text
}

// list is several of one thing: names of fields, or small objects.
func (t *telling) list(name string, value json.RawMessage) {
	var items []json.RawMessage
	if json.Unmarshal(value, &items) != nil {
		return
	}
	if name == "criteria" {
		t.criteria(items)
		return
	}
	var said []string
	for _, item := range items {
		if text := t.item(name, item); text != "" && !slices.Contains(said, text) {
			said = append(said, text)
		}
	}
	t.add(name, strings.Join(said, ", "))
}

func (t *telling) item(list string, item json.RawMessage) string {
	var o struct {
		Field, Kind string
		On          calendar.Date
		Opens       calendar.Date `json:"opens_on"`
		Closes      calendar.Date `json:"closes_on"`
		Present     bool
		N           int
		From, To    json.RawMessage
	}
	var name string
	switch {
	case json.Unmarshal(item, &name) == nil:
		return strings.ToLower(t.what(strings.TrimPrefix(snake(name), "employment.")))
	case json.Unmarshal(item, &o) != nil:
		return ""
	}
	switch list {
	case "changed":
		return strings.ToLower(t.what(o.Field)) + " " + t.change(o.Field, o.From, o.To)
	case "days":
		return t.Day(o.On) + " " + t.truth(o.Present)
	case "ended":
		return strings.ToLower(t.what("part_" + strings.ReplaceAll(o.Kind, ".", "_")))
	case "months":
		return strconv.Itoa(o.N) + " (" + t.Day(o.Opens) + " – " + t.Day(o.Closes) + ")"
	}
	return ""
}

// criteria tells of each result the places of the law that it was found under.
func (t *telling) criteria(items []json.RawMessage) {
	var results []string
	places := map[string][]string{}
	for _, item := range items {
		var c struct{ Result, Article string }
		if json.Unmarshal(item, &c) != nil || c.Result == "" {
			continue
		}
		if places[c.Result] == nil {
			results = append(results, c.Result)
		}
		if place := t.article(c.Article); !slices.Contains(places[c.Result], place) {
			places[c.Result] = append(places[c.Result], place)
		}
	}
	for _, result := range results {
		t.facts = append(t.facts, Fact{wording.LabelIn(t.Lang, "rule.result", result), strings.Join(places[result], ", ")})
	}
}

func (t *telling) truth(yes bool) string {
	if yes {
		return t.say("yes")
	}
	return t.say("no")
}

// value is a value in words; what nobody stated is empty.
func (t *telling) value(of reflect.Type, name string, value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil && value[0] == '"' {
		return t.text(of, name, text)
	}
	switch string(value) {
	case "true", "false":
		return t.truth(string(value) == "true")
	}
	n, err := strconv.ParseInt(string(value), 10, 64)
	switch {
	case err != nil:
		return ""
	case slices.Contains(percents, name):
		return percent(n)
	case !slices.Contains(rupiah, name):
		return strconv.FormatInt(n, 10)
	case n == 0:
		return ""
	}
	return money.Rupiah(n).String()
}

func percent(n int64) string {
	if n < 0 {
		return ""
	}
	return strconv.FormatInt(n, 10) + "%"
}

func (t *telling) text(of reflect.Type, name, text string) string {
	id, isID := uuid.Parse(text)
	day, isDay := calendar.ParseDate(text)
	switch {
	case text == "":
		return ""
	case of == officer && id == uuid.Nil:
		return t.say("nobody")
	case of == officer:
		return t.officer(text)
	case isID == nil && len(text) == 36:
		if id == uuid.Nil {
			return ""
		}
		return text
	case isDay == nil:
		return t.Day(day)
	case of == reflect.TypeFor[region.Code]():
		return t.region(text)
	case listOf(of) != "":
		return wording.LabelIn(t.Lang, listOf(of), text)
	case name == "source":
		return t.source(text)
	case name == "kind":
		return t.Title(text)
	case name == "article":
		return t.article(text)
	case slices.Contains(rupiah, name), slices.Contains(percents, name):
		return t.value(of, name, json.RawMessage(text))
	case text == "true", text == "false":
		return t.truth(text == "true")
	}
	return text
}

// source is where a case came from: a list or an officer.
func (t *telling) source(text string) string {
	if known, is := wording.Text(t.Lang, "fact.source_"+text); is {
		return known
	}
	return text
}

// article names a place of the law as its readers do.
func (t *telling) article(place string) string {
	if t.Lang == string(rule.English) {
		return place
	}
	return rule.PlaceIn(place, rule.Indonesian)
}
