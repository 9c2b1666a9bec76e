package store

import (
	"context"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Rows is a statement of rows of T in the making. Every step gives a new one, so that one can be the start of several.
//
// It has the shape of GORM's generics API and stands over GORM's plain one: of gorm.G the compiler makes some 500
// functions for every T, which took two thirds of the time of a build.
type Rows[T any] struct{ made statement }

// Where keeps the rows of which a condition holds. All conditions must hold.
func (r Rows[T]) Where(condition string, args ...any) Rows[T] {
	return Rows[T]{r.made.with(func(db *gorm.DB) *gorm.DB { return db.Where(condition, args...) })}
}

// Order sorts by columns, as SQL writes them.
func (r Rows[T]) Order(by string) Rows[T] {
	return Rows[T]{r.made.with(func(db *gorm.DB) *gorm.DB { return db.Order(by) })}
}

// Limit reads at most so many rows.
func (r Rows[T]) Limit(most int) Rows[T] {
	return Rows[T]{r.made.with(func(db *gorm.DB) *gorm.DB { return db.Limit(most) })}
}

// Table reads from joined tables instead of the one of T.
func (r Rows[T]) Table(from string) Rows[T] {
	return Rows[T]{r.made.with(func(db *gorm.DB) *gorm.DB { return db.Table(from) })}
}

// Select names what is read, as SQL writes it, or the columns that Updates writes.
func (r Rows[T]) Select(columns string, more ...any) Rows[T] {
	return Rows[T]{r.made.with(func(db *gorm.DB) *gorm.DB { return db.Select(columns, more...) })}
}

// Create adds a row.
func (r Rows[T]) Create(ctx context.Context, row *T) error {
	return r.made.apply(ctx).Create(row).Error
}

// Updates writes the columns of row that Select names, or those that are not zero, and tells of how many rows.
func (r Rows[T]) Updates(ctx context.Context, row T) (int, error) {
	return affected(r.made.apply(ctx).Model(new(T)).Updates(row))
}

// Update writes one column, and tells of how many rows.
func (r Rows[T]) Update(ctx context.Context, column string, value any) (int, error) {
	return affected(r.made.apply(ctx).Model(new(T)).Update(column, value))
}

// Delete removes rows, and tells how many.
func (r Rows[T]) Delete(ctx context.Context) (int, error) {
	return affected(r.made.apply(ctx).Delete(new(T)))
}

// Set names columns and their values for a change.
func (r Rows[T]) Set(columns ...clause.Assignment) Change {
	return Change{r.made.with(func(db *gorm.DB) *gorm.DB { return db.Model(new(T)) }), columns}
}

// Change is a change of columns that Set named.
type Change struct {
	made    statement
	columns []clause.Assignment
}

// Update writes the columns, and tells of how many rows.
func (c Change) Update(ctx context.Context) (int, error) {
	return affected(c.made.apply(ctx).Clauses(clause.Set(c.columns)).Updates(map[string]any{}))
}

// statement is what GORM is asked to do, in order.
type statement struct {
	db    *gorm.DB
	steps []func(*gorm.DB) *gorm.DB
}

func (s statement) with(step func(*gorm.DB) *gorm.DB) statement {
	return statement{s.db, append(slices.Clip(s.steps), step)}
}

func (s statement) clauses(list []clause.Expression) statement {
	if len(list) == 0 {
		return s
	}
	return s.with(func(db *gorm.DB) *gorm.DB { return db.Clauses(list...) })
}

func (s statement) apply(ctx context.Context) *gorm.DB {
	db := s.db.Session(&gorm.Session{NewDB: true, Context: ctx})
	db.Statement.ConnPool = s.db.Statement.ConnPool
	return s.on(db)
}

func (s statement) on(db *gorm.DB) *gorm.DB {
	for _, step := range s.steps {
		db = step(db)
	}
	return db
}

func affected(db *gorm.DB) (int, error) { return int(db.RowsAffected), db.Error }
