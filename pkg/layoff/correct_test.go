package layoff_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/layoff"
)

// A correction is judged as a report is, and by what happened since: it takes no jobs that were saved away, tells of no
// notice to come, says why, changes something, and leaves the site and everything else where it is.
func TestWhatACorrectionMayChange(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before, edit func(*layoff.Layoff)
		code, field  string
		employer     int // facts of it that change
	}{
		"as few as were saved": {edit: func(l *layoff.Layoff) { l.PeoplePlanned = 3 }},
		"fewer than were saved": {edit: func(l *layoff.Layoff) { l.PeoplePlanned = 2 }, code: "layoff.jobs_saved",
			field: "people_planned"},
		"a number that nobody said": {edit: func(l *layoff.Layoff) { l.PeoplePlanned = 0 }, code: "layoff.jobs_saved",
			field: "people_planned"},
		"none said, none saved": {before: func(l *layoff.Layoff) { l.JobsSaved = 0 },
			edit: func(l *layoff.Layoff) { l.PeoplePlanned = 0 }},
		"a notice of today": {edit: func(l *layoff.Layoff) { l.NotifiedOn = begun }},
		"a notice of tomorrow": {edit: func(l *layoff.Layoff) { l.NotifiedOn = begun.AddDays(1) },
			code: "layoff.in_future", field: "notified_on"},
		"beside an old wrong day": {before: func(l *layoff.Layoff) { l.NotifiedOn = begun.AddDays(9) },
			edit: func(l *layoff.Layoff) { l.Reference = "2" }},
		"another wrong day": {before: func(l *layoff.Layoff) { l.NotifiedOn = begun.AddDays(9) },
			edit: func(l *layoff.Layoff) { l.NotifiedOn = begun.AddDays(8) }, code: "layoff.in_future",
			field: "notified_on"},
		"a planned day to come": {edit: func(l *layoff.Layoff) { l.PlannedOn = begun.AddDays(90) }},
		"the employer": {edit: func(l *layoff.Layoff) {
			l.Employer.Name, l.Employer.NIB = "PT Lain",
				"1234567890123"
		}, employer: 2},
		"no name": {edit: func(l *layoff.Layoff) { l.Employer.Name = " " }, code: "employer.name_missing",
			field: "employer.name"},
		"no reason there is": {edit: func(l *layoff.Layoff) { l.Reason = "lain" }, code: "layoff.reason_unknown",
			field: "reason"},
		"nothing":       {edit: func(*layoff.Layoff) {}, code: "correction.nothing"},
		"only the site": {edit: func(l *layoff.Layoff) { l.Employer.Region = "3204" }, code: "correction.nothing"},
		"the site, too": {edit: func(l *layoff.Layoff) { l.Employer.Region, l.Reference = "3204", "2" }},
		"one withdrawn": {before: func(l *layoff.Layoff) { l.State = layoff.Withdrawn },
			edit: func(l *layoff.Layoff) { l.Reference = "2" },
			code: "layoff.withdrawn"},
	} {
		s, h := serving(t, "3273")
		s.Tree = places(t)
		h.l.Employer.Name, h.l.PeoplePlanned, h.l.JobsSaved, h.l.Reference = "PT Maju", 20, 3, "1"
		h.l.PlannedOn = calendar.MustDate("2026-08-01")
		if c.before != nil {
			c.before(&h.l)
		}
		was := h.l
		op := authz.Op{Scope: authz.ScopeOver("32")}
		_, err := s.Correct(t.Context(), op, uuid.Nil, 1, layoff.Correction{Reason: " salah ketik ", Edit: c.edit})
		want(t, name, err, c.code, c.field)
		if h.l.Employer.Region != "3273" || c.code != "" && h.l.Reference != was.Reference {
			t.Errorf("%s: kept is %+v", name, h.l)
		}
		if c.code != "" {
			continue
		}
		said, _ := h.event.Payload.(layoff.Corrected)
		if h.event.Kind != layoff.LayoffCorrected || h.event.OccurredOn != begun || said.Reason != "salah ketik" ||
			said.PeopleBefore != was.PeoplePlanned || said.People != h.l.PeoplePlanned || said.PlannedBefore != was.PlannedOn {
			t.Errorf("%s: recorded %+v", name, h.event)
		}
		if put := h.event.Employer; (put != nil) != (c.employer > 0) || put != nil && len(put.Changes) != c.employer {
			t.Errorf("%s: of the employer %+v", name, put)
		}
	}
	s, _ := serving(t, "3273")
	_, err := s.Correct(t.Context(), authz.Op{}, uuid.Nil, 1, layoff.Correction{Reason: " "})
	want(t, "without a reason", err, "correction.reason_required", "correction")
}
