package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/region"
)

type layoffRow struct {
	ID            uuid.UUID
	Reference     string
	Reason        string
	PlannedOn     *time.Time
	NotifiedOn    *time.Time
	PeoplePlanned *int
	ReportedBy    uuid.UUID
	CreatedAt     time.Time
	Version       int
	EmployerID    uuid.UUID
	Region        string
	NIB           string `gorm:"column:nib"`
	Name          string
	KBLI          string `gorm:"column:kbli"`
	KBLIEdition   string `gorm:"column:kbli_edition"`
	Cases         int
}

func (r layoffRow) layoff() layoff.Layoff {
	l := layoff.Layoff{ID: r.ID, Reference: r.Reference, Reason: r.Reason, PlannedOn: dateAt(r.PlannedOn), NotifiedOn: dateAt(r.NotifiedOn),
		ReportedBy: authz.OfficerID(r.ReportedBy), CreatedAt: r.CreatedAt.UTC(), Version: r.Version, Cases: r.Cases,
		Employer: layoff.Employer{ID: r.EmployerID, Region: region.Code(r.Region), NIB: r.NIB, Name: r.Name, KBLI: r.KBLI, KBLIEdition: r.KBLIEdition}}
	if r.PeoplePlanned != nil {
		l.PeoplePlanned = *r.PeoplePlanned
	}
	return l
}

func dateAt(t *time.Time) calendar.Date {
	if t == nil {
		return calendar.Date{}
	}
	return calendar.FromTime(*t)
}

// layoffs selects layoffs with their employers and the number of cases that the running transaction may see.
func layoffs(tx *gorm.DB) *gorm.DB {
	return tx.Table("layoff l").Joins("join employer e on e.id = l.employer_id").
		Select(`l.id, l.reference, l.reason, l.planned_on, l.notified_on, l.people_planned, l.reported_by, l.created_at, l.version,
			e.id as employer_id, e.region, coalesce(e.nib, '') as nib, e.name, coalesce(e.kbli, '') as kbli,
			coalesce(e.kbli_edition, '') as kbli_edition, (select count(*) from cases c where c.layoff_id = l.id) as cases`)
}

// CreateLayoff implements layoff.Store.
func (s *Store) CreateLayoff(ctx context.Context, op authz.Op, l layoff.Layoff) (layoff.Layoff, error) {
	var id uuid.UUID
	err := s.write(ctx, op, &id, func(tx pgx.Tx) (err error) {
		var created bool
		if id, created, err = reportLayoff(ctx, tx, op, l); err == nil && !created {
			err = constraintFaults["layoff_once"]
		}
		return err
	})
	if err != nil {
		return layoff.Layoff{}, err
	}
	return s.GetLayoff(ctx, op.Scope, id)
}

// reportLayoff finds or makes the employer and the layoff under their natural keys.
func reportLayoff(ctx context.Context, tx pgx.Tx, op authz.Op, l layoff.Layoff) (id uuid.UUID, created bool, err error) {
	e, key := l.Employer, NameKey(l.Employer.Name)
	employer, _, err := findOrMake(ctx, tx, `insert into employer (id, region, nib, name, name_key, kbli, kbli_edition)
		values ($1, $2, nullif($3, ''), $4, $5, nullif($6, ''), nullif($7, '')) on conflict do nothing`,
		[]any{string(e.Region), e.NIB, e.Name, key, e.KBLI, e.KBLIEdition},
		`select id from employer where region = $1 and (nib = nullif($2, '') or (nib is null and $2 = '' and name_key = $3))`,
		[]any{string(e.Region), e.NIB, key})
	if err != nil {
		return uuid.Nil, false, err
	}
	var people *int
	if l.PeoplePlanned > 0 {
		people = &l.PeoplePlanned
	}
	return findOrMake(ctx, tx, `insert into layoff (id, region, employer_id, reference, reason, planned_on, notified_on, people_planned, reported_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
		[]any{string(e.Region), employer, l.Reference, l.Reason, nullDate(l.PlannedOn), nullDate(l.NotifiedOn), people, uuid.UUID(op.Actor)},
		`select id from layoff where employer_id = $1 and reference = $2`, []any{employer, l.Reference})
}

// findOrMake inserts under a new id unless the natural key is there, and gives the id that is there now.
func findOrMake(ctx context.Context, tx pgx.Tx, insert string, values []any, find string, key []any) (id uuid.UUID, created bool, err error) {
	if id, err = uuid.NewV7(); err != nil {
		return uuid.Nil, false, fmt.Errorf("make id: %w", err)
	}
	tag, err := tx.Exec(ctx, insert, append([]any{id}, values...)...)
	if err != nil || tag.RowsAffected() == 1 {
		return id, err == nil, translate(err)
	}
	err = tx.QueryRow(ctx, find, key...).Scan((*[16]byte)(&id))
	return id, false, translate(err)
}

// GetLayoff implements layoff.Store.
func (s *Store) GetLayoff(ctx context.Context, scope authz.Scope, id uuid.UUID) (layoff.Layoff, error) {
	var row layoffRow
	err := s.inScope(ctx, scope, func(tx *gorm.DB) error {
		return offices(layoffs(tx), "l.region", scope).Where("l.id = ?", id).Take(&row).Error
	})
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return layoff.Layoff{}, layoff.NotFound()
	}
	return row.layoff(), translate(err)
}

// ListLayoffs implements layoff.Store.
func (s *Store) ListLayoffs(ctx context.Context, scope authz.Scope, f layoff.Filter) ([]layoff.Layoff, error) {
	var rows []layoffRow
	err := s.inScope(ctx, scope, func(tx *gorm.DB) error {
		query := offices(layoffs(tx), "l.region", scope).Order("l.id desc").Limit(f.Limit)
		if f.After != uuid.Nil {
			query = query.Where("l.id < ?", f.After)
		}
		return query.Find(&rows).Error
	})
	if err != nil {
		return nil, translate(err)
	}
	out := make([]layoff.Layoff, len(rows))
	for i, r := range rows {
		out[i] = r.layoff()
	}
	return out, nil
}

var _ layoff.Store = (*Store)(nil)
