package storetest

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/localpg"
	"github.com/tanggap/tanggap/pkg/store"
)

// Own is a database on a PostgreSQL that no other test uses, so that the test may do to it what it likes.
type Own struct {
	*Database
	postmaster int
}

// NewOwn gives a database at the newest schema on a server of its own.
func NewOwn(t testing.TB) *Own {
	t.Helper()
	dir, err := os.MkdirTemp("", "storetest-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711); err != nil { // PostgreSQL may run as another user, who must pass
		t.Fatal(err)
	}
	server, err := localpg.Start(t.Context(), localpg.Options{Dir: filepath.Join(dir, "pg"), Linger: time.Millisecond})
	if err != nil {
		t.Fatalf("start a server of the test's own: %v", err)
	}
	pid := filepath.Join(server.Dir(), "scratch", "postmaster.pid")
	ctx := context.WithoutCancel(t.Context())
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Errorf("leave own server: %v", err)
		}
		await(ctx, t, func() bool { _, err := os.Stat(pid); return os.IsNotExist(err) })
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	db, err := createOn(t.Context(), server, store.Migrate)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(pid)
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	number, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	return &Own{db, number}
}

// Freeze stops every process of the server where it stands: connections stay, and nothing is answered on them or to new
// ones. The server goes on when thaw is called, or the test ends.
func (o *Own) Freeze(t testing.TB) (thaw func()) {
	t.Helper()
	conn := o.Admin(t)
	stopped := []int{o.postmaster} // first, so that it makes no further ones
	send(t, stopped, syscall.SIGSTOP)
	rows, err := conn.Query(t.Context(), "select pid from pg_stat_activity order by pid = pg_backend_pid()")
	if err != nil {
		t.Fatal(err)
	}
	backends, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		t.Fatal(err)
	}
	send(t, backends, syscall.SIGSTOP)
	stopped = append(stopped, backends...)
	thaw = sync.OnceFunc(func() { send(t, stopped, syscall.SIGCONT) })
	t.Cleanup(thaw)
	return thaw
}

func send(t testing.TB, pids []int, s syscall.Signal) {
	t.Helper()
	for _, pid := range pids {
		if err := syscall.Kill(pid, s); err != nil {
			t.Errorf("signal process %d: %v", pid, err)
		}
	}
}

func await(ctx context.Context, t testing.TB, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			t.Error("the server of the test's own does not stop")
			return
		case <-tick.C:
		}
	}
}
