package oversight_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/oversight"
)

// The office answers what is open; the auditor settles what is not settled. No other step there is, and none is taken
// twice; a refused one leaves the finding as it is, with the state in its answer.
func TestEachStepOfAFindingInEachState(t *testing.T) {
	t.Parallel()
	const open, answered, settled = oversight.FindingOpen, oversight.FindingAnswered, oversight.FindingSettled
	may := map[[2]oversight.FindingState]bool{{open, answered}: true, {open, settled}: true, {answered, settled}: true}
	first, second := authz.OfficerID{1}, authz.OfficerID{2}
	for _, from := range oversight.FindingState("").Values() {
		for _, to := range append(oversight.FindingState("").Values(), "", "closed") {
			before := oversight.Finding{State: from}
			if from != open {
				before.AnsweredBy = first
			}
			after, want := before, before
			err := after.Move(to, second)
			if may[[2]oversight.FindingState{from, to}] {
				want.State = to
				if to == answered {
					want.AnsweredBy = second
				} else {
					want.SettledBy = second
				}
				if err != nil {
					t.Errorf("%s to %s: %v", from, to, err)
				}
			} else if fault.CodeOf(err) != "finding.state" || fault.KindOf(err) != fault.Conflict {
				t.Errorf("%s to %q: got %v", from, to, err)
			}
			if after.State != want.State || after.AnsweredBy != want.AnsweredBy || after.SettledBy != want.SettledBy {
				t.Errorf("%s to %q: is %+v", from, to, after)
			}
		}
	}
}
