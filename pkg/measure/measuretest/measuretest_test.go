package measuretest_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/measure/measuretest"
)

// Only the one named changes, and only from its day on.
func TestOneMeasureChangesOnADay(t *testing.T) {
	t.Parallel()
	from := calendar.MustDate("2027-01-01")
	decided, changed := measuretest.Decided(t), measuretest.Changed(t, from, "proposal_days", 8)
	was, is := decided.On(from), changed.On(from)
	if before := changed.On(from.AddDays(-1)).ProposalDays.Value; before != was.ProposalDays.Value || before == 8 {
		t.Errorf("the day before it is %d", before)
	}
	if is.ProposalDays.Value != 8 || is.ReferralDays != was.ReferralDays || is.RetentionYears != was.RetentionYears {
		t.Errorf("on the day %+v", is)
	}
}
