package localpg

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// Tools are the programs of PostgreSQL, for those who make servers of their own: a drill of a failover needs two.
type Tools struct {
	programs programs
	account  account
}

// FindTools finds the programs as Start does.
func FindTools(ctx context.Context) (Tools, error) {
	found, err := findPrograms(ctx, candidates(os.Getenv(programsVariable)), 0)
	if err != nil {
		return Tools{}, err
	}
	as, err := chooseAccount(folder{dir: os.DevNull}) // no cluster yet whose owner would count
	if err != nil {
		return Tools{}, fmt.Errorf("choose account: %w", err)
	}
	return Tools{programs: found, account: as}, nil
}

// Own makes a folder that only PostgreSQL's account can enter.
func (t Tools) Own(path string) error { return t.account.own(path) }

// Command is a program, such as pg_basebackup, run as PostgreSQL's account.
func (t Tools) Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(t.programs.dir, name), args...)
	cmd.Dir, cmd.Env, cmd.SysProcAttr = "/", environment(), t.account.attributes()
	return cmd
}

// Initdb makes a cluster in the folder, which is then as Own makes it. Nothing is synced: it is for tests.
func (t Tools) Initdb(ctx context.Context, dir string) error {
	if err := t.Own(dir); err != nil {
		return err
	}
	return initdb(ctx, t.programs, t.account, dir, false)
}

// Serve runs a server and closes exited when it has ended. It is killed when ctx ends, and does not outlive this
// program.
func (t Tools) Serve(ctx context.Context, log *os.File, args ...string) (pid int, exited <-chan struct{}, err error) {
	cmd := t.Command(ctx, "postgres", args...)
	cmd.Stderr, cmd.SysProcAttr = log, bindToParent(cmd.SysProcAttr)
	started, ended := make(chan error, 1), make(chan struct{})
	go func() {
		runtime.LockOSThread() // what ends the server with this program is bound to the thread that started it
		defer close(ended)
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // tests end it as roughly as they like
		}
	}()
	if err := <-started; err != nil {
		return 0, nil, fmt.Errorf("start server: %w", err)
	}
	return cmd.Process.Pid, ended, nil
}
