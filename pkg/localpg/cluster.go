package localpg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// clusterMajor is the major version that wrote the cluster; 0 when there is none.
func (f folder) clusterMajor() int {
	text, err := os.ReadFile(filepath.Join(f.data(), "PG_VERSION"))
	if err != nil {
		return 0
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	return major
}

// create makes the cluster. It comes into being under another name and is renamed, so that a process killed half way
// leaves no half cluster behind; what such a process left is cleared away first.
func (f folder) create(ctx context.Context, p programs, as account, durable bool) error {
	leftovers, err := filepath.Glob(filepath.Join(f.dir, "init-*"))
	if err != nil {
		return fmt.Errorf("look for unfinished clusters: %w", err)
	}
	for _, path := range leftovers {
		_ = os.RemoveAll(path) // only room is lost when this fails
	}
	fresh, err := os.MkdirTemp(f.dir, "init-")
	if err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	if err = as.own(fresh); err != nil {
		return err
	}
	if err = initdb(ctx, p, as, fresh, durable); err != nil {
		return err
	}
	if err = os.Rename(fresh, f.data()); err != nil {
		return fmt.Errorf("put cluster in place: %w", err)
	}
	if !durable {
		return nil
	}
	return syncFolder(f.dir)
}

func initdb(ctx context.Context, p programs, as account, dir string, durable bool) error {
	// C.UTF-8 sorts by bytes and still knows upper from lower case; macOS has it under no name initdb accepts.
	locale := "C.UTF-8"
	if runtime.GOOS != "linux" {
		locale = "C"
	}
	args := []string{"-D", dir, "-U", Superuser, "-E", "UTF8", "--locale=" + locale, "--auth=trust"}
	if durable {
		args = append(args, "--data-checksums")
	} else {
		args = append(args, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, p.initdb(), args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	cmd.Dir, cmd.Env, cmd.SysProcAttr = "/", environment(), as.attributes()
	if err := cmd.Run(); err != nil {
		text := strings.TrimSpace(said.String())
		if strings.Contains(text, "could not look up effective user ID") {
			return errors.New(
				"initdb: this user has no entry in /etc/passwd, which PostgreSQL needs; run as a user that has one")
		}
		return fmt.Errorf("initdb: %w: %s", err, text)
	}
	return nil
}

// syncFolder makes a rename inside the folder survive a power failure.
func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open folder: %w", err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// environment is what PostgreSQL sees of ours: no PG* variable that would change its mind, and none of our secrets.
func environment() []string {
	env := []string{"LC_ALL=C", "TZ=UTC"}
	for _, name := range []string{"PATH", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}
