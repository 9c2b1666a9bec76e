package layoffstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/casestore"
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
	State         string
	JobsSaved     int
	Measures      string
	Happened      string
	DueOn         *time.Time
	DueFor        string
	UpdatedAt     time.Time
	Head          []byte
}

func (r layoffRow) layoff() (layoff.Layoff, error) {
	l := layoff.Layoff{ID: r.ID, Reference: r.Reference, Reason: r.Reason, PlannedOn: dateAt(r.PlannedOn), NotifiedOn: dateAt(r.NotifiedOn),
		ReportedBy: authz.OfficerID(r.ReportedBy), CreatedAt: r.CreatedAt.UTC(), Version: r.Version, Cases: r.Cases,
		Employer: layoff.Employer{ID: r.EmployerID, Region: region.Code(r.Region), NIB: r.NIB, Name: r.Name, KBLI: r.KBLI, KBLIEdition: layoff.KBLIEdition(r.KBLIEdition)}}
	if r.PeoplePlanned != nil {
		l.PeoplePlanned = *r.PeoplePlanned
	}
	l.State, l.JobsSaved, l.DueOn, l.DueFor, l.UpdatedAt = layoff.State(r.State), r.JobsSaved, dateAt(r.DueOn), r.DueFor, r.UpdatedAt.UTC()
	if err := json.Unmarshal([]byte(r.Measures), &l.Measures); err != nil {
		return l, fmt.Errorf("read measures of layoff %s: %w", r.ID, err)
	}
	if err := json.Unmarshal([]byte(r.Happened), &l.Happened); err != nil {
		return l, fmt.Errorf("read events of layoff %s: %w", r.ID, err)
	}
	return l, nil
}

func dateAt(t *time.Time) calendar.Date {
	if t == nil {
		return calendar.Date{}
	}
	return calendar.FromTime(*t)
}

// layoffColumns are those of layoffRow, with the number of cases that the running transaction may see.
const layoffColumns = `l.id, l.reference, l.reason, l.planned_on, l.notified_on, l.people_planned, l.reported_by, l.created_at, l.version,
	e.id as employer_id, e.region, coalesce(e.nib, '') as nib, e.name, coalesce(e.kbli, '') as kbli, coalesce(e.kbli_edition, '') as kbli_edition,
	(select count(*) from cases c where c.layoff_id = l.id) as cases, l.state, l.jobs_saved, l.measures::text as measures, l.happened::text as happened,
	l.due_on, coalesce(l.due_for, '') as due_for, l.updated_at, l.head`

// layoffs selects layoffs with their employers.
func layoffs(tx *gorm.DB) *gorm.DB {
	return tx.Table("layoff l").Joins("join employer e on e.id = l.employer_id").Select(layoffColumns)
}

// CreateLayoff implements layoff.Store.
func (s *Layoffs) CreateLayoff(ctx context.Context, op authz.Op, l layoff.Layoff) (layoff.Layoff, error) {
	var id uuid.UUID
	err := s.Write(ctx, op, &id, func(tx pgx.Tx) (err error) {
		var created bool
		if id, created, err = ReportLayoff(ctx, tx, op, l); err == nil && !created {
			err = store.ConstraintFaults["layoff_once"]
		}
		return err
	})
	if err != nil {
		return layoff.Layoff{}, err
	}
	return s.GetLayoff(ctx, op.Scope, id)
}

// ReportLayoff finds or makes the employer and the layoff under their natural keys.
func ReportLayoff(ctx context.Context, tx pgx.Tx, op authz.Op, l layoff.Layoff) (id uuid.UUID, created bool, err error) {
	e, key := l.Employer, casestore.NameKey(l.Employer.Name)
	employer, _, err := store.FindOrMake(ctx, tx, `insert into employer (id, region, nib, name, name_key, kbli, kbli_edition)
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
	payload, err := json.Marshal(reported{l.Reference, l.Reason, l.PlannedOn, l.NotifiedOn, l.PeoplePlanned})
	if err != nil {
		return uuid.Nil, false, fmt.Errorf("encode report: %w", err)
	}
	id, created, err = store.FindOrMake(ctx, tx, insertLayoff, []any{string(e.Region), employer, l.Reference, l.Reason, store.NullDate(l.PlannedOn), store.NullDate(l.NotifiedOn),
		people, uuid.UUID(op.Actor), string(payload), string(layoff.LayoffReported)}, `select id from layoff where employer_id = $1 and reference = $2`, []any{employer, l.Reference})
	if err != nil || created {
		return id, created, err
	}
	var state string
	if err = tx.QueryRow(ctx, `select state from layoff where id = $1`, id).Scan(&state); err == nil && state == string(layoff.Withdrawn) {
		err = fault.New(fault.Conflict, "layoff.withdrawn")
	}
	return id, false, store.Translate(err)
}

// reported is the payload of layoff.reported.
type reported struct {
	Reference     string        `json:"reference,omitempty"`
	Reason        string        `json:"reason,omitempty"`
	PlannedOn     calendar.Date `json:"planned_on,omitzero"`
	NotifiedOn    calendar.Date `json:"notified_on,omitzero"`
	PeoplePlanned int           `json:"people_planned,omitempty"`
}

// insertLayoff makes a layoff with the first entry of its history, or neither when its key is taken.
const insertLayoff = `with hashed as (
	select now() as at, now()::date as day, history_hash(decode(repeat('00', 32), 'hex'), $1, 1, $11, $9, now()::date, now(), $10) as hash
), made as (
	insert into layoff (id, region, employer_id, reference, reason, planned_on, notified_on, people_planned, reported_by, head, updated_at)
	select $1, $2, $3, $4, $5, $6, $7, $8, $9, hash, at from hashed on conflict do nothing returning id, region
)
insert into layoff_history (layoff_id, seq, region, kind, actor, occurred_on, recorded_at, payload, prev_hash, hash)
select made.id, 1, made.region, $11, $9, day, at, $10, decode(repeat('00', 32), 'hex'), hash from made, hashed`

// GetLayoff implements layoff.Store.
func (s *Layoffs) GetLayoff(ctx context.Context, scope authz.Scope, id uuid.UUID) (layoff.Layoff, error) {
	var row layoffRow
	err := s.InScope(ctx, scope, func(tx *gorm.DB) error {
		return store.InOffices(layoffs(tx), "l.region", scope).Where("l.id = ?", id).Take(&row).Error
	})
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return layoff.Layoff{}, layoff.NotFound()
	}
	if err != nil {
		return layoff.Layoff{}, store.Translate(err)
	}
	return row.layoff()
}

// ListLayoffs implements layoff.Store.
func (s *Layoffs) ListLayoffs(ctx context.Context, scope authz.Scope, f layoff.Filter) ([]layoff.Layoff, error) {
	var rows []layoffRow
	err := s.InScope(ctx, scope, func(tx *gorm.DB) error {
		query := store.InOffices(tx.Table("layoff l"), "l.region", scope).Select("l.*").Order("l.id desc").Limit(f.Limit)
		if f.After != uuid.Nil {
			query = query.Where("l.id < ?", f.After)
		}
		if f.State != nil {
			query = query.Where("l.state = ?", string(*f.State))
		}
		if f.OverdueOn != nil {
			query = query.Where("l.due_on < ?", f.OverdueOn.Time())
		}
		// The page comes first: what belongs to its layoffs is then looked up, and their cases are counted, one by one.
		return tx.Table("(?) l", query).Joins("join lateral (select * from employer e where e.id = l.employer_id limit 1) e on true").
			Select(layoffColumns).Order("l.id desc").Find(&rows).Error
	})
	if err != nil {
		return nil, store.Translate(err)
	}
	out := make([]layoff.Layoff, len(rows))
	for i, r := range rows {
		if out[i], err = r.layoff(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

var _ layoff.Store = (*Layoffs)(nil)
