package api_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"gopkg.in/yaml.v3"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/authz/authztest"
)

// promise is an operation the description, with the statuses that it promises.
type promise struct {
	ID        string `yaml:"operationId"`
	Responses map[string]yaml.Node
	Parameter []struct{ Name, In string } `yaml:"parameters"`
	Body      yaml.Node                   `yaml:"requestBody"`
	Right     string                      `yaml:"x-right"`
	method    string
	path      string
}

func (o *promise) promises(status int) bool {
	_, said := o.Responses[strconv.Itoa(status)]
	return said
}

// takesSession tells whether the operation is for officers who are signed in.
func (o *promise) takesSession() bool { return o.promises(http.StatusUnauthorized) && o.Right != "" }

func (o *promise) takes(header string) bool {
	return slices.ContainsFunc(o.Parameter, func(p struct{ Name, In string }) bool { return p.Name == header })
}

// operations reads the operations of the committed description.
func operations() (list []*promise, err error) {
	text, err := os.ReadFile("openapi.yaml")
	if err != nil {
		return nil, err
	}
	var spec struct {
		Paths map[string]map[string]*promise
	}
	if err := yaml.Unmarshal(text, &spec); err != nil {
		return nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	for path, methods := range spec.Paths {
		for method, o := range methods {
			o.method, o.path = strings.ToUpper(method), path
			list = append(list, o)
		}
	}
	return list, nil
}

// matching is the operation of a request: of several paths the one with most that is no parameter, as the router has
// it.
func matching(list []*promise, method, path string) (best *promise) {
	most := -1
	for _, o := range list {
		if n := fits(o.path, path); o.method == method && n > most {
			best, most = o, n
		}
	}
	return best
}

// fits counts the steps of a path that are written out; -1 when it is another path.
func fits(template, path string) (n int) {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return -1
	}
	for i, step := range want {
		switch {
		case step == got[i]:
			n++
		case !strings.HasPrefix(step, "{"):
			return -1
		}
	}
	return n
}

// byNature are the statuses that no test of an operation brings about, each with the reason.
var byNature = map[int]string{
	http.StatusInternalServerError: "a fault of ours, of which none is known",
}

// answeredAsDescribed holds what all tests of this package were answered to what the description promises.
func answeredAsDescribed() error {
	list, err := operations()
	if err != nil {
		return err
	}
	seen, wrong := map[*promise]map[int]bool{}, map[string]bool{}
	for a := range apitest.Answers() {
		o := matching(list, a.Method, a.Path)
		if o == nil {
			continue
		}
		if seen[o] == nil {
			seen[o] = map[int]bool{}
		}
		seen[o][a.Status] = true
		if !o.promises(a.Status) {
			wrong[fmt.Sprintf("%s answers %d, which is not described", o.ID, a.Status)] = true
		}
	}
	if whole() {
		for _, o := range list {
			for text := range o.Responses {
				status, _ := strconv.Atoi(text) // of "default", which is none, nothing is seen
				if byNature[status] == "" && !seen[o][status] {
					wrong[fmt.Sprintf("%s is described with %s, which no test was answered", o.ID, text)] = true
				}
			}
		}
	}
	all := make([]string, 0, len(wrong))
	for text := range wrong {
		all = append(all, text)
	}
	slices.Sort(all)
	if len(all) == 0 {
		return nil
	}
	return errors.New(strings.Join(all, "\n"))
}

// whole tells whether it is asked which promises no test saw kept, of all tests of the package: one that is run alone,
// also by another one in a process of its own, sees little.
//
//	TANGGAP_STATUSES=1 go test ./api
func whole() bool {
	if os.Getenv("TANGGAP_STATUSES") == "" {
		return false
	}
	for _, narrowed := range []string{"test.run", "test.skip", "test.list", "test.bench"} {
		if f := flag.Lookup(narrowed); f != nil && f.Value.String() != "" {
			return false
		}
	}
	return true
}

// knocker makes the requests of every operation that the edge refuses, and some that a handler does.
type knocker struct {
	*apitest.Bundle
	officer, nobody *apitest.Officer
	there           map[string]string // the id of something that is there, by the first step of its path
}

// settle puts something there of each kind that is made by one request.
func (k *knocker) settle(t *testing.T) {
	t.Helper()
	var made struct {
		ID    string
		Items []struct{ ID string }
	}
	k.Officer(t, authz.CaseWorker, "3204") // who may answer a referral
	k.there = map[string]string{"cases": k.officer.Open(t, "3273", 1, "Siti").ID, "officers": k.nobody.ID.String()}
	for kind, body := range map[string]string{
		"layoffs": `{"employer":{"name":"PT Maju","region":"3273"}}`,
		"vacancies": `{"source":"karirhub","items":[{"region":"3273","employer":"PT Maju","title":"Penjahit",
			"occupation":"7531","openings":1}]}`,
		"referrals": `{"kind":"service","to":"3204","service":"training"}`,
	} {
		path, headers := "/v1/"+kind, []string(nil)
		if kind == "referrals" {
			path, headers = "/v1/cases/"+k.there["cases"]+"/referrals", []string{"If-Match", rest.ETag(1)}
		}
		a := k.officer.Call(t, http.MethodPost, path, json.RawMessage(body), headers...)
		if a.JSON(t, &made); a.Status >= http.StatusMultipleChoices {
			t.Fatalf("%s: %d %s", path, a.Status, a.Body)
		}
		if k.there[kind] = made.ID; kind == "vacancies" {
			k.there[kind] = made.Items[0].ID
		}
	}
	a := k.officer.Call(t, http.MethodGet, "/v1/referrals?direction=outgoing", nil)
	if a.JSON(t, &made); len(made.Items) != 1 {
		t.Fatalf("referrals: %s", a.Body)
	}
	k.there["referrals"] = made.Items[0].ID
}

// toWhatIsThere lets a request name what there is.
func (k *knocker) toWhatIsThere(r *http.Request) {
	steps := strings.Split(r.URL.Path, "/")
	if id := k.there[steps[2]]; id != "" && len(steps) > 3 {
		if _, err := uuid.Parse(steps[3]); err == nil {
			steps[3] = id
			r.URL.Path = strings.Join(steps, "/")
		}
	}
}

// spared reads twice: who has the answer already is not sent it again.
func (k *knocker) spared(t *testing.T, o *promise) {
	t.Helper()
	ask := func(r *http.Request) {
		k.toWhatIsThere(r)
		r.URL.RawQuery = strings.TrimPrefix(probes[o.ID].query, "?")
	}
	first := k.send(t, o, ask)
	if first.Status != http.StatusOK {
		return
	}
	tag := first.Header.Get("ETag")
	again := k.send(t, o, func(r *http.Request) { ask(r); r.Header.Set("If-None-Match", tag) })
	if tag == "" || again.Status != http.StatusNotModified || len(again.Body) > 0 {
		t.Errorf("%s with its own ETag %q: %d %s", o.ID, tag, again.Status, again.Body)
	}
}

// knock sends a request to an operation. Alter changes what is right about it.
func (k *knocker) knock(t *testing.T, o *promise, alter func(*http.Request)) int {
	t.Helper()
	return k.send(t, o, alter).Status
}

func (k *knocker) send(t *testing.T, o *promise, alter func(*http.Request)) apitest.Answer {
	t.Helper()
	path := strings.NewReplacer("{n}", "1", "{seq}", "1", "{report}", "funnel").Replace(o.path)
	path = placeInPath.ReplaceAllString(path, uuid.NewString())
	var body io.Reader
	if o.Body.Kind != 0 {
		body = bytes.NewReader(k.example(t, o))
	}
	r := httptest.NewRequest(o.method, path, body)
	if o.Body.Kind != 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Authorization", "Bearer "+k.officer.Token)
	if o.takes("Idempotency-Key") {
		r.Header.Set("Idempotency-Key", uuid.NewString())
	}
	if o.takes("If-Match") {
		r.Header.Set("If-Match", rest.ETag(999))
	}
	alter(r)
	a := k.Do(r)
	if !o.promises(a.Status) {
		t.Errorf("%s answers %d, which is not described: %s", o.ID, a.Status, a.Body)
	}
	return a
}

// example is the least that the body of an operation may be.
func (k *knocker) example(t *testing.T, o *promise) []byte {
	t.Helper()
	d, err := specification()
	if err != nil {
		t.Fatal(err)
	}
	media, has := d.Paths[o.path][strings.ToLower(o.method)].RequestBody.Content["application/json"]
	if !has {
		return []byte("{}")
	}
	text, err := json.Marshal(d.example("", media.Schema))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// slow is a body whose time is over.
type slow struct{}

func (slow) Read([]byte) (int, error) { return 0, os.ErrDeadlineExceeded }

// refusalsOfTheEdge are what is wrong with a request, by the status that it must have where the description promises
// it.
var refusalsOfTheEdge = map[int]func(*knocker, *http.Request){
	http.StatusBadRequest: func(_ *knocker, r *http.Request) {
		r.Header.Del("Idempotency-Key")
		r.URL.RawQuery = "a=%zz"
	},
	http.StatusUnauthorized: func(_ *knocker, r *http.Request) { r.Header.Del("Authorization") },
	http.StatusForbidden: func(k *knocker, r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+k.nobody.Token)
	},
	http.StatusUnprocessableEntity: func(_ *knocker, r *http.Request) { r.URL.RawQuery = "tidak_dikenal=1" },
	http.StatusRequestTimeout:      func(_ *knocker, r *http.Request) { r.Body = io.NopCloser(slow{}) },
	http.StatusUnsupportedMediaType: func(_ *knocker, r *http.Request) {
		r.Header.Set("Content-Type", "text/plain")
	},
	http.StatusRequestEntityTooLarge: func(_ *knocker, r *http.Request) {
		r.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"x":"`), bytes.NewReader(large)))
	},
	http.StatusPreconditionRequired: func(_ *knocker, r *http.Request) { r.Header.Del("If-Match") },
	http.StatusPreconditionFailed: func(k *knocker, r *http.Request) {
		k.toWhatIsThere(r)
	},
}

var large = bytes.Repeat([]byte("x"), 40<<20)

// What is wrong with the form of a request is refused by every operation alike, with the status that is described.
func TestEveryOperationRefusesAsDescribed(t *testing.T) {
	t.Parallel()
	b := apitest.With(t, apitest.Setup{Matrix: authztest.AllowAll()})
	k := &knocker{b, b.Officer(t, authz.Supervisor, ""), b.Officer(t, authz.Supervisor), nil}
	k.settle(t)
	list, err := operations()
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range list {
		k.knock(t, o, func(*http.Request) {})
		if strings.HasPrefix(o.ID, "session-") { // which may have ended it
			k.officer.SignIn(t)
		}
		if o.promises(http.StatusNotModified) {
			k.spared(t, o)
		}
		for status, alter := range refusalsOfTheEdge {
			if !o.promises(status) {
				continue
			}
			if got := k.knock(t, o, func(r *http.Request) { alter(k, r) }); got != status {
				t.Logf("%s answers %d, not %d", o.ID, got, status)
				if mechanical[status] {
					t.Errorf("%s answers %d, want %d", o.ID, got, status)
				}
			}
			if o.ID == "session-end" {
				k.officer.SignIn(t)
				k.nobody.SignIn(t)
			}
		}
	}
}

// mechanical are the statuses that hang on the form of a request alone.
var mechanical = map[int]bool{http.StatusBadRequest: true, http.StatusUnauthorized: true,
	http.StatusForbidden:             true,
	http.StatusRequestEntityTooLarge: true, http.StatusUnsupportedMediaType: true, http.StatusRequestTimeout: true,
	http.StatusUnprocessableEntity: true}

// While an officer has as much under way as one may have, every operation refuses more; and without its database none
// answers as if nothing were wrong.
func TestEveryOperationHasItsLimitAndItsEnd(t *testing.T) {
	t.Parallel()
	list, err := operations()
	if err != nil {
		t.Fatal(err)
	}
	limits := rest.DefaultLimits()
	limits.Officer.Requests = 1
	b := apitest.With(t, apitest.Setup{Matrix: authztest.AllowAll(), Limits: limits})
	k := &knocker{b, b.Officer(t, authz.Supervisor, ""), nil, nil}
	free := k.busy(t)
	for _, o := range list {
		if got := k.knock(t, o, func(*http.Request) {}); o.takesSession() && got != http.StatusTooManyRequests &&
			o.ID != "intake-events" { // streams have a limit of their own
			t.Errorf("%s beside another request: %d", o.ID, got)
		}
	}
	free()
	b = apitest.With(t, apitest.Setup{Matrix: authztest.AllowAll()})
	k = &knocker{b, b.Officer(t, authz.Supervisor, ""), nil, nil}
	b.Store.Close()
	for _, o := range list {
		if got := k.knock(t, o, func(*http.Request) {}); o.takesSession() && got != http.StatusServiceUnavailable {
			t.Errorf("%s without a database: %d", o.ID, got)
		}
	}
}

// pending is a body that does not come before it is let.
type pending struct {
	began, end chan struct{}
	once       sync.Once
}

func (w *pending) Read([]byte) (int, error) {
	w.once.Do(func() { close(w.began) })
	<-w.end
	return 0, io.EOF
}

// busy begins a request of the officer that does not end before it is let.
func (k *knocker) busy(t *testing.T) (free func()) {
	t.Helper()
	w := &pending{began: make(chan struct{}), end: make(chan struct{})}
	var group sync.WaitGroup
	group.Go(func() {
		r := httptest.NewRequest(http.MethodPost, "/v1/cases", w)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", "k")
		r.Header.Set("Authorization", "Bearer "+k.officer.Token)
		k.Do(r)
	})
	select {
	case <-w.began:
	case <-time.After(time.Minute):
		t.Fatal("the request is not read")
	}
	return func() { close(w.end); group.Wait() }
}
