package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
)

// request is one that a hostile or a broken client may send, and the one answer that it must get.
type request struct {
	name, method, path, body string
	headers                  []string // names and values; a value "-" leaves the header out
	status                   int
	code                     string
}

func post(name, body string, status int, code string, headers ...string) request {
	return request{name: name, method: http.MethodPost, path: "/v1/cases/CASE/notes", body: body, status: status,
		code: code, headers: headers}
}

func get(name, path string, status int, code string, headers ...string) request {
	return request{name: name, method: http.MethodGet, path: path, status: status, code: code, headers: headers}
}

var hostile = []request{
	get("no value", "/v1/cases?officer=", 422, "input.empty"),
	get("an empty limit", "/v1/cases?limit=", 422, "input.empty"),
	get("a page of counts", "/v1/cases/counts?limit=1", 422, "input.unknown_parameter"),
	get("an id that is none", "/v1/cases?officer=00000000-0000-0000-0000-000000000000", 422, "input.format"),
	get("both names of one filter", "/v1/cases?office=3273&region=3273", 422, "input.same_filter"),
	get("no UTF-8 in the query", "/v1/cases?office=%ff", 400, "input.query"),
	get("a mark of direction in the query", "/v1/cases?office=%E2%80%AE", 422, "input.characters"),
	get("an unknown parameter", "/v1/cases?regoin=3273", 422, "input.unknown_parameter"),
	get("a parameter twice", "/v1/cases?stage=intake&stage=closed", 400, "input.repeated_parameter"),
	get("a parameter that is not in the list", "/v1/cases?stage=lost", 422, "input.one_of"),
	get("too large a page", "/v1/cases?limit=201", 422, "input.most"),
	get("an empty page", "/v1/cases?limit=0", 422, "input.least"),
	get("a limit that is no number", "/v1/cases?limit=many", 422, "input.format"),
	get("a forged cursor", "/v1/cases?cursor=AAAAAAAAAAAAAAAAAAAAAAAA", 400, "page.cursor_invalid"),
	get("a broken escape", "/v1/cases?office=%zz", 400, "input.query"),
	get("a NUL in the query", "/v1/cases?office=%00", 400, "input.query"),
	get("a path with a slash at its end", "/v1/cases/", 404, "route.not_found"),
	get("a path with an empty segment", "/v1//cases", 404, "route.not_found"),
	get("a path that climbs", "/v1/cases/../officers", 404, "route.not_found"),
	get("an encoded slash", "/v1%2Fcases", 404, "route.not_found"),
	get("no such route", "/v1/kasus", 404, "route.not_found"),
	get("no token", "/v1/cases", 401, "session.missing", "Authorization", "-"),
	get("half a token", "/v1/cases", 401, "session.invalid", "Authorization", "Bearer x"),
	get("another scheme", "/v1/cases", 401, "session.missing", "Authorization", "Basic YTpi"),
	{name: "a method that the route does not have", method: http.MethodDelete, path: "/v1/cases", status: 405,
		code: "route.method_not_allowed"}, post("no body", "", 400, "input.body_required"),
	post("cut off", `{"text":"x"`, 400, "input.malformed"),
	post("no JSON", `text=x`, 400, "input.malformed"),
	post("an array", `["x"]`, 422, "input.type"),
	post("a key twice", `{"text":"x","text":"y"}`, 400, "input.duplicate_key"),
	post("two values", `{"text":"x"}{"text":"y"}`, 400, "input.trailing"),
	post("an unknown key", `{"text":"x","colour":"y"}`, 422, "input.unknown_field"),
	post("a key in another case", `{"Text":"x"}`, 422, "input.required"),
	post("a number for a text", `{"text":1}`, 422, "input.type"),
	post("null", `{"text":null}`, 422, "input.type"),
	post("a NUL", `{"text":"a\u0000b"}`, 400, "input.encoding"),
	post("a raw NUL", "{\"text\":\"a\x00b\"}", 400, "input.encoding"),
	post("half a surrogate pair", `{"text":"a\ud800b"}`, 400, "input.encoding"),
	post("a mark of direction", "{\"text\":\"a\u202eb\"}", 422, "input.characters"),
	post("a control", `{"text":"a\u0001b"}`, 422, "input.characters"),
	post("UTF-16", `{"text":"x"}`, 415, "input.content_type", "Content-Type", "application/json; charset=utf-16"),
	post("packed", `{"text":"x"}`, 415, "input.content_type", "Content-Encoding", "gzip"),
	post("not UTF-8", "{\"text\":\"a\xffb\"}", 400, "input.encoding"),
	post("a deep nest", `{"text":`+strings.Repeat("[", 40)+strings.Repeat("]", 40)+`}`, 400, "input.depth"),
	post("a huge body", `{"text":"`+strings.Repeat("x", rest.DefaultMaxBody)+`"}`, 413, "input.too_large"),
	post("a form", "text=x", 415, "input.content_type", "Content-Type", "application/x-www-form-urlencoded"),
	post("no content type", `{"text":"x"}`, 415, "input.content_type", "Content-Type", "-"),
	post("an empty note", `{"text":"   "}`, 422, "case.note_length"),
	post("no version", `{"text":"x"}`, 428, "precondition.required", "If-Match", "-"),
	post("any version", `{"text":"x"}`, 400, "precondition.invalid", "If-Match", "*"),
	post("a bare version", `{"text":"x"}`, 400, "precondition.invalid", "If-Match", "1"),
	post("a weak version", `{"text":"x"}`, 400, "precondition.invalid", "If-Match", `W/"1"`),
	post("two versions", `{"text":"x"}`, 400, "precondition.invalid", "If-Match", `"1", "2"`),
	post("a version with a plus", `{"text":"x"}`, 400, "precondition.invalid", "If-Match", `"+1"`),
	post("a version of the past", `{"text":"x"}`, 412, "case.stale", "If-Match", `"7"`),
	post("no key", `{"text":"x"}`, 400, "idempotency.key_required", "Idempotency-Key", "-"),
	post("a long key", `{"text":"x"}`, 400, "idempotency.key_invalid", "Idempotency-Key", strings.Repeat("k", 257)),
	post("a key with a space", `{"text":"x"}`, 400, "idempotency.key_invalid", "Idempotency-Key", "a b"),
}

func (q request) send(b *apitest.Bundle, o *apitest.Officer, c apitest.Case, more ...string) apitest.Answer {
	var r *http.Request
	path := strings.ReplaceAll(q.path, "CASE", c.ID)
	if q.body == "" {
		r = httptest.NewRequest(q.method, path, nil)
	} else {
		r = httptest.NewRequest(q.method, path, strings.NewReader(q.body))
	}
	r.Header.Set("Authorization", "Bearer "+o.Token)
	if q.method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("If-Match", rest.ETag(c.Version))
		r.Header.Set("Idempotency-Key", uuid.NewString())
	}
	headers := append(append([]string(nil), q.headers...), more...)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Del(headers[i])
		if headers[i+1] != "-" {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	return b.Do(r)
}

// Whatever a client sends, the answer is a problem with a code of its own, in both languages, and the case is as
// before.
func TestBadRequestsAreNamedAndChangeNothing(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	for _, q := range hostile {
		t.Run(q.name, func(t *testing.T) {
			var texts [2]string
			for i, language := range []string{"id", "en"} {
				a := q.send(b, o, c, "Accept-Language", language)
				var p struct {
					Type, Title, Detail, Code, Instance string
					Status                              int
					Errors                              []struct{ Code string }
				}
				if err := json.Unmarshal(a.Body, &p); err != nil {
					t.Fatalf("%d %s", a.Status, a.Body)
				}
				if len(p.Errors) > 0 {
					p.Code = p.Errors[0].Code
				}
				if a.Status != q.status || p.Code != q.code || p.Status != q.status {
					t.Errorf("answered %d %s, want %d %s", a.Status, a.Body, q.status, q.code)
				}
				if kind := a.Header.Get("Content-Type"); kind != "application/problem+json" {
					t.Errorf("content type %s", kind)
				}
				texts[i] = p.Title + p.Detail
			}
			if texts[0] == texts[1] || texts[0] == "" {
				t.Errorf("both languages say %q", texts[0])
			}
		})
	}
	var now apitest.Case
	o.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil).JSON(t, &now)
	if now.Version != c.Version {
		t.Errorf("the case went from version %d to %d", c.Version, now.Version)
	}
}

// A header that decides something must not stand twice: proxies disagree on which one counts.
func TestRepeatedHeadersAreRefused(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	for _, name := range []string{"Authorization", "Content-Type", "If-Match", "Idempotency-Key"} {
		r := httptest.NewRequest(http.MethodPost, "/v1/cases/"+c.ID+"/notes", strings.NewReader(`{"text":"x"}`))
		for header, value := range map[string]string{"Authorization": "Bearer " + o.Token, "Content-Type": "application/json",
			"If-Match": rest.ETag(c.Version), "Idempotency-Key": "k"} {
			r.Header.Set(header, value)
		}
		r.Header.Add(name, r.Header.Get(name))
		if a := b.Do(r); a.Status != http.StatusBadRequest || a.Code() != "input.repeated_header" {
			t.Errorf("%s twice: %d %s", name, a.Status, a.Body)
		}
	}
}

// No bytes may bring the check of bodies down, and what it lets pass is one JSON value as encoding/json sees it.
func FuzzBodies(f *testing.F) {
	for _, q := range hostile {
		f.Add([]byte(q.body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if rest.StrictJSON(body) != nil {
			return
		}
		if !json.Valid(body) || bytes.IndexByte(body, 0) >= 0 {
			t.Errorf("%q passed", body)
		}
	})
}
