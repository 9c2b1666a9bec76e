package logstore

import (
	"context"
	"time"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/store"
)

// Progress is how far a publication has come, in entries.
type Progress struct{ Done, Of int64 }

// Publishing tells how far a publication under way in this process has come; of is 0 when there is none.
func (s *Log) Publishing() (done, of int64) {
	if p := s.publishing.Load(); p != nil {
		return p.Done, p.Of
	}
	return 0, 0
}

// Standing is how the log stands with the world outside.
type Standing struct {
	Size, Published int64         // entries in the log, and in the newest published one
	UnpublishedFor  time.Duration // as counted by those who publish; not by a clock
	Patience        time.Duration
	Contradiction   string    // the code of what does not agree; empty when all does
	Publishing      *Progress // of a publication under way in this process
}

// Err is why nothing can be written, as a fault with a code; nil while it can.
func (s Standing) Err() error {
	switch {
	case s.Contradiction != "":
		return fault.New(fault.Unavailable, s.Contradiction)
	case s.UnpublishedFor > s.Patience:
		return fault.New(fault.Unavailable, "history.unpublished")
	}
	return nil
}

// LogStanding tells how the log stands.
func (s *Log) LogStanding(ctx context.Context) (Standing, error) {
	st := Standing{Publishing: s.publishing.Load()}
	err := s.Pool.QueryRow(ctx, `select size, (select coalesce(max(size), 0) from log_checkpoint),
		unpublished_for, patience, coalesce(contradiction, '') from log_state`).
		Scan(&st.Size, &st.Published, &st.UnpublishedFor, &st.Patience, &st.Contradiction)
	return st, store.Translate(err)
}

// SetPatience sets for how long entries may be written while no checkpoint can be published.
func (s *Log) SetPatience(ctx context.Context, patience time.Duration) error {
	_, err := s.Pool.Exec(ctx, "update log_state set patience = $1", patience)
	return store.Translate(err)
}

// stopWriting tells the database that it does not agree with what was published. The next checkpoint that does takes
// it back.
func (s *Log) stopWriting(ctx context.Context, code string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), store.CommitGrace)
	defer cancel()
	_, err := s.Pool.Exec(ctx, "update log_state set contradiction = $1 where contradiction is distinct from $1", code)
	return store.Translate(err)
}

// Waiting counts for how long nothing was published, as one process sees it. It asks no wall clock, neither its own
// nor the database's: both can be stepped. The longest count of all processes stays in the database, so that starting
// again does not begin it anew.
type Waiting struct {
	store   *Log
	elapsed func() time.Duration
	since   time.Duration // when this count began, on the clock of elapsed
	before  time.Duration // what was counted before it began
	seen    int64         // publications when it began
}

// Waiting begins a count. elapsed is a clock that only ever goes on, such as clock.Elapsed.
func (s *Log) Waiting(elapsed func() time.Duration) *Waiting {
	return &Waiting{store: s, elapsed: elapsed, since: elapsed(), seen: -1}
}

// countFrom spares the database the count while checkpoints come and go as they should.
const countFrom = time.Minute

const countUnpublished = `with counted as (
	update log_state set unpublished_for = $2
	where publications = $1 and unpublished_for < $2 and $2 > least($3, patience / 2) returning unpublished_for
) select publications, coalesce((select unpublished_for from counted), unpublished_for) from log_state`

// Count tells the database how long it has been, and takes over what others have counted.
func (w *Waiting) Count(ctx context.Context) error {
	now := w.elapsed()
	waited := w.before + now - w.since
	var publications int64
	var longest time.Duration
	row := w.store.Pool.QueryRow(ctx, countUnpublished, w.seen, waited, countFrom)
	if err := row.Scan(&publications, &longest); err != nil {
		return store.Translate(err)
	}
	if publications != w.seen || longest > waited {
		w.seen, w.before, w.since = publications, longest, now
	}
	return nil
}
