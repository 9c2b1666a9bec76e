package lawbook

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/track"
)

// Job settles a release: it writes the days that the release moves into the histories of the open layoffs and cases.
type Job struct {
	Release uuid.UUID `json:"release"`
}

// Kind names the job to River.
func (Job) Kind() string { return "law_settle" }

// Affected finds what the days of a release may move, and keeps how far its settling came.
type Affected interface {
	// OpenLayoffs are layoffs with open clocks after one, in the order of their ids, and OpenCases cases that are not
	// closed.
	OpenLayoffs(ctx context.Context, after uuid.UUID, limit int) ([]layoff.Layoff, error)
	OpenCases(ctx context.Context, after uuid.UUID, limit int) ([]uuid.UUID, error)
	Progress(ctx context.Context, release uuid.UUID) (Progress, error)
	KeepProgress(ctx context.Context, release uuid.UUID, p Progress) error
	// Unsettled are the releases whose days are not all settled, though nobody works on them.
	Unsettled(ctx context.Context) ([]uuid.UUID, error)
}

// Progress is how far the settling of a release came: first all layoffs, then all cases.
type Progress struct {
	Phase   Phase
	To      uuid.UUID // the newest that was looked at in this phase
	Layoffs int
	Cases   int
	Since   time.Time // of the approval or the withdrawal that is settled
}

// Phase is what settling looks at.
type Phase string

// The phases. The second pass meets what another process wrote under the law before, until it had heard of the release.
const (
	PhaseLayoffs Phase = "layoffs"
	PhaseCases   Phase = "cases"
	PhaseAgain   Phase = "layoffs_again"
	PhaseLast    Phase = "cases_again"
	PhaseSettled Phase = "settled"
)

// Values lists the phases in their order.
func (Phase) Values() []Phase {
	return []Phase{PhaseLayoffs, PhaseCases, PhaseAgain, PhaseLast, PhaseSettled}
}

// Valid tells whether p is one of the phases.
func (p Phase) Valid() bool { return codelist.Has(p) }

var nextPhase = map[Phase]Phase{PhaseLayoffs: PhaseCases, PhaseCases: PhaseAgain, PhaseAgain: PhaseLast,
	PhaseLast: PhaseSettled}

// chunk is how many layoffs or cases are looked at before the progress is kept.
const chunk = 100

// Hearing is after how long every process has heard of a release.
const Hearing = 10 * time.Second

// Settler settles releases.
type Settler struct {
	Store    Store
	Affected Affected
	Book     *Book
	// Services gives those that go by the law now.
	Services func() (*layoff.Service, *track.Service)
}

// Settle goes on from where it was stopped, and stops with wait when the second pass has to wait for the other
// processes. Whatever it was killed in is done again, and a day that has moved moves once.
func (s *Settler) Settle(ctx context.Context, id uuid.UUID, now time.Time) (wait time.Duration, err error) {
	r, err := s.Store.GetRelease(ctx, id)
	if err != nil {
		return 0, err
	}
	if err := s.Book.Refresh(ctx); err != nil {
		return 0, err
	}
	p, err := s.Affected.Progress(ctx, id)
	for err == nil && p.Phase != PhaseSettled {
		if left := p.Since.Add(Hearing).Sub(now); p.Phase == PhaseAgain && left > 0 {
			return left, nil
		}
		if err = s.step(ctx, &r, &p); err == nil {
			err = s.Affected.KeepProgress(ctx, id, p)
		}
	}
	return 0, err
}

// step looks at one chunk.
func (s *Settler) step(ctx context.Context, r *Release, p *Progress) (err error) {
	var last uuid.UUID
	if p.Phase == PhaseLayoffs || p.Phase == PhaseAgain {
		last, err = s.layoffs(ctx, r, p)
	} else {
		last, err = s.cases(ctx, r, p)
	}
	if err != nil {
		return fmt.Errorf("settle release %s: %w", r.ID, err)
	}
	if p.To = last; last == uuid.Nil {
		p.Phase = nextPhase[p.Phase]
	}
	return nil
}

// layoffs looks at the next layoffs, and gives the last of them; none when all were looked at.
func (s *Settler) layoffs(ctx context.Context, r *Release, p *Progress) (last uuid.UUID, err error) {
	found, err := s.Affected.OpenLayoffs(ctx, p.To, chunk)
	if err != nil {
		return last, err
	}
	service, _ := s.Services()
	for _, l := range found {
		moved, err := service.FollowLaw(ctx, l, layoff.LawChange{Release: r.ID, ApprovedBy: r.ApprovedBy.String(),
			WithdrawnBy: r.withdrawer()})
		if err != nil {
			return last, err
		}
		if moved {
			p.Layoffs++
		}
		last = l.ID
	}
	return last, nil
}

// cases looks at the next cases, and gives the last of them; none when all were looked at.
func (s *Settler) cases(ctx context.Context, r *Release, p *Progress) (last uuid.UUID, err error) {
	found, err := s.Affected.OpenCases(ctx, p.To, chunk)
	if err != nil {
		return last, err
	}
	_, service := s.Services()
	for _, id := range found {
		moved, err := service.FollowLaw(ctx, casework.ID(id), track.LawChange{Release: r.ID,
			ApprovedBy: r.ApprovedBy.String(), WithdrawnBy: r.withdrawer()})
		if err != nil {
			return last, err
		}
		if moved {
			p.Cases++
		}
		last = id
	}
	return last, nil
}
