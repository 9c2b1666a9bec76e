package api_test

import (
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

// read gives an export as its officer sees it.
func read(t *testing.T, o *apitest.Officer, id string) (x exported) {
	t.Helper()
	a := o.Call(t, http.MethodGet, "/v1/exports/"+id, nil)
	if a.Status != http.StatusOK {
		t.Fatalf("read: %d %s", a.Status, a.Body)
	}
	a.JSON(t, &x)
	return x
}

// An order for what lies outside the caller's reach is refused, like anything of others; no empty file is signed for
// it.
func TestAnExportOfWhatIsOutOfReachIsRefused(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, other := b.Officer(t, authz.Auditor, "32"), b.Officer(t, authz.Supervisor, "3301")
	near := b.Officer(t, authz.Supervisor, "3204")
	foreign, inside := other.Open(t, "3301", 1, "Jauh"), near.Open(t, "3204", 2, "Dekat")
	layoffOf := func(o *apitest.Officer, code string) string {
		var l struct{ ID string }
		o.Call(t, http.MethodPost, "/v1/layoffs", map[string]any{"employer": map[string]any{"name": "PT " + code,
			"region": code}}).JSON(t, &l)
		return l.ID
	}
	far := layoffOf(other, "3301")
	if far == "" {
		t.Fatal("no layoff of the other office")
	}
	for name, c := range map[string]struct {
		body map[string]any
		code string
	}{
		"a province of others":       {map[string]any{"region": "33"}, "export.region_out_of_scope"},
		"a regency of others":        {map[string]any{"region": "3301"}, "export.region_out_of_scope"},
		"a case of others":           {map[string]any{"case": foreign.ID}, "case.not_found"},
		"a case that nobody has":     {map[string]any{"case": uuid.NewString()}, "case.not_found"},
		"a case beside the region":   {map[string]any{"case": inside.ID, "region": "3273"}, "case.not_found"},
		"a layoff of others":         {map[string]any{"layoff": far}, "layoff.not_found"},
		"a layoff that nobody has":   {map[string]any{"layoff": uuid.NewString()}, "layoff.not_found"},
		"an officer of others":       {map[string]any{"officer": other.ID}, "officer.not_found"},
		"an officer that nobody has": {map[string]any{"officer": uuid.NewString()}, "officer.not_found"},
		"an office of others":        {map[string]any{"office": "3301"}, "export.region_out_of_scope"},
		"a dossier of others, everything": {map[string]any{"case": foreign.ID, "format": "dossier", "profile": "full",
			"reason": "x"}, "case.not_found"},
	} {
		if a := o.Call(t, http.MethodPost, "/v1/exports", c.body); a.Code() != c.code || a.Status != http.StatusForbidden &&
			a.Status != http.StatusNotFound {
			t.Errorf("%s: %d %s, want %s", name, a.Status, a.Body, c.code)
		}
	}
	var list struct{ Items []exported }
	o.Call(t, http.MethodGet, "/v1/exports", nil).JSON(t, &list)
	if len(list.Items) > 0 {
		t.Errorf("kept all the same: %+v", list.Items)
	}
	order(t, o, map[string]any{"region": "3204"})
	order(t, o, map[string]any{"case": inside.ID})
	order(t, other, map[string]any{"layoff": far})
}

// Every filter narrows an order; what none is, is refused and the filters are not silently left out.
func TestTheFiltersOfAnOrder(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Sari")
	o.Open(t, "3273", 2, "Budi")
	o.Change(t, &c, "/transitions", map[string]any{"to": "closed", "outcome": "withdrawn"})
	for name, x := range map[string]struct {
		body map[string]any
		want int
	}{
		"outcome": {map[string]any{"outcome": "withdrawn"}, 1}, "stage": {map[string]any{"stage": "intake"}, 1},
		"no claim": {map[string]any{"claim": "none"}, 2}, "claim": {map[string]any{"claim": "running"}, 0},
		"office": {map[string]any{"office": "3273"}, 2}, "before": {map[string]any{"until": "2020-01-01"}, 0},
		"since": {map[string]any{"from": "2020-01-01"}, 2},
	} {
		ordered := order(t, o, x.body)
		var made exported
		ordered.JSON(t, &made)
		if r := verifyParts(t, parts(t, b, o, ordered), b.Key.Public()); r.Finding != nil || r.Cases != x.want {
			t.Errorf("%s: %d cases, %v, want %d", name, r.Cases, r.Finding, x.want)
		}
		o.Call(t, http.MethodPost, "/v1/exports/"+made.ID+"/cancellation", nil)
	}
	for field, body := range map[string]map[string]any{
		"outcome": {"outcome": "plated"}, "claim": {"claim": "x"}, "calendar.date_invalid": {"from": "01-12-2026"},
		"until": {"from": "2026-11-02", "until": "2026-11-01"}, "office": {"office": "3273", "region": "3273"},
		"officer": {"officer": "rina@x.id"},
	} {
		if a := o.Call(t, http.MethodPost, "/v1/exports", body); a.Status != http.StatusUnprocessableEntity ||
			!strings.Contains(string(a.Body), field) {
			t.Errorf("%s: %d %s", field, a.Status, a.Body)
		}
	}
}

// A file comes as what it is, under a name that tells one from another.
func TestAFileSaysWhatItIs(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Sari")
	seen := map[string]bool{}
	for n, x := range []struct {
		body       map[string]any
		media, has string
	}{
		{map[string]any{"format": "csv"}, "application/age", "tanggap-csv-3273-"},
		{map[string]any{"format": "csv", "from": "2026-11-01"}, "application/age", "tanggap-csv-3273-20261101-"},
		{map[string]any{"format": "xlsx"}, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
			"tanggap-xlsx-3273-"},
		{map[string]any{"format": "dossier", "case": c.ID, "profile": "masked"}, "application/age",
			"tanggap-dossier-3273-"},
	} {
		var made exported
		order(t, o, x.body).JSON(t, &made)
		run(t, b, made.ID)
		file := o.Call(t, http.MethodGet, "/v1/exports/"+made.ID+"/file", nil)
		name := file.Header.Get("Content-Disposition")
		if file.Header.Get("Content-Type") != x.media || !strings.Contains(name, x.has) || seen[name] {
			t.Errorf("%d: %s, %s", n, file.Header.Get("Content-Type"), name)
		}
		seen[name] = true
		o.Call(t, http.MethodPost, "/v1/exports/"+made.ID+"/cancellation", nil)
	}
}

// revoke takes an officer's grant in a region away, as an administrator does.
func revoke(t *testing.T, b *apitest.Bundle, o *apitest.Officer, area region.Code) {
	t.Helper()
	if _, err := b.Database.Admin(t).Exec(t.Context(),
		"update officer_grant set revoked_at = now() where officer_id = $1 and region = $2", uuid.UUID(o.ID),
		string(area)); err != nil {
		t.Fatal(err)
	}
	b.Sessions.Forget(o.ID)
}

// A right that ends between the order and the run, the approval or the reading is missed there, with that reason.
func TestARightThatEndsIsMissedAtEveryStep(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, decides := b.Officer(t, authz.Supervisor, "3273", "3204"), b.Officer(t, authz.Supervisor, "32")
	o.Open(t, "3273", 1, "Satu")
	lone := o.Open(t, "3204", 2, "Dua")
	var named, dossier, ready, awaiting exported
	order(t, o, map[string]any{"region": "3204"}).JSON(t, &ready)
	run(t, b, ready.ID)
	order(t, o, map[string]any{"region": "3204"}).JSON(t, &named)
	order(t, o, map[string]any{"case": lone.ID, "profile": "masked", "format": "dossier"}).JSON(t, &dossier)
	order(t, o, map[string]any{"region": "3204", "profile": "full", "reason": "Pengadilan"}).JSON(t, &awaiting)
	revoke(t, b, o, "3204")
	if a := decides.Call(t, http.MethodPost, "/v1/exports/"+awaiting.ID+"/approval",
		nil); a.Code() != "export.right_lost" {
		t.Errorf("approved for somebody without the right: %s", a.Body)
	}
	run(t, b, named.ID)
	run(t, b, dossier.ID)
	if x := read(t, o, named.ID); x.State != "failed" || x.Failure != "export.right_lost" || x.Entries != 0 {
		t.Errorf("run without the right: %+v", x)
	}
	if x := read(t, o, dossier.ID); x.State != "failed" || x.Failure != "case.not_found" {
		t.Errorf("of a case that is out of reach: %+v", x)
	}
	for _, path := range []string{"", "/file"} {
		if a := o.Call(t, http.MethodGet, "/v1/exports/"+ready.ID+path, nil); a.Code() != "export.not_found" {
			t.Errorf("%s of what was made before: %d %s", path, a.Status, a.Body)
		}
	}
	list := o.Call(t, http.MethodGet, "/v1/exports", nil)
	if strings.Contains(string(list.Body), ready.ID) || !strings.Contains(string(list.Body), named.ID) {
		t.Errorf("listed: %s", list.Body)
	}
}

// Rights that came after the order add nothing to it: what runs is what was ordered, and perhaps approved.
func TestAnExportHoldsNoMoreThanWasOrdered(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	o.Open(t, "3273", 1, "Satu")
	b.Officer(t, authz.Supervisor, "3204").Open(t, "3204", 2, "Dua")
	ordered := order(t, o, map[string]any{})
	if _, err := b.Database.Admin(t).Exec(t.Context(), "update officer_grant set region = '32' where officer_id = $1",
		uuid.UUID(o.ID)); err != nil {
		t.Fatal(err)
	}
	b.Sessions.Forget(o.ID)
	if r := verifyParts(t, parts(t, b, o, ordered), ""); r.Finding != nil || r.Cases != 1 {
		t.Errorf("%d cases, %v", r.Cases, r.Finding)
	}
}

// handOver moves the custody of a case from one office to another.
func handOver(t *testing.T, from, to *apitest.Officer, c *apitest.Case, code region.Code) {
	t.Helper()
	if a := from.Change(t, c, "/referrals", map[string]any{"kind": "custody",
		"to": code}); a.Status >= http.StatusMultipleChoices {
		t.Fatalf("offer: %d %s", a.Status, a.Body)
	}
	offers := incoming(t, to)
	offers.Items = slices.DeleteFunc(offers.Items, func(r referralAnswer) bool { return r.State != "offered" })
	if len(offers.Items) != 1 {
		t.Fatalf("%d offers", len(offers.Items))
	}
	r := offers.Items[0]
	if a := to.Call(t, http.MethodPost, "/v1/referrals/"+r.ID+"/answer", map[string]any{"to": "accepted"}, "If-Match",
		rest.ETag(r.Version)); a.Status >= http.StatusMultipleChoices {
		t.Fatalf("accept: %d %s", a.Status, a.Body)
	}
}

// What went to another office is not fetched from an older file any more, nor by the office that it went to from a
// file of its own that lacks nothing; of a case that came back the file is good again.
func TestWhatLeftCustodyIsNotFetched(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	giver, taker, over := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3204"), b.Officer(t,
		authz.Supervisor, "32")
	moving, staying := giver.Open(t, "3273", 1, "Pindah"), giver.Open(t, "3273", 2, "Tetap")
	files := map[string]*apitest.Officer{}
	names := map[string]string{}
	for name, o := range map[string]*apitest.Officer{"whole": giver, "taker": taker, "province": over} {
		var x exported
		order(t, o, map[string]any{}).JSON(t, &x)
		files[x.ID], names[x.ID] = o, name
	}
	var x exported
	order(t, giver, map[string]any{"case": staying.ID, "profile": "masked", "format": "dossier"}).JSON(t, &x)
	files[x.ID], names[x.ID] = giver, "other case"
	for id := range files {
		run(t, b, id)
	}
	fetchAll := func(when string, refused string) {
		for id, o := range files {
			want := ""
			if names[id] == refused {
				want = "export.left_custody"
			}
			if a := o.Call(t, http.MethodGet, "/v1/exports/"+id+"/file", nil); a.Code() != want {
				t.Errorf("%s, %s: %d %s", when, names[id], a.Status, a.Code())
			}
		}
	}
	fetchAll("before", "")
	handOver(t, giver, taker, &moving, "3204")
	fetchAll("after", "whole")
	var c apitest.Case
	taker.Call(t, http.MethodGet, "/v1/cases/"+moving.ID, nil).JSON(t, &c)
	handOver(t, taker, giver, &c, "3273")
	fetchAll("back", "")
}

// The passphrase is told by the first answer to an order. A repeat says that it was, and the order can be cancelled.
func TestAPassphraseIsShownOnce(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	type answer struct {
		ID, Passphrase string
		Shown          bool `json:"passphrase_shown"`
	}
	var first, second answer
	key := uuid.NewString()
	o.Call(t, http.MethodPost, "/v1/exports", map[string]any{}, "Idempotency-Key", key).JSON(t, &first)
	again := o.Call(t, http.MethodPost, "/v1/exports", map[string]any{}, "Idempotency-Key", key)
	again.JSON(t, &second)
	if first.Passphrase == "" || first.Shown || second.Passphrase != "" || !second.Shown || first.ID != second.ID ||
		again.Status != http.StatusAccepted {
		t.Fatalf("first %+v, then %d %+v", first, again.Status, second)
	}
	if strings.Contains(string(o.Call(t, http.MethodGet, "/v1/exports/"+first.ID, nil).Body), first.Passphrase) {
		t.Error("the passphrase is read again")
	}
	if a := o.Call(t, http.MethodPost, "/v1/exports/"+second.ID+"/cancellation", nil); a.Status != http.StatusOK {
		t.Errorf("cancel: %s", a.Body)
	}
}

const fullDisk = "TANGGAP_TEST_FULL_DISK"

// A place without room for the file fails the export at once, for that reason, and gives the officer's slot back. The
// limit on the size of files is the process's, so that another process of the same test has it.
func TestAnExportWithoutRoomFailsAtOnce(t *testing.T) {
	t.Parallel()
	if os.Getenv(fullDisk) == "" {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
		child.Env = append(os.Environ(), fullDisk+"=yes")
		out, err := child.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	o.Open(t, "3273", 1, "Satu")
	ids := make([]string, export.MostUnderWay)
	for i := range ids {
		var x exported
		order(t, o, map[string]any{}).JSON(t, &x)
		ids[i] = x.ID
	}
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	small := before
	if small.Cur = 1024; syscall.Setrlimit(syscall.RLIMIT_FSIZE, &small) != nil {
		t.Fatal("no limit")
	}
	_, sealing := b.Store.Seal(t.Context())
	err := b.Services.Exports.Run(t.Context(), uuid.MustParse(ids[0]))
	if restoring := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); restoring != nil || sealing != nil || err != nil {
		t.Fatal(restoring, sealing, err)
	}
	if x := read(t, o, ids[0]); x.State != "failed" || x.Failure != "export.no_room" {
		t.Errorf("%+v", x)
	}
	order(t, o, map[string]any{})
	run(t, b, ids[1]) // with room again, the next one is made
	if x := read(t, o, ids[1]); x.State != "ready" {
		t.Errorf("%+v", x)
	}
}

// What fails for a moment is tried again at once, a few times; what is cut off again and again ends.
func TestAnExportIsNotTriedForEver(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	o.Open(t, "3273", 1, "Satu")
	broken := *b.Services.Exports
	broken.Sign = func(string) ([]byte, error) { panic("no key") }
	var x, cut exported
	order(t, o, map[string]any{}).JSON(t, &x)
	for n := 1; n <= export.MostAttempts; n++ {
		if read(t, o, x.ID).State != "queued" {
			t.Fatalf("attempt %d: %+v", n, read(t, o, x.ID))
		}
		if err := broken.Run(t.Context(), uuid.MustParse(x.ID)); err == nil || !strings.Contains(err.Error(), "panic") {
			t.Fatalf("attempt %d: %v", n, err)
		}
	}
	if x = read(t, o, x.ID); x.State != "failed" || x.Failure != "internal" {
		t.Errorf("in the end: %+v", x)
	}
	order(t, o, map[string]any{}).JSON(t, &cut)
	id := uuid.MustParse(cut.ID)
	for range export.MostStarts {
		if _, err := b.Store.StartExport(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Database.Admin(t).Exec(t.Context(),
			"update export set seen_at = now() - interval '1 minute'"); err != nil {
			t.Fatal(err)
		}
	}
	run(t, b, cut.ID)
	if x = read(t, o, cut.ID); x.State != "failed" || x.Failure != "export.interrupted" {
		t.Errorf("cut off again and again: %+v", x)
	}
	if err := b.Services.Exports.Run(t.Context(), id); fault.CodeOf(err) != "export.not_found" {
		t.Errorf("and again: %v", err)
	}
}
