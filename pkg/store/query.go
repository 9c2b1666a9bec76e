package store

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

// Read sends one batch: the scope and the given queries. What is sent together is one transaction without saying so,
// and the scope ends with it. The results start after the scope's own.
func (s *DB) Read(ctx context.Context, scope authz.Scope, queue func(*pgx.Batch),
	scan func(pgx.BatchResults) error) error {
	lo, hi, only := s.Limits(scope)
	b := &pgx.Batch{}
	b.Queue(BindScope, lo, hi, only)
	queue(b)
	r := s.Pool.SendBatch(ctx, b)
	if _, err := r.Exec(); err != nil {
		_ = r.Close()
		return Translate(err)
	}
	err := scan(r)
	if closing := r.Close(); err == nil && closing != nil {
		err = closing
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return casework.NotFound()
	}
	return Translate(err)
}

// EachOffice runs a query once for every regency of an array, as office.code: each walks its own part of an index,
// where a range over all of them could not, and a join might be turned round by the planner.
func EachOffice(codes, query string) string {
	return "unnest(" + codes + "::text[]) office (code) cross join lateral (" + query + ") c"
}

// EachOfficeSelect is EachOffice as a query of its own.
func EachOfficeSelect(codes, query string) string {
	return "select c.* from " + EachOffice(codes, query)
}

// Regencies are the codes of all regencies of some regions.
func (s *DB) Regencies(codes []region.Code) (list []string) {
	for _, code := range codes {
		if code.Level() == region.Regency {
			list = append(list, string(code))
			continue
		}
		for _, r := range s.tree.All() {
			if r.Code.Level() == region.Regency && code.Contains(r.Code) {
				list = append(list, string(r.Code))
			}
		}
	}
	return list
}

// Quote writes a text as a literal of SQL.
func Quote(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// CreateOnce runs work and gives the id of what it made, or of what the same request made before.
func (s *DB) CreateOnce(ctx context.Context, op authz.Op, id uuid.UUID, work func(pgx.Tx) error) (uuid.UUID, error) {
	answer := struct{ ID uuid.UUID }{id}
	err := s.Write(ctx, op, &answer, work)
	return answer.ID, err
}

// QueryOne reads one row of a table that has no regions to hide.
func QueryOne[T any](ctx context.Context, s *DB, missing string, scan pgx.RowToFunc[T], query string,
	args ...any) (T, error) {
	rows, err := s.Pool.Query(ctx, query, args...)
	if err != nil {
		return *new(T), Translate(err)
	}
	found, err := pgx.CollectExactlyOneRow(rows, scan)
	if errors.Is(err, pgx.ErrNoRows) {
		return found, fault.New(fault.NotFound, missing)
	}
	return found, Translate(err)
}

// QueryAll reads all rows of a table that has no regions to hide.
func QueryAll[T any](ctx context.Context, s *DB, scan pgx.RowToFunc[T], query string, args ...any) ([]T, error) {
	rows, err := s.Pool.Query(ctx, query, args...)
	if err != nil {
		return nil, Translate(err)
	}
	list, err := pgx.CollectRows(rows, scan)
	return list, Translate(err)
}

// Queryer is a transaction or a pool.
type Queryer interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// attempts is how often a change is tried that lost a race with another one.
const attempts = 3

// Retry repeats work that lost a race for the same worker.
func (s *DB) Retry(ctx context.Context, work func() error) error {
	var err error
	for range attempts {
		err = Translate(work())
		// The work itself may refuse with the same code, and would again: only the constraint speaks of a race.
		refusal, _ := errors.AsType[*fault.Error](err)
		if refusal != ConstraintFaults["cases_one_open"] || ctx.Err() != nil {
			return err
		}
	}
	return err
}

// Union joins queries of the same columns; the tail, which orders and limits, holds for each.
func Union(branches []string, tail string) string {
	query := ""
	for i, branch := range branches {
		if i > 0 {
			query += " union all "
		}
		query += "(" + branch + tail + ")"
	}
	return query
}
