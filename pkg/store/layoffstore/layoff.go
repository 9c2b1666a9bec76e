package layoffstore

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/casestore"
	"github.com/tanggap/tanggap/pkg/store/rowsum"
)

// CreateLayoff implements layoff.Store.
func (s *Layoffs) CreateLayoff(ctx context.Context, op authz.Op, l layoff.Layoff) (layoff.Layoff, error) {
	var id uuid.UUID
	err := s.Write(ctx, op, &id, func(tx pgx.Tx) (err error) {
		var created bool
		if id, created, err = ReportLayoff(ctx, s.DB, tx, op, l); err == nil && !created {
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
func ReportLayoff(ctx context.Context, db *store.DB, tx pgx.Tx, op authz.Op,
	l layoff.Layoff) (id uuid.UUID, created bool, err error) {
	employer, err := findOrMakeEmployer(ctx, tx, l.Employer)
	if err != nil {
		return uuid.Nil, false, err
	}
	payload, err := json.Marshal(reported{l.Reference, l.Reason, l.PlannedOn, l.NotifiedOn, l.PeoplePlanned})
	if err != nil {
		return uuid.Nil, false, fmt.Errorf("encode report: %w", err)
	}
	id = uuid.Must(uuid.NewV7())
	tag, err := tx.Exec(ctx, insertLayoff, pgx.NamedArgs{"id": id, "region": string(l.Employer.Region),
		"employer": employer, "reference": l.Reference, "reason": l.Reason, "planned": store.NullDate(l.PlannedOn),
		"notified": store.NullDate(l.NotifiedOn), "people": peoplePlanned(l), "actor": uuid.UUID(op.Actor),
		"due": store.NullDate(l.DueOn), "due_for": store.NullText(l.DueFor),
		"payload": string(payload), "kind": string(layoff.LayoffReported)})
	if err == nil && tag.RowsAffected() == 1 {
		err = rowsum.NewLayoff(db, tx, id).Write(ctx)
	}
	if err != nil || tag.RowsAffected() == 1 {
		return id, err == nil, store.Translate(err)
	}
	known := store.From[layoffRow]().Where("employer_id = ? and reference = ?", employer, l.Reference)
	row, err := store.Take(ctx, tx, known, layoff.NotFound(), store.Itself)
	if err == nil && row.State == layoff.Withdrawn {
		err = fault.New(fault.Conflict, "layoff.withdrawn")
	}
	return row.ID, false, err
}

// peoplePlanned is null for a number that nobody said.
func peoplePlanned(l layoff.Layoff) *int {
	if l.PeoplePlanned > 0 {
		return &l.PeoplePlanned
	}
	return nil
}

// findOrMakeEmployer knows an employer of a regency by the NIB or, where it has none, by the name.
func findOrMakeEmployer(ctx context.Context, tx pgx.Tx, e layoff.Employer) (uuid.UUID, error) {
	row := employerRow{ID: uuid.Must(uuid.NewV7()), Region: e.Region, NIB: store.Null(e.NIB), Name: e.Name,
		NameKey: casestore.NameKey(e.Name), KBLI: store.Null(e.KBLI), KBLIEdition: store.Null(e.KBLIEdition)}
	result := gorm.WithResult()
	err := store.On[employerRow](tx, clause.OnConflict{DoNothing: true}, result).Create(ctx, &row)
	if err != nil || result.RowsAffected == 1 {
		return row.ID, store.Translate(err)
	}
	known := store.From[employerRow]().Where("region = ?", e.Region)
	if e.NIB != "" {
		known = known.Where("nib = ?", e.NIB)
	} else {
		known = known.Where("nib is null and name_key = ?", row.NameKey)
	}
	found, err := store.Take(ctx, tx, known, layoff.NotFound(), store.Itself)
	return found.ID, err
}

// reported is the payload of layoff.reported.
type reported struct {
	Reference     string        `json:"reference,omitempty"`
	Reason        string        `json:"reason,omitempty"`
	PlannedOn     calendar.Date `json:"planned_on,omitzero"`
	NotifiedOn    calendar.Date `json:"notified_on,omitzero"`
	PeoplePlanned int           `json:"people_planned,omitempty"`
}

// insertLayoff makes a layoff with the first entry of its history, or neither when its key is taken. The database makes
// the hash of the entry, which stands in both: one statement, which GORM could only carry.
const insertLayoff = `with hashed as (
	select now() as at, now()::date as day,
		history_hash(decode(repeat('00', 32), 'hex'), @id, 1, @kind, @actor, now()::date, now(), @payload) as hash
), made as (
	insert into layoff (id, region, employer_id, reference, reason, planned_on, notified_on, people_planned, reported_by,
		due_on, due_for, head, updated_at)
	select @id, @region, @employer, @reference, @reason, @planned, @notified, @people, @actor, @due, @due_for, hash, at
	from hashed
	on conflict do nothing returning id, region
)
insert into layoff_history (layoff_id, seq, region, kind, actor, occurred_on, recorded_at, payload, prev_hash, hash)
select made.id, 1, made.region, @kind, @actor, day, at, @payload, decode(repeat('00', 32), 'hex'), hash
from made, hashed`

// GetLayoff implements layoff.Store. The count of cases in its columns makes it pgx's, and the scope goes with it.
func (s *Layoffs) GetLayoff(ctx context.Context, scope authz.Scope, id uuid.UUID) (layoff.Layoff, error) {
	list, err := s.read(ctx, scope, "select "+readColumns+` from layoff l join employer e on e.id = l.employer_id
		where l.id = $1 and `+store.ScopeSQL(scope, "l.region"), id)
	if err != nil || len(list) == 0 {
		return layoff.Layoff{}, cmp.Or(err, layoff.NotFound())
	}
	return list[0], nil
}

func (s *Layoffs) read(ctx context.Context, scope authz.Scope, query string, args ...any) ([]layoff.Layoff, error) {
	rows, err := s.Inside(scope).Query(ctx, query, args...)
	if err != nil {
		return nil, store.Translate(err)
	}
	list, err := pgx.CollectRows(rows, store.RowAs(readRow.layoff))
	return list, store.Translate(err)
}

// ListLayoffs implements layoff.Store. The page comes first: what belongs to its layoffs is then looked up, and their
// cases are counted, one by one, which a lateral join holds the planner to.
func (s *Layoffs) ListLayoffs(ctx context.Context, scope authz.Scope, f layoff.Filter) ([]layoff.Layoff, error) {
	page, args := store.Statement(filtered(scope, f))
	return s.read(ctx, scope, "select "+readColumns+" from ("+page+`) l
		join lateral (select * from employer e where e.id = l.employer_id limit 1) e on true order by l.id desc`, args...)
}

// filtered is a page of the layoffs of a scope that a filter leaves, newest first.
func filtered(scope authz.Scope, f layoff.Filter) store.Rows[layoffRow] {
	q := store.From[layoffRow]().Where(store.ScopeSQL(scope, "region")).Order("id desc").Limit(f.Limit)
	if f.After != uuid.Nil {
		q = q.Where("id < ?", f.After)
	}
	if f.State != nil {
		q = q.Where("state = ?", *f.State)
	}
	if f.OverdueOn != nil {
		q = q.Where("due_on < ?", f.OverdueOn.Time())
	}
	return q
}

var _ layoff.Store = (*Layoffs)(nil)
