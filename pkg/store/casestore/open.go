package casestore

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/store"
)

// opened is what became of one opening.
type opened struct {
	State casework.State
	Known casework.ID // the open case that the worker already has, when the caller may see it
	Else  bool        // the worker has an open case that the caller may not see
}

// Open implements casework.Store.
func (s *Cases) Open(ctx context.Context, op authz.Op, o casework.Opening) (casework.State, error) {
	var done []opened
	err := s.Retry(ctx, func() error {
		return pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) (err error) {
			if done, err = s.OpenMany(ctx, tx, op, []casework.Opening{o}); err != nil {
				return err
			}
			switch first := done[0]; {
			case first.Else:
				return fault.New(fault.Conflict, "case.registered_elsewhere")
			case first.Known != casework.ID{}:
				return fault.New(fault.Conflict, "case.already_registered", "case", first.Known.String())
			}
			b := &pgx.Batch{}
			if err := store.QueueAnswer(b, op, done[0].State); err != nil {
				return err
			}
			return store.Translate(tx.SendBatch(ctx, b).Close())
		})
	})
	if err != nil {
		return s.replayState(ctx, op, err)
	}
	return done[0].State, nil
}

// columns collects the rows of one bulk insert, column by column.
type columns struct {
	ids, workers, layoffs          []uuid.UUID
	regions, dueFor                []string
	terminated, openedOn           []time.Time
	due                            []*time.Time
	names, keys, tails, sex        []string
	positions, employers, payloads []string
	born                           []*time.Time
	hashes, sealed, phones, kpjs   [][]byte
	emails, accounts               [][]byte
	steps                          [][]byte
}

// insertCases takes hundreds of cases as arrays, of one and of a list alike: in bulk, pgx.
const insertCases = `
with given as (
	select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::date[], $6::date[], $7::date[], $8::text[],
	$9::text[])
		as g (id, worker_id, layoff_id, region, terminated_on, opened_on, due_on, due_for, payload)
), hashed as (
	select g.*, history_hash(decode(repeat('00', 32), 'hex'), g.id, 1, $10, $11, g.opened_on, $12, g.payload) as hash
	from given g
), made as (
	insert into cases (id, region, worker_id, layoff_id, stage, terminated_on, opened_on, due_on, due_for, version, head,
	updated_at)
	select id, region, worker_id, nullif(layoff_id, '00000000-0000-0000-0000-000000000000'), 'intake', terminated_on,
	opened_on,
		due_on, nullif(due_for, ''), 1, hash, $12 from hashed
), stepped as (
	insert into state_step (of, seq, step) select g.id, 1, g.step from unnest($1::uuid[], $13::bytea[]) as g (id, step)
)
insert into case_history (case_id, seq, region, kind, actor, occurred_on, recorded_at, payload, prev_hash, hash)
select id, 1, region, $10, $11, opened_on, $12, payload, decode(repeat('00', 32), 'hex'), hash from hashed`

const insertWorkers = `
insert into case_worker (case_id, region, name, name_key, nik_hash, nik_tail, birth_date, sex, position, employer,
	sealed,
	phone_hash, kpj_hash, email_hash, account_hash)
select id, region, name, name_key, nik_hash, nik_tail, birth_date, nullif(sex, ''), position, employer, sealed,
	phone_hash, kpj_hash, email_hash, account_hash
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::text[], $7::date[], $8::text[], $9::text[],
	$10::text[], $11::bytea[],
		$12::bytea[], $13::bytea[], $14::bytea[], $15::bytea[])
	as g (id, region, name, name_key, nik_hash, nik_tail, birth_date, sex, position, employer, sealed, phone_hash,
	kpj_hash, email_hash, account_hash)`

// OpenMany opens the cases of one list in the caller's transaction, three statements for all of them. A worker who has
// an open case gets no second one: the answer says so, and which it is only when the caller may see it.
func (s *Cases) OpenMany(ctx context.Context, tx pgx.Tx, op authz.Op, list []casework.Opening) ([]opened, error) {
	if err := s.Enter(ctx, tx, op.Scope); err != nil {
		return nil, store.Translate(err)
	}
	known, at, err := s.register(ctx, tx, list)
	if err != nil {
		return nil, err
	}
	done := make([]opened, len(list))
	var cols columns
	for i, o := range list {
		runtime.Gosched()
		if known[i].open {
			done[i].Known, done[i].Else = known[i].openCase, known[i].openCase == casework.ID{}
			continue
		}
		if done[i].State, err = s.addOpening(&cols, o, known[i], at); err != nil {
			return nil, err
		}
	}
	if len(cols.ids) == 0 {
		return done, nil
	}
	b := &pgx.Batch{}
	b.Queue(insertCases, cols.ids, cols.workers, cols.layoffs, cols.regions, cols.terminated, cols.openedOn, cols.due,
		cols.dueFor, cols.payloads, string(casework.CaseOpened), uuid.UUID(op.Actor), at, cols.steps)
	b.Queue(insertWorkers, cols.ids, cols.regions, cols.names, cols.keys, cols.hashes, cols.tails, cols.born, cols.sex,
		cols.positions, cols.employers, cols.sealed, cols.phones, cols.kpjs, cols.emails, cols.accounts)
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return nil, store.Translate(err)
	}
	return done, nil
}

// registered is a worker as the register knows them.
type registered struct {
	id       uuid.UUID
	key      []byte
	since    time.Time
	open     bool
	openCase casework.ID
}

func (s *Cases) register(ctx context.Context, tx pgx.Tx, list []casework.Opening) ([]registered, time.Time, error) {
	ids, hashes, keys := make([]uuid.UUID, len(list)), make([][]byte, len(list)), make([][]byte, len(list))
	for i, o := range list {
		id, err := uuid.NewV7()
		if err != nil {
			return nil, time.Time{}, fmt.Errorf("make worker id: %w", err)
		}
		_, wrapped, err := s.Vault.NewDataKey(id.String())
		if err != nil {
			return nil, time.Time{}, fmt.Errorf("make data key: %w", err)
		}
		ids[i], hashes[i], keys[i] = id, s.Vault.NIKHash(o.Person.NIK), wrapped
	}
	found := make([]registered, len(list))
	rows, err := tx.Query(ctx, `select r.n, r.worker_id, r.data_key, r.open_case,
			coalesce((select w.created_at from worker w where w.id = r.worker_id), now()),
			coalesce(case when r.open_case then (select c.id from cases c where c.worker_id in (select same_person(r.worker_id))
				and c.closed_on is null limit 1) end, '00000000-0000-0000-0000-000000000000')
		from register_workers($1, $2, $3) r`, ids, hashes, keys)
	if err != nil {
		return nil, time.Time{}, store.Translate(err)
	}
	var n int
	var r registered
	_, err = pgx.ForEachRow(rows, []any{&n, (*[16]byte)(&r.id), &r.key, &r.open, &r.since, (*[16]byte)(&r.openCase)},
		func() error {
			found[n-1] = r
			return nil
		})
	if err != nil {
		return nil, time.Time{}, store.Translate(err)
	}
	var at time.Time
	if err := tx.QueryRow(ctx, `select clock_timestamp()`).Scan(&at); err != nil {
		return nil, time.Time{}, store.Translate(err)
	}
	return found, at, nil
}

func (s *Cases) addOpening(cols *columns, o casework.Opening, w registered, at time.Time) (casework.State, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return casework.State{}, fmt.Errorf("make case id: %w", err)
	}
	c, p := o.Case, o.Person
	c.ID, c.Version, c.UpdatedAt, c.Stage, c.ClaimState = casework.ID(id), 1, at.UTC(), casework.Intake, casework.ClaimNone
	sealed, err := s.sealFor(w, c.ID, p)
	if err != nil {
		return casework.State{}, err
	}
	payload := casework.Opened{TerminatedOn: c.TerminatedOn, Source: o.Source}
	if c.LayoffID != uuid.Nil {
		payload.Layoff = &c.LayoffID
	}
	text, err := json.Marshal(payload)
	if err != nil {
		return casework.State{}, fmt.Errorf("encode opening: %w", err)
	}
	cols.ids, cols.workers = append(cols.ids, id), append(cols.workers, w.id)
	cols.layoffs, cols.regions = append(cols.layoffs, c.LayoffID), append(cols.regions, string(c.Region))
	cols.dueFor, cols.due = append(cols.dueFor, c.DueFor), append(cols.due, store.NullDate(c.DueOn))
	cols.terminated = append(cols.terminated, c.TerminatedOn.Time())
	cols.openedOn = append(cols.openedOn, c.OpenedOn.Time())
	cols.payloads, cols.sealed = append(cols.payloads, string(text)), append(cols.sealed, sealed)
	cols.hashes, cols.tails = append(cols.hashes, s.Vault.NIKHash(p.NIK)), append(cols.tails, p.NIK.Tail())
	cols.names, cols.keys = append(cols.names, p.Name), append(cols.keys, NameKey(p.Name))
	cols.born, cols.sex = append(cols.born, store.NullDate(p.BirthDate)), append(cols.sex, string(p.Sex))
	cols.phones, cols.kpjs = append(cols.phones, s.Vault.PhoneHash(p.Phone)), append(cols.kpjs, s.Vault.KPJHash(p.KPJ))
	cols.emails = append(cols.emails, s.Vault.EmailHash(p.Email))
	cols.accounts = append(cols.accounts, s.Vault.AccountHash(p.BankAccount))
	cols.positions, cols.employers = append(cols.positions, p.Position), append(cols.employers, p.Employer)
	cols.steps = append(cols.steps, s.opening(&c, w, cols, len(cols.ids)-1))
	state := stateOf(&c, lineOf(p))
	state.Told = o.Told
	return state, nil
}

func (s *Cases) sealFor(w registered, id casework.ID, p casework.Person) ([]byte, error) {
	if w.key == nil {
		return nil, fault.New(fault.Conflict, "worker.erased")
	}
	key, err := s.Vault.Unwrap(w.key, w.id.String())
	if err != nil {
		return nil, fmt.Errorf("open data key of a worker: %w", err)
	}
	plain, err := sealPerson(p)
	if err != nil {
		return nil, err
	}
	return key.Seal(plain, personBinding(id)), nil
}
