package jkp

import (
	"strconv"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Payment is the cash benefit of one month.
type Payment struct {
	Month   int           // 1 is the first
	Given   calendar.Date // the day that selects the rate
	Rate    rule.Ratio    // under pro_rata the mean of the days
	Base    money.Rupiah  // the reported wage, capped
	Exact   rule.Ratio    // rupiah before rounding
	Amount  money.Rupiah  // rupiah after rounding
	Version string
	rule.Source
}

// MonthlyPayment returns the benefit of month n (from 1) for the last wage that the employer reported to BPJS
// Ketenagakerjaan, given on a day. The rate belongs to the payment: the version in force on the day given decides it
// (Permenaker 2/2025 Art. II(3)). Faults: jkp.month_out_of_range, jkp.wage_missing (wage not above zero),
// rule.no_version.
func (p *Programme) MonthlyPayment(n int, wage money.Rupiah, given calendar.Date) (Payment, error) {
	r, err := p.rules.At(given)
	if err != nil {
		return Payment{}, err
	}
	if n < 1 || n > r.Cash.MaxMonths.Value {
		return Payment{}, fault.New(fault.Invalid, "jkp.month_out_of_range", "month", strconv.Itoa(n))
	}
	if wage <= 0 {
		return Payment{}, fault.New(fault.Invalid, "jkp.wage_missing")
	}
	pay := Payment{
		Month: n, Given: given, Rate: r.Cash.Rates.Value[n-1], Base: min(wage, r.Cash.WageCap.Value),
		Version: r.ID, Source: r.Cash.Rates.Source,
	}
	if p.transition.StraddlingMonth.Value == ProRata {
		if err := p.spread(&pay, r); err != nil {
			return Payment{}, err
		}
	}
	if pay.Exact, err = pay.Rate.Times(int64(pay.Base)); err != nil {
		return Payment{}, err
	}
	pay.Amount, err = round(pay.Exact, r.Switches.Rounding.Value)
	return pay, err
}

// spread sets the rate of a month that begins under r and ends under the next version to the mean of its days.
func (p *Programme) spread(pay *Payment, r *Rules) error {
	end := r.addMonths(pay.Given, 1)
	if r.ValidUntil.IsZero() || !r.ValidUntil.Before(end) {
		return nil
	}
	next, err := p.rules.At(r.ValidUntil)
	if err != nil {
		return err
	}
	before, days := int64(pay.Given.DaysUntil(r.ValidUntil)), int64(pay.Given.DaysUntil(end))
	first, err := pay.Rate.Times(before)
	if err != nil {
		return err
	}
	second, err := next.Cash.Rates.Value[pay.Month-1].Times(days - before)
	if err != nil {
		return err
	}
	sum, err := first.Plus(second)
	if err != nil {
		return err
	}
	pay.Rate, err = rule.NewRatio(sum.Num(), sum.Den()*days)
	pay.Source = p.transition.StraddlingMonth.Source
	return err
}

func round(exact rule.Ratio, how money.Rounding) (money.Rupiah, error) {
	return money.Rupiah(exact.Num()).MulDiv(1, exact.Den(), how)
}

// Contribution is the JKP contribution of one month. The worker pays no part of it beyond WorkerShare (0).
type Contribution struct {
	Month       Month
	Rate        rule.Ratio
	Base        money.Rupiah // the wage, capped
	Exact       rule.Ratio   // rupiah before rounding
	Amount      money.Rupiah // rupiah
	WorkerShare rule.Ratio
	Version     string
	rule.Source
}

// Contribution returns the contribution of a month for a wage in rupiah, of the capped wage. Faults: jkp.wage_missing,
// rule.no_version. Which version holds in the month of a change is a switch.
func (p *Programme) Contribution(month Month, wage money.Rupiah) (Contribution, error) {
	day, err := month.First()
	if err != nil {
		return Contribution{}, err
	}
	if p.transition.ContributionMonthAtBoundary.Value == LastDay {
		day = day.AddMonths(1).AddDays(-1)
	}
	r, err := p.rules.At(day)
	if err != nil {
		return Contribution{}, err
	}
	if wage <= 0 {
		return Contribution{}, fault.New(fault.Invalid, "jkp.wage_missing")
	}
	figures := &r.Contribution
	c := Contribution{
		Month: month, Rate: figures.Rate.Value, Base: min(wage, figures.BaseCap.Value),
		WorkerShare: figures.Worker.Value, Version: r.ID, Source: figures.Rate.Source,
	}
	if c.Exact, err = c.Rate.Times(int64(c.Base)); err != nil {
		return Contribution{}, err
	}
	c.Amount, err = round(c.Exact, r.Switches.Rounding.Value)
	return c, err
}
