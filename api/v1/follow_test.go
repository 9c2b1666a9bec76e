package v1

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/intake"
)

// source is an intake that is looked at.
type source struct {
	mu    sync.Mutex
	now   intake.Intake
	err   error
	looks atomic.Int64
	ended atomic.Int64 // looks whose context had come to its end
}

func (s *source) look(ctx context.Context, _ uuid.UUID) (intake.Intake, error) {
	if ctx.Err() != nil {
		s.ended.Add(1)
	}
	s.looks.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now, s.err
}

func (s *source) set(now intake.Intake, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now, s.err = now, err
}

// await fails when nothing new comes.
func await(t *testing.T, news <-chan struct{}) {
	t.Helper()
	select {
	case <-news:
	case <-time.After(20 * time.Second):
		t.Fatal("nothing new is told")
	}
}

func TestAllWhoFollowAnIntakeShareOneLook(t *testing.T) {
	t.Parallel()
	now := intake.Intake{ID: uuid.New(), State: intake.Checking}
	src := &source{now: now}
	f := newFollow(10*time.Millisecond, src.look)
	const followers = 400
	first, gone := context.WithCancel(t.Context())
	l, leave := f.join(first, now)
	leaves := []func(){}
	for range followers - 1 {
		same, leave := f.join(t.Context(), now)
		if same != l {
			t.Fatal("looked at twice")
		}
		leaves = append(leaves, leave)
	}
	gone() // the look outlives who began it
	leave()
	_, news, _ := f.present(l)
	began := time.Now()
	src.set(now, fault.New(fault.Unavailable, "database.unavailable")) // which nobody is told
	for src.looks.Load() < 5 {
		<-time.After(time.Millisecond)
		if time.Since(began) > 20*time.Second {
			t.Fatal("nobody looks")
		}
	}
	changed := now
	changed.Counts.Done = 3
	src.set(changed, nil)
	await(t, news)
	seen, news, ok := f.present(l)
	if !ok || seen.Counts.Done != 3 {
		t.Errorf("told %+v, %t", seen, ok)
	}
	if most := int64(time.Since(began)/f.every) + 5; src.looks.Load() > most {
		t.Errorf("%d looks for %d followers, at most %d for one", src.looks.Load(), followers, most)
	}
	if src.ended.Load() > 0 {
		t.Error("the look ended with the first who followed")
	}
	src.set(now, errors.New("not there"))
	await(t, news)
	if _, _, ok := f.present(l); ok {
		t.Error("what is not there is followed on")
	}
	for _, leave := range leaves {
		leave()
	}
	if len(f.lists) != 0 {
		t.Error("something is followed by nobody")
	}
}

// Who comes after the end has a look of their own, and the last to leave ends it.
func TestFollowingEndsWithTheLastFollower(t *testing.T) {
	t.Parallel()
	now := intake.Intake{ID: uuid.New(), State: intake.Checking}
	src := &source{now: now}
	f := newFollow(time.Millisecond, src.look)
	l, leave := f.join(t.Context(), now)
	_, news, _ := f.present(l)
	done := now
	done.State = intake.Checked
	src.set(done, nil)
	await(t, news)
	again, leaveAgain := f.join(t.Context(), now)
	if again == l {
		t.Error("an ended look is joined")
	}
	leave()
	if f.lists[now.ID] != again {
		t.Error("who leaves the ended look ends the other")
	}
	leaveAgain()
	if len(f.lists) != 0 {
		t.Error("something is followed by nobody")
	}
}
