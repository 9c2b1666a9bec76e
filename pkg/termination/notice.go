package termination

import (
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
)

// LatestNotice returns the last day on which the letter of a step with bound at_least (notice, probation_notice) can be
// delivered for a termination on the given day, as a deadline. Faults (Invalid): termination.step_unknown,
// termination.date_missing, termination.step_not_waiting for a step that is not a waiting time, and
// termination.no_notice_day when holidays leave no day within a year.
func (p Procedure) LatestNotice(cal *calendar.Calendar, s Step, termination calendar.Date) (calendar.Deadline, error) {
	c, err := p.Start(cal, s, termination)
	if err != nil {
		return calendar.Deadline{}, err
	}
	if c.Bound != AtLeast {
		return calendar.Deadline{}, fault.New(fault.Invalid, "termination.step_not_waiting", "step", string(s))
	}
	for back := c.WorkingDays; back <= c.WorkingDays+yearDays; back++ {
		day := termination.AddDays(-back)
		due := cal.AddWorkingDays(day, c.WorkingDays)
		if !due.Due.After(termination) {
			return calendar.Deadline{Due: day, Certain: due.Certain, UnknownYears: due.UnknownYears}, nil
		}
	}
	return calendar.Deadline{}, fault.New(fault.Invalid, "termination.no_notice_day", "step", string(s))
}

// yearDays bounds the search; it is arithmetic, not a figure of law.
const yearDays = 366
