package localpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// supervised says whether a supervisor lives.
func (f folder) supervised() bool {
	l, err := openLock(f.supervisor())
	if err != nil {
		return false
	}
	free := l.try(shared)
	_ = l.close() // held nothing worth an error
	return !free
}

// running says whether the server has a supervisor and accepts connections.
func (f folder) running() bool {
	if !f.supervised() {
		return false
	}
	pid, status := f.postmaster()
	return status == "ready" && isPostgres(pid)
}

// supervisorID is the process that last supervised.
func (f folder) supervisorID() (int, error) {
	text, err := os.ReadFile(f.supervisor())
	if err != nil {
		return 0, fmt.Errorf("read supervisor: %w", err)
	}
	pid, err := strconv.Atoi(string(text))
	if err != nil || pid <= 1 {
		return 0, errors.New("no supervisor is named")
	}
	return pid, nil
}

// postmaster reads the process id and the status that PostgreSQL leaves in its data folder; 0 without one.
func (f folder) postmaster() (pid int, status string) {
	text, err := os.ReadFile(filepath.Join(f.data(), "postmaster.pid"))
	if err != nil {
		return 0, ""
	}
	lines := strings.Split(string(text), "\n")
	pid, err = strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil {
		return 0, ""
	}
	if len(lines) > 7 {
		status = strings.TrimSpace(lines[7])
	}
	return pid, status
}

// isPostgres says whether pid lives and, where /proc can tell, is a PostgreSQL: the file that names the process
// outlives a crash, and numbers are given out again.
func isPostgres(pid int) bool {
	if pid <= 0 {
		return false
	}
	if err := syscall.Kill(pid, 0); err != nil && !errors.Is(err, syscall.EPERM) {
		return false
	}
	name, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "comm"))
	if errors.Is(err, fs.ErrNotExist) {
		_, noProc := os.Stat("/proc/self/comm")
		return noProc != nil
	}
	return err == nil && strings.TrimSpace(string(name)) == "postgres"
}

// answers says whether a server listens at the socket.
func (f folder) answers() bool {
	conn, err := net.Dial("unix", filepath.Join(f.socket(), socketName))
	if err != nil {
		return false
	}
	_ = conn.Close() // nothing was said
	return true
}

// hurry asks the supervisor not to linger and waits for it, unless somebody still uses the server.
func (f folder) hurry(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, closeWithin)
	defer cancel()
	lease, err := openLock(f.lease())
	if err != nil {
		return
	}
	alone := lease.try(exclusive)
	_ = lease.close() // held nothing worth an error
	pid, err := f.supervisorID()
	if err != nil || !alone || !f.supervised() || syscall.Kill(pid, syscall.SIGUSR1) != nil {
		return
	}
	// Whether it stopped in time changes nothing: the supervisor goes on without us.
	_ = poll(ctx, func() (bool, error) { return !f.supervised(), nil })
}
