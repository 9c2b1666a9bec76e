package v1

import (
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/cover"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/severance"
)

// Employment is what is said of the employment that ended, sealed with the worker: what the money hangs on.
type Employment struct {
	StartedOn     calendar.Date `json:"started_on,omitzero" doc:"First day of work"`
	Contract      string        `json:"contract,omitempty" enum:"permanent,fixed_term" doc:"PKWTT or PKWT"`
	ContractEnds  calendar.Date `json:"contract_ends,omitzero" doc:"Last day of the term of a fixed-term contract"`
	EndedBy       string        `json:"ended_by,omitempty" enum:"employer,worker"`
	FirmSize      string        `json:"firm_size,omitempty" enum:"micro,small,medium,large"`
	BaseWage      *int64        `json:"base_wage,omitempty" minimum:"1" maximum:"1000000000000" doc:"Upah pokok of a month, whole rupiah, or the wage without allowances"`
	Allowance     *int64        `json:"fixed_allowance,omitempty" minimum:"0" maximum:"1000000000000" doc:"Tunjangan tetap of a month, whole rupiah"`
	UnpaidWages   *int64        `json:"unpaid_wages,omitempty" minimum:"0" maximum:"1000000000000" doc:"Wages not paid until the last day, whole rupiah; 0 says that there are none"`
	LastPaidOn    calendar.Date `json:"last_paid_on,omitzero" doc:"A day of the last month whose wage was paid"`
	UnusedLeave   *int64        `json:"unused_leave_days,omitempty" minimum:"0" maximum:"1000"`
	WorkWeek      int           `json:"work_week_days,omitempty" enum:"5,6"`
	AgreedAmount  *int64        `json:"agreed_amount,omitempty" minimum:"0" maximum:"1000000000000" doc:"What a micro or small firm agreed with the worker, whole rupiah"`
	SeparationPay *int64        `json:"separation_pay,omitempty" minimum:"0" maximum:"1000000000000" doc:"Agreed uang pisah, whole rupiah"`
	Segment       string        `json:"jkn_segment,omitempty" enum:"wage_earner,other" doc:"How the worker was a member of JKN"`
}

// employmentOf is what is known of it; nil when nothing is.
func employmentOf(e casework.Employment) *Employment {
	if e == (casework.Employment{}) {
		return nil
	}
	return &Employment{
		StartedOn: e.StartedOn, Contract: string(e.Contract), ContractEnds: e.ContractEnds, EndedBy: string(e.EndedBy),
		FirmSize: string(e.FirmSize), BaseWage: e.BaseWage, Allowance: e.Allowance, UnpaidWages: e.UnpaidWages,
		LastPaidOn: e.LastPaidOn, UnusedLeave: e.UnusedLeave, WorkWeek: e.WorkWeek, AgreedAmount: e.AgreedAmount,
		SeparationPay: e.SeparationPay, Segment: string(e.Segment),
	}
}

// stated is what is stated of it; nothing of nil.
func (e *Employment) stated() casework.Employment {
	if e == nil {
		return casework.Employment{}
	}
	return casework.Employment{
		StartedOn: e.StartedOn, Contract: jkp.ContractType(e.Contract), ContractEnds: e.ContractEnds,
		EndedBy:  severance.Party(e.EndedBy),
		FirmSize: severance.FirmSize(e.FirmSize), BaseWage: e.BaseWage, Allowance: e.Allowance, UnpaidWages: e.UnpaidWages,
		LastPaidOn: e.LastPaidOn, UnusedLeave: e.UnusedLeave, WorkWeek: e.WorkWeek, AgreedAmount: e.AgreedAmount,
		SeparationPay: e.SeparationPay, Segment: cover.Segment(e.Segment),
	}
}

// correctEmployment puts facts of the employment right, each for itself.
type correctEmployment struct {
	StartedOn     rest.Patch[calendar.Date] `json:"started_on,omitempty" doc:"First day of work"`
	Contract      rest.Patch[string]        `json:"contract,omitempty" maxLength:"20" doc:"permanent (PKWTT) or fixed_term (PKWT)"`
	ContractEnds  rest.Patch[calendar.Date] `json:"contract_ends,omitempty" doc:"Last day of the term of a fixed-term contract"`
	EndedBy       rest.Patch[string]        `json:"ended_by,omitempty" maxLength:"20" doc:"employer or worker"`
	FirmSize      rest.Patch[string]        `json:"firm_size,omitempty" maxLength:"20" doc:"micro, small, medium or large"`
	BaseWage      rest.Patch[*int64]        `json:"base_wage,omitempty" minimum:"1" maximum:"1000000000000" doc:"Upah pokok of a month, whole rupiah, or the wage without allowances"`
	Allowance     rest.Patch[*int64]        `json:"fixed_allowance,omitempty" minimum:"0" maximum:"1000000000000" doc:"Tunjangan tetap of a month, whole rupiah"`
	UnpaidWages   rest.Patch[*int64]        `json:"unpaid_wages,omitempty" minimum:"0" maximum:"1000000000000" doc:"Wages not paid until the last day, whole rupiah; 0 says that there are none"`
	LastPaidOn    rest.Patch[calendar.Date] `json:"last_paid_on,omitempty" doc:"A day of the last month whose wage was paid"`
	UnusedLeave   rest.Patch[*int64]        `json:"unused_leave_days,omitempty" minimum:"0" maximum:"1000"`
	WorkWeek      rest.Patch[int]           `json:"work_week_days,omitempty" minimum:"5" maximum:"6"`
	AgreedAmount  rest.Patch[*int64]        `json:"agreed_amount,omitempty" minimum:"0" maximum:"1000000000000" doc:"What a micro or small firm agreed with the worker, whole rupiah"`
	SeparationPay rest.Patch[*int64]        `json:"separation_pay,omitempty" minimum:"0" maximum:"1000000000000" doc:"Agreed uang pisah, whole rupiah"`
	Segment       rest.Patch[string]        `json:"jkn_segment,omitempty" maxLength:"20" doc:"How the worker was a member of JKN: wage_earner or other"`
}

func (c *correctEmployment) edit(e *casework.Employment) {
	replace(&e.StartedOn, c.StartedOn)
	replaceCode(&e.Contract, c.Contract)
	replace(&e.ContractEnds, c.ContractEnds)
	replaceCode(&e.EndedBy, c.EndedBy)
	replaceCode(&e.FirmSize, c.FirmSize)
	replace(&e.BaseWage, c.BaseWage)
	replace(&e.Allowance, c.Allowance)
	replace(&e.UnpaidWages, c.UnpaidWages)
	replace(&e.LastPaidOn, c.LastPaidOn)
	replace(&e.UnusedLeave, c.UnusedLeave)
	replace(&e.WorkWeek, c.WorkWeek)
	replace(&e.AgreedAmount, c.AgreedAmount)
	replace(&e.SeparationPay, c.SeparationPay)
	replaceCode(&e.Segment, c.Segment)
}

// replaceCode writes a value of a list that was sent; whether it is in the list is looked at afterwards.
func replaceCode[T ~string](to *T, p rest.Patch[string]) {
	if p.Sent() {
		*to = T(p.Value())
	}
}
