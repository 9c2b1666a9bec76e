package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/region"
)

type layoffAnswer struct {
	ID, State string
	Version   int
	DueOn     string `json:"due_on"`
	DueFor    string `json:"due_for"`
	Cases     int
	JobsSaved int `json:"jobs_saved"`
}

func report(t *testing.T, o *apitest.Officer, employer string, planned int) (l layoffAnswer) {
	t.Helper()
	a := o.Call(t, http.MethodPost, "/v1/layoffs", map[string]any{"employer": map[string]any{"name": employer,
		"region": "3273", "kbli": "14111", "kbli_edition": "2020"}, "reason": "EFFICIENCY_LOSS", "planned_on": "2026-12-01",
		"people_planned": planned})
	if a.Status != http.StatusCreated {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	a.JSON(t, &l)
	return l
}

func changeLayoff(t *testing.T, o *apitest.Officer, l *layoffAnswer, path string, body any) apitest.Answer {
	t.Helper()
	a := o.Call(t, http.MethodPost, "/v1/layoffs/"+l.ID+path, body, "If-Match", rest.ETag(l.Version))
	if a.Status < http.StatusMultipleChoices {
		*l = layoffAnswer{}
		a.JSON(t, l)
	}
	return a
}

// openUnder opens a case that belongs to a layoff.
func openUnder(t *testing.T, o *apitest.Officer, code region.Code, n int, layoff string) (c apitest.Case) {
	t.Helper()
	a := o.Call(t, http.MethodPost, "/v1/cases", map[string]any{"region": code, "terminated_on": "2026-10-01",
		"layoff": layoff, "worker": apitest.Worker(code, n, "Siti")})
	if a.Status != http.StatusCreated {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	a.JSON(t, &c)
	return c
}

// An officer takes a layoff through notice, talks and their minutes; each clock has its due day and its article, the
// overdue one reaches the list, and every step stands in the history.
func TestALayoffGoesThroughItsProcedure(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, other := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.CaseWorker, "3204")
	l := report(t, o, "PT Garmen", 120)
	if a := changeLayoff(t, o, &l, "/events", map[string]any{
		"event": "negotiation_closed"}); a.Code() != "layoff.event_refused" || !strings.Contains(string(a.Body),
		"negotiation_started") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	for _, h := range []map[string]any{{"event": "notice_delivered", "on": "2026-06-01", "document": "12/HRD/VI/2026"},
		{"event": "negotiation_started", "on": "2026-06-08"}} {
		if a := changeLayoff(t, o, &l, "/events", h); a.Status != http.StatusOK {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	if l.State != "negotiating" || l.DueFor != "refusal" && l.DueFor != "bipartite" || l.Version != 3 {
		t.Errorf("%+v", l)
	}
	var clocks struct {
		Items []struct {
			Step, State, Article string
			DueOn                string `json:"due_on"`
		}
	}
	o.Call(t, http.MethodGet, "/v1/layoffs/"+l.ID+"/clocks?on=2026-06-10", nil).JSON(t, &clocks)
	seen := map[string]string{}
	for _, c := range clocks.Items {
		if c.Article == "" || c.DueOn == "" {
			t.Errorf("%+v", c)
		}
		seen[c.Step] = c.State
	}
	if seen["bipartite"] != "running" || seen["refusal"] != "running" || seen["notice"] != "running" {
		t.Errorf("clocks: %v", seen)
	}
	var overdue struct{ Items []layoffAnswer }
	o.Call(t, http.MethodGet, "/v1/layoffs?overdue=true", nil).JSON(t, &overdue)
	if len(overdue.Items) != 1 || overdue.Items[0].ID != l.ID {
		t.Errorf("overdue: %+v", overdue)
	}
	if a := other.Call(t, http.MethodGet, "/v1/layoffs?overdue=true", nil); strings.Contains(string(a.Body), l.ID) {
		t.Error("another office sees it")
	}
	a := o.Call(t, http.MethodGet, "/v1/layoffs/"+l.ID+"/history", nil)
	for _, want := range []string{"layoff.reported", "notice_delivered", "negotiation_started", "12/HRD/VI/2026"} {
		if !strings.Contains(string(a.Body), want) {
			t.Errorf("%s is not in the history: %s", want, a.Body)
		}
	}
	if a := o.Call(t, http.MethodPost, "/v1/layoffs/"+l.ID+"/events", map[string]any{"event": "terminated"}, "If-Match",
		`"1"`); a.Code() != "layoff.stale" {
		t.Errorf("an old version: %d %s", a.Status, a.Body)
	}
}

// A layoff that is withdrawn closes its cases in every office, each with its entry, in one transaction; benefits that
// run are left alone; and no case is opened from it any more, not even by an office that cannot see it.
func TestAWithdrawnLayoffLeavesNoCaseBehind(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	ministry, bandung, kabupaten := b.Officer(t, authz.Supervisor, ""), b.Officer(t, authz.Supervisor, "3273"),
		b.Officer(t, authz.Supervisor, "3204")
	l := report(t, bandung, "PT Garmen", 3)
	own, far, paid := openUnder(t, ministry, "3273", 1, l.ID), openUnder(t, ministry, "3204", 2, l.ID),
		openUnder(t, ministry, "3273", 3, l.ID)
	running := openUnder(t, ministry, "3273", 5, l.ID)
	ministry.Change(t, &running, "/claims", entitled(nil))
	ministry.Change(t, &running, "/claims/decision", map[string]any{})
	stranger := ministry.Open(t, "3273", 4, "Bukan")
	ministry.Change(t, &paid, "/claims", entitled(nil))
	if a := changeLayoff(t, b.Officer(t, authz.CaseWorker, "3273"), &l, "/withdrawal",
		map[string]any{"reason": "x"}); a.Status != http.StatusForbidden {
		t.Errorf("a case worker withdrew it: %d", a.Status)
	}
	if a := changeLayoff(t, bandung, &l, "/withdrawal",
		map[string]any{"reason": "Pesanan \"baru\" masuk"}); a.Status != http.StatusOK || l.State != "withdrawn" {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	for _, c := range []struct {
		c     apitest.Case
		stage string
	}{{own, "closed"}, {far, "closed"}, {paid, "intake"}, {running, "intake"}, {stranger, "intake"}} {
		var now struct{ Stage, Outcome string }
		ministry.Call(t, http.MethodGet, "/v1/cases/"+c.c.ID, nil).JSON(t, &now)
		if now.Stage != c.stage || c.stage == "closed" && now.Outcome != "withdrawn" {
			t.Errorf("%s is %+v, want %s", c.c.ID, now, c.stage)
		}
	}
	if _, found, err := b.Store.Verify(t.Context(), audit.Published{}, nil); err != nil || found != nil {
		t.Errorf("the histories do not verify: %v, %v", found, err)
	}
	a := kabupaten.Call(t, http.MethodPost, "/v1/cases", map[string]any{"region": "3204", "terminated_on": "2026-10-01",
		"layoff": l.ID, "worker": apitest.Worker("3204", 9, "Baru")})
	if a.Code() != "layoff.not_found" {
		t.Errorf("an office that cannot see it: %d %s", a.Status, a.Body)
	}
	a = ministry.Call(t, http.MethodPost, "/v1/cases", map[string]any{"region": "3204", "terminated_on": "2026-10-01",
		"layoff": l.ID, "worker": apitest.Worker("3204", 9, "Baru")})
	if a.Code() != "layoff.withdrawn" {
		t.Errorf("a case was opened from it: %d %s", a.Status, a.Body)
	}
	if a := changeLayoff(t, bandung, &l, "/events",
		map[string]any{"event": "terminated"}); a.Code() != "layoff.withdrawn" {
		t.Errorf("it goes on: %d %s", a.Status, a.Body)
	}
}

// A reduction closes the cases it names, or none at all when one of them is not the layoff's or not the caller's.
func TestAReductionIsWhole(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	ministry, bandung := b.Officer(t, authz.Supervisor, ""), b.Officer(t, authz.Supervisor, "3273")
	l := report(t, bandung, "PT Garmen", 3)
	own, far := openUnder(t, ministry, "3273", 1, l.ID), openUnder(t, ministry, "3204", 2, l.ID)
	body := func(cases ...string) map[string]any {
		return map[string]any{"people_planned": 2, "cases": cases, "reason": "shift dikurangi"}
	}
	if a := changeLayoff(t, bandung, &l, "/reduction", body(own.ID, far.ID)); a.Code() != "layoff.case_not_spared" {
		t.Errorf("a case of another office: %d %s", a.Status, a.Body)
	}
	stage := func(c apitest.Case) string {
		var now apitest.Case
		ministry.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil).JSON(t, &now)
		return now.Stage
	}
	if stage(own) != "intake" || stage(far) != "intake" {
		t.Error("a refused reduction closed a case")
	}
	if a := changeLayoff(t, bandung, &l, "/reduction", body(own.ID)); a.Status != http.StatusOK || stage(own) != "closed" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// MK 168/PUU-XXI/2023: while a termination is disputed the claim is refused or waits, whatever was stated for it; a
// final decision opens it.
func TestADisputeHoldsTheBenefitBack(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	o.Change(t, &c, "/claims", entitled(nil)) // states "dispute": "none"
	result := func() (d assessed) {
		o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/claims/assessment", nil).JSON(t, &d)
		return d
	}
	if d := result(); d.Result != "eligible" {
		t.Fatalf("undisputed: %s by %v", d.Result, d.unmet())
	}
	for _, step := range []struct{ state, on, want string }{{"refused", "2026-10-05", ""}, {"disputed", "2026-10-20", ""},
		{"decided", "2026-11-20", "eligible"}} {
		if a := o.Change(t, &c, "/responses", map[string]any{"state": step.state,
			"on": step.on}); a.Status != http.StatusCreated {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		if d := result(); step.want == "" && d.Result == "eligible" || step.want != "" && d.Result != step.want {
			t.Errorf("%s: %s by %v", step.state, d.Result, d.unmet())
		}
	}
	if a := o.Change(t, &c, "/responses", map[string]any{"state": "accepted"}); a.Code() != "response.transition_refused" {
		t.Errorf("after the decision: %d %s", a.Status, a.Body)
	}
}

// A layoff of another office cannot be pointed at: the answer is that of an id that nobody has.
func TestACaseCannotPointAtAForeignLayoff(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	bandung, kabupaten := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3204")
	foreign := report(t, bandung, "PT Rahasia", 3)
	answers := map[string]apitest.Answer{}
	for _, id := range []string{foreign.ID, uuid.Must(uuid.NewV7()).String(), "x"} {
		answers[id] = kabupaten.Call(t, http.MethodPost, "/v1/cases", map[string]any{"region": "3204",
			"terminated_on": "2026-10-01", "layoff": id, "worker": apitest.Worker("3204", 9, "Baru")})
	}
	for id, a := range answers {
		if a.Code() != "layoff.not_found" || !same(a, answers[foreign.ID]) {
			t.Errorf("%s: %d %s", id, a.Status, a.Body)
		}
	}
	// Nor does a correction lead there.
	c := kabupaten.Open(t, "3204", 8, "Siti Lama")
	own := kabupaten.Call(t, http.MethodPatch, "/v1/cases/"+c.ID, map[string]any{"reason": "x", "layoff": foreign.ID},
		"If-Match", rest.ETag(1))
	none := kabupaten.Call(t, http.MethodPatch, "/v1/cases/"+c.ID,
		map[string]any{"reason": "x", "layoff": uuid.Must(uuid.NewV7()).String()},
		"If-Match", rest.ETag(1))
	if own.Code() != "layoff.not_found" || !same(own, none) {
		t.Errorf("corrected to a foreign one: %d %s, to none: %d %s", own.Status, own.Body, none.Status, none.Body)
	}
}

// Whoever changes a layoff's history behind the program's back is found, like one who changes a case's.
func TestATamperedLayoffIsFound(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"what happened":  `update layoff_history set payload = replace(payload, '2026-06-01', '2026-06-02') where seq = 2`,
		"the last entry": `delete from layoff_history where seq = 2`,
		"the head":       `update layoff set head = sha256('x')`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := apitest.New(t)
			o := b.Officer(t, authz.CaseWorker, "3273")
			l := report(t, o, "PT Garmen", 3)
			changeLayoff(t, o, &l, "/events", map[string]any{"event": "notice_delivered", "on": "2026-06-01"})
			if v, found, err := b.Store.Verify(t.Context(), audit.Published{}, nil); err != nil || found != nil ||
				v.Entries != 2 {
				t.Fatalf("before: %d entries, %v, %v", v.Entries, found, err)
			}
			conn, err := pgx.Connect(t.Context(), b.Database.AdminDSN)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close(t.Context()) }()
			if _, err := conn.Exec(t.Context(), "set session_replication_role = replica; "+sql); err != nil {
				t.Fatal(err)
			}
			if _, found, err := b.Store.Verify(t.Context(), audit.Published{}, nil); err != nil || found == nil ||
				found.Case.String() != l.ID {
				t.Errorf("found %v, %v", found, err)
			}
		})
	}
}

// An office needs the last day for the letter before there is one, and the worker the year to sue: both come of
// themselves.
func TestALayoffHasTheClocksThatCostSomebodyTheCase(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	var l layoffAnswer
	made := o.Call(t, http.MethodPost, "/v1/layoffs", map[string]any{"planned_on": "2026-12-20", "people_planned": 12,
		"employer": map[string]any{"name": "PT Tenun", "region": "3273"}})
	if made.Status != http.StatusCreated {
		t.Fatalf("%d %s", made.Status, made.Body)
	}
	made.JSON(t, &l)
	clocks := func(on string) map[string]string {
		var list struct {
			Items []struct {
				Step, Party, State, Silence string
				DueOn                       string `json:"due_on"`
				Strict                      string `json:"strict_due_on"`
			}
		}
		o.Call(t, http.MethodGet, "/v1/layoffs/"+l.ID+"/clocks?on="+on, nil).JSON(t, &list)
		out := map[string]string{}
		for _, c := range list.Items {
			out[c.Step] = strings.Join([]string{c.Party, c.DueOn, c.Strict, c.State, c.Silence}, " ")
		}
		return out
	}
	if got := clocks("2026-11-23")["notice_letter"]; got != "employer 2026-11-30  running " ||
		l.DueFor != "notice_letter" {
		t.Errorf("letter: %q, due for %s", got, l.DueFor)
	}
	for _, h := range []map[string]any{
		{"event": "notice_delivered", "on": "2026-02-02"}, {"event": "negotiation_refused", "on": "2026-02-05"},
		{"event": "dispute_registered", "on": "2026-02-09"}, {"event": "transfer_received", "on": "2026-03-12"},
		{"event": "mediation_failed", "on": "2026-05-04", "paper": "mediator_letter", "document": "17/MED/2026"},
	} {
		if a := changeLayoff(t, o, &l, "/events", h); a.Status != http.StatusOK {
			t.Fatalf("%v: %d %s", h, a.Status, a.Body)
		}
	}
	got := clocks("2026-11-23")
	if _, still := got["notice_letter"]; still ||
		got["suit"] != "worker 2027-05-04 2027-05-03 running right_to_sue_lost" ||
		got["mediation"] != "mediator 2026-05-04 2026-04-30 kept " {
		t.Errorf("clocks: %v", got)
	}
	if a := o.Call(t, http.MethodGet, "/v1/layoffs/"+l.ID, nil); !strings.Contains(string(a.Body),
		`"paper":"mediator_letter"`) {
		t.Errorf("the paper is not shown: %s", a.Body)
	}
	if a := changeLayoff(t, o, &l, "/events",
		map[string]any{"event": "suit_filed", "paper": "minutes"}); a.Code() != "layoff.paper_refused" {
		t.Errorf("a suit with the paper of a failure: %d %s", a.Status, a.Body)
	}
}
