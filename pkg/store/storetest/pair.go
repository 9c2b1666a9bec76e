package storetest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/localpg"
)

// standbySignal is the file whose presence makes a server start as a standby.
const standbySignal = "standby.signal"

// patience bounds every wait for a server, on however slow a machine.
const patience = time.Minute

// Pair is two PostgreSQL servers, of which one is the synchronous standby of the other.
type Pair struct {
	Nodes [2]*Node
	tools localpg.Tools
}

// Node is one server of a pair, at an address that stays the same whatever it is.
type Node struct {
	dir    string
	tools  localpg.Tools
	pid    int // 0 when it does not run
	exited <-chan struct{}
}

// NewPair gives a migrated primary, Nodes[0], and its standby, without which it confirms no commit.
func NewPair(t testing.TB, migrate func(ctx context.Context, adminDSN string) error) *Pair {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	tools, err := localpg.FindTools(t.Context())
	must(err)
	root, err := os.MkdirTemp(memory(), "pair-")
	must(err)
	t.Cleanup(func() { _ = os.RemoveAll(root) })
	must(tools.Own(root))
	p := &Pair{tools: tools}
	for i := range p.Nodes {
		p.Nodes[i] = &Node{dir: filepath.Join(root, fmt.Sprint(i)), tools: tools}
		must(tools.Own(p.Nodes[i].dir))
		t.Cleanup(p.Nodes[i].Kill)
	}
	first, second := p.Nodes[0], p.Nodes[1]
	must(tools.Initdb(t.Context(), first.data()))
	must(first.Start(t.Context()))
	must(migrate(t.Context(), first.AdminDSN()))
	must(second.Follow(t.Context(), first))
	for _, n := range p.Nodes {
		must(n.Set(t.Context(), "synchronous_standby_names", "*"))
	}
	return p
}

// memory is a folder in memory where there is one: killing a process loses nothing that it wrote there.
func memory() string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return ""
}

// DSN is the address of whichever server takes writes, for the runtime role. The first one is asked first.
func (p *Pair) DSN() string {
	a, b := p.Nodes[0].dir, p.Nodes[1].dir
	return fmt.Sprintf("host=%s,%s port=5432,5432 user=tanggap_app dbname=postgres sslmode=disable "+
		"target_session_attrs=read-write", a, b)
}

// AdminDSN is the address of this server for the superuser.
func (n *Node) AdminDSN() string {
	return fmt.Sprintf("host=%s port=5432 user=%s dbname=postgres sslmode=disable", n.dir, localpg.Superuser)
}

// AppDSN is the address of this server for the runtime role.
func (n *Node) AppDSN() string {
	return fmt.Sprintf("host=%s port=5432 user=tanggap_app dbname=postgres sslmode=disable", n.dir)
}

func (n *Node) data() string { return filepath.Join(n.dir, "data") }

// Start starts the server as its data say, primary or standby, with settings of this start only, and returns when it
// answers.
func (n *Node) Start(ctx context.Context, settings ...string) error {
	args := []string{"-D", n.data()}
	for _, s := range append([]string{"listen_addresses=", "unix_socket_directories=" + n.dir, "port=5432",
		"shared_buffers=32MB", "max_connections=80", "max_wal_senders=6", "wal_level=replica", "hot_standby=on",
		"wal_keep_size=64MB", "max_wal_size=256MB", "wal_receiver_status_interval=1s",
		"wal_retrieve_retry_interval=100ms", "log_min_messages=fatal"}, settings...) {
		args = append(args, "-c", s)
	}
	log, err := os.OpenFile(filepath.Join(n.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open log: %w", err)
	}
	defer func() { _ = log.Close() }()
	// It runs on when ctx ends: what stops it is Kill.
	if n.pid, n.exited, err = n.tools.Serve(context.WithoutCancel(ctx), log, args...); err != nil {
		return err
	}
	return n.await(ctx, "select true")
}

// Kill ends the server and all its processes at once, as a power failure does.
func (n *Node) Kill() {
	if n.pid == 0 {
		return
	}
	n.signal(syscall.SIGKILL)
	<-n.exited
	n.pid = 0
}

// Freeze stops the server from doing anything, as a machine does that hangs, until Thaw.
func (n *Node) Freeze() { n.signal(syscall.SIGSTOP) }

// Thaw ends a Freeze.
func (n *Node) Thaw() { n.signal(syscall.SIGCONT) }

// signal reaches the server first, so that it makes no more processes, then those that it has.
func (n *Node) signal(s syscall.Signal) {
	// Where this cannot be read they follow their parent.
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", n.pid, n.pid))
	_ = syscall.Kill(n.pid, s)
	for _, child := range strings.Fields(string(children)) {
		if pid, err := strconv.Atoi(child); err == nil {
			_ = syscall.Kill(pid, s)
		}
	}
}

// Promote makes a standby the primary.
func (n *Node) Promote(ctx context.Context) error {
	if err := n.exec(ctx, "select pg_promote(false)"); err != nil {
		return err
	}
	return n.await(ctx, "select not pg_is_in_recovery()")
}

// Follow makes this server the standby of another one: what it had is thrown away.
func (n *Node) Follow(ctx context.Context, primary *Node) error {
	n.Kill()
	if err := os.RemoveAll(n.data()); err != nil {
		return fmt.Errorf("clear standby: %w", err)
	}
	cmd := n.tools.Command(ctx, "pg_basebackup", "-d", primary.AdminDSN(), "-D", n.data(), "--checkpoint=fast",
		"--wal-method=stream", "--no-sync", "--write-recovery-conf")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("copy primary: %w: %s", err, out)
	}
	if err := n.Start(ctx); err != nil {
		return err
	}
	return primary.await(ctx, "select exists (select from pg_stat_replication where state = 'streaming')")
}

// Set changes a setting for good, and Reset gives it its default again; a primary hands neither on to its standby.
func (n *Node) Set(ctx context.Context, name, value string) error {
	return n.exec(ctx, "alter system set "+name+" = '"+value+"'", "select pg_reload_conf()")
}

// Reset undoes a Set.
func (n *Node) Reset(ctx context.Context, name string) error {
	return n.exec(ctx, "alter system reset "+name, "select pg_reload_conf()")
}

// IsStandby tells what the server would start as.
func (n *Node) IsStandby() bool {
	_, err := os.Stat(filepath.Join(n.data(), standbySignal))
	return !errors.Is(err, fs.ErrNotExist)
}

// Ask runs a query of one value as the superuser.
func (n *Node) Ask(ctx context.Context, sql string) (answer string, err error) {
	conn, err := pgx.Connect(ctx, n.AdminDSN())
	if err != nil {
		return "", fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	err = conn.QueryRow(ctx, "select ("+sql+")::text").Scan(&answer)
	return answer, err
}

func (n *Node) exec(ctx context.Context, statements ...string) error {
	for _, sql := range statements {
		conn, err := pgx.Connect(ctx, n.AdminDSN())
		if err != nil {
			return fmt.Errorf("connect: %w", err)
		}
		_, err = conn.Exec(ctx, sql)
		_ = conn.Close(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	return nil
}

// await asks until the answer is true.
func (n *Node) await(ctx context.Context, sql string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		answer, err := n.Ask(ctx, strings.TrimPrefix(sql, "select "))
		if err == nil && answer == "true" {
			return nil
		}
		select {
		case <-n.exited:
			return errors.New("the server ended: see its log")
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", sql, errors.Join(ctx.Err(), err))
		case <-time.After(20 * time.Millisecond):
		}
	}
}
