package intakestore

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/casestore"
	"github.com/tanggap/tanggap/pkg/store/layoffstore"
)

const intakeColumns = `i.id, i.region, i.officer_id, i.file_name, i.form, i.state, coalesce(i.refusal, ''), i.layoff_id, i.rows_total, i.rows_valid,
	i.rows_warned, i.rows_refused, i.rows_skipped, i.rows_done, i.cases_opened, i.cases_known, i.created_at, i.updated_at, i.version`

func scanIntake(row pgx.Row, more ...any) (in intake.Intake, err error) {
	var form string
	var layoff pgtype.UUID
	c := &in.Counts
	err = row.Scan(append([]any{(*[16]byte)(&in.ID), (*string)(&in.Region), (*[16]byte)(&in.Officer), &in.FileName, &form, (*string)(&in.State),
		&in.Refusal, &layoff, &c.Total, &c.Valid, &c.Warned, &c.Refused, &c.Skipped, &c.Done, &c.Opened, &c.Known,
		&in.CreatedAt, &in.UpdatedAt, &in.Version}, more...)...)
	if errors.Is(err, pgx.ErrNoRows) {
		return in, intake.NotFound()
	}
	if err != nil {
		return in, err
	}
	in.Layoff, in.CreatedAt, in.UpdatedAt = layoff.Bytes, in.CreatedAt.UTC(), in.UpdatedAt.UTC()
	return in, json.Unmarshal([]byte(form), &in.Form)
}

// CreateIntake implements intake.Store.
func (s *Intakes) CreateIntake(ctx context.Context, op authz.Op, in intake.Intake, file []byte) (intake.Intake, bool, error) {
	form, err := intake.EncodeForm(in.Form)
	if err != nil {
		return in, false, fmt.Errorf("encode form: %w", err)
	}
	digest := sha256.Sum256(file)
	answer := struct {
		ID   uuid.UUID
		Made bool
	}{ID: uuid.Must(uuid.NewV7()), Made: true}
	key, wrapped, err := s.Vault.NewDataKey(answer.ID.String())
	if err != nil {
		return in, false, err
	}
	sealed := key.Seal(file, fileBinding(answer.ID))
	err = s.Write(ctx, op, &answer, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `insert into intake (id, region, officer_id, file_name, file_digest, file_key, file, form, state)
			values ($1, $2, $3, $4, $5, $6, $7, $8, 'checking') on conflict do nothing`,
			answer.ID, string(in.Region), uuid.UUID(op.Actor), in.FileName, digest[:], wrapped, sealed, form)
		if err != nil {
			return err
		}
		if answer.Made = tag.RowsAffected() == 1; !answer.Made {
			return tx.QueryRow(ctx, `select id from intake where officer_id = $1 and file_digest = $2 and md5(form) = md5($3)
				and state not in ('refused', 'cancelled', 'failed')`, uuid.UUID(op.Actor), digest[:], form).Scan((*[16]byte)(&answer.ID))
		}
		return s.Enqueue(ctx, tx, intake.CheckJob{Intake: answer.ID})
	})
	if err != nil {
		return in, false, err
	}
	kept, err := s.GetIntake(ctx, op.Scope, answer.ID)
	return kept, answer.Made, err
}

func fileBinding(id uuid.UUID) string { return "intake.file|" + id.String() }

func rowBinding(id uuid.UUID, row int) string { return fmt.Sprintf("intake_row.sealed|%s|%d", id, row) }

// GetIntake implements intake.Store.
func (s *Intakes) GetIntake(ctx context.Context, scope authz.Scope, id uuid.UUID) (in intake.Intake, err error) {
	args := []any{id}
	query := `select ` + intakeColumns + ` from intake i where i.id = $1 and ` + s.IntakeScopeSQL(scope, &args)
	err = s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, args...) }, func(r pgx.BatchResults) error {
		in, err = scanIntake(r.QueryRow())
		return err
	})
	return in, err
}

// ListIntakes implements intake.Store.
func (s *Intakes) ListIntakes(ctx context.Context, scope authz.Scope, after uuid.UUID, limit int) (list []intake.Intake, err error) {
	args := []any{limit}
	query := `select ` + intakeColumns + ` from intake i where ` + s.IntakeScopeSQL(scope, &args)
	if after != uuid.Nil {
		args = append(args, after)
		query += fmt.Sprintf(" and i.id < $%d", len(args))
	}
	query += ` order by i.id desc limit $1`
	err = s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, args...) }, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (intake.Intake, error) { return scanIntake(row) })
		return err
	})
	return list, err
}

// ListRows implements intake.Store.
func (s *Intakes) ListRows(ctx context.Context, scope authz.Scope, id uuid.UUID, f intake.RowFilter) (list []intake.Row, err error) {
	if _, err := s.GetIntake(ctx, scope, id); err != nil {
		return nil, err
	}
	query := `select row, status, reasons, name, nik_tail, coalesce(regency, ''), coalesce(result, ''), case_id from intake_row
		where intake_id = $1 and row > $2`
	if f.Status != nil {
		query += " and status = " + store.Quote(string(*f.Status))
	}
	err = s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query+" order by row limit $3", id, f.After, f.Limit) }, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, scanIntakeRow)
		return err
	})
	return list, err
}

func scanIntakeRow(row pgx.CollectableRow) (r intake.Row, err error) {
	var reasons, tail string
	var found pgtype.UUID
	err = row.Scan(&r.Number, (*string)(&r.Status), &reasons, &r.Name, &tail, (*string)(&r.Regency), (*string)(&r.Result), &found)
	if err != nil {
		return r, err
	}
	r.NIKMasked, r.Case = identity.MaskedNIK(tail), found.Bytes
	return r, json.Unmarshal([]byte(reasons), &r.Reasons)
}

// OpenFile implements intake.Store.
func (s *Intakes) OpenFile(ctx context.Context, scope authz.Scope, id uuid.UUID) (in intake.Intake, file []byte, err error) {
	var wrapped, sealed []byte
	err = s.Read(ctx, scope, func(b *pgx.Batch) {
		b.Queue(`select `+intakeColumns+`, i.file_key, i.file from intake i where i.id = $1`, id)
	}, func(r pgx.BatchResults) error {
		in, err = scanIntake(r.QueryRow(), &wrapped, &sealed)
		return err
	})
	if err != nil {
		return in, nil, err
	}
	if len(wrapped) == 0 { // a worker in it was erased, and the file with them
		return in, nil, fault.New(fault.Conflict, "intake.file_gone")
	}
	key, err := s.Vault.Unwrap(wrapped, id.String())
	if err != nil {
		return in, nil, err
	}
	file, err = key.Open(sealed, fileBinding(id))
	return in, file, err
}

// sealedWorker is a row's worker between the dry run and the opening of the case.
type sealedWorker struct {
	Person     casestore.SealedPerson
	Name       string
	BirthDate  calendar.Date
	Sex        identity.Sex
	Position   string
	Terminated calendar.Date
}

// SaveCheck implements intake.Store: the report replaces whatever an interrupted check left.
func (s *Intakes) SaveCheck(ctx context.Context, scope authz.Scope, id uuid.UUID, rows []sheet.Row, refusal string) error {
	return store.Translate(pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		lo, hi, only := s.Limits(scope)
		if _, err := tx.Exec(ctx, store.BindScope, lo, hi, only); err != nil {
			return err
		}
		var wrapped []byte
		var reach string
		err := tx.QueryRow(ctx, `select file_key, region from intake where id = $1 and state = 'checking' for update`, id).Scan(&wrapped, &reach)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil // somebody finished or cancelled it
		}
		if err != nil {
			return err
		}
		if refusal != "" {
			_, err = tx.Exec(ctx, `update intake set state = 'refused', refusal = $2, updated_at = now(), version = version + 1 where id = $1`, id, refusal)
			return err
		}
		return s.saveRows(ctx, tx, id, wrapped, reach, rows)
	}))
}

func (s *Intakes) saveRows(ctx context.Context, tx pgx.Tx, id uuid.UUID, wrapped []byte, reach string, rows []sheet.Row) error {
	key, err := s.Vault.Unwrap(wrapped, id.String())
	if err != nil {
		return err
	}
	ctx = store.WithWait(ctx, time.Minute)
	if _, err := tx.Exec(ctx, "set local statement_timeout = '60s'"); err != nil {
		return err
	}
	counts := map[sheet.Status]int{}
	source := pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
		runtime.Gosched() // requests go first, as everywhere on a list's way
		r := rows[i]
		counts[r.Status]++
		reasons, err := json.Marshal(r.Reasons)
		if err != nil {
			return nil, err
		}
		out := []any{id, r.Number, reach, string(r.Status), string(reasons), store.NullText(string(r.Worker.Regency)), r.Worker.Name, r.Worker.NIK.Tail(), nil, nil}
		if r.Status == sheet.Valid || r.Status == sheet.ValidWarning {
			plain, err := json.Marshal(sealWorker(r.Worker))
			if err != nil {
				return nil, err
			}
			out[8], out[9] = s.Vault.NIKHash(r.Worker.NIK), key.Seal(plain, rowBinding(id, r.Number))
		}
		return out, nil
	})
	// COPY does not go through row security, so the rows travel by way of a table of this transaction.
	if _, err := tx.Exec(ctx, `create temp table checked (like intake_row) on commit drop`); err != nil {
		return err
	}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"checked"}, []string{"intake_id", "row", "region", "status", "reasons", "regency", "name", "nik_tail",
		"nik_hash", "sealed"}, source); err != nil {
		return err
	}
	b := &pgx.Batch{}
	b.Queue(`delete from intake_row where intake_id = $1`, id)
	// A worker who has an open case that the officer may see is shown with it already in the dry run.
	b.Queue(`insert into intake_row (intake_id, row, region, status, reasons, regency, name, nik_tail, nik_hash, sealed, case_id)
		select k.intake_id, k.row, k.region, k.status, k.reasons, k.regency, k.name, k.nik_tail, k.nik_hash, k.sealed,
			(select c.id from case_worker w join cases c on c.id = w.case_id where w.nik_hash = k.nik_hash and c.closed_on is null limit 1)
		from checked k`)
	b.Queue(`update intake set state = 'checked', rows_total = $2, rows_valid = $3, rows_warned = $4, rows_refused = $5, rows_skipped = $6,
		updated_at = now(), version = version + 1 where id = $1`, id, len(rows), counts[sheet.Valid], counts[sheet.ValidWarning], counts[sheet.Reject], counts[sheet.Skip])
	return tx.SendBatch(ctx, b).Close()
}

func sealWorker(w sheet.Worker) sealedWorker {
	return sealedWorker{Name: w.Name, BirthDate: w.BirthDate, Sex: w.Sex, Position: w.Position, Terminated: w.TerminationDate,
		Person: casestore.SealedPerson{NIK: w.NIK.Reveal(), Phone: w.Phone.Reveal(), Email: w.Email.Reveal(), KPJ: w.KPJ.Reveal(), Address: w.Address.Reveal(), Wage: int64(w.Wage)}}
}

func (k sealedWorker) worker(regency region.Code) (sheet.Worker, error) {
	var p casework.Person
	plain, err := json.Marshal(k.Person)
	if err == nil {
		err = casestore.OpenPerson(plain, &p)
	}
	return sheet.Worker{NIK: p.NIK, Name: k.Name, BirthDate: k.BirthDate, Sex: k.Sex, KPJ: p.KPJ, Position: k.Position, Wage: money.Rupiah(k.Person.Wage),
		TerminationDate: k.Terminated, Phone: p.Phone, Email: p.Email, Address: p.Address, Regency: regency}, err
}

// intakeSteps is which state may follow which by an officer's wish.
var intakeSteps = map[intake.State][]string{
	intake.Applying:  {string(intake.Checked), string(intake.Cancelled), string(intake.Failed)}, // the last two go on where they were
	intake.Cancelled: {string(intake.Checking), string(intake.Checked), string(intake.Applying)},
}

// StartIntake implements intake.Store.
func (s *Intakes) StartIntake(ctx context.Context, op authz.Op, id uuid.UUID, to intake.State) (intake.Intake, error) {
	now, err := s.GetIntake(ctx, op.Scope, id)
	if err != nil {
		return now, err
	}
	err = s.Write(ctx, op, &id, func(tx pgx.Tx) error {
		var layoff *uuid.UUID
		if to == intake.Applying {
			made, _, err := layoffstore.ReportLayoff(ctx, tx, op, now.Form.Layoff())
			if err != nil {
				return err
			}
			layoff = &made
		}
		tag, err := tx.Exec(ctx, `update intake set state = $2, layoff_id = coalesce($3, layoff_id), attempts = 0, refusal = null, updated_at = now(), version = version + 1
			where id = $1 and state = any($4) and (state not in ('cancelled', 'failed') or rows_total > 0)`, id, string(to), layoff, intakeSteps[to])
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return fault.New(fault.Conflict, "intake.transition_refused", "from", string(now.State), "to", string(to))
		}
		if to == intake.Applying {
			return s.Enqueue(ctx, tx, intake.ApplyJob{Intake: id})
		}
		return nil
	})
	if err != nil {
		return now, err
	}
	return s.GetIntake(ctx, op.Scope, id)
}

// Served counts how often this process has taken a connection to the database, for whomever.
func (s *Intakes) Served() int64 { return s.Pool.Stat().AcquireCount() }

// ApplyRows implements intake.Store: cases, results of the rows and progress commit together.
func (s *Intakes) ApplyRows(ctx context.Context, op authz.Op, id uuid.UUID, most int, opening func(intake.Intake, sheet.Worker) casework.Opening) (left bool, err error) {
	err = s.Retry(ctx, func() error {
		return pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) (err error) {
			left, err = s.applyRows(ctx, tx, op, id, most, opening)
			return err
		})
	})
	return left, err
}

func (s *Intakes) applyRows(ctx context.Context, tx pgx.Tx, op authz.Op, id uuid.UUID, most int, opening func(intake.Intake, sheet.Worker) casework.Opening) (bool, error) {
	lo, hi, only := s.Limits(op.Scope)
	if _, err := tx.Exec(ctx, store.BindScope, lo, hi, only); err != nil {
		return false, err
	}
	var wrapped []byte
	in, err := scanIntake(tx.QueryRow(ctx, `select `+intakeColumns+`, i.file_key from intake i where i.id = $1 for update`, id), &wrapped)
	if err != nil || in.State != intake.Applying {
		return false, err
	}
	key, err := s.Vault.Unwrap(wrapped, id.String())
	if err != nil {
		return false, err
	}
	rows, err := tx.Query(ctx, `select row, regency, sealed from intake_row where intake_id = $1 and result is null
		and status in ('valid', 'valid_warning') order by row limit $2`, id, most)
	if err != nil {
		return false, err
	}
	var numbers []int
	var list []casework.Opening
	var n int
	var regency string
	var sealed []byte
	_, err = pgx.ForEachRow(rows, []any{&n, &regency, &sealed}, func() error {
		runtime.Gosched()
		plain, err := key.Open(sealed, rowBinding(id, n))
		if err != nil {
			return err
		}
		var kept sealedWorker
		if err := json.Unmarshal(plain, &kept); err != nil {
			return fmt.Errorf("read row %d: %w", n, err)
		}
		w, err := kept.worker(region.Code(regency))
		numbers, list = append(numbers, n), append(list, opening(in, w))
		return err
	})
	if err != nil {
		return false, err
	}
	if len(list) == 0 {
		_, err = tx.Exec(ctx, `update intake set state = 'applied', updated_at = now(), version = version + 1 where id = $1`, id)
		return false, err
	}
	return true, s.openRows(ctx, tx, op, id, numbers, list)
}

func (s *Intakes) openRows(ctx context.Context, tx pgx.Tx, op authz.Op, id uuid.UUID, numbers []int, list []casework.Opening) error {
	done, err := s.cases.OpenMany(ctx, tx, op, list)
	if err != nil {
		return err
	}
	results, cases := make([]string, len(done)), make([]*uuid.UUID, len(done))
	count := map[intake.Result]int{}
	for i, d := range done {
		result, found := intake.RowOpened, uuid.UUID(d.State.ID)
		switch {
		case d.Else:
			result, found = intake.RowElsewhere, uuid.Nil
		case d.Known != casework.ID{}:
			result, found = intake.RowKnown, uuid.UUID(d.Known)
		}
		results[i], cases[i] = string(result), store.NullID(found)
		count[result]++
	}
	b := &pgx.Batch{}
	// What was sealed for the way is needed no more: the case has it.
	b.Queue(`update intake_row r set result = g.result, case_id = g.case_id, sealed = null
		from unnest($2::int[], $3::text[], $4::uuid[]) as g (row, result, case_id) where r.intake_id = $1 and r.row = g.row`, id, numbers, results, cases)
	b.Queue(`update intake set attempts = 0, rows_done = rows_done + $2, cases_opened = cases_opened + $3, cases_known = cases_known + $4,
		updated_at = now(), version = version + 1 where id = $1`, id, len(done), count[intake.RowOpened], count[intake.RowKnown]+count[intake.RowElsewhere])
	return tx.SendBatch(ctx, b).Close()
}

// WaitingIntakes lists the work that was under way when a process ended, for the next one to take up.
func (s *Intakes) WaitingIntakes(ctx context.Context, idle time.Duration) (check, apply []uuid.UUID, err error) {
	err = s.Read(ctx, authz.Everywhere(), func(b *pgx.Batch) {
		b.Queue(`select id, state from intake where state in ('checking', 'applying') and updated_at < now() - $1::interval`, idle)
	}, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		var id uuid.UUID
		var state string
		_, err = pgx.ForEachRow(rows, []any{(*[16]byte)(&id), &state}, func() error {
			if state == string(intake.Checking) {
				check = append(check, id)
			} else {
				apply = append(apply, id)
			}
			return nil
		})
		return err
	})
	return check, apply, err
}

var _ intake.Store = (*Intakes)(nil)

// FailIntake implements intake.Store.
func (s *Intakes) FailIntake(ctx context.Context, id uuid.UUID, code string, most int) error {
	return s.Write(ctx, authz.Op{Scope: authz.Everywhere()}, nil, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update intake set attempts = attempts + 1, updated_at = now(),
			version = version + (attempts + 1 >= $3)::int,
			state = case when attempts + 1 >= $3 then 'failed' else state end,
			refusal = case when attempts + 1 >= $3 then $2 else refusal end
			where id = $1 and state in ('checking', 'applying')`, id, code, most)
		return err
	})
}
