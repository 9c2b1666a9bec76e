package jkp

import (
	"slices"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Duties holds the duties that have a day.
type Duties struct {
	EmployerReport       rule.Figure[int] `yaml:"employer_report" between:"1..30"`       // working days
	EmployerRegistration rule.Figure[int] `yaml:"employer_registration" between:"1..90"` // calendar days
	ParticipantNumber    rule.Figure[int] `yaml:"participant_number" between:"1..30"`    // working days
	DataChange           rule.Figure[int] `yaml:"data_change" between:"1..30"`           // working days
	PlacementReport      rule.Figure[int] `yaml:"placement_report" between:"1..30"`      // working days
	TrainingReport       rule.Figure[int] `yaml:"training_report" between:"1..30"`       // working days
}

// Duty is a duty of JKP that has a day.
type Duty string

// The duties, with what starts them.
const (
	EmployerReport       Duty = "jkp_employer_report"       // the PHK
	EmployerRegistration Duty = "jkp_employer_registration" // the first day of work
	ParticipantNumber    Duty = "jkp_participant_number"    // a correct form and the first contribution
	DataChange           Duty = "jkp_data_change"           // the change
	PlacementReport      Duty = "jkp_placement_report"      // being hired with help of JKP
	TrainingReport       Duty = "jkp_training_report"       // the end of the training
	RefundRequest        Duty = "jkp_refund_request"        // the employer has paid the worker in place of BPJS
	RefundPayment        Duty = "jkp_refund_payment"        // a complete and correct request for the refund
)

// Values lists the duties.
func (Duty) Values() []Duty {
	return []Duty{EmployerReport, EmployerRegistration, ParticipantNumber, DataChange, PlacementReport, TrainingReport,
		RefundRequest, RefundPayment}
}

// Valid reports whether d is a known duty.
func (d Duty) Valid() bool { return slices.Contains(d.Values(), d) }

// Debtor is who has a duty.
type Debtor string

// The debtors.
const (
	ByEmployer    Debtor = "employer"
	ByParticipant Debtor = "worker"
	ByBPJS        Debtor = "bpjs"
)

// Term is the time that a duty leaves. One of WorkingDays, Days and Months is not zero.
type Term struct {
	Duty        Duty
	By          Debtor
	Starts      calendar.Date // not counted
	WorkingDays int
	Days        int
	Months      int
	Due         calendar.Deadline
	Strict      calendar.Date // the due day if the starting day counts: the law does not say
	JointLeave  calendar.Date // the due day if joint leave is work; zero where it is the same
	Version     string
	rule.Source
}

// TermOf returns the term of a duty that starts on a day, under the version of that day. Faults: rule.no_version,
// jkp.duty_unknown (Invalid).
func (p *Programme) TermOf(d Duty, on calendar.Date, cal *calendar.Calendar) (Term, error) {
	r, err := p.rules.At(on)
	if err != nil {
		return Term{}, err
	}
	t := Term{Duty: d, Starts: on, Version: r.ID, By: ByEmployer}
	switch d {
	case EmployerReport:
		t.workingDays(cal, &r.Duties.EmployerReport)
	case EmployerRegistration:
		t.days(&r.Duties.EmployerRegistration)
	case ParticipantNumber:
		t.By = ByBPJS
		t.workingDays(cal, &r.Duties.ParticipantNumber)
	case DataChange:
		t.workingDays(cal, &r.Duties.DataChange)
	case PlacementReport:
		t.By = ByParticipant
		t.workingDays(cal, &r.Duties.PlacementReport)
	case TrainingReport:
		t.By = ByParticipant
		t.workingDays(cal, &r.Duties.TrainingReport)
	case RefundRequest:
		t.months(r, &r.Payer.RefundRequestMonths)
	case RefundPayment:
		t.By = ByBPJS
		t.workingDays(cal, &r.Payer.RefundWorkingDays)
	default:
		return Term{}, fault.New(fault.Invalid, "jkp.duty_unknown", "duty", string(d))
	}
	return t, nil
}

func (t *Term) workingDays(cal *calendar.Calendar, f *rule.Figure[int]) {
	t.WorkingDays, t.Source = f.Value, f.Source
	t.Due = cal.AddWorkingDays(t.Starts, f.Value)
	t.Strict = cal.AddWorkingDays(t.Starts.AddDays(-1), f.Value).Due
	if working := cal.WithJointLeaveWorking(true).AddWorkingDays(t.Starts, f.Value).Due; working != t.Due.Due {
		t.JointLeave = working
	}
}

func (t *Term) days(f *rule.Figure[int]) {
	t.Days, t.Source = f.Value, f.Source
	t.Due = calendar.Deadline{Due: t.Starts.AddDays(f.Value), Certain: true}
	t.Strict = t.Due.Due.AddDays(-1)
}

func (t *Term) months(r *Rules, f *rule.Figure[int]) {
	t.Months, t.Source = f.Value, f.Source
	t.Due = calendar.Deadline{Due: r.lastDay(t.Starts, f.Value), Certain: true}
	t.Strict = r.addMonths(t.Starts, f.Value).AddDays(-1)
}
