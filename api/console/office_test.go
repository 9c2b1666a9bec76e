package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
)

// A head sees the office's numbers as the API tells them, each with the list that it counts; another office has none of
// it, and a case worker no such page.
func TestTheMorningOfAHead(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	head, worker := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.CaseWorker, "3273")
	empty := ok(t, b.Officer(t, authz.Supervisor, "3301"), "/kantor")
	has(t, "an office without a case", empty, `<strong>0</strong> terbuka`, "Tidak ada yang menunggu keputusan Anda.")
	first := head.Open(t, "3273", 1, "Siti")
	head.Open(t, "3273", 2, "Budi")
	head.Change(t, &first, "/assignment", map[string]any{"officer": worker.ID.String()})
	head.Change(t, &first, "/transitions", map[string]any{"to": "training"})
	if err := b.Store.Rollup(t.Context()); err != nil {
		t.Fatal(err)
	}
	page := ok(t, head, "/kantor")
	has(t, "the office", page, `<strong>2</strong> terbuka`, `<strong>1</strong> belum ditugaskan`,
		`href="/kasus?stage=intake,benefit,training,placement&amp;officer=none"`,
		`href="/kasus?stage=training"`, `href="/kasus?officer=`+worker.ID.String(),
		`href="/petugas/`+worker.ID.String()+`/buat/officer-handover"`, "/laporan/load/xlsx?by=officer",
		`<strong>0</strong> kasus terbuka tanpa perubahan selama 30 hari`, "PHK dua belas bulan terakhir",
		"Pekerja dengan kasus")
	hasNot(t, "the office", page, "style=", `/petugas/`+head.ID.String()+`/buat/officer-handover`)
	for _, link := range links(page, "/kasus") {
		if a := head.Page(t, link); a.Status != http.StatusOK {
			t.Errorf("%s is answered %d", link, a.Status)
		}
	}
	other := ok(t, b.Officer(t, authz.Supervisor, "3204"), "/kantor")
	hasNot(t, "another office", other, worker.ID.String(), `<strong>2</strong>`)
	if a := worker.Page(t, "/kantor"); a.Status != http.StatusForbidden {
		t.Errorf("a case worker: %d", a.Status)
	}
}

// links are the addresses on a page that begin so.
func links(page, prefix string) (out []string) {
	for part := range strings.SplitSeq(page, `href="`) {
		if at, _, _ := strings.Cut(part, `"`); strings.HasPrefix(at, prefix) {
			out = append(out, strings.ReplaceAll(at, "&amp;", "&"))
		}
	}
	return out
}

// The head of a province looks at one of its offices, and at no other.
func TestAHeadChoosesAnOffice(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	b.Officer(t, authz.Supervisor, "3273").Open(t, "3273", 1, "Siti")
	b.Officer(t, authz.Supervisor, "3204").Open(t, "3204", 2, "Budi")
	java := b.Officer(t, authz.Supervisor, "32")
	all, one := ok(t, java, "/kantor"), ok(t, java, "/kantor?region=3273")
	has(t, "the province", all, `<strong>2</strong> terbuka`, `<option value="3273">Kota Bandung</option>`)
	has(t, "the office", one, `<strong>1</strong> terbuka`, `<option value="3273" selected>`, "region=3273")
	hasNot(t, "the province", all, `<option value="3301"`)
	if page := string(java.Page(t, "/kantor?region=3301").Body); strings.Contains(page, `<strong>1</strong> terbuka`) {
		t.Errorf("a foreign office has %s", page)
	}
}

// After a decision the queue comes back, with what is next; from elsewhere the case does. No address leads out.
func TestDecideAndNext(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	c2 := o.Open(t, "3273", 2, "Budi")
	for _, one := range []*apitest.Case{&c, &c2} {
		a := o.Change(t, one, "/follow-up", map[string]any{"on": calendar.Of(clock.System().Now(), "WIB").AddDays(1)})
		if a.Status != http.StatusOK {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	list := "/tugas?kind=follow_up&officer=semua&until=2099-12-31"
	page := ok(t, o, list)
	chosen := ""
	for _, l := range links(page, "/kasus/"+c.ID+"/buat/case-follow-up?lalu=") {
		chosen = l
	}
	if chosen == "" {
		t.Fatalf("the queue leads to no form: %s", page)
	}
	form := o.Page(t, chosen).Form("on", "besok")
	a := o.Send(t, chosen, form)
	back := a.Header.Get("Location")
	if a.Status != http.StatusSeeOther || !strings.HasPrefix(back, "/tugas?") || !strings.HasSuffix(back, "&selesai=case-follow-up") {
		t.Fatalf("%d %s %s", a.Status, back, a.Body)
	}
	has(t, "the queue", ok(t, o, back), "Tersimpan: ", "Budi")
	path := "/kasus/" + c2.ID + "/buat/case-follow-up"
	for from, to := range map[string]string{"": "/kasus/" + c2.ID + "?selesai=case-follow-up",
		"?lalu=" + url.QueryEscape("https://example.com/x"): "/kasus/" + c2.ID + "?selesai=case-follow-up",
		"?lalu=" + url.QueryEscape("//example.com"):         "/kasus/" + c2.ID + "?selesai=case-follow-up",
		"?lalu=" + url.QueryEscape("/v1/cases"):             "/kasus/" + c2.ID + "?selesai=case-follow-up",
		"?lalu=" + url.QueryEscape("/tugas"):                "/tugas?selesai=case-follow-up"} {
		form := o.Page(t, path+from).Form("on", "besok")
		if a := o.Send(t, path+from, form); a.Header.Get("Location") != to {
			t.Errorf("from %q: %d %s", from, a.Status, a.Header.Get("Location"))
		}
	}
}

// Who waits for an approval is found in its queue, and the queue is found from the morning page.
func TestQueuesLeadToWhatTheyCount(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	if a := o.Call(t, http.MethodPost, "/v1/vacancies", map[string]any{"source": "uji", "items": []any{map[string]any{
		"title": "Penjahit", "employer": "PT Contoh", "region": "3273", "occupation": "7531", "openings": 3,
		"wage": 3_000_000}}}); a.Status >= http.StatusBadRequest {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	page := ok(t, o, "/kantor")
	has(t, "the morning", page, "Lowongan belum diverifikasi", `href="/lowongan?region=3273&amp;state=reported"`)
	list := ok(t, o, "/lowongan?region=3273&state=reported")
	one := links(list, "/lowongan/")
	if len(one) != 1 || !strings.Contains(one[0], "?dari=%2Flowongan%3Fregion%3D3273%26state%3Dreported") {
		t.Fatalf("the list leads to %v: %s", one, list)
	}
	forms := links(ok(t, o, one[0]), "/lowongan/")
	if len(forms) != 1 || !strings.Contains(forms[0], "/buat/vacancy-move?dari=") {
		t.Fatalf("the vacancy leads to %v", forms)
	}
	form := o.Page(t, forms[0]).Form("to", "open")
	if a := o.Send(t, forms[0], form); a.Header.Get("Location") != "/lowongan?region=3273&state=reported&selesai=vacancy-move" {
		t.Errorf("%d %s %s", a.Status, a.Header.Get("Location"), a.Body)
	}
}

// The caseload that is shown is taken along as a file under its filters, and no other office's.
func TestTheCaseloadIsTakenAlong(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti Aminah")
	o.Open(t, "3273", 2, "Budi Santoso")
	b.Officer(t, authz.CaseWorker, "3204").Open(t, "3204", 3, "Rahasia")
	o.Change(t, &c, "/transitions", map[string]any{"to": "training"})
	files := links(ok(t, o, "/kasus?stage=training"), "/kasus/berkas/")
	if len(files) != 2 || files[0] != "/kasus/berkas/csv?stage=training" || files[1] != "/kasus/berkas/xlsx?stage=training" {
		t.Fatalf("the files are %v", files)
	}
	a := o.Page(t, files[0])
	has(t, "the file", string(a.Body), "Siti Aminah")
	hasNot(t, "the file", string(a.Body), "Budi", "Rahasia")
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/csv") ||
		!strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the file is %v", a.Header)
	}
	if a := o.Page(t, files[1]); a.Status != http.StatusOK || !strings.HasPrefix(string(a.Body), "PK") {
		t.Errorf("the sheet: %d", a.Status)
	}
	hasNot(t, "no case", ok(t, o, "/kasus?stage=closed"), "/kasus/berkas/")
}
