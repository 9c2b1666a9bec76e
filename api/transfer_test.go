package api_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/authz"
)

// An answer is what it says it is in every way that it may travel: whole, compressed, as a head, or not at all because
// the client has it.
func TestAPageTravelsCompressed(t *testing.T) {
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3204")
	for n := range 40 {
		o.Open(t, "3204", n+1, fmt.Sprintf("Siti Aminah %d", n))
	}
	plain := o.Call(t, http.MethodGet, "/v1/cases?limit=200", nil)
	packed := o.Call(t, http.MethodGet, "/v1/cases?limit=200", nil, "Accept-Encoding", "gzip")
	if plain.Header.Get("Content-Encoding") != "" || packed.Header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("encodings %q and %q", plain.Header.Get("Content-Encoding"), packed.Header.Get("Content-Encoding"))
	}
	if !strings.Contains(strings.Join(packed.Header.Values("Vary"), ","), "Accept-Encoding") {
		t.Errorf("varies by %q", packed.Header.Values("Vary"))
	}
	if len(packed.Body)*3 > len(plain.Body) {
		t.Errorf("%d bytes are %d compressed", len(plain.Body), len(packed.Body))
	}
	if got := gunzipped(t, packed.Body); !bytes.Equal(got, plain.Body) {
		t.Errorf("unpacked: %.200s", got)
	}
	if small := o.Call(t, http.MethodGet, "/v1/cases?limit=1&stage=closed", nil, "Accept-Encoding", "gzip"); small.
		Header.Get("Content-Encoding") != "" {
		t.Errorf("an answer of %d bytes is compressed", len(small.Body))
	}
}

func gunzipped(t *testing.T, body []byte) []byte {
	t.Helper()
	in, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The length of an answer beside chosen text must not tell it, so each has a pad; what a change answers may hold a
// secret and is never compressed.
func TestLengthsTellNothing(t *testing.T) {
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3204")
	for n := range 10 {
		o.Open(t, "3204", n+1, fmt.Sprintf("Siti Aminah %d", n))
	}
	pads := map[string]bool{} // of the header of gzip, drawn from the content itself
	for n := 1; n <= 5; n++ {
		a := o.Call(t, http.MethodGet, fmt.Sprintf("/v1/cases?limit=%d", n+4), nil, "Accept-Encoding", "gzip")
		in, err := gzip.NewReader(bytes.NewReader(a.Body))
		if err != nil {
			t.Fatal(err)
		}
		pads[in.Comment] = true
	}
	if len(pads) < 3 || pads[""] {
		t.Errorf("five answers are padded by %v", pads)
	}
	found := o.Call(t, http.MethodPost, "/v1/cases/search", map[string]any{"name": "Siti Aminah"}, "Accept-Encoding", "gzip")
	if found.Status != http.StatusOK || len(found.Body) < 2048 || found.Header.Get("Content-Encoding") != "" {
		t.Errorf("search: %d, %d bytes, encoding %q", found.Status, len(found.Body), found.Header.Get("Content-Encoding"))
	}
}

func TestAHeadIsARead(t *testing.T) {
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3204")
	c := o.Open(t, "3204", 1, "Siti Aminah")
	server := httptest.NewServer(b.Server)
	defer server.Close()
	for path, want := range map[string]int{"/healthz": 200, "/v1/cases": 200, "/v1/cases/" + c.ID: 200, "/v1/cases/none": 404,
		"/v1/offices": 200, "/v1/nothing": 404, "/v1/matchings": 405} {
		r, err := http.NewRequest(http.MethodHead, server.URL+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+o.Token)
		resp, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != want || len(body) != 0 {
			t.Errorf("HEAD %s: %d with %d bytes, want %d", path, resp.StatusCode, len(body), want)
		}
	}
	if seen := readAccess(t, b.Officer(t, authz.Auditor, ""), "case="+c.ID).Items; len(seen) != 2 || seen[0].Outcome != string(accesslog.Shown) {
		t.Errorf("on record are %+v, not the heads of the case and of the list", seen)
	}
}

// What the client has is not sent again. The reading is recorded all the same.
func TestWhatTheClientHasIsNotSentAgain(t *testing.T) {
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3204")
	c := o.Open(t, "3204", 1, "Siti Aminah")
	one := "/v1/cases/" + c.ID
	for _, path := range []string{one, one + "/history", "/v1/cases", "/v1/offices", "/v1/cases/counts"} {
		first := o.Call(t, http.MethodGet, path, nil)
		tag := first.Header.Get("ETag")
		if first.Status != http.StatusOK || tag == "" {
			t.Errorf("%s: %d with tag %q", path, first.Status, tag)
		}
		for had, want := range map[string]int{tag: 304, "W/" + strings.TrimPrefix(tag, "W/"): 304, `"x", ` + tag: 304,
			`"x"`: 200, strings.TrimSuffix(tag, `"`): 200, "*": 200} {
			a := o.Call(t, http.MethodGet, path, nil, "If-None-Match", had)
			if a.Status != want || (want == 304) != (len(a.Body) == 0) || a.Header.Get("ETag") != tag {
				t.Errorf("%s with %s: %d, %d bytes, tag %q, want %d", path, had, a.Status, len(a.Body), a.Header.Get("ETag"), want)
			}
		}
	}
	tags := map[string]string{}
	for _, path := range []string{one, "/v1/cases"} {
		tags[path] = o.Call(t, http.MethodGet, path, nil).Header.Get("ETag")
	}
	if a := o.Change(t, &c, "/notes", map[string]any{"text": "Menelepon"}); a.Status != http.StatusCreated {
		t.Fatalf("note: %d %s", a.Status, a.Body)
	}
	for path, tag := range tags {
		if a := o.Call(t, http.MethodGet, path, nil, "If-None-Match", tag); a.Status != http.StatusOK || len(a.Body) == 0 {
			t.Errorf("%s after a change: %d with %d bytes", path, a.Status, len(a.Body))
		}
	}
	stranger := b.Officer(t, authz.CaseWorker, "3205")
	if a := stranger.Call(t, http.MethodGet, one, nil, "If-None-Match", `"2"`); a.Status != http.StatusNotFound {
		t.Errorf("an officer of elsewhere asks with the tag of a case: %d", a.Status)
	}
	auditor := b.Officer(t, authz.Auditor, "")
	before := len(readAccess(t, auditor, "case="+c.ID).Items)
	o.Call(t, http.MethodGet, one, nil, "If-None-Match", `"2"`)
	if after := len(readAccess(t, auditor, "case="+c.ID).Items); after != before+1 {
		t.Errorf("an unchanged answer left %d records", after-before)
	}
}

// What changes with the day is never told to be unchanged by its version.
func TestAnAnswerOfTheDayIsSentAgain(t *testing.T) {
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3204")
	c := o.Open(t, "3204", 1, "Siti Aminah")
	path := "/v1/cases/" + c.ID + "/claims"
	tag := o.Call(t, http.MethodGet, path, nil).Header.Get("ETag")
	if a := o.Call(t, http.MethodGet, path, nil, "If-None-Match", tag); tag == "" || a.Status != http.StatusOK {
		t.Errorf("tag %q: %d", tag, a.Status)
	}
}

// A case can be read without its history, or with its end only.
func TestACaseWithItsNewestEntries(t *testing.T) {
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3204")
	c := o.Open(t, "3204", 1, "Siti Aminah")
	for _, text := range []string{"satu", "dua"} {
		if a := o.Change(t, &c, "/notes", map[string]any{"text": text}); a.Status != http.StatusCreated {
			t.Fatalf("note: %d %s", a.Status, a.Body)
		}
	}
	for query, want := range map[string][]int{"": {1, 2, 3}, "?entries=0": {}, "?entries=1": {3}, "?entries=3": {1, 2, 3},
		"?entries=4": {1, 2, 3}} {
		var file struct {
			Worker  struct{ Name string }
			History []struct{ Seq int }
		}
		o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+query, nil).JSON(t, &file)
		got := []int{}
		for _, e := range file.History {
			got = append(got, e.Seq)
		}
		if !slices.Equal(got, want) || file.Worker.Name != "Siti Aminah" {
			t.Errorf("%q: entries %v of %q, want %v", query, got, file.Worker.Name, want)
		}
	}
	if a := o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"?entries=-1", nil); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("entries=-1: %d", a.Status)
	}
}

// A page of another origin reads an answer only where the settings name that origin.
func TestOtherOriginsAreNamed(t *testing.T) {
	const named = "https://dasbor.example.go.id"
	open, closed := apitest.With(t, apitest.Setup{Origins: []string{named}}), apitest.New(t)
	ask := func(b *apitest.Bundle, method, origin string) apitest.Answer {
		r := httptest.NewRequest(method, "/v1/cases", http.NoBody)
		r.Header.Set("Origin", origin)
		if method == http.MethodOptions {
			r.Header.Set("Access-Control-Request-Method", http.MethodPatch)
			r.Header.Set("Access-Control-Request-Headers", "authorization,if-match,idempotency-key")
		}
		return b.Do(r)
	}
	if a := ask(open, http.MethodOptions, named); a.Status != http.StatusNoContent ||
		a.Header.Get("Access-Control-Allow-Origin") != named ||
		!strings.Contains(a.Header.Get("Access-Control-Allow-Headers"), "Idempotency-Key") ||
		!strings.Contains(a.Header.Get("Access-Control-Allow-Methods"), http.MethodPatch) {
		t.Errorf("the named origin asks: %d %v", a.Status, a.Header)
	}
	if a := ask(open, http.MethodGet, named); a.Header.Get("Access-Control-Allow-Origin") != named ||
		!strings.Contains(a.Header.Get("Access-Control-Expose-Headers"), "ETag") {
		t.Errorf("the named origin reads: %v", a.Header)
	}
	for _, origin := range []string{"https://lain.example", named + ".lain.example", "null", "http://dasbor.example.go.id"} {
		for _, method := range []string{http.MethodOptions, http.MethodGet} {
			if a := ask(open, method, origin); a.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s by %s: %v", method, origin, a.Header)
			}
		}
	}
	if a := ask(closed, http.MethodGet, named); a.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("without a setting: %v", a.Header)
	}
}
