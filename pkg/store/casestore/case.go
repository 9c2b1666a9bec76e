package casestore

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
)

// CaseRegion is the region of a case in the scope; any other is not found. It stands before many reads: pgx, in one
// trip.
func (s *Cases) CaseRegion(ctx context.Context, scope authz.Scope, id casework.ID) (code region.Code, err error) {
	err = s.Read(ctx, scope, func(b *pgx.Batch) {
		b.Queue("select c.region from cases c where c.id = $1 and "+store.CaseScopeSQL(scope), uuid.UUID(id))
	}, func(r pgx.BatchResults) error { return r.QueryRow().Scan((*string)(&code)) })
	return code, err
}

// CaseColumns are the columns that a CaseScanner reads.
const CaseColumns = `c.id, c.region, c.worker_id, c.layoff_id, c.officer_id, c.stage, c.outcome, c.terminated_on,
	c.opened_on, c.closed_on, c.due_on, c.due_for, c.follow_up_on, c.claim_state, c.version, c.updated_at,
	c.duplicate_of`

// CaseScanner reads caseColumns, and whatever columns follow them, row by row into the same places: a list reads a
// thousand values, and each would otherwise be allocated on the way.
type CaseScanner struct {
	row                                   casework.Case
	layoff, officer, duplicate            pgtype.UUID
	outcome, dueFor                       pgtype.Text
	terminated, opened, closed, due, next pgtype.Date
	Dest                                  []any
}

// NewCaseScanner reads CaseColumns, and after them whatever more columns a query has.
func NewCaseScanner(more ...any) *CaseScanner {
	s := &CaseScanner{}
	c := &s.row
	s.Dest = append([]any{(*[16]byte)(&c.ID), (*string)(&c.Region), (*[16]byte)(&c.WorkerID), &s.layoff, &s.officer,
		(*string)(&c.Stage), &s.outcome, &s.terminated, &s.opened, &s.closed, &s.due, &s.dueFor, &s.next,
		(*string)(&c.ClaimState), &c.Version, &c.UpdatedAt, &s.duplicate}, more...)
	return s
}

// Current is the case of the row read last.
func (s *CaseScanner) Current() casework.Case {
	c := s.row
	c.LayoffID, c.Officer, c.DuplicateOf = s.layoff.Bytes, s.officer.Bytes, s.duplicate.Bytes
	c.Outcome, c.DueFor = casework.Outcome(s.outcome.String), s.dueFor.String
	c.TerminatedOn, c.OpenedOn = store.DateOf(s.terminated), store.DateOf(s.opened)
	c.ClosedOn, c.DueOn = store.DateOf(s.closed), store.DateOf(s.due)
	c.FollowUpOn, c.UpdatedAt = store.DateOf(s.next), c.UpdatedAt.UTC()
	return c
}

func scanCase(row pgx.Row, c *casework.Case, more ...any) error {
	s := NewCaseScanner(more...)
	if err := row.Scan(s.Dest...); err != nil {
		return err
	}
	*c = s.Current()
	return nil
}

// RowColumns are those of a row of a list.
const RowColumns = CaseColumns + `, w.name, w.nik_tail, w.employer`

// collectRows reads a list of rowColumns.
func collectRows(r pgx.BatchResults, size int) ([]casework.Row, error) {
	rows, err := r.Query()
	if err != nil {
		return nil, err
	}
	list := make([]casework.Row, 0, size)
	var name, tail, employer string
	s := NewCaseScanner(&name, &tail, &employer)
	_, err = pgx.ForEachRow(rows, s.Dest, func() error {
		list = append(list, casework.Row{Case: s.Current(), Name: name, NIKMasked: identity.MaskedNIK(tail),
			Employer: employer})
		return nil
	})
	return list, err
}

const selectFile = `select ` + CaseColumns + `, w.name, w.birth_date, coalesce(w.sex, ''), w.position, w.employer,
	w.sealed, k.data_key
	from cases c join case_worker w on w.case_id = c.id join worker k on k.id = c.worker_id where c.id = $1`

const selectHistory = `select h.seq, h.kind, h.actor, coalesce(o.name, ''), h.occurred_on, h.recorded_at, h.payload,
	h.hash
	from case_history h left join officer o on o.id = h.actor where h.case_id = $1 order by h.seq`

// Get implements casework.Store. It is read more than anything else: pgx sends scope, case and history in one trip.
func (s *Cases) Get(ctx context.Context, scope authz.Scope, id casework.ID) (casework.Detail, []casework.Entry, error) {
	var f casework.Detail
	var entries []casework.Entry
	var sealed, wrapped []byte
	if scope.Empty() {
		return f, nil, casework.NotFound()
	}
	err := s.Read(ctx, scope, func(b *pgx.Batch) {
		b.Queue(selectFile, uuid.UUID(id))
		b.Queue(selectHistory, uuid.UUID(id))
	}, func(r pgx.BatchResults) error {
		var born pgtype.Date
		if err := scanCase(r.QueryRow(), &f.Case, &f.Person.Name, &born, (*string)(&f.Person.Sex), &f.Person.Position,
			&f.Person.Employer, &sealed, &wrapped); err != nil {
			return err
		}
		f.Person.BirthDate = store.DateOf(born)
		rows, err := r.Query()
		if err != nil {
			return err
		}
		entries, err = pgx.CollectRows(rows, scanEntry)
		return err
	})
	if err == nil && !scope.Covers(f.Region) {
		err = casework.NotFound()
	}
	if err != nil {
		return casework.Detail{}, nil, err
	}
	casework.MarkVoided(entries)
	return f, entries, s.Unseal(&f, entries, sealed, wrapped)
}

func scanEntry(row pgx.CollectableRow) (casework.Entry, error) {
	var e casework.Entry
	var hash []byte
	var on pgtype.Date
	err := row.Scan(&e.Seq, (*string)(&e.Kind), (*[16]byte)(&e.Actor), &e.ActorName, &on, &e.RecordedAt, &e.Payload, &hash)
	e.OccurredOn, e.RecordedAt = store.DateOf(on), e.RecordedAt.UTC()
	copy(e.Hash[:], hash)
	return e, err
}

// Unseal opens the worker's personal values and the sealed texts of the entries.
func (s *Cases) Unseal(f *casework.Detail, entries []casework.Entry, sealed, wrapped []byte) error {
	if wrapped == nil {
		return nil // erased: the case stays, the person is gone
	}
	key, err := s.Vault.Unwrap(wrapped, f.WorkerID.String())
	if err != nil {
		return fmt.Errorf("open data key of case %s: %w", f.ID, err)
	}
	plain, err := key.Open(sealed, personBinding(f.ID))
	if err != nil {
		return fmt.Errorf("open worker of case %s: %w", f.ID, err)
	}
	if err := OpenPerson(plain, &f.Person); err != nil {
		return fmt.Errorf("read worker of case %s: %w", f.ID, err)
	}
	for i := range entries {
		e := &entries[i]
		if !strings.Contains(e.Payload, `"sealed":"`) {
			continue
		}
		var p struct {
			Sealed []byte `json:"sealed"`
		}
		if err := json.Unmarshal([]byte(e.Payload), &p); err != nil {
			return fmt.Errorf("read entry %d of case %s: %w", e.Seq, f.ID, err)
		}
		text, err := key.Open(p.Sealed, noteBinding(f.ID, e.Seq))
		if err != nil {
			return fmt.Errorf("open entry %d of case %s: %w", e.Seq, f.ID, err)
		}
		if err := e.OpenSealed(string(text)); err != nil {
			return fmt.Errorf("read entry %d of case %s: %w", e.Seq, f.ID, err)
		}
	}
	return nil
}

// replayState repeats the answer to a change of a case, if the caller may still see the case.
func (s *Cases) replayState(ctx context.Context, op authz.Op, refusal error) (casework.State, error) {
	var state casework.State
	if err := s.Replay(ctx, op, refusal, &state); err != nil {
		return casework.State{}, err
	}
	if !op.Scope.Covers(state.Region) {
		return casework.State{}, casework.NotFound()
	}
	return state, s.readLine(ctx, op.Scope, &state)
}

// readLine reads what a list shows of the worker now: a kept answer has nothing personal in it.
func (s *Cases) readLine(ctx context.Context, scope authz.Scope, state *casework.State) error {
	var tail string
	line := &state.Line
	err := s.Read(ctx, scope, func(b *pgx.Batch) {
		b.Queue("select w.name, w.nik_tail, w.employer from case_worker w where w.case_id = $1", uuid.UUID(state.ID))
	}, func(r pgx.BatchResults) error { return r.QueryRow().Scan(&line.Name, &tail, &line.Employer) })
	line.NIKMasked = identity.MaskedNIK(tail)
	return err
}
