package assessment

import (
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/termination"
)

// Wage is a wage in whole rupiah; only the fields of its basis are looked at.
type Wage struct {
	Basis      string `json:"basis,omitempty" enum:"monthly,daily,piece_rate" doc:"monthly by default"`
	Base       int64  `json:"base,omitempty" minimum:"0" maximum:"1000000000000" doc:"Upah pokok of a month"`
	Allowance  int64  `json:"allowance,omitempty" minimum:"0" maximum:"1000000000000" doc:"Tunjangan tetap of a month"`
	Daily      int64  `json:"daily,omitempty" minimum:"0" maximum:"1000000000000" doc:"Wage of a day"`
	PieceTotal int64  `json:"piece_total,omitempty" minimum:"0" maximum:"1000000000000" doc:"Piece-rate wages of the last twelve months together"`
	Minimum    int64  `json:"minimum,omitempty" minimum:"0" maximum:"1000000000000" doc:"UMP or UMK of the place of work, for piece rate"`
}

func (w Wage) stated() severance.Wage {
	basis := severance.WageBasis(w.Basis)
	if basis == "" {
		basis = severance.Monthly
	}
	return severance.Wage{Basis: basis, Base: money.Rupiah(w.Base), Allowance: money.Rupiah(w.Allowance), Daily: money.Rupiah(w.Daily),
		PieceTotal: money.Rupiah(w.PieceTotal), Minimum: money.Rupiah(w.Minimum)}
}

// Severance are the facts of one termination of a permanent contract (PP 35/2021 Art. 40-57).
type Severance struct {
	Reason        string        `json:"reason" maxLength:"60" doc:"Code of PP 35/2021, such as EFFICIENCY_LOSS"`
	StartOn       calendar.Date `json:"start_on" doc:"First day of work"`
	EndOn         calendar.Date `json:"end_on" doc:"Day on which the employment ends; it chooses the version of the rules"`
	Wage          Wage          `json:"wage"`
	Rights        []RightItem   `json:"rights,omitempty" maxItems:"20" doc:"Uang penggantian hak as stated; an empty list says that there is nothing"`
	SeparationPay *int64        `json:"separation_pay,omitempty" minimum:"0" maximum:"1000000000000" doc:"Agreed uang pisah"`
	CausedLoss    *bool         `json:"caused_loss,omitempty" doc:"The worker's act caused the firm a loss; asked for DETAINED_6M and CONVICTED"`
	Offers        []Offer       `json:"offers,omitempty" maxItems:"20" doc:"What the employer offers, to be compared"`
}

// RightItem is an item of uang penggantian hak.
type RightItem struct {
	Kind   string `json:"kind" enum:"unused_leave,fare_home,agreed,housing_medical"`
	Amount int64  `json:"amount" minimum:"0" maximum:"1000000000000" doc:"Whole rupiah"`
}

// Offer is what somebody says that a part amounts to.
type Offer struct {
	Kind   string `json:"kind" enum:"severance_pay,service_pay,rights_compensation,separation_pay"`
	Amount int64  `json:"amount" minimum:"0" maximum:"1000000000000" doc:"Whole rupiah"`
}

// Assess gives the parts of the money and compares the offers with them. Faults as severance.Rules.Assess.
func (f Severance) Assess(p *Programmes, l rule.Language, _ calendar.Date) (Answer, error) {
	facts := severance.Facts{Reason: termination.Reason(f.Reason), Start: f.StartOn, End: f.EndOn, Wage: f.Wage.stated(), RightsKnown: f.Rights != nil,
		SeparationPay: rupiah(f.SeparationPay), CausedLoss: f.CausedLoss}
	for _, r := range f.Rights {
		facts.Rights = append(facts.Rights, severance.Right{Kind: severance.RightKind(r.Kind), Amount: money.Rupiah(r.Amount)})
	}
	found, err := p.Severance.Assess(facts)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Decision: Decision{Programme: severance.Programme, Version: found.Version, AsOf: f.EndOn.String(), Result: string(rule.Eligible), Criteria: []Criterion{}},
		Parts: []Part{}, Complete: true, AtLeast: found.AtLeast}
	for _, part := range found.Parts {
		a.add(p.severancePart(part, found.Version, l))
	}
	offers := make([]severance.Offer, len(f.Offers))
	for i, o := range f.Offers {
		offers[i] = severance.Offer{Kind: severance.PartKind(o.Kind), Amount: money.Rupiah(o.Amount)}
	}
	for _, finding := range found.Check(offers...) {
		a.Findings = append(a.Findings, Finding{Kind: string(finding.Kind), Offered: int64(finding.Offered), Lawful: int64(finding.Lawful), Verdict: string(finding.Verdict)})
	}
	return a, nil
}

func (p *Programmes) severancePart(part severance.Part, version string, l rule.Language) Part {
	code := severance.Programme + "." + string(part.Kind)
	if part.Item != "" {
		code += "." + string(part.Item)
	}
	out := Part{Code: code, Text: p.text(code, l), Months: part.Months, Amount: int64(part.Amount), Known: part.Known, Version: version,
		Article: part.Article, Confidence: string(part.Confidence), Unverified: part.Unverified()}
	if part.Months > 0 {
		out.Rate = part.Multiplier.String()
	}
	return out
}

// FixedTerm are the facts of a fixed-term contract that has ended (uang kompensasi PKWT, PP 35/2021 Art. 15-17).
type FixedTerm struct {
	StartOn   calendar.Date `json:"start_on" doc:"First day of work"`
	EndOn     calendar.Date `json:"end_on" doc:"Real last day; it chooses the version of the rules"`
	Wage      Wage          `json:"wage"`
	Foreigner *bool         `json:"foreigner,omitempty"`
}

// Assess decides on the compensation and gives it. Faults as severance.Rules.Compensate.
func (f FixedTerm) Assess(p *Programmes, l rule.Language, _ calendar.Date) (Answer, error) {
	found, err := p.Severance.Compensate(severance.FixedTerm{Start: f.StartOn, End: f.EndOn, Wage: f.Wage.stated(), Foreigner: f.Foreigner})
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Decision: p.DecisionOf(found.Decision, l), Parts: []Part{}, Complete: found.Decision.Result != rule.Undetermined}
	if found.Decision.Result == rule.Eligible {
		a.add(p.severancePart(found.Part, found.Decision.Version, l))
	}
	return a, nil
}
