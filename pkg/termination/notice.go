package termination

import (
	"slices"

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

// Letter returns the clock of the letter of notice for a termination that is planned and of which no letter has come:
// its due day is the last one on which the letter can be delivered, counted back from the planned day. It has no clock
// for a reason without notice. Faults as LatestNotice.
func (p Procedure) Letter(cal *calendar.Calendar, reason Reason, planned calendar.Date) (Clock, bool, error) {
	if planned.IsZero() || slices.Contains(p.NoticeExempt.Value, reason) {
		return Clock{}, false, nil
	}
	due, err := p.LatestNotice(cal, Notice, planned)
	if err != nil {
		return Clock{}, false, err
	}
	r := p.Steps[Notice]
	c := Clock{
		Step: NoticeLetter, Starts: planned, WorkingDays: r.Limit.Value.workingDays, Due: due, Bound: AtMost, Party: Employer,
		StoppedBy: []Event{NoticeDelivered, ProbationNoticeDelivered}, Article: r.Limit.Source.String(),
		Confidence: r.Limit.Confidence, Note: r.Limit.Note,
	}
	working, err := p.LatestNotice(cal.WithJointLeaveWorking(true), Notice, planned)
	if err == nil && working.Due != due.Due {
		c.JointLeave = working.Due
	}
	return c, true, err
}

// Plan is a termination that is planned for a day; no day when it is not.
type Plan struct {
	On     calendar.Date
	Reason Reason
}

// ClocksOf gives the clocks of a history and, while the termination is only planned and no letter of notice has come,
// the last day for it in front of them. Faults as Clocks and LatestNotice.
func (p Procedure) ClocksOf(cal *calendar.Calendar, history []DatedEvent, plan Plan) ([]Clock, error) {
	clocks, err := p.Clocks(cal, history)
	if err != nil || slices.ContainsFunc(history, DatedEvent.endsWaiting) {
		return clocks, err
	}
	letter, needed, err := p.Letter(cal, plan.Reason, plan.On)
	if err != nil || !needed {
		return clocks, err
	}
	return append([]Clock{letter}, clocks...), nil
}

// endsWaiting: after a letter, and after the end of the employment, none is waited for.
func (h DatedEvent) endsWaiting() bool {
	return h.Event == NoticeDelivered || h.Event == ProbationNoticeDelivered || h.Event == Terminated
}

// FinalOn returns the day on which a judgment becomes final when no party asks for cassation: the working day after the
// term of the last of them has run out. read is the day of the reading, notified those on which absent parties received
// the notice. The law names no such day; it follows from UU 2/2004 Art. 110. Faults as Start.
func (p Procedure) FinalOn(cal *calendar.Calendar, read calendar.Date,
	notified ...calendar.Date) (calendar.Deadline, error) {
	last, err := p.Start(cal, CassationRequest, read)
	if err != nil {
		return calendar.Deadline{}, err
	}
	for _, on := range notified {
		absent, err := p.Start(cal, CassationRequestAbsent, on)
		if err != nil {
			return calendar.Deadline{}, err
		}
		if absent.Due.Due.After(last.Due.Due) {
			last = absent
		}
	}
	return cal.AddWorkingDays(last.Starts, last.WorkingDays+1), nil
}
