package assessment

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// ClaimFacts is what is stated for a JKP claim. A fact that is left out is not known: the decision then says so, and
// never guesses.
type ClaimFacts struct {
	Citizenship         string        `json:"citizenship,omitempty" enum:"wni,wna"`
	BirthDate           calendar.Date `json:"birth_date,omitzero"`
	RegisteredOn        calendar.Date `json:"registered_on,omitzero" doc:"First registration in JKP"`
	Contract            string        `json:"contract,omitempty" enum:"permanent,fixed_term" doc:"PKWTT or PKWT"`
	ContractEnds        calendar.Date `json:"contract_ends,omitzero" doc:"Last day of the term of a fixed-term contract"`
	FirmSize            string        `json:"firm_size,omitempty" enum:"micro,small,medium,large"`
	Programmes          []string      `json:"programmes,omitempty" maxItems:"10" doc:"jkk, jkm, jht, jp, jkn"`
	JKN                 string        `json:"jkn_membership,omitempty" enum:"wage_earner,self_paid,assisted" doc:"How the worker is in JKN: PPU badan usaha, PBPU or PBI. As an employee when it is left out and jkn is among the programmes"`
	Registered          string        `json:"registered,omitempty" enum:"yes,no" doc:"The employer registered the worker in JKP. Yes when it is left out and there is a day of registration or a month paid"`
	Reason              jkp.Reason    `json:"reason,omitempty" doc:"Code of PP 35/2021; of a claim by default that of the layoff"`
	TotalDisability     string        `json:"total_disability,omitempty" enum:"yes,no" doc:"Asked only for reasons of illness"`
	Evidence            []string      `json:"evidence,omitempty" maxItems:"10"`
	Dispute             string        `json:"dispute,omitempty" enum:"none,pending,final"`
	FinalDecisionOn     calendar.Date `json:"final_decision_on,omitzero" doc:"Day on which the decision became final"`
	Reported            string        `json:"reported,omitempty" enum:"yes,no" doc:"The PHK has been reported"`
	Contributions       []Period      `json:"contributions,omitempty" maxItems:"60" doc:"Months paid"`
	ArrearsMonths       *int          `json:"arrears_months,omitempty" minimum:"0" maximum:"1000" doc:"Months in a row before the PHK that the employer owes"`
	ArrearsInARow       string        `json:"arrears_in_a_row,omitempty" enum:"yes,no" doc:"No when the months owed are scattered; in a row when it is left out"`
	Insolvent           string        `json:"insolvent,omitempty" enum:"yes,no" doc:"The firm is bankrupt or closed"`
	ClaimsBefore        *int          `json:"claims_before,omitempty" minimum:"0" maximum:"10"`
	MonthsSinceBenefit  *int          `json:"months_since_benefit,omitempty" minimum:"0" maximum:"1000" doc:"Months of contributions since the last benefit was obtained"`
	LastBenefitOn       calendar.Date `json:"last_benefit_on,omitzero" doc:"Day on which it was obtained: the months are then counted from the contributions"`
	Willing             string        `json:"willing,omitempty" enum:"yes,no" doc:"KAPK signed"`
	OtherJob            string        `json:"other_job,omitempty" enum:"yes,no"`
	SeveralEmployers    string        `json:"several_employers,omitempty" enum:"yes,no" doc:"The worker had more than one employer at the PHK; one when it is left out"`
	AtNamedEmployer     string        `json:"at_named_employer,omitempty" enum:"yes,no" doc:"The PHK is at the employer that the worker has named for JKP"`
	EmployerDeactivated string        `json:"employer_deactivated,omitempty" enum:"yes,no"`
	BankAccount         string        `json:"bank_account,omitempty" enum:"yes,no" doc:"In the worker's own name"`
	AppliedOn           calendar.Date `json:"applied_on,omitzero" doc:"Today by default, when a claim is applied for"`
}

const yesOrNo = "yes, no"

// Period is a run of months, both ends included.
type Period struct {
	From string `json:"from" pattern:"^[0-9]{4}-[0-9]{2}$" doc:"Such as 2024-12"`
	To   string `json:"to" pattern:"^[0-9]{4}-[0-9]{2}$"`
}

// Application gives the facts as the rules take them. Faults (Invalid, with the field): input.one_of for a value that a
// list does not have, calendar.date_invalid.
func (f ClaimFacts) Application() (jkp.Application, error) {
	out := jkp.Application{Citizenship: jkp.Citizenship(f.Citizenship), BirthDate: f.BirthDate,
		RegisteredOn: f.RegisteredOn, Contract: jkp.ContractType(f.Contract), ContractEnds: f.ContractEnds,
		FirmSize: jkp.FirmSize(f.FirmSize), Reason: f.Reason, TotalDisability: jkp.Answer(f.TotalDisability),
		Dispute: jkp.Dispute(f.Dispute), FinalDecisionOn: f.FinalDecisionOn, Reported: jkp.Answer(f.Reported),
		ArrearsMonths: f.ArrearsMonths, Insolvent: jkp.Answer(f.Insolvent), ClaimsBefore: f.ClaimsBefore,
		MonthsSinceBenefit: f.MonthsSinceBenefit, Willing: jkp.Answer(f.Willing), OtherJob: jkp.Answer(f.OtherJob),
		EmployerDeactivated: jkp.Answer(f.EmployerDeactivated), BankAccount: jkp.Answer(f.BankAccount),
		AppliedOn: f.AppliedOn, JKN: jkp.Membership(f.JKN), Registered: jkp.Answer(f.Registered),
		ArrearsInARow: jkp.Answer(f.ArrearsInARow), LastBenefitOn: f.LastBenefitOn,
		SeveralEmployers: jkp.Answer(f.SeveralEmployers), AtNamedEmployer: jkp.Answer(f.AtNamedEmployer)}
	for _, c := range []struct {
		field, allowed string
		known          bool
	}{{"citizenship", "wni, wna", f.Citizenship == "" || out.Citizenship.Valid()}, {"contract", "permanent, fixed_term",
		f.Contract == "" || out.Contract.Valid()},
		{"firm_size", "micro, small, medium, large", f.FirmSize == "" || out.FirmSize.Valid()},
		{"dispute", "none, pending, final", f.Dispute == "" || out.Dispute.Valid()},
		{"reported", yesOrNo, out.Reported.Valid()},
		{"total_disability", yesOrNo, out.TotalDisability.Valid()}, {"insolvent", yesOrNo, out.Insolvent.Valid()},
		{"willing", yesOrNo, out.Willing.Valid()}, {"other_job", yesOrNo, out.OtherJob.Valid()},
		{"employer_deactivated", yesOrNo, out.EmployerDeactivated.Valid()},
		{"bank_account", yesOrNo, out.BankAccount.Valid()},
		{"jkn_membership", "wage_earner, self_paid, assisted", f.JKN == "" || out.JKN.Valid()},
		{"registered", yesOrNo, out.Registered.Valid()},
		{"arrears_in_a_row", yesOrNo, out.ArrearsInARow.Valid()}, {"several_employers", yesOrNo,
			out.SeveralEmployers.Valid()},
		{"at_named_employer", yesOrNo, out.AtNamedEmployer.Valid()}} {
		if !c.known {
			return out, unknownValue(c.field, c.allowed)
		}
	}
	return out, f.lists(&out)
}

// lists fills what is a list: one that is stated, though empty, is known.
func (f ClaimFacts) lists(out *jkp.Application) error {
	if f.Programmes != nil {
		out.Programmes = []jkp.SocialProgramme{}
	}
	for i, p := range f.Programmes {
		if !jkp.SocialProgramme(p).Valid() {
			return unknownValue(fmt.Sprintf("programmes[%d]", i), "jkk, jkm, jht, jp, jkn")
		}
		out.Programmes = append(out.Programmes, jkp.SocialProgramme(p))
	}
	if f.Evidence != nil {
		out.Evidence = []jkp.Evidence{}
	}
	for i, x := range f.Evidence {
		if !jkp.Evidence(x).Valid() {
			return unknownValue(fmt.Sprintf("evidence[%d]", i), "acceptance_proof, report_receipt_ministry, "+
				"report_receipt_province, report_receipt_regency, joint_agreement, registration_deed, final_judgment")
		}
		out.Evidence = append(out.Evidence, jkp.Evidence(x))
	}
	if f.Contributions != nil {
		out.Contributions = []jkp.Period{}
	}
	for i, c := range f.Contributions {
		from, err := jkp.ParseMonth(c.From)
		if err != nil {
			return fault.New(fault.Invalid, "calendar.date_invalid").At(fmt.Sprintf("contributions[%d].from", i))
		}
		to, err := jkp.ParseMonth(c.To)
		if err != nil {
			return fault.New(fault.Invalid, "calendar.date_invalid").At(fmt.Sprintf("contributions[%d].to", i))
		}
		out.Contributions = append(out.Contributions, jkp.Period{From: from, To: to})
	}
	return nil
}

// JKP are the facts of a worker without a case for JKP (Jaminan Kehilangan Pekerjaan).
type JKP struct {
	ClaimFacts
	TerminatedOn       calendar.Date   `json:"terminated_on,omitzero" doc:"Day of the PHK"`
	DeclaredEligibleOn calendar.Date   `json:"declared_eligible_on,omitzero" doc:"It chooses the version of the rules"`
	Wage               int64           `json:"wage,omitempty" minimum:"0" maximum:"1000000000000" doc:"Last wage reported to BPJS Ketenagakerjaan, whole rupiah a month"`
	RealWage           int64           `json:"real_wage,omitempty" minimum:"0" maximum:"1000000000000" doc:"The real one, where less was reported or the worker was never registered"`
	StartedWorkOn      calendar.Date   `json:"started_work_on,omitzero" doc:"First day of work: the employer has to register the worker"`
	NumberDueFrom      calendar.Date   `json:"number_due_from,omitzero" doc:"Day of a correct form and the first contribution: BPJS Ketenagakerjaan gives a number"`
	DataChangedOn      calendar.Date   `json:"data_changed_on,omitzero" doc:"Change of name, address, size, wage or data of the worker"`
	HiredOn            calendar.Date   `json:"hired_on,omitzero" doc:"Day on which the worker was hired with help of JKP"`
	TrainingEndedOn    calendar.Date   `json:"training_ended_on,omitzero" doc:"End of a training of JKP"`
	EmployerPaidOn     calendar.Date   `json:"employer_paid_on,omitzero" doc:"Day on which an employer in arrears paid the worker first"`
	RefundRequestedOn  calendar.Date   `json:"refund_requested_on,omitzero" doc:"Day of the employer's complete and correct request for it"`
	ReferenceOn        calendar.Date   `json:"reference_on,omitzero" doc:"Tanggal acuan, from which the months are counted; the day looked at by default"`
	GivenOn            []calendar.Date `json:"given_on,omitzero" maxItems:"6" doc:"Days on which months were given, from the first; the rate of a month is that of its day"`
	On                 calendar.Date   `json:"on,omitzero" doc:"Day on which the facts are looked at; today by default"`
	Under              string          `json:"under,omitempty" maxLength:"60" doc:"Version of the rules, whatever the dates say"`
}

// Assess decides on the claim, gives its last day, and the months with their windows, rates and amounts when the worker
// is entitled and the wage is known. Faults as Application, and rule.version_unknown.
func (f JKP) Assess(p *Programmes, l rule.Language, today calendar.Date) (Answer, error) {
	app, err := f.Application()
	if err != nil {
		return Answer{}, err
	}
	app.TerminatedOn, app.DeclaredEligibleOn = f.TerminatedOn, f.DeclaredEligibleOn
	on := orToday(f.On, today)
	benefit := jkp.Claim{Wage: money.Rupiah(f.Wage), RealWage: money.Rupiah(f.RealWage),
		Reference: orToday(f.ReferenceOn, on), Given: f.GivenOn}
	a, err := p.Claim(app, on, f.Under, benefit, l)
	if err == nil {
		a.Clocks, err = f.duties(p, on)
	}
	return a, err
}

// duties gives the terms of the duties of JKP that the stated days start.
func (f JKP) duties(p *Programmes, on calendar.Date) ([]Clock, error) {
	starts := map[jkp.Duty]calendar.Date{
		jkp.EmployerReport: f.TerminatedOn, jkp.EmployerRegistration: f.StartedWorkOn, jkp.ParticipantNumber: f.NumberDueFrom,
		jkp.DataChange: f.DataChangedOn, jkp.PlacementReport: f.HiredOn, jkp.TrainingReport: f.TrainingEndedOn,
		jkp.RefundRequest: f.EmployerPaidOn, jkp.RefundPayment: f.RefundRequestedOn,
	}
	var clocks []Clock
	for _, d := range jkp.Duty("").Values() {
		start := starts[d]
		if start.IsZero() {
			continue
		}
		term, err := p.JKP.TermOf(d, start, p.Calendar)
		if fault.CodeOf(err) == "rule.no_version" { // older than the law: there was no such duty
			continue
		}
		if err != nil {
			return nil, err
		}
		clocks = append(clocks, clockOfDuty(term, on))
	}
	return clocks, nil
}

// Claim decides on a claim as looked at on a day, under the version that the dates choose or the one that is named,
// says what each version would make of it, and gives the months of the benefit when the worker is entitled and the wage
// is known; of what is missing it says who has it. Fault rule.version_unknown.
func (p *Programmes) Claim(app jkp.Application, on calendar.Date, under string, benefit jkp.Claim,
	l rule.Language) (Answer, error) {
	a, err := p.claim(app, on, under, benefit, l)
	a.ToAsk = p.ask(a, l)
	return a, err
}

func (p *Programmes) claim(app jkp.Application, on calendar.Date, under string, benefit jkp.Claim,
	l rule.Language) (Answer, error) {
	d := p.JKP.Assess(app, on)
	if under != "" {
		var err error
		if d, err = p.JKP.AssessUnder(under, app, on); err != nil {
			return Answer{}, err
		}
	}
	a := Answer{Decision: p.DecisionOf(d, l), Parts: []Part{}, Complete: d.Result == rule.Ineligible}
	for _, v := range p.JKP.Versions() {
		other, err := p.JKP.AssessUnder(v.ID, app, on)
		if err != nil {
			return Answer{}, err
		}
		a.Versions = append(a.Versions, Version{Version: v.ID, Result: string(other.Result), Differs: differing(d, other)})
	}
	if c, ok := d.Get("jkp.claim_deadline"); ok && c.Inputs["deadline"] != "" {
		a.Deadline = &Deadline{On: c.Inputs["deadline"], Version: c.Inputs["rule"], Article: c.Source.String(),
			Confidence: string(c.Confidence)}
	}
	var err error
	if a.Payer, err = p.pays(d.Version, app, l); err != nil || d.Result != rule.Eligible {
		return a, err
	}
	if a.Payer.Code == string(jkp.EmployerOwes) {
		return a, p.unregistered(&a, &app, under, benefit, l)
	}
	if benefit.Wage == 0 {
		return a, nil
	}
	return a, p.months(&a, benefit, l)
}

// months adds the months of a benefit.
func (p *Programmes) months(a *Answer, claim jkp.Claim, l rule.Language) error {
	schedule, err := p.JKP.Entitlement(claim, p.Calendar)
	if err != nil {
		return err
	}
	a.Complete = true
	for _, m := range schedule.Months {
		pay := m.Payment
		if m.State != jkp.MonthPayable {
			pay.Amount = 0 // missed, or after the benefit stopped
		}
		a.add(Part{Code: fmt.Sprintf("jkp.month_%d", pay.Month),
			Text: fmt.Sprintf("%s %d", p.text("jkp.month", l), pay.Month), Rate: pay.Rate.Percent(),
			From: m.Window.Opens.String(), Until: m.Window.Closes.String(), Amount: int64(pay.Amount), Known: true,
			Version: pay.Version, Article: pay.Source.String(), Confidence: string(pay.Confidence),
			Unverified: pay.Source.Unverified()})
	}
	if claim.RealWage > claim.Wage {
		return p.shortfall(a, schedule, claim.RealWage, l)
	}
	return nil
}

// Correct writes the facts that were sent into those stated before. One that was sent without a value is known no more.
func (f ClaimFacts) Correct(app *jkp.Application, sent func(field string) bool) error {
	now, err := f.Application()
	if err != nil {
		return err
	}
	from, to := reflect.ValueOf(now), reflect.ValueOf(app).Elem()
	for field := range reflect.TypeFor[ClaimFacts]().Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if sent(name) {
			to.FieldByName(field.Name).Set(from.FieldByName(field.Name))
		}
	}
	return nil
}
