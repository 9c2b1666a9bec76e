package track

import (
	"context"
	"reflect"
	"slices"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
)

// Doable is an operation on a case, or on one part of it, as it stands on a day. Why is nil when the lifecycle has it
// now; otherwise it is what the operation would be refused with.
type Doable struct {
	Operation string // of the API, "claim-decide"
	Kind      string // of the part that it is about
	Part      uuid.UUID
	Month     int
	Entry     int // number of the entry of the history that it is about
	DueOn     calendar.Date
	To        []string // states that it can lead to now
	List      string   // the closed list of these states
	Why       error
}

// Doables reads a case and tells what can be done in it today at its office.
func (s *Service) Doables(ctx context.Context, scope authz.Scope, id casework.ID,
	free casework.Assignment, actor authz.OfficerID) (casework.Detail, []Doable, error) {
	file, t, err := s.Store.GetTracks(ctx, scope, id)
	if err != nil {
		return file, nil, err
	}
	if t.Elsewhere, err = s.Store.GetElsewhere(ctx, scope, id); err != nil {
		return file, nil, err
	}
	var voids []Doable
	if !file.Person.Erased() {
		record, err := s.Store.GetRecord(ctx, scope, id)
		if err == nil {
			err = unseal(record)
		}
		if err != nil {
			return file, nil, err
		}
		voids = s.voidDoables(&file.Case, &t, record, actor)
	}
	m := Moment{Case: &file.Case, Tracks: &t, On: s.Cases.Today(file.Region), Rules: s.Rules}
	assign := Doable{Operation: "case-assign", Why: file.MustBeOpen()}
	if err := free.CanAssign(&file.Case, actor); err != nil {
		assign.Why = err
	}
	list := append(append(m.Doables(), assign), voids...)
	Rest(&file, list)
	return file, list, nil
}

// Rest closes all that is listed when the worker was erased: their case is read, and not worked on.
func Rest(c *casework.Detail, list []Doable) {
	if !c.Person.Erased() {
		return
	}
	for i := range list {
		list[i].Why = fault.New(fault.Conflict, "worker.erased")
	}
}

// Doables tells what can be done in a case at a moment, and of the rest why not. It asks the same functions as the
// operations do, so that what is offered is taken as far as the lifecycles go; what has to be said is not looked at.
func (m Moment) Doables() []Doable {
	return slices.Concat(m.caseDoables(), m.newParts(), m.claimDoables(), m.partDoables())
}

func (m Moment) caseDoables() []Doable {
	open := m.Case.MustBeOpen()
	stages := codelist.NameOf(reflect.TypeFor[casework.Stage]())
	targets := codelist.Texts(m.Case.Stage.From())
	return []Doable{
		{Operation: "case-advance", To: targets, List: stages, DueOn: m.Case.DueOn, Why: open},
		{Operation: "case-reopen", To: targets, List: stages, Why: m.Case.CanReopen()},
		{Operation: "case-follow-up", DueOn: m.Case.FollowUpOn, Why: open},
		{Operation: "case-note"}, {Operation: "case-correct"}, {Operation: "worker-correct"},
	}
}

// newParts are the operations that add a part.
func (m Moment) newParts() (list []Doable) {
	for _, k := range Kinds() {
		list = append(list, k.making(m)...)
	}
	return list
}

// making is the operation that adds a part of a kind.
func (k *Kind[P, S, X]) making(m Moment) []Doable {
	if k.Records == "" {
		return nil
	}
	d := Doable{Operation: k.Records, Kind: k.Name, Why: k.CanAdd(m)}
	if k.First != nil {
		d.To, d.List = codelist.Texts(k.First(m.Tracks)), listOf[S]()
	}
	return []Doable{d}
}

// claimDoables are the operations on the claim that is live and on the months of the newest one.
func (m Moment) claimDoables() []Doable {
	apply, elsewhere := Claims.CanAdd(m), m.Tracks.liveElsewhere()
	if apply == nil {
		apply = elsewhere
	}
	claim, decide := m.Tracks.canDecide(m.Case)
	if decide == nil {
		decide = elsewhere
	}
	running, stop := m.Tracks.canStop(m.Case)
	list := []Doable{{Operation: "claim-apply", Kind: Claims.Name, DueOn: m.claimBy(), Why: apply},
		{Operation: "claim-decide", Kind: Claims.Name, Part: idOfClaim(claim), Why: decide},
		{Operation: "claim-stop", Kind: Claims.Name, Part: idOfClaim(running), Why: stop}}
	for i := range m.Tracks.Months {
		if month := &m.Tracks.Months[i]; month.Claim == m.Tracks.Claims[len(m.Tracks.Claims)-1].ID {
			list = append(list, m.monthDoables(month.N)...)
		}
	}
	return list
}

// claimBy is the last day to claim while that is what the case waits for.
func (m Moment) claimBy() calendar.Date {
	if m.Case.DueFor == "claim" {
		return m.Case.DueOn
	}
	return calendar.Date{}
}

func idOfClaim(c *Claim) uuid.UUID {
	if c == nil {
		return uuid.Nil
	}
	return c.ID
}

func (m Moment) monthDoables(n int) []Doable {
	month, err := m.Tracks.month(n)
	prove, miss := err, err
	if err == nil {
		prove, miss = month.canProve(m.On), month.canMiss(m.On)
	}
	payable, pay := m.Tracks.canPay(n)
	if pay == nil {
		pay = payable.opened(m.On)
	}
	if elsewhere := m.Tracks.givenElsewhere(m.Case, n); elsewhere != nil && err == nil {
		prove, pay = elsewhere, elsewhere
	}
	due := calendar.Date{}
	if month != nil && month.State == MonthUpcoming {
		due = month.ClosesOn
	}
	of := func(operation string, due calendar.Date, why error) Doable {
		return Doable{Operation: operation, Kind: Months.Name, Month: n, DueOn: due, Why: why}
	}
	return []Doable{of("claim-prove", due, prove), of("claim-pay", calendar.Date{}, pay),
		of("claim-miss", calendar.Date{}, miss)}
}

// partDoables are the operations on the parts that there are.
func (m Moment) partDoables() (list []Doable) {
	for _, k := range Kinds() {
		list = append(list, k.moving(m)...)
	}
	list = append(list, each(m, Trainings, "training-attend", (*Training).canAttend)...)
	list = append(list, each(m, Proposals, "proposal-answer", func(p *Proposal) error { return p.canAnswer(m.Case) })...)
	list = append(list, each(m, PrakerjaCards, "prakerja-pay", (*PrakerjaCard).canPay)...)
	list = append(list, each(m, PrakerjaCards, "prakerja-revoke",
		func(k *PrakerjaCard) error { return k.canRevoke(m.On) })...)
	list = append(list, each(m, JobSeekerCards, "jobseeker-report",
		func(k *JobSeekerCard) error { return k.canReport(m.On) })...)
	return list
}

// moving are the steps of each part of a kind, and the correction of its facts, which is there in every stage.
func (k *Kind[P, S, X]) moving(m Moment) []Doable {
	return append(k.steps(m), k.corrections(m)...)
}

func (k *Kind[P, S, X]) corrections(m Moment) (list []Doable) {
	if k.Amends == "" {
		return nil
	}
	why := k.CanCorrect
	if why == nil {
		why = func(*P) error { return nil }
	}
	list = each(m, k, k.Amends, why)
	for i := range list {
		list[i].DueOn = calendar.Date{} // of the part, not of its correction
	}
	return list
}

func (k *Kind[P, S, X]) steps(m Moment) (list []Doable) {
	if k.Advances == "" {
		return nil
	}
	for i, p := range *List[P](m.Tracks) {
		to, why := k.CanStep(m, p)
		list = append(list, Doable{Operation: k.Advances, Kind: k.Name, Part: *k.ID(&p), DueOn: k.due(m, i),
			To: codelist.Texts(to), List: listOf[S](), Why: why})
	}
	return list
}

// each is an operation that every part of a kind may have.
func each[P any, S ~string, X any](m Moment, k *Kind[P, S, X], operation string, why func(*P) error) (list []Doable) {
	parts := *List[P](m.Tracks)
	for i := range parts {
		list = append(list, Doable{Operation: operation, Kind: k.Name, Part: *k.ID(&parts[i]), DueOn: k.due(m, i),
			Why: why(&parts[i])})
	}
	return list
}

func (k *Kind[P, S, X]) due(m Moment, i int) calendar.Date {
	if k.Due == nil {
		return calendar.Date{}
	}
	return k.Due(m.Rules.Measures, m.Tracks, i)
}

func listOf[S ~string]() string { return codelist.NameOf(reflect.TypeFor[S]()) }
