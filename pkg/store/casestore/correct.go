package casestore

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/vault"
)

// personPart is the worker of a case inside a change.
type personPart struct {
	*Cases
	of      casework.ID
	worker  uuid.UUID
	wrapped []byte
	key     vault.DataKey
	before  casework.Person
	now     casework.Person
}

// QueueLoad implements Parts.
func (p *personPart) QueueLoad(b *pgx.Batch, id casework.ID) {
	p.of = id
	b.Queue(`select w.name, w.birth_date, coalesce(w.sex, ''), w.position, w.employer, w.sealed, k.id, k.data_key
		from case_worker w join cases c on c.id = w.case_id join worker k on k.id = c.worker_id
		where w.case_id = $1`, uuid.UUID(id))
}

// ScanLoad implements Parts.
func (p *personPart) ScanLoad(r pgx.BatchResults) error {
	var sealed []byte
	var born pgtype.Date
	f := &p.before
	if err := r.QueryRow().Scan(&f.Name, &born, (*string)(&f.Sex), &f.Position, &f.Employer, &sealed,
		(*[16]byte)(&p.worker), &p.wrapped); err != nil {
		return err
	}
	if p.wrapped == nil {
		return fault.New(fault.Conflict, "worker.erased")
	}
	f.BirthDate = store.DateOf(born)
	var err error
	if p.key, err = p.Vault.Unwrap(p.wrapped, p.worker.String()); err != nil {
		return fmt.Errorf("open data key of case %s: %w", p.of, err)
	}
	plain, err := p.key.Open(sealed, personBinding(p.of))
	if err != nil {
		return fmt.Errorf("open worker of case %s: %w", p.of, err)
	}
	if err := OpenPerson(plain, f); err != nil {
		return fmt.Errorf("read worker of case %s: %w", p.of, err)
	}
	p.now = p.before
	return nil
}

const updatePerson = `update case_worker set name = $2, name_key = $3, nik_hash = $4, nik_tail = $5, birth_date = $6,
	sex = $7, position = $8, employer = $9, sealed = $10, phone_hash = $11, kpj_hash = $12, email_hash = $13,
	account_hash = $14 where case_id = $1`

// QueueSave implements Parts.
func (p *personPart) QueueSave(b *pgx.Batch, _ *casework.Case) error {
	plain, err := sealPerson(p.now)
	if err != nil {
		return err
	}
	f := &p.now
	b.Queue(updatePerson, uuid.UUID(p.of), f.Name, NameKey(f.Name), p.Vault.NIKHash(f.NIK), f.NIK.Tail(),
		store.NullDate(f.BirthDate), store.NullText(string(f.Sex)), f.Position, f.Employer,
		p.key.Seal(plain, personBinding(p.of)), p.Vault.PhoneHash(f.Phone), p.Vault.KPJHash(f.KPJ),
		p.Vault.EmailHash(f.Email), p.Vault.AccountHash(f.BankAccount))
	return nil
}

// Replaced implements Parts: what a worker's facts were stands sealed in the entry itself, and is put right by another
// correction.
func (p *personPart) Replaced(*casework.Undo) {}

// Correct implements casework.Store.
func (s *Cases) Correct(ctx context.Context, op authz.Op, id casework.ID, version int,
	fn func(*casework.Case, *casework.Person) (casework.Event, error)) (casework.State, error) {
	p := &personPart{Cases: s}
	return s.ChangeWith(ctx, Change{Op: op, ID: id, Version: version, Parts: p,
		Fn: func(c *casework.Case) (casework.Event, error) { return fn(c, &p.now) },
		Between: func(ctx context.Context, conn *pgxpool.Conn, c *casework.Case) (err error) {
			if !p.now.NIK.Equal(p.before.NIK) {
				c.WorkerID, err = p.moved(ctx, conn)
			}
			return err
		},
		Line: func() casework.Line { return lineOf(p.now) }})
}

// moved is the record of the worker under the corrected NIK. A record of the worker's own that serves other cases, too,
// keeps its NIK; this case gets a fresh one, with the same key, so that its history can still be read.
func (p *personPart) moved(ctx context.Context, conn *pgxpool.Conn) (uuid.UUID, error) {
	fresh, err := uuid.NewV7()
	if err != nil {
		return uuid.Nil, fmt.Errorf("make worker id: %w", err)
	}
	wrapped, err := p.Vault.Rewrap(p.wrapped, p.worker.String(), fresh.String())
	if err != nil {
		return uuid.Nil, fmt.Errorf("give data key of case %s to another record: %w", p.of, err)
	}
	var record uuid.UUID
	var taken bool
	err = conn.QueryRow(ctx, "select worker_id, taken from correct_nik($1, $2, $3, $4)", uuid.UUID(p.of), fresh,
		p.Vault.NIKHash(p.now.NIK), wrapped).Scan((*[16]byte)(&record), &taken)
	if err == nil && taken {
		err = takenBy(ctx, conn, record)
	}
	return record, err
}

// takenBy refuses a NIK that is another worker's, and names a case of that worker which the caller may see.
func takenBy(ctx context.Context, conn *pgxpool.Conn, worker uuid.UUID) error {
	var id casework.ID
	err := conn.QueryRow(ctx, "select id from cases where worker_id = $1 order by closed_on is not null, id desc limit 1",
		worker).Scan((*[16]byte)(&id))
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return fault.New(fault.Conflict, "case.registered_elsewhere").At("nik")
	case err != nil:
		return err
	}
	return fault.New(fault.Conflict, "worker.nik_taken", "case", id.String()).At("nik")
}
