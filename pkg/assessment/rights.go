package assessment

import (
	"fmt"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/termination"
)

// Rights are the facts of one worker whose employment ended, for everything that may be owed. Every one of them may be
// left out: what hangs on it is then unknown, and the answer says which fact would help.
type Rights struct {
	ClaimFacts
	StartOn      calendar.Date    `json:"start_on,omitzero" doc:"First day of work"`
	EndOn        calendar.Date    `json:"end_on,omitzero" doc:"Last day worked; it chooses the version of the rules"`
	EndedBy      string           `json:"ended_by,omitempty" enum:"employer,worker" doc:"Who ended the employment"`
	LawfulGround *bool            `json:"lawful_ground,omitempty" doc:"Fixed term cut short: a ground of UU 13/2003 Art. 61(1)"`
	Wage         Wage             `json:"wage,omitempty"`
	ReportedWage *int64           `json:"reported_wage,omitempty" minimum:"0" maximum:"1000000000000" doc:"Last wage that the employer reported to BPJS Ketenagakerjaan, whole rupiah a month"`
	UnpaidWages  *int64           `json:"unpaid_wages,omitempty" minimum:"0" maximum:"1000000000000" doc:"Wages not paid until the last day, whole rupiah; 0 says that there are none"`
	LastPaidOn   calendar.Date    `json:"last_paid_on,omitzero" doc:"A day of the last month whose wage was paid: wages go on while the end of the employment is disputed"`
	SavingsJHT   *int64           `json:"jht_balance,omitempty" minimum:"0" maximum:"1000000000000" doc:"Balance of JHT, whole rupiah, for its tax"`
	HolidayOn    calendar.Date    `json:"holiday_on,omitzero" doc:"Day of the worker's own next religious holiday, or of the one within 30 days after the end"`
	THRPaid      *bool            `json:"thr_paid,omitempty" doc:"The THR of that holiday has been paid"`
	Segment      string           `json:"jkn_segment,omitempty" enum:"wage_earner,other" doc:"How the worker was a member of JKN"`
	LetterOn     calendar.Date    `json:"resignation_letter_on,omitzero" doc:"Day of the employer's letter on a resignation"`
	Resident     *bool            `json:"resident,omitempty" doc:"Resident for tax"`
	Procedure    []ProcedureEvent `json:"procedure,omitempty" maxItems:"60" doc:"What has happened in the procedure, for the clocks that run against the worker"`
	On           calendar.Date    `json:"on,omitzero" doc:"Day on which the facts are looked at; today by default"`
	Beside

	record *jkp.Application // what a case has on record for JKP, in the place of ClaimFacts
}

// application is what JKP is asked with.
func (f Rights) application() (jkp.Application, error) {
	if f.record != nil {
		return *f.record, nil
	}
	return f.Application()
}

// ProcedureEvent is something that happened in the procedure of the termination.
type ProcedureEvent struct {
	Event string        `json:"event" maxLength:"60" doc:"Such as notice_delivered, negotiation_started, mediation_closed, judgment_given"`
	On    calendar.Date `json:"on"`
}

// Who pays.
const (
	PayerEmployer      = "employer"
	PayerEmployerFirst = "employer_first" // in place of BPJS Ketenagakerjaan, month by month
	PayerJKP           = "bpjs_ketenagakerjaan"
	PayerJKN           = "bpjs_kesehatan"
)

// The states of a right.
const (
	Owed    = "owed"
	NotOwed = "not_owed"
	Unknown = "unknown"
)

// The rights, in the order of the answer.
const (
	RightSeverance    = "severance"
	RightCompensation = "compensation"
	RightDamages      = "damages"
	RightWages        = "unpaid_wages"
	RightDisputeWages = "dispute_wages" // only of an end that is or was disputed
	RightTHR          = "thr"
	RightJKP          = "jkp"
	RightJKPShortfall = "jkp_shortfall" // only of an employer who reported too low a wage
	RightJHT          = "jht"
	RightJKN          = "jkn"
)

// RightsAnswer is what one worker is owed, by whom, until when, and what is missing to know more.
type RightsAnswer struct {
	AsOf       string        `json:"as_of"`
	EndOn      string        `json:"end_on,omitempty"`
	Items      []WorkerRight `json:"items" nullable:"false" doc:"Every right, in a fixed order; one that is not owed says why"`
	Gross      int64         `json:"gross" doc:"Whole rupiah: what the employer owes, as far as it is known; without JKP that it pays month by month in place of BPJS"`
	Tax        FinalTax      `json:"tax" doc:"PPh 21 final on what is paid at once for the end of the employment; wages and THR are taxed as ordinary income, which is not reckoned here"`
	Net        int64         `json:"net" doc:"gross less the final tax"`
	Complete   bool          `json:"complete" doc:"False when the amount of something is not known: gross and net are then too low"`
	Unverified bool          `json:"unverified"`
	Against    []Part        `json:"against,omitempty" doc:"What the worker may owe the employer"`
	Clocks     []RightClock  `json:"clocks" nullable:"false" doc:"Days that the worker must not miss, soonest first"`
	ToCome     []ClockToCome `json:"clocks_to_come" nullable:"false" doc:"Limits of the worker that nothing has started yet"`
	Missing    []MissingFact `json:"missing" nullable:"false" doc:"What is missing to know more"`
	// UnderReplacement repeats what the parameter files say of their successors.
	UnderReplacement []Replacing `json:"under_replacement,omitempty" doc:"Versions behind it that are about to be replaced"`
}

// WorkerRight is one right of the worker.
type WorkerRight struct {
	Code       string        `json:"code" enum:"severance,compensation,damages,unpaid_wages,dispute_wages,thr,jkp,jkp_shortfall,jht,jkn"`
	Text       string        `json:"text" doc:"In the language of the answer"`
	State      string        `json:"state" enum:"owed,not_owed,unknown"`
	Payer      string        `json:"payer,omitempty" enum:"employer,employer_first,bpjs_ketenagakerjaan,bpjs_kesehatan" doc:"employer_first: in place of BPJS Ketenagakerjaan, month by month"`
	Amount     int64         `json:"amount" doc:"Whole rupiah, as far as it is known"`
	Complete   bool          `json:"complete" doc:"False when the amount, or a part of it, is not known"`
	AtLeast    bool          `json:"at_least,omitempty" doc:"A part is a minimum: more may be agreed"`
	Months     int           `json:"months,omitempty" doc:"Months of a benefit"`
	From       calendar.Date `json:"from,omitzero" doc:"First day to claim it"`
	Until      calendar.Date `json:"until,omitzero" doc:"Last day of it, or to claim it"`
	Otherwise  calendar.Date `json:"otherwise,omitzero" doc:"The day by the other reading of the law"`
	UntilFinal bool          `json:"until_final,omitempty" doc:"It goes on while the end of the employment is disputed"`
	Parts      []Part        `json:"parts,omitempty"`
	Table      []Part        `json:"orientation,omitempty" doc:"What the tables give where they do not bind the employer"`
	Why        []string      `json:"why,omitempty" doc:"The conditions that are not met or not known, in the language of the answer"`
	Article    string        `json:"article"`
	Confidence string        `json:"confidence"`
	Unverified bool          `json:"unverified"`

	PayerText       string    `json:"payer_text,omitempty" doc:"Who pays, in the language of the answer"`
	PayerArticle    string    `json:"payer_article,omitempty" doc:"What the payer rests on, where it is not plain"`
	PayerConfidence string    `json:"payer_confidence,omitempty"`
	Beside          []string  `json:"beside,omitempty" doc:"What is owed beside the money, in the language of the answer"`
	Tax             *FinalTax `json:"tax,omitempty" doc:"Tax on it, where it is not in the tax of the whole"`
}

// FinalTax is the final income tax on what is paid at once.
type FinalTax struct {
	Amount     int64  `json:"amount" doc:"Whole rupiah"`
	Known      bool   `json:"known"`
	Base       int64  `json:"base" doc:"Whole rupiah"`
	Parts      []Part `json:"parts,omitempty" doc:"Step by step"`
	Article    string `json:"article,omitempty"`
	Confidence string `json:"confidence,omitempty"`
	Unverified bool   `json:"unverified"`
}

// RightClock is a day that the worker must not miss.
type RightClock struct {
	Code       string        `json:"code"`
	Text       string        `json:"text" doc:"In the language of the answer"`
	On         calendar.Date `json:"on" doc:"The earliest one where the law leaves open which is meant"`
	Otherwise  calendar.Date `json:"otherwise,omitzero" doc:"The latest one"`
	Certain    bool          `json:"certain" doc:"False when the holidays of a year are not published"`
	Passed     bool          `json:"passed"`
	StartedBy  string        `json:"started_by,omitempty" doc:"Event of the procedure that started it"`
	StartedOn  calendar.Date `json:"started_on,omitzero"`
	Article    string        `json:"article"`
	Confidence string        `json:"confidence"`
}

// ClockToCome is a limit that runs against the worker once something has happened.
type ClockToCome struct {
	Code       string    `json:"code"`
	Text       string    `json:"text" doc:"In the language of the answer"`
	Limit      string    `json:"limit" doc:"Such as 14 working days, or 12 months"`
	StartedBy  []Starter `json:"started_by" nullable:"false" doc:"What starts it: the first of them that happens"`
	Article    string    `json:"article"`
	Confidence string    `json:"confidence"`
}

// Starter is an event that starts a clock.
type Starter struct {
	Event string `json:"event"`
	Text  string `json:"text" doc:"In the language of the answer"`
}

// MissingFact is a fact that would help, and the rights for which it would.
type MissingFact struct {
	Fact string   `json:"fact"`
	Text string   `json:"text" doc:"In the language of the answer"`
	For  []string `json:"for" nullable:"false" doc:"The rights, or the programme"`
	Asked
}

// Assess puts together what every programme says of the worker. Faults (Invalid, with the field): those of the
// programmes.
func (f Rights) Assess(p *Programmes, l rule.Language, today calendar.Date) (RightsAnswer, error) {
	on := orToday(f.On, today)
	c := &combining{p: p, l: l, f: f, on: on, out: RightsAnswer{
		AsOf: on.String(), Items: []WorkerRight{}, Clocks: []RightClock{}, ToCome: []ClockToCome{}, Missing: []MissingFact{},
		Complete: true,
	}}
	if !f.EndOn.IsZero() {
		c.out.EndOn = f.EndOn.String()
	}
	for _, add := range []func() error{c.severance, c.wages, c.disputeWages, c.thr, c.jkp, c.cover, c.procedure, c.tax} {
		if err := add(); err != nil {
			return RightsAnswer{}, err
		}
	}
	return c.done(), nil
}

// events are those of the procedure as the rules take them; fault input.one_of.
func (f Rights) events() ([]termination.DatedEvent, error) {
	var events []termination.DatedEvent
	for i, e := range f.Procedure {
		event := termination.Event(e.Event)
		if !event.Valid() {
			return nil, unknownValue(fmt.Sprintf("procedure[%d].event", i),
				"notice_delivered, negotiation_started, mediation_closed, judgment_given, …")
		}
		events = append(events, termination.DatedEvent{Event: event, On: e.On})
	}
	return events, nil
}
