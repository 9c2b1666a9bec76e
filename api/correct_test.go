package api_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
)

// patched is the answer of a correction.
type patched struct {
	apitest.Case
	Name         string
	NIK          string
	DueOn        string `json:"due_on"`
	TerminatedOn string `json:"terminated_on"`
	Warnings     []struct{ Code, Field, Case, Detail string }
	Consequences []struct{ Field, From, To string }
}

func (p patched) warned() (codes []string) {
	for _, w := range p.Warnings {
		codes = append(codes, w.Code)
	}
	return codes
}

// patch corrects a case or its worker and keeps the new version.
func patch(t *testing.T, o *apitest.Officer, c *apitest.Case, path string, body map[string]any) (apitest.Answer,
	patched) {
	t.Helper()
	a := o.Call(t, http.MethodPatch, "/v1/cases/"+c.ID+path, body, "If-Match", rest.ETag(c.Version))
	var p patched
	if a.Status == http.StatusOK {
		a.JSON(t, &p)
		c.Version = p.Version
	}
	return a, p
}

// problem is what a refusal names.
func problem(t *testing.T, a apitest.Answer) (p struct {
	Code, Case string
	Errors     []struct{ Field, Code string }
}) {
	t.Helper()
	a.JSON(t, &p)
	return p
}

func foundBy(t *testing.T, o *apitest.Officer, body map[string]any) (ids []string) {
	t.Helper()
	var found struct{ Items []struct{ ID string } }
	o.Call(t, http.MethodPost, "/v1/cases/search", body).JSON(t, &found)
	for _, row := range found.Items {
		ids = append(ids, row.ID)
	}
	return ids
}

// A worker of an employer's list is taken a second time by hand, with two digits of the NIK changed about, a wrong wage
// and a wrong day of the PHK: the likeness is told, the NIK of the list's worker cannot be taken, and what is wrong in
// the case of the list itself is put right, with what follows.
func TestAWorkerOfAListTakenWrongIsPutRight(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	listed := arrivals(t, b, "Tuti Susanto")[0]
	o := listed.Officer
	var file struct{ Worker map[string]any }
	o.Call(t, http.MethodGet, "/v1/cases/"+listed.Case.ID, nil).JSON(t, &file)
	wrong := map[string]any{"name": " tuti  SUSANTO", "nik": "3217035303939393", "birth_date": "1993-03-13",
		"wage": 29_060_000}
	a := o.Call(t, http.MethodPost, "/v1/cases", map[string]any{"region": "3217", "terminated_on": "2026-07-26",
		"worker": wrong})
	var p patched
	if a.JSON(t, &p); a.Status != http.StatusCreated || p.Name != "tuti SUSANTO" {
		t.Fatalf("taken again: %d %s", a.Status, a.Body)
	}
	if len(p.Warnings) != 1 || p.Warnings[0].Code != "worker.likely_duplicate" || p.Warnings[0].Case != listed.Case.ID ||
		!strings.Contains(p.Warnings[0].Detail, "nik, name_birth_date") {
		t.Errorf("warned of %+v", p.Warnings)
	}
	second := p.Case
	a, _ = patch(t, o, &second, "/worker", map[string]any{"nik": file.Worker["nik"], "reason": "salah ketik"})
	if got := problem(t, a); a.Status != http.StatusConflict || got.Code != "worker.nik_taken" ||
		got.Case != listed.Case.ID {
		t.Errorf("the NIK of another: %d %s", a.Status, a.Body)
	}
	first := listed.Case
	a, p = patch(t, o, &first, "/worker", map[string]any{"wage": 2_960_000, "phone": nil, "bank": "BRI",
		"bank_account":  "0123-01-012345",
		"terminated_on": "2026-07-26", "nik": "3217035303939934", "reason": "Slip upah dan KTP dibawa"})
	if a.Status != http.StatusOK || p.TerminatedOn != "2026-07-26" || p.NIK != "************9934" {
		t.Fatalf("put right: %d %s", a.Status, a.Body)
	}
	if len(p.Consequences) != 1 || p.Consequences[0].Field != "due_on" || p.Consequences[0].From != "2026-12-27" ||
		p.Consequences[0].To != "2027-01-26" || p.DueOn != "2027-01-26" {
		t.Errorf("followed: %+v", p.Consequences)
	}
	var now struct {
		Worker  map[string]any
		History []struct {
			Kind, Note string
			Payload    map[string]any
			Changes    []struct{ Field, From, To string }
		}
	}
	o.Call(t, http.MethodGet, "/v1/cases/"+first.ID, nil).JSON(t, &now)
	if now.Worker["wage"] != 2_960_000.0 || now.Worker["phone"] != nil || now.Worker["bank_account"] != "012301012345" ||
		now.Worker["name"] != "Tuti Susanto" || now.Worker["kpj"] != file.Worker["kpj"] {
		t.Errorf("the worker is %v", now.Worker)
	}
	last := now.History[len(now.History)-1]
	values, _ := json.Marshal(last.Changes)
	if last.Kind != "worker.corrected" || last.Note != "Slip upah dan KTP dibawa" || !strings.Contains(string(values),
		`{"Field":"wage","From":"2906000","To":"2960000"}`) || len(last.Changes) != 5 {
		t.Errorf("the history says %+v", last)
	}
	clear, _ := json.Marshal(last.Payload)
	for _, secret := range []string{"2960000", "3217035303939934", "Slip"} {
		if strings.Contains(string(clear), secret) {
			t.Errorf("in clear: %s", clear)
		}
	}
	if old, right := foundBy(t, o, map[string]any{"nik": file.Worker["nik"]}), foundBy(t, o,
		map[string]any{"nik": "3217035303939934"}); len(old) != 0 || len(right) != 1 || right[0] != first.ID {
		t.Errorf("found by the old NIK %v, by the right one %v", old, right)
	}
	verified(t, b)
}

// verified seals the states of all cases, and holds their rows against the seals.
func verified(t *testing.T, b *apitest.Bundle) {
	t.Helper()
	if _, err := b.Store.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	r, err := b.Store.VerifyState(t.Context(), func(int) {})
	if err != nil || len(r.Differs) > 0 {
		t.Errorf("the state: %+v, %v", r, err)
	}
}

// A case whose record serves another case of a different worker gets a record of its own: both keep their NIK and their
// sealed notes, and erasing one leaves the other.
func TestACaseLeavesARecordThatIsAnothersWithItsHistory(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	before := o.Open(t, "3273", 1, "Siti Pertama")
	o.Change(t, &before, "/notes", map[string]any{"text": "catatan lama"})
	o.Change(t, &before, "/transitions", map[string]any{"to": "closed", "outcome": "unreachable"})
	after := o.Open(t, "3273", 1, "Budi Kedua")
	o.Change(t, &after, "/notes", map[string]any{"text": "catatan baru"})
	a, p := patch(t, o, &after, "/worker", map[string]any{"nik": "3273010101900777", "reason": "NIK orang lain"})
	if a.Status != http.StatusOK || p.NIK != "************0777" {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	for c, want := range map[*apitest.Case][2]string{&before: {"3273010101900001", "catatan lama"},
		&after: {"3273010101900777", "catatan baru"}} {
		var file struct {
			Worker  struct{ NIK string }
			History []struct{ Note string }
		}
		o.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil).JSON(t, &file)
		if file.Worker.NIK != want[0] || file.History[1].Note != want[1] {
			t.Errorf("%s: %+v", c.ID, file)
		}
	}
	if third := o.Open(t, "3273", 1, "Siti Pertama"); third.ID == "" {
		t.Error("the first worker has no open case any more")
	}
	verified(t, b)
}

// The NIK of a worker of another office is refused without a word of where, and that it was tried is recorded.
func TestANIKOfAnotherOfficeIsNotTold(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	other := b.Officer(t, authz.CaseWorker, "3578").Open(t, "3578", 7, "Rahasia")
	o := b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	a, _ := patch(t, o, &c, "/worker", map[string]any{"nik": "3578010101900007", "reason": "x"})
	if got := problem(t, a); a.Status != http.StatusConflict || got.Code != "case.registered_elsewhere" ||
		got.Case != "" ||
		strings.Contains(string(a.Body), other.ID) || strings.Contains(string(a.Body), "3578") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if got := recordOf(t, b.Database.Admin(t), a); len(got) != 1 || got[0].Outcome != "refused" {
		t.Errorf("recorded as %+v", got)
	}
}

// What the lists of employers are refused and warned for, a single worker is, too; a fact that stood already keeps no
// other from being put right.
func TestASingleWorkerIsJudgedAsAListIs(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	n := 0
	open := func(day string, facts map[string]any) apitest.Answer {
		n++
		w := apitest.Worker("3273", n, "Siti")
		for name, value := range facts {
			if w[name] = value; value == nil {
				delete(w, name)
			}
		}
		return o.Call(t, http.MethodPost, "/v1/cases", map[string]any{"region": "3273", "terminated_on": day, "worker": w})
	}
	for name, c := range map[string]struct {
		day         string
		facts       map[string]any
		code, field string
	}{
		"born tomorrow": {"2026-10-01", map[string]any{"birth_date": "2090-01-01"}, "worker.birth_date_future",
			"worker.birth_date"},
		"NIK of no region":    {"2026-10-01", map[string]any{"nik": "9901010101900001"}, "nik.region_unknown", "worker.nik"},
		"before birth":        {"1989-12-31", nil, "phk_date.before_birth", "terminated_on"},
		"before every birth":  {"1950-11-01", map[string]any{"birth_date": nil}, "phk_date.before_birth", "terminated_on"},
		"the day of birth":    {"1990-01-01", nil, "phk_date.before_birth", "terminated_on"},
		"no letter in a name": {"2026-10-01", map[string]any{"name": "123"}, "worker.name_missing", "worker.name"},
	} {
		a := open(c.day, c.facts)
		if got := problem(t, a); a.Status != http.StatusUnprocessableEntity || got.Code != c.code ||
			len(got.Errors) != 1 || got.Errors[0].Field != c.field {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	for name, c := range map[string]struct {
		day   string
		facts map[string]any
		code  string
	}{
		"another birth date":        {"2026-10-01", map[string]any{"birth_date": "1990-01-02"}, "nik.birthdate_mismatch"},
		"another sex":               {"2026-10-01", map[string]any{"sex": "female"}, "nik.gender_mismatch"},
		"too young":                 {"2004-12-31", nil, "phk_date.before_working_age"},
		"of age":                    {"2005-01-01", nil, ""},
		"nothing to ask about them": {"2026-10-01", nil, ""},
	} {
		var p patched
		a := open(c.day, c.facts)
		a.JSON(t, &p)
		var codes []string
		for _, code := range p.warned() {
			if code != "worker.likely_duplicate" {
				codes = append(codes, code)
			}
		}
		if a.Status != http.StatusCreated || strings.Join(codes, " ") != c.code {
			t.Errorf("%s: %d %v", name, a.Status, codes)
		}
	}
	c := o.Open(t, "3273", 90, "Siti")
	for _, c := range []struct {
		body   map[string]any
		status int
		code   string
	}{
		{map[string]any{"reason": "x"}, http.StatusUnprocessableEntity, "correction.nothing"},
		{map[string]any{"reason": "x", "sex": "male"}, http.StatusUnprocessableEntity, "correction.nothing"},
		{map[string]any{"reason": " ", "sex": "female"}, http.StatusUnprocessableEntity, "correction.reason_required"},
		{map[string]any{"sex": "female"}, http.StatusUnprocessableEntity, "input.invalid"},
		{map[string]any{"reason": "x", "name": nil}, http.StatusUnprocessableEntity, "worker.name_missing"},
		{map[string]any{"reason": "x", "nik": nil}, http.StatusUnprocessableEntity, "worker.invalid"},
		{map[string]any{"reason": "x", "phone": "1", "kpj": "x"}, http.StatusUnprocessableEntity, "worker.invalid"},
		{map[string]any{"reason": "x", "residence": "9999"}, http.StatusUnprocessableEntity, "worker.invalid"},
	} {
		id := o.Open(t, "3273", 200+n, "Siti")
		n++
		if a, _ := patch(t, o, &id, "/worker", c.body); a.Status != c.status || a.Code() != c.code {
			t.Errorf("%v: %d %s", c.body, a.Status, a.Body)
		}
	}
	if a, p := patch(t, o, &c, "/worker", map[string]any{"reason": "x",
		"residence": "9101"}); a.Status != http.StatusOK || p.Version != 2 {
		t.Errorf("lives in a former regency: %d %s", a.Status, a.Body)
	}
	if a, _ := patch(t, o, &c, "", map[string]any{"reason": "x",
		"terminated_on": "1980-01-01"}); a.Code() != "phk_date.before_birth" {
		t.Errorf("before birth: %d %s", a.Status, a.Body)
	}
}

// A region that is no more is the one that it became, for a new case as in a list.
func TestACaseOpensInTheSuccessorOfItsRegency(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "93")
	a := o.Call(t, http.MethodPost, "/v1/cases", map[string]any{"region": "9101", "terminated_on": "2026-10-01",
		"worker": apitest.Worker("9101", 1, "Siti")})
	var c apitest.Case
	if a.JSON(t, &c); a.Status != http.StatusCreated || c.Region != "9301" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// The answer to every change shows the case as a list does, to who may list workers; a repeat says the same.
func TestAChangeAnswersWithTheRowOfItsCase(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	layoff := report(t, o, "PT Sama", 3)
	c := openUnder(t, o, "3273", 1, layoff.ID)
	for path, body := range map[string]map[string]any{"/notes": {"text": "x"}, "/follow-up": {"on": "2099-01-01"},
		"/transitions": {"to": "training"}, "/assignment": {"officer": o.ID.String()}} {
		key := "key" + strings.ReplaceAll(path, "/", "-")
		first := o.Call(t, http.MethodPost, "/v1/cases/"+c.ID+path, body, "If-Match", rest.ETag(c.Version),
			"Idempotency-Key", key)
		again := o.Call(t, http.MethodPost, "/v1/cases/"+c.ID+path, body, "If-Match", rest.ETag(c.Version),
			"Idempotency-Key", key)
		var list struct{ Items []map[string]any }
		o.Call(t, http.MethodGet, "/v1/cases?layoff="+layoff.ID, nil).JSON(t, &list)
		want, _ := json.Marshal(list.Items[0])
		for what, a := range map[string]apitest.Answer{"first": first, "again": again} {
			var row map[string]any
			a.JSON(t, &row)
			if got, _ := json.Marshal(row); string(got) != string(want) {
				t.Errorf("%s, %s: %s\nwant %s", path, what, got, want)
			}
		}
		first.JSON(t, &c)
	}
	if n := countRows(t, b, "select count(*) from idempotency where body like '%Siti%'"); n != 0 {
		t.Errorf("%d kept answers name the worker", n)
	}
}

func countRows(t *testing.T, b *apitest.Bundle, query string) (n int) {
	t.Helper()
	if err := b.Database.Admin(t).QueryRow(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Likely duplicates are told of a case and of an office, with what they have in common, and nothing of other offices.
func TestLikelyDuplicatesAreToldInScope(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, other := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.CaseWorker, "3204")
	take := func(by *apitest.Officer, region string, facts map[string]any) string {
		a := by.Call(t, http.MethodPost, "/v1/cases", map[string]any{"region": region, "terminated_on": "2026-10-01",
			"worker": facts})
		var c apitest.Case
		if a.JSON(t, &c); a.Status != http.StatusCreated {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		return c.ID
	}
	first := take(o, "3273", map[string]any{"name": "Siti Aminah", "nik": "3273010101900001",
		"birth_date": "1990-01-01", "phone": "081111111111", "kpj": "11111111111"})
	take(other, "3204", map[string]any{"name": "Siti Aminah", "nik": "3204010101900001", "birth_date": "1990-01-01",
		"phone": "081111111111", "kpj": "11111111111"})
	like := map[string]string{}
	for by, facts := range map[string]map[string]any{
		"nik":             {"name": "Budi", "nik": "3273010101900010"},
		"name_birth_date": {"name": "SITI  AMINAH", "nik": "3273020202850005", "birth_date": "1990-01-01"},
		"phone":           {"name": "Candra", "nik": "3273020202850006", "phone": "+6281111111111"},
		"kpj":             {"name": "Dewi", "nik": "3273020202770107", "kpj": "11111111111"},
	} {
		like[by] = take(o, "3273", facts)
	}
	take(o, "3273", map[string]any{"name": "Siti Aminah", "nik": "3273020202600109", "birth_date": "1960-02-02",
		"phone": "082222222222"})
	var of struct {
		Items []struct {
			ID string
			By []string
		}
	}
	o.Call(t, http.MethodGet, "/v1/cases/"+first+"/duplicates", nil).JSON(t, &of)
	if len(of.Items) != 4 {
		t.Errorf("like the first: %+v", of.Items)
	}
	for _, item := range of.Items {
		if len(item.By) != 1 || like[item.By[0]] != item.ID {
			t.Errorf("got %+v of %v", item, like)
		}
	}
	var page struct {
		Items []struct {
			ID     string
			Others []struct {
				ID string
				By []string
			}
		}
		NextCursor string `json:"next_cursor"`
	}
	o.Call(t, http.MethodGet, "/v1/duplicates", nil).JSON(t, &page)
	if len(page.Items) != 3 || page.NextCursor != "" {
		t.Errorf("the list: %+v", page)
	}
	for _, item := range page.Items {
		if len(item.Others) != 1 || item.Others[0].ID != first || like[item.Others[0].By[0]] != item.ID {
			t.Errorf("the list has %+v", item)
		}
	}
	seen := 0
	for next := "/v1/duplicates?limit=2"; next != ""; {
		page.NextCursor = ""
		o.Call(t, http.MethodGet, next, nil).JSON(t, &page)
		seen += len(page.Items)
		if next = ""; page.NextCursor != "" {
			next = "/v1/duplicates?limit=2&cursor=" + page.NextCursor
		}
	}
	if seen != 3 {
		t.Errorf("page by page %d", seen)
	}
	other.Call(t, http.MethodGet, "/v1/duplicates", nil).JSON(t, &page)
	if a := other.Call(t, http.MethodGet, "/v1/cases/"+first+"/duplicates", nil); len(page.Items) != 0 ||
		a.Status != http.StatusNotFound {
		t.Errorf("another office sees %+v, %d", page.Items, a.Status)
	}
	a := o.Call(t, http.MethodPost, "/v1/cases", map[string]any{"region": "3273", "terminated_on": "2026-10-01",
		"worker": map[string]any{"name": "X", "nik": "3273010101900001"}})
	if got := problem(t, a); got.Code != "case.already_registered" || got.Case != first {
		t.Errorf("registered: %s", a.Body)
	}
}

// A list warns of its rows whose workers are likely registered under another NIK, and takes them all the same.
func TestAListWarnsOfLikelyDuplicates(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "")
	a := o.Call(t, http.MethodPost, "/v1/cases", map[string]any{"region": "3217", "terminated_on": "2026-06-27",
		"worker": map[string]any{"name": "Tuti Susanto", "nik": "3217035303939943", "birth_date": "1993-03-13"}})
	var c apitest.Case
	a.JSON(t, &c)
	in := upload(t, b, o, "clean_500.csv")
	var rows struct {
		Items []struct {
			Row     int
			Reasons []struct{ Code, Text string }
		}
	}
	o.Call(t, http.MethodGet, "/v1/intakes/"+in.ID+"/rows?status=valid_warning", nil).JSON(t, &rows)
	if len(rows.Items) != 1 || rows.Items[0].Reasons[0].Code != "LIKELY_DUPLICATE" {
		t.Errorf("warned of %+v (%d %s)", rows.Items, a.Status, a.Body)
	}
}

// The layoff that a list made is completed, so that the ministry's own definition counts it; the correction stands in
// the history of every layoff of the employer, and its clocks follow.
func TestALayoffIsCompleted(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "")
	in := upload(t, b, o, "clean_500.csv")
	apply(t, b, o, in.ID)
	var list struct{ Items []layoffAnswer }
	o.Call(t, http.MethodGet, "/v1/layoffs", nil).JSON(t, &list)
	l := list.Items[0]
	counted := func(month string, at ...time.Time) reportOf {
		query := "definition=disnaker_reports&month=" + month
		for _, known := range at {
			query += "&known_at=" + url.QueryEscape(known.Format(time.RFC3339Nano))
		}
		return figures(t, o, query)
	}
	before := counted("2026-12")
	sibling := o.Call(t, http.MethodPost, "/v1/layoffs", map[string]any{"employer": map[string]any{"name": "PT Contoh",
		"region": "3273"}, "reference": "lain"})
	var second layoffAnswer
	sibling.JSON(t, &second)
	var gone layoffAnswer
	o.Call(t, http.MethodPost, "/v1/layoffs", map[string]any{"employer": map[string]any{"name": "PT Contoh",
		"region": "3273"}, "reference": "batal"}).JSON(t, &gone)
	if a := changeLayoff(t, o, &gone, "/withdrawal", map[string]any{"reason": "batal"}); a.Status != http.StatusOK {
		t.Fatalf("withdrawn: %d %s", a.Status, a.Body)
	}
	correct := func(body map[string]any) apitest.Answer {
		return o.Call(t, http.MethodPatch, "/v1/layoffs/"+l.ID, body, "If-Match", rest.ETag(l.Version))
	}
	a := correct(map[string]any{"correction": "Laporan lengkap diterima", "planned_on": "2026-12-01",
		"people_planned": 500, "reason": "EFFICIENCY_LOSS",
		"employer": map[string]any{"kbli": "14111", "kbli_edition": "2020"}})
	a.JSON(t, &l)
	if a.Status != http.StatusOK || l.Version != 2 || before.Totals["people"] != 0 ||
		counted("2026-12").Totals["people"] != 500 {
		t.Fatalf("%d %s, counted as %+v", a.Status, a.Body, counted("2026-12"))
	}
	if again := counted("2026-12", before.KnownAt); again.Totals["people"] != 0 {
		t.Errorf("before the correction it was %d", again.Totals["people"])
	}
	for id, want := range map[string]string{l.ID: "layoff.corrected", second.ID: "employer.corrected",
		gone.ID: "employer.corrected"} {
		history := o.Call(t, http.MethodGet, "/v1/layoffs/"+id+"/history", nil)
		if !strings.Contains(string(history.Body), want) || !strings.Contains(string(history.Body), "employer.kbli") {
			t.Errorf("the history of %s: %s", id, history.Body)
		}
	}
	for code, body := range map[string]map[string]any{
		"correction.nothing":         {"correction": "x", "people_planned": 500},
		"layoff.reason_unknown":      {"correction": "x", "reason": "FOO"},
		"layoff.in_future":           {"correction": "x", "notified_on": "2099-01-01"},
		"employer.nib_invalid":       {"correction": "x", "employer": map[string]any{"nib": "1"}},
		"correction.reason_required": {"correction": " ", "people_planned": 3},
	} {
		if a := correct(body); a.Status != http.StatusUnprocessableEntity || a.Code() != code {
			t.Errorf("%s: %d %s", code, a.Status, a.Body)
		}
	}
	verified(t, b)
}

// A vacancy that its source reports otherwise is changed, recorded, and verified anew; the same report changes nothing.
func TestAVacancyReportedOtherwiseIsChanged(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, other := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3204")
	id := ""
	send := func(by *apitest.Officer, region, title string, wage int) (result string, changed []string, code string) {
		var out struct {
			Items []struct {
				ID, Result, Code string
				Changed          []string
			}
		}
		by.Call(t, http.MethodPost, "/v1/vacancies", map[string]any{"source": "portal",
			"items": []any{map[string]any{"region": region, "employer": "PT", "title": title,
				"occupation": "7531", "openings": 1, "reference": "a", "wage": wage}}}).JSON(t, &out)
		if out.Items[0].ID != "" {
			id = out.Items[0].ID
		}
		return out.Items[0].Result, out.Items[0].Changed, out.Items[0].Code
	}
	move := func(to, version string) int {
		return o.Call(t, http.MethodPost, "/v1/vacancies/"+id+"/transitions", map[string]any{"to": to}, "If-Match",
			version).Status
	}
	send(o, "3273", "Penjahit", 3_000_000)
	if result, _, _ := send(o, "3273", "Penjahit", 3_000_000); result != "known" {
		t.Errorf("the same again is %s", result)
	}
	if status := move("open", `"1"`); status != http.StatusOK {
		t.Errorf("verified: %d", status)
	}
	if result, changed, _ := send(o, "3273", "Penjahit senior", 3_500_000); result != "changed" ||
		strings.Join(changed, " ") != "title wage" {
		t.Errorf("another title is %s, %v", result, changed)
	}
	var v struct {
		State   string
		Version int
		Changes []struct {
			Version int
			Officer string
			Fields  []struct{ Field, From, To string }
		}
	}
	o.Call(t, http.MethodGet, "/v1/vacancies/"+id, nil).JSON(t, &v)
	if v.State != "reported" || v.Version != 3 || len(v.Changes) != 1 || v.Changes[0].Version != 2 ||
		v.Changes[0].Officer != o.ID.String() || v.Changes[0].Fields[0].From != "Penjahit" ||
		v.Changes[0].Fields[1].To != "3500000" {
		t.Errorf("it is %+v", v)
	}
	if result, _, code := send(other, "3204", "Milik kami", 1); result != "refused" || code != "vacancy.region_out_of_scope" {
		t.Errorf("of another office: %s %s", result, code)
	}
	if status := move("withdrawn", `"3"`); status != http.StatusOK {
		t.Errorf("withdrawn: %d", status)
	}
	if result, _, code := send(o, "3273", "Penjahit lagi", 1); result != "refused" || code != "vacancy.ended" {
		t.Errorf("after its end: %s %s", result, code)
	}
}
