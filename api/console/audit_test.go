package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/translog"
)

// shows names what a page lacks of what it must show.
func shows(t *testing.T, a apitest.Answer, texts ...string) {
	t.Helper()
	if a.Status != http.StatusOK {
		t.Errorf("answered %d: %s", a.Status, a.Body)
	}
	for _, text := range texts {
		if !strings.Contains(string(a.Body), text) {
			t.Errorf("the page has no %q: %s", text, a.Body)
		}
	}
}

// hides names what a page shows and must not.
func hides(t *testing.T, a apitest.Answer, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(string(a.Body), text) {
			t.Errorf("the page shows %q", text)
		}
	}
}

// An auditor sees who was shown a worker and what an officer was shown, day by day; in their own region and nobody
// else.
func TestAnAuditorSeesWhoSawWhom(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	worker, auditor := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.Auditor, "3273")
	c := worker.Open(t, "3273", 1, "Siti")
	worker.Page(t, "/kasus/"+c.ID)
	ofCase, ofOfficer := "/audit/akses?case="+c.ID, "/audit/akses?officer="+worker.ID.String()
	shows(t, auditor.Page(t, ofCase), "Satu kasus dengan pekerja dan riwayatnya", `href="/kasus/`+c.ID+`"`)
	shows(t, auditor.Page(t, ofOfficer), `href="/kasus/`+c.ID+`"`, "/audit/akses/pekerja?officer=")
	shows(t, auditor.Page(t, ofOfficer+"&from=kemarin&until=hari+ini"), `href="/kasus/`+c.ID+`"`)
	shows(t, auditor.Page(t, "/audit/akses/pekerja?officer="+worker.ID.String()), `href="/kasus/`+c.ID+`"`)
	for _, path := range []string{ofOfficer + "&from=besok", ofOfficer + "&until=kemarin", "/audit/akses"} {
		hides(t, auditor.Page(t, path), `href="/kasus/`+c.ID)
	}
	shows(t, auditor.Page(t, ofOfficer+"&from=besok"), "Tidak ada akses yang tercatat")
	hides(t, b.Officer(t, authz.Auditor, "3204").Page(t, ofOfficer), c.ID)
	for _, path := range []string{"/audit", "/audit/akses", "/audit/akses/pekerja", "/audit/sampel"} {
		if a := worker.Page(t, path); a.Status != http.StatusForbidden {
			t.Errorf("a case worker at %s: %d", path, a.Status)
		}
	}
	if a := auditor.Page(t, ofOfficer+"&from=32/13/2026"); a.Status != http.StatusOK ||
		!strings.Contains(string(a.Body), `class="summary"`) {
		t.Errorf("a day that is none: %d", a.Status)
	}
}

// A sample is drawn in a form; a finding on one of its cases is recorded, answered by the office, and settled.
func TestFromASampleToASettledFinding(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	head, auditor := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Auditor, "3273")
	c := head.Open(t, "3273", 1, "Siti")
	shows(t, auditor.Page(t, "/audit/sampel"), "Anda belum pernah mengambil sampel")
	draw := "/audit/sampel/buat/sample-draw"
	form := auditor.Page(t, draw).Form("from", "1/1/2020", "until", "31/12/2099", "size", "5", "seed", "benih saya")
	drawn := auditor.Send(t, draw, form)
	at, _, _ := strings.Cut(drawn.Header.Get("Location"), "?")
	if drawn.Status != http.StatusSeeOther || !strings.HasPrefix(at, "/audit/sampel/") {
		t.Fatalf("%d %s", drawn.Status, drawn.Body)
	}
	sample := strings.TrimPrefix(at, "/audit/sampel/")
	record := "/kasus/" + c.ID + "/buat/finding-record?sample=" + sample
	shows(t, auditor.Page(t, at), "kasusnya sama", `href="`+record+`"`)
	shows(t, auditor.Page(t, "/audit/sampel"), `href="`+at+`"`, "benih saya")
	hides(t, b.Officer(t, authz.Auditor, "3273").Page(t, "/audit/sampel"), at)

	page := auditor.Page(t, record)
	shows(t, page, `<input type="hidden" name="sample" value="`+sample+`">`)
	if a := auditor.Send(t, record, page.Form("sample", sample, "severity", "minor", "text", "bukti kurang")); a.Status !=
		http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	list := auditor.Page(t, "/audit/temuan")
	shows(t, list, "bukti kurang")
	one := regexp.MustCompile(`/audit/temuan/[0-9a-f-]+/[0-9a-f-]+`).FindString(string(list.Body))
	step := func(o *apitest.Officer, op, text string) {
		t.Helper()
		link := regexp.MustCompile(`/kasus/[0-9a-f-]+/buat/` + op + `\?[^"]+`).FindString(string(o.Page(t, one).Body))
		path := strings.ReplaceAll(link, "&amp;", "&")
		a := o.Send(t, path, o.Page(t, path).Form("text", text))
		if back := one + "?selesai=" + op; a.Status != http.StatusSeeOther || a.Header.Get("Location") != back {
			t.Fatalf("%s: %d to %q, want %q", op, a.Status, a.Header.Get("Location"), back)
		}
	}
	step(head, "finding-answer", "sudah dilengkapi")
	hides(t, head.Page(t, one), "finding-answer")
	step(auditor, "finding-settle", "cukup")
	shows(t, auditor.Page(t, one), "bukti kurang", "sudah dilengkapi", "cukup")
	hides(t, auditor.Page(t, one), "finding-settle")
	shows(t, auditor.Page(t, "/kasus/"+c.ID+"/temuan"), `href="`+one+`"`)
	if a := auditor.Page(t, one[:len(one)-4]+"ffff"); a.Status != http.StatusNotFound {
		t.Errorf("a finding that is not there: %d", a.Status)
	}
	if a := b.Officer(t, authz.Auditor, "3204").Page(t, one); a.Status != http.StatusNotFound {
		t.Errorf("an auditor elsewhere: %d", a.Status)
	}
}

// An export that is ordered shows its passphrase once, asks to be looked at again while it waits, and can be cancelled.
func TestAnExportIsFollowed(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Auditor, "3273")
	order := "/ekspor/buat/export-create"
	form := o.Page(t, order).Form("format", "csv", "profile", "sealed")
	shows(t, o.Send(t, order, form), "<dt>Frasa sandi berkas</dt>")
	again := o.Send(t, order, form)
	if again.Status != http.StatusSeeOther || !strings.HasSuffix(again.Header.Get("Location"), "?selesai=shown") {
		t.Fatalf("again: %d %s", again.Status, again.Header.Get("Location"))
	}
	at := strings.TrimSuffix(again.Header.Get("Location"), "?selesai=shown")
	page := o.Page(t, at)
	shows(t, page, "<progress", "Menunggu giliran", at+"/buat/export-cancel")
	hides(t, page, "<dd>csv</dd>", "<dd>sealed</dd>")
	if page.Header.Get("Refresh") != "3" {
		t.Errorf("a page about what is under way is asked for again after %q", page.Header.Get("Refresh"))
	}
	cancel := at + "/buat/export-cancel"
	if a := o.Send(t, cancel, o.Page(t, cancel).Form()); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	page = o.Page(t, at)
	shows(t, page, "Dibatalkan")
	hides(t, page, "export-cancel", "<progress")
	if page.Header.Get("Refresh") != "" {
		t.Error("what is over is asked for again")
	}
	if a := b.Officer(t, authz.Auditor, "3273").Page(t, at); a.Status != http.StatusNotFound {
		t.Errorf("somebody else's export: %d", a.Status)
	}
}

// An export of everything is let run, or refused, by another officer, who reads what it is about first.
func TestASecondOfficerDecidesAnExport(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	asks, decides := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3273")
	order := "/ekspor/buat/export-create"
	shows(t, asks.Send(t, order, asks.Page(t, order).Form("profile", "full", "reason", "permintaan hakim")),
		"<dt>Frasa sandi berkas</dt>")
	at := regexp.MustCompile(`/persetujuan/[0-9a-f-]+`).FindString(string(decides.Page(t, "/persetujuan").Body))
	shows(t, decides.Page(t, at), "permintaan hakim", at+"/buat/export-approve", at+"/buat/export-refuse")
	if a := asks.Page(t, at); a.Status != http.StatusNotFound {
		t.Errorf("who asked: %d", a.Status)
	}
	refuse := at + "/buat/export-refuse"
	if a := decides.Send(t, refuse, decides.Page(t, refuse).Form()); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := decides.Page(t, at); a.Status != http.StatusNotFound {
		t.Errorf("what was decided still waits: %d", a.Status)
	}
}

// The page of proof names the newest checkpoint, how it is proved elsewhere, and when the database was checked last.
func TestThePageOfProof(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Auditor, "3273")
	shows(t, o.Page(t, "/audit/bukti"), "Belum ada titik periksa", "Belum ada pemeriksaan yang tercatat")
	o2 := b.Officer(t, authz.Supervisor, "3273")
	o2.Open(t, "3273", 1, "Siti")
	b.Publish(t)
	for _, c := range []translog.Check{{By: "ops@server", Answer: translog.Proved, Entries: 7, Checkpoints: 2},
		{By: "lain@server", Answer: translog.Changed, Entries: 8, Checkpoints: 3}} {
		if err := b.Store.Log.RecordCheck(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	page := o.Page(t, "/audit/bukti")
	shows(t, page, "Akar: ", "tanggap verify --key", "ops@server", "Terbukti", "lain@server", "Ada yang diubah")
	if first := strings.Index(string(page.Body), "lain@server"); first > strings.Index(string(page.Body), "ops@server") {
		t.Error("the last check does not come first")
	}
	if a := b.Officer(t, authz.CaseWorker, "3273").Page(t, "/audit/bukti"); a.Status != http.StatusForbidden {
		t.Errorf("a case worker: %d", a.Status)
	}
}

// Why an officer may or may not do something is told in words, by the number of the case or the address of its page.
func TestWhyARightIsThere(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	head, worker := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.CaseWorker, "3273")
	c := head.Open(t, "3273", 1, "Siti")
	ask := func(action, of string) apitest.Answer {
		return head.Page(t, "/hak?"+url.Values{"officer": {worker.ID.String()}, "action": {action}, "case": {of}}.Encode())
	}
	shows(t, ask("case.note", c.ID), "<h2>Boleh</h2>", "Petugas kasus")
	may := ask("claim.decide", "http://127.0.0.1:8080/kasus/"+c.ID+"?dari=%2Fkasus")
	shows(t, may, "<h2>Tidak boleh</h2>", "Penyelia")
	hides(t, may, "claim.decide</", ">case_worker<")
	shows(t, ask("", c.ID), "Pilih petugas dan tindakan")
	shows(t, ask("case.note", "bukan nomor"), "Pilih petugas dan tindakan")
	if a := worker.Page(t, "/hak"); a.Status != http.StatusForbidden {
		t.Errorf("a case worker: %d", a.Status)
	}
}

// The data of a worker, for the worker, are with who may give them; what can be done with them comes back to the page.
func TestTheDataOfAWorker(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	head := b.Officer(t, authz.Supervisor, "3273")
	c := head.Open(t, "3273", 1, "Siti")
	at := "/subjek/" + c.ID
	page := head.Page(t, at)
	shows(t, page, "Siti", "Siapa melihat pekerja ini", "buat/hold-set?dari=%2Fsubjek%2F"+c.ID)
	hold := "/kasus/" + c.ID + "/buat/hold-set?dari=" + url.QueryEscape(at)
	a := head.Send(t, hold, head.Page(t, hold).Form("reason", "perkara"))
	if a.Status != http.StatusSeeOther || a.Header.Get("Location") != at+"?selesai=hold-set" {
		t.Errorf("%d %s", a.Status, a.Header.Get("Location"))
	}
	for _, o := range []*apitest.Officer{b.Officer(t, authz.Supervisor, "3204"), b.Officer(t, authz.CaseWorker, "3273")} {
		if a := o.Page(t, at); a.Status != http.StatusNotFound && a.Status != http.StatusForbidden {
			t.Errorf("somebody else: %d", a.Status)
		}
	}
}
