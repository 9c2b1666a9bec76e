package assessment

import (
	"fmt"

	"strings"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/termination"
)

// Termination are the facts of a termination (PHK) that need not be on record: what happened, on what grounds, and what
// is unpaid.
type Termination struct {
	TerminatedOn calendar.Date `json:"terminated_on,omitzero" doc:"Day of the PHK, as the employer says"`
	PlannedOn    calendar.Date `json:"planned_on,omitzero" doc:"Day for which it is planned, while it has not happened"`
	Reason       string        `json:"reason,omitempty" maxLength:"60" doc:"Code of PP 35/2021, such as EFFICIENCY_LOSS"`
	Grounds      []string      `json:"grounds,omitempty" maxItems:"20" doc:"Forbidden grounds that the employer gives: sick_up_to_12_months, state_duty, worship, marriage, maternity, kinship, union, reporting_crime, belief_or_status, work_disability; [] for none"`
	Events       []Event       `json:"events,omitempty" maxItems:"100" doc:"What happened between employer, worker, office and court"`
	Disputed     string        `json:"disputed,omitempty" enum:"yes,no" doc:"The worker refuses the PHK"`
	Wage         *int64        `json:"wage,omitempty" minimum:"1" maximum:"1000000000000" doc:"Whole rupiah a month, for the wages while the dispute goes on"`
	LastPaidOn   calendar.Date `json:"last_paid_on,omitzero" doc:"A day of the last month whose wage was paid"`
	Insolvent    string        `json:"insolvent,omitempty" enum:"yes,no" doc:"The firm is bankrupt or in liquidation"`
	UnpaidWages  *int64        `json:"unpaid_wages,omitempty" minimum:"0" maximum:"1000000000000" doc:"Whole rupiah; for the rank in a bankruptcy"`
	OtherRights  *int64        `json:"other_rights,omitempty" minimum:"0" maximum:"1000000000000" doc:"Severance, service pay and rights, whole rupiah; for the rank in a bankruptcy"`
	On           calendar.Date `json:"on,omitzero" doc:"Day on which the facts are looked at; today by default"`
}

// Event is something that happened on a day.
type Event struct {
	Event termination.Event `json:"event"`
	On    calendar.Date     `json:"on"`
}

// Assess says whether the termination stands, which clocks run, and what is owed while it is disputed or when the firm
// is bankrupt. ineligible means that the termination is void or not in effect. Faults: input.one_of,
// termination.event_unknown, those of termination.DisputeWages, rule.no_version.
func (f Termination) Assess(p *Programmes, l rule.Language, today calendar.Date) (Answer, error) {
	on := orToday(f.On, today)
	if err := f.known(); err != nil {
		return Answer{}, err
	}
	history := f.history(on)
	day := f.day(history, on)
	d, err := f.decide(p, history, day, on)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Decision: p.DecisionOf(d, l), Parts: []Part{}, Complete: true}
	if a.Clocks, err = f.clocks(p, history, day, on); err != nil {
		return Answer{}, err
	}
	if err := f.wages(p, &a, history, on, l); err != nil {
		return Answer{}, err
	}
	return a, f.ranks(p, &a, day, l)
}

func (f Termination) known() error {
	if f.Reason != "" && !termination.Reason(f.Reason).Valid() {
		return unknownValue("reason", texts(termination.Reasons()))
	}
	for i, g := range f.Grounds {
		if !termination.Ground(g).Valid() {
			return unknownValue(fmt.Sprintf("grounds[%d]", i), texts(termination.Ground("").Values()))
		}
	}
	for field, value := range map[string]string{"disputed": f.Disputed, "insolvent": f.Insolvent} {
		if value != "" && value != "yes" && value != "no" {
			return unknownValue(field, yesOrNo)
		}
	}
	for i, e := range f.Events {
		if !e.Event.Valid() {
			field := fmt.Sprintf("events[%d].event", i)
			return fault.New(fault.Invalid, "termination.event_unknown", "event", string(e.Event),
				"allowed", codelist.Join(e.Event.Values())).At(field)
		}
	}
	return nil
}

// history is what is stated, with the end of the employment where only its day is named.
func (f Termination) history(on calendar.Date) []termination.DatedEvent {
	var history []termination.DatedEvent
	for _, e := range f.Events {
		history = append(history, termination.DatedEvent{Event: e.Event, On: e.On})
	}
	if !f.TerminatedOn.IsZero() && !f.TerminatedOn.After(on) && termination.On(history, termination.Terminated).IsZero() {
		history = append(history, termination.DatedEvent{Event: termination.Terminated, On: f.TerminatedOn})
	}
	return history
}

// day is that of the termination, which chooses the law: it happened, or is planned, or else the day looked at.
func (f Termination) day(history []termination.DatedEvent, on calendar.Date) calendar.Date {
	for _, day := range []calendar.Date{termination.On(history, termination.Terminated), f.TerminatedOn, f.PlannedOn} {
		if !day.IsZero() {
			return day
		}
	}
	return on
}

func (f Termination) decide(p *Programmes, history []termination.DatedEvent, day,
	on calendar.Date) (rule.Decision, error) {
	forbidden, err := p.Termination.Forbidden.At(day)
	if err != nil {
		return rule.Decision{}, err
	}
	validity, err := p.Termination.Validities.At(day)
	if err != nil {
		return rule.Decision{}, err
	}
	var grounds []termination.Ground
	if f.Grounds != nil {
		grounds = []termination.Ground{}
	}
	for _, g := range f.Grounds {
		grounds = append(grounds, termination.Ground(g))
	}
	dispute := termination.Dispute{
		Agreement:     termination.On(history, termination.AgreementSigned),
		FinalDecision: termination.On(history, termination.DecisionFinal),
	}
	if f.Disputed != "" {
		dispute.Disputed = new(f.Disputed == "yes")
	}
	criteria := append(forbidden.Decide(grounds, on).Criteria, validity.Decide(dispute, on).Criteria...)
	return rule.Decide(validity.Version, on, criteria), nil
}

func (f Termination) clocks(p *Programmes, history []termination.DatedEvent, day, on calendar.Date) ([]Clock, error) {
	procedure, err := p.Termination.ProcedureAt(day)
	if err != nil {
		return nil, err
	}
	plan := termination.Plan{On: f.PlannedOn, Reason: termination.Reason(f.Reason)}
	started, err := procedure.ClocksOf(p.Calendar, history, plan)
	if err != nil {
		return nil, err
	}
	clocks := make([]Clock, len(started))
	for i, c := range started {
		stopped := c.StoppedOn(history)
		clocks[i] = ClockOf(c, stopped, c.State(on, stopped))
	}
	return clocks, nil
}

// wages adds the wages while the dispute goes on: by the text, and as courts have capped them.
func (f Termination) wages(p *Programmes, a *Answer, history []termination.DatedEvent, on calendar.Date,
	l rule.Language) error {
	if f.Wage == nil || f.LastPaidOn.IsZero() {
		return nil
	}
	until := on
	if final := termination.On(history, termination.DecisionFinal); !final.IsZero() {
		until = final
	}
	rules, err := p.Termination.DisputeWages.At(until)
	if err != nil {
		return err
	}
	text, capped, err := rules.Owed(money.Rupiah(*f.Wage), f.LastPaidOn, until)
	if err != nil {
		return err
	}
	debt := p.owes("termination.dispute_wages", "employer", text.Amount, text.Source, rules.ID, l)
	debt.Months = text.Months
	if capped.Amount != text.Amount {
		debt.Unverified = true
		debt.Otherwise = []Reading{{Amount: int64(capped.Amount), Months: capped.Months, Article: capped.Source.String(),
			Confidence: string(capped.Confidence), Note: capped.Note}}
	}
	a.owe(debt)
	return nil
}

// ranks adds what a bankrupt firm owes, one entry for each rank.
func (f Termination) ranks(p *Programmes, a *Answer, day calendar.Date, l rule.Language) error {
	claims := map[termination.BankruptcyClaim]money.Rupiah{}
	for c, amount := range map[termination.BankruptcyClaim]*int64{termination.ClaimWages: f.UnpaidWages,
		termination.ClaimOtherRights: f.OtherRights} {
		if amount != nil && *amount > 0 {
			claims[c] = money.Rupiah(*amount)
		}
	}
	if f.Insolvent != "yes" || len(claims) == 0 {
		return nil
	}
	rules, err := p.Termination.Rankings.At(day)
	if err != nil {
		return err
	}
	for _, c := range rules.Of(claims) {
		debt := p.owes("termination.claim."+string(c.Claim), string(rules.Payer.Value), c.Amount, c.Source, rules.ID, l)
		debt.Rank = c.Rank
		a.owe(debt)
	}
	return nil
}

// texts joins the values of a closed list.
func texts[T ~string](values []T) string {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = string(v)
	}
	return strings.Join(names, ", ")
}
