package console_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/wording"
)

// The page of help is there for everybody, also before signing in, and each page leads to it.
func TestEveryPageLeadsToHelp(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	for lang, says := range map[string][]string{
		"id": {"<h1>Bantuan</h1>", "pemutusan hubungan kerja", "Tombol pintas", "cari pekerja"},
		"en": {"<h1>Help</h1>", "termination of employment", "Keys", "look for a worker"},
	} {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/bantuan", nil)
		r.Header.Set("Cookie", "bahasa="+lang)
		b.Server.ServeHTTP(w, r)
		for _, text := range says {
			if !strings.Contains(w.Body.String(), text) {
				t.Errorf("%s: the page does not say %q: %d %s", lang, text, w.Code, w.Body)
			}
		}
	}
	o := b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	for _, path := range []string{"/tugas", "/kasus", "/kasus/" + c.ID, "/kasus/" + c.ID + "/buat/case-note", "/akun",
		"/kasus/0190a7b0-1111-7222-8333-444455556666", "/bantuan"} {
		if page := string(o.Page(t, path).Body); !strings.Contains(page, `<a href="/bantuan">Bantuan</a>`) {
			t.Errorf("%s does not lead to the help", path)
		}
	}
	if page := string(o.Page(t, "/bantuan").Body); !strings.Contains(page, `href="/kasus"`) {
		t.Error("who is signed in has no menu on the page of help")
	}
	if page := string(o.Page(t, "/tugas").Body); !strings.Contains(page, `href="/tugas" accesskey="t"`) ||
		!strings.Contains(page, `accesskey="s"`) {
		t.Error("the keys that the help names are not on the page")
	}
}

// What the law says stands beside the field, and is read out with it.
func TestTheLawStandsBesideAField(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	page := string(o.Page(t, "/kasus/"+c.ID+"/buat/claim-apply").Body)
	for _, text := range []string{`id="f-dispute-l">Sejak 31 Oktober 2024`, `aria-describedby="f-dispute-l"`,
		`aria-describedby="f-applied_on-h f-applied_on-l"`, "belum terverifikasi"} {
		if !strings.Contains(page, text) {
			t.Errorf("the claim does not show %q", text)
		}
	}
	// A reason, a day of application and a first day mean another thing elsewhere.
	for path, not := range map[string]string{"application-record": "enam bulan", "assessment-apply": "enam bulan",
		"placement-record": "Masa kerja"} {
		if page := string(o.Page(t, "/kasus/"+c.ID+"/buat/"+path).Body); strings.Contains(page, not) {
			t.Errorf("%s says what the law says of something else: %s", path, not)
		}
	}
	page = string(o.Page(t, "/kasus/"+c.ID+"/buat/worker-correct").Body)
	if strings.Contains(page, "Mengundurkan diri,") {
		t.Error("the reason of a correction is explained as that of a PHK")
	}
}

// Every text of help is that of a field which some form has, names the law, and says in both languages alike what is
// not verified.
func TestHelpIsOfFieldsThatThereAre(t *testing.T) {
	t.Parallel()
	text, err := apitest.New(t).Server.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var spec any
	if err := yaml.Unmarshal(text, &spec); err != nil {
		t.Fatal(err)
	}
	fields, operations := map[string]bool{}, map[string]bool{}
	collect(spec, fields, operations)
	law := regexp.MustCompile(`(Pasal|Art\.) |BPJS|MK 168`)
	for _, code := range wording.Codes() {
		name, is := strings.CutPrefix(code, "help.")
		if !is {
			continue
		}
		if op, field, has := strings.Cut(name, "/"); has {
			if name = field; !operations[op] {
				t.Errorf("%s: there is no operation %s", code, op)
			}
		}
		id, _ := wording.Text("id", code)
		en, _ := wording.Text("en", code)
		if !fields[name] || !law.MatchString(id) || !law.MatchString(en) ||
			strings.Contains(id, "belum terverifikasi") != strings.Contains(en, "not verified") {
			t.Errorf("%s: %q, %q (a field: %t)", code, id, en, fields[name])
		}
	}
}

// collect gathers the names of fields and operations of a description.
func collect(value any, fields, operations map[string]bool) {
	switch value := value.(type) {
	case []any:
		for _, one := range value {
			collect(one, fields, operations)
		}
	case map[string]any:
		for name, one := range value {
			if inside, is := one.(map[string]any); is && name == "properties" {
				for field := range inside {
					fields[field] = true
				}
			}
			if id, is := one.(string); is && name == "operationId" {
				operations[id] = true
			}
			collect(one, fields, operations)
		}
	}
}
