package severance

import (
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// WageBasis tells how the worker was paid.
type WageBasis string

// The bases.
const (
	Monthly   WageBasis = "monthly"
	Daily     WageBasis = "daily"
	PieceRate WageBasis = "piece_rate"
)

// Valid reports whether b is a known basis.
func (b WageBasis) Valid() bool { return b == Monthly || b == Daily || b == PieceRate }

// Composition is what a monthly wage base is made of.
type Composition string

// BaseAndFixedAllowance is upah pokok plus tunjangan tetap.
const BaseAndFixedAllowance Composition = "base_and_fixed_allowance"

// Valid reports whether c is a known composition.
func (c Composition) Valid() bool { return c == BaseAndFixedAllowance }

// Floor is what a piece-rate average is not below.
type Floor string

// The floors.
const (
	FloorMinimumWage Floor = "minimum_wage"
	FloorNone        Floor = "none"
)

// Valid reports whether f is a known floor.
func (f Floor) Valid() bool { return f == FloorMinimumWage || f == FloorNone }

// WageRules tells how a month of wage is found.
type WageRules struct {
	Monthly     rule.Figure[Composition] `yaml:"monthly"`
	DailyTimes  rule.Figure[int]         `yaml:"daily_times" between:"1..100"`
	PieceMonths rule.Figure[int]         `yaml:"piece_months" between:"1..100"`
	PieceFloor  rule.Figure[Floor]       `yaml:"piece_floor"`
}

// Wage is the worker's wage in whole rupiah; the fields of other bases are not looked at.
type Wage struct {
	Basis WageBasis
	// Base and Allowance are upah pokok and tunjangan tetap of a month (monthly).
	Base, Allowance money.Rupiah
	// Daily is the wage of a day (daily).
	Daily money.Rupiah
	// PieceTotal is the sum of the last months that the file asks for, twelve (piece_rate).
	PieceTotal money.Rupiah
	// Minimum is the minimum wage (UMP/UMK) of the domicile of the company; needed for piece_rate.
	Minimum money.Rupiah
}

// MonthlyWage is one month of wage as an exact fraction of rupiah.
type MonthlyWage struct {
	Exact rule.Ratio `json:"exact"`
	// RaisedToMinimum reports that the piece-rate average was below the minimum wage.
	RaisedToMinimum bool `json:"raised_to_minimum"`
	rule.Source
}

// Stated reports whether anybody has stated the wage.
func (w Wage) Stated() bool { return w != Wage{} }

// MonthOf is Month for an employer of a size: the minimum wage does not bind micro and small firms.
func (r Rules) MonthOf(w Wage, size FirmSize) (MonthlyWage, error) {
	if size.ByAgreement() {
		r.Wage.PieceFloor.Value = FloorNone
	}
	return r.Month(w)
}

// Month returns one month of wage. Faults (Invalid) with the field: severance.wage_basis_unknown,
// severance.amount_negative, severance.wage_missing, severance.minimum_wage_missing, severance.amount_too_large.
func (r Rules) Month(w Wage) (MonthlyWage, error) {
	switch w.Basis {
	case Monthly:
		return r.fromMonthly(w)
	case Daily:
		if err := amount("wage.daily", w.Daily, true); err != nil {
			return MonthlyWage{}, err
		}
		exact, err := rule.NewRatio(int64(w.Daily)*int64(r.Wage.DailyTimes.Value), 1)
		return MonthlyWage{Exact: exact, Source: r.Wage.DailyTimes.Source}, err
	case PieceRate:
		return r.fromPieces(w)
	}
	return MonthlyWage{}, fault.New(fault.Invalid, "severance.wage_basis_unknown").At("wage.basis")
}

func (r Rules) fromMonthly(w Wage) (MonthlyWage, error) {
	if err := amount("wage.base", w.Base, true); err != nil {
		return MonthlyWage{}, err
	}
	if err := amount("wage.allowance", w.Allowance, false); err != nil {
		return MonthlyWage{}, err
	}
	exact, err := rule.NewRatio(int64(w.Base)+int64(w.Allowance), 1)
	return MonthlyWage{Exact: exact, Source: r.Wage.Monthly.Source}, err
}

func (r Rules) fromPieces(w Wage) (MonthlyWage, error) {
	if err := amount("wage.piece_total", w.PieceTotal, false); err != nil {
		return MonthlyWage{}, err
	}
	average, err := rule.NewRatio(int64(w.PieceTotal), int64(r.Wage.PieceMonths.Value))
	if err != nil || r.Wage.PieceFloor.Value == FloorNone {
		return MonthlyWage{Exact: average, Source: r.Wage.PieceMonths.Source}, err
	}
	if w.Minimum == 0 {
		return MonthlyWage{}, fault.New(fault.Invalid, "severance.minimum_wage_missing").At("wage.minimum")
	}
	if err := amount("wage.minimum", w.Minimum, true); err != nil {
		return MonthlyWage{}, err
	}
	minimum, err := rule.NewRatio(int64(w.Minimum), 1)
	if err != nil || average.Compare(minimum) >= 0 {
		return MonthlyWage{Exact: average, Source: r.Wage.PieceMonths.Source}, err
	}
	return MonthlyWage{Exact: minimum, RaisedToMinimum: true, Source: r.Wage.PieceFloor.Source}, nil
}

// maxAmount keeps every product within 64 bits: 10^13 rupiah, far above any wage.
const maxAmount money.Rupiah = 10_000_000_000_000

func amount(field string, r money.Rupiah, needed bool) error {
	switch {
	case r < 0:
		return fault.New(fault.Invalid, "severance.amount_negative").At(field)
	case r > maxAmount:
		return fault.New(fault.Invalid, "severance.amount_too_large").At(field)
	case r == 0 && needed:
		return fault.New(fault.Invalid, "severance.wage_missing").At(field)
	}
	return nil
}
