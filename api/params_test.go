package api_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
)

const zeroID = "00000000-0000-0000-0000-000000000000"

// misspelt are other texts for an id.
func misspelt(id string) []string {
	return []string{strings.ToUpper(id), strings.ReplaceAll(id, "-", ""), "{" + id + "}", "urn:uuid:" + id, " " + id}
}

// poison are values that name nothing, or nothing of the caller's, for a parameter; each must be refused or narrow.
func (c *country) poison(s schema) (refused, narrow []string) {
	refused = []string{"", "\u202ex", "a\u0001b"}
	switch {
	case s.id():
		refused = append(append(refused, zeroID, "x", "0", "null"), misspelt(c.foreign.ID)...)
		narrow = []string{c.foreign.ID, c.foreignIDs["officer"], c.foreignIDs["layoff"], c.unknown["id"]}
	case s.Format == "date-time":
		refused = append(refused, "0", "0000-00-00T00:00:00Z", "yesterday")
		narrow = []string{"0001-01-01T00:00:00Z"}
	case s.Type == "integer" || s.Type == "boolean":
		refused = append(refused, "x", "1x", "null", "0x10")
	case len(s.Enum) > 0:
		refused = append(refused, "x", "null", " ")
	default:
		narrow = []string{"3204", "33", "0", "00", "0000", zeroID, "x", "null", "'or''='", "%", "0001-01-01", "2026-02-30"}
	}
	return refused, narrow
}

// A parameter is there, absent or refused: whatever value it is given, by whatever role, the answer of no route is
// wider than it is without the parameter. The parameters are those of the running server's own description.
func TestNoParameterWidensAnAnswer(t *testing.T) {
	t.Parallel()
	c := twoOffices(t)
	described := contractOf(t, c.Bundle)
	worker := c.Officer(t, authz.Supervisor, "32") // so that there is something of 3204 in the record of access
	for _, id := range []string{c.own.ID, c.foreign.ID} {
		worker.Call(t, http.MethodGet, "/v1/cases/"+id, nil)
	}
	if err := c.Store.Rollup(t.Context()); err != nil {
		t.Fatal(err)
	}
	probed := 0
	for _, role := range authz.Roles() {
		o := c.Officer(t, role, "3273")
		for _, r := range c.Server.Routes() {
			if r.Method != http.MethodGet || r.Produces == "text/event-stream" {
				continue
			}
			for name, s := range described.query(r) {
				if r.ID == "region-list" {
					continue // it goes down a tree that is everybody's
				}
				probed += c.probeParameter(t, o, r, name, s)
			}
		}
	}
	if probed < 2000 {
		t.Errorf("only %d probes", probed)
	}
}

// base is the address of a route with what it must be told, without one parameter.
func (c *country) base(o *apitest.Officer, r rest.Route, without string) (string, url.Values) {
	path := fill(r, map[string]string{"id": c.own.ID, "officer": o.ID.String()})
	query, _ := url.ParseQuery(strings.TrimPrefix(probes[r.ID].query, "?"))
	for name, values := range query {
		if id := map[string]string{"officer": o.ID.String(), "case": c.own.ID}[name]; id != "" &&
			(values[0] == "x" || values[0] == "me") {
			query.Set(name, id)
		}
	}
	query.Del(without)
	return path, query
}

func (c *country) probeParameter(t *testing.T, o *apitest.Officer, r rest.Route, name string, s schema) (n int) {
	path, query := c.base(o, r, name)
	refused, narrow := c.poison(s)
	if name == "cursor" {
		refused, narrow = []string{"AAAAAAAAAAAAAAAAAAAAAAAA", zeroID, "\u202e"}, nil
	}
	for _, value := range append(append([]string{}, refused...), narrow...) {
		query.Set(name, value)
		a := o.Call(t, r.Method, path+"?"+query.Encode(), nil)
		query.Del(name)
		without := o.Call(t, r.Method, path+"?"+wide(query, r).Encode(), nil)
		if n++; a.Status >= http.StatusInternalServerError {
			t.Errorf("%s ?%s=%q: %d %s", r.ID, name, value, a.Status, a.Body)
		}
		if a.Status != http.StatusOK {
			continue
		}
		if contains(refused, value) {
			t.Errorf("%s ?%s=%q is taken", r.ID, name, value)
		}
		c.notWider(t, r.ID+" ?"+name+"="+value, a, without)
	}
	query.Set(name, "x")
	if a := o.Call(t, r.Method, path+"?"+query.Encode()+"&"+name+"=y", nil); a.Status != http.StatusBadRequest {
		t.Errorf("%s: %s twice: %d", r.ID, name, a.Status)
	}
	return n + 1
}

// wide asks for as many rows as there may be: what was asked before must be among them.
func wide(query url.Values, r rest.Route) url.Values {
	out := url.Values{}
	for name := range query {
		out.Set(name, query.Get(name))
	}
	if r.ID == "access-list" || r.ID == "case-list" {
		out.Set("limit", "200")
	}
	return out
}

func contains(list []string, value string) bool {
	for _, one := range list {
		if one == value {
			return true
		}
	}
	return false
}

func (c *country) notWider(t *testing.T, what string, a, without apitest.Answer) {
	t.Helper()
	for _, mark := range c.marks {
		if strings.Contains(string(a.Body), mark) {
			t.Errorf("%s shows %q of another office: %s", what, mark, a.Body)
		}
	}
	if without.Status != http.StatusOK {
		if what != "" && !strings.Contains(what, "month=") { // what must be told has no answer without
			t.Errorf("%s is answered, though without the parameter it is %d: %s", what, without.Status, a.Body)
		}
		return
	}
	items, numbers := rows(t, a)
	most, totals := rows(t, without)
	for item, n := range items {
		if most[item] < n {
			t.Errorf("%s shows what is not there without the parameter: %s", what, item)
		}
	}
	for name, n := range numbers {
		if n > totals[name] {
			t.Errorf("%s: %s is %v, without the parameter %v", what, name, n, totals[name])
		}
	}
}

// What a route does not know is refused, and so is a page of what has no pages.
func TestUnknownParametersAreRefused(t *testing.T) {
	t.Parallel()
	c := twoOffices(t)
	described, o := contractOf(t, c.Bundle), c.Officer(t, authz.Supervisor, "3273")
	for _, r := range c.Server.Routes() {
		known := described.query(r)
		for _, name := range []string{"limit", "cursor", "regoin", "office", "region"} {
			if _, declared := known[name]; declared || r.Method != http.MethodGet || r.Public {
				continue
			}
			path, query := c.base(o, r, "")
			query.Set(name, "1")
			a := o.Call(t, r.Method, path+"?"+query.Encode(), nil)
			if a.Status != http.StatusForbidden && (a.Status != http.StatusUnprocessableEntity ||
				!strings.Contains(string(a.Body), "input.unknown_parameter")) {
				t.Errorf("%s ?%s: %d %s", r.ID, name, a.Status, a.Body)
			}
		}
	}
}

var pathParameter = regexp.MustCompile(`\{[a-z]+\}`)

// In a path, too, an id has one spelling, and the zero id is nobody's: no route does anything with another.
func TestIDsInPathsHaveOneSpelling(t *testing.T) {
	t.Parallel()
	c := twoOffices(t)
	for _, role := range authz.Roles() {
		o := c.Officer(t, role, "3273")
		for _, r := range c.Server.Routes() {
			for _, part := range pathParameter.FindAllString(r.Path, -1) {
				for _, value := range append(misspelt(c.own.ID), zeroID, "x", "0", "%FF", "%E2%80%AE") {
					if !strings.HasPrefix(value, "%") {
						value = url.PathEscape(value)
					}
					path := strings.Replace(r.Path, part, value, 1)
					path = fill(rest.Route{ID: r.ID, Path: path}, map[string]string{"id": c.own.ID,
						"officer": c.foreignIDs["officer"]})
					a := o.Call(t, r.Method, path, probeOf(t, r).body, "If-Match", `"1"`)
					if a.Status < http.StatusBadRequest || a.Status >= http.StatusInternalServerError {
						t.Errorf("%s %s as %s: %d %s", r.Method, path, role, a.Status, a.Body)
					}
				}
			}
		}
	}
}

// And in a body: a field for an id refuses every other spelling of one, the zero id, and the empty text.
func TestIDsInBodiesHaveOneSpelling(t *testing.T) {
	t.Parallel()
	c := twoOffices(t)
	described, o, auditor := contractOf(t, c.Bundle), c.Officer(t, authz.Supervisor, "32"), c.Officer(t, authz.Auditor,
		"32")
	administrator := c.Officer(t, authz.Administrator, "32")
	found := 0
	for _, r := range c.Server.Routes() {
		body, kind := described.body(r)
		if kind != "application/json" {
			continue
		}
		sent, _ := probeOf(t, r).body.(map[string]any)
		for name, s := range body.Properties {
			if !s.id() && s.Format != "uuid" {
				continue
			}
			found++
			for _, value := range append(misspelt(c.own.ID), zeroID, "x", "") {
				if value == "" && r.ID == "case-assign" {
					continue // takes the case back
				}
				with := map[string]any{name: value}
				for other, kept := range sent {
					if other != name {
						with[other] = kept
					}
				}
				path := fill(r, map[string]string{"id": c.own.ID})
				a := o.Call(t, r.Method, path, with, "If-Match", rest.ETag(c.own.Version))
				for _, other := range []*apitest.Officer{auditor, administrator} {
					if a.Status == http.StatusForbidden {
						a = other.Call(t, r.Method, path, with)
					}
				}
				if a.Status != http.StatusUnprocessableEntity && a.Status != http.StatusNotFound {
					t.Errorf("%s %s=%q: %d %s", r.ID, name, value, a.Status, a.Body)
				}
			}
		}
	}
	if found < 6 {
		t.Errorf("only %d fields for ids were found", found)
	}
}

// An auditor of one office asks for the record of access by ids that are none: nothing of the nation is answered.
func TestTheZeroIDFiltersNothingAway(t *testing.T) {
	t.Parallel()
	c := twoOffices(t)
	auditor := c.Officer(t, authz.Auditor, "3273")
	for _, query := range []string{"officer=" + zeroID, "case=" + zeroID, "officer=&case=" + c.own.ID, "officer=" +
		strings.ToUpper(auditor.ID.String())} {
		if a := auditor.Call(t, http.MethodGet, "/v1/access?"+query, nil); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", query, a.Status, a.Body)
		}
	}
	for _, query := range []string{"officer=" + c.foreignIDs["officer"], "case=" + c.foreign.ID, "officer=" +
		uuid.NewString()} {
		if a := auditor.Call(t, http.MethodGet, "/v1/access?"+query, nil); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d %s", query, a.Status, a.Body)
		}
	}
}
