package thr

import (
	"slices"
	"strconv"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Contract is the kind of contract; empty when nobody has said.
type Contract string

// The kinds.
const (
	Permanent Contract = "permanent"  // PKWTT
	FixedTerm Contract = "fixed_term" // PKWT
)

// Valid reports whether c is a known kind.
func (c Contract) Valid() bool { return c == Permanent || c == FixedTerm }

// Facts is what has to be known; zero and nil mean that nobody has said.
type Facts struct {
	Contract Contract
	// Start is the first day of work; ServiceMonths the whole months of service where they are stated instead.
	Start         calendar.Date
	ServiceMonths *int
	// End is the last day worked; Employed says whether the worker is still employed on the holiday.
	End      calendar.Date
	Employed *bool
	// ByEmployer says whether the employer ended the employment.
	ByEmployer *bool
	// Holiday is the day of the worker's own religious holiday.
	Holiday calendar.Date
	// Wage is one month of wage in rupiah.
	Wage *rule.Ratio
	// Agreed is what the agreement of the parties gives.
	Agreed *money.Rupiah
}

// Answer is the decision and the money.
type Answer struct {
	Decision rule.Decision
	// Exact is the amount before rounding, Amount in whole rupiah; both zero unless Known.
	Exact  rule.Ratio
	Amount money.Rupiah
	Known  bool
	// Whole is the amount for completed months only, where that is another one; WholeSource the reading that drops days.
	Whole       *money.Rupiah
	WholeSource rule.Source
	// ByAgreement reports that the agreement gives more than the law.
	ByAgreement bool
	// DueOn is the last day to pay; zero while the holiday is not known.
	DueOn   calendar.Date
	Sources []rule.Source
	Missing []string
}

// The criteria, and the facts that Missing names.
const (
	CriterionService  = "thr.min_service"
	CriterionEmployed = "thr.employed"

	FactService   = "start_on"
	FactHoliday   = "holiday_on"
	FactWage      = "month_wage"
	FactContract  = "contract"
	FactEmployed  = "employed_on_holiday"
	FactWhoEnded  = "ended_by"
	monthDays     = 30
	maxService    = 1200
	maxRupiah     = money.Rupiah(10_000_000_000_000)
	undatedMonths = -1
)

// Assess decides and gives the money. Faults (Invalid): thr.contract_unknown, thr.service_invalid,
// thr.end_before_start, thr.amount_invalid.
func (r Rules) Assess(f Facts, asOf calendar.Date) (Answer, error) {
	if err := f.check(); err != nil {
		return Answer{}, err
	}
	a := Answer{}
	if !f.Holiday.IsZero() {
		a.DueOn = f.Holiday.AddDays(-r.DueDays.Value)
	}
	months, days := f.service()
	a.Decision = rule.Decide(r.Version, asOf, []rule.Criterion{r.minService(months, &a), r.employed(f, &a)})
	if a.Decision.Result == rule.Eligible {
		return a, r.pay(f, months, days, &a)
	}
	return a, nil
}

func (f Facts) check() error {
	switch {
	case f.Contract != "" && !f.Contract.Valid():
		return fault.New(fault.Invalid, "thr.contract_unknown").At("contract")
	case f.ServiceMonths != nil && (*f.ServiceMonths < 0 || *f.ServiceMonths > maxService):
		return fault.New(fault.Invalid, "thr.service_invalid").At("service_months")
	case !f.Start.IsZero() && !f.End.IsZero() && f.End.Before(f.Start):
		return fault.New(fault.Invalid, "thr.end_before_start").At("end_on")
	case f.Agreed != nil && (*f.Agreed < 0 || *f.Agreed > maxRupiah):
		return fault.New(fault.Invalid, "thr.amount_invalid").At("agreed_amount")
	case f.Wage != nil && (f.Wage.Num() < 0 || f.Wage.Num()/f.Wage.Den() > int64(maxRupiah)):
		return fault.New(fault.Invalid, "thr.amount_invalid").At("month_wage")
	}
	return nil
}

// service is that of the day of the holiday, or of the last day worked where it comes before; months -1 when unknown.
func (f Facts) service() (months, days int) {
	after := f.Holiday // the first day that does not count
	if last := f.End; !last.IsZero() && (after.IsZero() || last.Before(after)) {
		after = last.AddDays(1)
	}
	switch {
	case f.ServiceMonths != nil:
		return *f.ServiceMonths, 0
	case f.Start.IsZero() || after.IsZero():
		return undatedMonths, 0
	case after.Before(f.Start):
		return 0, 0
	}
	return f.Start.SpanUntil(after)
}

func (a *Answer) lacks(fact string) {
	if !slices.Contains(a.Missing, fact) {
		a.Missing = append(a.Missing, fact)
	}
}

func (r Rules) minService(months int, a *Answer) rule.Criterion {
	c := rule.Criterion{
		Code: CriterionService, Inputs: map[string]string{}, Required: ">= " + strconv.Itoa(r.MinMonths.Value),
		Result: rule.Unknown, Source: r.MinMonths.Source,
	}
	if months == undatedMonths {
		a.lacks(FactService)
		return c
	}
	c.Inputs["months"] = strconv.Itoa(months)
	c.Result = rule.When(months >= r.MinMonths.Value)
	return c
}

// employed: on the holiday itself, or dismissed by the employer within the protected days and permanent.
func (r Rules) employed(f Facts, a *Answer) rule.Criterion {
	c := rule.Criterion{
		Code: CriterionEmployed, Inputs: map[string]string{}, Required: strconv.Itoa(r.ProtectedDays.Value),
		Result: rule.Unknown, Source: r.ProtectedDays.Source,
	}
	if !f.End.IsZero() {
		c.Inputs["end"] = f.End.String()
	}
	if !f.Holiday.IsZero() {
		c.Inputs["holiday"] = f.Holiday.String()
	}
	switch {
	case f.Employed != nil && *f.Employed || !f.End.IsZero() && !f.Holiday.IsZero() && !f.End.Before(f.Holiday):
		c.Result = rule.Met
	case f.Contract == FixedTerm && (f.Employed != nil || !f.End.IsZero() && !f.Holiday.IsZero()):
		c.Result, c.Source = rule.NotMet, r.FixedTermEnded.Source
	case f.ByEmployer != nil && !*f.ByEmployer && (f.Employed != nil || !f.Holiday.IsZero()):
		c.Result = rule.NotMet
	case f.Holiday.IsZero():
		a.lacks(FactHoliday)
	case f.End.IsZero():
		a.lacks(FactEmployed)
	case f.End.Before(f.Holiday.AddDays(-r.ProtectedDays.Value)):
		c.Result = rule.NotMet
	default:
		c.Result = f.protected(a)
	}
	return c
}

// protected tells of one who left within the protected days.
func (f Facts) protected(a *Answer) rule.Result {
	if f.Contract == "" {
		a.lacks(FactContract)
	}
	if f.ByEmployer == nil {
		a.lacks(FactWhoEnded)
	}
	if f.Contract == "" || f.ByEmployer == nil {
		return rule.Unknown
	}
	return rule.Met
}

// pay fills the amount: a month of wage, or in proportion; more where more was agreed.
func (r Rules) pay(f Facts, months, days int, a *Answer) error {
	a.Sources = []rule.Source{r.FullMonths.Source, r.Wage.Source}
	if f.Wage == nil {
		a.lacks(FactWage)
		return nil
	}
	whole, err := r.share(*f.Wage, months, 0)
	if err != nil {
		return err
	}
	if a.Exact, err = r.share(*f.Wage, months, days); err != nil {
		return err
	}
	if months < r.FullMonths.Value {
		a.Sources = []rule.Source{r.PerMonths.Source, r.Wage.Source}
	}
	if a.Amount, err = r.round(a.Exact); err != nil {
		return err
	}
	if whole != a.Exact {
		less, err := r.round(whole)
		if err != nil {
			return err
		}
		a.Whole, a.WholeSource, a.Sources = &less, r.PartMonth.Source, append(a.Sources, r.PartMonth.Source)
	}
	if a.Exact.Den() != 1 {
		a.Sources = append(a.Sources, r.Rounding.Source)
	}
	if a.Known = true; f.Agreed != nil && *f.Agreed > a.Amount {
		a.Exact, err = rule.NewRatio(int64(*f.Agreed), 1)
		a.Amount, a.Whole, a.ByAgreement, a.Sources = *f.Agreed, nil, true, []rule.Source{r.BetterAgreement.Source}
	}
	return err
}

// share is wage x service / per_months, and the whole wage from full_months on.
func (r Rules) share(wage rule.Ratio, months, days int) (rule.Ratio, error) {
	if months >= r.FullMonths.Value {
		return wage, nil
	}
	if r.PartMonth.Value == Dropped {
		days = 0
	}
	served, err := wage.Times(int64(months*monthDays + min(days, monthDays)))
	if err == nil {
		served, err = rule.NewRatio(served.Num(), served.Den()*monthDays*int64(r.PerMonths.Value))
	}
	if err != nil {
		return rule.Ratio{}, fault.New(fault.Invalid, "thr.amount_invalid").At("month_wage").Because(err)
	}
	return served, nil
}

func (r Rules) round(exact rule.Ratio) (money.Rupiah, error) {
	amount, err := money.Rupiah(exact.Num()).MulDiv(1, exact.Den(), r.Rounding.Value)
	if err != nil {
		return 0, fault.New(fault.Invalid, "thr.amount_invalid").At("month_wage").Because(err)
	}
	return amount, nil
}
