package officer_test

import (
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/officer"
)

// The policy: nobody judges an emergency access of their own, one that was judged stays as it was judged.
func TestAnEmergencyIsJudgedOnceAndByAnother(t *testing.T) {
	t.Parallel()
	user, auditor, another := authz.OfficerID{1}, authz.OfficerID{2}, authz.OfficerID{3}
	for _, verdict := range officer.EmergencyVerdict("").Values() {
		for _, c := range []struct {
			name   string
			before officer.Emergency
			by     authz.OfficerID
			code   string
		}{
			{"by an auditor", officer.Emergency{Officer: user}, auditor, ""},
			{"by its user", officer.Emergency{Officer: user}, user, "emergency.own"},
			{"again, by the same", officer.Emergency{Officer: user, Verdict: officer.Justified, ReviewedBy: auditor}, auditor,
				"emergency.reviewed"},
			{"again, by another", officer.Emergency{Officer: user, Verdict: officer.Unjustified, ReviewedBy: auditor}, another,
				"emergency.reviewed"},
			{"again, by its user", officer.Emergency{Officer: user, Verdict: officer.Justified, ReviewedBy: auditor}, user,
				"emergency.own"},
		} {
			after, want := c.before, c.before
			err := after.Judge(c.by, verdict, "alasan")
			if c.code == "" {
				want.Verdict, want.Remark, want.ReviewedBy = verdict, "alasan", c.by
			}
			if fault.CodeOf(err) != c.code || (err == nil) != (c.code == "") || after != want {
				t.Errorf("%s as %s: %v, %+v", c.name, verdict, err, after)
			}
		}
	}
}

// An emergency access gives something until its last instant and not in it, and nothing once it was judged.
func TestAnEmergencyIsOpenUntilItsEndOrItsVerdict(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for _, verdict := range []officer.EmergencyVerdict{"", officer.Justified, officer.Unjustified} {
		e := officer.Emergency{Verdict: verdict, OpenedAt: end.Add(-time.Hour), Until: end}
		for now, within := range map[time.Time]bool{e.OpenedAt: true, end.Add(-time.Microsecond): true, end: false,
			end.Add(time.Microsecond): false} {
			if got, want := e.OpenAt(now), within && verdict == ""; got != want {
				t.Errorf("at %s, judged %q: open %t, want %t", now, verdict, got, want)
			}
		}
	}
	if err := officer.MayOpen(true); fault.CodeOf(err) != "emergency.open_already" {
		t.Errorf("a second one: %v", err)
	}
	if err := officer.MayOpen(false); err != nil {
		t.Errorf("the only one: %v", err)
	}
}
