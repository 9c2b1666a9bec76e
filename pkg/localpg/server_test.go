package localpg

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func start(t *testing.T, options Options) *Server {
	t.Helper()
	server, err := Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return server
}

// home is a folder that a dropped user reaches; the server in it has ended when the test ends.
func home(t *testing.T, durable bool) folder {
	t.Helper()
	dir, err := os.MkdirTemp("", "localpg-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, folderMode); err != nil {
		t.Fatal(err)
	}
	f := folder{dir: filepath.Join(dir, "pg"), durable: durable}
	t.Cleanup(func() {
		awaitStopped(t, f)
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return f
}

func awaitStopped(t *testing.T, f folder) {
	t.Helper()
	pid, _ := f.postmaster()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 20*time.Second)
	defer cancel()
	err := poll(ctx, func() (bool, error) { return !f.supervised() && !isPostgres(pid), nil })
	if err != nil {
		t.Errorf("server %d in %s did not stop: %v", pid, f.dir, err)
	}
}

func query(t *testing.T, server *Server, sql string) string {
	t.Helper()
	text, err := tryQuery(t.Context(), server.DSN("postgres", Superuser), sql)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return text
}

func tryQuery(ctx context.Context, dsn, sql string) (string, error) {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(ctx) }()
	rows, err := conn.Query(ctx, sql)
	if err != nil {
		return "", err
	}
	values, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return strings.Join(values, ","), err
}

func TestDurableServerKeepsDataOverRestart(t *testing.T) {
	t.Parallel()
	f := home(t, true)
	first := start(t, Options{Dir: f.dir, Durable: true, Settings: map[string]string{"shared_buffers": "16MB"}})
	query(t, first, `create table kept (word text)`)
	query(t, first, `insert into kept values ('tetap')`)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if f.supervised() {
		t.Fatal("a durable server that nobody uses must have stopped when Close returns")
	}
	again := start(t, Options{Dir: f.dir, Durable: true})
	if got := query(t, again, `select word from kept`); got != "tetap" {
		t.Fatalf("after a restart: %q", got)
	}
	for name, want := range map[string]string{
		"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "data_checksums": "on", "jit": "off",
		"listen_addresses": "", "shared_buffers": "512MB", "log_min_messages": "log", "TimeZone": "UTC",
	} {
		if got := query(t, again, "select current_setting('"+name+"')"); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
}

func TestTestServerBeginsEmpty(t *testing.T) {
	t.Parallel()
	f := home(t, false)
	first := start(t, Options{Dir: f.dir, Linger: time.Millisecond})
	query(t, first, `create table gone (word text)`)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	awaitStopped(t, f)
	if _, err := os.Stat(f.data()); !os.IsNotExist(err) {
		t.Errorf("the cluster of a test server is left behind: %v", err)
	}
	again := start(t, Options{Dir: f.dir, Linger: time.Millisecond})
	if got := query(t, again, `select count(*)::text from pg_class where relname = 'gone'`); got != "0" {
		t.Fatal("a test server must begin empty")
	}
	if got := query(t, again, `select current_setting('fsync')`); got != "off" {
		t.Errorf("fsync = %s", got)
	}
}

func TestUsersShareOneServer(t *testing.T) {
	t.Parallel()
	f := home(t, false)
	var users sync.WaitGroup
	var servers sync.Map
	for range 8 {
		users.Go(func() {
			server, err := Start(t.Context(), Options{Dir: f.dir, Linger: time.Millisecond})
			if err != nil {
				t.Error(err)
				return
			}
			pid, _ := f.postmaster()
			servers.Store(server, pid)
		})
	}
	users.Wait()
	pids := map[any]bool{}
	servers.Range(func(server, pid any) bool {
		pids[pid] = true
		return server.(*Server).Close() == nil
	})
	if len(pids) != 1 {
		t.Errorf("servers %v", pids)
	}
}

func TestServerSurvivesOneOfTwoUsers(t *testing.T) {
	t.Parallel()
	f := home(t, true)
	first := start(t, Options{Dir: f.dir, Durable: true})
	second := start(t, Options{Dir: f.dir, Durable: true})
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if got := query(t, second, `select 'ya'`); got != "ya" {
		t.Fatal(got)
	}
}

// holder runs a copy of this program that holds a server; it says the address.
func holder(t *testing.T, f folder) (*exec.Cmd, string) {
	t.Helper()
	self, err := ownProgram()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), holdVariable+"="+f.dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	dsn, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("holder said nothing: %v", err)
	}
	return cmd, strings.TrimSpace(dsn)
}

func TestKilledUserLeavesNoServer(t *testing.T) {
	t.Parallel()
	f := home(t, false)
	cmd, dsn := holder(t, f)
	if got, err := tryQuery(t.Context(), dsn, `select 'ya'`); err != nil || got != "ya" {
		t.Fatalf("%q %v", got, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // says that it was killed
	awaitStopped(t, f)
}

func TestServerHealsAfterKill(t *testing.T) {
	t.Parallel()
	victims := map[string]func(*testing.T, folder) int{
		"postgres":   func(_ *testing.T, f folder) int { pid, _ := f.postmaster(); return pid },
		"supervisor": supervisorOf,
	}
	for name, victim := range victims {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := home(t, true)
			server := start(t, Options{Dir: f.dir, Durable: true})
			query(t, server, `create table kept as select 'tetap' as word`)
			if err := syscall.Kill(victim(t, f), syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
			defer cancel()
			err := poll(ctx, func() (bool, error) {
				if !f.supervised() || !f.running() {
					return false, nil
				}
				got, err := tryQuery(ctx, server.DSN("postgres", Superuser), `select word from kept`)
				return err == nil && got == "tetap", nil
			})
			if err != nil {
				t.Fatalf("no answer 15 s after the kill: %v", err)
			}
		})
	}
}

// Somebody stops PostgreSQL itself, the gentle way: with a user connected it would refuse everybody else for ever.
func TestStoppedServerComesBackForItsUsers(t *testing.T) {
	t.Parallel()
	f := home(t, true)
	server := start(t, Options{Dir: f.dir, Durable: true})
	held, err := pgx.Connect(t.Context(), server.DSN("postgres", Superuser))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = held.Close(context.WithoutCancel(t.Context())) }()
	stopped, _ := f.postmaster()
	if err := syscall.Kill(stopped, syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err = poll(ctx, func() (bool, error) {
		if pid, _ := f.postmaster(); pid == stopped {
			return false, nil
		}
		got, err := tryQuery(ctx, server.DSN("postgres", Superuser), `select 'ya'`)
		return err == nil && got == "ya", nil
	})
	if err != nil {
		t.Fatalf("no answer 20 s after the stop: %v", err)
	}
}

func TestStepsOfTheFirstStartAreTold(t *testing.T) {
	t.Parallel()
	f := home(t, true)
	var told []string
	server := start(t, Options{Dir: f.dir, Durable: true, Say: func(step string) { told = append(told, step) }})
	if len(told) != 2 || !strings.Contains(told[0], f.dir) {
		t.Errorf("%q", told)
	}
	if found, exists, err := Find(f.dir); found != f.dir || !exists || err != nil {
		t.Errorf("%q %t %v", found, exists, err)
	}
	if _, exists, err := Find(f.dir + "x"); exists || err != nil {
		t.Errorf("a database where none is: %v", err)
	}
	_ = server.Close()
}

func supervisorOf(t *testing.T, f folder) int {
	t.Helper()
	pid, err := f.supervisorID()
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestBadSettingIsToldWithTheLog(t *testing.T) {
	t.Parallel()
	f := home(t, false)
	server, err := Start(t.Context(), Options{Dir: f.dir, Settings: map[string]string{"shared_buffers": "much"}})
	if err == nil {
		_ = server.Close()
		t.Fatal("started")
	}
	if !strings.Contains(err.Error(), "shared_buffers") {
		t.Errorf("the error hides the reason: %v", err)
	}
}

func TestStartGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	f := home(t, false)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if server, err := Start(ctx, Options{Dir: f.dir}); err == nil {
		_ = server.Close()
		t.Fatal("started")
	}
}
