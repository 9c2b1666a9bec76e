package assessment

import (
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/termination"
)

// Clock is a time limit of the law.
type Clock struct {
	Step         string                  `json:"step"`
	Starts       calendar.Date           `json:"starts" doc:"Day of the event that started it; it is not counted. Of notice_letter the planned day, from which it is counted back"`
	WorkingDays  int                     `json:"working_days,omitempty"`
	Days         int                     `json:"days,omitempty" doc:"Calendar days"`
	Months       int                     `json:"months,omitempty"`
	DueOn        calendar.Date           `json:"due_on"`
	Party        string                  `json:"party" doc:"Who has to act before it is over"`
	StartedBy    string                  `json:"started_by,omitempty" doc:"Event that started it"`
	Certain      bool                    `json:"certain" doc:"False when a year without published holidays was crossed: the due day is the earliest possible one"`
	StrictDueOn  calendar.Date           `json:"strict_due_on,omitzero" doc:"Due day if the day of the event counts: the law does not say. Where a right is lost, keep to this one"`
	JointLeaveOn calendar.Date           `json:"joint_leave_due_on,omitzero" doc:"Due day if joint leave (cuti bersama) is work: the law does not say. Absent where it is the same"`
	Bound        termination.Bound       `json:"bound"`
	StoppedBy    string                  `json:"stopped_by,omitempty" doc:"Event that is meant to stop it"`
	AlsoStopped  []string                `json:"also_stopped_by,omitempty" doc:"Other events that end it"`
	StoppedOn    calendar.Date           `json:"stopped_on,omitzero"`
	State        termination.State       `json:"state"`
	Silence      termination.Consequence `json:"silence,omitempty" doc:"What follows when the event does not come"`
	Article      string                  `json:"article"`
	Confidence   string                  `json:"confidence"`
	Unverified   bool                    `json:"unverified"`
	Note         string                  `json:"note,omitempty"`
}

// ClockOf gives a clock of the procedure as it stands.
func ClockOf(c termination.Clock, stopped calendar.Date, state termination.State) Clock {
	out := Clock{Step: string(c.Step), Party: string(c.Party), StartedBy: string(c.StartedBy), Starts: c.Starts,
		WorkingDays: c.WorkingDays, Months: c.Months, DueOn: c.Due.Due, Certain: c.Due.Certain, StrictDueOn: c.Strict,
		JointLeaveOn: c.JointLeave, Bound: c.Bound, StoppedBy: string(c.StoppedBy[0]), StoppedOn: stopped,
		State: state, Silence: c.Silence, Article: c.Article, Confidence: string(c.Confidence),
		Unverified: c.Confidence.Unverified(), Note: c.Note}
	for _, e := range c.StoppedBy[1:] {
		out.AlsoStopped = append(out.AlsoStopped, string(e))
	}
	return out
}

// clockOfDuty gives the term of a duty of JKP as it stands on a day. Nobody has said whether it was done.
func clockOfDuty(t jkp.Term, asOf calendar.Date) Clock {
	plain := termination.Clock{Due: t.Due, Bound: termination.AtMost}
	return Clock{Step: string(t.Duty), Party: string(t.By), Starts: t.Starts, WorkingDays: t.WorkingDays, Days: t.Days,
		Months: t.Months, DueOn: t.Due.Due, Certain: t.Due.Certain, StrictDueOn: t.Strict, JointLeaveOn: t.JointLeave,
		Bound: termination.AtMost, State: plain.State(asOf, calendar.Date{}), Article: t.Source.String(),
		Confidence: string(t.Confidence), Unverified: t.Source.Unverified(), Note: t.Note}
}
