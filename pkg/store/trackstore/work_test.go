package trackstore_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
)

// task gives a case something to do by a day.
func (b *bundle) task(t *testing.T, c casework.State, code region.Code, kind track.TaskKind, due string) {
	t.Helper()
	b.Do(t, "insert into task (case_id, region, kind, part, due_on) values ($1, $2, $3, $4, "+due+")", uuid.UUID(c.ID),
		string(code), string(kind), uuid.New())
}

// counted is how many tasks of each kind are overdue and due.
func (b *bundle) counted(t *testing.T, scope region.Code, f track.WorkFilter) string {
	t.Helper()
	list, err := b.CountWork(t.Context(), storetest.In(scope), f, storetest.Today)
	storetest.OK(t, err)
	text := ""
	for _, n := range list {
		text += fmt.Sprintf("%s %d %d; ", n.Kind, n.Overdue, n.Due)
	}
	return text
}

// What is due today is due, and overdue from tomorrow on; what is due after the last day asked for is not in the list.
func TestTheDaysOfWork(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c, other := b.OpenCase(t, "3273", 1), b.OpenCase(t, "3204", 2)
	for _, day := range []string{"2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25"} {
		b.task(t, c, "3273", track.TaskRenewal, "'"+day+"'")
	}
	b.task(t, other, "3204", track.TaskRenewal, "'2026-11-23'")
	until := storetest.Today.AddDays(1)
	for name, x := range map[string]struct {
		scope region.Code
		until calendar.Date
		want  string
	}{
		"until tomorrow":  {"3273", until, "certificate_renewal 1 2; "},
		"until today":     {"3273", storetest.Today, "certificate_renewal 1 1; "},
		"until yesterday": {"3273", storetest.Today.AddDays(-1), "certificate_renewal 1 0; "},
		"of the province": {"32", until, "certificate_renewal 1 3; "},
		"of the nation":   {"", until, "certificate_renewal 1 3; "},
		"elsewhere":       {"35", until, ""},
	} {
		kind := track.TaskRenewal
		f := track.WorkFilter{Until: x.until, Kind: &kind, Limit: 9}
		if got := b.counted(t, x.scope, f); got != x.want {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
		list, err := b.Work(t.Context(), storetest.In(x.scope), f)
		storetest.OK(t, err)
		for i, w := range list {
			if w.DueOn.After(x.until) || i > 0 && w.DueOn.Before(list[i-1].DueOn) {
				t.Errorf("%s: %s stands at place %d", name, w.DueOn, i)
			}
		}
	}
}

// Of a closed case only what is looked after afterwards is left to do: the job, the certificate, the card.
func TestTheWorkOfAClosedCase(t *testing.T) {
	t.Parallel()
	b := setup(t)
	after := map[track.TaskKind]bool{track.TaskRetention: true, track.TaskRenewal: true, track.TaskCard: true,
		track.TaskFirstCourse: false,
		track.TaskProposal:    false, track.TaskReferral: false}
	c := b.OpenCase(t, "3273", 1)
	for kind := range after {
		b.task(t, c, "3273", kind, "'2026-11-20'")
	}
	look := func(closed bool) {
		t.Helper()
		for kind, stays := range after {
			list, err := b.Work(t.Context(), storetest.In("3273"), track.WorkFilter{Until: storetest.Today, Kind: &kind,
				Limit: 9})
			storetest.OK(t, err)
			if there := len(list) == 1; there != (stays || !closed) {
				t.Errorf("closed %t: %s is there: %t", closed, kind, there)
			}
		}
	}
	look(false)
	b.Tamper(t, "update cases set stage = 'closed', outcome = 'placed', closed_on = '2026-11-21'")
	look(true)
}

// A reminder counts what is due on its day and what is overdue, once a day, and nothing ahead; of closed cases
// what the list has.
func TestWhatIsRemindedOf(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const day = "(clock_timestamp() at time zone 'Asia/Jakarta')::date"
	c, closed := b.OpenCase(t, "3273", 1), b.OpenCase(t, "3273", 2)
	for _, days := range []string{"-1", "-9", "", "+1"} {
		b.task(t, c, "3273", track.TaskProposal, day+days)
	}
	b.task(t, closed, "3273", track.TaskProposal, day)
	b.task(t, closed, "3273", track.TaskRenewal, day)
	b.Tamper(t,
		"update cases set stage = 'closed', outcome = 'placed', closed_on = opened_on where id = '"+closed.ID.String()+"'")
	storetest.OK(t, b.Remind(t.Context()))
	b.task(t, c, "3273", track.TaskFirstCourse, day) // the day has been told of
	storetest.OK(t, b.Remind(t.Context()))
	list, err := b.Reminders(t.Context(), storetest.In("32"), calendar.MustDate("2026-01-01"))
	storetest.OK(t, err)
	got := ""
	for _, r := range list {
		if r.Kind == track.TaskProposal || r.Kind == track.TaskRenewal || r.Kind == track.TaskFirstCourse {
			got += fmt.Sprintf("%s %s %d %d; ", r.Region, r.Kind, r.Overdue, r.Due)
		}
	}
	if got != "3273 certificate_renewal 0 1; 3273 proposal_answer 2 1; " {
		t.Errorf("reminded of %q", got)
	}
	if list, err = b.Reminders(t.Context(), storetest.In("3204"), calendar.MustDate("2026-01-01")); err != nil ||
		len(list) != 0 {
		t.Errorf("elsewhere: %v, %v", list, err)
	}
}
