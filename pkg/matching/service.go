package matching

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/track"
)

// Best is how many a match gives.
const Best = 10

// Cell is a part of the market whose pairs can reach at most Bound points: an occupation by its leading digits, less
// those that a better cell has, in a place.
type Cell struct {
	Prefix string
	Except string // leading digits that an earlier cell of the same place had; "" for none
	Place  Distance
	Bound  int
}

// cells lists where the vacancies of a worker can be, the most promising first. What agrees in no digit is no match.
func cells(p *Points, w track.Wish) []Cell {
	var list []Cell
	for place, wanted := range w.Occupations() {
		for n := len(wanted); n > 0; n-- {
			c := Cell{Prefix: wanted[:n]}
			if n < len(wanted) {
				c.Except = wanted[:n+1]
			}
			for _, c.Place = range []Distance{SameRegency, SameProvince, Elsewhere} {
				if c.Place == Elsewhere && w.Reach != track.Nation || c.Place == SameProvince && w.Reach == track.OwnRegency {
					continue
				}
				c.Bound = p.bound(n, place, c.Place)
				list = append(list, c)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Cell) int { return b.Bound - a.Bound })
	return list
}

// Market reads who looks for work and what is offered. Open vacancies are those verified and not expired on the day.
type Market interface {
	// Seeker is a worker of the scope as a match knows them; wish.missing when nobody asked them what they look for.
	Seeker(ctx context.Context, scope authz.Scope, id casework.ID) (Worker, error)
	// Offers calls each with the open vacancies of cells, seen from a regency.
	Offers(ctx context.Context, from region.Code, today calendar.Date, cells []Cell, each func(*Vacancy)) error
	// Offer is one vacancy, and the last day on which it is offered; the zero day when it is not open.
	Offer(ctx context.Context, id uuid.UUID) (Vacancy, calendar.Date, error)
	// Seekers calls each with the workers of the scope whose wishes begin with the digit of an occupation.
	Seekers(ctx context.Context, scope authz.Scope, occupation string, each func(*Worker)) error
}

// RunStore keeps the matches of regions. What belongs to another region is matching.not_found.
type RunStore interface {
	CreateRun(ctx context.Context, op authz.Op, r Run) (Run, error)
	GetRun(ctx context.Context, scope authz.Scope, id uuid.UUID) (Run, error)
	// StartRun takes up a run that nobody works on; not found when somebody does or it has ended.
	StartRun(ctx context.Context, id uuid.UUID) (Run, error)
	// NextSeekers gives the workers after one, in the order of their cases.
	NextSeekers(ctx context.Context, scope authz.Scope, after uuid.UUID, limit int) ([]Worker, error)
	// KeepMatches replaces the matches of the workers, and moves the run on, in one transaction.
	KeepMatches(ctx context.Context, r Run, workers []Worker, found [][]Match, today calendar.Date) error
	FinishRun(ctx context.Context, r Run) error
	// FailRun counts a failed attempt that got nothing done; with the most-th the run has failed, of code.
	FailRun(ctx context.Context, id uuid.UUID, code string, most int) error
}

// RunState is how far a run is.
type RunState string

// The states of a run.
const (
	Queued  RunState = "queued"
	Running RunState = "running"
	Done    RunState = "done"
	Failed  RunState = "failed"
)

// Values lists every state of a run.
func (RunState) Values() []RunState { return []RunState{Queued, Running, Done, Failed} }

// Valid tells whether s is one of the states.
func (s RunState) Valid() bool { return codelist.Has(s) }

// Run is a match of all workers of a region in the background.
type Run struct {
	ID       uuid.UUID
	Officer  authz.OfficerID
	Region   region.Code
	State    RunState
	Failure  string // code of the fault
	Attempts int    // in a row that got nothing done
	Workers  int
	Matched  int
	Reached  uuid.UUID // last case done
}

// Job matches one run. Like every job it carries ids only.
type Job struct {
	Run uuid.UUID `json:"run"`
}

// Kind names the job.
func (Job) Kind() string { return "matching_run" }

// Service matches for callers whose permission is already established. Rights are asked again when a run works.
type Service struct {
	Market Market
	Runs   RunStore
	Cases  *casework.Service
	Points PointsOf
	Rights func(ctx context.Context, id authz.OfficerID, a authz.Action) (authz.Scope, error)
}

// ForWorker gives the best vacancies for a worker.
func (s *Service) ForWorker(ctx context.Context, scope authz.Scope, id casework.ID) (Worker, []Match, error) {
	w, err := s.Market.Seeker(ctx, scope, id)
	if err != nil {
		return w, nil, err
	}
	list, err := s.best(ctx, &w, s.Cases.Today(w.Region))
	return w, list, err
}

// best reads the cells from the most promising down, and stops when no other one can hold a better vacancy: the answer
// is that of rating every vacancy of the country. Cells of one bound are read together.
func (s *Service) best(ctx context.Context, w *Worker, today calendar.Date) ([]Match, error) {
	points := s.Points.On(today)
	found, all, seen := top{most: Best}, cells(&points, w.Wish), map[uuid.UUID]bool{}
	for len(all) > 0 && !found.beats(all[0].Bound) {
		n := 1
		for n < len(all) && all[n].Bound > all[0].Bound-together {
			n++
		}
		err := s.Market.Offers(ctx, w.Region, today, all[:n], func(v *Vacancy) {
			if !seen[v.ID] {
				seen[v.ID] = true
				found.add(Match{Vacancy: v.ID, Case: w.Case, Parts: points.Score(w, v)})
			}
		})
		if err != nil {
			return nil, err
		}
		all = all[n:]
	}
	return found.list, nil
}

// together is within how many points cells are read at once: a round trip costs more than a few rows too many.
const together = 8

// ForVacancy gives the best workers of the scope for a vacancy; nobody for one that is not verified, has ended or
// expired.
func (s *Service) ForVacancy(ctx context.Context, scope authz.Scope, id uuid.UUID) ([]Match, error) {
	v, until, err := s.Market.Offer(ctx, id)
	if err != nil {
		return nil, err
	}
	today := s.Cases.Today(v.Region)
	if today.After(until) {
		return nil, nil
	}
	points := s.Points.On(today)
	found := top{most: Best}
	err = s.Market.Seekers(ctx, scope, v.Occupation, func(w *Worker) {
		parts := points.Score(w, &v)
		near := between(w.Region, v.Region)
		if parts.Occupation > 0 && (near == SameRegency || near == SameProvince && w.Wish.Reach != track.OwnRegency ||
			w.Wish.Reach == track.Nation) {
			found.add(Match{Vacancy: v.ID, Case: w.Case, Parts: parts})
		}
	})
	return found.list, err
}

// Rank tells the rank of a vacancy for a worker, 0 beyond the best, and its score.
func (s *Service) Rank(ctx context.Context, scope authz.Scope, id casework.ID,
	vacancy uuid.UUID) (rank, score int, err error) {
	w, list, err := s.ForWorker(ctx, scope, id)
	if err != nil {
		return 0, 0, err
	}
	if i := slices.IndexFunc(list, func(m Match) bool { return m.Vacancy == vacancy }); i >= 0 {
		return i + 1, list[i].Parts.Total(), nil
	}
	v, _, err := s.Market.Offer(ctx, vacancy)
	points := s.Points.On(s.Cases.Today(w.Region))
	return 0, points.Score(&w, &v).Total(), err
}

// Start orders a run over the workers of a region of the caller.
func (s *Service) Start(ctx context.Context, op authz.Op, code region.Code) (Run, error) {
	if !op.Scope.Covers(code) {
		return Run{}, fault.New(fault.Forbidden, "matching.region_out_of_scope").At("region")
	}
	return s.Runs.CreateRun(ctx, op, Run{ID: uuid.Must(uuid.NewV7()), Officer: op.Actor, Region: code, State: Queued})
}

// stretch is how many workers are matched between two signs of progress.
const stretch = 200

// Work matches the workers of a run, a stretch at a time, under the rights that its officer has now. What was cut off
// goes on where it was.
func (s *Service) Work(ctx context.Context, id uuid.UUID) error {
	r, err := s.Runs.StartRun(ctx, id)
	if err != nil {
		return err
	}
	scope, err := s.Rights(ctx, r.Officer, authz.MatchRun)
	if kind := fault.KindOf(err); kind == fault.Forbidden || kind == fault.NotFound || err == nil &&
		!scope.Covers(r.Region) {
		return fault.New(fault.Forbidden, "job.right_lost")
	}
	if err != nil {
		return err
	}
	scope = scope.Intersect(r.Region)
	for {
		workers, err := s.Runs.NextSeekers(ctx, scope, r.Reached, stretch)
		if err != nil {
			return err
		}
		if len(workers) == 0 {
			r.State = Done
			return s.Runs.FinishRun(ctx, r)
		}
		today := s.Cases.Today(r.Region)
		found := make([][]Match, len(workers))
		for i := range workers {
			if found[i], err = s.best(ctx, &workers[i], today); err != nil {
				return err
			}
		}
		r.Reached, r.Matched = workers[len(workers)-1].Case, r.Matched+len(workers)
		if err := s.Runs.KeepMatches(ctx, r, workers, found, today); err != nil {
			return err
		}
	}
}

// Fail keeps that an attempt at a run failed; the most-th ends it.
func (s *Service) Fail(ctx context.Context, id uuid.UUID, code string, most int) error {
	return s.Runs.FailRun(ctx, id, cmp.Or(code, "internal"), most)
}

// UnitsOf sorts units given as texts with commas, each once.
func UnitsOf(texts ...string) []string {
	var units []string
	for _, text := range texts {
		for unit := range strings.SplitSeq(text, ",") {
			if unit = strings.TrimSpace(unit); unit != "" {
				units = append(units, unit)
			}
		}
	}
	slices.Sort(units)
	return slices.Compact(units)
}
