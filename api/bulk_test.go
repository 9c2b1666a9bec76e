package api_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// bulkOrder is what the API says of an order.
type bulkOrder struct {
	ID, State, Failure, Detail, Change string
	Total, Changed, Refused, Left      int
}

func jsonText(text string) json.RawMessage { return json.RawMessage(text) }

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// does lets an order run as the jobs of the server do.
func does(t *testing.T, b *apitest.Bundle, id string) error {
	t.Helper()
	return b.Services.Bulk.Run(t.Context(), uuid.MustParse(id))
}

// Every change of many cases can be ordered, by their names or by the filter of the list: each case is answered by
// itself, as a page, as a file, and to nobody else than who ordered it and their head.
func TestManyCasesAreChangedByAnOrder(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	head, worker, other := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.CaseWorker, "3273"),
		b.Officer(t, authz.CaseWorker, "3273")
	b.Officer(t, authz.Supervisor, "3201")
	foreign := b.Officer(t, authz.Supervisor, "3204").Open(t, "3204", 9, "Rahasia")
	first, second := worker.Open(t, "3273", 1, "A"), worker.Open(t, "3273", 2, "B")
	for i, c := range []struct{ path, body string }{{"notes", `"text":"sama"`}, {"follow-ups", `"on":"2099-01-01"`},
		{"referrals", `"kind":"service","to":"3201","service":"training"`}, {"assignments", `"officer":"me"`}} {
		named := fmt.Sprintf(`{"cases":[{"case":%q,"version":%d},{"case":%q,"version":1},{"case":%q,"version":99}],%s}`,
			first.ID, i+1, foreign.ID, second.ID, c.body)
		var o bulkOrder
		a := worker.Call(t, http.MethodPost, "/v1/cases/bulk/"+c.path, jsonText(named))
		if a.JSON(t, &o); a.Status != http.StatusAccepted || o.Total != 3 || o.Refused != 1 || o.Left != 2 ||
			a.Header.Get("Location") != "/v1/cases/bulk/"+o.ID {
			t.Fatalf("%s: %d %s", c.path, a.Status, a.Body)
		}
		ok(t, does(t, b, o.ID))
		ownPages(t, worker, o.ID, first, second, i+2)
		for who, status := range map[*apitest.Officer]int{worker: 200, head: 200, other: 404} {
			for _, part := range []string{"", "/cases", "/file"} {
				if a := who.Call(t, http.MethodGet, "/v1/cases/bulk/"+o.ID+part, nil); a.Status != status {
					t.Errorf("%s%s: %d, want %d", c.path, part, a.Status, status)
				}
			}
		}
		a = worker.Call(t, http.MethodPost, "/v1/cases/bulk/"+c.path+"?text=tidak+ada", jsonText("{"+c.body+"}"))
		if a.Code() != "bulk.no_cases" {
			t.Errorf("%s of no case: %d %s", c.path, a.Status, a.Body)
		}
	}
	var o bulkOrder
	a := worker.Call(t, http.MethodPost, "/v1/cases/bulk/notes?officer=me&due_until=2100-01-01", jsonText(`{"text":"x"}`))
	if a.JSON(t, &o); o.Total != 1 || o.Left != 1 {
		t.Errorf("by filter: %d %s", a.Status, a.Body)
	}
}

// ownPages looks at what came of the three cases of an order.
func ownPages(t *testing.T, o *apitest.Officer, id string, first, second apitest.Case, version int) {
	t.Helper()
	var page struct {
		Items []struct {
			Case, Result, Code string
			Version            int
		}
	}
	a := o.Call(t, http.MethodGet, "/v1/cases/bulk/"+id+"/cases", nil)
	a.JSON(t, &page)
	got := fmt.Sprint(page.Items)
	if len(page.Items) != 3 || page.Items[0].Result != "changed" || page.Items[0].Version != version ||
		page.Items[1].Code != "case.not_found" || page.Items[2].Code != "case.stale" {
		t.Errorf("came of them: %s", got)
	}
	a = o.Call(t, http.MethodGet, "/v1/cases/bulk/"+id+"/cases?result=refused&limit=1", nil)
	if a.JSON(t, &page); len(page.Items) != 1 || page.Items[0].Code != "case.not_found" {
		t.Errorf("refused are %s", a.Body)
	}
	a = o.Call(t, http.MethodGet, "/v1/cases/bulk/"+id+"/file", nil, "Accept-Language", "en")
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(a.Body), "\ufeff"))).ReadAll()
	if err != nil || len(lines) != 4 || lines[0][0] != "Case" || lines[1][0] != first.ID || lines[3][0] != second.ID ||
		lines[1][1] != "Case changed" || lines[3][3] != "case.stale" || lines[3][4] == "" {
		t.Errorf("the file says %q, %v", lines, err)
	}
}

// An order says which cases: not all of an area by an oversight, not two ways at once, none twice; and the same key
// with another filter is another request.
func TestWhatAnOrderMustSay(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, auditor := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Auditor, "3273")
	c := o.Open(t, "3273", 1, "A")
	nowhere := b.Officer(t, authz.Supervisor, "3204").Open(t, "3204", 2, "Rahasia").ID // for who looks from 3273
	one := fmt.Sprintf(`{"case":%q,"version":1}`, c.ID)
	for name, x := range map[string]struct{ query, cases, code string }{
		"nothing":        {"", "", "bulk.choose"},
		"both":           {"?stage=intake", one, "bulk.choose"},
		"twice":          {"", one + "," + one, "case.listed_twice"},
		"not there":      {"", fmt.Sprintf(`{"case":%q,"version":1}`, nowhere), "case.not_found"},
		"elsewhere":      {"?region=3204", "", "bulk.no_cases"},
		"not a filter":   {"?stag=intake", "", "input.invalid"},
		"not a stage":    {"?stage=intak", "", "input.invalid"},
		"a page":         {"?stage=intake&limit=2", "", "input.invalid"},
		"an absent text": {"?stage=intake", "", ""},
	} {
		a := o.Call(t, http.MethodPost, "/v1/cases/bulk/notes"+x.query, jsonText(`{"text":"x","cases":[`+x.cases+`]}`))
		if a.Code() != x.code {
			t.Errorf("%s: %d %s, want %s", name, a.Status, a.Body, x.code)
		}
	}
	if got := readAccess(t, b.Officer(t, authz.Auditor, ""), "officer="+o.ID.String()); !slices.ContainsFunc(got.Items,
		func(r accessed) bool { return r.Outcome == "refused" && slices.Contains(r.Subjects, nowhere) }) {
		t.Errorf("that somebody asked for a case that is not there is on record as %+v", got)
	}
	if a := auditor.Call(t, http.MethodPost, "/v1/cases/bulk/notes?stage=intake", jsonText(`{"text":"x"}`)); a.Code() !=
		"authz.forbidden" {
		t.Errorf("an auditor orders: %d %s", a.Status, a.Body)
	}
	key := uuid.NewString()
	send := func(query string) apitest.Answer {
		return o.Call(t, http.MethodPost, "/v1/cases/bulk/notes"+query, jsonText(`{"text":"x"}`), "Idempotency-Key", key)
	}
	var made, again bulkOrder
	send("?stage=intake").JSON(t, &made)
	if send("?stage=intake").JSON(t, &again); again.ID != made.ID || made.ID == "" {
		t.Errorf("the repeat is order %s, not %s", again.ID, made.ID)
	}
	if a := send("?stage=closed"); a.Code() != "idempotency.key_reused" {
		t.Errorf("another filter under the key: %d %s", a.Status, a.Body)
	}
}

// Whoever is deactivated changes nothing more; an order is ended once, by who gave it or their head.
func TestAnOrderEndsWithTheRightOfWhoGaveIt(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	head, worker := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.CaseWorker, "3273")
	worker.Open(t, "3273", 1, "A")
	order := func() (o bulkOrder) {
		t.Helper()
		worker.Call(t, http.MethodPost, "/v1/cases/bulk/notes?stage=intake", jsonText(`{"text":"x"}`)).JSON(t, &o)
		return o
	}
	cancel, last := order(), order()
	path := "/v1/cases/bulk/" + cancel.ID + "/cancellation"
	var got bulkOrder
	a := head.Call(t, http.MethodPost, path, nil)
	if a.JSON(t, &got); a.Status != http.StatusOK || got.State != "cancelled" || got.Left != 1 {
		t.Errorf("cancelled: %d %s", a.Status, a.Body)
	}
	if a := worker.Call(t, http.MethodPost, path, nil); a.Code() != "bulk.ended" {
		t.Errorf("cancelled twice: %d %s", a.Status, a.Body)
	}
	if err := does(t, b, cancel.ID); err == nil {
		t.Error("a cancelled order runs")
	}
	admin := b.Officer(t, authz.Administrator, "3273")
	if a := admin.Call(t, http.MethodPost, "/v1/officers/"+worker.ID.String()+"/deactivation", nil); a.Status !=
		http.StatusOK {
		t.Fatalf("deactivate: %d %s", a.Status, a.Body)
	}
	err := does(t, b, last.ID)
	if err == nil || err.Error() != "bulk.right_lost" {
		t.Errorf("the order of who is deactivated: %v", err)
	}
	ok(t, b.Services.Bulk.Fail(t.Context(), uuid.MustParse(last.ID), "bulk.right_lost", 1))
	a = head.Call(t, http.MethodGet, "/v1/cases/bulk/"+last.ID, nil)
	if a.JSON(t, &got); got.State != "failed" || got.Failure != "bulk.right_lost" || got.Detail == "" || got.Changed != 0 {
		t.Errorf("it ended as %s", a.Body)
	}
}

// openTogether opens cases as a list does, in one transaction: one by one through the API would take minutes.
func openTogether(t *testing.T, b *apitest.Bundle, code region.Code, n int) {
	t.Helper()
	list := make([]casework.Opening, n)
	for i := range list {
		list[i] = storetest.Opening(t, code, i+1)
	}
	op := authz.Op{Actor: authz.OfficerID(uuid.New()), Scope: authz.Everywhere()}
	ok(t, pgx.BeginFunc(t.Context(), b.Store.Pool, func(tx pgx.Tx) error {
		done, err := b.Store.OpenMany(t.Context(), tx, op, list)
		if err == nil && len(done) != n {
			err = fmt.Errorf("%d of %d cases were opened", len(done), n)
		}
		return err
	}))
}

// An officer with more cases than one transaction may hold hands them over by an order, also on the way out.
func TestALargeHandoverAnswersWithAnOrder(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	head, admin := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Administrator, "3273")
	leaver, next := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.CaseWorker, "3273")
	elsewhere := b.Officer(t, authz.CaseWorker, "3204")
	openTogether(t, b, "3273", 501)
	var o bulkOrder
	a := head.Call(t, http.MethodPost, "/v1/cases/bulk/assignments?officer=none", jsonText(fmt.Sprintf(`{"officer":%q}`,
		leaver.ID)))
	a.JSON(t, &o)
	ok(t, does(t, b, o.ID))
	path := "/v1/officers/" + leaver.ID.String()
	if a := head.Call(t, http.MethodPost, path+"/handover", map[string]any{"officer": elsewhere.ID.String()}); a.Code() !=
		"officer.not_found" {
		t.Errorf("to who does not work there: %d %s", a.Status, a.Body)
	}
	var over struct {
		Cases int
		Order *bulkOrder
	}
	key := uuid.NewString()
	for range 2 {
		a = head.Call(t, http.MethodPost, path+"/handover", map[string]any{"officer": next.ID.String()},
			"Idempotency-Key", key)
		if a.JSON(t, &over); a.Status != http.StatusOK || over.Cases != 0 || over.Order == nil || over.Order.Total != 501 {
			t.Fatalf("handed over: %d %s", a.Status, a.Body)
		}
	}
	ok(t, does(t, b, over.Order.ID))
	a = head.Call(t, http.MethodGet, "/v1/cases/bulk/"+over.Order.ID, nil)
	if a.JSON(t, &o); o.Changed != 501 || o.State != "done" {
		t.Errorf("came of it: %s", a.Body)
	}
	var gone struct {
		Order *bulkOrder
	}
	a = admin.Call(t, http.MethodPost, "/v1/officers/"+next.ID.String()+"/deactivation", map[string]any{"handover_to": ""})
	if a.JSON(t, &gone); a.Status != http.StatusOK || gone.Order == nil || gone.Order.Total != 501 {
		t.Fatalf("deactivated: %d %s", a.Status, a.Body)
	}
	ok(t, does(t, b, gone.Order.ID))
	if a := head.Call(t, http.MethodGet, "/v1/cases/counts?officer=none", nil); !strings.Contains(string(a.Body), "501") {
		t.Errorf("nobody has %s", a.Body)
	}
}
