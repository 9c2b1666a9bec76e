package privacystore

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/privacy"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/casestore"
)

// privacyPart loads and saves what stands over one case inside a change: its statements go with those of the change in
// the two batches of the one hot transaction, which pgx sends.
type privacyPart struct {
	now, before privacy.ErasureStatus
}

// QueueLoad implements casestore.Parts.
func (p *privacyPart) QueueLoad(b *pgx.Batch, id casework.ID) {
	b.Queue(selectPrivacy+" from (select 1) one left join erasure e on e.case_id = $1", uuid.UUID(id))
}

const selectPrivacy = `select exists (select from legal_hold h where h.case_id = $1), coalesce(e.state, ''),
	e.requested_by, e.decided_by, erasure_obstacle($1)`

// ScanLoad implements casestore.Parts.
func (p *privacyPart) ScanLoad(r pgx.BatchResults) error {
	var requested, decided pgtype.UUID
	err := r.QueryRow().Scan(&p.now.Held, (*string)(&p.now.Erasure), &requested, &decided, &p.now.Obstacle)
	p.now.RequestedBy, p.now.DecidedBy = requested.Bytes, decided.Bytes
	p.before = p.now
	return err
}

// QueueSave implements casestore.Parts.
func (p *privacyPart) QueueSave(b *pgx.Batch, c *casework.Case) error {
	id, code := uuid.UUID(c.ID), string(c.Region)
	switch {
	case p.now.Held && !p.before.Held:
		b.Queue("insert into legal_hold (case_id, region, set_on) values ($1, $2, current_date)", id, code)
	case !p.now.Held && p.before.Held:
		b.Queue("delete from legal_hold where case_id = $1", id)
	}
	if p.now.Erasure != p.before.Erasure {
		b.Queue(`insert into erasure (case_id, region, state, requested_by, decided_by) values ($1, $2, $3, $4, $5)
			on conflict (case_id) do update set state = $3, requested_by = $4, decided_by = $5`,
			id, code, string(p.now.Erasure), uuid.UUID(p.now.RequestedBy), store.NullID(uuid.UUID(p.now.DecidedBy)))
	}
	if p.now.Erasure == privacy.Done && p.before.Erasure != privacy.Done {
		b.Queue("select erase_worker($1, $2, $3)", id, uuid.UUID(p.now.DecidedBy), c.UpdatedAt)
	}
	return nil
}

// Replaced implements casestore.Parts: what was asked or done about erasure is not taken back.
func (p *privacyPart) Replaced(*casework.Undo) {}

// ChangePrivacy implements privacy.Store.
func (s *Privacy) ChangePrivacy(ctx context.Context, op authz.Op, id casework.ID, version int,
	fn func(*casework.Case, *privacy.ErasureStatus) (casework.Event, error)) (casework.State, error) {
	p := &privacyPart{}
	return s.cases.ChangeWith(ctx, casestore.Change{Op: op, ID: id, Version: version, Parts: p,
		OfPerson: func() bool { return p.now.Erasure != p.before.Erasure && p.now.Erasure == privacy.Done },
		Fn:       func(c *casework.Case) (casework.Event, error) { return fn(c, &p.now) }})
}

// GetPrivacy implements privacy.Store.
func (s *Privacy) GetPrivacy(ctx context.Context, scope authz.Scope, id casework.ID) (privacy.ErasureStatus, error) {
	p := &privacyPart{}
	if scope.Empty() {
		return p.now, casework.NotFound()
	}
	err := s.Read(ctx, scope, func(b *pgx.Batch) {
		b.Queue(selectPrivacy+" from cases c left join erasure e on e.case_id = c.id where c.id = $1 and "+
			store.CaseScopeSQL(scope), uuid.UUID(id))
	}, p.ScanLoad)
	if errors.Is(err, pgx.ErrNoRows) {
		return p.now, casework.NotFound()
	}
	return p.now, err
}

// dueRow is a closed case.
type dueRow struct {
	ID       uuid.UUID
	Region   string
	ClosedOn calendar.Date
}

func (r dueRow) due() privacy.Due {
	return privacy.Due{Case: casework.ID(r.ID), Region: r.Region, ClosedOn: r.ClosedOn}
}

// ListDue implements privacy.Store. It is a work list over all offices of a scope, each walking its own part of an
// index: a statement of sets, for pgx.
func (s *Privacy) ListDue(ctx context.Context, scope authz.Scope, before calendar.Date, after casework.ID,
	limit int) ([]privacy.Due, error) {
	if scope.Empty() {
		return nil, nil
	}
	args := []any{s.Regencies(scope.Regions()), before.Time(), limit}
	closed :=
		"select c.id, c.region, c.closed_on, c.worker_id from cases c where c.region = office.code and c.closed_on < $2"
	if uuid.UUID(after) != uuid.Nil {
		args = append(args, uuid.UUID(after))
		closed += " and c.id > $4"
	}
	query := "select c.id, c.region, c.closed_on from (select c.* from " + store.EachOffice("$1", closed) +
		` order by c.id) c
		cross join lateral (select from worker w where w.id = c.worker_id and w.data_key is not null limit 1) w
		where not exists (select from legal_hold h where h.case_id = c.id) order by c.id limit $3`
	rows, err := s.Inside(scope).Query(ctx, query, args...)
	if err != nil {
		return nil, store.Translate(err)
	}
	list, err := pgx.CollectRows(rows, store.RowAs(dueRow.due))
	return list, store.Translate(err)
}

var _ privacy.Store = (*Privacy)(nil)
