package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/region"
)

type stageCounts struct {
	Stages map[string]int
	Total  *int
	Hidden []string
}

func countsOf(t *testing.T, o *apitest.Officer, query string) (c stageCounts) {
	t.Helper()
	a := o.Call(t, http.MethodGet, "/v1/cases/counts"+query, nil)
	if a.Status != http.StatusOK {
		t.Fatalf("%s: %d %s", query, a.Status, a.Body)
	}
	a.JSON(t, &c)
	return c
}

// crowd opens cases in an office, and moves some of them to the next stage.
func crowd(t *testing.T, o *apitest.Officer, code region.Code, from, n, trained int) {
	t.Helper()
	for i := range n {
		c := o.Open(t, code, from+i, "Siti")
		if i < trained {
			o.Change(t, &c, "/transitions", map[string]any{"to": "training"})
		}
	}
}

// Who may not see the workers is shown no number of them that is as good as a name, nor what it could be reckoned from;
// who may see them is shown every number.
func TestSmallNumbersAreHiddenFromWhoMayNotSeeThePeople(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	bandung, kabupaten := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3204")
	crowd(t, bandung, "3273", 1, 12, 3)
	crowd(t, kabupaten, "3204", 20, 2, 0)
	analyst, province := b.Officer(t, authz.Analyst, "32"), b.Officer(t, authz.Supervisor, "32")
	if got := countsOf(t, province, "?region=3273"); got.Stages["training"] != 3 || got.Stages["intake"] != 9 ||
		*got.Total != 12 || got.Hidden != nil {
		t.Errorf("a supervisor is shown %+v", got)
	}
	// 3 of 12 alone would follow from the total: the 9 are hidden with them.
	if got := countsOf(t, analyst, "?region=3273"); len(got.Hidden) != 2 || got.Total == nil || *got.Total != 12 ||
		len(got.Stages) != 3 {
		t.Errorf("an analyst is shown %+v", got)
	}
	if got := countsOf(t, analyst, "?region=3204"); len(got.Hidden) != 1 || got.Total != nil {
		t.Errorf("of two workers an analyst is shown %+v", got)
	}
	if got := countsOf(t, analyst, "?region=3578"); got.Total == nil || *got.Total != 0 || got.Hidden != nil {
		t.Errorf("of nobody an analyst is shown %+v", got)
	}
	// Who is analyst of the province and case worker of one office sees the people there, and only there.
	if got := countsOf(t, b.Officer(t, authz.CaseWorker, "3204"), ""); *got.Total != 2 {
		t.Errorf("a case worker is shown %+v", got)
	}
	if err := b.Store.Rollup(t.Context()); err != nil {
		t.Fatal(err)
	}
	figures := func(o *apitest.Officer, path string) string {
		t.Helper()
		a := o.Call(t, http.MethodGet, "/v1/reports/"+path, nil)
		if a.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", path, a.Status, a.Body)
		}
		return string(a.Body)
	}
	for path, want := range map[string][2]string{
		"stages?region=3273": {`"values":{"people":3}`,
			`"item":"training","label":"Pelatihan","values":{},"hidden":["people"]`},
		"funnel?region=3204":            {`"values":{"people":2}`, `"item":"opened"`},
		"stages?region=3273&format=csv": {"Pelatihan,3,", "Pelatihan,*,"},
		"stages?region=3273&format=svg": {": 3</title>", ": *</title>"},
	} {
		exact, hidden := figures(province, path), figures(analyst, path)
		if !strings.Contains(exact, want[0]) {
			t.Errorf("%s: a supervisor is shown %s", path, exact)
		}
		if !strings.Contains(hidden, want[1]) || strings.Contains(hidden, want[0]) {
			t.Errorf("%s: an analyst is shown %s", path, hidden)
		}
	}
}

// A region that is not the caller's is refused by the reports: no figures are not the figure of nobody. And what was
// never counted was not counted in the year 1.
func TestReportsRefuseForeignRegions(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "32")
	for _, path := range []string{"funnel?region=", "stages?format=csv&office=", "claims?format=svg&region=",
		"layoffs?month=2026-10&region=", "prevention?from=2026-01-01&until=2026-12-31&region=", "load?region=",
		"matching?region=", "referrals?office=", "outcomes?by=officer&region="} {
		for code, status := range map[string]int{"33": http.StatusForbidden, "3301": http.StatusForbidden,
			"3273": http.StatusOK, "32": http.StatusOK, "99": http.StatusUnprocessableEntity} {
			if a := o.Call(t, http.MethodGet, "/v1/reports/"+path+code, nil); a.Status != status ||
				status == http.StatusForbidden && a.Code() != "report.region_out_of_scope" {
				t.Errorf("%s%s: %d %s", path, code, a.Status, a.Body)
			}
		}
		if a := b.Officer(t, authz.Supervisor, "3273").Call(t, http.MethodGet, "/v1/reports/"+path+"32",
			nil); a.Status != http.StatusOK {
			t.Errorf("%s: of a province the part that is the caller's: %d %s", path, a.Status, a.Body)
		}
	}
	if a := o.Call(t, http.MethodGet, "/v1/reports/funnel", nil); strings.Contains(string(a.Body), "counted_at") ||
		strings.Contains(string(a.Body), "age_seconds") {
		t.Errorf("before anything was counted: %s", a.Body)
	}
}

// What stands in the database from before the rule of texts breaks no table and no picture.
func TestOutputsHoldWhatIsStoredAlready(t *testing.T) {
	t.Parallel()
	w := &atlas{Bundle: apitest.New(t)}
	o := w.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	o.Change(t, &c, "/trainings", map[string]any{"scheme": "blk", "provider": "BLK", "programme": "Las",
		"starts_on": "2026-11-01"})
	w.superuser(t, "update training set state = 'completed', provider = ' ＝1+1' || chr(1) || '<b>'")
	if err := w.Store.Rollup(t.Context()); err != nil {
		t.Fatal(err)
	}
	table := string(o.Call(t, http.MethodGet, "/v1/reports/providers?format=csv", nil).Body)
	chart := string(o.Call(t, http.MethodGet, "/v1/reports/providers?format=svg", nil).Body)
	if !strings.Contains(table, "' ＝1+1\ufffd<b>") || strings.Contains(table, "\x01") {
		t.Errorf("the table: %q", table)
	}
	if !strings.Contains(chart, "\ufffd&lt;b&gt;") || strings.Contains(chart, "\x01") {
		t.Errorf("the picture: %q", chart)
	}
}

// A rate says nothing of a number that is hidden: neither of so few hits, nor of so few who were hired.
func TestARateTellsNoSmallNumber(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	supervisor, analyst := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Analyst, "3273")
	conn := b.Database.Admin(t)
	do := func(sql string, args ...any) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	do("set session_replication_role = replica")
	hire := func(n, rank int) {
		do(`with a as (insert into application (id, case_id, region, employer, position, state, applied_on, vacancy_id)
				select gen_random_uuid(), gen_random_uuid(), '3273', 'PT', 'x', 'hired', '2026-11-01', gen_random_uuid()
				from generate_series(1, $1) returning case_id, vacancy_id)
			insert into proposal (id, case_id, region, vacancy_id, employer, position, rank, score, state, proposed_on)
			select gen_random_uuid(), case_id, '3273', vacancy_id, 'PT', 'x', $2, 50, 'hired', '2026-11-01' from a`, n, rank)
	}
	type judged struct{ Hired, Hits, Rate *int }
	rate := func(o *apitest.Officer) (got judged) {
		t.Helper()
		r := reported(t, o, "matching")
		for figure, to := range map[string]**int{"hired": &got.Hired, "hits": &got.Hits, "hit_rate": &got.Rate} {
			if n, told := r.Items[0].Values[figure]; told {
				*to = &n
			}
		}
		return got
	}
	hire(3, 1)
	hire(17, 0)
	if got := rate(supervisor); got.Rate == nil || *got.Rate != 15 || *got.Hits != 3 {
		t.Errorf("a supervisor is shown %+v", got)
	}
	if got := rate(analyst); got.Hired == nil || *got.Hired != 20 || got.Hits != nil || got.Rate != nil {
		t.Errorf("of three hits an analyst is shown %+v", got)
	}
	hire(10, 10)
	if got := rate(analyst); got.Hits == nil || *got.Hits != 13 || got.Rate == nil || *got.Rate != 43 {
		t.Errorf("of thirteen an analyst is shown %+v", got)
	}
}
