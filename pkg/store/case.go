package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/identity"
)

const caseColumns = `c.id, c.region, c.worker_id, c.layoff_id, c.officer_id, c.stage, c.outcome, c.terminated_on, c.opened_on,
	c.closed_on, c.due_on, c.due_for, c.follow_up_on, c.claim_state, c.version, c.updated_at`

// caseScanner reads caseColumns, and whatever columns follow them, row by row into the same places: a list reads a
// thousand values, and each would otherwise be allocated on the way.
type caseScanner struct {
	row                                   casework.Case
	layoff, officer                       pgtype.UUID
	outcome, dueFor                       pgtype.Text
	terminated, opened, closed, due, next pgtype.Date
	dest                                  []any
}

func newCaseScanner(more ...any) *caseScanner {
	s := &caseScanner{}
	c := &s.row
	s.dest = append([]any{(*[16]byte)(&c.ID), (*string)(&c.Region), (*[16]byte)(&c.WorkerID), &s.layoff, &s.officer, (*string)(&c.Stage), &s.outcome,
		&s.terminated, &s.opened, &s.closed, &s.due, &s.dueFor, &s.next, (*string)(&c.ClaimState), &c.Version, &c.UpdatedAt}, more...)
	return s
}

// current is the case of the row read last.
func (s *caseScanner) current() casework.Case {
	c := s.row
	c.LayoffID, c.Officer = s.layoff.Bytes, s.officer.Bytes
	c.Outcome, c.DueFor = casework.Outcome(s.outcome.String), s.dueFor.String
	c.TerminatedOn, c.OpenedOn, c.ClosedOn, c.DueOn = dateOf(s.terminated), dateOf(s.opened), dateOf(s.closed), dateOf(s.due)
	c.FollowUpOn, c.UpdatedAt = dateOf(s.next), c.UpdatedAt.UTC()
	return c
}

func scanCase(row pgx.Row, c *casework.Case, more ...any) error {
	s := newCaseScanner(more...)
	if err := row.Scan(s.dest...); err != nil {
		return err
	}
	*c = s.current()
	return nil
}

func dateOf(d pgtype.Date) calendar.Date {
	if !d.Valid {
		return calendar.Date{}
	}
	return calendar.FromTime(d.Time)
}

const rowColumns = caseColumns + `, w.name, w.nik_tail, w.employer`

// collectRows reads a list of rowColumns.
func collectRows(r pgx.BatchResults, size int) ([]casework.Row, error) {
	rows, err := r.Query()
	if err != nil {
		return nil, err
	}
	list := make([]casework.Row, 0, size)
	var name, tail, employer string
	s := newCaseScanner(&name, &tail, &employer)
	_, err = pgx.ForEachRow(rows, s.dest, func() error {
		list = append(list, casework.Row{Case: s.current(), Name: name, NIKMasked: identity.MaskedNIK(tail), Employer: employer})
		return nil
	})
	return list, err
}

// read sends one batch: the scope and the given queries. What is sent together is one transaction without saying so, and
// the scope ends with it. The results start after the scope's own.
func (s *Store) read(ctx context.Context, scope authz.Scope, queue func(*pgx.Batch), scan func(pgx.BatchResults) error) error {
	lo, hi, only := s.limits(scope)
	b := &pgx.Batch{}
	b.Queue(bindScope, lo, hi, only)
	queue(b)
	r := s.pool.SendBatch(ctx, b)
	if _, err := r.Exec(); err != nil {
		_ = r.Close()
		return translate(err)
	}
	err := scan(r)
	if closing := r.Close(); err == nil && closing != nil {
		err = closing
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return casework.NotFound()
	}
	return translate(err)
}

const selectFile = `select ` + caseColumns + `, w.name, w.birth_date, coalesce(w.sex, ''), w.position, w.employer, w.sealed, k.data_key
	from cases c join case_worker w on w.case_id = c.id join worker k on k.id = c.worker_id where c.id = $1`

const selectHistory = `select h.seq, h.kind, h.actor, coalesce(o.name, ''), h.occurred_on, h.recorded_at, h.payload, h.hash
	from case_history h left join officer o on o.id = h.actor where h.case_id = $1 order by h.seq`

// Get implements casework.Store.
func (s *Store) Get(ctx context.Context, scope authz.Scope, id casework.ID) (casework.File, []casework.Entry, error) {
	var f casework.File
	var entries []casework.Entry
	var sealed, wrapped []byte
	if scope.Empty() {
		return f, nil, casework.NotFound()
	}
	err := s.read(ctx, scope, func(b *pgx.Batch) {
		b.Queue(selectFile, uuid.UUID(id))
		b.Queue(selectHistory, uuid.UUID(id))
	}, func(r pgx.BatchResults) error {
		var born pgtype.Date
		if err := scanCase(r.QueryRow(), &f.Case, &f.Person.Name, &born, (*string)(&f.Person.Sex), &f.Person.Position,
			&f.Person.Employer, &sealed, &wrapped); err != nil {
			return err
		}
		f.Person.BirthDate = dateOf(born)
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
		return casework.File{}, nil, err
	}
	return f, entries, s.unseal(&f, entries, sealed, wrapped)
}

func scanEntry(row pgx.CollectableRow) (casework.Entry, error) {
	var e casework.Entry
	var hash []byte
	var on pgtype.Date
	err := row.Scan(&e.Seq, (*string)(&e.Kind), (*[16]byte)(&e.Actor), &e.ActorName, &on, &e.RecordedAt, &e.Payload, &hash)
	e.OccurredOn, e.RecordedAt = dateOf(on), e.RecordedAt.UTC()
	copy(e.Hash[:], hash)
	return e, err
}

// unseal opens the worker's personal values and the sealed texts of the entries.
func (s *Store) unseal(f *casework.File, entries []casework.Entry, sealed, wrapped []byte) error {
	if wrapped == nil {
		return nil // erased: the case stays, the person is gone
	}
	key, err := s.vault.Unwrap(wrapped, f.WorkerID.String())
	if err != nil {
		return fmt.Errorf("open data key of case %s: %w", f.ID, err)
	}
	plain, err := key.Open(sealed, personBinding(f.ID))
	if err != nil {
		return fmt.Errorf("open worker of case %s: %w", f.ID, err)
	}
	if err := openPerson(plain, &f.Person); err != nil {
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
		e.Note = identity.NewSecret(string(text))
	}
	return nil
}
