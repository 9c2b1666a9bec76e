package intake

import (
	"slices"

	"github.com/tanggap/tanggap/pkg/fault"
)

// steps is which states an officer may ask for from each. What is not named has come to its end.
var steps = map[State][]State{
	Checking:  {Cancelled},
	Checked:   {Applying, Cancelled},
	Applying:  {Cancelled},
	Cancelled: {Applying}, // both go on where they were
	Failed:    {Applying},
}

// Start moves the intake as an officer asks. What was cancelled or has failed before its rows were judged has nothing
// to go on with. Faults intake.transition_refused and intake.nothing_to_apply.
func (in *Intake) Start(to State) error {
	unjudged := (in.State == Cancelled || in.State == Failed) && in.Counts.Total == 0
	if unjudged || !slices.Contains(steps[in.State], to) {
		return fault.New(fault.Conflict, "intake.transition_refused", "from", string(in.State), "to", string(to))
	}
	if to == Applying && in.Counts.Usable() == 0 {
		return fault.New(fault.Conflict, "intake.nothing_to_apply")
	}
	in.State, in.Refusal, in.Attempts = to, Refusal{}, 0
	in.Version++
	return nil
}

// Refuse ends the check of a file that cannot be read.
func (in *Intake) Refuse(why Refusal) {
	in.State, in.Refusal = Refused, why
	in.Version++
}

// Judge ends the check with the numbers of the rows and what was read.
func (in *Intake) Judge(c Counts, read Reading) {
	in.Reading = read
	in.State, in.Counts = Checked, Counts{Total: c.Total, Valid: c.Valid, Warned: c.Warned, Refused: c.Refused,
		Skipped: c.Skipped, Done: in.Counts.Done, Opened: in.Counts.Opened, Known: in.Counts.Known}
	in.Version++
}

// Progress counts what became of rows. An attempt that gets something done is a good one.
func (in *Intake) Progress(results []Result) {
	in.Attempts = 0
	for _, result := range results {
		in.Counts.Done++
		if result == RowOpened {
			in.Counts.Opened++
		} else {
			in.Counts.Known++
		}
	}
	in.Version++
}

// Finish ends the opening of cases: no row is left.
func (in *Intake) Finish() {
	in.State = Applied
	in.Version++
}

// Fail counts an attempt that got nothing done; with the most-th the intake has failed, of code. It tells whether there
// was anything to fail: what nobody works at any more stays as it is.
func (in *Intake) Fail(code string, most int) bool {
	if in.State != Checking && in.State != Applying {
		return false
	}
	if in.Attempts++; in.Attempts >= most {
		in.State, in.Refusal = Failed, Refusal{Code: code}
		in.Version++
	}
	return true
}
