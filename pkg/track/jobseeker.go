package track

import (
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/measure"
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

// JobSeekerCard is an AK-1 card (kartu kuning). While its holder has no work they report before ReportBy; after that
// day, or after ValidUntil, the card has lapsed.
type JobSeekerCard struct {
	ID         uuid.UUID      `json:"id"`
	Number     string         `json:"number" part:"fact,erased"`
	State      JobSeekerState `json:"state" part:"derived"`
	IssuedOn   calendar.Date  `json:"issued_on" part:"fact"`
	ValidUntil calendar.Date  `json:"valid_until"`
	ReportBy   calendar.Date  `json:"report_by"`
	Reports    int            `json:"reports"`
}

// Lapsed tells whether the card is no longer good on a day.
func (k JobSeekerCard) Lapsed(on calendar.Date) bool {
	return k.State == CardActive && (on.After(k.ValidUntil) || on.After(k.ReportBy))
}

// The history entries of a card.
const (
	CardIssued   casework.Kind = "jobseeker_card.issued"
	CardReported casework.Kind = "jobseeker_card.reported"
)

// JobSeekerCards are declared here. Its holder reports while they have no work, whatever became of the case.
var JobSeekerCards = &Kind[JobSeekerCard, JobSeekerState, None]{
	Name: "jobseeker_card", Table: "jobseeker_card", Note: "lapsed by its days", Made: CardIssued, Initial: CardActive,
	Records: "jobseeker-card", Amends: "jobseeker-card-correct",
	Steps: Steps[JobSeekerState]{CardActive: {CardClosed}, CardClosed: {}},
	ID:    func(k *JobSeekerCard) *uuid.UUID { return &k.ID },
	State: func(k *JobSeekerCard) *JobSeekerState { return &k.State },
	Day:   func(k *JobSeekerCard) *calendar.Date { return &k.IssuedOn }, DayField: "issued_on",
	Same: func(a, b *JobSeekerCard) bool { return same(a.Number, b.Number) },
	Facts: func(_ Moment, k *JobSeekerCard) error {
		if strings.TrimSpace(k.Number) == "" {
			return fault.New(fault.Invalid, "jobseeker_card.number_missing").At("number")
		}
		return nil
	},
	May:  mayHaveCard,
	New:  func(m Moment, k *JobSeekerCard) error { return k.runs(m) },
	Mend: mendJobSeekerCard,
	Task: TaskCard, Outlasts: true,
	Due: func(_ measure.Book, t *Tracks, i int) calendar.Date {
		if k := t.JobSeekerCards[i]; k.State == CardActive {
			return k.ReportBy
		}
		return calendar.Date{}
	},
}

// mayHaveCard gives a card to who is without work. Only a lapsed one is followed by another.
func mayHaveCard(m Moment) error {
	for _, other := range m.Tracks.JobSeekerCards {
		if other.State == CardActive && !other.Lapsed(m.On) {
			return fault.New(fault.Conflict, "jobseeker_card.already_issued", "valid_until", other.ValidUntil.String())
		}
	}
	if since := m.Tracks.works(m.On); !since.IsZero() {
		return fault.New(fault.Conflict, "jobseeker_card.in_work", "started_on", since.String())
	}
	return nil
}

// mendJobSeekerCard counts the days of a card anew from a corrected day of issue. Once its holder has reported they
// follow from the reports, too: those are voided first. No two cards are good on one day.
func mendJobSeekerCard(m Moment, was, now *JobSeekerCard) ([]casework.Warning, error) {
	if was.IssuedOn == now.IssuedOn {
		return nil, nil
	}
	if now.Reports > 0 {
		return nil, fault.New(fault.Conflict, "jobseeker_card.reported").At("issued_on")
	}
	if err := now.runs(m); err != nil {
		return nil, err
	}
	good := func(k *JobSeekerCard, on calendar.Date) bool {
		return !on.Before(k.IssuedOn) && !on.After(k.ValidUntil) && !on.After(k.ReportBy)
	}
	for i := range m.Tracks.JobSeekerCards {
		other := &m.Tracks.JobSeekerCards[i]
		if other.ID != now.ID && (good(other, now.IssuedOn) || good(now, other.IssuedOn)) {
			return nil, fault.New(fault.Conflict, "jobseeker_card.already_issued", "valid_until", other.ValidUntil.String())
		}
	}
	return nil, nil
}

// runs puts the days of a card.
func (k *JobSeekerCard) runs(m Moment) error {
	f := m.Rules.Hubs.On(k.IssuedOn)
	k.ValidUntil = k.IssuedOn.AddMonths(f.JobSeekerCardMonths.Value)
	k.ReportBy = k.IssuedOn.AddMonths(f.JobSeekerCardReportMonths.Value)
	return nil
}

// next is the last day of the report that follows one on a day: the end of the period after the one that the day lies
// in, never beyond the end of the card. Periods are counted from the day of issue.
func (k *JobSeekerCard) next(hubs Hubs, on calendar.Date) calendar.Date {
	f := hubs.On(k.IssuedOn)
	length, period := f.JobSeekerCardMonths.Value, f.JobSeekerCardReportMonths.Value
	for months := period; months+period < length; months += period {
		if !on.After(k.IssuedOn.AddMonths(months)) {
			return k.IssuedOn.AddMonths(months + period)
		}
	}
	return k.ValidUntil
}

// canReport refuses a report on a card that is no longer good.
func (k *JobSeekerCard) canReport(on calendar.Date) error {
	if k.State != CardActive || k.Lapsed(on) {
		return fault.New(fault.Conflict, "jobseeker_card.lapsed", "report_by", k.ReportBy.String())
	}
	return nil
}

// ReportCard records a report of the holder. The first one of a period moves the next one on; another one in the same
// period does not.
func (t *Tracks) ReportCard(hubs Hubs, id uuid.UUID, on calendar.Date) (casework.Event, error) {
	k := JobSeekerCards.in(t, id)
	switch {
	case k == nil:
		return casework.Event{}, JobSeekerCards.notFound()
	case on.Before(k.IssuedOn):
		return casework.Event{}, fault.New(fault.Invalid, "step.before_last", "last", k.IssuedOn.String()).At("occurred_on")
	}
	if err := k.canReport(on); err != nil {
		return casework.Event{}, err
	}
	k.Reports++
	if next := k.next(hubs, on); next.After(k.ReportBy) {
		k.ReportBy = next
	}
	return casework.Event{Kind: CardReported, OccurredOn: on, Payload: k}, nil
}
