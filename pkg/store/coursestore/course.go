package coursestore

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/course"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/track"
)

// classRow is a class, with who added it.
type classRow struct {
	ID        uuid.UUID     `gorm:"column:id;primaryKey"`
	Region    region.Code   `gorm:"column:region"`
	Provider  string        `gorm:"column:provider"`
	Kind      course.Kind   `gorm:"column:kind"`
	Programme string        `gorm:"column:programme"`
	Units     string        `gorm:"column:units"`
	Scheme    track.Scheme  `gorm:"column:scheme"`
	Places    int           `gorm:"column:places"`
	Taken     int           `gorm:"column:taken"`
	StartsOn  calendar.Date `gorm:"column:starts_on"`
	EndsOn    calendar.Date `gorm:"column:ends_on"`
	CreatedBy uuid.UUID     `gorm:"column:created_by"`
}

// TableName names the table to GORM.
func (classRow) TableName() string { return "class" }

// added is the row of a class that an officer adds: nobody sits in it yet.
func added(c course.Class, by authz.OfficerID) classRow {
	return classRow{ID: c.ID, Region: c.Region, Provider: c.Provider, Kind: c.Kind, Programme: c.Programme, Units: c.Units,
		Scheme: c.Scheme, Places: c.Places, StartsOn: c.StartsOn, EndsOn: c.EndsOn, CreatedBy: uuid.UUID(by)}
}

func (r classRow) class() course.Class {
	return course.Class{ID: r.ID, Region: r.Region, Provider: r.Provider, Kind: r.Kind, Programme: r.Programme,
		Units: r.Units, Scheme: r.Scheme, Places: r.Places, Taken: r.Taken, StartsOn: r.StartsOn, EndsOn: r.EndsOn}
}

// CreateClass implements course.Store.
func (s *Courses) CreateClass(ctx context.Context, op authz.Op, c course.Class) (course.Class, error) {
	id, err := s.CreateOnce(ctx, op, c.ID, func(tx pgx.Tx) error {
		row := added(c, op.Actor)
		return store.On[classRow](tx).Create(ctx, &row)
	})
	if err != nil {
		return c, err
	}
	return s.GetClass(ctx, id)
}

// GetClass implements course.Store.
func (s *Courses) GetClass(ctx context.Context, id uuid.UUID) (course.Class, error) {
	return store.Take(ctx, s.Pool, store.From[classRow]().Where("id = ?", id),
		fault.New(fault.NotFound, "class.not_found"), classRow.class)
}

// ListClasses implements course.Store: those that begin first come first.
func (s *Courses) ListClasses(ctx context.Context, f course.Filter) ([]course.Class, error) {
	q := store.From[classRow]().Order("starts_on, id").Limit(f.Limit)
	if f.Region != nil {
		lo, hi := f.Region.Range()
		q = q.Where("region >= ? and region < ?", lo, hi)
	}
	if f.From != nil {
		q = q.Where("starts_on >= ?", f.From.Time())
	}
	if f.Free {
		q = q.Where("taken < places")
	}
	if !f.After.StartsOn.IsZero() {
		q = q.Where("(starts_on, id) > (?, ?)", f.After.StartsOn, f.After.ID)
	}
	return store.Find(ctx, s.Pool, q, classRow.class)
}

var _ course.Store = (*Courses)(nil)
