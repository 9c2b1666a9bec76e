package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"

	"github.com/tanggap/tanggap/pkg/authz"
)

// GORM makes the statements of rows, from structs with named columns; pgx sends them: a change in the transaction that
// it belongs to, a read together with its scope in one round trip, where GORM alone would take four.
//
// A row struct lists the columns that are read and written. It has no default tags, because GORM would ask for such a
// column back; what the database fills in is tagged "->", and is only read. Null is a pointer, or a calendar.Date.

// On begins a statement that changes rows of T through a transaction or a pool.
func On[T any](conn Execer, clauses ...clause.Expression) Rows[T] {
	db := builder.Session(&gorm.Session{NewDB: true, SkipHooks: true}) // which gives it a statement of its own
	db.Statement.ConnPool = sender{conn}
	return Rows[T]{statement{db: db}.clauses(clauses)}
}

// From begins a query of rows of T, for Find and Take.
func From[T any](clauses ...clause.Expression) Rows[T] {
	return Rows[T]{statement{db: builder}.clauses(clauses)}
}

// ForUpdate locks the rows of a query until the transaction ends.
var ForUpdate = clause.Locking{Strength: clause.LockingStrengthUpdate}

// Set gives a column a value, or an expression such as Now.
func Set(column string, value any) clause.Assignment {
	return clause.Assignment{Column: clause.Column{Name: column}, Value: value}
}

// Now is the instant at which the transaction began, and Clock the instant of the statement.
var (
	Now   = gorm.Expr("now()")
	Clock = gorm.Expr("clock_timestamp()")
)

// Find reads the rows of a query through a transaction, a pool or a scope, and makes of each what it stands for.
func Find[T, V any](ctx context.Context, from Reader, q Rows[T], as func(T) V) ([]V, error) {
	rows, err := query(ctx, from, q)
	if err != nil {
		return nil, Translate(err)
	}
	list, err := pgx.CollectRows(rows, RowAs(as))
	return list, Translate(err)
}

// Take reads the one row of a query as Find does; without one the answer is missing.
func Take[T, V any](ctx context.Context, from Reader, q Rows[T], missing error,
	as func(T) V) (V, error) {
	rows, err := query(ctx, from, q)
	if err != nil {
		return *new(V), Translate(err)
	}
	found, err := pgx.CollectExactlyOneRow(rows, RowAs(as))
	if errors.Is(err, pgx.ErrNoRows) {
		return found, missing
	}
	return found, Translate(err)
}

// RowAs reads a row of any statement by the names of its columns.
func RowAs[T, V any](as func(T) V) pgx.RowToFunc[V] {
	return func(row pgx.CollectableRow) (V, error) {
		kept, err := pgx.RowToStructByName[T](row)
		if err != nil {
			return *new(V), err
		}
		return as(kept), nil
	}
}

func query[T any](ctx context.Context, from Reader, q Rows[T]) (pgx.Rows, error) {
	text, args := Statement(q)
	return from.Query(ctx, text, args...)
}

// Statement is the text of a query and its arguments.
func Statement[T any](q Rows[T]) (text string, args []any) {
	made := q.made.on(DryRun()).Find(new(T)).Statement
	return made.SQL.String(), made.Vars
}

// Columns lists the columns of the rows T for a statement that GORM does not make, each after "alias.".
func Columns[T any](alias string) string {
	made := gorm.Statement{DB: builder}
	if err := made.Parse(new(T)); err != nil {
		panic(err) // T is no row
	}
	names := slices.Clone(made.Schema.DBNames)
	for i, name := range names {
		names[i] = alias + "." + name
	}
	return strings.Join(names, ", ")
}

// Reader is a transaction, a pool, or what Inside gives.
type Reader interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// Execer is a transaction or a pool.
type Execer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// Inside reads what row security shows to a scope: one statement, together with the scope in one round trip.
func (s *DB) Inside(scope authz.Scope) Reader { return inside{s, scope} }

type inside struct {
	db    *DB
	scope authz.Scope
}

// Query sends the scope and the statement as one transaction, which ends when the rows are closed.
func (i inside) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	lo, hi, only := i.db.Limits(i.scope)
	b := &pgx.Batch{}
	b.Queue(BindScope, lo, hi, only)
	b.Queue(sql, args...)
	r := i.db.Pool.SendBatch(ctx, b)
	if _, err := r.Exec(); err != nil {
		_ = r.Close()
		return nil, err
	}
	rows, err := r.Query()
	if err != nil {
		_ = r.Close()
		return nil, err
	}
	return batchRows{rows, r}, nil
}

// batchRows are the last rows of a batch, and end it.
type batchRows struct {
	pgx.Rows
	batch pgx.BatchResults
}

func (r batchRows) Close() {
	r.Rows.Close()
	_ = r.batch.Close() // of a read nothing hangs on its commit
}

// builder makes statements and has no database to send them to.
var builder = func() *gorm.DB {
	db, err := gorm.Open(postgres.New(postgres.Config{Conn: sender{}}), &gorm.Config{
		DisableAutomaticPing: true, SkipDefaultTransaction: true, QueryFields: true, Logger: logger.Discard})
	if err != nil {
		panic(err) // it connects to nothing
	}
	return db
}()

// DryRun makes statements whose text is kept, for what is sent later in a batch of its own.
func DryRun() *gorm.DB { return builder.Session(&gorm.Session{NewDB: true, DryRun: true}) }

// sender is how GORM sends a change through pgx. What would give rows is refused: Find reads them.
type sender struct{ to Execer }

var errNotSent = errors.New("a statement of rows is sent by Find and Take, a change through On")

// ExecContext implements gorm.ConnPool.
func (s sender) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	if s.to == nil {
		return nil, errNotSent
	}
	tag, err := s.to.Exec(ctx, text, args...)
	if err != nil {
		return nil, fmt.Errorf("change rows: %w", err)
	}
	return driver.RowsAffected(tag.RowsAffected()), nil
}

// PrepareContext implements gorm.ConnPool.
func (sender) PrepareContext(context.Context, string) (*sql.Stmt, error) { return nil, errNotSent }

// QueryContext implements gorm.ConnPool.
func (sender) QueryContext(context.Context, string, ...any) (*sql.Rows, error) {
	return nil, errNotSent
}

// QueryRowContext implements gorm.ConnPool; nothing asks for it.
func (sender) QueryRowContext(context.Context, string, ...any) *sql.Row { return &sql.Row{} }

// Itself is the row for a reader that needs nothing else of it.
func Itself[T any](row T) T { return row }
