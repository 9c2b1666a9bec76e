package jobs

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/matching"
)

// failures are what work may fail of, how often that may be, and what the record then says.
var failures = map[string]struct {
	err  error
	most int
	says string
}{
	"a right that is gone":    {fault.New(fault.Forbidden, "job.right_lost"), 1, "job.right_lost"},
	"a file that is gone":     {fault.New(fault.Conflict, "intake.file_gone"), 1, "intake.file_gone"},
	"a value nobody can keep": {errors.New("database refused a statement: 22021"), 3, "intake.failed"},
	"a database that is away": {fault.New(fault.Unavailable, "database.unavailable"), 100, "database.unavailable"},
}

// Work that fails is tried as often as that could help; then its record says that it failed, and of what. Nothing is
// waiting to be taken up again.
func TestWorkThatCannotSucceedEnds(t *testing.T) {
	t.Parallel()
	q := setup(t)
	service := &intake.Service{Store: q.Stores}
	for name, f := range failures {
		for _, state := range []string{"checking", "applying"} {
			id := q.list(t, state)
			for n := 1; n <= f.most; n++ {
				err := attempt(t.Context(), id, func(context.Context, uuid.UUID) error { return f.err }, service.Fail)
				if !errors.Is(err, f.err) {
					t.Fatalf("%s: %v", name, err)
				}
				in, err := q.GetIntake(t.Context(), authz.Everywhere(), id)
				ok(t, err)
				if ended := in.State == intake.Failed; ended != (n == f.most) || ended && in.Refusal.Code != f.says {
					t.Fatalf("%s, %s: %s of %q after %d", name, state, in.State, in.Refusal.Code, n)
				}
			}
		}
	}
	check, apply, err := q.WaitingIntakes(t.Context(), 0)
	if err != nil || len(check)+len(apply) > 0 {
		t.Errorf("waiting to be taken up again: %d, %d, %v", len(check), len(apply), err)
	}
}

// A panic is a failure like others; being stopped, and work that is somebody else's by now, are none.
func TestWhatIsNoFailureDoesNotCount(t *testing.T) {
	t.Parallel()
	q := setup(t)
	service := &intake.Service{Store: q.Stores}
	id := q.list(t, "checking")
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for range 5 {
		_ = attempt(stopped, id, func(ctx context.Context, _ uuid.UUID) error { return ctx.Err() }, service.Fail)
		err := attempt(t.Context(), id, func(context.Context, uuid.UUID) error { return intake.NotFound() }, service.Fail)
		if cancelled := new(river.JobCancelError); !errors.As(err, &cancelled) {
			t.Errorf("not found: %v", err)
		}
	}
	for n := range limitUnknown {
		in, err := q.GetIntake(t.Context(), authz.Everywhere(), id)
		ok(t, err)
		if in.State != intake.Checking {
			t.Fatalf("%s after %d panics", in.State, n)
		}
		_ = attempt(t.Context(), id, func(context.Context, uuid.UUID) error { panic("x") }, service.Fail)
	}
	in, err := q.GetIntake(t.Context(), authz.Everywhere(), id)
	ok(t, err)
	if in.State != intake.Failed {
		t.Errorf("%s after all panics", in.State)
	}
}

// The run of a match whose officer lost the right fails with that reason; one that failed of a moment can be taken up
// at once.
func TestARunOfMatchesEndsWithItsReason(t *testing.T) {
	t.Parallel()
	q := setup(t)
	var rights error
	service := &matching.Service{Runs: q.Stores, Rights: func(context.Context, authz.OfficerID,
		authz.Action) (authz.Scope, error) {
		return authz.Everywhere(), rights
	}}
	for want, err := range map[string]error{"job.right_lost": fault.New(fault.Forbidden, "authz.forbidden"),
		"": fault.New(fault.Unavailable, "database.slow")} {
		id := uuid.New()
		q.exec(t, "insert into matching (id, officer_id, region, state) values ($1, $2, '32', 'queued')", id, q.officer)
		rights = err
		for range 2 {
			_ = attempt(t.Context(), id, service.Work, service.Fail)
		}
		r, err := q.GetRun(t.Context(), authz.Everywhere(), id)
		ok(t, err)
		if r.Failure != want || r.State != map[bool]matching.RunState{true: matching.Queued,
			false: matching.Failed}[want == ""] {
			t.Errorf("%s: %s of %q", want, r.State, r.Failure)
		}
		var attempts int
		ok(t, q.conn.QueryRow(t.Context(), "select attempts from matching where id = $1", id).Scan(&attempts))
		if want == "" && attempts != 2 {
			t.Errorf("%d attempts", attempts)
		}
	}
}
