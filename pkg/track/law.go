package track

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
)

// LawChanged is the kind of the entry of a case whose days a release of the law moved.
const LawChanged casework.Kind = "case.law_changed"

// LawChange is the payload of case.law_changed: the release, who approved it, and the days before and after.
type LawChange struct {
	Release    uuid.UUID `json:"release"`
	ApprovedBy string    `json:"approved_by"`
	// WithdrawnBy took the release back: the days are again those without it.
	WithdrawnBy string        `json:"withdrawn_by,omitempty"`
	From        calendar.Date `json:"due_on_before,omitzero"`
	To          calendar.Date `json:"due_on,omitzero"`
	Months      []MovedMonth  `json:"months,omitempty"`
}

// MovedMonth is a month of a claim with its window before and after.
type MovedMonth struct {
	N            int           `json:"n"`
	OpenedBefore calendar.Date `json:"opens_on_before"`
	ClosedBefore calendar.Date `json:"closes_on_before"`
	OpensOn      calendar.Date `json:"opens_on"`
	ClosesOn     calendar.Date `json:"closes_on"`
}

// errUnmoved ends a change that has nothing to change.
var errUnmoved = errors.New("no day moved")

// FollowLaw derives the days of a case under the law as it is now, and tells whether any moved. Windows of months that
// were proved, paid or missed stay as they were. The actor of the entry is nobody; it names the release and who
// approved it. A second call changes nothing.
func (s *Service) FollowLaw(ctx context.Context, id casework.ID, by LawChange) (moved bool, err error) {
	op := authz.Op{Scope: authz.Everywhere()}
	_, err = s.Store.ChangeTracks(ctx, op, id, casework.AnyVersion, new(uuid.UUID),
		func(c *casework.Case, t *Tracks) (casework.Event, error) {
			due, dueFor := c.DueOn, c.DueFor
			by.Months = s.moveWindows(t)
			Derive(c, t, s.Rules)
			if by.From, by.To = due, c.DueOn; due == c.DueOn && dueFor == c.DueFor && len(by.Months) == 0 {
				return casework.Event{}, errUnmoved
			}
			return casework.Event{Kind: LawChanged, OccurredOn: s.Cases.Today(c.Region), Payload: by}, nil
		})
	if errors.Is(err, errUnmoved) || fault.KindOf(err) == fault.NotFound {
		return false, nil
	}
	return err == nil, err
}

// moveWindows puts the windows of the months to come of the running claim.
func (s *Service) moveWindows(t *Tracks) (list []MovedMonth) {
	claim := t.live()
	if claim == nil || claim.State != casework.ClaimRunning {
		return nil
	}
	windows, err := s.windows(claim.ReferenceOn)
	if err != nil {
		return nil // no rules for that day: no window is better than a guessed one
	}
	for i := range t.Months {
		m := &t.Months[i]
		if m.Claim != claim.ID || m.State != MonthUpcoming || m.N > len(windows) {
			continue
		}
		w := windows[m.N-1]
		if w.Opens != m.OpensOn || w.Closes != m.ClosesOn {
			list = append(list, MovedMonth{m.N, m.OpensOn, m.ClosesOn, w.Opens, w.Closes})
			m.OpensOn, m.ClosesOn = w.Opens, w.Closes
		}
	}
	return list
}
