package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
)

// hand works on one case, its parts and a layoff through every route of the contract that changes them.
type hand struct {
	contract contract
	paths    []string // the routes
	o        *apitest.Officer
	focus    string              // the route and those below it that most steps take, so that a part gets far
	made     map[string][]string // ids by the route that makes them
	days     []calendar.Date     // those that were sent, to come back to
}

// changing are the routes of a case and of a layoff that take JSON and do no harm to the tester's own rights.
func changing(c contract) []string {
	var paths []string
	for path, methods := range c.Paths {
		post, is := methods["post"]
		_, takesJSON := post.RequestBody.Content["application/json"]
		of := strings.HasPrefix(path, "/v1/cases/{id}/") || strings.HasPrefix(path, "/v1/layoffs") ||
			path == "/v1/vacancies" || path == "/v1/classes"
		ends := strings.Contains(path+"/", "/erasure/") || strings.HasSuffix(path, "/assignment")
		if is && takesJSON && of && !ends {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// day is one of those around which something may change: the days said before, and today, each with its neighbours.
func (h *hand) day(t *rapid.T) string {
	d := rapid.SampledFrom(h.days).Draw(t, "day").AddDays(rapid.IntRange(-1, 1).Draw(t, "off"))
	if len(h.days) < 60 {
		h.days = append(h.days, d)
	}
	return d.String()
}

// value makes a value that the contract allows.
func (h *hand) value(t *rapid.T, name string, s schema) any {
	s = h.contract.resolved(s)
	if len(s.Enum) > 0 {
		return rapid.SampledFrom(s.Enum).Draw(t, name)
	}
	kind := fmt.Sprint(s.Type)
	switch {
	case strings.Contains(kind, "string") && isDay(name):
		return h.day(t)
	case s.id():
		return h.id(t, name)
	case strings.HasPrefix(s.Pattern, "^[0-9]{4}-[0-9]{2}"):
		return rapid.SampledFrom([]string{"2025-01", "2026-09"}).Draw(t, name)
	case strings.Contains(kind, "object"):
		body := map[string]any{}
		for _, property := range slices.Sorted(maps.Keys(s.Properties)) {
			said := slices.Contains(s.Required, property) || rapid.Bool().Draw(t, "say "+property)
			if of := s.Properties[property]; said && (!of.id() || h.has(property)) {
				body[property] = h.value(t, property, of)
			}
		}
		return body
	case strings.Contains(kind, "array"):
		return []any{h.value(t, name, *s.Items)}
	case strings.Contains(kind, "integer"), strings.Contains(kind, "number"):
		least, most := 0, 100
		if s.Minimum != nil {
			least = int(*s.Minimum)
		}
		if s.Maximum != nil {
			most = int(min(*s.Maximum, 1e15))
		}
		return rapid.SampledFrom([]int{least, most, min(least+1, most), min(least+80, most)}).Draw(t, name)
	case strings.Contains(kind, "boolean"):
		return rapid.Bool().Draw(t, name)
	}
	if known := words[name]; len(known) > 0 {
		return rapid.SampledFrom(known).Draw(t, name)
	}
	return "PT Satu"
}

// isDay tells a day by its name: the contract has them as texts.
func isDay(name string) bool {
	return name == "on" || strings.HasSuffix(name, "_on") || strings.HasSuffix(name, "_by") ||
		name == "valid_until" || name == "available_from"
}

// words are values of texts that the contract leaves open.
var words = map[string][]string{"region": {"3273"}, "to": {"3204"}, "reason": {"efficiency_loss", "x"},
	"occupation": {"5223"}, "occupation_1": {"5223"}, "kbli": {"14"},
	"event": {"notice_delivered", "negotiation_started", "negotiation_closed", "agreement_signed",
		"terminated", "refusal_delivered", "decision_final"},
	"service": {"training", "all"}, "nib": {"1234567890123"}, "account": {"12345678"}, "bank_account": {"12345678"}}

// parts are the ids of what was made and may be named by a property.
func (h *hand) parts(name string) []string {
	for route, ids := range h.made {
		if strings.HasSuffix(route, "/"+plural[name]) {
			return ids
		}
	}
	return nil
}

func (h *hand) has(name string) bool { return len(h.parts(name)) > 0 }

// id names a part that exists, and now and then one that does not.
func (h *hand) id(t *rapid.T, name string) string {
	if ids := h.parts(name); len(ids) > 0 && rapid.IntRange(0, 9).Draw(t, name+" exists") > 0 {
		return ids[len(ids)-1]
	}
	return uuid.NewString()
}

var plural = map[string]string{"training": "trainings", "class": "classes", "vacancy": "vacancies",
	"application": "applications", "assessment": "assessments",
	"layoff": "layoffs", "fair": "job-fairs"}

// address is the path with the newest part of each kind in it, but for the numbers of months; "" when there is no
// such part.
func (h *hand) address(path string) string {
	url := path
	for _, part := range strings.Split(path, "/") {
		if !strings.HasPrefix(part, "{") || part == "{n}" {
			continue
		}
		ids := h.made[path[:strings.Index(path, "/"+part)]]
		if len(ids) == 0 {
			return ""
		}
		url = strings.Replace(url, part, ids[len(ids)-1], 1)
	}
	return url
}

// step does one thing and gives what was sent and what came.
func (h *hand) step(t *rapid.T, tb testing.TB) (string, apitest.Answer) {
	near := rapid.IntRange(0, 4).Draw(t, "near") > 0
	possible := slices.DeleteFunc(slices.Clone(h.paths), func(path string) bool {
		return h.address(path) == "" || near && !strings.HasPrefix(path, h.focus)
	})
	path := rapid.SampledFrom(possible).Draw(t, "route")
	url := strings.ReplaceAll(h.address(path), "{n}", fmt.Sprint(rapid.IntRange(1, 6).Draw(t, "n")))
	body := h.value(t, "body", h.contract.Paths[path]["post"].RequestBody.Content["application/json"].Schema)
	version := "1"
	if parts := strings.Split(url, "/"); len(parts) > 4 {
		var now struct{ Version int }
		h.o.Call(tb, http.MethodGet, strings.Join(parts[:4], "/"), nil).JSON(tb, &now)
		version = fmt.Sprint(now.Version)
	}
	answer := h.o.Call(tb, http.MethodPost, url, body, "If-Match", `"`+version+`"`)
	if answer.Status == http.StatusCreated {
		var out struct{ ID, Created string }
		answer.JSON(tb, &out)
		id := out.Created
		if id == "" {
			id = out.ID
		}
		h.made[path] = append(h.made[path], id)
	}
	sent, _ := json.Marshal(body)
	return "POST " + url + " " + string(sent), answer
}

// Whatever days are said, in whatever order, for whatever is done to a case: the answer may be no, but it is never a
// fault of the program.
func TestNoDayIsAFault(t *testing.T) {
	t.Parallel()
	b := apitest.New(t, everything{})
	c := contractOf(t, b)
	o := b.Officer(t, authz.Supervisor, "3273", "3204")
	paths := changing(c)
	if len(paths) < 25 {
		t.Fatalf("only %d routes: %v", len(paths), paths)
	}
	number, seen := 0, map[int]int{}
	today := calendar.Of(clock.System().Now(), calendar.WIB)
	const steps = 30
	rapid.Check(t, func(rt *rapid.T) {
		number++
		h := &hand{contract: c, paths: paths, o: o, made: map[string][]string{},
			days: []calendar.Date{today, today.AddDays(-20), calendar.MustDate("2026-10-01")}}
		h.made["/v1/cases"] = []string{o.Open(t, "3273", number, "Siti").ID}
		begun := slices.DeleteFunc(slices.Clone(paths), func(path string) bool { return h.address(path) == "" })
		h.focus = rapid.SampledFrom(begun).Draw(rt, "focus")
		for range steps {
			sent, answer := h.step(rt, t)
			if answer.Status >= http.StatusInternalServerError {
				rt.Fatalf("%s\n%d %s", sent, answer.Status, answer.Body)
			}
			seen[answer.Status]++
		}
	})
	if seen[http.StatusOK]+seen[http.StatusCreated] < number {
		t.Errorf("hardly anything was done: %v", seen)
	}
	t.Logf("answers by status: %v", seen)
}

// A refusal names the field that was sent, whatever the route calls its day.
func TestAWrongDayIsNamedAsItWasSent(t *testing.T) {
	t.Parallel()
	o := apitest.New(t).Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	future := calendar.Of(clock.System().Now(), calendar.WIT).AddDays(1).String()
	for path, body := range map[string]map[string]any{
		"applications":     {"employer": "PT A", "position": "b", "applied_on": future},
		"claims":           {"applied_on": future},
		"job-seeker-cards": {"number": "1", "issued_on": future},
		"responses":        {"state": "accepted", "on": future},
		"transitions":      {"to": "training", "occurred_on": future},
	} {
		a := o.Change(t, &c, "/"+path, body)
		var problem struct {
			Errors []struct{ Field, Code string }
		}
		a.JSON(t, &problem)
		if len(problem.Errors) != 1 || problem.Errors[0].Code != "case.occurred_in_future" ||
			body[problem.Errors[0].Field] != future {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
}

// What is final is said to be so, not that it can become nothing.
func TestAFinalStateSaysSo(t *testing.T) {
	t.Parallel()
	o := apitest.New(t).Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	o.Change(t, &c, "/applications", map[string]any{"employer": "PT A", "position": "b"})
	path := "/v1/cases/" + c.ID + "/applications/" + c.Created + "/transitions"
	o.Change(t, &c, strings.TrimPrefix(path, "/v1/cases/"+c.ID), map[string]any{"to": "rejected"})
	a := o.Call(t, http.MethodPost, path, map[string]any{"to": "hired"}, "If-Match", rest.ETag(c.Version),
		"Accept-Language", "en")
	if a.Code() != "application.transition_refused" || !strings.Contains(string(a.Body), "Turned down is the end") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// onPaper is a case with one of everything that has a day, each begun or moved on the day after, all on paper before
// the case was opened: it is recorded later, with its own days.
func onPaper(t *testing.T, o *apitest.Officer, number int) (c apitest.Case, parts map[string]string) {
	t.Helper()
	c, parts = o.Open(t, "3273", number, "Siti"), map[string]string{}
	do := func(path string, body map[string]any) {
		t.Helper()
		if a := o.Change(t, &c, path, body); a.Status >= http.StatusBadRequest {
			t.Fatalf("%s %v: %d %s", path, body, a.Status, a.Body)
		}
	}
	for kind, body := range map[string]map[string]any{
		"trainings": {"scheme": "blk", "provider": "BLK", "programme": "Las", "enrolled_on": "2026-10-09",
			"starts_on": "2026-10-10"},
		"applications": {"employer": "PT A", "position": "x", "applied_on": "2026-10-10"},
		"assessments":  {"body": "LSP", "scheme": "Las", "applied_on": "2026-10-10"},
		"businesses":   {"title": "Warung", "level": "starter", "proposed_on": "2026-10-10"},
	} {
		do("/"+kind, body)
		parts[kind] = c.Created
		to := map[string]string{"trainings": "in_training", "applications": "interviewed", "assessments": "verified",
			"businesses": "admin_verified"}[kind]
		do("/"+kind+"/"+c.Created+"/transitions", map[string]any{"to": to, "occurred_on": "2026-10-11"})
	}
	do("/claims", entitled(map[string]any{"applied_on": "2026-10-10"}))
	parts["claims"] = c.Created
	do("/claims/decision", map[string]any{"reference_on": "2026-10-11"})
	return c, parts
}

// No correction puts the first day of a part behind what followed it, nor before the case, nor the day of the PHK
// behind what followed that; each is tried on the last day that it may have, and on the next one.
func TestNoCorrectionRunsBackwards(t *testing.T) {
	t.Parallel()
	o := apitest.New(t).Officer(t, authz.Supervisor, "3273")
	c, parts := onPaper(t, o, 1)
	const phk, eve, step, next = "2026-10-01", "2026-09-30", "2026-10-11", "2026-10-12"
	for _, x := range []struct{ kind, field, last, next, code, first, before, early string }{
		{"trainings", "starts_on", step, next, "part.after_step", "", "", ""},
		{"trainings", "enrolled_on", "", "", "", phk, eve, "part.before_case"},
		{"applications", "applied_on", step, next, "part.after_step", "2026-09-01", "", ""}, // also before the PHK
		{"assessments", "applied_on", step, next, "part.after_step", phk, eve, "part.before_case"},
		{"businesses", "proposed_on", step, next, "part.after_step", phk, eve, "part.before_case"},
		{"claims", "applied_on", step, next, "part.after_step", phk, eve, "claim.before_termination"},
	} {
		for _, on := range []struct{ day, code string }{{x.next, x.code}, {x.last, ""}, {x.before, x.early}, {x.first, ""}} {
			body, named := map[string]any{"reason": "x", x.field: on.day}, x.field
			if x.kind == "claims" {
				body, named = map[string]any{"reason": "x", "facts": map[string]any{x.field: on.day}}, "facts."+x.field
			}
			if on.day == "" {
				continue
			}
			a := mended(t, o, &c, "/"+x.kind+"/"+parts[x.kind], body)
			if a.Code() != on.code || on.code != "" && !strings.Contains(string(a.Body), `"field":"`+named+`"`) {
				t.Errorf("%s %s on %s: %d %s, want %q", x.kind, x.field, on.day, a.Status, a.Body, on.code)
			}
		}
	}
	// everything lies on the first of October now, the day of the PHK
	for _, path := range []string{"", "/worker"} {
		a := mended(t, o, &c, path, map[string]any{"reason": "x", "terminated_on": "2026-10-02"})
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(string(a.Body), `"field":"terminated_on"`) {
			t.Errorf("the PHK after what followed it, %q: %d %s", path, a.Status, a.Body)
		}
	}
	if a := mended(t, o, &c, "", map[string]any{"reason": "x", "terminated_on": "2026-09-30"}); a.Status != http.StatusOK {
		t.Errorf("the PHK a day before: %d %s", a.Status, a.Body)
	}
}

// No void gives back a day that lies behind what followed meanwhile: of a part, and of the PHK. Once what followed is
// voided, too, it does.
func TestNoVoidLeavesALaterDayBeforeItsEarlierOne(t *testing.T) {
	t.Parallel()
	o := apitest.New(t).Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	void := func(seq int) string { return o.Change(t, &c, fmt.Sprintf("/history/%d/void", seq), reason).Code() }
	do := func(a apitest.Answer) int {
		t.Helper()
		if a.Status >= http.StatusBadRequest {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		return c.Version
	}
	do(o.Change(t, &c, "/trainings", map[string]any{"scheme": "blk", "provider": "BLK", "programme": "Las",
		"enrolled_on": "2026-10-09", "starts_on": "2026-11-10"}))
	training := "/trainings/" + c.Created
	corrected := do(mended(t, o, &c, training, map[string]any{"reason": "x", "starts_on": "2026-11-01"}))
	begun := do(o.Change(t, &c, training+"/transitions", map[string]any{"to": "in_training", "occurred_on": "2026-11-09"}))
	if code := void(corrected); code != "part.after_step" {
		t.Errorf("the first day behind the step: %q", code)
	}
	if first, second := void(begun), void(corrected); first != "" || second != "" {
		t.Errorf("one after the other: %q, %q", first, second)
	}
	corrected = do(mended(t, o, &c, "", map[string]any{"reason": "x", "terminated_on": "2026-09-01"}))
	claim := do(o.Change(t, &c, "/claims", entitled(map[string]any{"applied_on": "2026-09-30"})))
	if code := void(corrected); code != "claim.before_termination" {
		t.Errorf("the PHK behind the claim: %q", code)
	}
	if first, second := void(claim), void(corrected); first != "" || second != "" {
		t.Errorf("one after the other: %q, %q", first, second)
	}
}
