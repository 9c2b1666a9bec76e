package localpg

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is whom PostgreSQL runs as. It refuses root, so root drops to another user; others run it as themselves.
type account struct {
	Drop bool
	UID  uint32
	GID  uint32
}

// chooseAccount keeps to the owner of an existing cluster, as PostgreSQL accepts no other.
func chooseAccount(f folder) (account, error) {
	if os.Geteuid() != 0 {
		return account{}, nil
	}
	if info, err := os.Stat(f.data()); err == nil {
		stat, ok := info.Sys().(*syscall.Stat_t)
		if !ok || stat.Uid == 0 {
			return account{}, fmt.Errorf("%s belongs to root, whom PostgreSQL refuses", f.data())
		}
		return account{Drop: true, UID: stat.Uid, GID: stat.Gid}, nil
	}
	for _, name := range []string{"postgres", "_postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.ParseUint(found.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(found.Gid, 10, 32)
		if err = errors.Join(errUID, errGID); err != nil {
			return account{}, fmt.Errorf("read account %s: %w", name, err)
		}
		return account{Drop: true, UID: uint32(uid), GID: uint32(gid)}, nil
	}
	return account{}, errors.New("running as root, and there is no user postgres or nobody to run PostgreSQL as")
}

// attributes are how a process of PostgreSQL is made.
func (a account) attributes() *syscall.SysProcAttr {
	attributes := &syscall.SysProcAttr{}
	if a.Drop {
		attributes.Credential = &syscall.Credential{Uid: a.UID, Gid: a.GID}
	}
	return attributes
}

// own makes a folder that only PostgreSQL's account can enter.
func (a account) own(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	if !a.Drop {
		return nil
	}
	if err := os.Chown(path, int(a.UID), int(a.GID)); err != nil {
		return fmt.Errorf("give folder to PostgreSQL's account: %w", err)
	}
	return nil
}

// reaches says whether the account may pass every folder above path. A root home is closed to others, and PostgreSQL's
// own message about it names neither the folder nor the way out.
func (a account) reaches(path string) error {
	if !a.Drop {
		return nil
	}
	for dir := path; ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil {
			return fmt.Errorf("look at folder: %w", err)
		}
		if !a.passes(info) {
			return fmt.Errorf("%s is closed to uid %d, whom PostgreSQL runs as: "+
				"choose a folder that does not lie below it with --data-dir or %s", dir, a.UID, dataVariable)
		}
		if dir == filepath.Dir(dir) {
			return nil
		}
	}
}

func (a account) passes(info os.FileInfo) bool {
	mode := info.Mode().Perm()
	stat, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !ok:
		return false
	case stat.Uid == a.UID:
		return mode&0o100 != 0
	case stat.Gid == a.GID:
		return mode&0o010 != 0
	default:
		return mode&0o001 != 0
	}
}
