package api_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/clock"
)

// results is the answer to a change of many cases.
type results struct {
	Items []struct {
		Case, Code, Detail string
		Status, Version    int
	}
	Changed, Refused int
}

func (r results) codes() (list []string) {
	for _, x := range r.Items {
		list = append(list, fmt.Sprint(x.Status, " ", x.Code, " ", x.Version))
	}
	return list
}

func picked(cases ...apitest.Case) []any {
	list := []any{}
	for _, c := range cases {
		list = append(list, map[string]any{"case": c.ID, "version": c.Version})
	}
	return list
}

// pickedAnywhere are cases that are nowhere.
func pickedAnywhere(n int) (list []any) {
	for range n {
		list = append(list, map[string]any{"case": uuid.NewString(), "version": 1})
	}
	return list
}

// Each of many cases is changed or refused by itself, in the order of the request; one that lies elsewhere is answered
// as one that is not there.
func TestManyCasesAreChangedEachByItself(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	supervisor, worker := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.CaseWorker, "3273")
	foreign := b.Officer(t, authz.Supervisor, "3204").Open(t, "3204", 9, "Rahasia")
	b.Officer(t, authz.Supervisor, "3201")
	open := func(n int) apitest.Case { return supervisor.Open(t, "3273", n, "Siti") }
	first, second, stale, closed := open(1), open(2), open(3), open(4)
	supervisor.Change(t, &closed, "/transitions", map[string]any{"to": "closed", "outcome": "withdrawn", "reason": "x"})
	old := stale
	supervisor.Change(t, &stale, "/notes", map[string]any{"text": "x"})
	nowhere := apitest.Case{ID: uuid.Must(uuid.NewV7()).String(), Version: 1}
	versions := func() [2]int { return [2]int{first.Version, second.Version} }
	for path, body := range map[string]map[string]any{"assignments": {"officer": worker.ID.String()},
		"notes": {"text": "sama untuk semua"}, "follow-ups": {"on": "2099-01-01"},
		"referrals": {"kind": "service", "to": "3201", "service": "training"}} {
		body["cases"] = picked(first, old, closed, foreign, nowhere, second)
		a := supervisor.Call(t, http.MethodPost, "/v1/cases/"+path, body)
		var got results
		a.JSON(t, &got)
		before := versions()
		want := fmt.Sprintf("[200  %d 412 case.stale %d 409 case.closed 0 404 case.not_found 0 404 case.not_found 0 200  %d]",
			before[0]+1, stale.Version, before[1]+1)
		if path == "notes" { // a closed case takes a note
			want = fmt.Sprintf("[200  %d 412 case.stale %d 200  %d 404 case.not_found 0 404 case.not_found 0 200  %d]",
				before[0]+1, stale.Version, closed.Version+1, before[1]+1)
		}
		if codes := fmt.Sprint(got.codes()); a.Status != http.StatusOK || codes != want {
			t.Errorf("%s: %d %s, want %s: %s", path, a.Status, codes, want, a.Body)
			continue
		}
		if got.Items[3].Detail != got.Items[4].Detail || got.Changed+got.Refused != 6 {
			t.Errorf("%s: %+v", path, got)
		}
		first.Version, second.Version = first.Version+1, second.Version+1
		if path == "notes" {
			closed.Version++
		}
		for _, refused := range []struct {
			by   *apitest.Officer
			list []any
			code string
		}{
			{supervisor, picked(first, second, first), "case.listed_twice"}, {supervisor, picked(), "input.invalid"},
			{supervisor, pickedAnywhere(501), "input.invalid"},
			{b.Officer(t, authz.Auditor, "3273"), picked(first), "authz.forbidden"},
		} {
			body["cases"] = refused.list
			if a := refused.by.Call(t, http.MethodPost, "/v1/cases/"+path, body); a.Code() != refused.code {
				t.Errorf("%s of %d cases: %d %s, want %s", path, len(refused.list), a.Status, a.Body, refused.code)
			}
		}
	}
	if a := supervisor.Call(t, http.MethodGet, "/v1/cases/"+first.ID, nil); a.Header.Get("ETag") !=
		fmt.Sprintf(`"%d"`, first.Version) {
		t.Errorf("the case is at version %s, want %d", a.Header.Get("ETag"), first.Version)
	}
}

// A case worker takes cases that nobody has and hands back their own, and nobody else's.
func TestACaseWorkerTakesManyAndHandsThemBack(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	worker, other := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.CaseWorker, "3273")
	elsewhere := b.Officer(t, authz.CaseWorker, "3204")
	first, second, theirs := worker.Open(t, "3273", 1, "A"), worker.Open(t, "3273", 2, "B"), worker.Open(t, "3273", 3, "C")
	other.Change(t, &theirs, "/assignment", map[string]any{"officer": "me"})
	for _, step := range []struct {
		to   string
		want string
	}{
		{elsewhere.ID.String(), "[403 case.assign_other 0 403 case.assign_other 0 403 case.assign_other 0]"},
		{"me", "[200  2 200  2 403 case.assign_other 0]"}, {"", "[200  3 200  3 403 case.assign_other 0]"},
	} {
		var got results
		a := worker.Call(t, http.MethodPost, "/v1/cases/assignments", map[string]any{"officer": step.to,
			"cases": picked(first, second, theirs)})
		a.JSON(t, &got)
		if codes := fmt.Sprint(got.codes()); codes != step.want {
			t.Errorf("to %q: %s, want %s", step.to, codes, step.want)
		}
		if got.Changed > 0 {
			first.Version, second.Version = first.Version+1, second.Version+1
		}
	}
}

// A call that breaks off in the middle goes on with its key: no case is changed twice, and the answer is that of a call
// that did not break off. The key is for that call only.
func TestARepeatGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	supervisor := b.Officer(t, authz.Supervisor, "3273")
	var cases []apitest.Case
	for n := range 4 {
		cases = append(cases, supervisor.Open(t, "3273", n+1, "Siti"))
	}
	old := cases[1]
	supervisor.Change(t, &cases[1], "/notes", map[string]any{"text": "x"}) // so that one is refused
	service := casework.New(casework.Deps{Store: b.Store.Cases, Many: b.Store.Cases, Clock: clock.System(),
		Tree: b.Services.Tree, JKP: b.Services.Cases.JKP})
	op := authz.Op{Actor: supervisor.ID, Scope: authz.ScopeOver("3273"),
		Request: authz.Request{Route: "many", Key: "k", Digest: []byte{1}}}
	var list []casework.Picked
	for _, c := range []apitest.Case{cases[0], old, cases[2], cases[3]} {
		id, err := casework.ParseID(c.ID)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, casework.Picked{Case: id, Version: c.Version})
	}
	called, most := 0, 3
	note := func(ctx context.Context, op authz.Op, p casework.Picked) (casework.State, error) {
		if called++; called > most {
			return casework.State{}, context.DeadlineExceeded
		}
		return service.Note(ctx, op, p.Case, p.Version, "x", b.Services.Cases.Today("3273"))
	}
	if _, err := service.ChangeMany(t.Context(), op, list, note); err == nil || called != 4 {
		t.Fatalf("it did not break off: %v after %d", err, called)
	}
	another := op
	another.Request.Digest = []byte{2}
	if _, err := service.ChangeMany(t.Context(), another, list, note); err == nil ||
		err.Error() != "idempotency.key_reused" {
		t.Errorf("another request under the key: %v", err)
	}
	most = 100
	done, err := service.ChangeMany(t.Context(), op, list, note)
	if err != nil {
		t.Fatal(err)
	}
	after := called
	again, err := service.ChangeMany(t.Context(), op, list, note)
	if err != nil || called != after {
		t.Errorf("the repeat of a whole call changes cases: %v", err)
	}
	for i, want := range []int{2, 0, 2, 2} {
		if done[i].Version != want || again[i].Version != want || (done[i].Refusal != nil) != (want == 0) ||
			(again[i].Refusal != nil) != (want == 0) {
			t.Errorf("case %d: %+v, then %+v", i, done[i], again[i])
		}
	}
	if again[1].Refusal.Code != "case.stale" || again[1].Refusal.Args["version"] != "2" {
		t.Errorf("the refusal is kept as %+v", again[1].Refusal)
	}
}

// Five hundred cases are given to an officer in one call, and handed over in one.
func TestFiveHundredCasesInOneCall(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	supervisor, worker, other := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.CaseWorker, "3273"),
		b.Officer(t, authz.CaseWorker, "3273")
	var cases []apitest.Case
	for n := range casework.MostAtOnce {
		cases = append(cases, supervisor.Open(t, "3273", n+1, "Siti"))
	}
	var got results
	took := clock.Elapsed()
	a := supervisor.Call(t, http.MethodPost, "/v1/cases/assignments", map[string]any{"officer": worker.ID.String(),
		"cases": picked(cases...)})
	t.Logf("assigned in %s", took().Round(time.Millisecond))
	if a.JSON(t, &got); a.Status != http.StatusOK || got.Changed != len(cases) || got.Refused != 0 {
		t.Fatalf("assigned: %d, %d of %d", a.Status, got.Changed, len(cases))
	}
	took = clock.Elapsed()
	a = supervisor.Call(t, http.MethodPost, "/v1/officers/"+worker.ID.String()+"/handover",
		map[string]any{"officer": other.ID.String()})
	t.Logf("handed over in %s", took().Round(time.Millisecond))
	var over struct{ Cases int }
	if a.JSON(t, &over); a.Status != http.StatusOK || over.Cases != len(cases) {
		t.Errorf("handed over: %d %s", a.Status, a.Body)
	}
}
