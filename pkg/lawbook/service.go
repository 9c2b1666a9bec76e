package lawbook

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
)

// Store keeps releases. Changes happen one after the other.
type Store interface {
	// AddRelease keeps a release that is put in, with its first entry.
	AddRelease(ctx context.Context, op authz.Op, r Release, e Event) (Release, error)
	// MoveRelease changes a release with an entry of its history. fn is given those that hold, in the order of their
	// approval. An approved one is settled by a job.
	MoveRelease(ctx context.Context, op authz.Op, id uuid.UUID,
		fn func(r *Release, holding []Release) (Event, error)) (Release, error)
	GetRelease(ctx context.Context, id uuid.UUID) (Release, error)
	ListReleases(ctx context.Context, limit int) ([]Release, error)
	// Holding gives the releases that hold, in the order of their approval, and the edition that they make.
	Holding(ctx context.Context) ([]Release, int64, error)
	Edition(ctx context.Context) (int64, error)
}

// Service is the law for callers whose permission is already established.
type Service struct {
	Store Store
	Book  *Book
	Clock clock.Clock
}

// MostListed bounds a list of releases.
const MostListed = 200

func (s *Service) today() calendar.Date { return calendar.Of(s.Clock.Now(), calendar.WIB) }

// national refuses a caller whose right does not reach the whole nation: the law is one.
func national(scope authz.Scope) error {
	if !scope.National() {
		return fault.New(fault.Forbidden, "law.nation_only")
	}
	return nil
}

// Propose puts a file in. It is read by the loaders of the programmes, together with all that holds, and may change
// nothing before its effective date.
func (s *Service) Propose(ctx context.Context, op authz.Op, content string, effective calendar.Date,
	reason string) (Release, error) {
	if err := national(op.Scope); err != nil {
		return Release{}, err
	}
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return Release{}, fault.New(fault.Invalid, "law.reason_required").At("reason")
	}
	f, err := readFile([]byte(content))
	if err != nil {
		return Release{}, err
	}
	if err := s.Book.Refresh(ctx); err != nil {
		return Release{}, err
	}
	r := Release{ID: uuid.Must(uuid.NewV7()), Programme: f.head.Programme, Kind: f.head.Kind, Name: f.head.ID,
		Effective: effective, Reason: reason, Content: content, State: Proposed, PutInBy: op.Actor}
	if err := s.Book.Law().takes(&r, s.today()); err != nil {
		return Release{}, err
	}
	return s.Store.AddRelease(ctx, op, r, r.Propose())
}

// takes tells whether the law can take a release.
func (l *Law) takes(r *Release, today calendar.Date) error {
	f, err := readFile([]byte(r.Content))
	if err != nil {
		return err
	}
	old := l.files.find(f)
	if old == nil && !f.holidays() && f.head.ValidFrom != r.Effective {
		return fault.New(fault.Invalid, "law.effective_differs", "valid_from", f.head.ValidFrom.String()).At("effective_from")
	}
	if !f.head.ValidUntil.IsZero() && !today.Before(f.head.ValidUntil) && old == nil {
		return fault.New(fault.Invalid, "law.expired", "valid_until", f.head.ValidUntil.String()).At("file")
	}
	if old != nil && string(old.data) == string(f.data) {
		return fault.New(fault.Conflict, "law.unchanged").At("file")
	}
	next, err := l.With(*r)
	if err != nil {
		return fault.New(fault.Invalid, "law.does_not_fit", "problem", err.Error()).At("file")
	}
	return l.keepsPast(next, r.Effective, today)
}

// Approve lets a release hold, in every server on the same database, from now on. It is checked anew, because other
// releases and days may have come in between.
func (s *Service) Approve(ctx context.Context, op authz.Op, id uuid.UUID) (Release, error) {
	if err := national(op.Scope); err != nil {
		return Release{}, err
	}
	done, err := s.Store.MoveRelease(ctx, op, id, func(r *Release, holding []Release) (Event, error) {
		event, err := r.Approve(op.Actor, s.Clock.Now())
		if err != nil {
			return event, err
		}
		now, err := s.Book.base.With(holding...)
		if err == nil {
			err = now.takes(r, s.today())
		}
		return event, err
	})
	if err != nil {
		return Release{}, err
	}
	return done, s.Book.Refresh(ctx)
}

// Withdraw takes a release back. What rests on it must go first.
func (s *Service) Withdraw(ctx context.Context, op authz.Op, id uuid.UUID, reason string) (Release, error) {
	if err := national(op.Scope); err != nil {
		return Release{}, err
	}
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return Release{}, fault.New(fault.Invalid, "law.reason_required").At("reason")
	}
	done, err := s.Store.MoveRelease(ctx, op, id, func(r *Release, holding []Release) (Event, error) {
		event, err := r.Withdraw(op.Actor, reason, s.today())
		if err != nil {
			return event, err
		}
		var left []Release
		for _, h := range holding {
			if h.ID != id {
				left = append(left, h)
			}
		}
		if _, err := s.Book.base.With(left...); err != nil {
			return event, fault.New(fault.Conflict, "law.rested_on", "problem", err.Error())
		}
		return event, nil
	})
	if err != nil {
		return Release{}, err
	}
	return done, s.Book.Refresh(ctx)
}

// List gives the releases, newest first.
func (s *Service) List(ctx context.Context, limit int) ([]Release, error) {
	return s.Store.ListReleases(ctx, limit)
}

// Show gives a release, and while it is proposed, what it says otherwise than what holds now.
func (s *Service) Show(ctx context.Context, id uuid.UUID) (Release, []Difference, error) {
	r, err := s.Store.GetRelease(ctx, id)
	if err != nil || r.State != Proposed {
		return r, nil, err
	}
	if err := s.Book.Refresh(ctx); err != nil {
		return r, nil, err
	}
	differences, err := s.Book.Law().Differences(r.Content)
	return r, differences, err
}
