package assessment

import (
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/cover"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/termination"
)

// Cover are the facts of a worker for JKN and JHT after the end of employment.
type Cover struct {
	Segment         string        `json:"segment,omitempty" enum:"wage_earner,other" doc:"How the worker was a member of JKN: wage_earner (PPU), or self-paid or paid by the state"`
	TerminatedOn    calendar.Date `json:"terminated_on" doc:"Last day of the employment; it chooses the version of the rules"`
	Contract        string        `json:"contract,omitempty" enum:"permanent,fixed_term"`
	ContractEnds    calendar.Date `json:"contract_ends,omitzero" doc:"Last day of the term of a fixed-term contract"`
	Reason          string        `json:"reason,omitempty" maxLength:"60" doc:"Code of PP 35/2021, or CONTRACT_ENDED"`
	LetterOn        calendar.Date `json:"resignation_letter_on,omitzero" doc:"Day of the employer's letter on a resignation"`
	Dispute         string        `json:"dispute,omitempty" enum:"none,pending,final"`
	FinalDecisionOn calendar.Date `json:"final_decision_on,omitzero" doc:"Day on which the decision became final"`
	Evidence        []string      `json:"evidence,omitempty" maxItems:"10" doc:"acceptance_proof, report_receipt_regency, joint_agreement, registration_deed, final_judgment; others do not count for JKN"`
}

// contractEnded is the reason of a fixed term that ran to its end; it is none of PP 35/2021.
const contractEnded = "CONTRACT_ENDED"

// ending is how the employment ended, as far as JHT asks. Faults (Invalid): input.one_of for an unknown reason.
func (f Cover) ending() (cover.Ending, error) {
	reason := termination.Reason(f.Reason)
	switch {
	case f.Reason == contractEnded, f.Reason == "" && f.Contract == "fixed_term" && f.ContractEnds == f.TerminatedOn:
		return cover.TermEnded, nil
	case f.Reason == "":
		return "", nil
	case !reason.Valid():
		return "", unknownValue("reason", "a code of PP 35/2021, or CONTRACT_ENDED")
	case reason == termination.Resign:
		return cover.Resigned, nil
	case reason == termination.Retirement, reason == termination.Death:
		return cover.AnotherEnding, nil
	}
	return cover.Terminated, nil
}

// factHealthProof are papers that BPJS Kesehatan takes; those that JKP takes are more.
const factHealthProof = "jkn_proof"

func (f Cover) health() cover.HealthFacts {
	out := cover.HealthFacts{Segment: cover.Segment(f.Segment), Ended: f.TerminatedOn, FinalOn: f.FinalDecisionOn}
	if f.Dispute != "" {
		out.Disputed = new(f.Dispute != "none")
	}
	if f.Evidence != nil {
		out.Evidence = []cover.Evidence{}
	}
	for _, e := range f.Evidence {
		out.Evidence = append(out.Evidence, cover.Evidence(e))
	}
	return out
}

// Assess gives the days until which JKN is free of premium and from which JHT can be claimed. Faults as cover.Law, and
// input.one_of.
func (f Cover) Assess(p *Programmes, l rule.Language, _ calendar.Date) (Answer, error) {
	ending, err := f.ending()
	if err != nil {
		return Answer{}, err
	}
	health, err := p.Cover.Health(f.health())
	if err != nil {
		return Answer{}, err
	}
	savings, err := p.Cover.Savings(cover.SavingsFacts{Ending: ending, Ended: f.TerminatedOn, LetterOn: f.LetterOn})
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Decision: p.DecisionOf(health.Decision, l), Parts: []Part{}, Missing: savings.Missing}
	if health.Proven == rule.NotMet {
		a.Missing = append(a.Missing, factHealthProof)
	}
	if !health.Until.IsZero() {
		part := p.part("cover.jkn_premium", int64(health.Premium), true, health.Decision.Version, health.Sources[:1], l)
		part.Until = health.Until.String()
		a.add(part)
		a.Dates = append(a.Dates, p.dueDate("cover.jkn_until", health.Until, health.Strict, health.Sources, l))
	}
	if savings.Known {
		a.Dates = append(a.Dates, p.dueDate("cover.jht_from", savings.From, savings.Strict, savings.Sources, l))
	}
	a.Complete = !health.Until.IsZero() && savings.Known && health.Decision.Result == rule.Eligible
	for _, d := range a.Dates {
		a.Unverified = a.Unverified || d.Unverified
	}
	return a, nil
}
