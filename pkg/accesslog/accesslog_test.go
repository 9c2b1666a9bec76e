package accesslog_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/fault"
)

// desk is a store of which a test decides when and how it writes.
type desk struct {
	accesslog.Store
	came   chan []accesslog.Record
	answer chan error
}

func newDesk() *desk {
	return &desk{came: make(chan []accesslog.Record), answer: make(chan error)}
}

func (d *desk) RecordAccess(ctx context.Context, records []accesslog.Record) error {
	select {
	case d.came <- records:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-d.answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func recorded(t *testing.T, r *accesslog.Recorder, request string) chan error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- r.Record(t.Context(), accesslog.Record{Request: request}) }()
	return done
}

func next[T any](t *testing.T, from chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(20 * time.Second):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

// Nobody is told that a record is kept before it is, nor when it is not; all that were written together learn the same.
func TestARecordIsKeptWhenTheStoreSaysSo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err  error
		code string
	}{"kept": {nil, ""}, "not kept": {errors.New("disk"), "access.unrecorded"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk()
			r := accesslog.NewRecorder(t.Context(), d)
			done := recorded(t, r, "a")
			if got := next(t, d.came); len(got) != 1 || got[0].Request != "a" {
				t.Fatalf("got %+v", got)
			}
			select {
			case err := <-done:
				t.Fatalf("answered before the store did: %v", err)
			default:
			}
			d.answer <- c.err
			err := next(t, done)
			if fault.CodeOf(err) != c.code || c.err != nil && (fault.KindOf(err) != fault.Unavailable || !errors.Is(err,
				c.err)) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// However many come at once, each is written once and each is answered.
func TestEachRecordIsWrittenOnce(t *testing.T) {
	t.Parallel()
	const most, all = 512, 1_300 // most of one statement
	d := newDesk()
	r := accesslog.NewRecorder(t.Context(), d)
	var callers sync.WaitGroup
	for n := range all {
		callers.Go(func() {
			if err := r.Record(t.Context(), accesslog.Record{Lines: n}); err != nil {
				t.Errorf("record %d: %v", n, err)
			}
		})
	}
	seen := map[int]bool{}
	for len(seen) < all {
		together := next(t, d.came)
		if len(together) > most {
			t.Errorf("%d in one statement", len(together))
		}
		for _, record := range together {
			if seen[record.Lines] {
				t.Errorf("record %d twice", record.Lines)
			}
			seen[record.Lines] = true
		}
		d.answer <- nil
	}
	callers.Wait()
}

// Who waits too long, who goes, and who comes after the end is not told that anything is on record.
func TestWithoutAnAnswerNothingIsOnRecord(t *testing.T) {
	t.Parallel()
	t.Run("a store that hangs", func(t *testing.T) {
		t.Parallel()
		d := newDesk()
		r := accesslog.NewRecorder(t.Context(), d)
		first := recorded(t, r, "a")
		next(t, d.came)
		second := recorded(t, r, "b") // waits behind the first
		for _, done := range []chan error{first, second} {
			err := next(t, done)
			if fault.CodeOf(err) != "access.unrecorded" || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		}
	})
	t.Run("after the end", func(t *testing.T) {
		t.Parallel()
		ctx, end := context.WithCancel(t.Context())
		r := accesslog.NewRecorder(ctx, newDesk())
		end()
		if err := r.Record(t.Context(), accesslog.Record{}); fault.CodeOf(err) != "access.unrecorded" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a caller that has gone", func(t *testing.T) {
		t.Parallel()
		ctx, leave := context.WithCancel(t.Context())
		leave()
		d := newDesk()
		if err := accesslog.NewRecorder(t.Context(), d).Record(ctx,
			accesslog.Record{}); fault.CodeOf(err) != "access.unrecorded" {
			t.Errorf("got %v", err)
		}
	})
}

// The limits are those that the policy states.
func TestTheLimitsOfAnHourAreThoseOfThePolicy(t *testing.T) {
	t.Parallel()
	if accesslog.MostFiles != 200 || accesslog.MostLines != 5_000 || accesslog.MostRefusals != 100 {
		t.Errorf("%d files, %d lines, %d refusals", accesslog.MostFiles, accesslog.MostLines, accesslog.MostRefusals)
	}
}
