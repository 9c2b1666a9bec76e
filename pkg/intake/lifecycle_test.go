package intake_test

import (
	"reflect"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/intake"
)

var states = []intake.State{intake.Checking, intake.Checked, intake.Refused, intake.Applying, intake.Applied,
	intake.Cancelled, intake.Failed}

// allowed is what an officer may ask for: from, to. Whatever is not here is refused.
var allowed = map[[2]intake.State]bool{
	{intake.Checking, intake.Cancelled}: true,
	{intake.Checked, intake.Applying}:   true,
	{intake.Checked, intake.Cancelled}:  true,
	{intake.Applying, intake.Cancelled}: true,
	{intake.Cancelled, intake.Applying}: true,
	{intake.Failed, intake.Applying}:    true,
}

func TestAnIntakeMovesAsAllowed(t *testing.T) {
	t.Parallel()
	for _, from := range states {
		for _, to := range states {
			before := intake.Intake{ID: uuid.New(), State: from, Attempts: 2, Version: 3,
				Refusal: intake.Refusal{Code: "job.right_lost"}, Counts: intake.Counts{Total: 1, Valid: 1}}
			in := before
			err := in.Start(to)
			if !allowed[[2]intake.State{from, to}] {
				if fault.CodeOf(err) != "intake.transition_refused" || fault.KindOf(err) != fault.Conflict ||
					!reflect.DeepEqual(in, before) {
					t.Errorf("%s to %s: %v, %+v", from, to, err, in)
				}
				continue
			}
			want := before
			want.State, want.Refusal, want.Attempts, want.Version = to, intake.Refusal{}, 0, 4
			if err != nil || !reflect.DeepEqual(in, want) {
				t.Errorf("%s to %s: %v, %+v", from, to, err, in)
			}
		}
	}
}

// An intake that ended before its rows were judged cannot be gone on with, nor one without a row that becomes a case.
func TestAnIntakeWithoutRowsCannotBeGoneOnWith(t *testing.T) {
	t.Parallel()
	for from, code := range map[intake.State]string{intake.Cancelled: "intake.transition_refused",
		intake.Failed: "intake.transition_refused", intake.Checked: "intake.nothing_to_apply"} {
		in := intake.Intake{State: from}
		if err := in.Start(intake.Applying); fault.CodeOf(err) != code {
			t.Errorf("%s: %v", from, err)
		}
	}
}

// The last of so many attempts is the one that fails; what nobody works at is left alone.
func TestAnIntakeFailsAfterSoManyAttempts(t *testing.T) {
	t.Parallel()
	for _, state := range states {
		in := intake.Intake{State: state, Version: 1}
		working := state == intake.Checking || state == intake.Applying
		for n := 1; n <= 3; n++ {
			want := intake.Intake{State: state, Version: 1}
			if working {
				want.Attempts = n
			}
			if working && n == 3 {
				want.State, want.Refusal, want.Version = intake.Failed, intake.Refusal{Code: "intake.failed"}, 2
			}
			if did := in.Fail("intake.failed", 3); did != working || !reflect.DeepEqual(in, want) {
				t.Errorf("%s, attempt %d: %t, %+v", state, n, did, in)
			}
		}
		if in.Fail("another", 3) && working {
			t.Errorf("%s fails again: %+v", state, in)
		}
	}
}

func TestTheWorkMovesAnIntakeOn(t *testing.T) {
	t.Parallel()
	in := intake.Intake{State: intake.Checking, Version: 1}
	in.Judge(intake.Counts{Total: 10, Valid: 4, Warned: 3, Refused: 2, Skipped: 1, Done: 99, Opened: 99, Known: 99},
		intake.Reading{Encoding: "utf-8"})
	want := intake.Intake{State: intake.Checked, Version: 2,
		Counts:  intake.Counts{Total: 10, Valid: 4, Warned: 3, Refused: 2, Skipped: 1},
		Reading: intake.Reading{Encoding: "utf-8"}}
	if !reflect.DeepEqual(in, want) || in.Counts.Usable() != 7 {
		t.Errorf("judged: %+v", in)
	}
	in.State, in.Attempts = intake.Applying, 2
	in.Progress([]intake.Result{intake.RowOpened, intake.RowKnown, intake.RowOpened})
	in.Progress([]intake.Result{intake.RowElsewhere})
	want.State, want.Version = intake.Applying, 4
	want.Counts.Done, want.Counts.Opened, want.Counts.Known = 4, 2, 2
	if !reflect.DeepEqual(in, want) {
		t.Errorf("under way: %+v", in)
	}
	in.Finish()
	want.State, want.Version = intake.Applied, 5
	if !reflect.DeepEqual(in, want) {
		t.Errorf("done: %+v", in)
	}
	refused := intake.Intake{State: intake.Checking, Version: 1}
	refused.Refuse(intake.Refusal{Code: "intake.header_missing"})
	if !reflect.DeepEqual(refused, intake.Intake{State: intake.Refused,
		Refusal: intake.Refusal{Code: "intake.header_missing"}, Version: 2}) {
		t.Errorf("refused: %+v", refused)
	}
}
