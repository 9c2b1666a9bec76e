package api_test

import (
	"io"
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
)

// hold has a request under way until the returned function ends it: it waits for its body.
func hold(t *testing.T, address, method, path, token, kind string) (end func()) {
	t.Helper()
	l := dial(t, address)
	// The server asks for the body only once it has let the request in.
	if _, err := io.WriteString(l, send(method, path, token, kind, 100_000, "Expect", "100-continue")); err != nil {
		t.Fatal(err)
	}
	if a, err := l.hear(); err != nil || a.Status != http.StatusContinue {
		t.Fatalf("not let in: %d %s %v", a.Status, a.Body, err)
	}
	return func() { _ = l.Close() }
}

// refused tells that a request is one too many, and that it says when to come again.
func refused(t *testing.T, a apitest.Answer, code string) {
	t.Helper()
	if a.Status != http.StatusTooManyRequests || a.Code() != code {
		t.Errorf("answered %d %s, want %s", a.Status, a.Body, code)
	}
	if seconds, err := strconv.Atoi(a.Header.Get("Retry-After")); err != nil || seconds < 1 || seconds > 60 {
		t.Errorf("come again after %q", a.Header.Get("Retry-After"))
	}
}

// free waits until a place is given back.
func free(t *testing.T, what string, try func() int) {
	t.Helper()
	for end := time.Now().Add(patience); try() == http.StatusTooManyRequests; <-time.After(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: the place is not given back", what)
		}
	}
}

// What one officer, and what one address, may have under way has a limit. Others have theirs.
func TestWhatOneCallerHasUnderWayIsLimited(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		limits     rest.Limits
		path, kind string
		address    bool // counts all officers together
	}{
		"requests of an officer": {rest.Limits{Officer: rest.Share{Requests: 1}}, "/v1/cases", asJSON, false},
		"requests of an address": {rest.Limits{Address: rest.Share{Requests: 1}}, "/v1/cases", asJSON, true},
		"uploads of an officer":  {rest.Limits{Officer: rest.Share{Uploads: 1}}, "/v1/intakes", asForm, false},
		"uploads of an address":  {rest.Limits{Address: rest.Share{Uploads: 1}}, "/v1/intakes", asForm, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := apitest.With(t, apitest.Setup{Limits: c.limits})
			o, other := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.CaseWorker, "3273")
			address := b.Listen(t)
			ask := func(token string) apitest.Answer {
				a, err := dial(t, address).ask(send("POST", c.path, token, c.kind, 1) + "x")
				if err != nil {
					t.Fatal(err)
				}
				return a
			}
			end := hold(t, address, "POST", c.path, o.Token, c.kind)
			refused(t, ask(o.Token), "request.too_many")
			if got := ask(other.Token).Status; (got == http.StatusTooManyRequests) != c.address {
				t.Errorf("another officer: %d", got)
			}
			end()
			free(t, name, func() int { return ask(o.Token).Status })
		})
	}
}

// Who is not recognised yet shares the places of the address, and gives them back once they are.
func TestUnrecognisedRequestsOfAnAddressAreLimited(t *testing.T) {
	t.Parallel()
	b := apitest.With(t, apitest.Setup{Limits: rest.Limits{Anonymous: 1}})
	o := b.Officer(t, authz.CaseWorker, "3273")
	address := b.Listen(t)
	ask := func(request string) apitest.Answer {
		a, err := dial(t, address).ask(request)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	end := hold(t, address, "POST", "/v1/cases", o.Token, asJSON) // recognised: takes no place
	if a := ask(say("GET", "/openapi.json", "", "")); a.Status != http.StatusOK {
		t.Errorf("beside an officer: %d %s", a.Status, a.Body)
	}
	end()
	end = hold(t, address, "POST", "/v1/session", "", asJSON) // a sign-in whose body does not come
	for _, request := range []string{say("GET", "/openapi.json", "", ""), say("GET", "/v1/cases", o.Token, ""),
		say("POST", "/v1/session", "", `{}`), say("GET", "/v1/nothing", "", "")} {
		refused(t, ask(request), "request.too_many")
	}
	a := ask(say("GET", "/v1/cases", o.Token, "", "X-Forwarded-For", "203.0.113.7"))
	if a.Status != http.StatusOK {
		t.Errorf("another client of the proxy on this machine: %d %s", a.Status, a.Body)
	}
	if a := ask(say("GET", "/healthz", "", "")); a.Status != http.StatusOK {
		t.Errorf("alive: %d", a.Status)
	}
	end()
	free(t, "sign-in", func() int { return ask(say("GET", "/openapi.json", "", "")).Status })
}

// Streams have places of their own, which come back when nobody listens any more.
func TestStreamsOfAnOfficerAreLimited(t *testing.T) {
	t.Parallel()
	b := apitest.With(t, apitest.Setup{Limits: rest.Limits{Officer: rest.Share{Streams: 1}}})
	o, other := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.CaseWorker, "3273")
	id := upload(t, b, o, "clean_500.csv").ID
	back := "update intake set state = 'checking' where id = $1" // as before its rows were looked at
	if _, err := b.Database.Admin(t).Exec(t.Context(), back, id); err != nil {
		t.Fatal(err)
	}
	address := b.Listen(t)
	follow := func(token string) (*line, int) {
		l := dial(t, address)
		if _, err := io.WriteString(l, say("GET", "/v1/intakes/"+id+"/events", token, "")); err != nil {
			t.Fatal(err)
		}
		_ = l.SetReadDeadline(time.Now().Add(patience))
		resp, err := http.ReadResponse(l.in, nil)
		if err != nil {
			t.Fatal(err)
		}
		return l, resp.StatusCode
	}
	first, status := follow(o.Token)
	if status != http.StatusOK {
		t.Fatalf("the first stream: %d", status)
	}
	if _, status := follow(o.Token); status != http.StatusTooManyRequests {
		t.Errorf("the second stream: %d", status)
	}
	if _, status := follow(other.Token); status != http.StatusOK {
		t.Errorf("another officer: %d", status)
	}
	_ = first.Close()
	free(t, "stream", func() int { l, status := follow(o.Token); _ = l.Close(); return status })
}

// Whole files of workers, and guesses of their NIK, have a budget of a minute; lists have none, and every officer their
// own.
func TestWholeFilesHaveABudget(t *testing.T) {
	t.Parallel()
	b := apitest.With(t, apitest.Setup{Limits: rest.Limits{Officer: rest.Share{Files: 4}, Address: rest.Share{Files: 6}}})
	o, other := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	nik := map[string]string{"nik": "3273010101900001"}
	for _, path := range []string{"/v1/cases/" + c.ID, "/v1/cases/" + c.ID + "/history", "/v1/cases/" + uuid.NewString()} {
		if a := o.Call(t, http.MethodGet, path, nil); a.Status == http.StatusTooManyRequests {
			t.Fatalf("within the budget: %d %s", a.Status, a.Body)
		}
	}
	if a := o.Call(t, http.MethodPost, "/v1/cases/search", nik); a.Status != http.StatusOK {
		t.Fatalf("the last of the budget: %d %s", a.Status, a.Body)
	}
	refused(t, o.Call(t, http.MethodPost, "/v1/cases/search", nik), "request.too_often")
	refused(t, o.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil), "request.too_often")
	if a := o.Call(t, http.MethodGet, "/v1/cases", nil); a.Status != http.StatusOK {
		t.Errorf("a list: %d", a.Status)
	}
	if a := o.Call(t, http.MethodPost, "/v1/cases/search", map[string]string{"name": "siti"}); a.Status != http.StatusOK {
		t.Errorf("a name: %d", a.Status)
	}
	for range 2 {
		if a := other.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil); a.Status != http.StatusOK {
			t.Errorf("another officer: %d %s", a.Status, a.Body)
		}
	}
	refused(t, other.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil), "request.too_often") // of the address
}

// What meets a lock may come again: a read is told so in words of its own.
func TestReadThatMeetsALockMayComeAgain(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	conn := b.Database.Admin(t)
	if _, err := conn.Exec(t.Context(), "begin; lock table cases in access exclusive mode"); err != nil {
		t.Fatal(err)
	}
	a := o.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil)
	if a.Status != http.StatusServiceUnavailable || a.Code() != "database.busy" || a.Header.Get("Retry-After") == "" {
		t.Errorf("reading: %d %v %s", a.Status, a.Header, a.Body)
	}
	a = o.Change(t, &c, "/notes", map[string]string{"text": "x"})
	if a.Status != http.StatusServiceUnavailable || a.Code() != "request.concurrent" {
		t.Errorf("writing: %d %s", a.Status, a.Body)
	}
}

// The parts of an upload that are kept on disk while it is read hold NIKs: none stays behind.
func TestUploadsLeaveNoFilesBehind(t *testing.T) {
	folder := t.TempDir()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	t.Setenv("TMPDIR", folder)
	upload(t, b, o, "clean_500.csv")
	left, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left {
		t.Errorf("%s stays", f.Name())
	}
}
