package localpg

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall"
	"time"
)

type lockMode int

const (
	shared    lockMode = syscall.LOCK_SH
	exclusive lockMode = syscall.LOCK_EX
)

// lock is an advisory lock on a file. It holds a bare descriptor on purpose: an *os.File is closed, and its lock lost,
// when the collector finds nobody looking at it.
type lock struct {
	fd   int
	once sync.Once
}

func openLock(path string) (*lock, error) {
	fd, err := syscall.Open(path, syscall.O_RDWR|syscall.O_CREAT|syscall.O_CLOEXEC|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return &lock{fd: fd}, nil
}

// try takes the lock if that needs no waiting.
func (l *lock) try(mode lockMode) bool {
	for {
		err := syscall.Flock(l.fd, int(mode)|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			return err == nil
		}
	}
}

// wait takes the lock, or gives up with ctx.
func (l *lock) wait(ctx context.Context, mode lockMode) error {
	return poll(ctx, func() (bool, error) { return l.try(mode), nil })
}

func (l *lock) release() {
	// Unlocking an open descriptor cannot fail, and closing it unlocks as well.
	_ = syscall.Flock(l.fd, syscall.LOCK_UN)
}

// close releases explicitly, because a child between fork and exec may still share the descriptor.
func (l *lock) close() error {
	var err error
	l.once.Do(func() {
		l.release()
		err = syscall.Close(l.fd)
	})
	return err
}

// poll asks done until it says yes or fails.
func poll(ctx context.Context, done func() (bool, error)) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait: %w", context.Cause(ctx))
		case <-tick.C:
		}
	}
}
