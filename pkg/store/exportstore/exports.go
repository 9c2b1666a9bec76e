package exportstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
)

// exportRow is an export as it is now: a file whose time is over has expired, whether or not anything has swept since.
const exportRow = `x.id, x.officer_id, x.asked, x.profile, x.scope,
	case when x.state = 'ready' and x.expires_at <= clock_timestamp() then 'expired' else x.state end,
	coalesce(x.failure, ''), x.reason, x.decided_by, x.attempt, x.entries, x.total,
	coalesce(x.manifest, ''), coalesce(x.signature, ''), coalesce(x.file_name, ''), coalesce(x.bytes, 0), x.sha256, x.created_at, x.ready_at, x.expires_at, x.version`

func scanExport(row pgx.Row) (x export.Export, err error) {
	var asked []byte
	var scope []string
	var decided pgtype.UUID
	var ready, expires pgtype.Timestamptz
	err = row.Scan((*[16]byte)(&x.ID), (*[16]byte)(&x.Officer), &asked, (*string)(&x.Profile), &scope, (*string)(&x.State), &x.Failure, &x.Reason, &decided, &x.Attempt,
		&x.Entries, &x.Total, &x.Manifest, &x.Signature, &x.FileName, &x.Bytes, &x.SHA256, &x.CreatedAt, &ready, &expires, &x.Version)
	if errors.Is(err, pgx.ErrNoRows) {
		return x, export.NotFound()
	}
	if err != nil {
		return x, err
	}
	for _, code := range scope {
		x.Scope = append(x.Scope, region.Code(code))
	}
	x.DecidedBy, x.CreatedAt, x.ReadyAt, x.ExpiresAt = decided.Bytes, x.CreatedAt.UTC(), ready.Time.UTC(), expires.Time.UTC()
	return x, json.Unmarshal(asked, &x.Asked)
}

// CreateExport implements export.Store.
func (s *Exports) CreateExport(ctx context.Context, op authz.Op, x export.Export) (export.Export, error) {
	asked, err := json.Marshal(x.Asked)
	if err != nil {
		return x, fmt.Errorf("encode export: %w", err)
	}
	id := uuid.Must(uuid.NewV7())
	answer := struct{ ID uuid.UUID }{id}
	err = s.Write(ctx, op, &answer, func(tx pgx.Tx) error {
		var live int
		// The lock on the officer makes two orders at once count each other.
		err := tx.QueryRow(ctx, `with me as (select id from officer where id = $1 for no key update)
			select count(x.id) from me left join export x on x.officer_id = me.id and x.state in ('awaiting', 'queued', 'running')`, uuid.UUID(op.Actor)).Scan(&live)
		if err != nil {
			return err
		}
		if live >= export.MostUnderWay {
			return fault.New(fault.TooMany, "export.too_many", "most", strconv.Itoa(export.MostUnderWay))
		}
		_, err = tx.Exec(ctx, `insert into export (id, officer_id, asked, profile, scope, state, reason) values ($1, $2, $3, $4, $5, $6, $7)`,
			answer.ID, uuid.UUID(op.Actor), asked, string(x.Profile), store.CodesText(x.Scope), string(x.State), x.Reason)
		if err != nil || x.State != export.Queued {
			return err
		}
		return s.Enqueue(ctx, tx, export.Job{Export: answer.ID})
	})
	if err != nil {
		return x, err
	}
	x, err = s.GetExport(ctx, op.Actor, answer.ID)
	x.Again = answer.ID != id
	return x, err
}

// GetExport implements export.Store.
func (s *Exports) GetExport(ctx context.Context, officer authz.OfficerID, id uuid.UUID) (export.Export, error) {
	x, err := scanExport(s.Pool.QueryRow(ctx, "select "+exportRow+" from export x where x.id = $1 and x.officer_id = $2", id, uuid.UUID(officer)))
	return x, store.Translate(err)
}

// OrderedExport implements export.Store.
func (s *Exports) OrderedExport(ctx context.Context, id uuid.UUID) (export.Export, error) {
	x, err := scanExport(s.Pool.QueryRow(ctx, "select "+exportRow+" from export x where x.id = $1", id))
	return x, store.Translate(err)
}

// LayoffInReach implements export.Store.
func (s *Exports) LayoffInReach(ctx context.Context, scope authz.Scope, layoff string) (found bool, err error) {
	query := "select exists (select from layoff l where l.id = $1 and " + store.ScopeSQL(scope, "l.region") + ") or exists (select from cases c where c.layoff_id = $1 and " +
		store.CaseScopeSQL(scope) + ")"
	err = s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, layoff) }, func(r pgx.BatchResults) error {
		return r.QueryRow().Scan(&found)
	})
	return found, err
}

// leftCustody looks at the transfers since the day before the order, of which there are few, and not at the cases of the
// export, of which there may be millions. The office that gave a case away still sees its transfer.
const leftCustody = `select exists (select from referral r where r.kind = 'custody' and r.state = 'accepted' and r.answered_on >= $2::date - 1
	and exists (select from export_case e where e.export_id = $1 and e.cases @> array[r.case_id])
	and not exists (select from cases c where c.id = r.case_id and `

// LeftCustody implements export.Store.
func (s *Exports) LeftCustody(ctx context.Context, scope authz.Scope, x export.Export) (left bool, err error) {
	if scope.National() {
		return false, nil
	}
	err = s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(leftCustody+store.CaseScopeSQL(scope)+"))", x.ID, x.CreatedAt) }, func(r pgx.BatchResults) error {
		return r.QueryRow().Scan(&left)
	})
	return left, err
}

func (s *Exports) exportsWhere(ctx context.Context, condition string, args ...any) ([]export.Export, error) {
	rows, err := s.Pool.Query(ctx, "select "+exportRow+" from export x where "+condition, args...)
	if err != nil {
		return nil, store.Translate(err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (export.Export, error) { return scanExport(row) })
	return list, store.Translate(err)
}

// ListExports implements export.Store.
func (s *Exports) ListExports(ctx context.Context, officer authz.OfficerID, after uuid.UUID, limit int) ([]export.Export, error) {
	args, condition := []any{uuid.UUID(officer), limit}, "x.officer_id = $1"
	if after != uuid.Nil {
		args, condition = append(args, after), condition+" and x.id < $3"
	}
	return s.exportsWhere(ctx, condition+" order by x.id desc limit $2", args...)
}

// mostAwaiting bounds how many exports wait in front of one approver.
const mostAwaiting = 200

// AwaitingExports implements export.Store.
func (s *Exports) AwaitingExports(ctx context.Context, scope authz.Scope, not authz.OfficerID) ([]export.Export, error) {
	all, err := s.exportsWhere(ctx, "x.state = 'awaiting' and x.officer_id <> $1 order by x.id limit $2", uuid.UUID(not), mostAwaiting)
	var list []export.Export
	for _, x := range all {
		if coversAll(scope, x.Scope) {
			list = append(list, x)
		}
	}
	return list, err
}

func coversAll(scope authz.Scope, codes []region.Code) bool {
	for _, code := range codes {
		if !scope.Covers(code) {
			return false
		}
	}
	return len(codes) > 0
}

// MoveExport implements export.Store.
func (s *Exports) MoveExport(ctx context.Context, op authz.Op, id uuid.UUID, to export.State) (export.Export, error) {
	answer := struct{ ID uuid.UUID }{id}
	err := s.Write(ctx, op, &answer, func(tx pgx.Tx) error {
		x, err := scanExport(tx.QueryRow(ctx, "select "+exportRow+" from export x where x.id = $1 for update", id))
		if err != nil {
			return err
		}
		own := x.Officer == op.Actor
		switch {
		case to == export.Cancelled && !own, to != export.Cancelled && !coversAll(op.Scope, x.Scope):
			return export.NotFound()
		case to != export.Cancelled && own:
			return fault.New(fault.Forbidden, "export.own")
		case to != export.Cancelled && x.State != export.Awaiting,
			to == export.Cancelled && x.State != export.Awaiting && x.State != export.Queued && x.State != export.Running && x.State != export.Ready:
			return fault.New(fault.Conflict, "export.state", "state", string(x.State))
		}
		decided := store.NullID(uuid.UUID(op.Actor))
		if own {
			decided = store.NullID(uuid.UUID(x.DecidedBy))
		}
		_, err = tx.Exec(ctx, "update export set state = $2, decided_by = $3, ready_at = null, attempt = attempt + 1, version = version + 1 where id = $1", id, string(to), decided)
		if err == nil && to == export.Queued {
			err = s.Enqueue(ctx, tx, export.Job{Export: id})
		}
		return err
	})
	if err != nil {
		return export.Export{}, err
	}
	return s.OrderedExport(ctx, id)
}

// StartExport implements export.Store.
func (s *Exports) StartExport(ctx context.Context, id uuid.UUID) (export.Export, error) {
	x, err := scanExport(s.Pool.QueryRow(ctx, `update export x set state = 'running', attempt = attempt + 1, seen_at = clock_timestamp(), entries = 0, version = version + 1
		where id = $1 and (state = 'queued' or state = 'running' and seen_at < clock_timestamp() - $2::interval) returning `+exportRow, id, exportIdle))
	return x, store.Translate(err)
}

// exportIdle is how long a running export may be silent before another worker may take it.
const exportIdle = "10 seconds"

// overtaken tells from the rows that a statement changed whether the attempt is still the export's.
func overtaken(rows int64, err error) error {
	if err == nil && rows == 0 {
		return fault.New(fault.Conflict, "export.overtaken")
	}
	return store.Translate(err)
}

// BeatExport implements export.Store.
func (s *Exports) BeatExport(ctx context.Context, x export.Export) error {
	tag, err := s.Pool.Exec(ctx, "update export set seen_at = clock_timestamp(), entries = $3 where id = $1 and attempt = $2 and state = 'running'", x.ID, x.Attempt, x.Entries)
	return overtaken(tag.RowsAffected(), err)
}

// FinishExport implements export.Store.
func (s *Exports) FinishExport(ctx context.Context, x export.Export) error {
	ready := x.State == export.Ready
	tag, err := s.Pool.Exec(ctx, `update export set state = $3, failure = $4, scope = $5, entries = $6, total = $7, manifest = $8, signature = $9, file_name = $10, bytes = $11, sha256 = $12,
		ready_at = case when $13 then clock_timestamp() end, expires_at = case when $13 then clock_timestamp() + $14::interval end, version = version + 1
		where id = $1 and attempt = $2 and state = 'running'`, x.ID, x.Attempt, string(x.State), store.NullText(x.Failure), store.CodesText(x.Scope), x.Entries, x.Total,
		store.NullText(x.Manifest), store.NullText(x.Signature), store.NullText(x.FileName), x.Bytes, x.SHA256, ready, export.KeepFor)
	return overtaken(tag.RowsAffected(), err)
}

// ReleaseExport implements export.WorkStore.
func (s *Exports) ReleaseExport(ctx context.Context, x export.Export) error {
	tag, err := s.Pool.Exec(ctx, "update export set state = 'queued', seen_at = clock_timestamp() where id = $1 and attempt = $2 and state = 'running'", x.ID, x.Attempt)
	return overtaken(tag.RowsAffected(), err)
}

// KeepSubjects implements export.Store; no cases at all forgets those of an earlier attempt.
func (s *Exports) KeepSubjects(ctx context.Context, id uuid.UUID, cases []uuid.UUID) error {
	if len(cases) == 0 {
		_, err := s.Pool.Exec(ctx, "delete from export_case where export_id = $1", id)
		return store.Translate(err)
	}
	_, err := s.Pool.Exec(ctx, "insert into export_case (export_id, cases) values ($1, $2)", id, cases)
	return store.Translate(err)
}

// ExpireExports implements export.Store.
func (s *Exports) ExpireExports(ctx context.Context) ([]uuid.UUID, error) {
	rows, err := s.Pool.Query(ctx, `update export set state = 'expired', file_name = null, version = version + 1
		where state = 'ready' and expires_at <= clock_timestamp() or state = 'expired' and file_name is not null returning id`)
	if err != nil {
		return nil, store.Translate(err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	return ids, store.Translate(err)
}

// WaitingExports lists the exports that nobody works on, though somebody should.
func (s *Exports) WaitingExports(ctx context.Context) ([]uuid.UUID, error) {
	rows, err := s.Pool.Query(ctx, `select id from export where state = 'running' and seen_at < clock_timestamp() - $1::interval
		or state = 'queued' and created_at < clock_timestamp() - $1::interval`, exportIdle)
	if err != nil {
		return nil, store.Translate(err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	return ids, store.Translate(err)
}

var (
	_ export.Store     = (*Exports)(nil)
	_ export.WorkStore = (*Exports)(nil)
)
