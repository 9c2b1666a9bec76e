package api_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/tanggap/tanggap/pkg/wording"
)

// shown is the text of the page, with the part that stands for one operation.
func shown(t *testing.T, path, operation string) (page, part string) {
	t.Helper()
	page = string(fetch(t, path))
	_, part, _ = strings.Cut(page, `<details id="`+operation+`"`)
	part, _, _ = strings.Cut(part, "</details>")
	return page, part
}

// Who works by hand finds on the page what the description has for machines: every value of a closed list with what it
// is called, what a body holds at every depth, forms, limits, an example, and the statuses.
func TestThePageSaysWhatABodyMayHold(t *testing.T) {
	t.Parallel()
	for operation, texts := range map[string][]string{
		"case-open": {"<code>worker.nik</code>", "<code>worker.employment.base_wage</code>", "length ≥ 16", "date",
			"<code>female</code> Perempuan", "Contoh", "&#34;nik&#34;: &#34;3273015503900001&#34;", "Idempotency-Key",
			"≤ 1000000000000", "<code>422</code>", "<code>201</code>"},
		"case-advance":   {"<code>placement</code> Penempatan", "<code>outcome</code>", "If-Match", "<code>428</code>"},
		"vacancy-report": {"<code>items[].occupation</code>", "items ≤ 500", "<code>items[].openings</code>"},
		"case-list":      {"· query", "<code>training</code> Pelatihan", "≤ 200", "<code>items[].nik</code>"},
		"layoff-prevent": {"<code>measures</code>", "<code>jobs_saved</code>"},
	} {
		_, part := shown(t, "/docs", operation)
		for _, text := range texts {
			if !strings.Contains(part, text) {
				t.Errorf("%s does not show %q", operation, text)
			}
		}
	}
	page, _ := shown(t, "/docs?lang=en", "case-open")
	for _, text := range []string{"<code>case.stale</code>", "The case has changed since you read it.",
		"<code>female</code> Woman"} {
		if !strings.Contains(page, text) {
			t.Errorf("the page does not show %q", text)
		}
	}
}

// The search shows what has all of its words, wherever they stand, and nothing else.
func TestThePageIsSearched(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]struct{ shows, hides string }{
		"retained_3m":      {"placement-advance", "session-start"},
		"/v1/vacancies":    {"vacancy-report", "case-open"},
		"BASE_WAGE+open":   {"case-open", "case-note"},
		"case.stale":       {"", "case-list"},
		"nothing-has-this": {"", "case-open"},
		"%3Cb%3E":          {"", "case-open"},
	} {
		page := string(fetch(t, "/docs?q="+query))
		if want.shows != "" && !strings.Contains(page, `<details id="`+want.shows+`"`) ||
			strings.Contains(page, `<details id="`+want.hides+`"`) || strings.Contains(page, "<b>") {
			t.Errorf("%s: want %v", query, want)
		}
	}
	if page := string(fetch(t, "/docs")); strings.Contains(page, "<code>help.") || strings.Contains(page,
		"<code>field.") || !strings.Contains(page, "<code>case.stale</code>") {
		t.Error("the words of pages are listed as codes of refusals")
	}
	if page := string(fetch(t, "/docs?q=case.stale")); !strings.Contains(page, "<code>case.stale</code>") ||
		strings.Contains(page, "<code>case.not_found</code>") {
		t.Error("a code is not found by itself")
	}
}

// Indonesian unless English is asked for, by the switch or by the header; and whatever the page words is worded in
// both.
func TestThePageSpeaksBothLanguages(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{"/docs": "Cari", "/docs?lang=en": "Search", "/docs?lang=fr": "Cari"} {
		if page := string(fetch(t, target)); !strings.Contains(page, "<button>"+want+"</button>") {
			t.Errorf("%s does not say %s", target, want)
		}
	}
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/docs", nil)
	r.Header.Set("Accept-Language", "en")
	if described().ServeHTTP(w, r); !strings.Contains(w.Body.String(), "<button>Search</button>") {
		t.Error("the header is not read")
	}
	var words map[string]string
	text, err := os.ReadFile("docs.id.yaml")
	if err == nil {
		err = yaml.Unmarshal(text, &words)
	}
	if err != nil {
		t.Fatal(err)
	}
	used := saidOnThePage(t)
	for text := range used {
		if words[text] == "" || words[text] == text && !strings.HasPrefix(text, "Status") {
			t.Errorf("no Indonesian for %q in docs.id.yaml", text)
		}
	}
	for text := range words {
		if !used[text] {
			t.Errorf("nothing says %q", text)
		}
	}
}

// An operation that is offered in a case has one name in Indonesian, on the page and in the offer.
func TestThePageCallsAnOperationAsItsOffer(t *testing.T) {
	t.Parallel()
	_, part := shown(t, "/docs", "case-note")
	if offer, _ := wording.Text("id", "action.case-note"); !strings.Contains(part, offer) {
		t.Errorf("the page does not call it %q: %s", offer, part)
	}
	if _, part = shown(t, "/docs?lang=en", "case-note"); !strings.Contains(part, "Add a note; its text is sealed") {
		t.Errorf("in English: %s", part)
	}
}

var said = regexp.MustCompile(`\.Say "([^"]+)"`)

// saidOnThePage are the English texts that the page words in the reader's language.
func saidOnThePage(t *testing.T) map[string]bool {
	t.Helper()
	used := map[string]bool{"list of": true}
	for _, name := range []string{"docs.html", "guides.html"} {
		page, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range said.FindAllStringSubmatch(string(page), -1) {
			used[m[1]] = true
		}
	}
	var spec struct {
		Tags  []struct{ Description string }
		Paths map[string]map[string]struct {
			OperationID string `yaml:"operationId"`
			Summary     string
			Responses   map[string]struct{ Description string }
		}
	}
	if err := yaml.Unmarshal(fetch(t, "/openapi.yaml"), &spec); err != nil {
		t.Fatal(err)
	}
	for _, tag := range spec.Tags {
		used[tag.Description] = true
	}
	for _, item := range spec.Paths {
		for _, op := range item {
			if _, offered := wording.Text("id", "action."+op.OperationID); !offered {
				used[op.Summary] = true
			}
			for _, answer := range op.Responses {
				used[answer.Description] = true
			}
		}
	}
	return used
}

// Each guide is a page of its own, reached from the list and from every other page of the documentation.
func TestTheGuidesAreServed(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("guides/*.md")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d guides: %v", len(files), err)
	}
	list := map[string]string{}
	for _, lang := range []string{"id", "en"} {
		list[lang] = string(fetch(t, "/docs/guides?lang="+lang))
	}
	if !strings.Contains(list["id"], "<h1>Panduan</h1>") || !strings.Contains(list["en"], "<h1>Guides</h1>") {
		t.Errorf("the lists are %s", list)
	}
	if page := string(fetch(t, "/docs")); !strings.Contains(page, `href="/docs/guides?lang=id"`) {
		t.Error("the documentation does not lead to the guides")
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".md")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		title, _, _ := strings.Cut(strings.TrimPrefix(string(text), "# "), "\n")
		page := string(fetch(t, "/docs/guides/"+name+"?lang=en"))
		if !strings.Contains(list["id"], `/docs/guides/`+name+`?lang=id`) || !strings.Contains(html.UnescapeString(page),
			"<h1>"+title+"</h1>") || strings.Contains(page, ".md\"") || strings.Contains(page, "<script") {
			t.Errorf("%s, %q: %s", name, title, page)
		}
	}
	w := httptest.NewRecorder()
	described().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/docs/guides/..%2Fdocs.id", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("a guide that there is not answers %d", w.Code)
	}
	if page := string(fetch(t, "/docs/guides/bulk")); !strings.Contains(page, "Teks panduan berbahasa Inggris.") ||
		!strings.Contains(page, `lang="en"`) {
		t.Error("the Indonesian page does not say that its text is English")
	}
}
