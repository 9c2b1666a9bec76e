package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// admin runs a statement as the superuser of a private database.
func admin(t *testing.T, folder, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), "host="+folder+"/s user=tanggap_admin dbname=tanggap")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

// A private database from nothing: four migrate at once, one makes it and the others wait; then it is served without
// a word about unsafe settings, and comes back when somebody stops its PostgreSQL.
func TestPrivateDatabaseFromNothing(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(reachable(t), "d")
	env := []string{"TANGGAP_DATA_DIR=" + folder, "TANGGAP_DATABASE_URL=", "TANGGAP_OWNER_DATABASE_URL="}
	results := make(chan string, 4)
	for range cap(results) {
		go func() {
			out, errs, code := ending(t, env, "migrate")
			results <- fmt.Sprint(code, " ", out, errs)
		}()
	}
	steps := 0
	for range cap(results) {
		said := <-results
		if !strings.HasPrefix(said, "0 The database has the newest schema") ||
			!strings.Contains(said, "private PostgreSQL in "+folder) {
			t.Error(said)
		}
		steps += strings.Count(said, "making a new database")
	}
	if steps != 1 {
		t.Errorf("%d made a database", steps)
	}
	p := &process{t: t, address: free(t)}
	p.env = append(append(os.Environ(), env...), "TANGGAP_LISTEN="+p.address)
	p.cmd = p.command("serve")
	var errs bytes.Buffer
	p.cmd.Stderr = &errs
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = p.cmd.Process.Signal(os.Interrupt)
		_ = p.cmd.Wait()
		if strings.Contains(errs.String(), "unsafe") {
			t.Errorf("the private database is unsafe: %s", errs.String())
		}
	}()
	p.await(patience)
	pid := func() int {
		text, _ := os.ReadFile(filepath.Join(folder, "data", "postmaster.pid"))
		first, _, _ := strings.Cut(string(text), "\n")
		n, _ := strconv.Atoi(first)
		return n
	}
	if out, _, code := ending(t, env, "doctor"); code != 0 ||
		!strings.Contains(out, " 0 warnings, 0 failed, 0 not tried") {
		t.Errorf("doctor finds something in a new private database: %s", out)
	}
	admin(t, folder, "grant tanggap_owner to tanggap_app")
	if out, _, code := ending(t, env, "doctor"); code == 0 || states(out)["rights"] != "FAILED" {
		t.Errorf("the runtime role may become the owner: %s", out)
	}
	admin(t, folder, "revoke tanggap_owner from tanggap_app")
	stopped := pid()
	if err := syscall.Kill(stopped, syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	until(t, "PostgreSQL comes back, and the server is ready", func() bool {
		now := pid()
		status, _, _ := p.answer("/readyz")
		return now != 0 && now != stopped && status == http.StatusOK
	})
}

// What the first start says is true: its address is the console's, every password opens its account, the guides are
// where it says, and the commands find the server as they are told.
func TestWhatTheFirstStartSays(t *testing.T) {
	t.Parallel()
	d := startDemo(t, "--empty")
	said := regexp.MustCompile(`(?s)to open in a browser and sign in:  (\S+)\n.*from a terminal: (\S+)\n.*(export \S+)`).
		FindStringSubmatch(d.said.String())
	if len(said) != 4 || len(d.passwords) != len(demoOfficers) {
		t.Fatal(d.said.String())
	}
	for address, has := range map[string]string{said[1]: "/masuk", said[2]: "<h1>"} {
		r, err := web.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(r.Body)
		if err = errors.Join(err, r.Body.Close()); err != nil || r.StatusCode != http.StatusOK ||
			!strings.Contains(string(page), has) {
			t.Errorf("%s answers %d %v: %.300s", address, r.StatusCode, err, page)
		}
	}
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range demoOfficers {
		name, _, _ := strings.Cut(o.email, "@")
		out, err := bound(t, append(os.Environ(), "TANGGAP_SERVER=", "TANGGAP_PASSWORD="+d.passwords[name]), "bash", "-c",
			said[3]+"; "+quoted(path)+" sign-in "+o.email).Output()
		if err != nil || len(out) == 0 || !strings.Contains(d.said.String(), o.does) {
			t.Errorf("%s: %v %s", o.email, err, out)
		}
	}
}

func TestCommandsAreNamedAsTheyWereCalled(t *testing.T) {
	t.Parallel()
	program := quoted(os.Args[0])
	for _, c := range []struct {
		d    database
		want string
	}{
		{database{}, program + " officer password EMAIL"},
		{database{DataDir: "/srv/x"}, program + " officer password EMAIL --data-dir /srv/x"},
		{database{DataDir: "/srv/my data"}, program + " officer password EMAIL --data-dir '/srv/my data'"},
		{database{DataDir: "/srv/x", URL: "postgres://"}, program + " officer password EMAIL"},
	} {
		if got := c.d.called("officer", "password", "EMAIL"); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
	for at, want := range map[string]string{"0.0.0.0:81": "127.0.0.1:81", "[::]:81": "127.0.0.1:81",
		"10.0.0.1:81": "10.0.0.1:81", "[::1]:81": "[::1]:81"} {
		address, err := net.ResolveTCPAddr("tcp", at)
		if err != nil || shown(address) != want {
			t.Errorf("%s is shown as %s", at, shown(address))
		}
	}
}

// somebody is an ordinary user with a home and a copy of the program: root's data have a place of their own.
type somebody struct {
	t       *testing.T
	home    string
	program string
	account *syscall.SysProcAttr
}

func newSomebody(t *testing.T) *somebody {
	t.Helper()
	s := &somebody{t: t, home: reachable(t)}
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s.program = filepath.Join(reachable(t), "tanggap")
	if err := os.WriteFile(s.program, text, 0o755); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		const nobody = 65534
		s.account = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		if err := os.Chown(s.home, nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func (s *somebody) run(dir string, args ...string) (said string, code int) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.program, args...)
	cmd.Dir, cmd.SysProcAttr = dir, s.account
	cmd.Env = []string{"HOME=" + s.home, "PATH=" + os.Getenv("PATH")}
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		s.t.Fatalf("%v: %s", err, out)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// The first start of an ordinary user puts everything into the place of lasting data, and finds it again from anywhere.
func TestLastingDataOfAUser(t *testing.T) {
	t.Parallel()
	s := newSomebody(t)
	folder := filepath.Join(s.home, ".local", "share", "tanggap", "default")
	if said, code := s.run("/", "migrate"); code != 0 || !strings.Contains(said, folder) {
		t.Fatalf("%d %s", code, said)
	}
	for _, name := range []string{"data", "keys.json"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Join(s.home, ".cache")); !os.IsNotExist(err) {
		t.Errorf("something lies in the cache: %v", err)
	}
	clone := filepath.Join(s.home, "clone") // as if it were called in a clone of the source
	if err := os.Mkdir(clone, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(clone, "go.mod"), []byte("module github.com/tanggap/tanggap\n"),
		0o644); err != nil {
		t.Fatal(err)
	}
	if said, code := s.run(clone, "doctor"); code != 0 || !strings.Contains(said, folder) {
		t.Errorf("from a clone: %d %s", code, said)
	}
	// As a version before would have left it.
	before := filepath.Join(s.home, ".cache", "tanggap", "default")
	if err := os.MkdirAll(filepath.Dir(before), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(folder, before); err != nil {
		t.Fatal(err)
	}
	said, code := s.run("/", "migrate")
	if code != 0 || !strings.Contains(said, "using the data of an earlier version in "+before) ||
		!strings.Contains(said, "mv "+before) {
		t.Errorf("data of a version before: %d %s", code, said)
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("another database was begun beside it: %v", err)
	}
}

func TestFolderThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	s := newSomebody(t)
	foreign, closed := reachable(t), filepath.Join(s.home, "closed")
	if said, code := s.run("/", "migrate", "--data-dir", filepath.Join(foreign, "d")); os.Geteuid() == 0 &&
		(code == 0 || !strings.Contains(said, "choose another place with --data-dir")) {
		t.Errorf("below a foreign folder: %d %s", code, said)
	}
	if err := os.Mkdir(closed, 0o555); err != nil {
		t.Fatal(err)
	}
	if s.account != nil {
		if err := os.Chown(closed, int(s.account.Credential.Uid), -1); err != nil {
			t.Fatal(err)
		}
	}
	for _, command := range [][]string{{"migrate"}, {"serve", "--listen", free(t)}} {
		said, code := s.run("/", append(command, "--data-dir", closed)...)
		if code == 0 || !strings.Contains(said, "choose another place with --data-dir") {
			t.Errorf("%s in a folder without the right to write: %d %s", command[0], code, said)
		}
	}
}
