package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/password"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// TestMain lets the tests read what the program says, in English.
func TestMain(m *testing.M) {
	tongue = "en"
	if err := os.Setenv("TANGGAP_LANG", tongue); err != nil {
		panic(err)
	}
	storetest.Main(m)
}

// program is the binary as it is shipped, built once for all tests of this package, beside the test binary that the go
// tool removes with everything in its folder.
var program = sync.OnceValues(func() (string, error) {
	test, err := os.Executable()
	if err != nil {
		return "", err
	}
	path := filepath.Join(filepath.Dir(test), "tanggap")
	out, err := exec.Command("go", "build", "-ldflags", "-X main.accepted=durability", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w: %s", err, out)
	}
	return path, nil
})

// process is a running server that can be killed and started again on the same data.
type process struct {
	t       *testing.T
	address string
	env     []string
	cmd     *exec.Cmd
	Token   string
}

func newProcess(t *testing.T) (*process, *storetest.Database) {
	t.Helper()
	db := storetest.New(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, address: l.Addr().String()}
	_ = l.Close()
	p.env = append(os.Environ(), "TANGGAP_DATABASE_URL="+db.AppDSN, "TANGGAP_KEYS="+filepath.Join(t.TempDir(),
		"keys.json"), "TANGGAP_LISTEN="+p.address,
		"TANGGAP_SERVER=http://"+p.address)
	code := strings.TrimSpace(p.run("officer", "add", "a@contoh.go.id", "--name", "Uji", "--role", "supervisor"))
	p.start()
	p.env = append(p.env, "TANGGAP_PASSWORD="+password.Generate(), "TANGGAP_CODE="+code)
	p.run("set-password", "a@contoh.go.id")
	p.Token = strings.TrimSpace(p.run("sign-in", "a@contoh.go.id"))
	p.env = append(p.env, "TOKEN="+p.Token)
	return p, db
}

// lifetime bounds how long a program that a test starts may run, and what it does not end itself ends then.
const lifetime = 5 * time.Minute

// command is the program with arguments. It outlives neither its lifetime nor the test; what the test starts to end by
// itself in a Cleanup has the time for that.
func (p *process) command(args ...string) *exec.Cmd {
	p.t.Helper()
	path, err := program()
	if err != nil {
		p.t.Fatal(err)
	}
	return bound(p.t, p.env, path, args...)
}

// bound is a command that outlives neither its lifetime, nor the test, nor the process of the test.
func bound(t *testing.T, env []string, path string, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), lifetime)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env, cmd.WaitDelay, cmd.SysProcAttr = env, 10*time.Second, endWithParent()
	return cmd
}

// web asks the servers of the tests; no answer is waited for without end.
var web = &http.Client{Timeout: patience}

// run runs a command to its end and gives what it printed.
func (p *process) run(args ...string) string {
	p.t.Helper()
	var out, errs bytes.Buffer
	cmd := p.command(args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		p.t.Fatalf("tanggap %s: %v: %s%s", strings.Join(args, " "), err, out.String(), errs.String())
	}
	return out.String()
}

func (p *process) start() {
	p.t.Helper()
	p.cmd = p.command("serve")
	p.cmd.Stderr = p.t.Output()
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(p.kill)
	p.await(20 * time.Second)
}

// await waits until the server says that it is ready.
func (p *process) await(most time.Duration) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), most)
	defer cancel()
	for {
		if resp, err := web.Get("http://" + p.address + "/readyz"); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-ctx.Done():
			p.t.Fatal("the server does not come up")
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (p *process) kill() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Signal(syscall.SIGKILL)
		_ = p.cmd.Wait()
	}
}

// post makes a change; an error is a server that is gone.
func (p *process) post(path, version, key string, body any) (int, map[string]any, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return 0, nil, err
	}
	r, err := http.NewRequest(http.MethodPost, "http://"+p.address+path, bytes.NewReader(text))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Authorization", "Bearer "+p.Token)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", key)
	if version != "" {
		r.Header.Set("If-Match", version)
	}
	resp, err := web.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, nil, err
	}
	var out map[string]any
	return resp.StatusCode, out, json.Unmarshal(raw, &out)
}

func query[T any](t *testing.T, db *storetest.Database, sql string, args ...any) T {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db.AdminDSN)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	var out T
	if err := conn.QueryRow(t.Context(), sql, args...).Scan(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

// holds asks whether something is so by now.
func holds(t *testing.T, conn *pgx.Conn, sql string) (so bool) {
	t.Helper()
	if err := conn.QueryRow(t.Context(), sql).Scan(&so); err != nil {
		t.Fatal(err)
	}
	return so
}

// The server is killed in the middle of 200 transitions. No acknowledged one is lost, and when all are sent again with
// their keys, none is done twice.
func TestKilledAmidTransitions(t *testing.T) {
	t.Parallel()
	p, db := newProcess(t)
	const n = 200
	ids := make([]string, n)
	for i := range ids {
		status, c, err := p.post("/v1/cases", "", fmt.Sprintf("open-%d", i), map[string]any{"region": "3273",
			"terminated_on": "2026-10-01", "worker": map[string]any{"name": "Warga", "nik": fmt.Sprintf("327301010190%04d",
				i+1)}})
		if err != nil || status != http.StatusCreated {
			t.Fatalf("open: %d %v %v", status, c, err)
		}
		ids[i], _ = c["id"].(string)
	}
	move := func(i int) (int, map[string]any, error) {
		return p.post("/v1/cases/"+ids[i]+"/transitions", `"1"`, fmt.Sprintf("move-%d", i), map[string]any{"to": "training"})
	}
	var acknowledged [n]atomic.Bool
	var done atomic.Int32
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for i := worker; i < n; i += 8 {
				if status, _, err := move(i); err == nil && status == http.StatusOK {
					acknowledged[i].Store(true)
				}
				if done.Add(1) == n/3 {
					p.kill()
				}
			}
		})
	}
	group.Wait()
	lost, kept := 0, 0
	for i := range ids {
		moved := query[int](t, db, "select count(*) from case_history where case_id = $1 and kind = 'case.advanced'", ids[i])
		if acknowledged[i].Load() {
			kept++
			if moved != 1 {
				lost++
			}
		}
	}
	if lost > 0 || kept == 0 || kept == n {
		t.Fatalf("%d were acknowledged before the kill, %d of them are lost", kept, lost)
	}
	p.start()
	for i := range ids {
		if status, c, err := move(i); err != nil || status != http.StatusOK || c["version"] != float64(2) {
			t.Errorf("repeated transition of case %d: %d %v %v", i, status, c, err)
		}
	}
	if twice := query[int](t, db,
		"select count(*) from cases c where (select count(*) from case_history h where h.case_id = c.id) <> 2"); twice != 0 {
		t.Errorf("%d cases were not moved exactly once", twice)
	}
	if out := p.run("verify"); !strings.HasPrefix(out, "OK: 400 entries of 200 cases") {
		t.Errorf("verify says %s", out)
	}
}

// The server is killed while a list is checked, when it begins to be applied, and in the middle. After the next start
// every row is a case, and none is two.
func TestKilledAmidAList(t *testing.T) {
	t.Parallel()
	for name, moment := range map[string]string{
		"checking": "select exists (select from intake)",
		"applying": "select exists (select from intake where state = 'applying')",
		"half way": "select exists (select from intake where rows_done > 0)",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			killedAmidAList(t, moment)
		})
	}
}

func killedAmidAList(t *testing.T, moment string) {
	t.Helper()
	p, db := newProcess(t)
	list := []string{"intake", "../../pkg/intake/testdata/clean_500.xlsx", "--employer", "PT Contoh", "--region", "3273",
		"--apply"}
	upload := p.command(list...)
	if err := upload.Start(); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), db.AdminDSN)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	await := func(sql string) {
		t.Helper()
		until(t, sql, func() bool { return holds(t, conn, sql) })
	}
	await(moment)
	p.kill()
	_ = upload.Wait() // it fails: its server is gone
	if open := query[int](t, db, "select count(*) from cases"); open == 500 {
		t.Log("the list was applied before the kill: nothing was interrupted")
	}
	p.start()
	p.run(list...) // whoever uploaded it tries again
	await("select exists (select from intake where state = 'applied')")
	for what, sql := range map[string]string{
		"cases":             "select count(*) from cases",
		"workers":           "select count(distinct worker_id) from cases",
		"first entries":     "select count(*) from case_history where seq = 1",
		"rows that opened":  "select count(*) from intake_row where result = 'opened' and case_id is not null",
		"counted as opened": "select cases_opened from intake",
	} {
		if got := query[int](t, db, sql); got != 500 {
			t.Errorf("%s: %d, want 500", what, got)
		}
	}
	// One entry more than cases: the layoff that they come from has a history, too.
	if out := p.run("verify"); !strings.HasPrefix(out, "OK: 501 entries of 500 cases") {
		t.Errorf("verify says %s", out)
	}
}

// The server is killed while it writes an export: there is no file then, and after the next start there is a whole one.
func TestKilledAmidAnExport(t *testing.T) {
	t.Parallel()
	p, db := newProcess(t)
	exports := filepath.Join(t.TempDir(), "exports")
	p.kill()
	p.env = append(p.env, "TANGGAP_EXPORTS="+exports)
	p.start()
	p.run("intake", "../../pkg/intake/testdata/clean_500.xlsx", "--employer", "PT Contoh", "--region", "3273", "--apply")
	admin := db.Admin(t)
	do := func(sql string) {
		t.Helper()
		if _, err := admin.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	await := func(sql string) {
		t.Helper()
		until(t, sql, func() bool { return holds(t, admin, sql) })
	}
	await("select not exists (select from log_pending)")         // or sealing would be what waits for the people
	do("begin; lock table case_worker in access exclusive mode") // it stands still between the histories and the people
	file := filepath.Join(t.TempDir(), "e.zip.age")
	status, x, err := p.post("/v1/exports", "", "order", map[string]any{"profile": "masked"})
	if err != nil || status != http.StatusAccepted {
		t.Fatalf("order: %d %v %v", status, x, err)
	}
	await("select exists (select from pg_locks where not granted and relation = 'case_worker'::regclass)")
	p.kill()
	left, err := filepath.Glob(filepath.Join(exports, "*"))
	if err != nil || len(left) != 1 || !strings.HasSuffix(left[0], ".part") {
		t.Errorf("the kill left %v", left)
	}
	if state := query[string](t, db, "select state from export"); state != "running" {
		t.Errorf("the export is %s", state)
	}
	do("rollback; update export set seen_at = now() - interval '1 minute'")
	p.start()
	await("select state = 'ready' from export")
	resp, err := p.get("/v1/exports/" + fmt.Sprint(x["id"]) + "/file")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, resp, 0o600); err != nil {
		t.Fatal(err)
	}
	p.env = append(p.env, "TANGGAP_PASSPHRASE="+fmt.Sprint(x["passphrase"]))
	if out := p.run("verify", file); !strings.HasPrefix(out, "OK: 500 entries of 500 cases") {
		t.Errorf("verify says %s", out)
	}
	if left, err = filepath.Glob(filepath.Join(exports, "*")); err != nil || len(left) != 1 ||
		strings.HasSuffix(left[0], ".part") {
		t.Errorf("the resumed export left %v", left)
	}
}

// The server is killed in the midst of an order for 500 cases. After the next start it goes on, and no case is changed
// twice.
func TestKilledAmidAnOrder(t *testing.T) {
	t.Parallel()
	p, db := newProcess(t)
	p.run("intake", "../../pkg/intake/testdata/clean_500.xlsx", "--employer", "PT Contoh", "--region", "3273", "--apply")
	status, order, err := p.post("/v1/cases/bulk/notes?stage=intake", "", "order", map[string]any{"text": "sama"})
	if err != nil || status != http.StatusAccepted || order["total"] != float64(500) {
		t.Fatalf("order: %d %v %v", status, order, err)
	}
	admin := db.Admin(t)
	await := func(sql string) {
		t.Helper()
		until(t, sql, func() bool { return holds(t, admin, sql) })
	}
	await("select exists (select from bulk where changed > 0)")
	p.kill()
	if changed := query[int](t, db, "select changed from bulk"); changed == 500 {
		t.Log("the order was done before the kill: nothing was interrupted")
	}
	if _, err := admin.Exec(t.Context(), "update bulk set seen_at = now() - interval '2 minutes'"); err != nil {
		t.Fatal(err)
	}
	p.start()
	await("select exists (select from bulk where state = 'done')")
	for what, sql := range map[string]string{
		"changed":        "select changed from bulk",
		"cases":          "select count(distinct case_id) from case_history where kind = 'case.noted'",
		"notes":          "select count(*) from case_history where kind = 'case.noted'",
		"lines as noted": "select count(*) from bulk_case b join cases c on c.id = b.case_id and c.version = b.became",
	} {
		if got := query[int](t, db, sql); got != 500 {
			t.Errorf("%s: %d, want 500", what, got)
		}
	}
}

func (p *process) get(path string) ([]byte, error) {
	r, err := http.NewRequest(http.MethodGet, "http://"+p.address+path, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+p.Token)
	resp, err := web.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	return io.ReadAll(resp.Body)
}

// A server does not start on a database that is older than what was published from it; its checkpoints say so.
func TestAnOlderDatabaseIsNotServed(t *testing.T) {
	t.Parallel()
	p, db := newProcess(t)
	p.run("intake", "../../pkg/intake/testdata/clean_500.xlsx", "--employer", "PT Contoh", "--region", "3273", "--apply")
	p.kill()
	p.start() // publishes what there is
	p.kill()
	if out := p.run("verify"); !strings.HasPrefix(out, "OK: 501 entries") {
		t.Fatalf("verify says %s", out)
	}
	if _, err := db.Admin(t).Exec(t.Context(), `set session_replication_role = replica; delete from case_history
		where case_id = (select min(id::text)::uuid from cases);
		delete from cases where id = (select min(id::text)::uuid from cases); delete from log_leaf
		where idx >= 400; update log_state set size = 400`); err != nil {
		t.Fatal(err)
	}
	out, err := p.command("serve").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "contradicts the newest published checkpoint") {
		t.Errorf("it serves: %v %s", err, out)
	}
	if out, err := p.command("verify", "--lang", "en").Output(); err == nil || !strings.HasPrefix(string(out),
		"CHANGED: case ") {
		t.Errorf("verify says %v %s", err, out)
	}
}
