package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/region"
)

// twoOfEach opens, in each of two offices, two cases that are alike, with a month to pay, a reminder and a deadline.
func twoOfEach(t *testing.T, b *apitest.Bundle, o *apitest.Officer) {
	t.Helper()
	conn := b.Database.Admin(t)
	for n, code := range []string{"3273", "3204"} {
		var last string
		for i := range 2 {
			facts := apitest.Worker(region.Code(code), 10*n+i+1, "Siti Sama")
			facts["phone"] = fmt.Sprint("08120000000", n)
			var c apitest.Case
			a := o.Call(t, http.MethodPost, "/v1/cases", map[string]any{"region": code, "terminated_on": "2026-10-01",
				"worker": facts})
			if a.JSON(t, &c); a.Status != http.StatusCreated {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
			last = c.ID
		}
		for _, sql := range []string{
			`insert into claim (id, case_id, region, state, applied_on, facts) values ($1, $1, $2, 'applied', '2026-10-01', '{}')`,
			`insert into claim_month (claim_id, n, case_id, region, state, opens_on, closes_on)
				values ($1, 1, $1, $2, 'upcoming', '2026-11-01', '2026-12-31')`,
			`insert into reminder (region, told_on, kind, overdue, due) select $2, '2026-11-20', 'month', 1, 1 where $1::uuid is not null`,
		} {
			if _, err := conn.Exec(t.Context(), sql, last, code); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Every list that can be narrowed to a region holds what is of it, and nothing of another one.
func TestAListOfARegionHoldsNoOther(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	officer := b.Officer(t, authz.Supervisor, "32")
	payer := b.Officer(t, authz.Service, "32")
	twoOfEach(t, b, officer)
	for path, by := range map[string]*apitest.Officer{"/v1/cases?": officer, "/v1/duplicates?": officer,
		"/v1/payments?":              payer,
		"/v1/work?until=2027-12-31&": officer, "/v1/work/reminders?from=2026-01-01&": officer} {
		for area, want := range map[string][2]bool{"3273": {true, false}, "3204": {false, true}, "32": {true, true},
			"3578": {}} {
			a := by.Call(t, http.MethodGet, path+"region="+area, nil)
			for i, code := range []string{"3273", "3204"} {
				if has := strings.Contains(string(a.Body), `"region":"`+code+`"`); a.Status != http.StatusOK || has != want[i] {
					t.Errorf("%sregion=%s: holds %s: %t, %d %.300s", path, area, code, has, a.Status, a.Body)
				}
			}
		}
	}
}

// Who was shown a worker by a list of likely duplicates is on record with each of them.
func TestDuplicatesShownAreOnRecord(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, auditor := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Auditor, "")
	twoOfEach(t, b, b.Officer(t, authz.Supervisor, "32"))
	var cases struct{ Items []struct{ ID string } }
	o.Call(t, http.MethodGet, "/v1/cases", nil).JSON(t, &cases)
	if len(cases.Items) != 2 {
		t.Fatalf("%+v", cases)
	}
	for _, path := range []string{"/v1/duplicates", "/v1/cases/" + cases.Items[0].ID + "/duplicates"} {
		a := o.Call(t, http.MethodGet, path, nil)
		for _, c := range cases.Items {
			recorded := false
			for _, r := range readAccess(t, auditor, "case="+c.ID).Items {
				recorded = recorded || r.Request == a.Header.Get("X-Request-Id")
			}
			if !recorded {
				t.Errorf("%s: no record names %s", path, c.ID)
			}
		}
	}
}

// The report to a worker tells who was shown them, and no more: neither who was refused, nor whom else an answer
// showed.
func TestAWorkerIsToldWhoWasShownThem(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, stranger, protector := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor,
		"3578"), b.Officer(t, authz.Supervisor, "3273")
	c, other := o.Open(t, "3273", 1, "Siti Satu"), o.Open(t, "3273", 2, "Siti Dua")
	o.Call(t, http.MethodGet, "/v1/cases", nil)
	wantAnswer(t, "another office", stranger.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil), http.StatusNotFound,
		"case.not_found")
	var report struct {
		Accesses []struct {
			Officer, Outcome string
			Subjects         []string
		}
	}
	a := protector.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/subject-report", nil)
	if a.JSON(t, &report); a.Status != http.StatusOK || len(report.Accesses) == 0 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	for _, r := range report.Accesses {
		if r.Outcome != "shown" || r.Officer != o.ID.String() || len(r.Subjects) != 1 || r.Subjects[0] != c.ID {
			t.Errorf("told of %+v", r)
		}
	}
	if strings.Contains(string(a.Body), other.ID) {
		t.Errorf("names another worker: %s", a.Body)
	}
}
