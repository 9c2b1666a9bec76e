package track

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
)

// JobSeekerState is where an AK-1 card stands.
type JobSeekerState string

// The states of a card.
const (
	CardActive JobSeekerState = "active"
	CardLapsed JobSeekerState = "lapsed" // never kept: it follows from the day (Lapsed)
	CardClosed JobSeekerState = "closed_hired"
)

// Values lists every state of a card.
func (JobSeekerState) Values() []JobSeekerState {
	return []JobSeekerState{CardActive, CardLapsed, CardClosed}
}

// Stored lists the states that are kept.
func (JobSeekerState) Stored() []JobSeekerState { return []JobSeekerState{CardActive, CardClosed} }

// Valid tells whether s is one of the states.
func (s JobSeekerState) Valid() bool { return codelist.Has(s) }

// JobSeekerCard is an AK-1 card (kartu kuning). While its holder has no work they report before ReportBy; after that day, or
// after ValidUntil, the card has lapsed.
type JobSeekerCard struct {
	ID         uuid.UUID      `json:"id"`
	Number     string         `json:"number"`
	State      JobSeekerState `json:"state"`
	IssuedOn   calendar.Date  `json:"issued_on"`
	ValidUntil calendar.Date  `json:"valid_until"`
	ReportBy   calendar.Date  `json:"report_by"`
	Reports    int            `json:"reports"`
}

// Lapsed tells whether the card is no longer good on a day.
func (k JobSeekerCard) Lapsed(on calendar.Date) bool {
	return k.State == CardActive && (on.After(k.ValidUntil) || on.After(k.ReportBy))
}

func (k *JobSeekerCard) close() { k.State = CardClosed }

// IssueCard records a card, for as long as the period says. Only a lapsed one is followed by another.
func (f *File) IssueCard(c *casework.Case, p Period, k JobSeekerCard) (casework.Event, error) {
	if err := open(c); err != nil {
		return casework.Event{}, err
	}
	if strings.TrimSpace(k.Number) == "" {
		return casework.Event{}, fault.New(fault.Invalid, "jobseeker_card.number_missing").At("number")
	}
	for _, other := range f.Cards {
		if other.State == CardActive && !other.Lapsed(k.IssuedOn) {
			return casework.Event{}, fault.New(fault.Conflict, "jobseeker_card.already_issued", "valid_until", other.ValidUntil.String())
		}
	}
	k.State, k.ValidUntil, k.ReportBy = CardActive, k.IssuedOn.AddMonths(p.Months), k.IssuedOn.AddMonths(p.Report)
	f.Cards = append(f.Cards, k)
	return casework.Event{Kind: CardIssued, OccurredOn: k.IssuedOn, Payload: k}, nil
}

// next is the last day of the report that follows one on a day: the end of the period after the one that the day lies in,
// never beyond the end of the card. Periods are counted from the day of issue.
func (k *JobSeekerCard) next(p Period, on calendar.Date) calendar.Date {
	for months := p.Report; months+p.Report < p.Months; months += p.Report {
		if !on.After(k.IssuedOn.AddMonths(months)) {
			return k.IssuedOn.AddMonths(months + p.Report)
		}
	}
	return k.ValidUntil
}

// ReportCard records a report of the holder. The first one of a period moves the next one on; another one in the same
// period does not.
func (f *File) ReportCard(p Period, id uuid.UUID, on calendar.Date) (casework.Event, error) {
	k := find(f.Cards, id, func(k JobSeekerCard) uuid.UUID { return k.ID })
	switch {
	case k == nil:
		return casework.Event{}, partNotFound("jobseeker_card")
	case on.Before(k.IssuedOn):
		return casework.Event{}, fault.New(fault.Invalid, "step.before_last", "last", k.IssuedOn.String()).At("occurred_on")
	case k.State != CardActive || k.Lapsed(on):
		return casework.Event{}, fault.New(fault.Conflict, "jobseeker_card.lapsed", "report_by", k.ReportBy.String())
	}
	k.Reports++
	if next := k.next(p, on); next.After(k.ReportBy) {
		k.ReportBy = next
	}
	return casework.Event{Kind: CardReported, OccurredOn: on, Payload: k}, nil
}

// Reach is how far from home the worker would work.
type Reach string

// The reaches.
const (
	OwnRegency  Reach = "regency"
	OwnProvince Reach = "province"
	Nation      Reach = "nation"
)

// Values lists the reaches.
func (Reach) Values() []Reach { return []Reach{OwnRegency, OwnProvince, Nation} }

// Valid tells whether r is one of the reaches.
func (r Reach) Valid() bool { return codelist.Has(r) }

// Wish is what work the worker looks for, as the self-assessment asks it (asesmen diri: up to three wanted jobs). It holds
// nothing that a match must not look at: no sex, no age, no health, no faith, no name.
type Wish struct {
	Occupation1 string        `json:"occupation_1"` // KBJI, one to four digits, most wanted first
	Occupation2 string        `json:"occupation_2,omitempty"`
	Occupation3 string        `json:"occupation_3,omitempty"`
	Units       string        `json:"units"`         // SKKNI units besides those of the certificates, separated by commas
	Wage        money.Rupiah  `json:"wage"`          // least wanted a month, 0 when nobody said
	From        calendar.Date `json:"from,omitzero"` // available from
	Reach       Reach         `json:"reach"`
}

var occupation = regexp.MustCompile(`^[0-9]{1,4}$`)

// Occupations lists what is wanted, most wanted first.
func (w Wish) Occupations() []string {
	var list []string
	for _, code := range []string{w.Occupation1, w.Occupation2, w.Occupation3} {
		if code != "" {
			list = append(list, code)
		}
	}
	return list
}

// Wish replaces what the worker looks for.
func (f *File) Wish(c *casework.Case, w Wish, on calendar.Date) (casework.Event, error) {
	if err := open(c); err != nil {
		return casework.Event{}, err
	}
	for i, code := range []string{w.Occupation1, w.Occupation2, w.Occupation3} {
		if (code != "" || i == 0) && !occupation.MatchString(code) {
			return casework.Event{}, fault.New(fault.Invalid, "wish.occupation").At("occupation_" + strconv.Itoa(i+1))
		}
	}
	if !w.Reach.Valid() {
		return casework.Event{}, fault.New(fault.Invalid, "wish.reach").At("reach")
	}
	f.Wishes = []Wish{w}
	return casework.Event{Kind: WishRecorded, OccurredOn: on, Payload: w}, nil
}

// ProposalState is where a proposed vacancy stands.
type ProposalState string

// The states of a proposal: the outcome is kept so that the ranking can be judged by it.
const (
	Proposed         ProposalState = "proposed"
	ProposalAccepted ProposalState = "accepted"
	ProposalDeclined ProposalState = "declined"
	ProposalHired    ProposalState = "hired"
)

// Values lists every state of a proposal.
func (ProposalState) Values() []ProposalState {
	return []ProposalState{Proposed, ProposalAccepted, ProposalDeclined, ProposalHired}
}

// Valid tells whether s is one of the states.
func (s ProposalState) Valid() bool { return codelist.Has(s) }

// Proposal is a vacancy that an officer proposed, with the rank and the score that it had then.
type Proposal struct {
	ID          uuid.UUID     `json:"id"`
	Vacancy     uuid.UUID     `json:"vacancy"`
	Employer    string        `json:"employer"`
	Position    string        `json:"position"`
	Rank        int           `json:"rank"`  // 0 when it was not among the best
	Score       int           `json:"score"` // 0 to 100
	State       ProposalState `json:"state"`
	ProposedOn  calendar.Date `json:"proposed_on"`
	Application uuid.UUID     `json:"application"` // what accepting it made
}

// Propose records a proposal; a vacancy is proposed once.
func (f *File) Propose(c *casework.Case, p Proposal, on calendar.Date) (casework.Event, error) {
	if err := open(c); err != nil {
		return casework.Event{}, err
	}
	if find(f.Proposals, p.Vacancy, func(p Proposal) uuid.UUID { return p.Vacancy }) != nil {
		return casework.Event{}, fault.New(fault.Conflict, "proposal.already_made")
	}
	p.State, p.ProposedOn = Proposed, on
	f.Proposals = append(f.Proposals, p)
	return casework.Event{Kind: ProposalMade, OccurredOn: on, Payload: p}, nil
}

// AnswerProposal records what the worker said. Accepting is the job application too, so that it counts for the month of the
// JKP claim without being typed twice.
func (f *File) AnswerProposal(c *casework.Case, id, application uuid.UUID, accepted bool, on calendar.Date) (casework.Event, error) {
	if err := open(c); err != nil {
		return casework.Event{}, err
	}
	p := find(f.Proposals, id, func(p Proposal) uuid.UUID { return p.ID })
	switch {
	case p == nil:
		return casework.Event{}, partNotFound("proposal")
	case p.State != Proposed:
		return casework.Event{}, refused("proposal", p.State, ProposalAccepted, nil)
	case on.Before(p.ProposedOn):
		return casework.Event{}, fault.New(fault.Invalid, "application.before_applying", "applied_on", p.ProposedOn.String()).At("occurred_on")
	}
	p.State = ProposalDeclined
	if accepted {
		p.State, p.Application = ProposalAccepted, application
		f.Applications = append(f.Applications, Application{ID: application, Employer: p.Employer, Position: p.Position, Channel: "paskerid",
			State: Submitted, AppliedOn: on, Vacancy: p.Vacancy})
	}
	return casework.Event{Kind: ProposalAnswered, OccurredOn: on, Payload: p}, nil
}

// hired keeps that a proposal led to a job.
func (f *File) hired(application uuid.UUID) {
	if p := find(f.Proposals, application, func(p Proposal) uuid.UUID { return p.Application }); p != nil {
		p.State = ProposalHired
	}
}
