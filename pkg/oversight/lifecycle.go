package oversight

import (
	"slices"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
)

// cameFrom lists the states from which a finding comes to a state. Nothing leads back to open.
var cameFrom = map[FindingState][]FindingState{
	FindingAnswered: {FindingOpen},
	FindingSettled:  {FindingOpen, FindingAnswered},
}

// Move takes a finding to another state and notes by whom. A finding is answered while it is open, and settled once,
// answered or not; all else is refused (finding.state) and changes nothing.
func (f *Finding) Move(to FindingState, by authz.OfficerID) error {
	if err := f.CanMove(to); err != nil {
		return err
	}
	f.State = to
	if to == FindingAnswered {
		f.AnsweredBy = by
	} else {
		f.SettledBy = by
	}
	return nil
}

// CanMove refuses a state that the finding does not come to from where it is.
func (f *Finding) CanMove(to FindingState) error {
	if !slices.Contains(cameFrom[to], f.State) {
		return fault.New(fault.Conflict, "finding.state", "state", string(f.State))
	}
	return nil
}
