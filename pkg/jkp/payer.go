package jkp

import (
	"slices"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Payer is who owes the cash to the worker.
type Payer string

// The payers.
const (
	BPJS          Payer = "bpjs"           // BPJS Ketenagakerjaan, month by month
	EmployerFirst Payer = "employer_first" // month by month; BPJS Ketenagakerjaan gives it back when all debts are paid
	EmployerOwes  Payer = "employer"       // all at once, for good
	Nobody        Payer = "nobody"         // an exempt firm that never registered the worker
)

// Values lists the payers.
func (Payer) Values() []Payer { return []Payer{BPJS, EmployerFirst, EmployerOwes, Nobody} }

// Valid reports whether p is known.
func (p Payer) Valid() bool { return slices.Contains(p.Values(), p) }

// PayerFigures says who pays: the debts of the employer move the payer and never end the right.
type PayerFigures struct {
	Settled                rule.Figure[Payer]      `yaml:"settled"`
	ArrearsMonths          rule.Figure[int]        `yaml:"arrears_months" between:"1..60"` // in a row
	BeyondArrears          rule.Figure[Payer]      `yaml:"beyond_arrears"`
	ScatteredArrears       rule.Figure[Payer]      `yaml:"scattered_arrears"`
	InsolventArrearsMonths *rule.Figure[int]       `yaml:"insolvent_arrears_months" between:"1..60"`
	BeyondInsolvent        *rule.Figure[Payer]     `yaml:"beyond_insolvent"`
	Unregistered           rule.Figure[Payer]      `yaml:"unregistered"`
	UnregisteredConditions rule.Figure[Conditions] `yaml:"unregistered_conditions"`
	ExemptSizes            rule.Figure[[]FirmSize] `yaml:"exempt_sizes"`
	UnderReported          rule.Figure[Payer]      `yaml:"underreported"`
	AtOnceCap              rule.Figure[AtOnceCap]  `yaml:"at_once_cap"`
	RefundRequestMonths    rule.Figure[int]        `yaml:"refund_request_months" between:"1..24"`
	RefundWorkingDays      rule.Figure[int]        `yaml:"refund_working_days" between:"1..60"`

	rule.Optional `yaml:",inline"`
}

// Conditions are what a claim on an employer who never registered the worker has to fulfil besides.
type Conditions string

// NoConditions is the one reading.
const NoConditions Conditions = "none"

// Valid reports whether c is known.
func (c Conditions) Valid() bool { return c == NoConditions }

// AtOnceCap says whether the cap of the wage holds for what an employer owes at once.
type AtOnceCap string

// The readings of the cap.
const (
	Capped   AtOnceCap = "capped"
	Uncapped AtOnceCap = "uncapped"
)

// Valid reports whether c is known.
func (c AtOnceCap) Valid() bool { return c == Capped || c == Uncapped }

// ofRegistered are the criteria that only a worker who is registered in JKP can fulfil.
var ofRegistered = map[string]bool{
	"jkp.required_programmes": true, "jkp.contribution_months": true, "jkp.contribution_consecutive": true,
	"jkp.evidence":        true,
	"jkp.willing_to_work": true, "jkp.bank_account": true, "jkp.termination_reported": true,
	"jkp.employer_deactivated": true,
	"jkp.no_other_job":         true, "jkp.claim_deadline": true, "jkp.claim_count": true, "jkp.claim_gap": true,
}

// registered: what is stated, or yes when there is a day of registration or a month paid.
func (app *Application) registered() Answer {
	if app.Registered == "" && (!app.RegisteredOn.IsZero() || len(app.Contributions) > 0) {
		return Yes
	}
	return app.Registered
}

// Paying is who pays a claim and where that stands. Payer is empty while Missing names a fact that decides it.
type Paying struct {
	Payer   Payer
	Missing string
	rule.Source
}

// PayerUnder says who pays the cash of a claim under the version with the id. Fault rule.version_unknown (Invalid).
func (p *Programme) PayerUnder(version string, app Application) (Paying, error) {
	rules, err := p.byID(version)
	if err != nil {
		return Paying{}, err
	}
	return rules.Payer.of(&app), nil
}

func (f *PayerFigures) of(app *Application) Paying {
	switch registered := app.registered(); {
	case registered == "":
		return Paying{Missing: "registered", Source: f.Unregistered.Source}
	case registered == No && !app.FirmSize.Valid():
		return Paying{Missing: "firm_size", Source: f.ExemptSizes.Source}
	case registered == No && slices.Contains(f.ExemptSizes.Value, app.FirmSize):
		return Paying{Payer: Nobody, Source: f.ExemptSizes.Source}
	case registered == No:
		return paying(&f.Unregistered)
	case app.ArrearsMonths == nil:
		return Paying{Missing: "arrears_months", Source: f.ArrearsMonths.Source}
	}
	return f.inArrears(app, *app.ArrearsMonths)
}

// inArrears: for a firm that is bankrupt or closed another limit holds, in the versions that have one.
func (f *PayerFigures) inArrears(app *Application, months int) Paying {
	limit := f.InsolventArrearsMonths
	switch {
	case months == 0:
		return paying(&f.Settled)
	case limit != nil && app.Insolvent == Yes && months <= limit.Value:
		return Paying{Payer: BPJS, Source: limit.Source}
	case limit != nil && app.Insolvent == Yes:
		return paying(f.BeyondInsolvent)
	case months <= f.ArrearsMonths.Value:
		return Paying{Payer: BPJS, Source: f.ArrearsMonths.Source}
	case limit != nil && app.Insolvent == "":
		return Paying{Missing: "insolvent", Source: limit.Source}
	case app.ArrearsInARow == No:
		return paying(&f.ScatteredArrears)
	}
	return paying(&f.BeyondArrears)
}

func paying(f *rule.Figure[Payer]) Paying { return Paying{Payer: f.Value, Source: f.Source} }

// payer: a claim has somebody who pays it; only an exempt firm that never registered the worker leaves none.
func (a *assessment) payer() {
	app := a.app
	who := a.rules.Payer.of(app)
	a.add("jkp.payer", who.Source, a.rules.required.payers, unlessMissing(who.Payer == "", who.Payer != Nobody),
		"payer", string(who.Payer), "registered", string(app.registered()), "arrears_months", number(app.ArrearsMonths),
		"arrears_in_a_row", string(app.ArrearsInARow), "insolvent", string(app.Insolvent))
}

// Debt is what the employer owes at once. Amount is by the reading that the file has chosen; Other is what comes out
// under the other reading of the cap, and the same where the wage lies below it.
type Debt struct {
	Amount, Other money.Rupiah // rupiah
	Version       string
	rule.Source               // of the duty
	Cap           rule.Source // of the cap
}

// Unverified reports whether the amount hangs on an open question: the law does not say whether the cap holds.
func (d Debt) Unverified() bool {
	return d.Source.Unverified() || d.Amount != d.Other && d.Cap.Unverified()
}

// OwedUnregistered returns what an employer who never registered the worker owes at once (Art. 37(1)): the cash of all
// months under the version with the id, for the real wage. Faults: jkp.wage_missing, rule.version_unknown.
func (p *Programme) OwedUnregistered(version string, wage money.Rupiah) (Debt, error) {
	rules, err := p.byID(version)
	if err != nil {
		return Debt{}, err
	}
	return rules.debt(rules.Payer.Unregistered.Source, wage, nil)
}

// Shortfall returns what an employer who reported too low a wage owes at once (Art. 23): the months of the schedule for
// the real wage less those for the reported one, whatever becomes of a month later. Faults as MonthlyPayment.
func (p *Programme) Shortfall(version string, s Schedule, realWage money.Rupiah) (Debt, error) {
	rules, err := p.byID(version)
	if err != nil {
		return Debt{}, err
	}
	return rules.debt(rules.Payer.UnderReported.Source, realWage, s.Months)
}

// debt sums up the months for a wage, with the cap and without it, less what the schedule has; a nil schedule has
// nothing and takes the rates of the version.
func (r *Rules) debt(source rule.Source, wage money.Rupiah, months []ScheduledMonth) (Debt, error) {
	if wage <= 0 {
		return Debt{}, fault.New(fault.Invalid, "jkp.wage_missing")
	}
	capped, uncapped, err := r.sums(wage, months)
	if err != nil {
		return Debt{}, err
	}
	d := Debt{Amount: capped, Other: uncapped, Version: r.ID, Source: source, Cap: r.Payer.AtOnceCap.Source}
	if r.Payer.AtOnceCap.Value == Uncapped {
		d.Amount, d.Other = uncapped, capped
	}
	return d, nil
}

func (r *Rules) sums(wage money.Rupiah, months []ScheduledMonth) (capped, uncapped money.Rupiah, err error) {
	for i, rate := range r.Cash.Rates.Value {
		var paid money.Rupiah
		if i < len(months) {
			rate, paid = months[i].Payment.Rate, months[i].Payment.Amount
		}
		below, err := rate.Of(min(wage, r.Cash.WageCap.Value), r.Switches.Rounding.Value)
		if err != nil {
			return 0, 0, err
		}
		whole, err := rate.Of(wage, r.Switches.Rounding.Value)
		if err != nil {
			return 0, 0, err
		}
		capped, uncapped = capped+max(0, below-paid), uncapped+max(0, whole-paid)
	}
	return capped, uncapped, nil
}

// payersText is what the criterion of the payer asks: any of them but nobody.
func payersText() string {
	text := ""
	for _, p := range Payer("").Values() {
		if p != Nobody {
			text += ", " + string(p)
		}
	}
	return text[2:]
}
