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
	Base       int64  `json:"base,omitempty" minimum:"0" maximum:"1000000000000" doc:"Upah pokok of a month, or the wage without allowances where it has no parts"`
	Allowance  int64  `json:"allowance,omitempty" minimum:"0" maximum:"1000000000000" doc:"Tunjangan tetap of a month; allowances that vary do not count"`
	Daily      int64  `json:"daily,omitempty" minimum:"0" maximum:"1000000000000" doc:"Wage of a day"`
	PieceTotal int64  `json:"piece_total,omitempty" minimum:"0" maximum:"1000000000000" doc:"Piece-rate wages of the last twelve months together"`
	Minimum    int64  `json:"minimum,omitempty" minimum:"0" maximum:"1000000000000" doc:"UMP or UMK of the domicile of the company, for piece rate; it does not bind micro and small firms"`
}

// stated is the wage as the rules take it; the zero Wage when nothing of it is stated.
func (w Wage) stated() severance.Wage {
	if w == (Wage{}) {
		return severance.Wage{}
	}
	basis := severance.WageBasis(w.Basis)
	if basis == "" {
		basis = severance.Monthly
	}
	return severance.Wage{
		Basis: basis, Base: money.Rupiah(w.Base), Allowance: money.Rupiah(w.Allowance), Daily: money.Rupiah(w.Daily),
		PieceTotal: money.Rupiah(w.PieceTotal), Minimum: money.Rupiah(w.Minimum),
	}
}

// Beside is what may be owed beside the tables, or taken off; left out, nobody knows.
type Beside struct {
	AgreedAmount  *int64      `json:"agreed_amount,omitempty" minimum:"0" maximum:"1000000000000" doc:"What a micro or small firm agreed with the worker, all together"`
	Rights        []RightItem `json:"rights,omitempty" maxItems:"20" doc:"Uang penggantian hak as stated; an empty list says that there is nothing"`
	UnusedLeave   *int        `json:"unused_leave_days,omitempty" minimum:"0" maximum:"1000" doc:"Days of annual leave not taken and not lapsed, where their amount is not among the rights"`
	WorkWeekDays  int         `json:"work_week_days,omitempty" enum:"5,6" doc:"Working days of a week, for leave in money"`
	SeparationPay *int64      `json:"separation_pay,omitempty" minimum:"0" maximum:"1000000000000" doc:"Agreed uang pisah"`
	CausedLoss    *bool       `json:"caused_loss,omitempty" doc:"The worker's act caused the firm a loss; asked for DETAINED_6M and CONVICTED"`
	Pension       *Pension    `json:"pension,omitempty" doc:"Benefit of a pension fund of the employer (BPJS is none), set against the money"`
	Detention     *Detention  `json:"detention,omitempty" doc:"Time for which aid to the family is owed"`
}

// Pension is the benefit of a pension fund into which the employer paid.
type Pension struct {
	Benefit       int64      `json:"benefit" minimum:"0" maximum:"1000000000000" doc:"Whole rupiah"`
	EmployerShare rule.Ratio `json:"employer_share" pattern:"^[0-9]{1,3}([.][0-9]{1,4})?%$" doc:"The share that the employer's contributions paid, such as 60%"`
}

// Detention is how long a worker was detained.
type Detention struct {
	Months     int  `json:"months" minimum:"0" maximum:"100" doc:"Whole months"`
	Dependants *int `json:"dependants,omitempty" minimum:"0" maximum:"100" doc:"Persons for whom the worker provides"`
}

// Severance are the facts of one termination of a permanent contract (PP 35/2021 Art. 40-59).
type Severance struct {
	Reason   string        `json:"reason" maxLength:"60" doc:"Code of PP 35/2021, such as EFFICIENCY_LOSS"`
	StartOn  calendar.Date `json:"start_on" doc:"First day of work"`
	EndOn    calendar.Date `json:"end_on" doc:"Last day worked; it chooses the version of the rules"`
	FirmSize string        `json:"firm_size,omitempty" enum:"micro,small,medium,large" doc:"The tables bind medium and large firms; a micro or small one owes what was agreed"`
	Wage     Wage          `json:"wage,omitempty"`
	Beside
	Offers []Offer `json:"offers,omitempty" maxItems:"20" doc:"What the employer offers, to be compared"`
}

// RightItem is an item of uang penggantian hak.
type RightItem struct {
	Kind   string `json:"kind" enum:"unused_leave,fare_home,agreed,housing_medical" doc:"housing_medical is not in the law since 2020: counted as agreed"`
	Amount int64  `json:"amount" minimum:"0" maximum:"1000000000000" doc:"Whole rupiah"`
}

// Offer is what somebody says that a part amounts to.
type Offer struct {
	Kind   string `json:"kind" enum:"severance_pay,service_pay,rights_compensation,separation_pay,agreed_amount"`
	Amount int64  `json:"amount" minimum:"0" maximum:"1000000000000" doc:"Whole rupiah"`
}

func (f Severance) facts() severance.Facts {
	facts := severance.Facts{
		Reason: termination.Reason(f.Reason), Start: f.StartOn, End: f.EndOn, FirmSize: severance.FirmSize(f.FirmSize),
		Wage: f.Wage.stated(), Agreed: rupiah(f.AgreedAmount), RightsKnown: f.Rights != nil,
		SeparationPay: rupiah(f.SeparationPay), CausedLoss: f.CausedLoss,
	}
	for _, r := range f.Rights {
		right := severance.Right{Kind: severance.RightKind(r.Kind), Amount: money.Rupiah(r.Amount)}
		facts.Rights = append(facts.Rights, right)
	}
	if f.UnusedLeave != nil {
		facts.Leave = &severance.Leave{Days: *f.UnusedLeave, WorkWeekDays: f.WorkWeekDays}
	}
	if f.Pension != nil {
		facts.Pension = &severance.Pension{Benefit: money.Rupiah(f.Pension.Benefit), EmployerShare: f.Pension.EmployerShare}
	}
	if f.Detention != nil {
		facts.Detention = &severance.Detention{Months: f.Detention.Months, Dependants: f.Detention.Dependants}
	}
	return facts
}

// Assess gives the parts of the money and compares the offers with them. Faults as severance.Rules.Assess.
func (f Severance) Assess(p *Programmes, l rule.Language, _ calendar.Date) (Answer, error) {
	found, err := p.Severance.Assess(f.facts())
	if err != nil {
		return Answer{}, err
	}
	a := Answer{
		Decision: Decision{
			Programme: severance.Programme, Version: found.Version, AsOf: f.EndOn.String(), Result: string(rule.Eligible),
			Criteria: []Criterion{},
		},
		Parts: []Part{}, Complete: true, AtLeast: found.AtLeast, Missing: found.Missing,
	}
	for _, part := range found.Parts {
		a.add(p.severancePart(part, found.Version, l))
	}
	for _, part := range found.Orientation {
		a.Orientation = append(a.Orientation, p.severancePart(part, found.Version, l))
	}
	offers := make([]severance.Offer, len(f.Offers))
	for i, o := range f.Offers {
		offers[i] = severance.Offer{Kind: severance.PartKind(o.Kind), Amount: money.Rupiah(o.Amount)}
	}
	for _, finding := range found.Check(offers...) {
		a.Findings = append(a.Findings, Finding{
			Kind: string(finding.Kind), Offered: int64(finding.Offered), Lawful: int64(finding.Lawful),
			Verdict: string(finding.Verdict),
		})
	}
	return a, nil
}

func (p *Programmes) severancePart(part severance.Part, version string, l rule.Language) Part {
	code := severance.Programme + "." + string(part.Kind)
	if part.Item != "" {
		code += "." + string(part.Item)
	}
	out := Part{
		Code: code, Text: p.text(code, l), Months: part.Months, Amount: int64(part.Amount), Known: part.Known,
		Agreed: part.ByAgreement, Version: version, Article: part.Article, Confidence: string(part.Confidence),
		Unverified: part.Unverified(),
	}
	if part.Months > 0 && (part.Known || part.Multiplier.Num() > 0) {
		out.Rate = part.Multiplier.String()
	}
	for _, o := range part.Otherwise {
		out.Otherwise = append(out.Otherwise, Other{Reading: o.Reading, Amount: int64(o.Amount), Article: o.Source.String(),
			Note: o.Note})
	}
	return out
}

// FixedTerm are the facts of a fixed-term contract that has ended (uang kompensasi PKWT, PP 35/2021 Art. 15-17, and
// damages, UU 13/2003 Art. 62).
type FixedTerm struct {
	StartOn      calendar.Date `json:"start_on" doc:"First day of work"`
	EndOn        calendar.Date `json:"end_on" doc:"Last day worked; it chooses the version of the rules"`
	FirmSize     string        `json:"firm_size,omitempty" enum:"micro,small,medium,large" doc:"The formula binds medium and large firms; a micro or small one owes what was agreed"`
	Wage         Wage          `json:"wage,omitempty"`
	Foreigner    *bool         `json:"foreigner,omitempty"`
	AgreedAmount *int64        `json:"agreed_amount,omitempty" minimum:"0" maximum:"1000000000000" doc:"What a micro or small firm agreed with the worker"`
	Early
}

// Early is how a fixed term was cut short.
type Early struct {
	ContractEnds calendar.Date `json:"contract_ends,omitzero" doc:"Last day of the agreed term; after end_on the term was cut short"`
	EndedBy      string        `json:"ended_by,omitempty" enum:"employer,worker" doc:"Who ended it before its term"`
	LawfulGround *bool         `json:"lawful_ground,omitempty" doc:"A ground of UU 13/2003 Art. 61(1): death, work done, final court decision, event named in the agreement"`
}

func (e Early) stated() *severance.Early {
	if e.ContractEnds.IsZero() {
		return nil
	}
	return &severance.Early{TermEnd: e.ContractEnds, By: severance.Party(e.EndedBy), LawfulGround: e.LawfulGround}
}

// Assess decides on the compensation and gives it, and the damages of a term that was cut short. Faults as
// severance.Rules.Compensate.
func (f FixedTerm) Assess(p *Programmes, l rule.Language, _ calendar.Date) (Answer, error) {
	found, err := p.Severance.Compensate(severance.FixedTerm{
		Start: f.StartOn, End: f.EndOn, FirmSize: severance.FirmSize(f.FirmSize), Wage: f.Wage.stated(),
		Foreigner: f.Foreigner,
		Agreed:    rupiah(f.AgreedAmount), Early: f.Early.stated(),
	})
	if err != nil {
		return Answer{}, err
	}
	a := Answer{
		Decision: p.DecisionOf(found.Decision, l), Parts: []Part{}, Complete: found.Decision.Result != rule.Undetermined,
		Missing: found.Missing,
	}
	if found.Decision.Result == rule.Eligible {
		a.add(p.severancePart(found.Part, found.Decision.Version, l))
	}
	if found.Orientation != nil {
		a.Orientation = []Part{p.severancePart(*found.Orientation, found.Decision.Version, l)}
	}
	if d := found.Damages; d != nil {
		part := p.severancePart(d.Part, found.Decision.Version, l)
		if d.OwedBy == severance.Worker {
			a.Against = []Part{part}
		} else {
			a.add(part)
		}
	}
	return a, nil
}
