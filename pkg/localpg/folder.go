package localpg

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

const (
	port          = "5432"
	socketName    = ".s.PGSQL." + port
	maxSocketPath = 100   // macOS allows 103 bytes, Linux 107
	folderMode    = 0o711 // others may pass through to data and s, which are closed to them, but list nothing
)

// folder is where one server lives.
type folder struct {
	dir     string
	durable bool
}

func (f folder) lease() string      { return filepath.Join(f.dir, "lease") }
func (f folder) mutex() string      { return filepath.Join(f.dir, "mutex") }
func (f folder) supervisor() string { return filepath.Join(f.dir, "supervisor") }
func (f folder) log() string        { return filepath.Join(f.dir, "log") }

// data is the cluster. One that lasts and one that is made anew at each launch never share a name, so that no mistake
// in a caller's options clears kept data.
func (f folder) data() string {
	if f.durable {
		return filepath.Join(f.dir, "data")
	}
	return filepath.Join(f.dir, "scratch")
}

// socket is the folder of the unix socket: inside the server's folder unless that path is too long for a socket.
func (f folder) socket() string {
	inside := filepath.Join(f.dir, "s")
	if len(filepath.Join(inside, socketName)) <= maxSocketPath {
		return inside
	}
	return filepath.Join("/tmp", fmt.Sprintf("tanggap-%d-%s", os.Geteuid(), digest(f.dir)), "s")
}

// ensure makes the folder, and the one that holds the socket, and refuses folders that somebody else could have laid
// out.
func (f folder) ensure() error {
	if err := ensureOwn(f.dir); err != nil {
		return err
	}
	if parent := filepath.Dir(f.socket()); parent != f.dir {
		return ensureOwn(parent)
	}
	return nil
}

func ensureOwn(path string) error {
	if err := os.MkdirAll(path, folderMode); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	info, err := os.Lstat(path)
	if err != nil {
		return fmt.Errorf("look at folder: %w", err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !info.IsDir():
		return fmt.Errorf("%s is not a folder", path)
	case !ok || int(stat.Uid) != os.Geteuid():
		return fmt.Errorf("%s belongs to another user (choose another place with --data-dir or %s)", path, dataVariable)
	case info.Mode().Perm()&0o022 != 0:
		return fmt.Errorf("%s can be written by other users", path)
	}
	return nil
}
