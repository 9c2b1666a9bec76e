package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

func TestMain(m *testing.M) { storetest.MainThen(m, answeredAsDescribed) }

// probe says how a route is tried on a case: how its path is filled, what it sends, and how it answers a case that is
// not there. A route without a probe fails the test: nobody has said what it shows of other offices.
type probe struct {
	body    any
	form    map[string]string // sent with a scan instead of a body
	list    bool              // answers 200 with nothing foreign in it
	query   string
	ownOnly bool // knows nothing of cases, layoffs or intakes
}

var probes = map[string]probe{
	"session-start": {ownOnly: true}, "session-get": {ownOnly: true}, "session-end": {ownOnly: true},
	"session-password": {ownOnly: true}, "session-setup": {ownOnly: true},
	"law-propose": {ownOnly: true}, "law-list": {ownOnly: true}, "law-get": {ownOnly: true}, "law-approve": {ownOnly: true},
	"law-withdraw": {ownOnly: true},
	"change-list":  {list: true}, "mail-get": {ownOnly: true}, "mail-choose": {ownOnly: true},
	"webhook-create": {ownOnly: true}, "webhook-list": {list: true}, "webhook-get": {}, "webhook-delete": {}, "webhook-test": {},
	"webhook-pause": {}, "webhook-resume": {}, "webhook-secret": {}, "webhook-replay": {body: map[string]any{}},
	"case-assign-many": {ownOnly: true}, "case-note-many": {ownOnly: true}, "case-follow-up-many": {ownOnly: true}, "case-refer-many": {ownOnly: true},
	"bulk-assign": {ownOnly: true}, "bulk-note": {ownOnly: true}, "bulk-follow-up": {ownOnly: true}, "bulk-refer": {ownOnly: true},
	"bulk-list": {list: true}, "bulk-get": {}, "bulk-cases": {}, "bulk-file": {}, "bulk-cancel": {},
	"session-list": {ownOnly: true}, "session-end-one": {ownOnly: true}, "officer-change": {body: map[string]any{"name": "x"}}, "officer-reactivate": {},
	"officer-history": {}, "officer-load": {list: true}, "office-load": {list: true}, "finding-list-all": {list: true},
	"label-list": {ownOnly: true}, "region-list": {ownOnly: true}, "office-list": {ownOnly: true},
	"officer-create": {ownOnly: true}, "officer-list": {list: true}, "officer-get": {}, "officer-deactivate": {}, "officer-handover": {body: map[string]any{"officer": ""}}, "officer-setup-code": {}, "grant-confirm": {},
	"grant-create": {body: map[string]any{"role": "analyst", "region": "3273"}}, "grant-revoke": {},
	"case-list": {list: true}, "case-facets": {list: true}, "case-file": {list: true}, "case-counts": {list: true}, "case-search": {list: true, body: map[string]any{"name": "Rahasia Kabupaten"}},
	"case-open": {ownOnly: true}, "case-correct": {body: map[string]any{"reason": "x", "terminated_on": "2026-09-01"}},
	"worker-correct": {body: map[string]any{"reason": "x", "phone": "081234567899"}}, "case-duplicates": {}, "duplicate-list": {list: true}, "case-get": {}, "case-history": {}, "case-actions": {},
	"case-advance": {body: map[string]any{"to": "training"}}, "case-reopen": {body: map[string]any{"to": "training", "reason": "x"}},
	"case-assign": {body: map[string]any{"officer": ""}}, "case-note": {body: map[string]any{"text": "x"}},
	"case-follow-up": {body: map[string]any{"on": "2099-01-01"}}, "session-confirm": {ownOnly: true}, "subject-report": {}, "retention-list": {list: true},
	"hold-set": {body: map[string]any{"reason": "x"}}, "hold-release": {body: map[string]any{"reason": "x"}}, "erasure-request": {body: map[string]any{"reason": "x"}}, "erasure-approve": {}, "erasure-refuse": {},
	"sample-draw": {ownOnly: true}, "sample-list": {ownOnly: true}, "log-checks": {ownOnly: true}, "sample-get": {}, "finding-list": {}, "finding-record": {body: map[string]any{"severity": "note", "text": "x"}},
	"finding-answer": {body: map[string]any{"text": "x"}}, "finding-settle": {}, "emergency-open": {ownOnly: true}, "emergency-list": {list: true},
	"emergency-review": {body: map[string]any{"verdict": "justified"}}, "policy-explain": {list: true, query: "?officer=x&action=case.read&case=x"},
	"export-create": {ownOnly: true}, "export-list": {list: true}, "export-awaiting": {list: true}, "export-get": {}, "export-file": {}, "export-cancel": {}, "export-approve": {}, "export-refuse": {},
	"claim-assess": {}, "assessment-jkp": {ownOnly: true}, "assessment-termination": {ownOnly: true}, "assessment-severance": {ownOnly: true}, "assessment-fixed-term": {ownOnly: true},
	"assessment-prakerja": {ownOnly: true}, "assessment-wage-subsidy": {ownOnly: true}, "assessment-thr": {ownOnly: true},
	"assessment-severance-tax": {ownOnly: true}, "assessment-cover": {ownOnly: true}, "assessment-rights": {ownOnly: true}, "assessment-rights-sheet": {ownOnly: true}, "claim-apply": {body: map[string]any{}}, "claim-decide": {body: map[string]any{}},
	"claim-stop": {body: map[string]any{"reason": "job"}}, "claim-prove": {body: map[string]any{}}, "claim-pay": {body: map[string]any{"given_on": "2026-11-01"}},
	"training-enrol":      {body: map[string]any{"scheme": "blk", "provider": "p", "programme": "q", "starts_on": "2026-11-01"}},
	"training-advance":    {body: map[string]any{"to": "in_training"}},
	"certificate-record":  {body: map[string]any{"kind": "training", "number": "1", "issuer": "x", "issued_on": "2026-11-01"}},
	"application-record":  {body: map[string]any{"employer": "p", "position": "q"}},
	"application-advance": {body: map[string]any{"to": "hired"}}, "placement-record": {body: map[string]any{"employer": "p", "position": "q", "started_on": "2026-11-01"}},
	"placement-advance": {body: map[string]any{"to": "verified"}},
	"layoff-list":       {list: true}, "layoff-get": {}, "layoff-create": {ownOnly: true}, "layoff-correct": {body: map[string]any{"correction": "x", "people_planned": 7}}, "layoff-clocks": {}, "layoff-history": {},
	"layoff-happen": {body: map[string]any{"event": "notice_delivered"}}, "layoff-prevent": {body: map[string]any{"measures": map[string]any{}, "jobs_saved": 0}},
	"layoff-reduce": {body: map[string]any{"people_planned": 1, "reason": "x"}}, "layoff-withdraw": {body: map[string]any{"reason": "x"}},
	"report-list": {ownOnly: true}, "report-get": {list: true, query: "?by=officer,employer"},
	"access-list": {list: true, query: "?officer=me"}, "access-seen": {list: true, query: "?officer=me"}, "access-alarms": {list: true}, "log-checkpoint": {ownOnly: true}, "log-consistency": {ownOnly: true},
	"class-list": {ownOnly: true}, "class-create": {ownOnly: true}, "vacancy-list": {ownOnly: true}, "vacancy-report": {ownOnly: true}, "vacancy-get": {ownOnly: true}, "vacancy-move": {ownOnly: true},
	"fair-list": {ownOnly: true}, "fair-hold": {ownOnly: true}, "fair-result": {ownOnly: true}, "match-vacancy": {}, "matching-start": {ownOnly: true}, "matching-get": {},
	"training-attend": {body: map[string]any{"days": []any{map[string]any{"on": "2026-11-01", "present": true}}}}, "prakerja-award": {body: map[string]any{"batch": "1", "awarded_on": "2026-11-01"}},
	"prakerja-pay": {body: map[string]any{}}, "assessment-apply": {body: map[string]any{"body": "LSP", "scheme": "x"}}, "assessment-advance": {body: map[string]any{"to": "verified"}},
	"business-propose": {body: map[string]any{"title": "x"}}, "business-advance": {body: map[string]any{}},
	"jobseeker-wish": {body: map[string]any{"occupations": []string{"7212"}}}, "jobseeker-card": {body: map[string]any{"number": "1"}}, "jobseeker-report": {body: map[string]any{}},
	"proposal-make": {body: map[string]any{"vacancy": "0190a7b0-1111-7222-8333-444455556666"}}, "proposal-answer": {body: map[string]any{"accepted": true}},
	"case-refer": {body: map[string]any{"kind": "custody", "to": "3578"}}, "referral-list": {list: true, query: "?direction=outgoing"}, "referral-get": {}, "referral-answer": {body: map[string]any{"to": "accepted"}}, "referral-unconsent": {},
	"work-list": {list: true, query: "?until=2099-01-01"}, "work-counts": {list: true, query: "?until=2099-01-01"}, "payment-list": {list: true}, "void-list": {list: true}, "queue-list": {list: true}, "work-reminders": {list: true, query: "?from=2020-01-01"},

	"document-add":    {form: map[string]string{"kind": "identity_card"}},
	"response-record": {body: map[string]any{"state": "refused"}},
	"intake-create":   {ownOnly: true}, "intake-list": {list: true}, "intake-get": {}, "intake-rows": {},
	"intake-report": {}, "intake-events": {}, "intake-apply": {}, "intake-cancel": {},
}

// country is two offices that must know nothing of each other.
type country struct {
	*apitest.Bundle
	own, foreign        apitest.Case
	marks               []string          // what of 3204 must never reach 3273
	foreignIDs, unknown map[string]string // by the first word of a route's name
}

func twoOffices(t *testing.T) *country {
	t.Helper()
	c := &country{Bundle: apitest.New(t)}
	bandung, kabupaten := c.Officer(t, authz.Supervisor, "3273"), c.Officer(t, authz.Supervisor, "3204")
	c.own = bandung.Open(t, "3273", 1, "Warga Kota")
	c.foreign = kabupaten.Open(t, "3204", 2, "Rahasia Kabupaten")
	a := kabupaten.Call(t, http.MethodPost, "/v1/layoffs",
		map[string]any{"employer": map[string]any{"name": "PT Rahasia Sekali", "region": "3204"}})
	var layoff struct{ ID string }
	a.JSON(t, &layoff)
	kabupaten.Change(t, &c.foreign, "/notes", map[string]any{"text": "catatan rahasia"})
	c.marks = []string{"Rahasia", "3204010101900002", "catatan rahasia", c.foreign.ID, layoff.ID, kabupaten.ID.String(),
		"*0002"}
	c.foreignIDs = map[string]string{"id": c.foreign.ID, "layoff": layoff.ID, "officer": kabupaten.ID.String(),
		"grant": kabupaten.ID.String()}
	c.unknown = map[string]string{"id": uuid.Must(uuid.NewV7()).String(), "layoff": uuid.Must(uuid.NewV7()).String(),
		"officer": uuid.Must(uuid.NewV7()).String(), "grant": uuid.Must(uuid.NewV7()).String()}
	return c
}

// fill puts an id where a route's path asks for one; parts of a case that is not one's own have any id.
func fill(r rest.Route, ids map[string]string) string {
	kind, _, _ := strings.Cut(r.ID, "-")
	id, ok := ids[kind]
	if !ok {
		id = ids["id"]
	}
	path := strings.Replace(r.Path, "{id}", id, 1)
	path = strings.NewReplacer("{n}", "1", "{seq}", "1", "{report}", "providers").Replace(path)
	path = placeInPath.ReplaceAllString(path, somePart)
	return path
}

// same compares two answers in everything but what names the request.
func same(a, b apitest.Answer) bool {
	if a.Status != b.Status || len(a.Header) != len(b.Header) {
		return false
	}
	for name := range a.Header {
		if name != "X-Request-Id" && a.Header.Get(name) != b.Header.Get(name) {
			return false
		}
	}
	return bytes.Equal(withoutRequest(a), withoutRequest(b))
}

func withoutRequest(a apitest.Answer) []byte {
	return bytes.ReplaceAll(a.Body, []byte(a.Header.Get("X-Request-Id")), nil)
}

// Through every route that the server has, an officer of 3273 sees nothing of 3204, in any role, and a foreign id is
// answered exactly as one that does not exist.
func TestForeignCasesDoNotExist(t *testing.T) {
	t.Parallel()
	c := twoOffices(t)
	probed := 0
	for _, role := range authz.Roles() {
		officer := c.Officer(t, role, "3273")
		for _, r := range c.Server.Routes() {
			p := probeOf(t, r)
			if p.ownOnly {
				continue
			}
			ask := func(ids map[string]string) apitest.Answer {
				headers := []string{"If-Match", rest.ETag(c.foreign.Version), "Idempotency-Key", r.ID + string(role) + ids["id"]}
				if p.form != nil {
					return officer.Upload(t, fill(r, ids), scanOf(t), p.form, headers...)
				}
				return officer.Call(t, r.Method, fill(r, ids)+p.query, p.body, headers...)
			}
			foreign, unknown := ask(c.foreignIDs), ask(c.unknown)
			probed += 2
			for _, a := range []apitest.Answer{foreign, unknown} {
				for _, mark := range c.marks {
					if bytes.Contains(a.Body, []byte(mark)) || strings.Contains(strings.Join(flat(a.Header), " "), mark) {
						t.Errorf("%s as %s shows %q of another office: %s", r.ID, role, mark, a.Body)
					}
				}
			}
			if !p.list && foreign.Status != http.StatusNotFound && foreign.Status != http.StatusForbidden {
				t.Errorf("%s as %s: a foreign id is answered %d %s", r.ID, role, foreign.Status, foreign.Body)
			}
			if !p.list && !same(foreign, unknown) {
				t.Errorf("%s as %s: a foreign id is told from an unknown one:\n%d %v %s\n%d %v %s", r.ID, role, foreign.Status,
					foreign.Header, foreign.Body, unknown.Status, unknown.Header, unknown.Body)
			}
		}
	}
	if probed < 200 {
		t.Fatalf("only %d probes", probed)
	}
	// And nothing of it was changed.
	reader := c.Officer(t, authz.Auditor, "3204")
	var after apitest.Case
	reader.Call(t, http.MethodGet, "/v1/cases/"+c.foreign.ID, nil).JSON(t, &after)
	if after.Version != c.foreign.Version {
		t.Errorf("the foreign case went from version %d to %d", c.foreign.Version, after.Version)
	}
}

func flat(h http.Header) []string {
	var out []string
	for _, values := range h {
		out = append(out, values...)
	}
	return out
}

type everything struct{}

func (everything) Allows(authz.Role, authz.Action) bool { return true }

// With Casbin forced to allow everything, grants alone still bind every officer to their region.
func TestAnAllowingPolicyOpensNoOtherRegion(t *testing.T) {
	t.Parallel()
	b := apitest.New(t, everything{})
	kabupaten, analyst := b.Officer(t, authz.CaseWorker, "3204"), b.Officer(t, authz.Analyst, "3273")
	foreign := kabupaten.Open(t, "3204", 3, "Rahasia Kabupaten")
	if a := analyst.Call(t, http.MethodGet, "/v1/cases/"+foreign.ID, nil); a.Status != http.StatusNotFound {
		t.Errorf("got %d %s", a.Status, a.Body)
	}
	for _, path := range []string{"/v1/cases", "/v1/cases?office=3204", "/v1/cases?office=32", "/v1/exports"} {
		if a := analyst.Call(t, http.MethodGet, path, nil); a.Status != http.StatusOK ||
			bytes.Contains(a.Body, []byte(foreign.ID)) {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
}

// The database alone, told the range of 3273 and nothing else, returns nothing of 3204 from any table, and nothing at
// all when it was told nothing.
func TestTheDatabaseAloneHidesOtherRegions(t *testing.T) {
	t.Parallel()
	c := twoOffices(t)
	conn, err := pgx.Connect(t.Context(), c.Database.AppDSN)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	tables := []string{"cases", "case_worker", "case_history", "layoff", "employer", "claim", "claim_month", "training", "certificate", "application", "placement", "response", "document", "layoff_history", "intake", "intake_row"}
	for _, settings := range []struct {
		lo, hi, only string
		regions      []string
	}{{"", "", "", nil}, {"3273", "3274", "", []string{"3273"}}, {"1101", "3274", "1101,3273", []string{"1101", "3273"}}} {
		for _, table := range tables {
			err := pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error {
				if settings.hi != "" {
					if _, err := tx.Exec(t.Context(),
						"select set_config('tanggap.lo', $1, true), set_config('tanggap.hi', $2, true), set_config('tanggap.only', "+
							"$3, true)",
						settings.lo, settings.hi, settings.only); err != nil {
						return err
					}
				}
				rows, err := tx.Query(t.Context(), "select distinct region from "+table)
				if err != nil {
					return err
				}
				found, err := pgx.CollectRows(rows, pgx.RowTo[string])
				for _, code := range found {
					if !strings.Contains(strings.Join(settings.regions, " "), code) {
						t.Errorf("%s shows %s to a transaction that was told %q", table, code, settings.regions)
					}
				}
				if table == "cases" && len(settings.regions) > 0 && len(found) == 0 {
					t.Errorf("%s hides its own region", table)
				}
				return err
			})
			if err != nil {
				t.Fatalf("%s: %v", table, err)
			}
		}
		var workers int
		if err := conn.QueryRow(t.Context(), "select count(*) from worker").Scan(&workers); err != nil || workers != 0 {
			t.Errorf("%d workers outside any transaction, %v", workers, err)
		}
	}
}

func TestSeveralGrantsAreExactlyTheirUnion(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	everywhere := b.Officer(t, authz.Supervisor, "")
	want := map[string]bool{}
	for i, code := range []region.Code{"3273", "3204", "1101", "1201", "3201"} {
		c := everywhere.Open(t, code, 10+i, "Warga")
		want[c.ID] = code == "3273" || code == "1101"
	}
	both := b.Officer(t, authz.Supervisor, "3273", "11")
	for _, size := range []string{"1", "2", "50"} {
		seen := map[string]bool{}
		cursor := ""
		for pages := 1; ; pages++ {
			var page struct {
				Items []apitest.Case
				Next  string `json:"next_cursor"`
			}
			if pages > 10 {
				t.Fatalf("pages of %s: without end", size)
			}
			both.Call(t, http.MethodGet, "/v1/cases?limit="+size+"&cursor="+cursor, nil).JSON(t, &page)
			for _, c := range page.Items {
				if seen[c.ID] || !want[c.ID] {
					t.Errorf("pages of %s: case of %s is foreign or stands twice", size, c.Region)
				}
				seen[c.ID] = true
			}
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		if len(seen) != 2 {
			t.Errorf("pages of %s hold %d cases, want 2", size, len(seen))
		}
	}
	var counts struct{ Total int }
	both.Call(t, http.MethodGet, "/v1/cases/counts", nil).JSON(t, &counts)
	if counts.Total != 2 {
		t.Errorf("counted %d", counts.Total)
	}
	var found struct{ Items []apitest.Case }
	both.Call(t, http.MethodPost, "/v1/cases/search", map[string]any{"name": "warga"}).JSON(t, &found)
	if len(found.Items) != 2 {
		t.Errorf("the search found %d", len(found.Items))
	}
	var byNIK struct{ Items []apitest.Case }
	both.Call(t, http.MethodPost, "/v1/cases/search", map[string]any{"nik": "3204010101900011"}).JSON(t, &byNIK)
	if len(byNIK.Items) != 0 {
		t.Error("a foreign NIK was found")
	}
}

// A worker with an open case elsewhere is refused without a word on where.
func TestDuplicatesSayNothingOfTheOtherOffice(t *testing.T) {
	t.Parallel()
	c := twoOffices(t)
	bandung := c.Officer(t, authz.CaseWorker, "3273")
	a := bandung.Call(t, http.MethodPost, "/v1/cases", map[string]any{"region": "3273", "terminated_on": "2026-10-01",
		"worker": apitest.Worker("3204", 2, "Orang Lain")})
	if a.Code() != "case.registered_elsewhere" {
		t.Fatalf("got %d %s", a.Status, a.Body)
	}
	for _, mark := range append(c.marks, "3204") {
		if bytes.Contains(a.Body, []byte(mark)) {
			t.Errorf("it shows %q", mark)
		}
	}
}

// What is taken away binds from the answer on, in the middle of a session.
func TestRevokedAndDeactivatedAtOnce(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	admin, worker := b.Officer(t, authz.Administrator, "32"), b.Officer(t, authz.CaseWorker, "3273")
	worker.Open(t, "3273", 1, "Warga")
	var o struct{ Grants []struct{ ID string } }
	admin.Call(t, http.MethodGet, "/v1/officers/"+worker.ID.String(), nil).JSON(t, &o)
	if a := admin.Call(t, http.MethodPost, "/v1/officers/"+worker.ID.String()+"/grants/"+o.Grants[0].ID+"/revocation", nil); a.Status != http.StatusOK {
		t.Fatalf("revoke: %d %s", a.Status, a.Body)
	}
	if a := worker.Call(t, http.MethodGet, "/v1/cases", nil); a.Status != http.StatusForbidden {
		t.Errorf("after the revocation: %d %s", a.Status, a.Body)
	}
	if a := admin.Call(t, http.MethodPost, "/v1/officers/"+worker.ID.String()+"/deactivation", nil); a.Status != http.StatusOK {
		t.Fatalf("deactivate: %d %s", a.Status, a.Body)
	}
	if a := worker.Call(t, http.MethodGet, "/v1/session", nil); a.Status != http.StatusUnauthorized {
		t.Errorf("after the deactivation: %d %s", a.Status, a.Body)
	}
	outside := b.Officer(t, authz.CaseWorker, "1101")
	if a := admin.Call(t, http.MethodPost, "/v1/officers/"+outside.ID.String()+"/deactivation",
		nil); a.Status != http.StatusNotFound {
		t.Errorf("an officer outside: %d", a.Status)
	}
	if a := admin.Call(t, http.MethodPost, "/v1/officers/"+admin.ID.String()+"/grants",
		map[string]any{"role": "supervisor", "region": "32"}); a.Status != http.StatusForbidden {
		t.Errorf("own rights: %d %s", a.Status, a.Body)
	}
	nobody := b.Officer(t, authz.CaseWorker)
	if a := nobody.Call(t, http.MethodGet, "/v1/cases", nil); a.Status != http.StatusForbidden {
		t.Errorf("an officer without a region: %d", a.Status)
	}
}
