package assessment

import (
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/thr"
)

// THR are the facts of a worker for the religious holiday allowance (Permenaker 6/2016).
type THR struct {
	Contract      string        `json:"contract,omitempty" enum:"permanent,fixed_term" doc:"PKWTT or PKWT"`
	StartOn       calendar.Date `json:"start_on,omitzero" doc:"First day of work"`
	ServiceMonths *int          `json:"service_months,omitempty" minimum:"0" maximum:"1200" doc:"Whole months of service, instead of start_on"`
	EndOn         calendar.Date `json:"end_on,omitzero" doc:"Last day worked"`
	Employed      *bool         `json:"employed_on_holiday,omitempty" doc:"Still employed on the holiday"`
	EndedBy       string        `json:"ended_by,omitempty" enum:"employer,worker"`
	HolidayOn     calendar.Date `json:"holiday_on,omitzero" doc:"Day of the worker's own religious holiday"`
	MonthWage     *int64        `json:"month_wage,omitempty" minimum:"0" maximum:"1000000000000" doc:"Base wage and fixed allowance of a month, or the wage without allowances"`
	EarnedTotal   *int64        `json:"earned_total,omitempty" minimum:"0" maximum:"1000000000000" doc:"Casual daily worker: wages of the last twelve months, or of the months worked"`
	EarnedMonths  int           `json:"earned_months,omitempty" minimum:"1" maximum:"12" doc:"Months in which earned_total was earned; 12 by default"`
	AgreedAmount  *int64        `json:"agreed_amount,omitempty" minimum:"0" maximum:"1000000000000" doc:"What the agreement, the company's rules or custom give; more than the law prevails"`

	exact *rule.Ratio // a month of wage that is no whole rupiah
}

func (f THR) facts() (thr.Facts, error) {
	out := thr.Facts{
		Contract: thr.Contract(f.Contract), Start: f.StartOn, ServiceMonths: f.ServiceMonths, End: f.EndOn,
		Employed: f.Employed,
		Holiday:  f.HolidayOn, Agreed: rupiah(f.AgreedAmount),
	}
	switch f.EndedBy {
	case "":
	case "employer", "worker":
		out.ByEmployer = new(f.EndedBy == "employer")
	default:
		return out, unknownValue("ended_by", "employer, worker")
	}
	if out.Wage = f.exact; out.Wage != nil {
		return out, nil
	}
	months := int64(1)
	amount := f.MonthWage
	if amount == nil {
		amount = f.EarnedTotal
		if months = int64(f.EarnedMonths); months == 0 {
			months = 12
		}
	}
	if amount == nil {
		return out, nil
	}
	wage, err := rule.NewRatio(*amount, months)
	out.Wage = &wage
	return out, err
}

// Assess decides whether THR is owed and gives it. Faults (Invalid, with the field): input.one_of, those of
// thr.Rules.Assess, rule.no_version.
func (f THR) Assess(p *Programmes, l rule.Language, today calendar.Date) (Answer, error) {
	facts, err := f.facts()
	if err != nil {
		return Answer{}, err
	}
	found, err := p.THR.Assess(facts, today)
	if err != nil {
		return Answer{}, err
	}
	d := found.Decision
	a := Answer{Decision: p.DecisionOf(d, l), Parts: []Part{}, Complete: d.Result != rule.Undetermined,
		Missing: found.Missing}
	if d.Result == rule.Eligible {
		part := p.part("thr.amount", int64(found.Amount), found.Known, d.Version, found.Sources, l)
		part.Agreed = found.ByAgreement
		if found.Whole != nil {
			part.Otherwise = []Other{{Reading: "part_month_dropped", Amount: int64(*found.Whole),
				Article: found.WholeSource.String(), Note: found.WholeSource.Note}}
		}
		a.add(part)
	}
	if !found.DueOn.IsZero() && d.Result == rule.Eligible {
		a.Dates = []DueDate{p.dueDate("thr.due", found.DueOn, calendar.Date{}, found.Sources[:1], l)}
	}
	return a, nil
}

// part is a part of the money that rests on sources.
func (p *Programmes) part(code string, amount int64, known bool, version string, sources []rule.Source,
	l rule.Language) Part {
	where, confidence := rule.Places(sources)
	return Part{
		Code: code, Text: p.text(code, l), Amount: amount, Known: known, Version: version, Article: where,
		Confidence: string(confidence), Unverified: confidence.Unverified(),
	}
}

// dueDate is a day that rests on sources.
func (p *Programmes) dueDate(code string, on, otherwise calendar.Date, sources []rule.Source, l rule.Language) DueDate {
	where, confidence := rule.Places(sources)
	return DueDate{
		Code: code, Text: p.text(code, l), On: on, Otherwise: otherwise, Article: where, Confidence: string(confidence),
		Unverified: confidence.Unverified(),
	}
}
