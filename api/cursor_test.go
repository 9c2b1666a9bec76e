package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
)

// shelves are every list of the contract, with at least two rows on each.
type shelves struct {
	*apitest.Bundle

	supervisor, auditor, payer *apitest.Officer
	intakes, orders            []string
}

func fillShelves(t *testing.T) *shelves {
	t.Helper()
	b := apitest.New(t)
	w := &shelves{Bundle: b, supervisor: b.Officer(t, authz.Supervisor, "3273"), auditor: b.Officer(t, authz.Auditor, ""),
		payer: b.Officer(t, authz.Service, "3273")}
	o, neighbour := w.supervisor, b.Officer(t, authz.Supervisor, "3201")
	b.Officer(t, authz.CaseWorker, "3273")
	made := func(path string, body map[string]any) {
		t.Helper()
		if a := o.Call(t, http.MethodPost, path, body); a.Status >= http.StatusMultipleChoices {
			t.Fatalf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	var old []string
	for n := range 2 {
		text := []string{"a", "b"}[n]
		for i := range 2 {
			c := o.Open(t, "3273", 1+2*n+i, "Siti")
			o.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil)
			if i == 0 {
				old = append(old, c.ID)
				continue
			}
			o.Change(t, &c, "/claims", entitled(nil)) // whose first month is to be paid
			o.Change(t, &c, "/claims/decision", map[string]any{})
		}
		paid := o.Open(t, "3273", 20+n, "Siti")
		o.Change(t, &paid, "/claims", entitled(nil))
		o.Change(t, &paid, "/claims/decision", map[string]any{})
		if a := w.payer.Change(t, &paid, "/claims/months/1/payment", map[string]any{"given_on": b.Services.Cases.Today("3273").
			String()}); a.Status != http.StatusOK {
			t.Fatalf("payment: %d %s", a.Status, a.Body)
		}
		if a := w.payer.Change(t, &paid, fmt.Sprintf("/history/%d/void", paid.Version), map[string]any{"reason": text}); a.Status >=
			http.StatusMultipleChoices {
			t.Fatalf("void: %d %s", a.Status, a.Body)
		}
		theirs := neighbour.Open(t, "3201", 10+n, "Siti")
		neighbour.Change(t, &theirs, "/referrals", map[string]any{"kind": "service", "to": "3273", "service": "training"})
		made("/v1/layoffs", map[string]any{"employer": map[string]any{"name": "PT " + text, "region": "3273"}})
		made("/v1/job-fairs", map[string]any{"region": "3273", "name": text, "held_on": "2026-12-01"})
		made("/v1/vacancies", map[string]any{"source": "portal", "items": []any{map[string]any{"region": "3273",
			"employer": "PT", "title": "x", "occupation": "7531", "openings": 1, "reference": text}}})
		made("/v1/classes", map[string]any{"region": "3273", "provider": "BLK", "kind": "public", "programme": text,
			"scheme": "blk", "places": 1, "starts_on": "2026-12-02", "ends_on": "2026-12-12"})
		if a := w.auditor.Call(t, http.MethodPost, "/v1/samples", map[string]any{"from": "2020-01-01", "until": "2099-01-01",
			"size": 1, "seed": text}); a.Status >= http.StatusMultipleChoices {
			t.Fatalf("sample: %d %s", a.Status, a.Body)
		}
		made("/v1/cases/bulk/notes?stage=intake", map[string]any{"text": text})
		made("/v1/exports", map[string]any{"format": "jsonl"})
		w.intakes = append(w.intakes, upload(t, b, o, []string{"messy.xlsx", "messy_utf8bom_semicolon.csv"}[n]).ID)
	}
	for _, id := range old {
		w.auditor.Call(t, http.MethodPost, "/v1/cases/"+id+"/findings", map[string]any{"severity": "note", "text": "x"})
	}
	w.closedLongAgo(t, old)
	var orders struct{ Items []struct{ ID string } }
	o.Call(t, http.MethodGet, "/v1/cases/bulk", nil).JSON(t, &orders)
	for _, x := range orders.Items {
		w.orders = append(w.orders, x.ID)
	}
	return w
}

// closedLongAgo makes cases whose retention is over, which no request can.
func (w *shelves) closedLongAgo(t *testing.T, cases []string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), w.Database.AdminDSN)
	if err == nil {
		_, err = conn.Exec(t.Context(), "set session_replication_role = replica")
	}
	for _, id := range cases {
		if err == nil {
			_, err = conn.Exec(t.Context(), `update cases set stage = 'closed', outcome = 'placed', closed_on = '2000-01-01',
				due_on = null, due_for = null where id = $1`, uuid.MustParse(id))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close(t.Context())
}

// another is a value that a parameter may have, and that it does not have now.
func (w *shelves) another(s schema, now string) string {
	switch {
	case s.Items != nil:
		return w.another(*s.Items, now)
	case len(s.Enum) > 0:
		for _, value := range s.Enum {
			if text, _ := value.(string); text != now {
				return text
			}
		}
	case s.id():
		return w.auditor.ID.String()
	case s.Type == "boolean":
		return "true"
	case s.Type == "integer":
		return "2025"
	case s.Format == "date-time":
		return "2020-01-01T00:00:00Z"
	case strings.Contains(s.Pattern, "[0-9]{1,4}"):
		return "7"
	}
	return map[bool]string{true: "2098-01-01", false: "32"}[now != "" || s.MaxLength == nil]
}

// A cursor goes on with the list that it was made for, and with no other: not under another filter, whichever, nor on
// another path. The lists and their filters are those of the contract.
func TestACursorGoesOnUnderItsOwnFilterOnly(t *testing.T) {
	t.Parallel()
	w := fillShelves(t)
	described := contractOf(t, w.Bundle)
	tried := 0
	for _, r := range w.Server.Routes() {
		params := described.query(r)
		if _, paged := params["cursor"]; !paged {
			continue
		}
		ids := w.intakes
		if strings.HasPrefix(r.ID, "bulk-") {
			ids = w.orders
		}
		path := strings.Replace(r.Path, "{id}", ids[0], 1)
		query, _ := url.ParseQuery(strings.ReplaceAll(strings.TrimPrefix(probes[r.ID].query, "?"), "=me",
			"="+w.supervisor.ID.String()))
		if r.ID == "referral-list" {
			query.Del("direction")
		}
		o, cursor := w.firstPage(t, r, path, query)
		get := func(path string, query url.Values, name, value string) apitest.Answer {
			with := url.Values{"limit": {"1"}, "cursor": {cursor}}
			for kept := range query {
				with.Set(kept, query.Get(kept))
			}
			if name != "" {
				with.Set(name, value)
			}
			return o.Call(t, http.MethodGet, path+"?"+with.Encode(), nil)
		}
		if a := get(path, query, "limit", "2"); a.Status != http.StatusOK {
			t.Errorf("%s: the second page: %d %s", r.ID, a.Status, a.Body)
		}
		if path != r.Path {
			if a := get(strings.Replace(r.Path, "{id}", ids[1], 1), query, "", ""); a.Code() != "page.cursor_invalid" {
				t.Errorf("%s: the cursor goes on with another list: %d %s", r.ID, a.Status, a.Body)
			}
		}
		for name, s := range params {
			if name == "limit" || name == "cursor" {
				continue
			}
			tried++
			value := w.another(s, query.Get(name))
			if a := get(path, query, name, value); a.Code() != "page.cursor_invalid" {
				t.Errorf("%s: the cursor goes on under %s=%s: %d %s", r.ID, name, value, a.Status, a.Body)
			}
		}
	}
	if tried < 20 {
		t.Errorf("only %d filters were tried", tried)
	}
}

// firstPage gives who may see a list, and the cursor of its second page.
func (w *shelves) firstPage(t *testing.T, r rest.Route, path string, query url.Values) (*apitest.Officer, string) {
	t.Helper()
	for _, o := range []*apitest.Officer{w.supervisor, w.auditor, w.payer} {
		a := o.Call(t, http.MethodGet, path+"?limit=1&"+query.Encode(), nil)
		if a.Status == http.StatusForbidden {
			continue
		}
		var page struct {
			Next string `json:"next_cursor"`
		}
		if a.JSON(t, &page); page.Next == "" {
			t.Fatalf("%s has no second page, so that its cursor cannot be tried: %d %s", r.ID, a.Status, a.Body)
		}
		return o, page.Next
	}
	t.Fatalf("%s is for none of the three", r.ID)
	return nil, ""
}
