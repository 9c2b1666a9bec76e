package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/vault"
)

// printed is what a process has printed so far.
type printed struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.Write(b)
}

func (p *printed) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.String()
}

// ends runs a command to its end and gives its status and what it printed.
func (p *process) ends(args ...string) (status int, out string) {
	p.t.Helper()
	cmd := p.command(args...)
	var said, told bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &told
	err := cmd.Run()
	out = said.String() + told.String()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode(), out
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return 0, out
}

// open opens a case over the API.
func (p *process) open(n int) (status int, answer map[string]any) {
	p.t.Helper()
	status, answer, err := p.post("/v1/cases", "", fmt.Sprintf("open-%d-%p", n, p), map[string]any{"region": "3273",
		"terminated_on": "2026-10-01", "worker": map[string]any{"name": "Warga", "nik": fmt.Sprintf("327301010190%04d", n)}})
	if err != nil {
		p.t.Fatal(err)
	}
	return status, answer
}

func (p *process) ready() (status int, text string) {
	resp, err := web.Get("http://" + p.address + "/readyz")
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	body, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body)
}

// with sets variables for the commands that follow.
func (p *process) with(env ...string) *process {
	q := *p
	q.env = append(append([]string(nil), p.env...), env...)
	return &q
}

// withCase is a server that has served, with one case, and is gone.
func withCase(t *testing.T) (*process, *storetest.Database, string) {
	t.Helper()
	p, db := newProcess(t)
	folder := t.TempDir()
	p.kill()
	p.env = append(p.env, "TANGGAP_CHECKPOINTS="+filepath.Join(folder, "out"), "TANGGAP_OWNER_DATABASE_URL="+db.AdminDSN)
	if status, out := p.ends("checkpoints", "adopt", "--reason", "uji"); status != 0 {
		t.Fatal(out)
	}
	p.start()
	if status, answer := p.open(1); status != http.StatusCreated {
		t.Fatal(status, answer)
	}
	published := func() bool {
		return query[bool](t, db, "select size > 0 and size = (select max(size) from log_checkpoint) from log_state")
	}
	until(t, "the case is published", published)
	return p, db, filepath.Join(folder, "out")
}

// No command opens a database that holds data with another keyset, or with none; and none makes a new one for it.
func TestAnotherKeysetIsRefusedByEveryCommand(t *testing.T) {
	t.Parallel()
	p, db, _ := withCase(t)
	p.kill()
	empty, other := t.TempDir(), filepath.Join(t.TempDir(), "other.json")
	if _, err := vault.Create(other); err != nil {
		t.Fatal(err)
	}
	commands := [][]string{{"serve"}, {"migrate"}, {"doctor"}, {"verify"}, {"demo"}, {"simulate", "--stored"},
		{"officer", "password", "a@contoh.go.id"},
		{"policy", "explain", "a@contoh.go.id", "case.read", "x"}, {"checkpoints", "adopt", "--reason", "x"}}
	for _, c := range []struct{ keys, says string }{
		{filepath.Join(empty, "keys.json"), "there is no keyset at"},
		{other, "this keyset is not the one that this database was made with"},
	} {
		q := p.with("TANGGAP_KEYS=" + c.keys)
		for _, args := range commands {
			want := 1
			if args[0] == "verify" {
				want = 2
			}
			if status, out := q.ends(args...); status != want || !strings.Contains(out, c.says) ||
				!strings.Contains(out, "TANGGAP_KEYS") {
				t.Errorf("%v with %s: status %d, %s", args, filepath.Base(c.keys), status, out)
			}
		}
	}
	if left, err := os.ReadDir(empty); err != nil || len(left) > 0 {
		t.Errorf("something was made at the wrong place: %v %v", left, err)
	}
	if status, out := p.ends("doctor"); status != 0 {
		t.Errorf("with its own keyset: %d %s", status, out)
	}
	// A database that was served before it knew its keyset.
	query[any](t, db, "with a as (delete from deployment_wrapping), b as (delete from deployment) select null")
	for _, args := range commands[:4] {
		if status, out := p.with("TANGGAP_KEYS=" + other).ends(args...); status == 0 ||
			!strings.Contains(out, "this keyset is not the one") {
			t.Errorf("%v on an older database: status %d, %s", args, status, out)
		}
	}
	if known := query[bool](t, db, "select exists (select from deployment)"); known {
		t.Error("a wrong keyset was adopted")
	}
	if status, out := p.ends("doctor"); status != 0 || !query[bool](t, db, "select exists (select from deployment)") {
		t.Errorf("its own is not adopted: %d %s", status, out)
	}
	if status, out := p.with("TANGGAP_KEYS="+other).ends("keys", "adopt", "--reason", "x"); status != 1 ||
		!strings.Contains(out, "1 of 1 stay closed") {
		t.Errorf("a keyset that opens nothing is adopted: %d %s", status, out)
	}
}

// A server starts neither without what it published, nor on what is damaged, nor on an older database beside a
// misleading name.
func TestMissingAndDamagedEvidenceIsRefused(t *testing.T) {
	t.Parallel()
	p, db, folder := withCase(t)
	p.kill()
	if status, out := p.ends("verify", "--lang", "en"); status != 0 ||
		!strings.HasPrefix(out, "OK: 1 entries of 1 cases (database, ") {
		t.Fatalf("%d %s", status, out)
	}
	const kept = "select result || ' ' || entries || ' ' || (checkpoints > 0) from log_check order by id desc limit 1"
	if got := query[string](t, db, kept); got != "proved 1 true" {
		t.Errorf("of the check is kept: %s", got)
	}
	days, err := filepath.Glob(filepath.Join(folder, "*.checkpoints"))
	if err != nil || len(days) != 1 {
		t.Fatal(days, err)
	}
	day, err := os.ReadFile(days[0])
	if err != nil {
		t.Fatal(err)
	}
	refused := func(name, says string) {
		t.Helper()
		if status, out := p.ends("serve"); status != 1 || !strings.Contains(out, says) {
			t.Errorf("%s: serve ends with %d, %s", name, status, out)
		}
		if status, out := p.ends("doctor"); status != 1 || !strings.Contains(out, says) {
			t.Errorf("%s: doctor ends with %d, %s", name, status, out)
		}
	}
	unproved := func(name, says string) {
		t.Helper()
		if status, out := p.ends("verify", "--lang", "en"); status != 2 || !strings.HasPrefix(out, "NOT PROVED: ") ||
			!strings.Contains(out, says) {
			t.Errorf("%s: verify ends with %d, %s", name, status, out)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.Rename(folder, folder+".away"))
	refused("gone", "lacks what this database published")
	must(os.Mkdir(folder, 0o700))
	refused("emptied", "`tanggap checkpoints adopt --reason …`")
	unproved("emptied", "lacks what this database published")
	if status, out := p.ends("verify", "--lang", "id"); status != 2 ||
		!strings.Contains(out, "tidak lagi memuat apa yang diterbitkan") {
		t.Errorf("in Indonesian: %d %s", status, out)
	}
	must(os.Remove(folder))
	must(os.Rename(folder+".away", folder))
	must(os.WriteFile(days[0], append(bytes.Clone(day), "garbage\n"...), 0o600))
	refused("damaged", "damaged")
	unproved("damaged", "damaged")
	must(os.WriteFile(days[0], day, 0o600))
	older := bytes.SplitAfter(day, []byte("\n\n"))[0]
	// cut off amid
	must(os.WriteFile(filepath.Join(folder, "2099-01-01.checkpoints"), day[:bytes.Index(day, older)+len(older)], 0o600))
	if status, out := p.ends("doctor"); status != 0 {
		t.Errorf("beside a file of another day: %d %s", status, out)
	}
	if _, err := db.Admin(t).Exec(t.Context(), `set session_replication_role = replica; delete from case_history; delete
		from cases; delete from log_leaf;
		update log_state set size = 0; delete from log_checkpoint where size > 0`); err != nil {
		t.Fatal(err)
	}
	refused("an older database", "contradicts the newest published checkpoint")
	if status, out := p.ends("verify", "--lang", "en"); status != 1 || !strings.HasPrefix(out, "CHANGED: ") {
		t.Errorf("an older database: verify ends with %d, %s", status, out)
	}
	if got := query[string](t, db, kept); !strings.HasPrefix(got, "changed ") {
		t.Errorf("of the check that found a change is kept: %s", got)
	}
}

// A server that is running and meets a disagreement stops writing, says so by name, logs it once, and goes on when it
// is mended.
func TestADisagreementWhileServing(t *testing.T) {
	t.Parallel()
	p, _, folder := withCase(t)
	p.kill()
	var log printed
	p.startLogging(&log)
	if err := os.Rename(folder, folder+".away"); err != nil {
		t.Fatal(err)
	}
	n := 1
	until(t, "writing stops", func() bool {
		n++
		status, answer := p.open(n)
		return status == http.StatusServiceUnavailable && answer["code"] == "history.contradicted"
	})
	if status, text := p.ready(); status != http.StatusServiceUnavailable ||
		!strings.Contains(text, `"checkpoints":"checkpoints.missing"`) {
		t.Errorf("not ready: %d %s", status, text)
	}
	until(t, "it is told", func() bool { return strings.Contains(log.String(), "nothing can be written") })
	if err := os.Rename(folder+".away", folder); err != nil {
		t.Fatal(err)
	}
	until(t, "it is ready again", func() bool { status, _ := p.ready(); return status == http.StatusOK })
	if status, answer := p.open(9999); status != http.StatusCreated {
		t.Errorf("afterwards: %d %v", status, answer)
	}
	until(t, "it is told", func() bool { return strings.Contains(log.String(), "writing goes on") })
	for _, line := range []string{"the log of histories is not published", "nothing can be written", "writing goes on",
		"the log of histories is published again"} {
		if n := strings.Count(log.String(), line); n != 1 {
			t.Errorf("%q is logged %d times: %s", line, n, log.String())
		}
	}
}

// A place that cannot be reached is named as such, once; when patience ends writing stops, and it goes on with the
// place.
func TestAnUnreachablePlaceStopsWritingAfterAWhile(t *testing.T) {
	t.Parallel()
	p, _, folder := withCase(t)
	p.kill()
	var log printed
	p.env = append(p.env, "TANGGAP_CHECKPOINT_PATIENCE=3s")
	p.startLogging(&log)
	if err := os.Rename(folder, folder+".away"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(folder, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	n := 1
	until(t, "writing stops", func() bool {
		n++
		status, answer := p.open(n)
		return status == http.StatusServiceUnavailable && answer["code"] == "history.unpublished"
	})
	if status, text := p.ready(); status != http.StatusServiceUnavailable ||
		!strings.Contains(text, `"checkpoints":"history.unpublished"`) ||
		!strings.Contains(text, `"unpublished_for":"`) {
		t.Errorf("not ready: %d %s", status, text)
	}
	until(t, "it is told", func() bool { return strings.Contains(log.String(), "checkpoints.unreachable") })
	if strings.Contains(log.String(), "database.unavailable") || strings.Count(log.String(),
		"the log of histories is not published") != 1 {
		t.Errorf("it says %s", log.String())
	}
	if err := errors.Join(os.Remove(folder), os.Rename(folder+".away", folder)); err != nil {
		t.Fatal(err)
	}
	until(t, "it is ready again", func() bool { status, _ := p.ready(); return status == http.StatusOK })
	if status, answer := p.open(9999); status != http.StatusCreated {
		t.Errorf("afterwards: %d %v", status, answer)
	}
}

// startLogging starts the server and keeps what it logs.
func (p *process) startLogging(log *printed) {
	p.t.Helper()
	p.cmd = p.command("serve")
	p.cmd.Stderr = log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(p.kill)
	p.await(20 * time.Second)
}
