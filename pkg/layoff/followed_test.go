package layoff_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/page"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/termination"
)

// shorter is the law with talks of twenty working days.
func shorter(t *testing.T) termination.Law {
	t.Helper()
	programme := ruletest.Of(termination.Programme, termination.Schemas(), termination.Load)
	l, err := termination.Load(programme.Edited(t, "dispute-mk-132-2025.yaml", "value: 30 working days\n      article: Art. 3(2)",
		"value: 20 working days\n      article: Art. 3(2)").FS)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// talking is a layoff whose talks began five days ago, with its deadline.
func talking(t *testing.T) (*layoff.Service, *held) {
	t.Helper()
	s, h := serving(t, "3273")
	if _, err := s.Record(t.Context(), authz.Op{}, uuid.Nil, 1, happened("negotiation_started",
		begun.AddDays(-5))); err != nil {
		t.Fatal(err)
	}
	return s, h
}

// Another law moves the deadline once, and the entry says from where to where and by whom; where it moves nothing there
// is no entry.
func TestADeadlineFollowsTheLaw(t *testing.T) {
	t.Parallel()
	s, h := talking(t)
	before, by := h.l.DueOn, layoff.LawChange{Release: uuid.New(), ApprovedBy: "admin"}
	h.event = layoff.Event{}
	moved, err := s.FollowLaw(t.Context(), h.l, by)
	if err != nil || moved || h.event.Kind != "" || h.l.DueOn != before {
		t.Errorf("the same law: moved %t to %s by %+v, %v", moved, h.l.DueOn, h.event, err)
	}
	s.Law = shorter(t)
	moved, err = s.FollowLaw(t.Context(), h.l, by)
	due := s.Calendar.AddWorkingDays(begun.AddDays(-5), 20).Due
	if err != nil || !moved || h.l.DueOn != due || h.l.DueFor != "bipartite" {
		t.Errorf("a shorter clock: moved %t to %s for %s, %v", moved, h.l.DueOn, h.l.DueFor, err)
	}
	said, _ := h.event.Payload.(layoff.LawChange)
	by.From, by.FromFor, by.To, by.ToFor = before, "bipartite", due, "bipartite"
	if h.event.Kind != layoff.LawChanged || h.event.OccurredOn != begun || said != by {
		t.Errorf("recorded %+v", h.event)
	}
	if moved, err = s.FollowLaw(t.Context(), h.l, by); err != nil || moved {
		t.Errorf("a second time: moved %t, %v", moved, err)
	}
}

// meanwhile stands for a store in which somebody else was first, or which fails.
type meanwhile struct {
	*held
	err error
}

func (m meanwhile) ChangeLayoff(ctx context.Context, op authz.Op, id uuid.UUID, version int,
	fn func(*layoff.Layoff) (layoff.Event, error)) (layoff.Layoff, error) {
	if m.err != nil {
		return layoff.Layoff{}, m.err
	}
	return m.held.ChangeLayoff(ctx, op, id, version, fn)
}

func TestALayoffThatWasChangedMeanwhileWaitsForTheNextPass(t *testing.T) {
	t.Parallel()
	broken := errors.New("no connection")
	for name, c := range map[string]struct {
		store   error
		changed func(*layoff.Layoff)
		moved   bool
		want    error
	}{
		"nobody else":      {nil, func(*layoff.Layoff) {}, true, nil},
		"another version":  {fault.New(fault.Conflict, "layoff.stale"), func(*layoff.Layoff) {}, false, nil},
		"moved by another": {nil, func(l *layoff.Layoff) { l.State, l.DueOn, l.DueFor = layoff.Withdrawn, calendar.Date{}, "" }, false, nil},
		"another step of the same day": {nil, func(l *layoff.Layoff) {
			l.DueFor = "mediation"
		}, true, nil},
		"a store that fails": {broken, func(*layoff.Layoff) {}, false, broken},
	} {
		s, h := talking(t)
		s.Law, s.Store = shorter(t), meanwhile{h, c.store}
		stale := h.l
		c.changed(&h.l)
		if moved, err := s.FollowLaw(t.Context(), stale, layoff.LawChange{}); moved != c.moved || !errors.Is(err, c.want) ||
			(err == nil) != (c.want == nil) {
			t.Errorf("%s: moved %t, %v", name, moved, err)
		}
	}
}

// A layoff before the first version of the law has no clocks, and nothing to follow.
func TestALayoffOlderThanTheLawFollowsNothing(t *testing.T) {
	t.Parallel()
	s, h := serving(t, "3273")
	h.l.PlannedOn = calendar.MustDate("1990-01-05")
	h.l.DueOn = calendar.MustDate("1990-01-02")
	if moved, err := s.FollowLaw(t.Context(), h.l, layoff.LawChange{}); err != nil || moved {
		t.Errorf("moved %t, %v", moved, err)
	}
}

// listing keeps what a list was asked for.
type listing struct {
	layoff.Store
	scope  authz.Scope
	filter layoff.Filter
}

func (l *listing) ListLayoffs(_ context.Context, scope authz.Scope, f layoff.Filter) ([]layoff.Layoff, error) {
	l.scope, l.filter = scope, f
	return nil, nil
}

// A page has one layoff at least; one more than the largest is asked for to know whether there is another.
func TestAListKeepsToItsBoundsAndToItsRegion(t *testing.T) {
	t.Parallel()
	bandung := region.Code("3273")
	for limit, want := range map[int]int{-1: page.DefaultSize, 0: page.DefaultSize, 1: 1,
		page.MaxSize + 1: page.MaxSize + 1, page.MaxSize + 2: page.DefaultSize} {
		store := &listing{}
		s := layoff.Service{Store: store}
		if _, err := s.List(t.Context(), authz.ScopeOver("32"), layoff.Filter{Limit: limit, Region: &bandung}); err != nil ||
			store.filter.Limit != want {
			t.Errorf("limit %d: %d, %v", limit, store.filter.Limit, err)
		}
		if !store.scope.Covers("3273") || store.scope.Covers("3204") {
			t.Errorf("limit %d: seen in %v", limit, store.scope)
		}
		if _, err := s.List(t.Context(), authz.ScopeOver("32"), layoff.Filter{Limit: limit}); err != nil ||
			!store.scope.Covers("3204") || store.scope.Covers("3374") {
			t.Errorf("without a region: seen in %v, %v", store.scope, err)
		}
	}
}

// Where nobody said how many people, any number is fewer; and a number that nobody said is none, not a zero.
func TestANumberThatNobodySaidIsNoZero(t *testing.T) {
	t.Parallel()
	unsaid := layoff.Layoff{}
	if _, err := unsaid.Reduce(30, nil, "x", begun); err != nil || unsaid.PeoplePlanned != 30 {
		t.Errorf("%+v, %v", unsaid, err)
	}
	s, h := serving(t, "3273")
	s.Tree, h.l.Employer.Name = places(t), "PT Maju"
	if _, err := s.Correct(t.Context(), authz.Op{Scope: authz.ScopeOver("32")}, uuid.Nil, 1, layoff.Correction{Reason: "x",
		Edit: func(l *layoff.Layoff) { l.PeoplePlanned = 7 }}); err != nil {
		t.Fatal(err)
	}
	said, _ := h.event.Payload.(layoff.Corrected)
	if len(said.Changes) != 1 || said.Changes[0] != (layoff.FieldChange{Field: "people_planned", From: "", To: "7"}) {
		t.Errorf("%+v", said.Changes)
	}
}
