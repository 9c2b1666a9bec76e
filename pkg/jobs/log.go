package jobs

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tanggap/tanggap/pkg/fault"
)

// Log is the log over all histories, as it is kept beside the requests.
type Log struct {
	// Seal takes the entries that wait into the log and gives its size.
	Seal func(ctx context.Context) (int64, error)
	// Publish sends a checkpoint out of the database.
	Publish func(ctx context.Context) error
	// Count tells the database for how long nothing was published.
	Count func(ctx context.Context) error
	// Stopped is why nothing can be written; nil while it can.
	Stopped func(ctx context.Context) error
	// Publishing tells how far a publication under way has come, in entries; of is 0 when there is none.
	Publishing func() (done, of int64)
	// Elapsed is a clock that is never set.
	Elapsed func() time.Duration
	// Tried, which may be nil, becomes true when the first publication has succeeded or failed.
	Tried *atomic.Bool
}

// The times of the log: what is written is in it within sealEvery, and vouched for outside within settleFor while
// more keeps coming. A checkpoint goes out every publishEvery even when nothing has, so that silence means that
// something is wrong. countFor bounds one count, so that a database which hangs does not end it. A long publication
// tells where it is every tellEvery.
const (
	sealEvery    = time.Second
	settleFor    = 5 * time.Second
	publishEvery = 45 * time.Second
	countFor     = 10 * time.Second
	tellEvery    = 10 * time.Second
)

// KeepLog seals and publishes until ctx ends, and beside that counts for how long nothing could be published: a place
// that hangs must not hold the count up. What fails is tried again; when it fails for too long, the database refuses
// to be written.
//
// Every process does so, on purpose. A routine of River would not do: it waits for a leader, up to twenty seconds after
// one died, and for a free worker, while the checkpoints must not be a minute apart; processes without workers publish,
// too; and the count has to go on when the queue stands still. A lock in the database keeps two from publishing at
// once.
func KeepLog(ctx context.Context, l Log, log *slog.Logger) {
	var group errgroup.Group
	group.Go(func() error { l.publish(ctx, log); return nil })
	group.Go(func() error { l.watch(ctx, log); return nil })
	_ = group.Wait() // neither fails
}

func (l Log) publish(ctx context.Context, log *slog.Logger) {
	state := change{log: log, bad: "the log of histories is not published",
		good: "the log of histories is published again"}
	published, at := int64(-1), time.Duration(0)
	Every(ctx, sealEvery, func() {
		size, err := l.Seal(ctx)
		now := l.Elapsed()
		// A log that is shorter than it was published is looked into at once: the publication refuses it.
		due := size != published && now-at >= settleFor || now-at >= publishEvery || size < published || published < 0
		if err == nil && due {
			if err = l.Publish(ctx); err == nil {
				published, at = size, now
			}
			if l.Tried != nil {
				l.Tried.Store(true)
			}
			state.note(ctx, err)
		} else if err != nil {
			state.note(ctx, err)
		}
	})
}

func (l Log) watch(ctx context.Context, log *slog.Logger) {
	state := change{log: log, bad: "nothing can be written", good: "writing goes on"}
	told := l.Elapsed()
	Every(ctx, sealEvery, func() {
		if done, of := l.Publishing(); of == 0 {
			told = l.Elapsed()
		} else if l.Elapsed()-told >= tellEvery {
			log.InfoContext(ctx, "publishing the log of histories", "done", done, "of", of)
			told = l.Elapsed()
		}
		counting, cancel := context.WithTimeout(ctx, countFor)
		defer cancel()
		if l.Count(counting) == nil { // a database that is away refuses to be written anyway
			state.note(ctx, l.Stopped(counting))
		}
	})
}

// change logs what changes: a fault that stays is told once, by its code, however often it is met.
type change struct {
	log       *slog.Logger
	bad, good string
	code      string // of the fault told last; empty when all is well
}

func (c *change) note(ctx context.Context, err error) {
	if ctx.Err() != nil || errors.Is(err, context.Canceled) {
		return
	}
	code := ""
	if err != nil {
		if code = fault.CodeOf(err); code == "" {
			code = "internal"
		}
	}
	switch {
	case code == c.code:
	case err != nil:
		c.log.ErrorContext(ctx, c.bad, "code", code, "error", err)
	default:
		c.log.InfoContext(ctx, c.good)
	}
	c.code = code
}
