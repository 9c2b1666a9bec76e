package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// kind is a kind of request, made anew for each time that it is sent.
type kind struct {
	name string
	text func() string
}

// kinds are all kinds of requests that an officer makes.
func kinds(o *apitest.Officer, c apitest.Case) []kind {
	form := part("employer_name", "PT") + part("employer_region", "3273") +
		part(`file"; filename="a.csv`, "nama,nik") + "--b--\r\n"
	key := func() string { return uuid.NewString() }
	return []kind{
		{"one case", func() string { return say("GET", "/v1/cases/"+c.ID, o.Token, "") }},
		{"list", func() string { return say("GET", "/v1/cases?limit=200", o.Token, "") }},
		{"note", func() string {
			return say("POST", "/v1/cases/"+c.ID+"/notes", o.Token, `{"text":"x"}`, "If-Match", `"1"`,
				"Idempotency-Key", key())
		}},
		{"opening", func() string { return say("POST", "/v1/cases", o.Token, opening(7000), "Idempotency-Key", key()) }},
		{"search", func() string { return say("POST", "/v1/cases/search", o.Token, `{"name":"siti"}`) }},
		{"sign-in", func() string {
			return say("POST", "/v1/session", "", fmt.Sprintf(`{"email":%q,"password":%q}`, o.Email, o.Password))
		}},
		{"unknown session", func() string {
			return say("POST", "/v1/cases", "unknown", opening(7001), "Idempotency-Key",
				key())
		}},
		{"export order", func() string {
			return say("POST", "/v1/exports", o.Token, `{"format":"csv"}`, "Idempotency-Key", key())
		}},
		{"export file", func() string { return say("GET", "/v1/exports/"+key()+"/file", o.Token, "") }},
		{"upload", func() string {
			return send("POST", "/v1/intakes", o.Token, asForm, len(form)) + form
		}},
		{"events", func() string { return say("GET", "/v1/intakes/"+key()+"/events", o.Token, "") }},
		{"results", func() string { return say("GET", "/v1/reports/funnel", o.Token, "") }},
	}
}

func opening(n int) string {
	text, _ := json.Marshal(map[string]any{"region": "3273", "terminated_on": "2026-10-01",
		"worker": apitest.Worker("3273", n, "Siti")})
	return string(text)
}

// book is a log that can be read while it is written.
type book struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *book) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *book) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func (b *book) blamesNoClient(t *testing.T) {
	t.Helper()
	for _, wrong := range []string{"client went away", "context canceled", `"party":"client"`} {
		if text := b.String(); strings.Contains(text, wrong) {
			t.Errorf("the log says that clients left:\n%s", text)
		}
	}
}

// frozen starts a program whose database can be stopped.
func frozen(t *testing.T) (*apitest.Bundle, *storetest.Own, *book) {
	t.Helper()
	own, log := storetest.NewOwn(t), &book{}
	return apitest.With(t, apitest.Setup{Database: own.Database, Log: slog.NewJSONHandler(log, nil)}), own, log
}

// A database that hangs keeps none of its own limits. Every kind of request ends by ours, says that it may be repeated,
// and leaves its connection as it was.
func TestStoppedDatabaseEndsEveryKindOfRequest(t *testing.T) {
	t.Parallel()
	b, own, log := frozen(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	address := b.Listen(t)
	all := kinds(o, c)
	lines := make([]*line, len(all))
	for i := range all {
		lines[i] = dial(t, address)
		if a, err := lines[i].ask(say("GET", "/v1/session", o.Token, "")); err != nil || a.Status != http.StatusOK {
			t.Fatalf("before: %d %v", a.Status, err)
		}
	}
	thaw := own.Freeze(t)
	var wait sync.WaitGroup
	for i, k := range all {
		wait.Go(func() {
			began := time.Now()
			a, err := lines[i].ask(k.text())
			again := a.Status == http.StatusServiceUnavailable && a.Header.Get("Retry-After") != ""
			if err != nil || !again || a.Header.Get("Connection") != "" {
				t.Errorf("%s: %d %v %s %v", k.name, a.Status, a.Header, a.Body, err)
			}
			if took := time.Since(began); took > 8*time.Second { // 4.5 s, and what a busy machine adds
				t.Errorf("%s took %s", k.name, took)
			}
		})
	}
	wait.Wait()
	thaw()
	for i, k := range all {
		a, err := lines[i].ask(say("GET", "/v1/session", o.Token, ""))
		if err != nil || a.Status != http.StatusOK {
			t.Errorf("after %s: %d %s %v", k.name, a.Status, a.Body, err)
		}
	}
	log.blamesNoClient(t)
	if !strings.Contains(log.String(), `"party":"database"`) {
		t.Errorf("the log does not name the database:\n%s", log)
	}
}

// TestStoppedDatabaseLosesNothing stops the database for 8 seconds under clients that go on working.
func TestStoppedDatabaseLosesNothing(t *testing.T) {
	t.Parallel()
	stopFor(t, 8*time.Second)
}

// TestDatabaseStoppedForLongLosesNothing stops it for as long as an impatient operator takes to look.
func TestDatabaseStoppedForLongLosesNothing(t *testing.T) {
	t.Parallel()
	stopFor(t, 20*time.Second)
}

// worker is one client of the drill: it works on one connection until told to stop, and keeps what was acknowledged.
type worker struct {
	*line
	t        *testing.T
	index    int
	o        *apitest.Officer
	entering *apitest.Officer // signs in
	kept     []string         // ids of cases that were acknowledged
	later    bool             // an answer told to come again
}

func stopFor(t *testing.T, d time.Duration) {
	b, own, log := frozen(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	address := b.Listen(t)
	const clients = 20
	all := make([]*worker, clients)
	for i := range all {
		// Who signs in is one officer each: the attempts of an account are few.
		all[i] = &worker{line: dial(t, address), t: t, index: i, o: o, entering: b.Officer(t, authz.CaseWorker, "3273")}
		all[i].work(0)
	}
	over, stop := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	for _, w := range all {
		wait.Go(func() {
			for n := 1; over.Err() == nil; n++ {
				w.work(n)
			}
		})
	}
	thaw := own.Freeze(t)
	select {
	case <-time.After(d): // that is what is tried here
	case <-t.Context().Done():
	}
	thaw()
	stop()
	wait.Wait()
	refused := 0
	for _, w := range all {
		w.work(10_000)
		if w.later {
			refused++
		}
		for _, id := range w.kept {
			if a, err := w.ask(say("GET", "/v1/cases/"+id, o.Token, "")); err != nil || a.Status != http.StatusOK {
				t.Errorf("client %d: case %s was acknowledged, and is %d %v", w.index, id, a.Status, err)
			}
		}
	}
	if refused == 0 {
		t.Error("nobody met the stopped database")
	}
	log.blamesNoClient(t)
}

// work does one thing until it is done, however often it must come again for it.
func (w *worker) work(n int) {
	request := say("GET", "/v1/cases?limit=50", w.o.Token, "")
	want := http.StatusOK
	switch w.index % 3 {
	case 1:
		request = say("POST", "/v1/cases", w.o.Token, opening(w.index*100+n%97+1),
			"Idempotency-Key", fmt.Sprintf("%d-%d", w.index, n))
		want = http.StatusCreated
	case 2:
		request = say("POST", "/v1/session", "",
			fmt.Sprintf(`{"email":%q,"password":%q}`, w.entering.Email, w.entering.Password))
		want = http.StatusCreated
	}
	for end := time.Now().Add(2 * patience); time.Now().Before(end); {
		a, err := w.ask(request)
		switch {
		case err != nil:
			w.t.Errorf("client %d: its connection broke: %v", w.index, err)
			return
		case a.Status == want:
			if w.index%3 == 1 {
				var c apitest.Case
				_ = json.Unmarshal(a.Body, &c) // an answer without an id is found missing
				w.kept = append(w.kept, c.ID)
			}
			return
		case a.Status == http.StatusConflict && a.Code() == "case.already_registered":
			return // the worker of an earlier round
		case a.Status != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "":
			w.t.Errorf("client %d: %d %s", w.index, a.Status, a.Body)
			return
		}
		w.later = true
	}
	w.t.Errorf("client %d: nothing works any more", w.index)
}
