//go:build journeys

package journeys_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
)

// server is the program, serving a demo office.
type server struct {
	url       string
	folder    string
	passwords map[string]string
	cmd       *exec.Cmd
	mu        sync.Mutex
	said      bytes.Buffer
	gone      chan struct{}
}

var (
	ready    = regexp.MustCompile(`http://127\.0\.0\.1:[0-9]+`)
	password = regexp.MustCompile(`(?m)\b([a-z]+@demo\.tanggap\.id)\s+([a-z0-9]{5}(?:-[a-z0-9]{5})+)`)
)

// start starts the program and reads its address and the passwords from what it prints.
func start(ctx context.Context) (*server, error) {
	folder, err := os.MkdirTemp("", "journeys")
	if err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	if err := os.Chmod(folder, 0o711); err != nil { //nolint:gosec // PostgreSQL runs as somebody else where we are root
		return nil, fmt.Errorf("open the folder: %w", err)
	}
	s := &server{folder: folder, passwords: map[string]string{}, gone: make(chan struct{})}
	s.cmd = exec.CommandContext(ctx, program, "serve", "--demo", "--data-dir", folder+"/data", "--listen", "127.0.0.1:0")
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(syscall.SIGTERM) }
	read, write := io.Pipe()
	s.cmd.Stdout, s.cmd.Stderr = write, write
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s (make build makes it): %w", program, err)
	}
	go func() {
		_ = s.cmd.Wait()
		_ = write.Close()
		close(s.gone)
	}()
	serving := make(chan struct{})
	go s.listen(read, serving)
	select {
	case <-serving:
	case <-s.gone:
		return nil, fmt.Errorf("the program ended: %s", s.text())
	case <-time.After(3 * time.Minute):
		return nil, fmt.Errorf("the program does not start: %s", s.text())
	}
	s.url = ready.FindString(s.text())
	for _, m := range password.FindAllStringSubmatch(s.text(), -1) {
		s.passwords[m[1]] = m[2]
	}
	return s, nil
}

func (s *server) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.said.String()
}

// listen keeps what the program says until it serves, and reads on for as long as it lives.
func (s *server) listen(r io.Reader, serving chan struct{}) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		s.mu.Lock()
		if s.said.Len() < 1<<20 {
			s.said.WriteString(lines.Text() + "\n")
		}
		s.mu.Unlock()
		if serving != nil && strings.Contains(lines.Text(), `"msg":"serving"`) {
			close(serving)
			serving = nil
		}
	}
}

func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.gone:
	case <-time.After(time.Minute):
		_ = s.cmd.Process.Kill()
	}
	_ = os.RemoveAll(s.folder)
}

// clerk works through the API: the colleague of whoever sits at the browser.
type clerk struct {
	*testing.T
	token string
}

// clerkOf signs an officer of the demo in.
func clerkOf(t *testing.T, name string) *clerk {
	t.Helper()
	email := name + "@demo.tanggap.id"
	c := &clerk{T: t}
	var session struct{ Token string }
	c.call(http.MethodPost, "/v1/session", map[string]any{"email": email, "password": office.passwords[email]}, &session)
	c.token = session.Token
	return c
}

// call asks the API and reads its answer; anything but success fails. Headers are names and values in turn.
func (c *clerk) call(method, path string, body, into any, headers ...string) {
	c.Helper()
	var text []byte
	if body != nil {
		text, _ = json.Marshal(body)
	}
	r, err := http.NewRequestWithContext(c.Context(), method, office.url+path, bytes.NewReader(text))
	if err != nil {
		c.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", uuid.NewString())
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		c.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	got, err := io.ReadAll(answer.Body)
	if answer.StatusCode >= 300 || err != nil {
		c.Fatalf("%s %s: %d %v %s", method, path, answer.StatusCode, err, got)
	}
	if into != nil {
		if err := json.Unmarshal(got, into); err != nil {
			c.Fatalf("%s %s: %v", method, path, errors.Join(err, errors.New(string(got))))
		}
	}
}

// file is a case as the API shows it.
type file struct {
	ID, Stage, Outcome, Claim, Officer string
	Version                            int
	History                            []struct{ Kind string }
}

func (c *clerk) file(id string) (f file) {
	c.Helper()
	c.call(http.MethodGet, "/v1/cases/"+id+"?entries=100", nil, &f)
	return f
}

// find looks for a worker by NIK.
func (c *clerk) find(nik string) string {
	c.Helper()
	var found struct{ Items []struct{ ID string } }
	c.call(http.MethodPost, "/v1/cases/search", map[string]any{"nik": nik}, &found)
	if len(found.Items) != 1 {
		c.Fatalf("%d cases of %s", len(found.Items), nik)
	}
	return found.Items[0].ID
}

// change changes a case as it is now.
func (c *clerk) change(id, path string, body map[string]any) {
	c.Helper()
	c.call(http.MethodPost, "/v1/cases/"+id+path, body, nil, "If-Match", fmt.Sprintf(`"%d"`, c.file(id).Version))
}
