package api_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/xuri/excelize/v2"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
)

// caseload is four cases of an office, of which two are overdue, and one of the neighbours.
func caseload(t *testing.T) (b *apitest.Bundle, o, worker *apitest.Officer, cases []apitest.Case) {
	t.Helper()
	b = apitest.New(t)
	o, worker = b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.CaseWorker, "3273")
	neighbour := b.Officer(t, authz.Supervisor, "3204")
	for n, name := range []string{"Moh. Rizki", "Siti Aminah", "=Agus", "Li"} {
		cases = append(cases, o.Open(t, "3273", n+1, name))
	}
	neighbour.Open(t, "3204", 9, "Moh. Rizki")
	return b, o, worker, cases
}

func idsOf(t *testing.T, a apitest.Answer) (ids []string, next string) {
	t.Helper()
	var page struct {
		Items []struct{ ID string }
		Next  string `json:"next_cursor"`
	}
	if a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	a.JSON(t, &page)
	for _, c := range page.Items {
		ids = append(ids, c.ID)
	}
	return ids, page.Next
}

// The list, its counts and its facets are narrowed by the same words, in the order asked for and page by page; what is
// not known is told with what is.
func TestTheCaseloadInOrder(t *testing.T) {
	t.Parallel()
	b, o, worker, cases := caseload(t)
	today := b.Services.Cases.Today("3273")
	o.Change(t, &cases[0], "/follow-up", map[string]any{"on": today.AddDays(1).String()})
	o.Change(t, &cases[2], "/follow-up", map[string]any{"on": today.String()})
	o.Change(t, &cases[1], "/assignment", map[string]any{"officer": worker.ID.String()})
	o.Change(t, &cases[3], "/transitions", map[string]any{"to": "training"})
	for query, want := range map[string][]int{
		"sort=name": {2, 3, 0, 1}, "sort=opened": {0, 1, 2, 3}, "sort=newest": {3, 2, 1, 0},
		"due=today": {2}, "due=today,week&sort=due": {2, 0}, "due_from=" + today.AddDays(1).String() + "&due_until=" +
			today.AddDays(1).String(): {0},
		"stage=training": {3}, "stage=training,benefit": {3}, "stage=intake,training&sort=opened": {0, 1, 2, 3},
		"officer=none&sort=opened": {0, 2, 3}, "officer=" + worker.ID.String(): {1}, "claim=running": nil,
		"outcome=placed": nil, "updated_since=" + today.String() + "&sort=opened": {0, 1, 2, 3},
		"updated_since=" + today.AddDays(1).String(): nil, "updated_until=" + today.AddDays(-1).String(): nil,
		"updated_until=" + today.String() + "&sort=opened": {0, 1, 2, 3}, "closed_from=2020-01-01": nil,
		"opened_until=" + today.AddDays(-1).String(): nil, "employer=PT+nobody": nil, "text=zzz": nil, "office=3204": nil,
	} {
		var got []string
		for next := ""; ; {
			var ids []string
			ids, next = idsOf(t, o.Call(t, http.MethodGet, "/v1/cases?limit=2&"+query+"&cursor="+next, nil))
			if got = append(got, ids...); next == "" || len(got) > 9 {
				break
			}
		}
		var ids []string
		for _, i := range want {
			ids = append(ids, cases[i].ID)
		}
		if !slices.Equal(got, ids) {
			t.Errorf("%s: %d cases, want %d, or in another order", query, len(got), len(ids))
		}
		filter, _ := url.ParseQuery(query)
		filter.Del("sort")
		a := o.Call(t, http.MethodGet, "/v1/cases/facets?"+filter.Encode(), nil)
		if !strings.Contains(string(a.Body), fmt.Sprintf(`"total":%d,"more":false`, len(want))) {
			t.Errorf("facets of %s: %d %s", query, a.Status, a.Body)
		}
	}
	for query, code := range map[string]string{"sort=age": "input.one_of", "stage=intake,lost": "input.one_of",
		"due_from=2026-02-30": "calendar.date_invalid", "updated_since=2026-02-30": "calendar.date_invalid",
		"stage=": "input.empty", "officer=nobody": "input.format"} {
		if a := o.Call(t, http.MethodGet, "/v1/cases?"+query, nil); a.Status != http.StatusUnprocessableEntity ||
			!strings.Contains(string(a.Body), code) {
			t.Errorf("%s: %d %s", query, a.Status, a.Body)
		}
	}
	if a := o.Call(t, http.MethodGet, "/v1/cases?claimstate=running", nil); !strings.Contains(string(a.Body), "due_until") ||
		!strings.Contains(string(a.Body), "updated_since") {
		t.Errorf("the known parameters are not named: %s", a.Body)
	}
	for _, path := range []string{"/v1/work", "/v1/work/counts", "/v1/payments", "/v1/duplicates", "/v1/voids"} {
		for _, name := range []string{"office", "region"} {
			if a := o.Call(t, http.MethodGet, path+"?"+name+"=3273", nil); a.Status != http.StatusOK &&
				a.Status != http.StatusForbidden {
				t.Errorf("%s?%s: %d %s", path, name, a.Status, a.Body)
			}
		}
	}
}

// Regions are found by a part of their name, as many as asked for; a list that is cut says so.
func TestRegionsByName(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	for query, want := range map[string]string{"name=bandung+barat": `"code":"3217"`, "parent=32&name=BANDUNG": `"code":"3273"`,
		"parent=33&name=bandung": `{"items":[]}`, "name=bandung&limit=1": `"more":true`} {
		if a := o.Call(t, http.MethodGet, "/v1/regions?"+query, nil); !strings.Contains(string(a.Body), want) {
			t.Errorf("%s: %d %s", query, a.Status, a.Body)
		}
	}
}

// A worker is found by whatever is at hand, however it is written, and in no other office; all who have a name can be
// reached.
func TestAWorkerIsFoundByWhatIsAtHand(t *testing.T) {
	t.Parallel()
	b, o, _, cases := caseload(t)
	made := o.Call(t, http.MethodPost, "/v1/cases", map[string]any{"region": "3273", "terminated_on": "2026-10-01",
		"worker": map[string]any{"name": "Wati", "nik": "3273014503900007", "phone": "0812-3456-7000", "kpj": "12345678901",
			"email": "Wati@contoh.id", "bank": "BRI", "bank_account": "0123 4567 89", "birth_date": "1990-03-05",
			"employer": "PT Maju"}})
	var wati struct{ ID string }
	made.JSON(t, &wati)
	stranger := b.Officer(t, authz.Supervisor, "3204")
	for _, c := range []struct {
		body map[string]any
		want []string
	}{
		{map[string]any{"nik": " 32.7301-450390 0007'"}, []string{wati.ID}},
		{map[string]any{"phone": "+62 812 3456 7000"}, []string{wati.ID}}, {map[string]any{"phone": "081234567001"}, nil},
		{map[string]any{"kpj": "123-4567 8901"}, []string{wati.ID}}, {map[string]any{"kpj": "12345678902"}, nil},
		{map[string]any{"email": "wati@CONTOH.id"}, []string{wati.ID}}, {map[string]any{"email": "w@contoh.id"}, nil},
		{map[string]any{"bank_account": "0123-4567-89"}, []string{wati.ID}},
		{map[string]any{"birth_date": "1990-03-05"}, []string{wati.ID}}, {map[string]any{"birth_date": "1990-03-06"}, nil},
		{map[string]any{"name": "Wati", "birth_date": "1990-03-05"}, []string{wati.ID}},
		{map[string]any{"name": "Wati", "birth_date": "1990-03-06"}, nil},
		{map[string]any{"name": "Wati", "employer": "maju"}, []string{wati.ID}},
		{map[string]any{"name": "Wati", "employer": "mundur"}, nil}, {map[string]any{"name": "Wati", "region": "3204"}, nil},
		{map[string]any{"name": "Muhamad Rizki"}, []string{cases[0].ID}},
		{map[string]any{"name": "St. Aminah"}, []string{cases[1].ID}},
		{map[string]any{"name": "li"}, []string{cases[3].ID}}, {map[string]any{"name": "l"}, nil},
	} {
		if got, next := idsOf(t, o.Call(t, http.MethodPost, "/v1/cases/search", c.body)); !slices.Equal(got, c.want) ||
			next != "" {
			t.Errorf("%v: %v, want %v", c.body, got, c.want)
		}
		if got, _ := idsOf(t, stranger.Call(t, http.MethodPost, "/v1/cases/search", c.body)); slices.Contains(got, wati.ID) {
			t.Errorf("%v: found by a stranger", c.body)
		}
	}
	for n := range 7 {
		o.Open(t, "3273", 20+n, "Sri Lestari")
	}
	seen := map[string]bool{}
	body := map[string]any{"name": "Sri Lestari", "limit": 2}
	for range 9 {
		ids, next := idsOf(t, o.Call(t, http.MethodPost, "/v1/cases/search", body))
		for _, id := range ids {
			seen[id] = true
		}
		if body["cursor"] = next; next == "" {
			break
		}
		if a := o.Call(t, http.MethodPost, "/v1/cases/search", map[string]any{"name": "Wati", "cursor": next}); a.Code() !=
			"page.cursor_invalid" {
			t.Errorf("the cursor goes on with another search: %d %s", a.Status, a.Body)
		}
	}
	if len(seen) != 7 {
		t.Errorf("%d of 7 are reached", len(seen))
	}
}

// The list is taken along as it is filtered, in words, with no formula in it; phone numbers only by who may read the
// cases, and then everybody in it counts as read.
func TestTheListAsAFile(t *testing.T) {
	t.Parallel()
	b, o, worker, cases := caseload(t)
	for _, c := range cases[:2] {
		o.Change(t, &c, "/assignment", map[string]any{"officer": worker.ID.String()})
	}
	read := func(a apitest.Answer) [][]string {
		t.Helper()
		lines, err := csv.NewReader(strings.NewReader(string(a.Body))).ReadAll()
		if a.Status != http.StatusOK || err != nil {
			t.Fatalf("%d %s %v", a.Status, a.Body, err)
		}
		return lines
	}
	a := worker.Call(t, http.MethodGet, "/v1/cases/file?officer=me&sort=name&columns=name,phone,stage", nil,
		"Accept-Language", "en")
	lines := read(a)
	if len(lines) != 3 || lines[0][1] != "Phone number" || lines[1][0] != "Moh. Rizki" || lines[1][2] != "Intake" ||
		lines[1][1] != "'+6281234567890" {
		t.Errorf("%q", lines)
	}
	if a.Header.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.Contains(a.Header.Get("Content-Disposition"),
		".csv") || a.Header.Get("X-More") == "true" {
		t.Errorf("%v", a.Header)
	}
	if lines := read(o.Call(t, http.MethodGet, "/v1/cases/file?sort=name", nil)); len(lines) != 5 ||
		lines[1][0] != "'=Agus" || slices.Contains(lines[0], "Telepon") || lines[4][3] != "Kota Bandung" {
		t.Errorf("%q", lines)
	}
	// The language is that of the address where it names one; codes stand beside what they are called.
	lines = read(o.Call(t, http.MethodGet, "/v1/cases/file?sort=name&lang=en&columns=stage,stage_code,claim,claim_code,"+
		"outcome_code", nil, "Accept-Language", "id"))
	if want := []string{"Intake", "intake"}; !slices.Equal(lines[1][:2], want) || lines[1][3] != "none" ||
		lines[0][1] != "Code of the stage" || lines[1][4] != "" {
		t.Errorf("%q", lines)
	}
	if a := o.Call(t, http.MethodGet, "/v1/cases/file?lang=fr", nil); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("in French: %d %s", a.Status, a.Body)
	}
	x := o.Call(t, http.MethodGet, "/v1/cases/file?format=xlsx&columns=name,nik&sort=name", nil)
	book, err := excelize.OpenReader(strings.NewReader(string(x.Body)))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("Sheet1")
	formula, _ := book.GetCellFormula("Sheet1", "A2")
	if err != nil || len(rows) != 5 || rows[1][0] != "=Agus" || formula != "" || !strings.Contains(rows[1][1], "*") {
		t.Errorf("%q, formula %q, %v", rows, formula, err)
	}
	conn, err := pgx.Connect(t.Context(), b.Database.AdminDSN)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	for who, want := range map[*apitest.Officer]string{worker: "file 2", o: "list 4"} {
		var got string
		if err := conn.QueryRow(t.Context(), `select shows || ' ' || cardinality(subjects) from access_record
			where officer_id = $1 and route = 'case-file' order by id limit 1`, who.ID).Scan(&got); err != nil || got != want {
			t.Errorf("the record has %s, want %s (%v)", got, want, err)
		}
	}
}
