package vacancystore

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/vacancy"
)

const vacancyColumns = `id, region, employer, title, occupation, units, wage, openings, starts_on, posted_on, expires_on, state, source, reference, fair_id, version`

func scanVacancy(row pgx.CollectableRow) (v vacancy.Vacancy, err error) {
	var starts, posted, expires pgtype.Date
	var fair pgtype.UUID
	err = row.Scan((*[16]byte)(&v.ID), (*string)(&v.Region), &v.Employer, &v.Title, &v.Occupation, &v.Units, (*int64)(&v.Wage), &v.Openings, &starts, &posted, &expires,
		(*string)(&v.State), &v.Source, &v.Reference, &fair, &v.Version)
	v.StartsOn, v.PostedOn, v.ExpiresOn, v.Fair = store.DateOf(starts), store.DateOf(posted), store.DateOf(expires), fair.Bytes
	return v, err
}

const insertVacancy = `insert into vacancy (id, region, employer, title, occupation, units, wage, openings, starts_on, posted_on, expires_on, state, source, reference, fair_id, reported_by)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) on conflict (source, reference) do nothing`

// CreateVacancies implements vacancy.Store.
func (s *Vacancies) CreateVacancies(ctx context.Context, op authz.Op, list []vacancy.Vacancy) ([]vacancy.Row, error) {
	answer := make([]vacancy.Row, len(list))
	err := s.Write(ctx, op, &answer, func(tx pgx.Tx) error {
		for i, v := range list {
			tag, err := tx.Exec(ctx, insertVacancy, v.ID, string(v.Region), v.Employer, v.Title, v.Occupation, v.Units, int64(v.Wage), v.Openings, store.NullDate(v.StartsOn),
				store.NullDate(v.PostedOn), store.NullDate(v.ExpiresOn), string(v.State), v.Source, v.Reference, store.NullID(v.Fair), uuid.UUID(op.Actor))
			if err != nil {
				return err
			}
			if answer[i] = (vacancy.Row{ID: v.ID}); tag.RowsAffected() > 0 {
				continue
			}
			answer[i].Known = true
			if err := tx.QueryRow(ctx, "select id from vacancy where source = $1 and reference = $2", v.Source, v.Reference).Scan((*[16]byte)(&answer[i].ID)); err != nil {
				return err
			}
		}
		return nil
	})
	return answer, err
}

// GetVacancy implements vacancy.Store.
func (s *Vacancies) GetVacancy(ctx context.Context, id uuid.UUID) (vacancy.Vacancy, error) {
	return store.QueryOne(ctx, s.DB, "vacancy.not_found", scanVacancy, "select "+vacancyColumns+" from vacancy where id = $1", id)
}

// ListVacancies implements vacancy.Store. The id is ordered by time.
func (s *Vacancies) ListVacancies(ctx context.Context, f vacancy.Filter) ([]vacancy.Vacancy, error) {
	args := []any{f.Limit}
	conditions := vacancyQuery(f, &args)
	const page = " order by id desc limit $1"
	query := "select " + vacancyColumns + " from "
	if f.Region != nil && f.Region.Level() == region.Province && f.Fair == nil {
		args = append(args, s.Regencies([]region.Code{*f.Region}))
		query += store.EachOffice(fmt.Sprintf("$%d", len(args)), "select * from vacancy v where v.region = office.code"+conditions+page) + page
	} else {
		place := "true"
		if f.Region != nil {
			place = store.RegionSQL("v", *f.Region, &args)
		}
		query += "vacancy v where " + place + conditions + page
	}
	return store.QueryAll(ctx, s.DB, scanVacancy, query, args...)
}

// vacancyQuery is the conditions of a filter, each starting with "and". A state is written out, because the planner knows how
// many vacancies are in it.
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

const moveVacancy = `update vacancy set state = $2, version = version + 1,
	verified_by = case when $2 = 'open' then $3 else verified_by end where id = $1`

// MoveVacancy implements vacancy.Store.
func (s *Vacancies) MoveVacancy(ctx context.Context, op authz.Op, id uuid.UUID,
	next func(vacancy.Vacancy) (vacancy.State, error)) (vacancy.Vacancy, error) {
	_, err := s.CreateOnce(ctx, op, id, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, "select "+vacancyColumns+" from vacancy where id = $1 for update", id)
		if err != nil {
			return err
		}
		v, err := pgx.CollectExactlyOneRow(rows, scanVacancy)
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.New(fault.NotFound, "vacancy.not_found")
		} else if err != nil {
			return err
		}
		to, err := next(v)
		if err == nil {
			_, err = tx.Exec(ctx, moveVacancy, id, string(to), uuid.UUID(op.Actor))
		}
		return err
	})
	if err != nil {
		return vacancy.Vacancy{}, err
	}
	return s.GetVacancy(ctx, id)
}

func scanFair(row pgx.CollectableRow) (f vacancy.Fair, err error) {
	var held pgtype.Date
	err = row.Scan((*[16]byte)(&f.ID), (*string)(&f.Region), &f.Name, &f.Venue, &held)
	f.HeldOn = store.DateOf(held)
	return f, err
}

const selectFair = "select id, region, name, venue, held_on from job_fair where "

// CreateFair implements vacancy.Store.
func (s *Vacancies) CreateFair(ctx context.Context, op authz.Op, f vacancy.Fair) (vacancy.Fair, error) {
	id, err := s.CreateOnce(ctx, op, f.ID, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "insert into job_fair (id, region, name, venue, held_on, created_by) values ($1, $2, $3, $4, $5, $6)", f.ID, string(f.Region), f.Name, f.Venue,
			store.NullDate(f.HeldOn), uuid.UUID(op.Actor))
		return err
	})
	if err != nil {
		return f, err
	}
	return s.GetFair(ctx, id)
}

// GetFair implements vacancy.Store.
func (s *Vacancies) GetFair(ctx context.Context, id uuid.UUID) (vacancy.Fair, error) {
	return store.QueryOne(ctx, s.DB, "job_fair.not_found", scanFair, selectFair+"id = $1", id)
}

// ListFairs implements vacancy.Store.
func (s *Vacancies) ListFairs(ctx context.Context, after uuid.UUID, limit int) ([]vacancy.Fair, error) {
	args, condition := []any{limit}, "true"
	if after != uuid.Nil {
		args, condition = append(args, after), "id < $2"
	}
	return store.QueryAll(ctx, s.DB, scanFair, selectFair+condition+" order by id desc limit $1", args...)
}

// FairResult implements vacancy.Store.
func (s *Vacancies) FairResult(ctx context.Context, scope authz.Scope, id uuid.UUID) (vacancy.FairResult, error) {
	var f vacancy.FairResult
	err := s.Read(ctx, scope, func(b *pgx.Batch) {
		b.Queue(selectFair+"id = $1", id)
		b.Queue("select count(distinct employer), count(*), coalesce(sum(openings), 0) from vacancy where fair_id = $1", id)
		b.Queue(`select count(distinct a.case_id), count(distinct a.case_id) filter (where a.called_on is not null), count(distinct a.case_id) filter (where a.state = 'hired')
			from application a join cases c on c.id = a.case_id where a.vacancy_id in (select id from vacancy where fair_id = $1) and `+store.CaseScopeSQL(scope), id)
	}, func(r pgx.BatchResults) (err error) {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		if f.Fair, err = pgx.CollectExactlyOneRow(rows, scanFair); errors.Is(err, pgx.ErrNoRows) {
			return fault.New(fault.NotFound, "job_fair.not_found")
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

var _ vacancy.Store = (*Vacancies)(nil)
