package translog

import (
	"context"
	"errors"
	"time"

	"github.com/tanggap/tanggap/pkg/audit"
)

// Sink is a place outside the database where checkpoints are published. It is told every entry too, if it can keep
// them: then the verification names an entry even when every trace of it in the database is gone.
type Sink interface {
	// Place names the sink for people.
	Place() string
	// Newest is the signed checkpoint of the largest log that was ever published there, whatever the files are called
	// and whatever a clock said; nil when there is none. Its signature is not looked at. ErrDamaged when something
	// there is not as it was written; any other error means that the place cannot be read.
	Newest(ctx context.Context) ([]byte, error)
	// Kept is how many entries of the log the sink has; -1 when it keeps none.
	Kept(ctx context.Context) (int64, error)
	// Keep puts entries at a place of the log, in the stead of whatever stands there and after.
	Keep(ctx context.Context, at int64, entries []audit.LogEntry) error
	// Publish makes a signed checkpoint durable; at is its instant, which names the file and decides nothing.
	Publish(ctx context.Context, signed []byte, at time.Time) error
}

// ErrDamaged says that a published file is not as it was written.
var ErrDamaged = errors.New("the published checkpoints are damaged")
