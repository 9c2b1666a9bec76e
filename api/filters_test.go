package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
)

// A caseload is narrowed by its own words: "me" is who asks, region and office are one filter.
func TestFiltersOfTheCaseload(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, other := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.CaseWorker, "3273")
	for n := range 3 {
		c := o.Open(t, "3273", n+1, "Siti")
		if n < 2 {
			o.Change(t, &c, "/assignment", map[string]any{"officer": []string{o.ID.String(), other.ID.String()}[n]})
		}
	}
	count := func(who *apitest.Officer, query string) string {
		var page struct{ Items []struct{ ID string } }
		a := who.Call(t, http.MethodGet, "/v1/cases?"+query, nil)
		if a.Status != http.StatusOK {
			return a.Code()
		}
		a.JSON(t, &page)
		return fmt.Sprint(len(page.Items))
	}
	for _, c := range []struct {
		who   *apitest.Officer
		query string
		want  string
	}{
		{o, "", "3"},
		{o, "officer=me", "1"},
		{other, "officer=me", "1"},
		{o, "officer=" + other.ID.String(), "1"},
		{o, "officer=me&stage=closed", "0"},
		{o, "region=3273", "3"},
		{o, "office=3273", "3"},
		{o, "office=32", "3"},
		{o, "region=3204", "0"},
		{o, "region=3273&office=3273", "input.same_filter"},
		{o, "region=3299", "region.unknown"},
	} {
		if got := count(c.who, c.query); got != c.want {
			t.Errorf("%q: %s, want %s", c.query, got, c.want)
		}
	}
}

// What cannot be asked is refused with its reason, and the case just beside it is answered.
func TestQuestionsAtTheirEdge(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, auditor := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Auditor, "3273")
	o.Open(t, "3273", 1, "Siti Aminah")
	if _, err := b.Store.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		who          *apitest.Officer
		method, path string
		body         any
		code         string
	}{
		{o, http.MethodPost, "/v1/cases/search", map[string]any{"name": "Siti"}, ""},
		{o, http.MethodPost, "/v1/cases/search", map[string]any{"nik": "3273014503900007"}, ""},
		{o, http.MethodPost, "/v1/cases/search", map[string]any{"nik": "3273014503900007", "name": "Siti"}, "search.one_of"},
		{o, http.MethodPost, "/v1/cases/search", map[string]any{}, "search.one_of"},
		{auditor, http.MethodGet, "/v1/access?officer=" + o.ID.String(), nil, ""},
		{auditor, http.MethodGet, "/v1/access", nil, "access.of_whom"},
		{auditor, http.MethodGet, "/v1/access/seen?officer=" + o.ID.String(), nil, ""},
		{auditor, http.MethodGet, "/v1/access/seen", nil, "access.of_officer"},
		{o, http.MethodGet, "/v1/log/consistency?from=1&to=1", nil, ""},
		{o, http.MethodGet, "/v1/log/consistency?from=2&to=1", nil, "log.sizes"},
		{o, http.MethodGet, "/v1/log/consistency?from=1&to=9", nil, "log.sizes"},
		{o, http.MethodGet, "/v1/reports/prevention?from=2026-11-01&until=2026-11-01", nil, ""},
		{o, http.MethodGet, "/v1/reports/prevention?from=2026-11-02&until=2026-11-01", nil, "report.period"},
	} {
		a := c.who.Call(t, c.method, c.path, c.body)
		if good := a.Status == http.StatusOK; good != (c.code == "") || !good && a.Code() != c.code {
			t.Errorf("%s %s: %d %s, want %q", c.method, c.path, a.Status, a.Code(), c.code)
		}
	}
}

// An attendance of nothing is an attendance: it is shown, where nobody counted none is.
func TestAnAttendanceOfNothingIsShown(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	o.Change(t, &c, "/trainings", map[string]any{"scheme": "blk", "provider": "BLK", "programme": "Las",
		"starts_on": "2026-11-01"})
	path := "/v1/cases/" + c.ID + "/trainings"
	var list struct{ Trainings []struct{ ID string } }
	first := o.Call(t, http.MethodGet, path, nil)
	first.JSON(t, &list)
	if strings.Contains(string(first.Body), `"attendance"`) {
		t.Errorf("nobody has counted: %s", first.Body)
	}
	step := "/trainings/" + list.Trainings[0].ID + "/transitions"
	o.Change(t, &c, step, map[string]any{"to": "in_training"})
	o.Change(t, &c, step, map[string]any{"to": "completed", "attendance": 0})
	if a := o.Call(t, http.MethodGet, path, nil); !strings.Contains(string(a.Body), `"attendance":0`) {
		t.Errorf("never there: %s", a.Body)
	}
}

// The same file again is the list that is there, and is told so.
func TestTheSameListIsToldFromANewOne(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	first, again := upload(t, b, o, "clean_500.csv"), upload(t, b, o, "clean_500.csv")
	if first.ID != again.ID || first.status != http.StatusAccepted || again.status != http.StatusOK {
		t.Errorf("%s with %d, then %s with %d", first.ID, first.status, again.ID, again.status)
	}
}

// What is due today is due, and not overdue.
func TestWorkOfToday(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	o.Change(t, &c, "/follow-up", map[string]any{"on": b.Services.Cases.Today("3273").String()})
	a := o.Call(t, http.MethodGet, "/v1/work?kind=follow_up", nil)
	var page workList
	if a.JSON(t, &page); len(page.Items) != 1 || page.Items[0].Overdue {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := o.Call(t, http.MethodGet, "/v1/work/counts?kind=follow_up", nil); !strings.Contains(string(a.Body),
		`"overdue":0,"due":1`) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}
