package layoffstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/rowsum"
)

var selectLocked = `select ` + readColumns + ` from layoff l join employer e on e.id = l.employer_id
	where l.id = $1 for no key update of l`

// ChangeLayoff implements layoff.Store.
func (s *Layoffs) ChangeLayoff(ctx context.Context, op authz.Op, id uuid.UUID, version int,
	fn func(*layoff.Layoff) (layoff.Event, error)) (layoff.Layoff, error) {
	var l layoff.Layoff
	err := s.Write(ctx, op, &l, func(tx pgx.Tx) error {
		var head []byte
		var err error
		if l, head, err = lockLayoff(ctx, tx, op.Scope, id); err != nil {
			return err
		}
		if l.Version != version {
			return fault.New(fault.Stale, "layoff.stale", "version", fmt.Sprint(l.Version))
		}
		event, err := fn(&l)
		if err != nil {
			return err
		}
		if err := s.writeChange(ctx, tx, op, &l, head, event); err != nil || event.Closes == nil {
			return err
		}
		return s.spare(ctx, tx, op, &l, event)
	})
	if err == nil && !op.Scope.Covers(l.Employer.Region) {
		err = layoff.NotFound() // a repeat after the scope was lost
	}
	if err != nil {
		return layoff.Layoff{}, err
	}
	return l, nil
}

// writeChange writes a layoff that is locked, and the others of its employer where that was put right.
func (s *Layoffs) writeChange(ctx context.Context, tx pgx.Tx, op authz.Op, l *layoff.Layoff, head []byte,
	event layoff.Event) error {
	var siblings []readRow
	var err error
	if event.Employer != nil {
		if siblings, err = lockSiblings(ctx, tx, l); err != nil {
			return err
		}
	}
	ids := []uuid.UUID{l.ID}
	for _, row := range siblings {
		ids = append(ids, row.ID)
	}
	watch, err := rowsum.WatchLayoffs(ctx, s.DB, tx, ids...)
	if err != nil {
		return err
	}
	if event.Employer != nil {
		if err := correctEmployer(ctx, tx, op, l, siblings, event); err != nil {
			return err
		}
	}
	if err := writeLayoff(ctx, tx, op, l, head, event); err != nil {
		return err
	}
	return watch.Write(ctx)
}

func lockLayoff(ctx context.Context, tx pgx.Tx, scope authz.Scope, id uuid.UUID) (layoff.Layoff, []byte, error) {
	rows, err := tx.Query(ctx, selectLocked, id)
	if err != nil {
		return layoff.Layoff{}, nil, err
	}
	row, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[readRow])
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !scope.Covers(row.Region) {
		return layoff.Layoff{}, nil, layoff.NotFound()
	}
	return row.layoff(), row.Head, err
}

// writeLayoffEntry writes the layoff and an entry of its history, which hold the same hash. The database makes it.
const writeLayoffEntry = `with entry as (
	select history_hash(@head, @id, @version, @kind, @actor, @occurred, @at, @payload) as hash
), moved as (
	update layoff set version = @version, updated_at = @at, head = entry.hash, state = @state, people_planned = @people,
		jobs_saved = @saved, reference = @reference, reason = @reason, planned_on = @planned, notified_on = @notified,
		measures = @measures, happened = @happened, due_on = @due, due_for = @due_for
	from entry where id = @id and version = @version - 1 returning region
)
insert into layoff_history (layoff_id, seq, region, kind, actor, occurred_on, recorded_at, payload, prev_hash, hash)
select @id, @version, moved.region, @kind, @actor, @occurred, @at, @payload, @head, entry.hash from moved, entry`

// writeLayoff writes the layoff and the entry that fn gave.
func writeLayoff(ctx context.Context, tx pgx.Tx, op authz.Op, l *layoff.Layoff, head []byte, event layoff.Event) error {
	payload, err := json.Marshal(event.Payload)
	if err != nil {
		return fmt.Errorf("encode payload of %s: %w", event.Kind, err)
	}
	var at time.Time
	later := `select greatest(clock_timestamp(), $1::timestamptz + interval '1 microsecond')`
	if err := tx.QueryRow(ctx, later, l.UpdatedAt).Scan(&at); err != nil {
		return err
	}
	l.Version, l.UpdatedAt = l.Version+1, at.UTC()
	tag, err := tx.Exec(ctx, writeLayoffEntry, pgx.NamedArgs{"id": l.ID, "head": head, "version": l.Version,
		"kind": string(event.Kind), "actor": uuid.UUID(op.Actor), "occurred": event.OccurredOn.Time(), "at": at,
		"payload": string(payload), "state": string(l.State), "people": peoplePlanned(*l), "saved": l.JobsSaved,
		"measures": store.JSON[measures]{V: l.Measures}, "happened": store.JSON[[]layoff.DatedEvent]{V: l.Events},
		"due": store.NullDate(l.DueOn), "due_for": store.NullText(l.DueFor), "reference": l.Reference, "reason": l.Reason,
		"planned": store.NullDate(l.PlannedOn), "notified": store.NullDate(l.NotifiedOn)})
	if err == nil && tag.RowsAffected() != 1 {
		err = fault.New(fault.Stale, "layoff.stale", "version", fmt.Sprint(l.Version))
	}
	return err
}

// closeCases closes cases as withdrawn, each with its own entry, in one statement. Those whose benefit runs stay.
const closeCases = `with target as (
	select c.id, c.region, c.version, c.head, greatest(clock_timestamp(), c.updated_at + interval '1 microsecond') as at,
		'{"from":"' || c.stage || '","to":"closed","outcome":"withdrawn","reason":' || @reason::text || '}' as payload
	from cases c where c.layoff_id = @layoff and c.stage <> 'closed' and c.claim_state not in ('applied', 'running')
		and (@all or c.id = any(@cases))
	order by c.id for no key update
), entry as (
	select t.*, history_hash(t.head, t.id, t.version + 1, @kind, @actor, @occurred, t.at, t.payload) as hash from target t
), moved as (
	update cases c set version = e.version + 1, updated_at = e.at, head = e.hash, stage = 'closed', outcome = 'withdrawn',
		closed_on = greatest(@occurred, c.opened_on), due_on = null, due_for = null, follow_up_on = null
	from entry e where c.id = e.id
)
insert into case_history (case_id, seq, region, kind, actor, occurred_on, recorded_at, payload, prev_hash, hash)
select id, version + 1, region, @kind, @actor, @occurred, at, payload, head, hash from entry`

// spare closes the cases of workers who keep their jobs. A withdrawal reaches every office, because the layoff is no
// more; a reduction only names cases, and those must be the caller's.
func (s *Layoffs) spare(ctx context.Context, tx pgx.Tx, op authz.Op, l *layoff.Layoff, event layoff.Event) error {
	ids := make([]uuid.UUID, len(event.Closes.Cases))
	for i, text := range event.Closes.Cases {
		id, err := casework.ParseID(text)
		if err != nil {
			return err
		}
		ids[i] = uuid.UUID(id)
	}
	reason, err := json.Marshal(event.Closes.Reason)
	if err != nil {
		return fmt.Errorf("encode reason: %w", err)
	}
	if event.Closes.All {
		if err := s.Enter(ctx, tx, authz.Everywhere()); err != nil {
			return err
		}
	}
	args := pgx.NamedArgs{"layoff": l.ID, "reason": string(reason), "all": event.Closes.All,
		"cases": ids, "kind": string(casework.CaseClosed), "actor": uuid.UUID(op.Actor), "occurred": event.OccurredOn.Time()}
	watch, err := s.watchSpared(ctx, tx, args)
	if err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, closeCases, args)
	if err == nil {
		err = watch.Write(ctx)
	}
	switch {
	case err != nil:
		return err
	case !event.Closes.All && int(tag.RowsAffected()) != len(ids):
		return fault.New(fault.Conflict, "layoff.case_not_spared", "closed", fmt.Sprint(tag.RowsAffected()),
			"named", fmt.Sprint(len(ids))).At("cases")
	}
	return nil
}

// watchSpared locks the cases that closeCases closes.
func (s *Layoffs) watchSpared(ctx context.Context, tx pgx.Tx, args pgx.NamedArgs) (*rowsum.Watch, error) {
	rows, err := tx.Query(ctx, `select c.id from cases c where c.layoff_id = @layoff and c.stage <> 'closed'
		and (@all or c.id = any(@cases)) order by c.id for no key update`, args)
	if err != nil {
		return nil, err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return nil, err
	}
	return rowsum.WatchCases(ctx, s.DB, tx, ids...)
}

// LayoffHistory implements layoff.Store.
func (s *Layoffs) LayoffHistory(ctx context.Context, scope authz.Scope, id uuid.UUID) ([]layoff.Entry, error) {
	if _, err := s.GetLayoff(ctx, scope, id); err != nil {
		return nil, err
	}
	rows, err := s.Inside(scope).Query(ctx, selectHistory, id)
	if err != nil {
		return nil, store.Translate(err)
	}
	entries, err := pgx.CollectRows(rows, store.RowAs(entryRow.entry))
	return entries, store.Translate(err)
}

const selectHistory = `select h.seq, h.kind, h.actor, coalesce(o.name, '') as actor_name, h.occurred_on, h.recorded_at,
		h.payload, h.hash
	from layoff_history h left join officer o on o.id = h.actor where h.layoff_id = $1 order by h.seq`
