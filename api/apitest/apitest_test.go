package apitest_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// What the tests of the API rest on: an officer has the role in their regions and nothing else, and two programs know
// nothing of each other.
func TestAnOfficerHasTheRoleInTheirRegions(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	bandung := b.Officer(t, authz.CaseWorker, "3273")
	c := bandung.Open(t, "3273", 1, "Siti Aminah")
	if c.Region != "3273" || c.Stage != "intake" || c.Version != 1 {
		t.Fatalf("opened %+v", c)
	}
	for name, who := range map[string]struct {
		officer *apitest.Officer
		want    int
	}{
		"the same office":     {b.Officer(t, authz.CaseWorker, "3273"), http.StatusOK},
		"the province":        {b.Officer(t, authz.Supervisor, "32"), http.StatusOK},
		"the nation":          {b.Officer(t, authz.Supervisor, ""), http.StatusOK},
		"several regions":     {b.Officer(t, authz.CaseWorker, "3578", "3273"), http.StatusOK},
		"another office":      {b.Officer(t, authz.CaseWorker, "3204"), http.StatusNotFound},
		"another province":    {b.Officer(t, authz.Supervisor, "35"), http.StatusNotFound},
		"no region":           {b.Officer(t, authz.CaseWorker), http.StatusForbidden},
		"no right to a case":  {b.Officer(t, authz.Analyst, "3273"), http.StatusForbidden},
		"an office elsewhere": {apitest.New(t).Officer(t, authz.CaseWorker, "3273"), http.StatusNotFound},
	} {
		if a := who.officer.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil); a.Status != who.want {
			t.Errorf("%s: %d %s, want %d", name, a.Status, a.Code(), who.want)
		}
	}
}

// A request without a session is nobody's, whatever else it carries, and so is a token that was never given.
func TestNobodyIsNotSignedIn(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	for _, token := range []string{"", "Bearer ", "Bearer x", "Basic eDp4"} {
		r := httptest.NewRequest(http.MethodGet, "/v1/session", nil)
		if token != "" {
			r.Header.Set("Authorization", token)
		}
		if a := b.Do(r); a.Status != http.StatusUnauthorized {
			t.Errorf("%q: %d %s", token, a.Status, a.Code())
		}
	}
}

// The keys of a Call are its own unless they are given: the same work twice is done twice, with the same key once.
func TestACallHasAKeyOfItsOwn(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	body := map[string]any{"region": "3273", "terminated_on": "2026-10-01", "worker": apitest.Worker("3273", 1,
		"Siti Aminah")}
	first := o.Call(t, http.MethodPost, "/v1/cases", body, "Idempotency-Key", "one")
	again := o.Call(t, http.MethodPost, "/v1/cases", body, "Idempotency-Key", "one")
	if first.Status != http.StatusCreated || string(again.Body) != string(first.Body) {
		t.Errorf("once: %d %s, again: %d %s", first.Status, first.Body, again.Status, again.Body)
	}
	if a := o.Call(t, http.MethodPost, "/v1/cases", body); a.Code() != "case.already_registered" {
		t.Errorf("under another key: %d %s", a.Status, a.Code())
	}
}

// Change goes on from the version that the case has; what is refused leaves the case as it was read.
func TestAChangeKeepsTheVersion(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti Aminah")
	if a := o.Change(t, &c, "/transitions", map[string]any{"to": "training"}); a.Status != http.StatusOK ||
		c.Version != 2 || c.Stage != "training" {
		t.Fatalf("%d %s: %+v", a.Status, a.Body, c)
	}
	if a := o.Change(t, &c, "/transitions", map[string]any{"to": "closed"}); a.Status < http.StatusBadRequest ||
		c.Version != 2 {
		t.Errorf("closed without an outcome: %d, version %d", a.Status, c.Version)
	}
	stale := c
	stale.Version = 1
	if a := o.Change(t, &stale, "/notes", map[string]any{"text": "catatan"}); a.Code() != "case.stale" ||
		stale.Version != 1 {
		t.Errorf("stale: %s, version %d", a.Code(), stale.Version)
	}
}

// Confirm goes on under a new token, and the old one is nobody's any more.
func TestAConfirmedOfficerHasANewToken(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	before := *o
	o.Confirm(t)
	if a := o.Call(t, http.MethodGet, "/v1/session", nil); o.Token == before.Token || a.Status != http.StatusOK {
		t.Errorf("the new token: %d", a.Status)
	}
	if a := before.Call(t, http.MethodGet, "/v1/session", nil); a.Status != http.StatusUnauthorized {
		t.Errorf("the old token: %d", a.Status)
	}
}

// Listen serves over a socket what Do asks for within the process.
func TestListenServesTheSame(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+b.Listen(t)+"/openapi.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	within := b.Do(httptest.NewRequest(http.MethodGet, "/openapi.yaml", nil))
	if answer.StatusCode != http.StatusOK || within.Status != http.StatusOK ||
		answer.Header.Get("ETag") != within.Header.Get("ETag") {
		t.Errorf("over the socket %d, within %d", answer.StatusCode, within.Status)
	}
	if tree := apitest.Tree(t); len(tree.Children(region.Code("32"))) == 0 {
		t.Error("the tree has no regencies")
	}
}
