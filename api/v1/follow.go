package v1

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/intake"
)

// follow looks at each intake once for all who follow it, however many they are.
type follow struct {
	look  func(context.Context, uuid.UUID) (intake.Intake, error)
	every time.Duration
	mu    sync.Mutex
	lists map[uuid.UUID]*followed
}

// followed is an intake that somebody follows.
type followed struct {
	followers int
	stop      context.CancelFunc
	now       intake.Intake
	gone      bool          // it cannot be looked at any more
	news      chan struct{} // closed when one of these has changed
}

func newFollow(every time.Duration, look func(context.Context, uuid.UUID) (intake.Intake, error)) *follow {
	return &follow{look: look, every: every, lists: map[uuid.UUID]*followed{}}
}

// join follows an intake, which is now as given, until leave is called.
func (f *follow) join(ctx context.Context, now intake.Intake) (l *followed, leave func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	l = f.lists[now.ID]
	if l == nil {
		l = &followed{now: now, news: make(chan struct{})}
		f.lists[now.ID] = l
		ctx, l.stop = context.WithCancel(context.WithoutCancel(ctx)) // it outlives the first follower
		go f.watch(ctx, now.ID, l)
	}
	l.followers++
	return l, func() { f.leave(now.ID, l) }
}

func (f *follow) leave(id uuid.UUID, l *followed) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if l.followers--; l.followers > 0 {
		return
	}
	l.stop()
	if f.lists[id] == l {
		delete(f.lists, id)
	}
}

// present is the intake as last seen, and what is closed when there is more to see; ok is false when there never will
// be.
func (f *follow) present(l *followed) (now intake.Intake, news <-chan struct{}, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return l.now, l.news, !l.gone
}

func (f *follow) watch(ctx context.Context, id uuid.UUID, l *followed) {
	tick := time.NewTicker(f.every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now, err := f.look(ctx, id)
		if fault.KindOf(err) == fault.Unavailable {
			continue // the database will be back
		}
		f.tell(id, l, now, err != nil)
		if err != nil || ended(now.State) {
			return
		}
	}
}

// tell lets all followers know. Nobody joins what has come to its end.
func (f *follow) tell(id uuid.UUID, l *followed, now intake.Intake, gone bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !gone && now.State == l.now.State && now.Counts == l.now.Counts {
		return
	}
	if l.gone = gone; !gone {
		l.now = now
	}
	if (gone || ended(now.State)) && f.lists[id] == l {
		delete(f.lists, id)
	}
	close(l.news)
	l.news = make(chan struct{})
}
