package api_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
)

// reportOf is a report as it comes.
type reportOf struct {
	From, Until, Title, Measure string
	KnownAt                     time.Time `json:"known_at"`
	CountedAt                   string    `json:"counted_at"`
	Overlaps, More              bool
	Totals                      map[string]int
	Items                       []struct {
		Keys        []struct{ By, Code, Label string }
		Item, Label string
		Values      map[string]int
		Hidden      []string
	}
}

// told is the keys, the item and the first number of each row that has one, but for zeros.
func (r reportOf) told() string {
	var lines []string
	for _, i := range r.Items {
		text := ""
		for _, k := range i.Keys {
			text += k.Code + ":"
		}
		if i.Item != "" {
			text += i.Item + ":"
		}
		for _, figure := range []string{"people", "trainings", "layoffs", "open", "waiting", "proposed"} {
			if n := i.Values[figure]; n > 0 {
				lines = append(lines, fmt.Sprint(text, n))
			}
		}
	}
	return strings.Join(lines, " ")
}

func reported(t *testing.T, o *apitest.Officer, path string) (r reportOf) {
	t.Helper()
	a := o.Call(t, http.MethodGet, "/v1/reports/"+path, nil)
	if a.Status != http.StatusOK {
		t.Fatalf("%s: %d %s", path, a.Status, a.Body)
	}
	a.JSON(t, &r)
	return r
}

func figures(t *testing.T, o *apitest.Officer, query string) reportOf {
	t.Helper()
	return reported(t, o, "layoffs?"+query)
}

func openOn(t *testing.T, o *apitest.Officer, region string, n int, terminated string) {
	t.Helper()
	a := o.Call(t, http.MethodPost, "/v1/cases", map[string]any{"region": region, "terminated_on": terminated,
		"worker": apitest.Worker("3273", n, "Siti")})
	if a.Status != http.StatusCreated {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
}

// §6.4 of the legal basis: what was printed as "January to October 2023" was the sum of ten figures of a year to date.
// A year to date is counted from its days, so that it is the sum of its months and never of other years to date.
func TestAYearToDateIsCountedAndNotAddedUp(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "")
	for n, day := range []string{"2026-01-05", "2026-02-10", "2026-02-28", "2026-03-01", "2025-12-31"} {
		openOn(t, o, []string{"3273", "3204", "3578", "3273", "3273"}[n], n+1, day)
	}
	sum := 0
	for month, want := range map[string]int{"2026-01": 1, "2026-02": 2, "2026-03": 1, "2026-04": 0} {
		got := figures(t, o, "month="+month)
		if got.Totals["people"] != want || got.From[:7] != month || got.Until[:7] != month {
			t.Errorf("%s: %+v, want %d", month, got, want)
		}
		sum += got.Totals["people"]
	}
	for month, want := range map[string]int{"2026-01": 1, "2026-02": 3, "2026-03": 4, "2026-12": 4} {
		got := figures(t, o, "measure=year_to_date&month="+month)
		if got.Totals["people"] != want || got.From != "2026-01-01" {
			t.Errorf("to the end of %s: %+v, want %d", month, got, want)
		}
	}
	if sum != 4 {
		t.Errorf("the months sum to %d", sum)
	}
	fine := figures(t, o, "measure=year_to_date&month=2026-03&by=regency")
	people := map[string]int{}
	for _, row := range fine.Items {
		people[row.Keys[0].Code] = row.Values["people"]
	}
	if people["3273"] != 2 || people["3204"] != 1 || people["3578"] != 1 || len(people) != 3 {
		t.Errorf("by regency: %v", people)
	}
	own := figures(t, b.Officer(t, authz.Analyst, "3273"), "measure=year_to_date&month=2026-03")
	if own.Totals["people"] != 2 {
		t.Errorf("an analyst of 3273 sees %+v", own)
	}
}

// A published figure can be told again as it was known then, whatever was reported, reduced or withdrawn since.
func TestAFigureIsToldAgainAsItWasKnown(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	l := report(t, o, "PT Garmen", 120)
	openOn(t, o, "3273", 1, "2026-10-05")
	query := "definition=disnaker_reports&month=2026-12"
	first := figures(t, o, query)
	workers := figures(t, o, "month=2026-10")
	changeLayoff(t, o, &l, "/reduction", map[string]any{"people_planned": 100, "reason": "pesanan baru"})
	second := figures(t, o, query)
	changeLayoff(t, o, &l, "/withdrawal", map[string]any{"reason": "selesai"})
	openOn(t, o, "3273", 2, "2026-10-06")
	last := figures(t, o, query)
	if first.Totals["people"] != 120 || second.Totals["people"] != 100 || last.Totals["people"] != 0 {
		t.Errorf("planned: %d, %d, %d", first.Totals["people"], second.Totals["people"], last.Totals["people"])
	}
	for _, was := range []reportOf{first, second} {
		if again := figures(t, o, query+"&known_at="+
			url.QueryEscape(was.KnownAt.Format(time.RFC3339Nano))); again.Totals["people"] != was.Totals["people"] {
			t.Errorf("known at %s it was %d, told again %d", was.KnownAt, was.Totals["people"], again.Totals["people"])
		}
	}
	again := figures(t, o, "month=2026-10&known_at="+url.QueryEscape(workers.KnownAt.Format(time.RFC3339Nano)))
	if again.Totals["people"] != workers.Totals["people"] || workers.Totals["people"] != 1 {
		t.Errorf("workers: %d, told again %d", workers.Totals["people"], again.Totals["people"])
	}
	if a := o.Call(t, http.MethodGet, "/v1/reports/layoffs?month=2026-10&known_at=2999-01-01T00:00:00Z",
		nil); a.Code() != "statistics.known_in_future" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

func TestJobsSavedAreCountedByRegionAndIndustry(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	l, gone := report(t, o, "PT Garmen", 120), report(t, o, "PT Sepatu", 30)
	changeLayoff(t, o, &l, "/prevention", map[string]any{"measures": map[string]string{"reduce_shifts": "agreed",
		"rotate_furlough": "done"}, "jobs_saved": 45})
	changeLayoff(t, o, &gone, "/withdrawal", map[string]any{"reason": "batal"})
	const path = "prevention?from=2026-01-01&until=2026-12-31"
	r := reported(t, o, path)
	if row := r.Items[0]; r.Totals["planned"] != 150 || r.Totals["saved"] != 75 || len(r.Items) != 1 ||
		row.Keys[1].Code != "14" || row.Keys[1].Label != "14 Industri Pengolahan" || row.Values["withdrawn"] != 1 {
		t.Errorf("%+v", r)
	}
	if r := reported(t, b.Officer(t, authz.Analyst, "3204"), path); r.Totals["planned"] != 0 || len(r.Items) != 0 {
		t.Errorf("another office: %+v", r)
	}
}

// What a report gives under a period and a region is what the list of cases counts under the same.
func TestReportsAreWhatTheListsCount(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "32")
	for n, day := range []string{"2026-08-31", "2026-09-01", "2026-09-15", "2026-09-30", "2026-10-01", "2026-10-05"} {
		openOn(t, o, []string{"3273", "3204"}[n%2], n+1, day)
	}
	worker, _ := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.CaseWorker, "3204")
	var list struct{ Items []apitest.Case }
	o.Call(t, http.MethodGet, "/v1/cases?region=3273&limit=2", nil).JSON(t, &list)
	for i, c := range list.Items {
		if i == 0 {
			o.Change(t, &c, "/assignment", map[string]any{"officer": worker.ID.String()})
		}
		o.Change(t, &c, "/transitions", map[string]any{"to": "training"})
		if a := o.Change(t, &c, "/referrals", map[string]any{"kind": "service", "to": "3204",
			"service": "training"}); a.Status != http.StatusCreated {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	if err := b.Store.Rollup(t.Context()); err != nil {
		t.Fatal(err)
	}
	count := func(filter string) (n int) {
		t.Helper()
		var counts struct{ Total int }
		a := o.Call(t, http.MethodGet, "/v1/cases/counts?"+filter, nil)
		if a.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", filter, a.Status, a.Body)
		}
		a.JSON(t, &counts)
		return counts.Total
	}
	compared := 0
	for _, region := range []string{"", "&region=3273", "&region=3204"} {
		for _, days := range [][2]string{{"2026-09-01", "2026-09-30"}, {"2026-09-02", "2026-10-01"},
			{"2026-01-01", "2026-12-31"}} {
			report := "?from=" + days[0] + "&until=" + days[1] + region
			filter := "terminated_from=" + days[0] + "&terminated_until=" + days[1] + region
			for _, row := range reported(t, o, "stages"+report).Items {
				compared++
				if want := count(filter + "&stage=" + row.Item); row.Values["people"] != want {
					t.Errorf("%s%s: %d, the list counts %d", row.Item, report, row.Values["people"], want)
				}
			}
			for _, row := range reported(t, o, "stages"+report+"&by=officer").Items {
				compared++
				want := count(filter + "&stage=" + row.Item + "&officer=" + row.Keys[0].Code)
				if row.Values["people"] != want {
					t.Errorf("%s of %v%s: %v, the list counts %d", row.Item, row.Keys, report, row.Values, want)
				}
			}
			got, want := reported(t, o, "funnel"+report), count(filter)
			if got.Items[0].Values["people"] != want || !got.Overlaps || len(got.Totals) != 0 {
				t.Errorf("the funnel%s is %+v, the list counts %d", report, got, want)
			}
		}
	}
	if compared < 50 {
		t.Errorf("only %d figures were compared", compared)
	}
	if got := reported(t, o, "load?by=officer").told(); got != worker.ID.String()+":1" {
		t.Errorf("the load by officer is %s", got)
	}
	if got := reported(t, o, "load").told(); got != "3204:3 3273:3" {
		t.Errorf("the load by office is %s", got)
	}
	if got := reported(t, o, "ages?by=regency").told(); got != "3204:0-30:3 3273:0-30:3" {
		t.Errorf("the ages of open cases: %s", got)
	}
	if got := reported(t, o, "referrals").told(); got != "3204:2" {
		t.Errorf("referrals that wait: %s", got)
	}
	if got := reported(t, o, "layoffs?by=province,month").told(); got != "32:2026-08:1 32:2026-09:3 32:2026-10:2" {
		t.Errorf("by province and month: %s", got)
	}
}

// One report in every form: named for people in the language asked for, with units, under a telling name.
func TestAReportHasTheSameForms(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	openOn(t, o, "3273", 1, "2026-09-15")
	openOn(t, o, "3273", 2, "2026-11-15")
	if err := b.Store.Rollup(t.Context()); err != nil {
		t.Fatal(err)
	}
	const path = "/v1/reports/stages?from=2026-09-01&until=2026-11-30&by=month&region=3273"
	for _, c := range []struct{ query, accept, kind, name, holds string }{
		{"&format=csv", "", "text/csv; charset=utf-8", "tanggap-stages-3273-from-2026-09-01-until-2026-11-30-by-month.csv",
			"Kode Bulan,Bulan,Kode Rincian,Rincian,Pekerja (orang),Dari (menurut tanggal PHK)," +
				"Sampai (menurut tanggal PHK),Keadaan pada\n" +
				"2026-09,September 2026,intake,Penerimaan,1,2026-09-01,2026-11-30,20"},
		{"&lang=en", "text/csv", "text/csv; charset=utf-8", ".csv", "2026-10,October 2026,intake,Intake,0,"},
		{"", "image/svg+xml;q=0.9, */*", "image/svg+xml", ".svg", "<title>November 2026: 1</title>"},
		{"&format=svg&lang=en", "text/csv", "image/svg+xml", "inline; ", "Cases by stage"},
		{"", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
			"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx", "PK"},
		{"", "text/html, */*;q=0.1", "application/json", "", `"unit_label":"orang"`},
		{"&format=json", "text/csv", "application/json", "", `"label":"Oktober 2026"`},
	} {
		a := o.Call(t, http.MethodGet, path+c.query, nil, "Accept", c.accept)
		if a.Status != http.StatusOK || a.Header.Get("Content-Type") != c.kind ||
			!strings.Contains(string(a.Body), c.holds) || !strings.Contains(a.Header.Get("Content-Disposition"), c.name) {
			t.Errorf("%s %s: %d %v\n%s", c.query, c.accept, a.Status, a.Header, a.Body)
		}
	}
	book, err := excelize.OpenReader(bytes.NewReader(o.Call(t, http.MethodGet, path+"&format=xlsx", nil).Body))
	if err != nil {
		t.Fatal(err)
	}
	kind, err := book.GetCellType("Sheet1", "E2")
	if err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("a figure of the spreadsheet is no number: %v %v", kind, err)
	}
	for query, want := range map[string]string{"year=2026&from=2026-01-01": "report.alone",
		"month=2026-10&year=2026": "report.alone",
		"month=2026-13":           "calendar.date_invalid", "measure=year_to_date": "report.month_needed",
		"month=2026-10&measure=period": "report.not_of_layoffs", "by=officer,officer": "report.by_twice",
		"by=week": "input.one_of", "by=month,officer,sector": "input.items", "stage=intake": "input.unknown_parameter",
		"format=pdf": "input.one_of", "from=": "input.empty"} {
		a := o.Call(t, http.MethodGet, "/v1/reports/stages?"+query, nil)
		if !strings.Contains(string(a.Body), want) || a.Status < http.StatusBadRequest {
			t.Errorf("%s: %d %s, want %s", query, a.Status, a.Body, want)
		}
	}
	if a := o.Call(t, http.MethodGet, "/v1/reports/outcome", nil); a.Status != http.StatusUnprocessableEntity ||
		!strings.Contains(string(a.Body), "time_to_placement") {
		t.Errorf("a report that is not there: %d %s", a.Status, a.Body)
	}
}

// Who may count workers and not see the load of officers is told no figure by officer.
func TestFiguresByOfficerNeedTheLoad(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	for path, allowed := range map[string]bool{"stages?by=officer": false, "load": false, "load?by=province": false,
		"stages?by=month,officer": false, "stages?by=month": true, "layoffs": true} {
		for role, may := range map[authz.Role]bool{authz.Analyst: allowed, authz.Supervisor: true, authz.Auditor: true} {
			a := b.Officer(t, role, "3273").Call(t, http.MethodGet, "/v1/reports/"+path, nil)
			if good := a.Status == http.StatusOK; good != may || !good && a.Code() != "report.officers_need_load" {
				t.Errorf("%s asks for %s: %d %s", role, path, a.Status, a.Body)
			}
		}
	}
}
