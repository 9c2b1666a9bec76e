package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
)

// mark is where a poison goes into a body.
const mark = "@mark@"

// poisons are texts as they stand in a JSON body. What is said of them is how they are refused: as no JSON in UTF-8, or
// in their field.
var poisons = map[string]struct {
	text   string
	status int
}{
	"NUL, escaped":                 {`a\u0000b`, http.StatusBadRequest},
	"NUL":                          {"a\x00b", http.StatusBadRequest},
	"no UTF-8":                     {"a\xffb", http.StatusBadRequest},
	"a lone high surrogate":        {`a\ud800b`, http.StatusBadRequest},
	"a lone low surrogate":         {`a\udc00`, http.StatusBadRequest},
	"two high surrogates":          {`\ud83d\ud83d`, http.StatusBadRequest},
	"a control":                    {`a\u0001b`, http.StatusUnprocessableEntity},
	"a control of ISO 6429":        {"a\u009bb", http.StatusUnprocessableEntity},
	"a mark of direction":          {"a\u202eb", http.StatusUnprocessableEntity},
	"an isolate of direction":      {`a\u2067b`, http.StatusUnprocessableEntity},
	"a blank without width":        {"a\u200bb", http.StatusUnprocessableEntity},
	"a mark of byte order":         {"\ufeffab", http.StatusUnprocessableEntity},
	"a soft hyphen":                {"a\u00adb", http.StatusUnprocessableEntity},
	"a filler":                     {"a\u3164b", http.StatusUnprocessableEntity},
	"a tag":                        {"a\U000e0041b", http.StatusUnprocessableEntity},
	"a separator of paragraphs":    {"a\u2029b", http.StatusUnprocessableEntity},
	"a code point for private use": {"a\ue000b", http.StatusUnprocessableEntity},
	"too long":                     {strings.Repeat("x", 20_000), http.StatusUnprocessableEntity},
}

// sample is a body that the contract takes.
func (c contract) sample(s schema) any {
	s = c.resolved(s)
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.id():
		return uuid.Must(uuid.NewV7()).String()
	case s.Format == "date":
		return "2026-11-01"
	case s.Type == "string":
		n := 4
		if s.MinLength != nil {
			n = max(n, *s.MinLength)
		}
		if s.MaxLength != nil {
			n = min(n, *s.MaxLength)
		}
		return strings.Repeat("1", n)
	case s.Type == "integer" && s.Minimum != nil:
		return max(1, *s.Minimum)
	case s.Type == "integer":
		return 1
	case s.Type == "boolean":
		return true
	case s.Items != nil:
		return []any{c.sample(*s.Items)}
	case s.Type == "object":
		body := map[string]any{}
		for _, name := range s.Required {
			body[name] = c.sample(s.Properties[name])
		}
		return body
	}
	return nil
}

// textFields puts the mark into each text of a body, one after the other, and tells where it is.
func (c contract) textFields(s schema, at string, visit func(path string, free bool, body any)) {
	s = c.resolved(s)
	switch {
	case s.text():
		visit(at, len(s.Enum) == 0 && s.Pattern == "" && s.Format == "", mark)
	case s.Items != nil:
		c.textFields(*s.Items, at+"[0]", func(path string, free bool, body any) { visit(path, free, []any{body}) })
	default:
		for name, p := range s.Properties {
			path := strings.TrimPrefix(at+"."+name, ".")
			c.textFields(p, path, func(path string, free bool, inner any) {
				body, _ := c.sample(s).(map[string]any)
				body = maps.Clone(body)
				body[name] = inner
				visit(path, free, body)
			})
		}
	}
}

// Every text of every body of the contract is held to one rule: what cannot be kept as it was sent is refused, where it
// stands, and never answered 500.
func TestEveryTextIsKeptAsSentOrRefused(t *testing.T) {
	t.Parallel()
	b := apitest.New(t, everything{})
	described, o := contractOf(t, b), b.Officer(t, authz.Supervisor, "3273")
	nation, regency := b.Officer(t, authz.Supervisor, ""), o
	c := o.Open(t, "3273", 1, "Siti")
	fields := 0
	for _, r := range b.Server.Routes() {
		s, kind := described.body(r)
		if kind != "application/json" {
			continue
		}
		if o = regency; r.Tag == "law" { // which is the nation's
			o = nation
		}
		described.textFields(s, "", func(path string, free bool, body any) {
			fields++
			text, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			for what, poison := range poisons {
				a := raw(b, o, r.Method, fill(r, map[string]string{"id": c.ID}), bytes.ReplaceAll(text, []byte(mark),
					[]byte(poison.text)), c.Version)
				if a.Status < http.StatusBadRequest || a.Status >= http.StatusInternalServerError {
					t.Errorf("%s: %s in %s: %d %s", r.ID, what, path, a.Status, a.Body)
				}
				// The content of a file is no text of a field: who reads the file says what is wrong with it.
				file := strings.Contains(string(a.Body), "law.file_invalid")
				if free && !file && (a.Status != poison.status || poison.status == http.StatusUnprocessableEntity &&
					!slices.Contains(wrongFields(a), path)) {
					t.Errorf("%s: %s in %s is refused otherwise: %d %s", r.ID, what, path, a.Status, a.Body)
				}
			}
		})
	}
	if fields < 120 {
		t.Errorf("only %d texts were found", fields)
	}
	t.Logf("%d texts", fields)
}

func wrongFields(a apitest.Answer) (fields []string) {
	var p struct{ Errors []struct{ Field string } }
	_ = json.Unmarshal(a.Body, &p) // what is no problem has no fields
	for _, e := range p.Errors {
		fields = append(fields, e.Field)
	}
	return fields
}

// raw sends a body as it is.
func raw(b *apitest.Bundle, o *apitest.Officer, method, path string, body []byte, version int,
	headers ...string) apitest.Answer {
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	for name, value := range map[string]string{"Authorization": "Bearer " + o.Token, "Content-Type": "application/json",
		"Idempotency-Key": uuid.NewString(), "If-Match": rest.ETag(version)} {
		r.Header.Set(name, value)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return b.Do(r)
}

// What a person may well write is kept, to the letter: lines and tabs in notes, any script, pictures, and what only
// looks like an escape.
func TestGoodTextsAreKeptToTheLetter(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	for _, text := range []string{"baris satu\nbaris dua\r\n\tmenjorok", `C:\u0000\ud800`, "Jalan “Merdeka” № 5 – ½",
		"\u0b95\u0bcd\u200c\u0bb7 \u0915\u094d\u200d\u0937", "👨\u200d👩\u200d👧 ❤\ufe0f", "e\u0301", "\ufffd"} {
		o.Change(t, &c, "/notes", map[string]any{"text": text})
		var file struct{ History []struct{ Note string } }
		o.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil).JSON(t, &file)
		if got := file.History[len(file.History)-1].Note; got != text {
			t.Errorf("sent %q, kept %q", text, got)
		}
	}
	for _, name := range []string{"Siti\nAminah", "Siti\tAminah", "Siti\u200dAminah", "Siti ❤\ufe0f"} {
		worker := apitest.Worker("3273", 2, name)
		worker["address"] = "x"
		a := o.Call(t, http.MethodPost, "/v1/cases", map[string]any{"region": "3273", "terminated_on": "2026-10-01",
			"worker": worker})
		if a.Status != http.StatusUnprocessableEntity || !slices.Contains(wrongFields(a), "worker.name") {
			t.Errorf("%q: %d %s", name, a.Status, a.Body)
		}
	}
	for n, name := range []string{"Dwi Nuraini, S.Pd.", "O’Brien", "José Ñandú", "ꦱꦶꦠꦶ", "Siti\u00a0Aminah"} {
		worker := apitest.Worker("3273", 10+n, name)
		if a := o.Call(t, http.MethodPost, "/v1/cases", map[string]any{"region": "3273", "terminated_on": "2026-10-01",
			"worker": worker}); a.Status != http.StatusCreated {
			t.Errorf("%q: %d %s", name, a.Status, a.Body)
		}
	}
}

// The form around a list, and the name of its file, are held to the same rule.
func TestAFormIsHeldToTheRuleOfTexts(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	good := map[string]string{"employer_name": "PT Contoh", "employer_region": "3273", "reference": "1/2026",
		"reason": "EFFICIENCY_LOSS", "file": "list.csv"}
	if a := sendForm(t, b, o, good); a.Status != http.StatusAccepted {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	for field := range good {
		for _, poison := range []string{"a\x00b", "a\xffb", "a\u0001b", "a\u202eb", "a\u200bb", strings.Repeat("x", 20_000),
			"a\ud7ff\xed\xa0\x80b"} {
			form := maps.Clone(good)
			form[field] = poison
			a := sendForm(t, b, o, form)
			// what is no header at all
			refused := a.Status == http.StatusUnprocessableEntity || field == "file" && a.Status == http.StatusBadRequest
			if !refused {
				t.Errorf("%s %.20q: %d %s", field, poison, a.Status, a.Body)
			}
		}
	}
	var list struct{ Items []struct{ Employer string } }
	if o.Call(t, http.MethodGet, "/v1/intakes", nil).JSON(t, &list); len(list.Items) != 1 {
		t.Errorf("%d lists are kept", len(list.Items))
	}
}

func sendForm(t *testing.T, b *apitest.Bundle, o *apitest.Officer, fields map[string]string) apitest.Answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		if name == "file" {
			continue
		}
		if err := form.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	part, err := form.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {fmt.Sprintf(`form-data; name="file"; filename="%s"`, fields["file"])},
		"Content-Type":        {"text/csv"}})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write([]byte("Nama,NIK\nSiti,3273010101900001\n")) // a buffer has no errors
	_ = form.Close()
	return raw(b, o, http.MethodPost, "/v1/intakes", body.Bytes(), 1, "Content-Type", form.FormDataContentType())
}

// How a body is coded is said once and is UTF-8; the largest body is one mebibyte, to the byte.
func TestBodiesAreCodedPlainly(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	path := "/v1/cases/" + c.ID + "/notes"
	body := []byte(`{"text":"x"}`)
	for _, refused := range [][]string{{"Content-Type", "application/json; charset=utf-16"},
		{"Content-Type", "application/json; charset=iso-8859-1"}, {"Content-Encoding", "gzip"},
		{"Content-Encoding", "identity, gzip"}, {"Content-Type", "application/json; charset"}} {
		if a := raw(b, o, http.MethodPost, path, body, c.Version, refused...); a.Status != http.StatusUnsupportedMediaType {
			t.Errorf("%v: %d %s", refused, a.Status, a.Body)
		}
	}
	for _, kind := range []string{"jkp", "severance", "fixed-term", "prakerja", "wage-subsidy", "thr", "severance-tax", "cover", "rights"} {
		if a := raw(b, o, http.MethodPost, "/v1/assessments/"+kind, []byte(`{"items":null}`), 1); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s of null: %d %s", kind, a.Status, a.Body)
		}
	}
	full := append(bytes.Repeat([]byte(" "), rest.DefaultMaxBody-len(body)), body...)
	if a := raw(b, o, http.MethodPost, path, append([]byte(" "), full...),
		c.Version); a.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("a byte more than the largest body: %d %s", a.Status, a.Body)
	}
	if a := raw(b, o, http.MethodPost, path, full, c.Version, "Content-Type",
		"application/json; charset=UTF-8"); a.Status != http.StatusCreated {
		t.Errorf("the largest body: %d %s", a.Status, a.Body)
	}
}
