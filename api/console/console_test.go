package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// entries are the titles of a case's history.
func entries(t *testing.T, o *apitest.Officer, c apitest.Case) []string {
	t.Helper()
	var file struct{ History []struct{ Kind string } }
	o.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil).JSON(t, &file)
	var kinds []string
	for _, e := range file.History {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

var (
	heading = regexp.MustCompile(`<h1[ >]`)
	empty   = regexp.MustCompile(`<h[1-6][^>]*></h`)
)
var ided = regexp.MustCompile(` id="([^"]+)"`)
var unworded = regexp.MustCompile(`console\.[a-z_-]+|field\.[a-z_]+|fact\.[a-z_]+|\x{2026}`)

// Every page of every role has one heading, a language, and no id twice; nothing on it is a code.
func TestEveryPageIsWhole(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	c := b.Officer(t, authz.Supervisor, "3273").Open(t, "3273", 1, "Siti <b>Aminah</b>")
	drawn := map[string]bool{}
	for _, role := range authz.Roles() {
		o := b.Officer(t, role, "3273")
		for _, lang := range []string{"id", "en"} {
			for _, p := range b.Server.Pages() {
				if p.Method != http.MethodGet || strings.Contains(p.Path, "{document}") || strings.Contains(p.Path, "{token}") ||
					strings.HasPrefix(p.ID, "give-") ||
					strings.Contains(p.Path, "{id}") && !strings.HasPrefix(p.Path, "/kasus/") || p.Path == "/" {
					continue
				}
				path := strings.NewReplacer("{id}", c.ID, "{report}", "stages").Replace(p.Path)
				a := o.Page(t, path, "Accept-Language", lang)
				if a.Status != http.StatusOK && a.Status != http.StatusForbidden && a.Status != http.StatusNotFound {
					t.Errorf("%s as %s is answered %d", p.Path, role, a.Status)
				}
				drawn[p.ID] = drawn[p.ID] || a.Status == http.StatusOK
				if p.ID == "page-case-rights" { // a sheet of its own
					continue
				}
				holds(t, p.Path+" as "+string(role), lang, string(a.Body))
			}
		}
	}
	for _, p := range b.Server.Pages() {
		if _, tried := drawn[p.ID]; tried && !drawn[p.ID] && p.ID != "form-case-separate" {
			t.Errorf("nobody of these roles can see %s", p.Path)
		}
	}
}

func holds(t *testing.T, what, lang, page string) {
	t.Helper()
	if n := len(heading.FindAllString(page, -1)); n != 1 {
		t.Errorf("%s has %d headings", what, n)
	}
	if empty.MatchString(page) {
		t.Errorf("%s has a heading that says nothing", what)
	}
	if !strings.Contains(page, `<html lang="`+lang+`">`) {
		t.Errorf("%s is not in %s", what, lang)
	}
	if strings.Contains(page, "<b>Aminah") {
		t.Errorf("%s runs what a name says", what)
	}
	if code := unworded.FindString(page); code != "" {
		t.Errorf("%s shows %q", what, code)
	}
	seen := map[string]bool{}
	for _, m := range ided.FindAllStringSubmatch(page, -1) {
		if seen[m[1]] {
			t.Errorf("%s has the id %s twice", what, m[1])
		}
		seen[m[1]] = true
	}
	for _, m := range regexp.MustCompile(` for="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if !seen[m[1]] {
			t.Errorf("%s has a label for %s, which is not there", what, m[1])
		}
	}
}

// A form that is sent three times at once, and again later, is one change.
func TestAFormIsDoneOnce(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	form := o.Page(t, "/kasus/"+c.ID).Form("text", "ditelepon")
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() { o.Send(t, "/kasus/"+c.ID+"/buat/case-note", form) })
	}
	wait.Wait()
	a := o.Send(t, "/kasus/"+c.ID+"/buat/case-note", form)
	if a.Status != http.StatusSeeOther || a.Header.Get("Location") != "/kasus/"+c.ID+"?selesai=case-note" {
		t.Errorf("the fourth time: %d %s", a.Status, a.Header.Get("Location"))
	}
	if got := entries(t, o, c); len(got) != 2 {
		t.Errorf("the history is %v", got)
	}
}

// What is wrong stands beside its field, and everything typed is still there.
func TestWhatIsTypedIsNotLost(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	path := "/kasus/" + c.ID + "/buat/placement-record"
	form := o.Page(t, path).Form("employer", "PT Baru <i>", "position", "penjahit", "started_on", "32/13/2026")
	a := o.Send(t, path, form)
	page := string(a.Body)
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(page, `value="PT Baru &lt;i&gt;"`) ||
		!strings.Contains(page, `value="32/13/2026"`) || !strings.Contains(page, `href="#f-started_on"`) {
		t.Errorf("%d %s", a.Status, page)
	}
	if again := a.Form(); again.Get("_key") == form.Get("_key") {
		t.Error("a form that was refused keeps its key")
	}
	form = a.Form("employer", "PT Baru", "position", "penjahit", "started_on", "2/11/2026")
	if a = o.Send(t, path, form); a.Status != http.StatusSeeOther {
		t.Errorf("put right: %d %s", a.Status, a.Body)
	}
	var list struct {
		Placements []struct {
			Employer  string
			StartedOn string `json:"started_on"`
		}
	}
	o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/placements", nil).JSON(t, &list)
	if len(list.Placements) != 1 || list.Placements[0].StartedOn != "2026-11-02" {
		t.Errorf("the placements are %+v", list)
	}
}

// A case that changed meanwhile shows what changed, in words, and keeps what is typed. A note contradicts nothing.
func TestTheCaseHasChanged(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, other := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	path := "/kasus/" + c.ID + "/buat/application-record"
	form, note := o.Page(t, path).Form("employer", "PT Contoh", "position", "operator"),
		o.Page(t, "/kasus/"+c.ID).Form("text", "catatan saya")
	other.Change(t, &c, "/notes", map[string]any{"text": "dari rekan"})
	a := o.Send(t, path, form)
	page := string(a.Body)
	if a.Status != http.StatusPreconditionFailed || !strings.Contains(page, "dari rekan") ||
		!strings.Contains(page, `value="PT Contoh"`) || !strings.Contains(page, `name="_version" value="2"`) {
		t.Errorf("%d %s", a.Status, page)
	}
	if a = o.Send(t, "/kasus/"+c.ID+"/buat/case-note", note); a.Status != http.StatusSeeOther {
		t.Errorf("the note: %d %s", a.Status, a.Body)
	}
	if a = o.Send(t, "/kasus/"+c.ID+"/buat/case-note", note); a.Status != http.StatusSeeOther {
		t.Errorf("the note again: %d %s", a.Status, a.Body)
	}
	if got := entries(t, o, c); len(got) != 3 {
		t.Errorf("the history is %v", got)
	}
}

// A correction sends what was changed on the page and nothing else; a box takes a fact away.
func TestACorrectionSendsWhatChanged(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	path := "/kasus/" + c.ID + "/buat/worker-correct"
	page := o.Page(t, path)
	if !strings.Contains(string(page.Body), `value="01/01/1990"`) {
		t.Error("the form does not show the day of birth on file")
	}
	form := page.Form("reason", "salah ketik", "name", "Siti", "was.name", "Siti", "birth_date", "02/01/1990",
		"was.birth_date", "01/01/1990", "wage", "4.100.000", "was.wage", "4000000", "address~", "1", "was.address", "x")
	if a := o.Send(t, path, form); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	var file struct {
		Worker struct {
			Name, Address, Phone string
			BirthDate            string `json:"birth_date"`
			Wage                 int
		}
	}
	o.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil).JSON(t, &file)
	if w := file.Worker; w.Name != "Siti" || w.Address != "" || w.Phone == "" || w.BirthDate != "1990-01-02" ||
		w.Wage != 4_100_000 {
		t.Errorf("the worker is %+v", w)
	}
}

// A session that ends while somebody types loses nothing: the form waits, sealed, and is carried out after signing in,
// for its officer and nobody else.
func TestASessionEndsWhileSomebodyTypes(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, other := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	path := "/kasus/" + c.ID + "/buat/case-note"
	form := o.Page(t, "/kasus/"+c.ID).Form("text", "setengah jam mengetik")
	out := *o
	out.Token = ""
	a := out.Send(t, path, form)
	if a.Status != http.StatusUnauthorized || strings.Contains(string(a.Body), "mengetik") ||
		strings.Contains(string(a.Body), c.ID) {
		t.Fatalf("without a session: %d %s", a.Status, a.Body)
	}
	sign := func(who *apitest.Officer, password string) apitest.Answer {
		in := a.Form("email", who.Email, "password", password, "ke", "/")
		return out.Send(t, "/masuk", in)
	}
	if wrong := sign(o, "bukan kata sandi"); wrong.Form().Get("_held") == "" {
		t.Errorf("a wrong password loses the form: %d", wrong.Status)
	}
	if s := sign(other, other.Password); s.Header.Get("Location") != "/akun?selesai=dropped" || len(entries(t, o, c)) != 1 {
		t.Errorf("somebody else: %d %s", s.Status, s.Header.Get("Location"))
	}
	s := sign(o, o.Password)
	if s.Status != http.StatusSeeOther || s.Header.Get("Location") != "/kasus/"+c.ID+"?selesai=case-note" ||
		!strings.Contains(s.Header.Get("Set-Cookie"), "; HttpOnly; Secure; SameSite=Lax") {
		t.Errorf("its officer: %d %v", s.Status, s.Header)
	}
	if got := entries(t, o, c); len(got) != 2 {
		t.Errorf("the history is %v", got)
	}
}

// Another site cannot send a form, a cookie opens no route of the API, and a token no page.
func TestPagesAndRoutesHaveDoorsOfTheirOwn(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	form := o.Page(t, "/kasus/"+c.ID).Form("text", "dari tempat lain")
	for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"},
		{"Origin", "https://other.example"}, {"Origin", "null"}} {
		if a := o.Send(t, "/kasus/"+c.ID+"/buat/case-note", form, header...); a.Status != http.StatusForbidden {
			t.Errorf("%v: %d", header, a.Status)
		}
	}
	if got := entries(t, o, c); len(got) != 1 {
		t.Errorf("the history is %v", got)
	}
	if a := o.Page(t, "/v1/cases"); a.Status != http.StatusUnauthorized {
		t.Errorf("a cookie opens the API: %d", a.Status)
	}
	if a := o.Call(t, http.MethodGet, "/kasus", nil); a.Status != http.StatusSeeOther {
		t.Errorf("a token opens a page: %d", a.Status)
	}
}

// What is looked for stands in no address, and the address of a search opens for nobody else.
func TestASearchIsNobodyElses(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, other := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.CaseWorker, "3273")
	o.Open(t, "3273", 1, "Siti Aminah")
	for _, looked := range []string{"Siti Aminah", "3273010101900001", "081234567890"} {
		a := o.Send(t, "/cari", url.Values{"q": {looked}})
		at := a.Header.Get("Location")
		if a.Status != http.StatusSeeOther || !strings.HasPrefix(at, "/cari/") || strings.Contains(at, "Siti") {
			t.Fatalf("%d %s", a.Status, at)
		}
		if found := o.Page(t, at); !strings.Contains(string(found.Body), "Siti Aminah") {
			t.Errorf("%s finds %d %s", looked, found.Status, found.Body)
		}
		if found := other.Page(t, at); found.Status != http.StatusNotFound {
			t.Errorf("somebody else: %d", found.Status)
		}
	}
	if a := o.Page(t, "/cari/AAAA"); a.Status != http.StatusNotFound {
		t.Errorf("no search: %d", a.Status)
	}
}

// The language is chosen once, and the page after it is one of ours.
func TestTheLanguageIsChosen(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	for from, to := range map[string]string{"/kasus?stage=intake": "/kasus?stage=intake", "https://example.com/x": "/",
		"//example.com": "/", "/v1/cases": "/", `/\example.com`: "/", "": "/"} {
		a := o.Send(t, "/bahasa", url.Values{"bahasa": {"en"}, "ke": {from}})
		if a.Header.Get("Location") != to || !strings.HasPrefix(a.Header.Get("Set-Cookie"), "bahasa=en;") {
			t.Errorf("from %q: %v", from, a.Header)
		}
	}
	if a := o.Page(t, "/kasus", "Cookie", apitest.SessionCookie+"="+o.Token+"; bahasa=en", "Accept-Language", "id"); !strings.Contains(string(a.Body), "<h1>Cases</h1>") {
		t.Errorf("the page is %s", a.Body)
	}
}

// A case of another office and one that does not exist are the same page, to the byte.
func TestForeignCasesHaveNoPage(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	foreign := b.Officer(t, authz.Supervisor, "3204").Open(t, "3204", 2, "Rahasia")
	unknown := foreign.ID[:len(foreign.ID)-4] + "ffff"
	timed := regexp.MustCompile(` data-seconds="\d+"|<p class="printed">[^<]*</p>`) // when it was drawn
	request := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)
	for _, role := range authz.Roles() {
		o := b.Officer(t, role, "3273")
		for _, p := range b.Server.Pages() {
			if !strings.HasPrefix(p.Path, "/kasus/{id}") {
				continue
			}
			visit := func(id string) (int, string) {
				path := strings.NewReplacer("{id}", id, "{document}", unknown).Replace(p.Path)
				a := o.Page(t, path)
				if p.Method == http.MethodPost {
					a = o.Send(t, path, url.Values{"_key": {"k" + p.ID}, "_version": {"1"}, "text": {"x"}, "reason": {"x"}})
				}
				if strings.Contains(string(a.Body), "Rahasia") {
					t.Errorf("%s as %s shows a foreign name", p.ID, role)
				}
				page, _, _ := strings.Cut(string(a.Body), "<footer>") // which has the time
				return a.Status, timed.ReplaceAllString(request.ReplaceAllString(page, ""), "")
			}
			s1, page1 := visit(foreign.ID)
			s2, page2 := visit(unknown)
			if s1 != s2 || page1 != page2 || s1 != http.StatusNotFound && s1 != http.StatusForbidden {
				t.Errorf("%s %s as %s: %d and %d\n%s\n%s", p.Method, p.Path, role, s1, s2, page1, page2)
			}
		}
	}
	if got := entries(t, b.Officer(t, authz.Auditor, "3204"), foreign); len(got) != 1 {
		t.Errorf("the foreign case has %v", got)
	}
}

// The caseload keeps its filters in its address, counts them, and says which are set.
func TestTheCaseloadIsFiltered(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	o.Open(t, "3273", 2, "Budi")
	o.Change(t, &c, "/transitions", map[string]any{"to": "training"})
	page := string(o.Page(t, "/kasus?stage=training").Body)
	for _, want := range []string{"Siti", `aria-current="true">Pelatihan`, `class="remove" href="/kasus"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q: %s", want, page)
		}
	}
	if strings.Contains(page, "Budi") {
		t.Error("the filter does not filter")
	}
	if a := o.Page(t, "/kasus?stage=nowhere"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("an unknown stage: %d", a.Status)
	}
}

// Every field of every form has a name in both languages, and so has what the form does.
func TestEveryFieldHasAName(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	admin := b.Officer(t, authz.Administrator, "")
	c := o.Open(t, "3273", 1, "Siti")
	nameless := regexp.MustCompile(`<label for="(f-[^"]+)">\s*<`)
	english := map[string]string{}
	for _, p := range b.Server.Pages() {
		if p.Method != http.MethodGet || !strings.HasPrefix(p.ID, "form-") {
			continue
		}
		for _, lang := range []string{"id", "en"} {
			path := strings.ReplaceAll(p.Path, "{id}", c.ID)
			a := o.Page(t, path, "Accept-Language", lang)
			if a.Status == http.StatusForbidden {
				a = admin.Page(t, path, "Accept-Language", lang)
			}
			for _, m := range nameless.FindAllStringSubmatch(string(a.Body), -1) {
				t.Errorf("%s: %s has no name in %s", p.ID, m[1], lang)
			}
			_, title, _ := strings.Cut(string(a.Body), "<title>")
			title, _, _ = strings.Cut(title, " - Tanggap")
			if lang == "id" {
				english[p.ID] = title
			} else if english[p.ID] == title && a.Status == http.StatusOK {
				t.Errorf("%s is called %q in both languages", p.ID, title)
			}
		}
	}
}

// Ticked cases are changed together; those that changed meanwhile are named with the reason.
func TestManyCasesAreHandedToAnOfficer(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, worker := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.CaseWorker, "3273")
	first, second := o.Open(t, "3273", 1, "Siti"), o.Open(t, "3273", 2, "Budi")
	path := "/kasus/banyak/case-assign-many"
	if a := o.Send(t, path, url.Values{}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("nobody picked: %d", a.Status)
	}
	picked := url.Values{"pilih": {first.ID + ":1", second.ID + ":1"}}
	a := o.Send(t, path, picked)
	if a.Status != http.StatusOK || !strings.Contains(string(a.Body), worker.ID.String()) {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	o.Change(t, &second, "/notes", map[string]any{"text": "x"})
	form := a.Form("officer", worker.ID.String())
	form["pilih"] = picked["pilih"]
	done := o.Send(t, path, form)
	if done.Status != http.StatusOK || !strings.Contains(string(done.Body), "1 dari 2 kasus") ||
		!strings.Contains(string(done.Body), `href="/kasus/`+second.ID) {
		t.Errorf("%d %s", done.Status, done.Body)
	}
	if got := entries(t, o, first); got[len(got)-1] != "case.assigned" {
		t.Errorf("the history is %v", got)
	}
}

// What needs a password that was just given asks for it in the form, and goes on under the session's new token.
func TestAFreshPasswordIsAFieldOfTheForm(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	admin := b.Officer(t, authz.Administrator, "")
	form := admin.Page(t, "/petugas/buat/officer-create").Form("name", "Baru", "email", "baru@contoh.go.id", "office", "3273")
	a := admin.Send(t, "/petugas/buat/officer-create", form)
	if a.Status != http.StatusOK || !strings.Contains(string(a.Body), "<dt>Kode sekali pakai</dt>") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}
