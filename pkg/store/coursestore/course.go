package coursestore

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/course"
	"github.com/tanggap/tanggap/pkg/store"
)

const classColumns = `id, region, provider, kind, programme, units, scheme, places, taken, starts_on, ends_on`

func scanClass(row pgx.CollectableRow) (c course.Class, err error) {
	var starts, ends pgtype.Date
	err = row.Scan((*[16]byte)(&c.ID), (*string)(&c.Region), &c.Provider, &c.Kind, &c.Programme, &c.Units, (*string)(&c.Scheme), &c.Places, &c.Taken, &starts, &ends)
	c.StartsOn, c.EndsOn = store.DateOf(starts), store.DateOf(ends)
	return c, err
}

// CreateClass implements course.Store.
func (s *Courses) CreateClass(ctx context.Context, op authz.Op, c course.Class) (course.Class, error) {
	id, err := s.CreateOnce(ctx, op, c.ID, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into class (id, region, provider, kind, programme, units, scheme, places, starts_on, ends_on, created_by)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, c.ID, string(c.Region), c.Provider, c.Kind, c.Programme, c.Units, string(c.Scheme), c.Places,
			store.NullDate(c.StartsOn), store.NullDate(c.EndsOn), uuid.UUID(op.Actor))
		return err
	})
	if err != nil {
		return c, err
	}
	return s.GetClass(ctx, id)
}

// GetClass implements course.Store.
func (s *Courses) GetClass(ctx context.Context, id uuid.UUID) (course.Class, error) {
	return store.QueryOne(ctx, s.DB, "class.not_found", scanClass, "select "+classColumns+" from class where id = $1", id)
}

// ListClasses implements course.Store: those that begin first come first.
func (s *Courses) ListClasses(ctx context.Context, f course.Filter) ([]course.Class, error) {
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
	return store.QueryAll(ctx, s.DB, scanClass, "select "+classColumns+" from class where true"+conditions+" order by starts_on, id limit $1", args...)
}

var _ course.Store = (*Courses)(nil)
