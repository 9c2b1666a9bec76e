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

type workList struct {
	Items []struct {
		Kind    string
		DueOn   string `json:"due_on"`
		Overdue bool
		Case    struct{ ID, Name string }
	}
	Next string `json:"next_cursor"`
}

// Everything that has a day stands in the work list, the earliest first, page by page, and is counted; what is done
// leaves it.
func TestWorkIsListedByItsDay(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	for n := range 5 {
		c := o.Open(t, "3273", n+1, "Siti")
		if n < 2 {
			o.Change(t, &c, "/follow-up", map[string]any{"on": fmt.Sprintf("2026-12-%02d", n+1)})
		}
		o.Change(t, &c, "/certificates", map[string]any{"kind": "competence", "number": fmt.Sprint(n), "issuer": "LSP",
			"scheme": "Las", "issued_on": "2023-05-01"})
		o.Change(t, &c, "/job-seeker-cards", map[string]any{"number": fmt.Sprint(n), "issued_on": "2026-11-01"})
	}
	for _, size := range []string{"1", "3", "50"} {
		got, last, cursor := map[string]int{}, "", ""
		for first, left := true, mostPages; first || cursor != ""; first = false {
			if left--; left < 0 {
				t.Fatalf("pages of %s: without end", size)
			}
			var page workList
			a := o.Call(t, http.MethodGet, "/v1/work?until=2100-01-01&limit="+size+"&cursor="+cursor, nil)
			if a.Status != http.StatusOK {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
			a.JSON(t, &page)
			for _, w := range page.Items {
				got[w.Kind]++
				if w.DueOn < last || w.Overdue != (w.Kind == "certificate_renewal") {
					t.Errorf("%+v after %s", w, last)
				}
				last = w.DueOn
			}
			cursor = page.Next
		}
		if len(got) != 4 || got["deadline"] != 5 || got["follow_up"] != 2 || got["certificate_renewal"] != 5 || got["jobseeker_card_report"] != 5 {
			t.Errorf("pages of %s: %v", size, got)
		}
	}
	for kind, want := range map[string]string{"": `"overdue":5,"due":12`, "deadline": `"overdue":0,"due":5`, "certificate_renewal": `"overdue":5,"due":0`, "month": `"overdue":0,"due":0`} {
		path := "/v1/work/counts?until=2100-01-01"
		if kind != "" {
			path += "&kind=" + kind
		}
		if a := o.Call(t, http.MethodGet, path, nil); !strings.Contains(string(a.Body), "]"+","+want+"}") {
			t.Errorf("%s: %d %s", kind, a.Status, a.Body)
		}
	}
	var page workList
	if a := o.Call(t, http.MethodGet, "/v1/work?kind=certificate_renewal&limit=1", nil); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	} else {
		a.JSON(t, &page)
	}
	for range 2 { // once a day, however often
		if err := b.Store.Remind(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if a := o.Call(t, http.MethodGet, "/v1/work/reminders", nil); strings.Count(string(a.Body),
		`"kind":"certificate_renewal","overdue":5,"due":0`) != 1 {
		t.Errorf("reminders: %s", a.Body)
	}
	var c apitest.Case
	o.Call(t, http.MethodGet, "/v1/cases/"+page.Items[0].Case.ID, nil).JSON(t, &c)
	o.Change(t, &c, "/certificates", map[string]any{"kind": "competence", "number": "neu", "issuer": "LSP",
		"scheme": "Las", "issued_on": "2026-05-01"})
	o.Call(t, http.MethodGet, "/v1/work?kind=certificate_renewal&until=2100-01-01", nil).JSON(t, &page)
	if len(page.Items) != 5 || page.Items[4].DueOn != "2029-05-01" {
		t.Errorf("after the renewal: %+v", page.Items)
	}
}

// The figures that are read are those that counting everything gives, for every office, and they say their age; a table
// and a picture hold the same.
func TestResultsAreCountedAndSayTheirAge(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	nation, city := b.Officer(t, authz.Supervisor, ""), b.Officer(t, authz.Supervisor, "3273")
	other := b.Officer(t, authz.Supervisor, "3578")
	for n := range 4 {
		o, code := city, region.Code("3273")
		if n == 3 {
			o, code = other, "3578"
		}
		c := o.Open(t, code, n+1, "Siti")
		o.Change(t, &c, "/placements", map[string]any{"employer": "PT <Baru>", "position": "x", "started_on": "2026-11-01"})
		o.Change(t, &c, "/trainings", map[string]any{"scheme": "blk", "provider": "=BLK & <Kota>", "programme": "Las",
			"starts_on": "2026-11-01"})
		var list struct{ Trainings []struct{ ID string } }
		o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/trainings", nil).JSON(t, &list)
		o.Change(t, &c, "/trainings/"+list.Trainings[0].ID+"/transitions", map[string]any{"to": "in_training"})
		o.Change(t, &c, "/trainings/"+list.Trainings[0].ID+"/transitions", map[string]any{"to": "completed",
			"attendance": 90})
	}
	never := nation.Call(t, http.MethodGet, "/v1/reports/funnel", nil)
	if body := string(never.Body); strings.Contains(body, "counted_at") || strings.Contains(body, "age_seconds") ||
		!strings.Contains(body, `"items":[],"totals":{}`) {
		t.Errorf("before the first count: %s", body)
	}
	if _, err := b.Store.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := b.Store.Rollup(t.Context()); err != nil {
		t.Fatal(err)
	}
	for report, want := range map[string][2]string{
		"funnel":            {"opened:4 trained:4 placed:4", "opened:3 trained:3 placed:3"},
		"stages":            {"intake:4", "intake:3"},
		"time_to_placement": {"0-30:4", "0-30:3"},
		"at_work":           {"32:3 35:1", "3273:3"},
		"trainings":         {"blk:completed:4", "blk:completed:3"},
		"providers":         {"=BLK & <Kota>:4", "=BLK & <Kota>:3"},
	} {
		for i, o := range []*apitest.Officer{nation, city} {
			r := reported(t, o, report)
			if got := r.told(); got != want[i] || r.CountedAt == "" || strings.HasPrefix(r.CountedAt, "0001") {
				t.Errorf("%s: %v at %s, want %s", report, got, r.CountedAt, want[i])
			}
		}
		if a := city.Call(t, http.MethodGet, "/v1/reports/"+report+"?region=35", nil); a.Status != http.StatusForbidden {
			t.Errorf("%s of another province: %d %s", report, a.Status, a.Body)
		}
	}
	table := city.Call(t, http.MethodGet, "/v1/reports/providers?format=csv", nil)
	if !strings.Contains(string(table.Body), "'=BLK & <Kota>") || !strings.HasPrefix(table.Header.Get("Content-Type"),
		"text/csv") {
		t.Errorf("%s %s", table.Header, table.Body)
	}
	chart := city.Call(t, http.MethodGet, "/v1/reports/providers?format=svg", nil)
	if !strings.Contains(string(chart.Body), "&lt;Kota&gt;") || strings.Contains(string(chart.Body), "<Kota>") ||
		chart.Header.Get("Content-Type") != "image/svg+xml" {
		t.Errorf("%s %s", chart.Header, chart.Body)
	}
}
