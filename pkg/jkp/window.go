package jkp

import (
	"strconv"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Window is when a month of the benefit has to be applied for, both days included.
type Window struct {
	Month     int
	Reference calendar.Date // the reference day (tanggal acuan) of this month
	Opens     calendar.Date
	Closes    calendar.Date
	// Certain is false when working days were counted over a year whose holidays are not published.
	Certain bool
	Version string
	rule.Source
}

// Holds reports whether day d lies in the window.
func (w Window) Holds(d calendar.Date) bool { return !d.Before(w.Opens) && !d.After(w.Closes) }

// Window returns the window of month n for the reference day that the first month has set. Month 1 is the reference day
// itself (its own limit is the claim deadline); months 2 to the last but one are open from their reference day for some
// calendar days; the last opens some working days before the end of the benefit period and closes with it.
// Faults: jkp.month_out_of_range, rule.no_version.
func (p *Programme) Window(reference calendar.Date, n int, cal *calendar.Calendar) (Window, error) {
	start, err := p.rules.At(reference)
	if err != nil {
		return Window{}, err
	}
	if n < 1 || n > start.Cash.MaxMonths.Value {
		return Window{}, fault.New(fault.Invalid, "jkp.month_out_of_range", "month", strconv.Itoa(n))
	}
	day := start.addMonths(reference, n-1)
	r, err := p.rules.At(day)
	if err != nil {
		return Window{}, err
	}
	w := Window{Month: n, Reference: day, Opens: day, Closes: day, Certain: true, Version: r.ID,
		Source: r.Monthly.WindowDays.Source}
	switch n {
	case 1:
	case r.Cash.MaxMonths.Value:
		w.Closes = r.lastDay(reference, n)
		w.Opens, w.Certain = workingDaysBefore(w.Closes, r.Monthly.LastWindowWorkingDays.Value, cal)
		w.Source = r.Monthly.LastWindowWorkingDays.Source
	default:
		w.Closes = day.AddDays(r.Monthly.WindowDays.Value)
	}
	return w, nil
}

// workingDaysBefore returns the day that lies n working days before end, and whether all holidays on the way are known.
func workingDaysBefore(end calendar.Date, n int, cal *calendar.Calendar) (calendar.Date, bool) {
	day := end
	for left := n; left > 0; {
		day = day.AddDays(-1)
		if cal.IsWorkingDay(day) {
			left--
		}
	}
	return day, cal.AddWorkingDays(day, n).Certain
}

// PaymentDue returns the last working day for paying a complete and correct application (Permenaker 2/2025 Art. 13(6)).
// Fault rule.no_version.
func (p *Programme) PaymentDue(complete calendar.Date, cal *calendar.Calendar) (calendar.Deadline, rule.Source, error) {
	r, err := p.rules.At(complete)
	if err != nil {
		return calendar.Deadline{}, rule.Source{}, err
	}
	figure := &r.Cash.PaymentWorkingDays
	return cal.AddWorkingDays(complete, figure.Value), figure.Source, nil
}
