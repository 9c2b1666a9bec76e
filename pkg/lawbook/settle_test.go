package lawbook_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/lawbook"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/track"
)

var approved = time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)

// settling keeps how far the days of one release were looked at. Its layoffs are older than the law: none moves.
type settling struct {
	keeping
	layoffs []layoff.Layoff
	broken  error // of the list of cases
	now     lawbook.Progress
	looked  []string
	kept    []lawbook.Progress
}

func (s *settling) GetRelease(_ context.Context, id uuid.UUID) (lawbook.Release, error) {
	return lawbook.Release{ID: id, ApprovedAt: approved}, nil
}

func (s *settling) OpenLayoffs(_ context.Context, after uuid.UUID, _ int) ([]layoff.Layoff, error) {
	s.looked = append(s.looked, "layoffs")
	for i, l := range s.layoffs {
		if slices.Compare(l.ID[:], after[:]) > 0 {
			return s.layoffs[i : i+1], nil
		}
	}
	return nil, nil
}

func (s *settling) OpenCases(context.Context, uuid.UUID, int) ([]uuid.UUID, error) {
	s.looked = append(s.looked, "cases")
	return nil, s.broken
}

func (s *settling) Progress(context.Context, uuid.UUID) (lawbook.Progress, error) { return s.now, nil }

func (s *settling) KeepProgress(_ context.Context, _ uuid.UUID, p lawbook.Progress) error {
	s.now, s.kept = p, append(s.kept, p)
	return nil
}

func (s *settling) Unsettled(context.Context) ([]uuid.UUID, error) { return nil, nil }

// settle goes on with the release so long after it was approved.
func (s *settling) settle(t *testing.T, after time.Duration) (time.Duration, error) {
	t.Helper()
	book, err := lawbook.Open(t.Context(), law(t), s)
	if err != nil {
		t.Fatal(err)
	}
	layoffs := &layoff.Service{Clock: clock.At(approved), Law: law(t).Programmes.Termination, Calendar: law(t).Calendar}
	settler := &lawbook.Settler{Store: s, Affected: s, Book: book,
		Services: func() (*layoff.Service, *track.Service) { return layoffs, nil }}
	return settler.Settle(t.Context(), uuid.UUID{1}, approved.Add(after))
}

// Layoffs, then cases; and both once more, when every process has heard of the law: not before ten seconds are over.
func TestEverythingIsLookedAtTwice(t *testing.T) {
	t.Parallel()
	s := &settling{now: lawbook.Progress{Phase: lawbook.PhaseLayoffs, Since: approved}}
	for _, step := range []struct {
		after, wait time.Duration
		phase       lawbook.Phase
		looked      []string
	}{
		{0, 10 * time.Second, lawbook.PhaseAgain, []string{"layoffs", "cases"}},
		{10*time.Second - 1, 1, lawbook.PhaseAgain, nil},
		{10 * time.Second, 0, lawbook.PhaseSettled, []string{"layoffs", "cases"}},
		{time.Hour, 0, lawbook.PhaseSettled, nil},
	} {
		s.looked = nil
		wait, err := s.settle(t, step.after)
		if err != nil || wait != step.wait || s.now.Phase != step.phase || !slices.Equal(s.looked, step.looked) {
			t.Errorf("after %s: wait %s, now %s, looked at %v: %v", step.after, wait, s.now.Phase, s.looked, err)
		}
	}
}

// What was looked at is kept after each part of the list, so that another process goes on behind it.
func TestHowFarItIsIsKept(t *testing.T) {
	t.Parallel()
	old := calendar.MustDate("1990-01-01")
	s := &settling{now: lawbook.Progress{Phase: lawbook.PhaseLayoffs}, broken: errors.New("the database is away"),
		layoffs: []layoff.Layoff{{ID: uuid.UUID{2}, PlannedOn: old}, {ID: uuid.UUID{5}, PlannedOn: old}}}
	if _, err := s.settle(t, 0); !errors.Is(err, s.broken) || fault.CodeOf(err) != "" {
		t.Errorf("the list of cases is away: %v", err)
	}
	want := []lawbook.Progress{{Phase: lawbook.PhaseLayoffs, To: uuid.UUID{2}},
		{Phase: lawbook.PhaseLayoffs, To: uuid.UUID{5}}, {Phase: lawbook.PhaseCases}}
	if !slices.Equal(s.kept, want) {
		t.Errorf("kept %+v", s.kept)
	}
}
