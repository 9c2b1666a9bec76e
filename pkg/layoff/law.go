package layoff

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
)

// LawChange is the payload of layoff.law_changed: the release of the law that moved the deadline, who approved it, and
// the deadline before and after.
type LawChange struct {
	Release    uuid.UUID `json:"release"`
	ApprovedBy string    `json:"approved_by"`
	// WithdrawnBy took the release back: the deadline is again the one without it.
	WithdrawnBy string        `json:"withdrawn_by,omitempty"`
	From        calendar.Date `json:"due_on_before,omitzero"`
	FromFor     string        `json:"due_for_before,omitempty"`
	To          calendar.Date `json:"due_on,omitzero"`
	ToFor       string        `json:"due_for,omitempty"`
}

// errUnmoved ends a change that has nothing to change.
var errUnmoved = errors.New("no day moved")

// FollowLaw sets the deadline of a layoff under the law as it is now, and tells whether it moved. The actor of the
// entry is nobody; it names the release and who approved it. A second call changes nothing.
func (s *Service) FollowLaw(ctx context.Context, l Layoff, by LawChange) (moved bool, err error) {
	today := s.Today(l.Employer.Region)
	before := l
	clocks, err := l.Clocks(s.Law, s.Calendar, today)
	if err != nil {
		return false, nil //nolint:nilerr // a layoff older than the law has no clocks
	}
	if l.setDue(clocks); l.DueOn == before.DueOn && l.DueFor == before.DueFor {
		return false, nil
	}
	op := authz.Op{Scope: authz.Everywhere()}
	_, err = s.Store.ChangeLayoff(ctx, op, l.ID, l.Version, func(l *Layoff) (Event, error) {
		by.From, by.FromFor = l.DueOn, l.DueFor
		clocks, err := l.Clocks(s.Law, s.Calendar, today)
		if err != nil {
			return Event{}, err
		}
		l.setDue(clocks)
		if by.To, by.ToFor = l.DueOn, l.DueFor; by.To == by.From && by.ToFor == by.FromFor {
			return Event{}, errUnmoved
		}
		return Event{Kind: LawChanged, OccurredOn: today, Payload: by}, nil
	})
	if errors.Is(err, errUnmoved) || fault.CodeOf(err) == "layoff.stale" { // changed meanwhile: the next pass looks at it
		return false, nil
	}
	return err == nil, err
}
