package vacancystore

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/vacancy"
)

// CreateVacancies implements vacancy.Store.
func (s *Vacancies) CreateVacancies(ctx context.Context, op authz.Op, list []vacancy.Vacancy) ([]vacancy.Row, error) {
	answer := make([]vacancy.Row, len(list))
	err := s.Write(ctx, op, &answer, func(tx pgx.Tx) (err error) {
		for i, v := range list {
			if answer[i], err = report(ctx, tx, op, v); err != nil {
				return err
			}
		}
		return nil
	})
	return answer, err
}

func notFound() error { return fault.New(fault.NotFound, "vacancy.not_found") }

// GetVacancy implements vacancy.Store.
func (s *Vacancies) GetVacancy(ctx context.Context, id uuid.UUID) (vacancy.Vacancy, error) {
	return store.Take(ctx, s.Pool, store.From[vacancyRow]().Where("id = ?", id), notFound(), vacancyRow.vacancy)
}

// ListVacancies implements vacancy.Store. The id is ordered by time. The statement is written out: a province walks the
// index of each of its regencies, and a literal state tells the planner how many vacancies are in it.
func (s *Vacancies) ListVacancies(ctx context.Context, f vacancy.Filter) ([]vacancy.Vacancy, error) {
	args := []any{f.Limit}
	conditions := vacancyQuery(f, &args)
	const page = " order by id desc limit $1"
	if f.Region != nil && f.Region.Level() == region.Province && f.Fair == nil {
		args = append(args, s.Regencies([]region.Code{*f.Region}))
		each := "select * from vacancy v where v.region = office.code" + conditions + page
		query := "select " + store.Columns[vacancyRow]("c") + " from " + store.EachOffice(fmt.Sprintf("$%d", len(args)), each)
		return store.QueryAll(ctx, s.DB, store.RowAs(vacancyRow.vacancy), query+page, args...)
	}
	place := "true"
	if f.Region != nil {
		place = store.RegionSQL("v", *f.Region, &args)
	}
	query := "select " + store.Columns[vacancyRow]("v") + " from vacancy v where " + place + conditions + page
	return store.QueryAll(ctx, s.DB, store.RowAs(vacancyRow.vacancy), query, args...)
}

// vacancyQuery is the conditions of a filter, each starting with "and". A state is written out, because the planner
// knows how many vacancies are in it.
func vacancyQuery(f vacancy.Filter, args *[]any) (sql string) {
	add := func(condition string, value any) {
		*args = append(*args, value)
		sql += fmt.Sprintf(" and "+condition, len(*args))
	}
	switch {
	case f.Occupation == nil:
	case len(*f.Occupation) == occupationDigits:
		add("occupation = $%d", *f.Occupation)
	default: // a range, which an index can be walked by
		add("occupation >= $%d", *f.Occupation)
		add("occupation < $%d", *f.Occupation+":") // the character after the digits
	}
	if f.State != nil {
		sql += " and state = " + store.Quote(string(*f.State))
	}
	if f.Fair != nil {
		add("fair_id = $%d", *f.Fair)
	}
	if f.After != uuid.Nil {
		add("id < $%d", f.After)
	}
	return sql
}

// occupationDigits is the length of a whole code of an occupation.
const occupationDigits = 4

// MoveVacancy implements vacancy.Store.
func (s *Vacancies) MoveVacancy(ctx context.Context, op authz.Op, id uuid.UUID,
	next func(vacancy.Vacancy) (vacancy.State, error)) (vacancy.Vacancy, error) {
	_, err := s.CreateOnce(ctx, op, id, func(tx pgx.Tx) error {
		locked := store.From[vacancyRow](store.ForUpdate).Where("id = ?", id)
		row, err := store.Take(ctx, tx, locked, notFound(), store.Itself)
		if err != nil {
			return err
		}
		if row.State, err = next(row.vacancy()); err != nil {
			return err
		}
		row.Version++
		if row.State == vacancy.Open {
			row.VerifiedBy = store.Null(uuid.UUID(op.Actor))
		}
		_, err = store.On[vacancyRow](tx).Where("id = ?", id).Select("State", "VerifiedBy", "Version").Updates(ctx, row)
		return err
	})
	if err != nil {
		return vacancy.Vacancy{}, err
	}
	return s.GetVacancy(ctx, id)
}

// CreateFair implements vacancy.FairStore.
func (s *Vacancies) CreateFair(ctx context.Context, op authz.Op, f vacancy.Fair) (vacancy.Fair, error) {
	id, err := s.CreateOnce(ctx, op, f.ID, func(tx pgx.Tx) error {
		return store.On[fairRow](tx).Create(ctx, &fairRow{ID: f.ID, Region: f.Region, Name: f.Name, Venue: f.Venue,
			HeldOn: f.HeldOn, CreatedBy: uuid.UUID(op.Actor)})
	})
	if err != nil {
		return f, err
	}
	return s.GetFair(ctx, id)
}

func noFair() error { return fault.New(fault.NotFound, "job_fair.not_found") }

// GetFair implements vacancy.FairStore.
func (s *Vacancies) GetFair(ctx context.Context, id uuid.UUID) (vacancy.Fair, error) {
	return store.Take(ctx, s.Pool, store.From[fairRow]().Where("id = ?", id), noFair(), fairRow.fair)
}

// ListFairs implements vacancy.FairStore.
func (s *Vacancies) ListFairs(ctx context.Context, after uuid.UUID, limit int) ([]vacancy.Fair, error) {
	q := store.From[fairRow]().Order("id desc").Limit(limit)
	if after != uuid.Nil {
		q = q.Where("id < ?", after)
	}
	return store.Find(ctx, s.Pool, q, fairRow.fair)
}

// The applicants are counted among the cases that the scope shows.
const (
	countOffers = "select count(distinct employer), count(*), coalesce(sum(openings), 0) from vacancy where fair_id = $1"
	countHired  = `select count(distinct a.case_id), count(distinct a.case_id) filter (where a.called_on is not null),
			count(distinct a.case_id) filter (where a.state = 'hired')
		from application a join cases c on c.id = a.case_id
		where a.vacancy_id in (select id from vacancy where fair_id = $1) and `
)

// FairResult implements vacancy.FairStore: three statements in one trip, two of them nothing but counts.
func (s *Vacancies) FairResult(ctx context.Context, scope authz.Scope, id uuid.UUID) (vacancy.FairResult, error) {
	var f vacancy.FairResult
	err := s.Read(ctx, scope, func(b *pgx.Batch) {
		text, args := store.Statement(store.From[fairRow]().Where("id = ?", id))
		b.Queue(text, args...)
		b.Queue(countOffers, id)
		b.Queue(countHired+store.CaseScopeSQL(scope), id)
	}, func(r pgx.BatchResults) (err error) {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		if f.Fair, err = pgx.CollectExactlyOneRow(rows, store.RowAs(fairRow.fair)); errors.Is(err, pgx.ErrNoRows) {
			return noFair()
		} else if err != nil {
			return err
		}
		if err := r.QueryRow().Scan(&f.Employers, &f.Vacancies, &f.Openings); err != nil {
			return err
		}
		return r.QueryRow().Scan(&f.Applicants, &f.Interviewed, &f.Hired)
	})
	return f, err
}

var (
	_ vacancy.Store     = (*Vacancies)(nil)
	_ vacancy.FairStore = (*Vacancies)(nil)
)
