package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
)

// page is an answer of GET /v1/changes.
type page struct {
	Items []struct {
		Index             int64
		Subject, ID, Kind string
		Seq               int
		Region            string
	}
	Next *int64
	More bool
}

func changes(t *testing.T, o *apitest.Officer, query string) page {
	t.Helper()
	a := o.Call(t, http.MethodGet, "/v1/changes"+query, nil)
	if a.Status != http.StatusOK {
		t.Fatalf("changes%s: %d %s", query, a.Status, a.Body)
	}
	var p page
	a.JSON(t, &p)
	return p
}

// kindsOf are the changes in short.
func kindsOf(p page) (list []string) {
	for _, c := range p.Items {
		list = append(list, fmt.Sprintf("%d %s %s %d", c.Index, c.Region, c.Kind, c.Seq))
	}
	return list
}

// Changes come in the order of the log, in pages, once they are published; what is another office's is left out, and
// the place moves on past it.
func TestChangesInPages(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	own, other, nation := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3204"), b.Officer(t, authz.Auditor, "")
	if p := changes(t, nation, ""); len(p.Items) != 0 || p.Next != nil || p.More {
		t.Errorf("of an empty log %+v", p)
	}
	c := own.Open(t, "3273", 1, "Siti")
	b.Publish(t)
	foreign := other.Open(t, "3204", 2, "Budi")
	b.Publish(t)
	own.Change(t, &c, "/notes", map[string]any{"text": "rahasia"})
	if p := changes(t, own, ""); !slices.Equal(kindsOf(p), []string{"0 3273 case.opened 1"}) || *p.Next != 1 || p.More {
		t.Errorf("before it is published %+v", p)
	}
	b.Publish(t)
	for query, want := range map[string][]string{
		"":                          {"0 3273 case.opened 1", "2 3273 case.noted 2"},
		"?limit=1":                  {"0 3273 case.opened 1"},
		"?after=0":                  {"2 3273 case.noted 2"},
		"?after=1":                  {"2 3273 case.noted 2"},
		"?after=2":                  {},
		"?kind=case.noted":          {"2 3273 case.noted 2"},
		"?kind=case.opened&after=0": {},
		"?region=32":                {"0 3273 case.opened 1", "2 3273 case.noted 2"},
	} {
		p := changes(t, own, query)
		if got := kindsOf(p); !slices.Equal(got, want) && len(got)+len(want) > 0 {
			t.Errorf("%s: %q", query, got)
		}
		if wantMore, wantNext := query == "?limit=1", map[bool]int64{true: 0, false: 2}[query == "?limit=1"]; p.More != wantMore || *p.Next != wantNext {
			t.Errorf("%s: next %d, more %t", query, *p.Next, p.More)
		}
	}
	if got := kindsOf(changes(t, nation, "?region=3204")); !slices.Equal(got, []string{"1 3204 case.opened 1"}) {
		t.Errorf("the nation reads of 3204 %q", got)
	}
	all := own.Call(t, http.MethodGet, "/v1/changes", nil)
	for _, hidden := range []string{"Siti", "rahasia", "3273010101900001", foreign.ID, own.ID.String()} {
		if strings.Contains(string(all.Body), hidden) {
			t.Errorf("%s is in %s", hidden, all.Body)
		}
	}
	for query, want := range map[string]string{"?after=3": "422 changes.place_unknown", "?after=-1": "422", "?region=3204": "403 changes.region_out_of_scope",
		"?after=": "422", "?kind=x": "422", "?wait=26": "422", "?limit=201": "422", "?limit=0": "422", "?until=1": "422", "?region=9999": "422"} {
		a := own.Call(t, http.MethodGet, "/v1/changes"+query, nil)
		if got := fmt.Sprintf("%d %s", a.Status, a.Code()); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	for _, role := range []authz.Role{authz.CaseWorker, authz.Analyst, authz.Mediator, authz.Administrator} {
		if a := b.Officer(t, role, "3273").Call(t, http.MethodGet, "/v1/changes", nil); a.Status != http.StatusForbidden {
			t.Errorf("%s: %d", role, a.Status)
		}
	}
}

// A case that moves to another office takes its changes along: whoever could read them cannot any more, and whoever has
// the case now hears of the move and of what comes after it.
func TestChangesFollowTheCase(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	from, to := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3204")
	b.Officer(t, authz.CaseWorker, "3204")
	c := from.Open(t, "3273", 1, "Siti")
	b.Publish(t)
	next := *changes(t, to, "").Next
	var offer struct{ ID string }
	a := from.Change(t, &c, "/referrals", map[string]any{"kind": "custody", "to": "3204"})
	if a.JSON(t, &offer); a.Status >= http.StatusMultipleChoices {
		t.Fatalf("offer: %d %s", a.Status, a.Body)
	}
	var referrals struct{ Items []struct{ ID string } }
	to.Call(t, http.MethodGet, "/v1/referrals?direction=incoming", nil).JSON(t, &referrals)
	if a := to.Call(t, http.MethodPost, "/v1/referrals/"+referrals.Items[0].ID+"/answer", map[string]any{"to": "accepted"}, "If-Match", `"1"`); a.Status != http.StatusOK {
		t.Fatalf("accept: %d %s", a.Status, a.Body)
	}
	b.Publish(t)
	if p := changes(t, from, ""); len(p.Items) != 0 || *p.Next < next {
		t.Errorf("the office that gave the case away reads %+v", p)
	}
	moved := kindsOf(changes(t, to, fmt.Sprintf("?after=%d", next)))
	if len(moved) == 0 || !slices.ContainsFunc(moved, func(s string) bool { return strings.Contains(s, "3204 custody.moved") }) {
		t.Errorf("the office that has the case hears of %q", moved)
	}
}

// A reader who waits is answered as soon as something is published, and loses with the right what it would have been
// told.
func TestAReaderWaits(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	worker, reader := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Service, "3273")
	if p := changes(t, reader, "?wait=1"); len(p.Items) != 0 || p.Next != nil {
		t.Errorf("nothing comes, and yet %+v", p)
	}
	answer := make(chan apitest.Answer, 1)
	go func() { answer <- reader.Call(t, http.MethodGet, "/v1/changes?wait=25", nil) }()
	worker.Open(t, "3273", 1, "Siti")
	b.Publish(t)
	told := func() (a apitest.Answer) {
		t.Helper()
		select {
		case a = <-answer:
		case <-time.After(time.Minute):
			t.Fatal("the reader waits on")
		}
		return a
	}
	var p page
	if a := told(); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	} else if a.JSON(t, &p); !slices.Equal(kindsOf(p), []string{"0 3273 case.opened 1"}) {
		t.Errorf("the reader is told %+v", p)
	}
	go func() { answer <- reader.Call(t, http.MethodGet, "/v1/changes?after=0&wait=25", nil) }()
	if _, err := b.Database.Admin(t).Exec(t.Context(), "update officer_grant set revoked_at = now(), revoked_by = $1 where officer_id = $1",
		reader.ID.String()); err != nil {
		t.Fatal(err)
	}
	b.Sessions.Forget(reader.ID)
	worker.Open(t, "3273", 2, "Budi")
	b.Publish(t)
	if a := told(); a.Status != http.StatusForbidden {
		t.Errorf("without the right: %d %s", a.Status, a.Body)
	}
}
