package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// patience bounds what a test waits for.
const patience = 60 * time.Second

// ending runs a command that has to end by itself, and gives what it said and how it ended.
func ending(t *testing.T, env []string, args ...string) (out, errs string, code int) {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), env...)
	var o, e bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &e
	if err := cmd.Run(); ctx.Err() != nil {
		t.Fatalf("tanggap %s does not end: %v\n%s%s", strings.Join(args, " "), err, o.String(), e.String())
	}
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

// reachable is a folder that the account of PostgreSQL can pass.
func reachable(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "tg")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// Settings that speak of two databases, or of none, are refused, and no private one is begun for them.
func TestNoOtherDatabaseIsTaken(t *testing.T) {
	t.Parallel()
	full, other := storetest.New(t), storetest.NewEmpty(t)
	folder := filepath.Join(reachable(t), "d")
	keys := "TANGGAP_KEYS=" + filepath.Join(t.TempDir(), "keys.json")
	app, owner := "TANGGAP_DATABASE_URL="+full.AppDSN, "TANGGAP_OWNER_DATABASE_URL="+full.AdminDSN
	for _, c := range []struct {
		command string
		env     []string
		says    string // "" where it has to work
	}{
		{"migrate", []string{owner}, "TANGGAP_DATABASE_URL is missing"},
		{"migrate", []string{app, keys}, "TANGGAP_OWNER_DATABASE_URL is missing"},
		{"migrate", []string{app, keys, "TANGGAP_OWNER_DATABASE_URL=" + other.AdminDSN}, "different databases"},
		{"migrate", []string{app, keys, owner}, ""},
		{"serve", []string{owner}, "TANGGAP_DATABASE_URL is missing"},
		{"serve --migrate", []string{app, keys}, "TANGGAP_OWNER_DATABASE_URL is missing"},
		{"serve --demo", []string{app, keys}, "TANGGAP_OWNER_DATABASE_URL is missing"},
		{"demo", []string{app, keys}, "TANGGAP_OWNER_DATABASE_URL is missing"},
		{"demo", []string{owner}, "TANGGAP_DATABASE_URL is missing"},
		{"verify", []string{owner}, "TANGGAP_DATABASE_URL is missing"},
		{"officer password a@contoh.go.id", []string{owner}, "TANGGAP_DATABASE_URL is missing"},
		{"simulate --stored", []string{owner}, "TANGGAP_DATABASE_URL is missing"},
		{"doctor", []string{owner}, "TANGGAP_DATABASE_URL is missing"},
		{"verify", nil, "there is no database in " + folder},
		{"officer password a@contoh.go.id", nil, "there is no database in " + folder},
	} {
		env := append([]string{"TANGGAP_DATA_DIR=" + folder, "TANGGAP_LISTEN=" + free(t)}, c.env...)
		out, errs, code := ending(t, env, strings.Fields(c.command)...)
		if said := out + errs; !strings.Contains(said, c.says) || (code == 0) != (c.says == "") {
			t.Errorf("%s with %d addresses: %d %s", c.command, len(c.env), code, said)
		}
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("a private database was begun: %v", err)
	}
	if n := query[int](t, other, "select count(*) from pg_class where relnamespace = 'public'::regnamespace"); n != 0 {
		t.Errorf("the other database was migrated: %d relations", n)
	}
}

func TestSettingsOfServeAreChecked(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	folder := filepath.Join(reachable(t), "d")
	for flag, says := range map[string]string{
		"--listen=99999":                     "is not an address such as",
		"--listen=127.0.0.1:99999":           "is not an address such as",
		"--listen=" + taken.Addr().String():  taken.Addr().String() + " is in use (is another Tanggap running?",
		"--listen=192.0.2.1:8080":            "choose another address with --listen",
		"--workers=-1":                       "--workers=-1",
		"--connections=0":                    "--connections=0",
		"--connections=-4":                   "--connections=-4",
		"--patience=0s":                      "--patience=0s",
		"--patience=-1m":                     "--patience=-1m",
		"--owner-database-url=postgres://x@": "TANGGAP_DATABASE_URL is missing",
	} {
		args := []string{"serve", "--data-dir", folder, flag}
		if !strings.HasPrefix(flag, "--listen") {
			args = append(args, "--listen="+free(t))
		}
		out, errs, code := ending(t, nil, args...)
		if code == 0 || !strings.Contains(errs, says) || strings.Contains(out, "ready") {
			t.Errorf("%s: %d %s%s", flag, code, out, errs)
		}
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("a database was begun all the same: %v", err)
	}
}

// A keyset that cannot be read does not come back with the database: it is nothing to wait for.
func TestServeDoesNotWaitForFiles(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	env := []string{"TANGGAP_DATABASE_URL=" + storetest.New(t).AppDSN, "TANGGAP_KEYS=" + folder, "TANGGAP_LISTEN=" +
		free(t)}
	if out, errs, code := ending(t, env, "serve"); code == 0 || !strings.Contains(errs, folder) {
		t.Errorf("%d %s%s", code, out, errs)
	}
}

// answer is what one path of a starting server says.
func (p *process) answer(path string) (status int, body, after string) {
	p.t.Helper()
	resp, err := web.Get("http://" + p.address + path)
	if err != nil {
		return 0, err.Error(), ""
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.StatusCode, string(text), resp.Header.Get("Retry-After")
}

// until waits for a condition.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	untilAtMost(t, patience, what, done)
}

func untilAtMost(t *testing.T, most time.Duration, what string, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), most)
	defer cancel()
	for !done() {
		select {
		case <-ctx.Done():
			t.Fatal("waited in vain: " + what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// A database that is away when the server starts is waited for: the port is open, and /readyz says why nothing is
// served.
func TestServeWaitsForItsDatabase(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	socket := regexp.MustCompile(`host='([^']+)'`).FindStringSubmatch(db.AppDSN)
	folder := t.TempDir()
	away := filepath.Join(folder, "s")
	p := &process{t: t, address: free(t)}
	p.env = append(os.Environ(), "TANGGAP_DATABASE_URL="+strings.Replace(db.AppDSN, socket[1], away, 1), "TANGGAP_LISTEN="+
		p.address, "TANGGAP_KEYS="+filepath.Join(folder, "keys.json"))
	p.cmd = p.command("serve")
	var errs bytes.Buffer
	p.cmd.Stderr = &errs
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	until(t, "the port opens and tells what it waits for", func() bool {
		status, body, _ := p.answer("/readyz")
		return status == http.StatusServiceUnavailable && strings.Contains(body, "cannot be reached")
	})
	if status, _, _ := p.answer("/healthz"); status != http.StatusOK {
		t.Errorf("not alive: %d", status)
	}
	if status, body, after := p.answer("/v1/cases"); status != http.StatusServiceUnavailable ||
		!strings.Contains(body, `"starting"`) || after == "" {
		t.Errorf("%d %s %q", status, body, after)
	}
	if err := os.Symlink(socket[1], away); err != nil {
		t.Fatal(err)
	}
	p.await(patience)
	if status, _, _ := p.answer("/v1/cases"); status != http.StatusUnauthorized {
		t.Errorf("it does not serve: %d", status)
	}
	_ = p.cmd.Process.Signal(os.Interrupt)
	if err := p.cmd.Wait(); err != nil {
		t.Error(err)
	}
	for line := range strings.Lines(errs.String()) {
		if !json.Valid([]byte(line)) {
			t.Errorf("no record: %s", line)
		}
	}
	if n := strings.Count(errs.String(), "waiting for it"); n != 1 {
		t.Errorf("told %d times that it waits", n)
	}
	for _, want := range []string{`"check":"durability"`, `"database":"` + db.Name, `"keys":"` + folder} {
		if !strings.Contains(errs.String(), want) {
			t.Errorf("the log does not say %s: %s", want, errs.String())
		}
	}
}

// A server that is told to stop while it waits ends at once, as asked.
func TestServeStopsWhileItWaits(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	p := &process{t: t, address: free(t)}
	p.env = append(os.Environ(), "TANGGAP_DATABASE_URL=postgres://tanggap_app@127.0.0.1:1/x", "TANGGAP_LISTEN="+p.address,
		"TANGGAP_KEYS="+filepath.Join(folder, "keys.json"))
	p.cmd = p.command("serve")
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	until(t, "it waits", func() bool {
		status, _,
			_ := p.answer("/readyz")
		return status == http.StatusServiceUnavailable
	})
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	if err := p.cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// What the security or the upgrade rests on is looked at before anybody is served.
func TestUnsafeDatabasesAreNotServed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ sql, dsn, says string }{
		"newer schema": {"insert into goose_db_version (version_id, is_applied) values (99, true)", "",
			"the database is newer than this program: schema 99"},
		"older schema":     {"delete from goose_db_version where version_id = 16", "", "run `tanggap migrate`"},
		"row security off": {"alter table cases disable row level security", "", "row security cases is missing"},
		"history opened":   {"grant delete on case_history to tanggap_app", "", "case_history to tanggap_app"},
		"no deadline":      {"select", " statement_timeout=0", "deadlines: statement_timeout=0"},
		"no such role":     {"select", " user=nobody_here", "nobody_here"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := storetest.New(t)
			if _, err := db.Admin(t).Exec(t.Context(), c.sql); err != nil {
				t.Fatal(err)
			}
			env := []string{"TANGGAP_DATABASE_URL=" + db.AppDSN + c.dsn, "TANGGAP_KEYS=" + filepath.Join(t.TempDir(),
				"keys.json"), "TANGGAP_LISTEN=" + free(t)}
			out, errs, code := ending(t, env, "serve")
			if code == 0 || !strings.Contains(errs, c.says) {
				t.Errorf("serve: %d %s%s", code, out, errs)
			}
			out, errs, code = ending(t, env, "doctor")
			if code == 0 || !strings.Contains(out, c.says[strings.LastIndex(c.says, ": ")+1:]) ||
				!strings.Contains(out, "FAILED") {
				t.Errorf("doctor: %d %s%s", code, out, errs)
			}
		})
	}
}

// The program as it is shipped accepts nothing: a server that promises nothing after a crash is refused.
func TestShippedProgramWantsDurability(t *testing.T) {
	t.Parallel()
	if accepted != "" {
		t.Fatalf("a plain build accepts %q", accepted)
	}
	r := &reached{app: storetest.New(t).AppDSN}
	err := r.inspect(t.Context(), func(f store.Finding) { t.Log(f) })
	if err == nil || !strings.Contains(err.Error(), "durability: fsync=off") {
		t.Errorf("got %v", err)
	}
}

func TestProgressIsShown(t *testing.T) {
	t.Parallel()
	s := &stage{log: slog.New(slog.DiscardHandler)}
	if s.String() == "" {
		t.Error("nothing is said at first")
	}
	s.enter("migrations")
	if s.String() != "migrations" {
		t.Error(s.String())
	}
	n := 0
	s.follow(func() string { n++; return fmt.Sprintf("publishing %d of 9", n) })
	if s.String() != "publishing 1 of 9" || s.String() != "publishing 2 of 9" {
		t.Error("progress stands still")
	}
}
