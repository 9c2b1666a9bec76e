package jobs

import (
	"context"
	"log/slog"
	"time"
)

// Log is the log over all histories, as it is kept beside the requests.
type Log struct {
	// Seal takes the entries that wait into the log and gives its size.
	Seal func(ctx context.Context) (int64, error)
	// Publish sends a checkpoint out of the database.
	Publish func(ctx context.Context) error
}

// The times of the log: what is written is in it within sealEvery, and vouched for outside within settleFor while more keeps
// coming. A checkpoint goes out every publishEvery even when nothing has, so that silence means that something is wrong.
const (
	sealEvery    = time.Second
	settleFor    = 5 * time.Second
	publishEvery = 45 * time.Second
)

// KeepLog seals and publishes until ctx ends. What fails is tried again; when it fails for too long, the database refuses
// to be written.
func KeepLog(ctx context.Context, l Log, log *slog.Logger) {
	tick := time.NewTicker(sealEvery)
	defer tick.Stop()
	published, at := int64(-1), time.Duration(0)
	for waited := time.Duration(0); ; waited += sealEvery {
		size, err := l.Seal(ctx)
		if err == nil && (size != published && waited-at >= settleFor || waited-at >= publishEvery || published < 0) {
			if err = l.Publish(ctx); err == nil {
				published, at = size, waited
			}
		}
		if err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "the log of histories is not published", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
