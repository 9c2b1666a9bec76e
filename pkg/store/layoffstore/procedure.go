package layoffstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
)

const selectLayoff = `select ` + layoffColumns + ` from layoff l join employer e on e.id = l.employer_id where l.id = $1 for no key update of l`

// ChangeLayoff implements layoff.Store.
func (s *Layoffs) ChangeLayoff(ctx context.Context, op authz.Op, id uuid.UUID, version int, fn func(*layoff.Layoff) (layoff.Event, error)) (layoff.Layoff, error) {
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
		if err := writeLayoff(ctx, tx, op, &l, head, event); err != nil || event.Spare == nil {
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

func lockLayoff(ctx context.Context, tx pgx.Tx, scope authz.Scope, id uuid.UUID) (layoff.Layoff, []byte, error) {
	rows, err := tx.Query(ctx, selectLayoff, id)
	if err != nil {
		return layoff.Layoff{}, nil, err
	}
	row, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[layoffRow])
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !scope.Covers(region.Code(row.Region)) {
		return layoff.Layoff{}, nil, layoff.NotFound()
	}
	if err != nil {
		return layoff.Layoff{}, nil, err
	}
	l, err := row.layoff()
	return l, row.Head, err
}

const writeLayoffEntry = `with entry as (
	select history_hash($2, $1, $3, $4, $5, $6, $7, $8) as hash
), moved as (
	update layoff set version = $3, updated_at = $7, head = entry.hash, state = $9, people_planned = $10, jobs_saved = $11, measures = $12, happened = $13,
		due_on = $14, due_for = $15 from entry where id = $1 and version = $3 - 1 returning region
)
insert into layoff_history (layoff_id, seq, region, kind, actor, occurred_on, recorded_at, payload, prev_hash, hash)
select $1, $3, moved.region, $4, $5, $6, $7, $8, $2, entry.hash from moved, entry`

// writeLayoff writes the layoff and the entry that fn gave.
func writeLayoff(ctx context.Context, tx pgx.Tx, op authz.Op, l *layoff.Layoff, head []byte, event layoff.Event) error {
	var texts [3]string
	for i, value := range []any{event.Payload, l.Measures, l.Happened} {
		text, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("encode layoff: %w", err)
		}
		texts[i] = string(text)
	}
	var at time.Time
	if err := tx.QueryRow(ctx, `select greatest(clock_timestamp(), $1::timestamptz + interval '1 microsecond')`, l.UpdatedAt).Scan(&at); err != nil {
		return err
	}
	l.Version, l.UpdatedAt = l.Version+1, at.UTC()
	var people *int
	if l.PeoplePlanned > 0 {
		people = &l.PeoplePlanned
	}
	tag, err := tx.Exec(ctx, writeLayoffEntry, l.ID, head, l.Version, string(event.Kind), uuid.UUID(op.Actor), event.OccurredOn.Time(), at, texts[0],
		string(l.State), people, l.JobsSaved, texts[1], texts[2], store.NullDate(l.DueOn), store.NullText(l.DueFor))
	if err == nil && tag.RowsAffected() != 1 {
		err = fault.New(fault.Stale, "layoff.stale", "version", fmt.Sprint(l.Version))
	}
	return err
}

// closeCases closes cases as withdrawn, each with its own entry, in one statement. Those whose benefit runs stay.
const closeCases = `with target as (
	select c.id, c.region, c.version, c.head, greatest(clock_timestamp(), c.updated_at + interval '1 microsecond') as at,
		'{"from":"' || c.stage || '","to":"closed","outcome":"withdrawn","reason":' || $2::text || '}' as payload
	from cases c where c.layoff_id = $1 and c.stage <> 'closed' and c.claim_state not in ('applied', 'running') and ($3 or c.id = any($4))
	order by c.id for no key update
), entry as (
	select t.*, history_hash(t.head, t.id, t.version + 1, $5, $6, $7, t.at, t.payload) as hash from target t
), moved as (
	update cases c set version = e.version + 1, updated_at = e.at, head = e.hash, stage = 'closed', outcome = 'withdrawn', closed_on = greatest($7, c.opened_on),
		due_on = null, due_for = null, follow_up_on = null
	from entry e where c.id = e.id
)
insert into case_history (case_id, seq, region, kind, actor, occurred_on, recorded_at, payload, prev_hash, hash)
select id, version + 1, region, $5, $6, $7, at, payload, head, hash from entry`

// spare closes the cases of workers who keep their jobs. A withdrawal reaches every office, because the layoff is no more;
// a reduction only names cases, and those must be the caller's.
func (s *Layoffs) spare(ctx context.Context, tx pgx.Tx, op authz.Op, l *layoff.Layoff, event layoff.Event) error {
	ids := make([]uuid.UUID, len(event.Spare.Cases))
	for i, text := range event.Spare.Cases {
		id, err := casework.ParseID(text)
		if err != nil {
			return err
		}
		ids[i] = uuid.UUID(id)
	}
	reason, err := json.Marshal(event.Spare.Reason)
	if err != nil {
		return fmt.Errorf("encode reason: %w", err)
	}
	if event.Spare.All {
		if err := s.Enter(ctx, tx, authz.Everywhere()); err != nil {
			return err
		}
	}
	tag, err := tx.Exec(ctx, closeCases, l.ID, string(reason), event.Spare.All, ids, string(casework.CaseClosed), uuid.UUID(op.Actor), event.OccurredOn.Time())
	switch {
	case err != nil:
		return err
	case !event.Spare.All && int(tag.RowsAffected()) != len(ids):
		return fault.New(fault.Conflict, "layoff.case_not_spared", "closed", fmt.Sprint(tag.RowsAffected()), "named", fmt.Sprint(len(ids))).At("cases")
	}
	return nil
}

// LayoffHistory implements layoff.Store.
func (s *Layoffs) LayoffHistory(ctx context.Context, scope authz.Scope, id uuid.UUID) ([]layoff.Entry, error) {
	if _, err := s.GetLayoff(ctx, scope, id); err != nil {
		return nil, err
	}
	var entries []layoff.Entry
	err := s.Read(ctx, scope, func(b *pgx.Batch) {
		b.Queue(`select h.seq, h.kind, h.actor, coalesce(o.name, ''), h.occurred_on, h.recorded_at, h.payload, h.hash
			from layoff_history h left join officer o on o.id = h.actor where h.layoff_id = $1 order by h.seq`, id)
	}, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		entries, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (e layoff.Entry, err error) {
			var on pgtype.Date
			var hash []byte
			err = row.Scan(&e.Seq, (*string)(&e.Kind), (*[16]byte)(&e.Actor), &e.ActorName, &on, &e.RecordedAt, &e.Payload, &hash)
			e.OccurredOn, e.RecordedAt = store.DateOf(on), e.RecordedAt.UTC()
			copy(e.Hash[:], hash)
			return e, err
		})
		return err
	})
	return entries, err
}

const selectSaved = `select c.region, left(coalesce(c.kbli, ''), 2), count(*), count(*) filter (where l.state = 'withdrawn'), coalesce(sum(l.people_planned), 0),
	coalesce(sum(case when l.state = 'withdrawn' then l.people_planned else l.jobs_saved end), 0)
	from layoff l join employer c on c.id = l.employer_id
	where SCOPE and coalesce(l.planned_on, l.created_at::date) between $1 and $2 group by 1, 2 order by 1, 2`

// Prevention implements layoff.Store.
func (s *Layoffs) Prevention(ctx context.Context, scope authz.Scope, from, until calendar.Date) ([]layoff.Saved, error) {
	if scope.Empty() {
		return nil, nil
	}
	var out []layoff.Saved
	err := s.Read(ctx, scope, func(b *pgx.Batch) {
		b.Queue(strings.Replace(selectSaved, "SCOPE", store.CaseScopeSQL(scope), 1), from.Time(), until.Time())
	}, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		var one layoff.Saved
		_, err = pgx.ForEachRow(rows, []any{(*string)(&one.Region), &one.KBLI, &one.Layoffs, &one.Withdrawn, &one.Planned, &one.Saved}, func() error {
			out = append(out, one)
			return nil
		})
		return err
	})
	return out, err
}
