package layoff

import (
	"context"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
)

// Correction changes facts of a report that were stated wrong, or completes them. Edit writes the right ones; what it
// does not touch stays.
type Correction struct {
	Reason string
	Edit   func(*Layoff)
}

// FieldChange is a fact of a report before and after its correction.
type FieldChange struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// Corrected is the payload of layoff.corrected. How many and when, before and from now on, stand in it by themselves,
// so that a figure can be told again as it was known.
type Corrected struct {
	Reason        string        `json:"reason"`
	Changes       []FieldChange `json:"changes"`
	PeopleBefore  int           `json:"people_before"`
	People        int           `json:"people_planned"`
	PlannedBefore calendar.Date `json:"planned_before,omitzero"`
}

// EmployerPutRight is the payload of employer.corrected, which every other layoff of the employer records.
type EmployerPutRight struct {
	Reason  string        `json:"reason"`
	Changes []FieldChange `json:"changes"`
	Layoff  uuid.UUID     `json:"layoff"` // in which it was corrected
}

// facts are the facts of a report as texts.
func (l *Layoff) facts() []FieldChange {
	day := func(d calendar.Date) string {
		if d.IsZero() {
			return ""
		}
		return d.String()
	}
	people := ""
	if l.PeoplePlanned > 0 {
		people = strconv.Itoa(l.PeoplePlanned)
	}
	return append(l.Employer.facts(), FieldChange{Field: "reference", To: l.Reference},
		FieldChange{Field: "reason", To: l.Reason}, FieldChange{Field: "planned_on", To: day(l.PlannedOn)},
		FieldChange{Field: "notified_on", To: day(l.NotifiedOn)}, FieldChange{Field: "people_planned", To: people})
}

func (e Employer) facts() []FieldChange {
	return []FieldChange{{Field: "employer.name", To: e.Name}, {Field: "employer.nib", To: e.NIB},
		{Field: "employer.kbli", To: e.KBLI}, {Field: "employer.kbli_edition", To: string(e.KBLIEdition)}}
}

func differences(before, after []FieldChange) []FieldChange {
	var changes []FieldChange
	for i, now := range after {
		if now.To != before[i].To {
			changes = append(changes, FieldChange{now.Field, before[i].To, now.To})
		}
	}
	return changes
}

// Correct changes facts of a report. It refuses a correction without a reason, one that changes nothing
// (correction.nothing), and facts that a report cannot have. The site stays where it is: who may see the layoff hangs
// on it.
func (s *Service) Correct(ctx context.Context, op authz.Op, id uuid.UUID, version int, k Correction) (Layoff, error) {
	k.Reason = strings.TrimSpace(k.Reason)
	if k.Reason == "" {
		return Layoff{}, fault.New(fault.Invalid, "correction.reason_required").At("correction")
	}
	var on calendar.Date
	return s.change(ctx, op, id, version, &on, func(l *Layoff) (Event, error) {
		if err := l.stands(); err != nil {
			return Event{}, err
		}
		was := *l
		k.Edit(l)
		l.Employer.Region = was.Employer.Region
		if err := s.checkCorrected(op.Scope, &was, l, on); err != nil {
			return Event{}, err
		}
		changes := differences(was.facts(), l.facts())
		if len(changes) == 0 {
			return Event{}, fault.New(fault.Invalid, "correction.nothing")
		}
		event := Event{Kind: LayoffCorrected, OccurredOn: on, Payload: Corrected{Reason: k.Reason, Changes: changes,
			PeopleBefore: was.PeoplePlanned, People: l.PeoplePlanned, PlannedBefore: was.PlannedOn}}
		if of := differences(was.Employer.facts(), l.Employer.facts()); len(of) > 0 {
			event.Employer = &EmployerPutRight{Reason: k.Reason, Changes: of, Layoff: l.ID}
		}
		return event, nil
	})
}

func (s *Service) checkCorrected(scope authz.Scope, was, l *Layoff, today calendar.Date) error {
	switch err := s.Check(scope, l); {
	case err != nil:
		return err
	case l.JobsSaved > 0 && l.PeoplePlanned < l.JobsSaved:
		return fault.New(fault.Invalid, "layoff.jobs_saved", "planned", strconv.Itoa(l.PeoplePlanned)).At("people_planned")
	case l.NotifiedOn.After(today) && l.NotifiedOn != was.NotifiedOn:
		return fault.New(fault.Invalid, "layoff.in_future", "today", today.String()).At("notified_on")
	}
	return nil
}
