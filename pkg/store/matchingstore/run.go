package matchingstore

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm/clause"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/matching"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
)

// runRow is a run. Seen is the last sign of progress.
type runRow struct {
	ID        uuid.UUID         `gorm:"column:id;primaryKey"`
	OfficerID uuid.UUID         `gorm:"column:officer_id"`
	Region    region.Code       `gorm:"column:region"`
	State     matching.RunState `gorm:"column:state"`
	Failure   *string           `gorm:"column:failure"`
	Workers   int               `gorm:"column:workers"`
	Matched   int               `gorm:"column:matched"`
	Reached   *uuid.UUID        `gorm:"column:reached"`
	Attempts  int               `gorm:"column:attempts"`
	SeenAt    time.Time         `gorm:"column:seen_at;->"`
}

// TableName names the table to GORM.
func (runRow) TableName() string { return "matching" }

func (r runRow) run() matching.Run {
	return matching.Run{ID: r.ID, Officer: authz.OfficerID(r.OfficerID), Region: r.Region, State: r.State,
		Failure: store.NotNull(r.Failure), Workers: r.Workers, Matched: r.Matched, Reached: store.NotNull(r.Reached),
		Attempts: r.Attempts}
}

func noRun() error { return fault.New(fault.NotFound, "matching.not_found") }

// CreateRun implements matching.RunStore. Workers is how many will be matched.
func (s *Matching) CreateRun(ctx context.Context, op authz.Op, r matching.Run) (matching.Run, error) {
	seekers := `select count(*) from job_wish w join cases c on c.id = w.case_id where c.stage <> 'closed' and ` +
		store.CaseScopeSQL(op.Scope.Intersect(r.Region))
	id, err := s.CreateOnce(ctx, op, r.ID, func(tx pgx.Tx) error {
		row := runRow{ID: r.ID, OfficerID: uuid.UUID(op.Actor), Region: r.Region, State: matching.Queued}
		if err := tx.QueryRow(ctx, seekers).Scan(&row.Workers); err != nil {
			return err
		}
		if err := store.On[runRow](tx).Create(ctx, &row); err != nil {
			return err
		}
		return s.Enqueue(ctx, tx, matching.Job{Run: r.ID})
	})
	if err != nil {
		return r, err
	}
	return s.GetRun(ctx, op.Scope, id)
}

// GetRun implements matching.RunStore.
func (s *Matching) GetRun(ctx context.Context, scope authz.Scope, id uuid.UUID) (matching.Run, error) {
	r, err := s.run(ctx, id)
	if err == nil && !scope.Covers(r.Region) {
		return matching.Run{}, noRun()
	}
	return r, err
}

func (s *Matching) run(ctx context.Context, id uuid.UUID) (matching.Run, error) {
	return store.Take(ctx, s.Pool, store.From[runRow]().Where("id = ?", id), noRun(), runRow.run)
}

// StartRun implements matching.RunStore: one statement, so that of two who ask one has it.
func (s *Matching) StartRun(ctx context.Context, id uuid.UUID) (matching.Run, error) {
	n, err := store.On[runRow](s.Pool).
		Where("id = ? and (state = ? or state = ? and seen_at < clock_timestamp() - ?::interval)", id, matching.Queued,
			matching.Running, matching.Silence).
		Set(store.Set("state", matching.Running), store.Set("seen_at", store.Clock)).Update(ctx)
	if err == nil && n == 0 {
		err = noRun()
	}
	if err != nil {
		return matching.Run{}, store.Translate(err)
	}
	return s.run(ctx, id)
}

// WaitingRuns lists the runs that nobody works on, though somebody should.
func (s *Matching) WaitingRuns(ctx context.Context) ([]uuid.UUID, error) {
	q := store.From[runRow]().Where("state in (?, ?)", matching.Queued, matching.Running).
		Where("seen_at < clock_timestamp() - ?::interval", matching.Silence)
	return store.Find(ctx, s.Pool, q, func(r runRow) uuid.UUID { return r.ID })
}

// KeepMatches implements matching.RunStore: thousands of rows, as arrays in one batch.
func (s *Matching) KeepMatches(ctx context.Context, r matching.Run, workers []matching.Worker, found [][]matching.Match,
	today calendar.Date) error {
	var cases, of, vacancies []uuid.UUID
	var ranks, scores []int
	for i, w := range workers {
		cases = append(cases, w.Case)
		for rank, m := range found[i] {
			of, vacancies = append(of, m.Case), append(vacancies, m.Vacancy)
			ranks, scores = append(ranks, rank+1), append(scores, m.Parts.Total())
		}
	}
	return s.Write(ctx, authz.Op{Scope: authz.ScopeOver(r.Region)}, nil, func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		b.Queue("delete from match where case_id = any ($1)", cases)
		// A case that another office took over meanwhile is theirs to match.
		b.Queue(`insert into match (case_id, region, rank, vacancy_id, score, matched_on)
			select g.id, c.region, g.rank, g.vacancy, g.score, $5
			from unnest($1::uuid[], $2::int[], $3::uuid[], $4::int[]) as g (id, rank, vacancy, score)
			join cases c on c.id = g.id`, of, ranks, vacancies, scores, today.Time())
		if err := tx.SendBatch(ctx, b).Close(); err != nil {
			return err
		}
		_, err := store.On[runRow](tx).Where("id = ?", r.ID).Set(store.Set("attempts", 0),
			store.Set("matched", r.Matched), store.Set("reached", r.Reached), store.Set("seen_at", store.Clock)).Update(ctx)
		return err
	})
}

// FinishRun implements matching.RunStore.
func (s *Matching) FinishRun(ctx context.Context, r matching.Run) error {
	_, err := store.On[runRow](s.Pool).Where("id = ?", r.ID).
		Set(store.Set("state", r.State), store.Set("done_at", store.Clock)).Update(ctx)
	return store.Translate(err)
}

// FailRun implements matching.RunStore.
func (s *Matching) FailRun(ctx context.Context, id uuid.UUID, code string, most int) error {
	return store.Translate(pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		found, err := store.Find(ctx, tx, store.From[runRow](store.ForUpdate).Where("id = ?", id), runRow.run)
		if err != nil || len(found) == 0 || !found[0].Fail(code, most) {
			return err
		}
		r := found[0]
		set := []clause.Assignment{store.Set("state", r.State), store.Set("failure", store.Null(r.Failure)),
			store.Set("attempts", r.Attempts), store.Set("seen_at", store.Clock)}
		if r.State == matching.Failed {
			set = append(set, store.Set("done_at", store.Clock))
		}
		_, err = store.On[runRow](tx).Where("id = ?", id).Set(set...).Update(ctx)
		return err
	}))
}

var _ matching.RunStore = (*Matching)(nil)
