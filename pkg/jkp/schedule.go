package jkp

import (
	"slices"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Claim is a running benefit.
type Claim struct {
	Wage      money.Rupiah  // last wage the employer reported, rupiah a month
	RealWage  money.Rupiah  // the real one, rupiah a month; zero: as reported
	Reference calendar.Date // tanggal acuan, set by the first month
	// Given holds the day on which each month was given; index 0 is month 1. A zero or absent day means that the month is
	// planned for its reference day.
	Given    []calendar.Date
	Missed   []int         // months whose window passed without an application
	StopOn   calendar.Date // day from which nothing is given; zero = none
	StopWith StopReason
}

// StopReason says why a benefit ends early (Art. 40).
type StopReason string

// The stop reasons.
const (
	StopJob        StopReason = "job"
	StopDeath      StopReason = "death"
	StopNotClaimed StopReason = "not_claimed"
)

// Valid reports whether r is known.
func (r StopReason) Valid() bool { return codelist.Has(r) }

// Values lists the stop reasons.
func (StopReason) Values() []StopReason { return []StopReason{StopJob, StopDeath, StopNotClaimed} }

// MonthState says what becomes of a month.
type MonthState string

// The states of a month.
const (
	MonthPayable MonthState = "payable"
	MonthMissed  MonthState = "missed"  // its window passed: not paid
	MonthStopped MonthState = "stopped" // the benefit had ended
)

// Valid reports whether s is known.
func (s MonthState) Valid() bool { return s == MonthPayable || s == MonthMissed || s == MonthStopped }

// ScheduledMonth is one month of a schedule. Payment.Amount counts only when the month is payable.
type ScheduledMonth struct {
	Window  Window
	Payment Payment
	State   MonthState
	Why     StopReason // for a stopped month
}

// Schedule is the benefit of a claim, month by month; Total is the sum of the payable months, in rupiah.
type Schedule struct {
	Months []ScheduledMonth
	Total  money.Rupiah
}

// Entitlement returns all months of a claim with window, rate and amount, and their total. What a missed month ends is
// the switch missed_window_ends of the version on its reference day. Faults: jkp.reference_missing,
// jkp.stop_reason_missing, those of MonthlyPayment and Window.
func (p *Programme) Entitlement(c Claim, cal *calendar.Calendar) (Schedule, error) {
	if c.Reference.IsZero() {
		return Schedule{}, fault.New(fault.Invalid, "jkp.reference_missing")
	}
	if !c.StopOn.IsZero() && !c.StopWith.Valid() {
		return Schedule{}, fault.New(fault.Invalid, "jkp.stop_reason_missing")
	}
	rules, err := p.rules.At(c.Reference)
	if err != nil {
		return Schedule{}, err
	}
	var s Schedule
	var ended StopReason
	for n := 1; n <= rules.Cash.MaxMonths.Value; n++ {
		m, err := p.schedule(&c, n, ended, cal)
		if err != nil {
			return Schedule{}, err
		}
		switch m.State {
		case MonthPayable:
			s.Total += m.Payment.Amount
		case MonthStopped:
			ended = m.Why
		case MonthMissed:
			ended = p.endedBy(m)
		}
		s.Months = append(s.Months, m)
	}
	return s, nil
}

func (p *Programme) schedule(c *Claim, n int, ended StopReason, cal *calendar.Calendar) (ScheduledMonth, error) {
	w, err := p.Window(c.Reference, n, cal)
	if err != nil {
		return ScheduledMonth{}, err
	}
	given := w.Reference
	if n <= len(c.Given) && !c.Given[n-1].IsZero() {
		given = c.Given[n-1]
	}
	pay, err := p.MonthlyPayment(n, c.Wage, given)
	if err != nil {
		return ScheduledMonth{}, err
	}
	m := ScheduledMonth{Window: w, Payment: pay, State: MonthPayable}
	switch {
	case ended != "":
		m.State, m.Why = MonthStopped, ended
	case !c.StopOn.IsZero() && !given.Before(c.StopOn):
		m.State, m.Why = MonthStopped, c.StopWith
	case slices.Contains(c.Missed, n):
		m.State = MonthMissed
	}
	return m, nil
}

// endedBy says whether a missed month ends the whole claim.
func (p *Programme) endedBy(m ScheduledMonth) StopReason {
	r, err := p.rules.At(m.Window.Reference)
	if err == nil && r.Switches.MissedWindowEnds.Value == EndsClaim {
		return StopNotClaimed
	}
	return ""
}

// MissedWindowSource returns the source of the switch that says what a missed month ends on a day, for display.
// Fault rule.no_version.
func (p *Programme) MissedWindowSource(on calendar.Date) (MissedWindowEnds, rule.Source, error) {
	r, err := p.rules.At(on)
	if err != nil {
		return "", rule.Source{}, err
	}
	return r.Switches.MissedWindowEnds.Value, r.Switches.MissedWindowEnds.Source, nil
}
