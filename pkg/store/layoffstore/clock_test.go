package layoffstore_test

import (
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

func withdrawn(on calendar.Date) layoff.Event {
	return layoff.Event{Kind: layoff.LayoffWithdrawn, OccurredOn: on, Payload: struct{}{},
		Closes: &layoff.Closing{All: true, Reason: "dicabut"}}
}

// Entries of a layoff, and of the cases that it closes, are later than those before, also when the machine's clock was
// set back in between.
func TestAClockThatWasSetBackTurnsNoHistoryRound(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	l := create(t, o, newReport("3273", "PHK-1"))
	id := caseOf(t, o, l, "3273", 1, casework.ClaimNone)
	o.Tamper(t, `update layoff set updated_at = '2099-01-01T00:00:00Z'`,
		`update cases set updated_at = '2099-01-01T00:00:00Z'`)
	want := time.Date(2099, 1, 1, 0, 0, 0, 1000, time.UTC)
	now := change(t, o, l, withdrawn(storetest.Today), func(l *layoff.Layoff) { l.State = layoff.Withdrawn })
	if !now.UpdatedAt.Equal(want) {
		t.Errorf("the layoff was changed at %s, want %s", now.UpdatedAt, want)
	}
	file, entries, err := o.Get(t.Context(), authz.Everywhere(), id)
	storetest.OK(t, err)
	if last := entries[len(entries)-1]; !file.UpdatedAt.Equal(want) || !last.RecordedAt.Equal(want) {
		t.Errorf("the case was closed at %s, its entry recorded at %s", file.UpdatedAt, last.RecordedAt)
	}
}

// A case is not closed before it was opened, whenever the layoff was withdrawn.
func TestACaseIsNotClosedBeforeItWasOpened(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	l := create(t, o, newReport("3273", "PHK-1"))
	id := caseOf(t, o, l, "3273", 1, casework.ClaimNone)
	change(t, o, l, withdrawn(calendar.MustDate("2026-10-15")), func(l *layoff.Layoff) { l.State = layoff.Withdrawn })
	file, _, err := o.Get(t.Context(), authz.Everywhere(), id)
	storetest.OK(t, err)
	if file.ClosedOn != file.OpenedOn || file.OpenedOn != calendar.MustDate("2026-11-01") {
		t.Errorf("opened on %s, closed on %s", file.OpenedOn, file.ClosedOn)
	}
}

// A layoff without a planned day counts on the day of its report.
func TestALayoffWithoutAPlannedDayCountsAsReported(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	l := newReport("3273", "PHK-1")
	l.PlannedOn = calendar.Date{}
	create(t, o, l)
	o.Tamper(t, `update layoff set created_at = '2026-12-15T03:00:00Z'`)
	for day, layoffs := range map[string]int{"2026-12-14": 0, "2026-12-15": 1, "2026-12-16": 0} {
		on := calendar.MustDate(day)
		saved, err := o.Figures(t.Context(), storetest.In("3273"), statistics.Query{Report: statistics.Prevention,
			From: &on, Until: &on})
		storetest.OK(t, err)
		if got := *saved.Rows[0].Values[0]; got != int64(layoffs) {
			t.Errorf("on %s: %d", day, got)
		}
	}
}
