package localpg

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

const (
	tickEvery   = 250 * time.Millisecond
	retryAfter  = 500 * time.Millisecond
	retries     = 6                // launches in a row that end at once
	steadyTicks = 40               // a launch that lasts so long counts as having come up
	stopWithin  = 60 * time.Second // the last checkpoint; afterwards PostgreSQL is cut off and recovers at the next start
	claimTries  = 200
	forcedTicks = 40 // SIGTERM while the server is in use: the users are being stopped too and get this long
)

// task is what a supervisor has to run.
type task struct {
	Dir     string
	Scratch string // a cluster to clear away at the end; "" for one that is kept
	Program string
	Args    []string
	Account account
	Linger  time.Duration
}

// Supervise turns this process into the supervisor of a PostgreSQL if it was started as one, and never returns then.
// Otherwise it does nothing. It must be the first line of main and of TestMain.
func Supervise() {
	spec := os.Getenv(superviseVariable)
	if spec == "" {
		return
	}
	var t task
	err := json.Unmarshal([]byte(spec), &t)
	if err == nil {
		err = t.run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "tanggap-postgres-supervisor:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func (t task) run() error {
	// The parent-death signal belongs to the thread that made the child, so this thread must live as long as we do.
	runtime.LockOSThread()
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGUSR1, syscall.SIGHUP)
	home := folder{dir: t.Dir}
	if err := claim(home); err != nil {
		return err
	}
	lease, err := openLock(home.lease())
	if err != nil {
		return fmt.Errorf("open lease: %w", err)
	}
	k := keeper{task: t, lease: lease, signals: signals, linger: int(t.Linger / tickEvery), retries: retries}
	return errors.Join(k.run(), t.clear())
}

// clear frees what a test server leaves, which is memory as a rule.
func (t task) clear() error {
	if t.Scratch == "" {
		return nil
	}
	return os.RemoveAll(t.Scratch)
}

// claim marks this process as the supervisor of the folder until it ends: the descriptor is never closed.
func claim(home folder) error {
	mine, err := openLock(home.supervisor())
	if err != nil {
		return fmt.Errorf("open supervisor lock: %w", err)
	}
	// Those who ask whether a supervisor lives hold the lock for an instant.
	for tries := claimTries; !mine.try(exclusive); tries-- {
		if tries == 0 {
			return errors.New("another supervisor lives")
		}
		<-time.After(pollEvery)
	}
	if err = os.WriteFile(home.supervisor(), []byte(strconv.Itoa(os.Getpid())), 0o600); err != nil {
		return fmt.Errorf("write process id: %w", err)
	}
	return nil
}

// keeper keeps one PostgreSQL up while it is used.
type keeper struct {
	task    task
	lease   *lock
	signals <-chan os.Signal
	linger  int // ticks
	idle    int // ticks in a row without a user
	alive   int // ticks since the launch
	forced  int // ticks left before stopping in spite of users; 0 = no such wish
	hurry   bool
	retries int // launches left
}

func (k *keeper) run() error {
	tick := time.NewTicker(tickEvery)
	defer tick.Stop()
	for {
		process, exited, err := k.start()
		if err != nil {
			return fmt.Errorf("start postgresql: %w", err)
		}
		if stop := k.watch(tick.C, process, exited); stop {
			return halt(process, exited)
		}
		if k.lease.try(exclusive) {
			return nil // it ended unused
		}
		if k.retries--; k.retries < 0 {
			return errors.New("postgresql keeps ending")
		}
		<-time.After(retryAfter)
	}
}

// watch returns true when the server is to be stopped, false when it ended by itself.
func (k *keeper) watch(tick <-chan time.Time, process *os.Process, exited <-chan struct{}) bool {
	for k.alive = 0; ; {
		select {
		case <-exited:
			return false
		case s := <-k.signals:
			k.heed(s)
		case <-tick:
			if k.tick() {
				return true
			}
			k.hasten(process)
		}
	}
}

func (k *keeper) heed(s os.Signal) {
	switch {
	case s == syscall.SIGUSR1:
		k.hurry = true
	case s == syscall.SIGHUP: // a terminal that closed; the lease tells what counts
	case k.forced == 0:
		k.hurry, k.forced = true, forcedTicks
	default:
		k.forced = 1
	}
}

// tick says whether it is time to stop. With true from an unused server the lease stays taken until this process ends,
// so that nobody joins meanwhile.
func (k *keeper) tick() bool {
	if k.alive++; k.alive == steadyTicks {
		k.retries = retries
	}
	if k.forced > 0 {
		if k.forced--; k.forced == 0 {
			return true
		}
	}
	if !k.lease.try(exclusive) {
		k.idle = 0
		k.hurry = k.forced > 0
		return false
	}
	if k.idle++; k.hurry || k.idle > k.linger {
		return true
	}
	k.lease.release()
	return false
}

// hasten ends a PostgreSQL that somebody else told to stop. It would wait for its users, who would find it neither
// there nor gone; ended, it is started again for those who still need it.
func (k *keeper) hasten(process *os.Process) {
	home := folder{dir: k.task.Dir, durable: k.task.Scratch == ""}
	if pid, status := home.postmaster(); pid == process.Pid && status == "stopping" {
		_ = process.Signal(syscall.SIGINT) // gone already
	}
}

func (k *keeper) start() (*os.Process, <-chan struct{}, error) {
	cmd := exec.Command(k.task.Program, k.task.Args...)
	cmd.Dir, cmd.Env, cmd.Stderr = "/", environment(), os.Stderr
	cmd.SysProcAttr = bindToParent(k.task.Account.attributes())
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	exited := make(chan struct{})
	go func() {
		defer close(exited)
		if err := cmd.Wait(); err != nil {
			fmt.Fprintln(os.Stderr, "postgresql ended:", err)
		}
	}()
	return cmd.Process, exited, nil
}

// halt stops PostgreSQL: at first cutting connections and writing everything out, then at once.
func halt(process *os.Process, exited <-chan struct{}) error {
	for _, s := range []os.Signal{syscall.SIGINT, syscall.SIGQUIT} {
		if err := process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("signal postgresql: %w", err)
		}
		select {
		case <-exited:
			return nil
		case <-time.After(stopWithin):
		}
	}
	return errors.New("postgresql does not stop")
}
