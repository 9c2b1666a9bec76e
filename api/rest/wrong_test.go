package rest

import (
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/rule"
)

type nested struct {
	Share rule.Ratio    `json:"share,omitzero"`
	On    calendar.Date `json:"on,omitzero"`
	Count int           `json:"count,omitempty" minimum:"0"`
	Name  string        `json:"name" minLength:"2"`
}

type nestedIn struct {
	Body struct {
		nestedFields
		Items  []nested                  `json:"items,omitempty"`
		Of     map[string]nested         `json:"of,omitempty"`
		Was    Patch[nested]             `json:"was,omitzero"`
		Part   Merge[nested]             `json:"part,omitzero"`
		Texts  []string                  `json:"texts,omitempty"`
		Months map[string]calendar.Date  `json:"months,omitempty"`
		Late   *calendar.Date            `json:"late,omitempty"`
		Shares []map[string][]rule.Ratio `json:"shares,omitempty"`
	}
}

type nestedFields struct {
	Phone string `json:"phone,omitempty"`
}

// Whatever is wrong with a value, whichever layer sees it, and however deep it lies: its own path is named.
func TestAFaultNamesTheValueAsItWasSent(t *testing.T) {
	t.Parallel()
	find := faultsOf([]func(*nestedIn) []fault.FieldError{func(in *nestedIn) []fault.FieldError {
		if in.Body.Phone == "x" {
			return []fault.FieldError{{Field: "phone", Code: "phone.invalid"}}
		}
		return nil
	}})
	for body, want := range map[string]string{
		`{}`:                                            "",
		`{"phone":"x"}`:                                 "phone",
		`{"late":"2026-02-30"}`:                         "late",
		`{"late":null,"was":null}`:                      "",
		`{"texts":["a","b\u0001"]}`:                     "texts[1]",
		`{"items":[{},{"share":"y"}]}`:                  "items[1].share",
		`{"items":7}`:                                   "items",
		`{"of":{"a":{"on":"04-12-2026"}}}`:              "of.a.on",
		`{"was":{"on":"2026-13-01"}}`:                   "was.on",
		`{"part":{"count":5000000.5}}`:                  "part.count",
		`{"months":{"b":"x","a":"y","c":"2026-01-01"}}`: "months.a months.b",
		`{"shares":[{},{"k":["1%","?"]}]}`:              "shares[1].k[1]",
		`{"phone":"x","late":"x","texts":["\u0001"],"items":[[]]}`: "items[0] late phone texts[0]",
	} {
		var got []string
		for _, w := range find([]byte(body)) {
			got = append(got, w.Field)
		}
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", body, got, want)
		}
	}
}

// What the framework's schema says is told by the path of the value, and a missing one by the path that it would have.
func TestTheSchemasFaultsNameTheValue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ location, says, field, code string }{
		{"body", "expected required property name to be present", "name", "input.required"},
		{"body.items[0].of", "expected required property name to be present", "items[0].of.name", "input.required"},
		{"body.items[0].on", "expected string to be RFC 3339 date", "items[0].on", "calendar.date_invalid"},
		{"body.part.x", "unexpected property", "part.x", "input.unknown_field"},
		{"body", "expected object", "body", "input.type"},
		{"query.month", "required query parameter is missing", "month", "input.required"},
		{"path.id", "expected length <= 36", "id", "input.longest"},
	} {
		got := fieldDetail("en", &huma.ErrorDetail{Location: c.location, Message: c.says}, nil)
		if got.Field != c.field || got.Code != c.code || strings.Contains(got.Detail, "query parameter") {
			t.Errorf("%s %s: %+v", c.location, c.says, got)
		}
	}
}

// A field is told once: by the layer that saw it first, and not by one that saw a part of it or the whole.
func TestAFieldIsToldOnce(t *testing.T) {
	t.Parallel()
	p := &Problem{lang: "en", Errors: []Detail{{Field: "worker"}, {Field: "items[1].on"}, {Field: "body", Code: "input.invalid"}}}
	p.addFields([]fault.FieldError{{Field: "worker.nik"}, {Field: "items[1]"}, {Field: "items[10].on"}, {Field: "work"},
		{Field: "workers"}, {Field: "items"}, {Field: "items[1].on[2]"}})
	var got []string
	for _, d := range p.Errors {
		got = append(got, d.Field)
	}
	if strings.Join(got, " ") != "worker items[1].on items[10].on work workers" {
		t.Errorf("got %v", got)
	}
	alone := &Problem{lang: "en", Errors: []Detail{{Field: "body", Code: "input.invalid"}}}
	if alone.addFields(nil); len(alone.Errors) != 1 {
		t.Errorf("got %v", alone.Errors)
	}
}
