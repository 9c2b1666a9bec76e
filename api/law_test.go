package api_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/lawbook"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/store/lawstore"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/policies"
)

type lawAnswer struct {
	ID, State   string
	Settled     bool
	Layoffs     int `json:"layoffs_moved"`
	Cases       int `json:"cases_moved"`
	Differences []struct{ Key, Before, After string }
}

// calendarOf is the list of holidays with further days.
func calendarOf(t *testing.T, days ...string) string {
	t.Helper()
	list, err := policies.FS.ReadFile(lawbook.HolidaysPath)
	if err != nil {
		t.Fatal(err)
	}
	text := string(list)
	for _, day := range days {
		text += day + ",Libur,national\n"
	}
	return text
}

func putLaw(t *testing.T, o *apitest.Officer, content, effective string) (r lawAnswer) {
	t.Helper()
	a := o.Call(t, http.MethodPost, "/v1/law", map[string]any{"content": content, "effective_from": effective,
		"reason": "SKB 3 Menteri"})
	if a.Status != http.StatusCreated {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	a.JSON(t, &r)
	return r
}

func approveLaw(t *testing.T, o *apitest.Officer, id string) apitest.Answer {
	t.Helper()
	o.Confirm(t)
	return o.Call(t, http.MethodPost, "/v1/law/"+id+"/approval", nil)
}

// stopping is a store that is killed when it is to keep its progress for the n-th time.
type stopping struct {
	*lawstore.Laws
	left int
}

func (s *stopping) KeepProgress(ctx context.Context, id uuid.UUID, p lawbook.Progress) error {
	if s.left--; s.left < 0 {
		return errors.New("killed")
	}
	return s.Laws.KeepProgress(ctx, id, p)
}

func settler(b *apitest.Bundle, affected lawbook.Affected) *lawbook.Settler {
	return &lawbook.Settler{Store: b.Store.Laws, Affected: affected, Book: b.Services.Law.Book,
		Services: func() (*layoff.Service, *track.Service) { return b.Services.Layoffs, b.Services.Tracks }}
}

// A calendar that two officers of the nation's office let hold moves the deadlines of open layoffs and the windows of
// claims, once and on record, also when the work is killed in the middle; and another server goes by it, too.
func TestACalendarMovesDaysAtOnce(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	second := apitest.With(t, apitest.Setup{Database: b.Database})
	one, two := b.Officer(t, authz.Administrator, ""), b.Officer(t, authz.Administrator, "")
	o, there := b.Officer(t, authz.Supervisor, "3273"), second.Officer(t, authz.Supervisor, "3273")
	var layoffs []layoffAnswer
	for _, name := range []string{"PT Satu", "PT Dua", "PT Tiga"} {
		a := o.Call(t, http.MethodPost, "/v1/layoffs", map[string]any{"employer": map[string]any{"name": name,
			"region": "3273"}, "reason": "EFFICIENCY_LOSS", "planned_on": "2028-01-20", "people_planned": 10})
		if a.Status != http.StatusCreated {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		var l layoffAnswer
		a.JSON(t, &l)
		layoffs = append(layoffs, l)
	}
	c := o.Open(t, "3273", 1, "Siti")
	o.Change(t, &c, "/claims", entitled(nil))
	if a := o.Change(t, &c, "/claims/decision", map[string]any{}); c.Claim != "running" {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	clock := func(o *apitest.Officer) string {
		return string(o.Call(t, http.MethodGet, "/v1/layoffs/"+layoffs[0].ID+"/clocks", nil).Body)
	}
	before := clock(there)
	spring := []string{"2027-05-18", "2027-05-19", "2027-05-21", "2027-05-24", "2027-05-25", "2027-05-26"}
	r := putLaw(t, one, calendarOf(t, append(spring, "2028-01-10", "2028-01-11")...), "2027-04-01")
	if before != clock(there) {
		t.Error("a file holds that nobody has approved")
	}
	var shown lawAnswer
	two.Call(t, http.MethodGet, "/v1/law/"+r.ID, nil).JSON(t, &shown)
	if len(shown.Differences) != len(spring)+2 {
		t.Errorf("differences: %+v", shown.Differences)
	}
	if a := approveLaw(t, one, r.ID); a.Status != http.StatusForbidden || a.Code() != "law.own" {
		t.Errorf("one's own: %d %s", a.Status, a.Body)
	}
	if a := approveLaw(t, two, r.ID); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if clock(o) == before {
		t.Error("the server that approved goes by the old calendar")
	}
	if err := second.Services.Law.Book.Refresh(t.Context()); err != nil || clock(there) == before {
		t.Errorf("another server goes by the old calendar: %v", err)
	}
	id, later := uuid.MustParse(r.ID), time.Now().Add(time.Hour)
	for left := range 3 {
		if _, err := settler(b, &stopping{b.Store.Laws, left}).Settle(t.Context(), id, later); err == nil {
			t.Fatal("it was not killed")
		}
	}
	if wait, err := settler(b, b.Store.Laws).Settle(t.Context(), id, time.Now().Add(-time.Hour)); err != nil || wait <= 0 {
		t.Errorf("it does not wait for the other servers: %s, %v", wait, err)
	}
	if wait, err := settler(second, second.Store.Laws).Settle(t.Context(), id, later); err != nil || wait != 0 {
		t.Fatalf("%s, %v", wait, err)
	}
	for _, l := range layoffs {
		var now layoffAnswer
		o.Call(t, http.MethodGet, "/v1/layoffs/"+l.ID, nil).JSON(t, &now)
		history := string(o.Call(t, http.MethodGet, "/v1/layoffs/"+l.ID+"/history", nil).Body)
		if now.DueOn >= l.DueOn || now.DueOn == "" || strings.Count(history, "layoff.law_changed") != 1 ||
			!strings.Contains(history, two.ID.String()) || !strings.Contains(history, r.ID) {
			t.Errorf("from %s to %s: %s", l.DueOn, now.DueOn, history)
		}
	}
	history := string(o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/history", nil).Body)
	if strings.Count(history, "case.law_changed") != 1 || !strings.Contains(history, "opens_on_before") {
		t.Errorf("the windows of the claim: %s", history)
	}
	two.Call(t, http.MethodGet, "/v1/law/"+r.ID, nil).JSON(t, &shown)
	if !shown.Settled || shown.Cases != 1 {
		t.Errorf("told as %+v", shown)
	}
	c.Version = 4
	if a := o.Change(t, &c, "/history/4/reversal", map[string]any{"reason": "x"}); a.Code() != "entry.lasting" {
		t.Errorf("what the law did is voided: %s", a.Body)
	}
	if _, found, err := b.Store.Verify(t.Context(), audit.Published{}, nil); err != nil || found != nil {
		t.Errorf("the histories: %+v, %v", found, err)
	}
}

// The law is the nation's: a region's administrator puts nothing in, approves nothing, and takes nothing back. A file
// is refused as its loader refuses it, and a content that was changed in the database is not read.
func TestWhoChangesTheLaw(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	one, two := b.Officer(t, authz.Administrator, ""), b.Officer(t, authz.Administrator, "")
	region, worker := b.Officer(t, authz.Administrator, "32"), b.Officer(t, authz.CaseWorker, "")
	body := map[string]any{"content": calendarOf(t, "2028-01-10"), "effective_from": "2028-01-01", "reason": "SKB"}
	r := putLaw(t, one, calendarOf(t, "2028-01-11"), "2028-01-01")
	region.Confirm(t)
	worker.Confirm(t)
	for path, body := range map[string]any{"/v1/law": body, "/v1/law/" + r.ID + "/approval": nil,
		"/v1/law/" + r.ID + "/withdrawal": map[string]any{"reason": "x"}} {
		if a := region.Call(t, http.MethodPost, path, body); a.Status != http.StatusForbidden ||
			a.Code() != "law.nation_only" {
			t.Errorf("%s in a region: %d %s", path, a.Status, a.Body)
		}
		if a := worker.Call(t, http.MethodPost, path, body); a.Status != http.StatusForbidden ||
			a.Code() != "authz.forbidden" {
			t.Errorf("%s without the right: %d %s", path, a.Status, a.Body)
		}
	}
	for content, says := range map[string]string{"date,name,kind\n2028-02-30,X,national\n": "2028-02-30",
		"programme: jkp\nkind: rules\n": "line"} {
		a := one.Call(t, http.MethodPost, "/v1/law", map[string]any{"content": content, "effective_from": "2028-01-01",
			"reason": "x"}, "Accept-Language", "en")
		if a.Status != http.StatusUnprocessableEntity || a.Code() != "law.file_invalid" ||
			!strings.Contains(string(a.Body), says) {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
	if a := one.Call(t, http.MethodGet, "/v1/law/"+uuid.NewString(), nil); a.Status != http.StatusNotFound {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := approveLaw(t, two, r.ID); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := two.Call(t, http.MethodPost, "/v1/law/"+r.ID+"/withdrawal",
		map[string]any{"reason": "x"}); a.Code() != "law.own" {
		t.Errorf("taken back alone: %d %s", a.Status, a.Body)
	}
	if a := one.Call(t, http.MethodPost, "/v1/law/"+r.ID+"/withdrawal",
		map[string]any{"reason": "x"}); a.Status != http.StatusOK ||
		b.Services.Law.Book.Law().Calendar.Known(2028) {
		t.Errorf("taken back: %d %s", a.Status, a.Body)
	}
}

// A version that is about to be replaced says so in every decision under it, in the reader's language.
func TestAVersionUnderReplacementIsTold(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	one, two := b.Officer(t, authz.Administrator, ""), b.Officer(t, authz.Administrator, "")
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	o.Change(t, &c, "/claims", entitled(nil))
	told := func() string {
		return string(o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/claims/assessment", nil, "Accept-Language", "en").Body)
	}
	if strings.Contains(told(), "under_replacement") {
		t.Error("told without a reason")
	}
	text, err := policies.FS.ReadFile("programmes/jkp/pp-6-2025.yaml")
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), "\nvalid_from: 2025-02-07",
		"\nvalid_from: 2025-02-07\nunder_replacement: {looked_at: 2026-11-28, note: {id: Rancangan, en: A draft is read}}", 1)
	if a := approveLaw(t, two, putLaw(t, one, changed, "2026-11-28").ID); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if got := told(); !strings.Contains(got, `"under_replacement":[{"version":"jkp/pp-6-2025","looked_at":"2026-11-28",`+
		`"note":"A draft is read"}]`) {
		t.Errorf("not told: %s", got)
	}
}

// What a request has begun ends under its law; services under another law keep nothing of the one before.
func TestServicesUnderAnotherLaw(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	before := b.Services
	other, err := lawbook.Built(policies.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	after := before.Under(other)
	if after.Tracks.Cases != after.Cases || after.Documents.Tracks != after.Tracks ||
		after.Intakes.Layoffs != after.Layoffs ||
		after.Merger.Cases != after.Cases || after.Matching.Cases != after.Cases || after.Privacy.Cases != after.Cases {
		t.Error("a service calls one of the law before")
	}
	if after.Tracks.Calendar != other.Calendar || after.Layoffs.Calendar != other.Calendar ||
		after.Cases.JKP != other.Programmes.JKP ||
		after.Tracks.JKP != other.Programmes.JKP || after.Programmes != other.Programmes ||
		before.Programmes == other.Programmes {
		t.Error("a service goes by the law before")
	}
}

// A calendar that moved the days of layoffs is taken back before it holds: every day is that of before again, and both
// moves stand in the history, each with the officer behind it.
func TestASettledLawThatIsTakenBackMovesEverythingBack(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	one, two := b.Officer(t, authz.Administrator, ""), b.Officer(t, authz.Administrator, "")
	o := b.Officer(t, authz.Supervisor, "3273")
	a := o.Call(t, http.MethodPost, "/v1/layoffs", map[string]any{"employer": map[string]any{"name": "PT Satu",
		"region": "3273"}, "reason": "EFFICIENCY_LOSS", "planned_on": "2028-01-20", "people_planned": 10})
	if a.Status != http.StatusCreated {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	var l layoffAnswer
	a.JSON(t, &l)
	days := func() (clocks, due string) {
		var now layoffAnswer
		o.Call(t, http.MethodGet, "/v1/layoffs/"+l.ID, nil).JSON(t, &now)
		return string(o.Call(t, http.MethodGet, "/v1/layoffs/"+l.ID+"/clocks", nil).Body), now.DueOn
	}
	r := putLaw(t, one, calendarOf(t, "2028-01-10", "2028-01-11"), "2028-01-01")
	settle := func() {
		later := time.Now().Add(time.Hour)
		if wait, err := settler(b, b.Store.Laws).Settle(t.Context(), uuid.MustParse(r.ID), later); err != nil || wait != 0 {
			t.Fatalf("settle: %s, %v", wait, err)
		}
	}
	clocks, due := days()
	if a := approveLaw(t, two, r.ID); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	settle()
	if moved, dueThen := days(); moved == clocks || dueThen >= due {
		t.Errorf("nothing moved: due on %s, and on %s before", dueThen, due)
	}
	if a := one.Call(t, http.MethodPost, "/v1/law/"+r.ID+"/withdrawal",
		map[string]any{"reason": "SKB dicabut"}); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	settle()
	if back, dueBack := days(); back != clocks || dueBack != due {
		t.Errorf("due on %s, and on %s before; %s", dueBack, due, back)
	}
	history := string(o.Call(t, http.MethodGet, "/v1/layoffs/"+l.ID+"/history", nil).Body)
	if strings.Count(history, `"layoff.law_changed"`) != 2 || !strings.Contains(history, two.ID.String()) ||
		!strings.Contains(history, one.ID.String()) {
		t.Errorf("the history: %s", history)
	}
	var told lawAnswer
	two.Call(t, http.MethodGet, "/v1/law/"+r.ID, nil).JSON(t, &told)
	if told.State != "withdrawn" || !told.Settled {
		t.Errorf("told as %+v", told)
	}
	if _, found, err := b.Store.Verify(t.Context(), audit.Published{}, nil); err != nil || found != nil {
		t.Errorf("the histories: %+v, %v", found, err)
	}
}
