package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/tanggap/tanggap/pkg/translog"
)

// server is the shipped binary in a process of its own.
type server struct {
	address string
	path    string
	env     []string
	cmd     *exec.Cmd
	ended   chan struct{} // closed when the process has ended
}

// buildServer builds the program into a folder of its own, where its checkpoints and exports go, too: those of an
// earlier run are of a database that was loaded anew.
func buildServer(ctx context.Context, dsn, keys string) (*server, error) {
	folder, err := os.MkdirTemp("", "tanggap-bench-bin-")
	if err != nil {
		return nil, fmt.Errorf("make a place for the binary: %w", err)
	}
	path := filepath.Join(folder, "tanggap")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", path, "./cmd/tanggap").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build: %w: %s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("find a port: %w", err)
	}
	s := &server{address: l.Addr().String(), path: path}
	_ = l.Close()
	s.env = append(os.Environ(), "TANGGAP_DATABASE_URL="+dsn, "TANGGAP_KEYS="+keys, "TANGGAP_LISTEN="+s.address,
		"TANGGAP_SERVER=http://"+s.address,
		"TANGGAP_CHECKPOINTS="+s.checkpoints(), "TANGGAP_EXPORTS="+filepath.Join(folder, "exports"),
		"TANGGAP_OFFICER_REQUESTS=0", "TANGGAP_OFFICER_FILES=0") // the load of many officers comes from one here
	return s, nil
}

// startLimit bounds the first start: it may publish every entry before it is ready.
const startLimit = 30 * time.Minute

// started is how long a start took until the port was open, until the server was ready, and until every entry was
// published.
type started struct{ open, ready, published time.Duration }

// start starts the server and waits until it is ready and has published.
func (s *server) start(ctx context.Context) (took started, err error) {
	s.cmd = exec.CommandContext(ctx, s.path, "serve", "--log-level", "warn")
	s.cmd.Env = s.env
	s.cmd.Stderr = os.Stderr
	begin := wall.Now()
	if err := s.cmd.Start(); err != nil {
		return took, fmt.Errorf("start the server: %w", err)
	}
	s.ended = make(chan struct{})
	go func(cmd *exec.Cmd, ended chan<- struct{}) { _ = cmd.Wait(); close(ended) }(s.cmd, s.ended)
	for _, wait := range []struct {
		until func(context.Context) bool
		took  *time.Duration
	}{{s.open, &took.open}, {s.ready, &took.ready}, {s.published, &took.published}} {
		for !wait.until(ctx) {
			if time.Sleep(20 * time.Millisecond); s.over() || wall.Now().Sub(begin) > startLimit || ctx.Err() != nil {
				s.stop()
				return took, errors.New("the server does not come up")
			}
		}
		*wait.took = wall.Now().Sub(begin)
	}
	return took, nil
}

func (s *server) open(ctx context.Context) bool {
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.address)
	if err != nil {
		return false
	}
	_ = c.Close()
	return true
}

func (s *server) ready(context.Context) bool {
	resp, err := http.Get("http://" + s.address + "/readyz")
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

func (s *server) published(ctx context.Context) bool {
	newest, err := translog.Folder{Path: s.checkpoints()}.Newest(ctx)
	return err == nil && newest != nil
}

// checkpoints is the folder that the server publishes in.
func (s *server) checkpoints() string { return filepath.Join(filepath.Dir(s.path), "checkpoints") }

// peak is the most memory that the server has had, in bytes.
func (s *server) peak() int64 {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	var kib int64
	for line := range strings.Lines(string(status)) {
		if text, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, _ = strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "kB")), 10, 64)
		}
	}
	return kib << 10
}

// tanggap runs a command of the shipped binary beside the server.
func (s *server) tanggap(ctx context.Context, token string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, s.path, args...)
	cmd.Env = append(s.env, "TOKEN="+token)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("tanggap %s: %w: %s", args[0], err, out)
	}
	return string(out), nil
}

// over tells whether the server has ended by itself: then there is nothing to wait for.
func (s *server) over() bool {
	select {
	case <-s.ended:
		return true
	default:
		return false
	}
}

func (s *server) stop() {
	_ = s.cmd.Process.Signal(os.Interrupt)
	<-s.ended
}

// remove deletes the program and what it wrote.
func (s *server) remove() { _ = os.RemoveAll(filepath.Dir(s.path)) }

func (s *server) signIn(email, secret string) (string, error) {
	body, err := json.Marshal(map[string]string{"email": email, "password": secret})
	if err != nil {
		return "", err
	}
	resp, err := http.Post("http://"+s.address+"/v1/session", "application/json", bytes.NewReader(body))
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	var session struct{ Token string }
	if err := json.NewDecoder(resp.Body).Decode(&session); err != nil || session.Token == "" {
		return "", fmt.Errorf("sign in answered %s", resp.Status)
	}
	return session.Token, nil
}

// connection is a client as lean as pgbench's: it writes prepared bytes and reads no more of an answer than it must, so
// that the two cores serve the server and the database.
type connection struct {
	net.Conn
	in   *bufio.Reader
	body []byte
}

func (s *server) dial() (*connection, error) {
	c, err := net.Dial("tcp", s.address)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return &connection{Conn: c, in: bufio.NewReaderSize(c, 64<<10)}, nil
}

// call sends a request and gives the status; the body stays in c.body until the next call.
func (c *connection) call(request []byte) (int, error) {
	if _, err := c.Write(request); err != nil {
		return 0, err
	}
	line, err := c.in.ReadSlice('\n')
	if err != nil || len(line) < 12 {
		return 0, fmt.Errorf("read answer: %w", err)
	}
	status, _ := strconv.Atoi(string(line[9:12]))
	length := -1
	for {
		if line, err = c.in.ReadSlice('\n'); err != nil {
			return 0, err
		}
		if len(line) <= 2 {
			break
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			length, _ = strconv.Atoi(strings.TrimSpace(string(value)))
		}
	}
	if length < 0 {
		return 0, errors.New("answer without a length")
	}
	if cap(c.body) < length {
		c.body = make([]byte, length)
	}
	c.body = c.body[:length]
	_, err = io.ReadFull(c.in, c.body)
	return status, err
}
