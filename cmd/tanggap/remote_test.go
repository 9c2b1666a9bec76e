package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"

	"github.com/tanggap/tanggap/pkg/fault"
)

// answering is a server that answers each request with the next text, the last one for ever, and keeps the requests.
type answering struct {
	*httptest.Server
	mu      sync.Mutex
	status  int
	answers []string
	asked   []*http.Request
	bodies  []string
}

func serving(t *testing.T, status int, texts ...string) *answering {
	t.Helper()
	a := &answering{status: status, answers: texts}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		defer a.mu.Unlock()
		body, _ := io.ReadAll(r.Body)
		a.asked, a.bodies = append(a.asked, r), append(a.bodies, string(body))
		text := a.answers[0]
		if len(a.answers) > 1 {
			a.answers = a.answers[1:]
		}
		w.WriteHeader(a.status)
		_, _ = io.WriteString(w, text)
	}))
	t.Cleanup(a.Close)
	return a
}

func (a *answering) paths() (list []string) {
	for _, r := range a.asked {
		list = append(list, r.Method+" "+r.URL.Path)
	}
	return list
}

// A request carries the token, the language, and for what changes something a key of its own.
func TestWhatARequestCarries(t *testing.T) {
	t.Parallel()
	server := serving(t, 200, `{"id":"`+anID+`","items":[]}`)
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("rahasia\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for i, r := range []remote{{Server: server.URL + "/", Token: "rahasia", Lang: "en"},
		{Server: server.URL, TokenFile: file, Lang: "en"}, {Server: server.URL, Token: "rahasia", TokenFile: "none", Lang: "en"},
		{Server: server.URL, Lang: "en"}} {
		approve, list := lawApprove{remote: r, ID: anID}, lawList{r}
		for _, err := range []error{approve.Run(t.Context()), approve.Run(t.Context()), list.Run(t.Context())} {
			if err != nil {
				t.Fatal(err)
			}
		}
		asked, keys := server.asked[3*i:], map[string]bool{}
		for n, q := range asked {
			key := q.Header.Get("Idempotency-Key")
			if (key != "") != (n < 2) || keys[key] {
				t.Errorf("request %d has the key %q", n, key)
			}
			keys[key] = true
			want := map[bool]string{true: "Bearer rahasia"}[i < 3]
			if q.Header.Get("Authorization") != want || q.Header.Get("Accept-Language") != "en" ||
				!strings.HasPrefix(q.URL.Path, "/v1/law") {
				t.Errorf("request %d: %v %v", n, q.URL, q.Header)
			}
		}
	}
	missing := lawList{remote{Server: server.URL, TokenFile: filepath.Join(t.TempDir(), "none")}}
	if err := missing.Run(t.Context()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a token file that is not there: %v", err)
	}
}

// anID is an id where a server of a test answers one.
const anID = "0190a7b0-1111-7222-8333-444455556666"

// A refusal is told in the server's words, with its code and every field; what is no problem document by its status, in
// the language of the command, and so is that there is no answer.
func TestHowARefusalIsTold(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		`{"code":"case.stale","detail":"Berubah."}`: "Berubah. (case.stale)",
		`{"code":"input.invalid","detail":"Salah.","errors":[{"field":"a","detail":"Kosong."},` +
			`{"field":"b","detail":"Salah."}]}`: "Salah. (input.invalid)\n  a: Kosong.\n  b: Salah.",
		`{"detail":"x"}`: "The answer of the server cannot be read: 409 Conflict",
		`<html>`:         "The answer of the server cannot be read: 409 Conflict",
		``:               "The answer of the server cannot be read: 409 Conflict",
	} {
		c := lawList{remote{Server: serving(t, 409, answer).URL, Lang: "en"}}
		if err := c.Run(t.Context()); err == nil || err.Error() != want {
			t.Errorf("%q is told as %v", answer, err)
		}
	}
	for name, c := range map[string]struct {
		status int
		answer string
		fails  bool
	}{"399": {399, `{}`, false}, "400": {400, `{}`, true}, "no JSON": {200, `<html>`, true}} {
		list := lawList{remote{Server: serving(t, c.status, c.answer).URL}}
		if err := list.Run(t.Context()); (err != nil) != c.fails {
			t.Errorf("%s: %v", name, err)
		}
	}
	gone := serving(t, 200, "")
	gone.Close()
	for lang, want := range map[string]string{"id": "tidak menjawab", "en": "does not answer"} {
		list := lawList{remote{Server: gone.URL, Lang: lang}}
		if err := list.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "make run") ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("a server that is not there: %v", err)
		}
	}
}

// The language is that of the locale, and Indonesian where it says nothing of the kind.
func TestTheLanguageOfALocale(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string]string{"": "id", "C": "id", "id_ID.UTF-8": "id", "en_GB.UTF-8": "en", "en": "en",
		"de_DE": "id"} {
		if got := language(locale); got != want {
			t.Errorf("%q speaks %s", locale, got)
		}
	}
}

// Cases are listed with the filter that was given, and a list that is cut says so.
func TestCasesAreListed(t *testing.T) {
	t.Parallel()
	server := serving(t, 200, `{"items":[{"id":"`+anID+`","name":"Siti","stage":"intake"}],"next_cursor":"x"}`)
	list := caseList{remote: remote{Server: server.URL, Lang: "en"}, Stage: "intake,benefit", Officer: "none", Limit: 7}
	if err := list.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if q := server.asked[0].URL.Query(); q.Encode() != "limit=7&officer=none&stage=intake%2Cbenefit" {
		t.Errorf("asked for %v", q)
	}
	whole := serving(t, 200, `{"id":"`+anID+`","worker":{"name":"Siti"},"items":[{"seq":1,"kind":"case.opened"}]}`)
	show := caseShow{remote: remote{Server: whole.URL, Lang: "id"}, ID: anID}
	if err := show.Run(t.Context()); err != nil || strings.Join(whole.paths(), " ") != "GET /v1/cases/"+anID+
		" GET /v1/cases/"+anID+"/history" {
		t.Errorf("asked %v, %v", whole.paths(), err)
	}
}

const rows = `"rows":{"total":3,"valid":1,"warned":1,"refused":1,"opened":2}`

// A list ends well when it was checked or applied. One that cannot be read, or whose work failed, is an error.
func TestHowAListEnds(t *testing.T) {
	t.Parallel()
	list := filepath.Join(t.TempDir(), "daftar.csv")
	if err := os.WriteFile(list, []byte("NIK\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	state := func(name string) string {
		return `{"id":"` + anID + `","state":"` + name + `",` + rows + `,"refusal":"job.right_lost",
			"why":{"code":"job.right_lost","text":"Haknya berakhir."}}`
	}
	const items = `{"items":[{"row":2,"reasons":[{"code":"NIK_MISSING","column":"A","text":"Kosong."}]}]}`
	for name, c := range map[string]struct {
		answers []string
		apply   bool
		wrong   string
		asked   string
	}{
		"checked": {[]string{state("checking"), state("checked"), items, items}, false, "",
			"GET /v1/intakes/" + anID + "/rows"},
		"applied": {[]string{state("checked"), items, items, state("applying"), state("applied")}, true,
			"", "POST /v1/intakes/" + anID + "/application"},
		"refused": {[]string{state("refused")}, true, "Berkas tidak dapat dibaca: Haknya berakhir.",
			"POST /v1/intakes"},
		"failed while it was checked": {[]string{state("checking"), state("failed")}, true, "gagal: Haknya berakhir.",
			"GET /v1/intakes/" + anID},
		"failed while it was applied": {[]string{state("checked"), items, items, state("applying"), state("failed")}, true,
			"gagal: Haknya berakhir.", "POST /v1/intakes/" + anID + "/application"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serving(t, 200, c.answers...)
			command := intakeCommand{remote: remote{Server: server.URL, Lang: "id"}, File: list, Employer: "PT Maju",
				Region: "3273", Apply: c.apply}
			err := command.Run(t.Context())
			if (err != nil) != (c.wrong != "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("got %v", err)
			}
			if asked := strings.Join(server.paths(), "\n"); !strings.Contains(asked, c.asked) {
				t.Errorf("asked %s", asked)
			}
			if !strings.Contains(server.bodies[0], "PT Maju") || !strings.Contains(server.bodies[0], `filename="daftar.csv"`) ||
				strings.Contains(server.bodies[0], "employer_nib") {
				t.Errorf("sent %q", server.bodies[0])
			}
		})
	}
	command := intakeCommand{File: filepath.Join(t.TempDir(), "none.csv")}
	if err := command.Run(t.Context()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// An export is fetched when it is ready, whole or not at all; every other end is an error.
func TestHowAnExportEnds(t *testing.T) {
	t.Parallel()
	state := func(name string) string {
		return `{"id":"` + anID + `","state":"` + name + `","passphrase":"p","failure":"export.no_room"}`
	}
	for name, c := range map[string]struct {
		recipient string
		answers   []string
		wrong     string
	}{
		"ready": {"", []string{state("awaiting"), state("queued"), state("running"), state("ready"), "isi"},
			""},
		"failed":              {"", []string{state("queued"), state("failed")}, "Ekspor berakhir: Gagal export.no_room"},
		"refused":             {"", []string{state("awaiting"), state("refused")}, "Ekspor berakhir: Tidak disetujui"},
		"cancelled":           {"", []string{state("running"), state("cancelled")}, "Ekspor berakhir: Dibatalkan"},
		"the passphrase lost": {"", []string{`{"id":"` + anID + `","state":"queued"}`}, "pesan lagi"},
		"for a key":           {"age1x", []string{state("ready"), state("ready"), "isi"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			out := filepath.Join(folder, "ekspor")
			command := exportCommand{remote: remote{Server: serving(t, 200, c.answers...).URL, Lang: "id"},
				Recipient: c.recipient, Out: out}
			err := command.Run(t.Context())
			if (err != nil) != (c.wrong != "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("got %v", err)
			}
			text, _ := os.ReadFile(out)
			if (string(text) == "isi") != (c.wrong == "") {
				t.Errorf("written %q", text)
			}
			if left, _ := os.ReadDir(folder); len(left) > 1 || c.wrong != "" && len(left) > 0 {
				t.Errorf("leaves %v", left)
			}
		})
	}
}

// What is given is taken; where there is no terminal to ask on, the variable to set is named.
func TestWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	if got, err := new(remote).ask("rahasia", "cli.ask_password", "TANGGAP_PASSWORD"); got != "rahasia" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	server := serving(t, 200, `{"token":"t"}`)
	signIn := signInCommand{remote: remote{Server: server.URL}, Email: "a@b.id", Password: "rahasia"}
	if err := signIn.Run(t.Context()); err != nil || server.bodies[0] != `{"email":"a@b.id","password":"rahasia"}` {
		t.Errorf("sent %q, %v", server.bodies[0], err)
	}
	set := setPasswordCommand{remote: remote{Server: server.URL}, Email: "a@b.id", Code: "c", Password: "rahasia"}
	if err := set.Run(t.Context()); err != nil ||
		server.bodies[1] != `{"code":"c","email":"a@b.id","password":"rahasia"}` {
		t.Errorf("sent %q, %v", server.bodies[1], err)
	}
}

// An identity file opens what was encrypted for its key; what is none, another one and a cut file are errors.
func TestWhatOpensAnExport(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := func(name string) string { return filepath.Join(folder, name) }
	write := func(name string, text []byte) string {
		if err := os.WriteFile(path(name), text, 0o600); err != nil {
			t.Fatal(err)
		}
		return path(name)
	}
	mine, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, mine.Recipient())
	if err == nil {
		_, err = io.WriteString(w, "no ZIP")
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	whole := write("whole", sealed.Bytes())
	key := write("key", []byte(mine.String()+"\n"))
	for name, c := range map[string]struct {
		o    opener
		says string
	}{
		"another key":  {opener{File: whole, Identity: write("other", []byte(other.String()+"\n"))}, "was not encrypted for the key in"},
		"no key":       {opener{File: whole, Identity: whole}, "unknown identity type"},
		"a passphrase": {opener{File: whole, Passphrase: "salah"}, "the passphrase does not open"},
		"a file cut off": {opener{File: write("cut", sealed.Bytes()[:sealed.Len()-4]), Identity: key},
			"changed or cut off"},
		"no file":          {opener{File: path("none"), Identity: key}, "no such file"},
		"no ZIP in it":     {opener{File: whole, Identity: key}, "zip: not a valid zip file"},
		"no export at all": {opener{File: key, Identity: key}, "open "},
	} {
		if _, err := c.o.open(); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An error of the rules is told as the API would, in both languages; any other one as it is.
func TestErrorsAreToldInBothLanguages(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("a: %w", fault.New(fault.Invalid, "session.wait", "seconds", "7").At("kolom"))
	id, en := told(err, "id"), told(err, "en")
	for lang, text := range map[string]string{"id": id, "en": en} {
		if !strings.HasPrefix(text, "kolom: ") || !strings.HasSuffix(text, "(session.wait)") || !strings.Contains(text,
			"7") ||
			strings.Contains(text, "{") {
			t.Errorf("%s: %q", lang, text)
		}
	}
	if id == en || told(errors.New("torn"), "id") != "torn" {
		t.Errorf("%q, %q", id, en)
	}
}
