package localpg

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

const (
	superviseVariable = "TANGGAP_LOCALPG_SUPERVISE"
	lingerDefault     = 5 * time.Second
	logKept           = 8 << 20 // bytes; an older log is kept once
	logQuoted         = 2000    // bytes of the log in an error
)

// ensure returns once the server runs, launching it where it does not. The caller holds the lease.
func (s *Server) ensure(ctx context.Context) error {
	if s.folder.running() {
		return nil
	}
	mutex, err := openLock(s.folder.mutex())
	if err != nil {
		return fmt.Errorf("open mutex: %w", err)
	}
	defer func() { _ = mutex.close() }()
	if err = mutex.wait(ctx, exclusive); err != nil {
		return fmt.Errorf("take mutex: %w", err)
	}
	if s.folder.supervised() { // launched meanwhile, or bringing a crashed server back
		return s.folder.awaitReady(ctx, nil)
	}
	if err = s.folder.awaitOrphan(ctx); err != nil {
		return err
	}
	task, err := s.prepare(ctx)
	if err != nil {
		return err
	}
	s.options.say("starting PostgreSQL")
	return s.launch(ctx, task)
}

// prepare makes cluster and socket folder, and says what the supervisor has to run.
func (s *Server) prepare(ctx context.Context) (task, error) {
	if !s.options.Durable {
		if err := os.RemoveAll(s.folder.data()); err != nil {
			return task{}, fmt.Errorf("clear test cluster: %w", err)
		}
	}
	as, err := chooseAccount(s.folder)
	if err != nil {
		return task{}, err
	}
	if err = as.reaches(s.folder.dir); err != nil {
		return task{}, err
	}
	if err = as.own(s.folder.socket()); err != nil {
		return task{}, err
	}
	major := s.folder.clusterMajor()
	found, err := findPrograms(ctx, candidates(os.Getenv(programsVariable)), major)
	if err != nil {
		return task{}, err
	}
	if major == 0 {
		s.options.say("making a new database in " + s.folder.dir)
		if err = s.folder.create(ctx, found, as, s.options.Durable); err != nil {
			return task{}, err
		}
	}
	linger := s.options.Linger
	if linger == 0 {
		linger = lingerDefault
	}
	t := task{Dir: s.folder.dir, Program: found.postgres(), Args: settingsOf(s.folder, s.options), Account: as,
		Linger: linger}
	if !s.options.Durable {
		t.Scratch = s.folder.data()
	}
	return t, nil
}

// launch re-executes this program as the supervisor and waits until PostgreSQL accepts connections.
func (s *Server) launch(ctx context.Context, t task) error {
	self, err := ownProgram()
	if err != nil {
		return fmt.Errorf("find own program: %w", err)
	}
	spec, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("write task: %w", err)
	}
	log, err := s.folder.openLog()
	if err != nil {
		return err
	}
	// Not bound to ctx: the supervisor outlives its caller. Its output must not be ours, or `go test` would wait for it.
	cmd := exec.Command(self)
	cmd.Args = []string{"tanggap-postgres-supervisor", s.folder.dir}
	cmd.Env = append(environment(), superviseVariable+"="+string(spec))
	cmd.Dir, cmd.Stderr = "/", log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err = errors.Join(cmd.Start(), log.Close()); err != nil {
		return fmt.Errorf("start supervisor: %w", err)
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	return s.folder.awaitReady(ctx, exited)
}

// awaitReady waits until connections are accepted. It gives up when exited, if not nil, tells of the supervisor's end.
func (f folder) awaitReady(ctx context.Context, exited <-chan error) error {
	return poll(ctx, func() (bool, error) {
		select {
		case err := <-exited:
			return false, fmt.Errorf("supervisor ended (%w); %s says: %s", errors.Join(err, errSupervisorEnded), f.log(),
				f.logEnd())
		default:
			return f.running(), nil
		}
	})
}

var errSupervisorEnded = errors.New("no server came up")

// awaitOrphan waits for a PostgreSQL whose supervisor was killed to be gone. Linux has told it to stop already.
func (f folder) awaitOrphan(ctx context.Context) error {
	pid, _ := f.postmaster()
	if !isPostgres(pid) {
		return nil
	}
	// The file could name another PostgreSQL that was given the number after a reboot: it is told only if ours answers.
	if f.answers() {
		_ = syscall.Kill(pid, syscall.SIGINT) // gone already, or not ours: either way the wait below tells
	}
	err := poll(ctx, func() (bool, error) { return !isPostgres(pid), nil })
	if err != nil {
		return fmt.Errorf("an earlier postgresql (process %d) does not stop: %w", pid, err)
	}
	return nil
}

func (f folder) openLog() (*os.File, error) {
	if info, err := os.Stat(f.log()); err == nil && info.Size() > logKept {
		if err = os.Rename(f.log(), f.log()+".1"); err != nil {
			return nil, fmt.Errorf("put old log aside: %w", err)
		}
	}
	log, err := os.OpenFile(f.log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	return log, nil
}

func (f folder) logEnd() string {
	text, err := os.ReadFile(f.log())
	if err != nil {
		return "(no log)"
	}
	return strings.TrimSpace(string(text[max(0, len(text)-logQuoted):]))
}
