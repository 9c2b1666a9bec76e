package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
)

// While an emergency access runs, every page of its officer says so, and nobody else's.
func TestAnEmergencyStandsOnEveryPage(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	hides(t, o.Page(t, "/kasus"), `class="urgent" role="status"`)
	form := o.Page(t, "/darurat").Form("region", "3204", "reason", "korban dirawat di sana")
	if a := o.Send(t, "/darurat", form); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	for _, path := range []string{"/kasus", "/tugas", "/akun", "/kasus/tidak-ada"} {
		if a := o.Page(t, path); !strings.Contains(string(a.Body), `class="urgent" role="status"`) ||
			!strings.Contains(string(a.Body), "Bandung") {
			t.Errorf("%s says nothing of the emergency", path)
		}
	}
	hides(t, b.Officer(t, authz.CaseWorker, "3273").Page(t, "/kasus"), `class="urgent" role="status"`)
	if a := b.Officer(t, authz.Auditor, "3273").Page(t, "/darurat"); a.Status != http.StatusForbidden {
		t.Errorf("an auditor: %d", a.Status)
	}
}

// Sessions are listed and ended; what is wrong with a password is said on its page, and nothing ends by it.
func TestTheAccount(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	out := *o
	out.Token = ""
	in := out.Send(t, "/masuk", url.Values{"email": {o.Email}, "password": {o.Password}, "ke": {"/kasus"}})
	cookie := in.Header.Get("Set-Cookie")
	if strings.Contains(cookie, "Max-Age") || strings.Contains(cookie, "Expires") {
		t.Errorf("a session outlives its browser: %s", cookie)
	}
	other := *o
	other.Token = regexp.MustCompile(`__Host-sesi=([^;]+)`).FindStringSubmatch(cookie)[1]
	ends := regexp.MustCompile(`action="(/akun/sesi/[0-9a-f-]+)"`)
	page := o.Page(t, "/akun")
	paths := ends.FindAllStringSubmatch(string(page.Body), -1)
	if len(paths) != 2 || strings.Count(string(page.Body), `name="current"`) != 1 {
		t.Fatalf("the sessions are %v", paths)
	}
	stranger := b.Officer(t, authz.CaseWorker, "3273")
	for _, p := range paths {
		if a := stranger.Send(t, p[1], url.Values{}); a.Status != http.StatusNotFound {
			t.Errorf("somebody else's session: %d", a.Status)
		}
	}
	for change, says := range map[[2]string]string{{"bukan kata sandi saya", "kuda-baterai-jepit-88"}: "summary",
		{o.Password, "pendek"}: "summary"} {
		a := o.Send(t, "/akun/sandi", url.Values{"present": {change[0]}, "next": {change[1]}, "again": {change[1]}})
		if a.Status < 400 || a.Status >= 500 || !strings.Contains(string(a.Body), says) ||
			!strings.Contains(string(a.Body), `action="/akun/sandi"`) {
			t.Errorf("%q: %d %s", change[1], a.Status, a.Body)
		}
	}
	if a := o.Send(t, "/akun/sandi", url.Values{"present": {o.Password}, "next": {"a"}, "again": {"b"}}); a.Status !=
		http.StatusUnprocessableEntity {
		t.Errorf("two new passwords: %d", a.Status)
	}
	current := regexp.MustCompile(`action="(/akun/sesi/[0-9a-f-]+)"><input type="hidden" name="current"`)
	own := current.FindStringSubmatch(string(page.Body))[1]
	for _, p := range paths {
		if p[1] == own {
			continue
		}
		if a := o.Send(t, p[1], url.Values{}); a.Header.Get("Location") != "/akun?selesai=ended" {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
	if a := other.Page(t, "/akun"); a.Status == http.StatusOK {
		t.Error("the other session goes on")
	}
	a := o.Send(t, own, url.Values{"current": {"1"}})
	if a.Header.Get("Location") != "/masuk" || a.Header.Get("Clear-Site-Data") != `"cache"` ||
		!strings.Contains(a.Header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("the session in hand: %d %v", a.Status, a.Header)
	}
}

// Using a session says how long it lasts from then on; without one there is nothing to use.
func TestASessionIsUsed(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	a := o.Send(t, "/akun/pakai", url.Values{})
	left, err := strconv.Atoi(a.Header.Get("X-Session-Seconds"))
	if a.Status != http.StatusNoContent || err != nil || left < 25*60 || left > 30*60 {
		t.Errorf("%d, %d seconds (%v)", a.Status, left, err)
	}
	shows(t, o.Page(t, "/akun"), `<body data-seconds="`, `class="urgent ends" hidden`)
	out := *o
	out.Token = ""
	if a := out.Send(t, "/akun/pakai", url.Values{}); a.Status != http.StatusUnauthorized {
		t.Errorf("without a session: %d", a.Status)
	}
}

// A new officer sets the first password with the code that the administrator was shown; what is wrong is said there.
func TestAFirstPassword(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	admin := b.Officer(t, authz.Administrator, "")
	form := admin.Page(t, "/petugas/buat/officer-create").Form("name", "Baru", "email", "baru@contoh.go.id", "office", "3273")
	made := admin.Send(t, "/petugas/buat/officer-create", form)
	code := regexp.MustCompile(`<dt>Kode sekali pakai</dt><dd>([^<]+)</dd>`).FindStringSubmatch(string(made.Body))
	if code == nil {
		t.Fatalf("%d %s", made.Status, made.Body)
	}
	out := *admin
	out.Token = ""
	set := func(code, next, again string) apitest.Answer {
		return out.Send(t, "/masuk/kode", url.Values{"email": {"baru@contoh.go.id"}, "code": {code}, "next": {next},
			"again": {again}})
	}
	const good = "kuda-baterai-jepit-benar-88"
	for name, a := range map[string]apitest.Answer{"another code": set("aaaaa-aaaaa", good, good),
		"too short": set(code[1], "pendek", "pendek"), "not the same": set(code[1], good, good+"9")} {
		if a.Status < 400 || a.Status >= 500 || !strings.Contains(string(a.Body), `class="summary"`) ||
			!strings.Contains(string(a.Body), `value="baru@contoh.go.id"`) {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	if a := set(code[1], good, good); a.Status != http.StatusSeeOther || a.Header.Get("Location") != "/masuk?selesai=sandi" {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	in := out.Send(t, "/masuk", url.Values{"email": {"baru@contoh.go.id"}, "password": {good}})
	if in.Status != http.StatusSeeOther {
		t.Errorf("%d %s", in.Status, in.Body)
	}
}

// A case leads back to the list that it was opened from, with its filter; to no other site and to nothing that is no
// list. What is done in between remembers it.
func TestACaseLeadsBackToItsList(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	at, here := "/kasus/"+c.ID, "http://example.com"
	list := "/kasus?stage=intake"
	kept := "dari=" + url.QueryEscape(list)
	for from, back := range map[string]string{here + list: list, here + "/tugas?kind=follow_up": "/tugas?kind=follow_up",
		here + list + "&selesai=case-note": list, here + at + "/klaim?" + kept: list, "https://other.example" + list: "/kasus",
		here + at: "/kasus", here + "/akun": "/kasus", here + "/kasusx": "/kasus", "": "/kasus", "::": "/kasus"} {
		shows(t, o.Page(t, at, "Referer", from), `<p class="back"><a href="`+strings.ReplaceAll(back, "&", "&amp;")+`">`)
	}
	for _, bad := range []string{"https://other.example/kasus", "//other.example/kasus", "/v1/cases", "/akun", at} {
		shows(t, o.Page(t, at+"?dari="+url.QueryEscape(bad)), `<p class="back"><a href="/kasus">`)
	}
	page := o.Page(t, at, "Referer", here+list)
	shows(t, page, at+"/klaim?"+kept, at+"/buat/case-note?"+kept)
	a := o.Send(t, at+"/buat/case-note?"+kept, page.Form("text", "ditelepon"))
	if a.Header.Get("Location") != at+"?"+kept+"&selesai=case-note" {
		t.Errorf("after the note: %d %s", a.Status, a.Header.Get("Location"))
	}
	shows(t, o.Page(t, a.Header.Get("Location")), `<p class="back"><a href="`+list+`">`, `class="done"`)
}

// A case on paper has all its parts that its reader may see, and says whose copy it is.
func TestACaseOnPaper(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	o.Change(t, &c, "/notes", map[string]any{"text": "ditelepon"})
	shows(t, o.Page(t, "/kasus/"+c.ID), "/kasus/"+c.ID+"/cetak", "/hak?format=pdf", "format=dossier")
	shows(t, o.Page(t, "/kasus/"+c.ID+"/cetak"), `class="printed">Dinas Ketenagakerjaan Kota Bandung`, "Klaim JKP",
		"Pelatihan", "Riwayat", "ditelepon", "Siti")
	order := "/ekspor/buat/export-create?case=" + c.ID + "&format=dossier&profile=masked"
	page := o.Page(t, order)
	shows(t, page, `name="case" value="`+c.ID+`"`, `<option value="dossier" selected>`)
	if a := b.Officer(t, authz.Supervisor, "3204").Page(t, "/kasus/"+c.ID+"/cetak"); a.Status != http.StatusNotFound {
		t.Errorf("another office: %d", a.Status)
	}
}
