package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/course"
	"github.com/tanggap/tanggap/pkg/fault"
)

const classColumns = `id, region, provider, kind, programme, units, scheme, places, taken, starts_on, ends_on`

func scanClass(row pgx.CollectableRow) (c course.Class, err error) {
	var starts, ends pgtype.Date
	err = row.Scan((*[16]byte)(&c.ID), (*string)(&c.Region), &c.Provider, &c.Kind, &c.Programme, &c.Units, (*string)(&c.Scheme), &c.Places, &c.Taken, &starts, &ends)
	c.StartsOn, c.EndsOn = dateOf(starts), dateOf(ends)
	return c, err
}

// CreateClass implements course.Store.
func (s *Store) CreateClass(ctx context.Context, op authz.Op, c course.Class) (course.Class, error) {
	id, err := s.made(ctx, op, c.ID, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into class (id, region, provider, kind, programme, units, scheme, places, starts_on, ends_on, created_by)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, c.ID, string(c.Region), c.Provider, c.Kind, c.Programme, c.Units, string(c.Scheme), c.Places,
			nullDate(c.StartsOn), nullDate(c.EndsOn), uuid.UUID(op.Actor))
		return err
	})
	if err != nil {
		return c, err
	}
	return s.GetClass(ctx, id)
}

// made runs work and gives the id of what it made, or of what the same request made before.
func (s *Store) made(ctx context.Context, op authz.Op, id uuid.UUID, work func(pgx.Tx) error) (uuid.UUID, error) {
	answer := struct{ ID uuid.UUID }{id}
	err := s.write(ctx, op, &answer, work)
	return answer.ID, err
}

// GetClass implements course.Store.
func (s *Store) GetClass(ctx context.Context, id uuid.UUID) (course.Class, error) {
	return one(ctx, s, "class.not_found", scanClass, "select "+classColumns+" from class where id = $1", id)
}

// ListClasses implements course.Store: those that begin first come first.
func (s *Store) ListClasses(ctx context.Context, f course.Filter) ([]course.Class, error) {
	args, conditions := []any{f.Limit}, ""
	add := func(condition string, values ...any) {
		for _, value := range values {
			args = append(args, value)
			condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(args)), 1)
		}
		conditions += " and " + condition
	}
	if f.Region != nil {
		lo, hi := f.Region.Range()
		add("region >= ? and region < ?", lo, hi)
	}
	if f.From != nil {
		add("starts_on >= ?", f.From.Time())
	}
	if f.Free {
		add("taken < places")
	}
	if !f.After.StartsOn.IsZero() {
		add("(starts_on, id) > (?, ?)", f.After.StartsOn.Time(), f.After.ID)
	}
	return all(ctx, s, scanClass, "select "+classColumns+" from class where true"+conditions+" order by starts_on, id limit $1", args...)
}

// one reads one row of a table that has no regions to hide.
func one[T any](ctx context.Context, s *Store, missing string, scan pgx.RowToFunc[T], query string, args ...any) (T, error) {
	rows, err := s.pool.Query(ctx, query, args...)
	if err != nil {
		return *new(T), translate(err)
	}
	found, err := pgx.CollectExactlyOneRow(rows, scan)
	if errors.Is(err, pgx.ErrNoRows) {
		return found, fault.New(fault.NotFound, missing)
	}
	return found, translate(err)
}

// all reads all rows of a table that has no regions to hide.
func all[T any](ctx context.Context, s *Store, scan pgx.RowToFunc[T], query string, args ...any) ([]T, error) {
	rows, err := s.pool.Query(ctx, query, args...)
	if err != nil {
		return nil, translate(err)
	}
	list, err := pgx.CollectRows(rows, scan)
	return list, translate(err)
}

var _ course.Store = (*Store)(nil)
