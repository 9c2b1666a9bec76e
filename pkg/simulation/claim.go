package simulation

import (
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
)

// Claim is one claim of a caseload: its facts, and what ended it.
type Claim struct {
	Province  region.Code
	Facts     jkp.Application
	DecidedOn calendar.Date
	Wage      money.Rupiah  // rupiah a month
	Missed    []int         // months whose window passed
	StopOn    calendar.Date // a job, or a death; zero when nothing ended it
	StopWith  jkp.StopReason
}

// Cell is what a month costs in a province.
type Cell struct {
	People int          // workers paid
	Cost   money.Rupiah // rupiah paid
}

// Key is a month, as its first day, and a province.
type Key struct {
	Month    calendar.Date
	Province region.Code
}

// Result is what one set of rules makes of a caseload.
type Result struct {
	Claims       int
	Eligible     int
	Ineligible   int
	Undetermined int
	Cost         money.Rupiah
	Cells        map[Key]Cell
}

// Apply assesses and pays one claim under the rules, and adds it to the result.
func (r *Result) Apply(p *jkp.Programme, cal *calendar.Calendar, c *Claim) error {
	r.Claims++
	switch p.Assess(c.Facts, c.DecidedOn).Result {
	case "eligible":
		r.Eligible++
	case "ineligible":
		r.Ineligible++
		return nil
	default:
		r.Undetermined++
		return nil
	}
	benefit := jkp.Claim{Wage: c.Wage, Reference: c.DecidedOn, Missed: c.Missed, StopOn: c.StopOn, StopWith: c.StopWith}
	schedule, err := p.Entitlement(benefit, cal)
	if err != nil {
		return err
	}
	for _, m := range schedule.Months {
		if m.State != jkp.MonthPayable {
			continue
		}
		given := m.Payment.Given
		key := Key{given.AddDays(1 - given.Day()), c.Province}
		cell := r.Cells[key]
		cell.People++
		cell.Cost += m.Payment.Amount
		r.Cells[key] = cell
	}
	r.Cost += schedule.Total
	return nil
}

// Add sums two results over different claims; the order does not matter.
func (r *Result) Add(other *Result) {
	r.Claims += other.Claims
	r.Eligible += other.Eligible
	r.Ineligible += other.Ineligible
	r.Undetermined += other.Undetermined
	r.Cost += other.Cost
	for key, cell := range other.Cells {
		mine := r.Cells[key]
		mine.People += cell.People
		mine.Cost += cell.Cost
		r.Cells[key] = mine
	}
}
