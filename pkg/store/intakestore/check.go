package intakestore

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/vault"
)

// SaveCheck implements intake.Store: the report replaces whatever an interrupted check left.
func (s *Intakes) SaveCheck(ctx context.Context, scope authz.Scope, id uuid.UUID, judged intake.Check) error {
	return store.Translate(pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		if err := s.Enter(ctx, tx, scope); err != nil {
			return err
		}
		q := store.From[intakeRow](store.ForUpdate).Where("id = ? and state = ?", id, intake.Checking)
		found, err := store.Find(ctx, tx, q, store.Itself)
		if err != nil || len(found) == 0 {
			return err // somebody finished or cancelled it
		}
		in := found[0].intake()
		if judged.Refusal.Code != "" {
			in.Refuse(judged.Refusal)
			return write(ctx, tx, in)
		}
		counts, err := s.saveRows(ctx, tx, found[0], judged.Rows)
		if err != nil {
			return err
		}
		read := judged.Reading
		if err := tx.QueryRow(ctx, knownRows, id).Scan(&read.Known); err != nil {
			return err
		}
		in.Judge(counts, read)
		return write(ctx, tx, in)
	}))
}

const knownRows = `select count(*) from intake_row where intake_id = $1 and case_id is not null`

// saveRows copies the judged rows, many thousands of them: COPY, and two statements over all of them, are pgx's.
func (s *Intakes) saveRows(ctx context.Context, tx pgx.Tx, in intakeRow,
	rows []sheet.Row) (c intake.Counts, err error) {
	key, err := s.Vault.Unwrap(in.FileKey, in.ID.String())
	if err != nil {
		return c, err
	}
	ctx = store.WithWait(ctx, time.Minute)
	if _, err := tx.Exec(ctx, "set local statement_timeout = '60s'"); err != nil {
		return c, err
	}
	source := pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
		runtime.Gosched() // requests go first, as everywhere on a list's way
		return s.judged(key, in, &rows[i])
	})
	// COPY does not go through row security, so the rows travel by way of a table of this transaction.
	if _, err := tx.Exec(ctx, `create temp table checked (like intake_row) on commit drop`); err != nil {
		return c, err
	}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"checked"}, judgedColumns, source); err != nil {
		return c, err
	}
	b := &pgx.Batch{}
	b.Queue(`delete from intake_row where intake_id = $1`, in.ID)
	// A worker who has an open case that the officer may see is shown with it already in the dry run.
	b.Queue(`insert into intake_row (intake_id, row, sheet, sheet_row, region, status, reasons, regency, name, nik_tail,
		nik_hash, sealed, case_id)
		select k.intake_id, k.row, k.sheet, k.sheet_row, k.region, k.status, k.reasons, k.regency, k.name, k.nik_tail,
			k.nik_hash, k.sealed,
			(select c.id from case_worker w join cases c on c.id = w.case_id where w.nik_hash = k.nik_hash
			and c.closed_on is null limit 1)
		from checked k`)
	return count(rows), tx.SendBatch(ctx, b).Close()
}

func count(rows []sheet.Row) intake.Counts {
	of := map[sheet.Status]int{}
	for _, r := range rows {
		of[r.Status]++
	}
	return intake.Counts{Total: len(rows), Valid: of[sheet.Valid], Warned: of[sheet.ValidWarning],
		Refused: of[sheet.Reject], Skipped: of[sheet.Skip]}
}

// judgedColumns are what judged gives, in its order.
var judgedColumns = []string{"intake_id", "row", "sheet", "sheet_row", "region", "status", "reasons", "regency", "name",
	"nik_tail", "nik_hash", "sealed"}

// judged is a row of the report. Only of a worker whose case may be opened more than a name and a tail is kept, sealed.
func (s *Intakes) judged(key vault.DataKey, in intakeRow, r *sheet.Row) ([]any, error) {
	reasons, err := json.Marshal(r.Reasons)
	if err != nil {
		return nil, fmt.Errorf("encode reasons of row %d: %w", r.Number, err)
	}
	w := r.Worker
	out := []any{in.ID, r.Key, r.Sheet, r.Number, string(in.Region), string(r.Status), string(reasons),
		store.NullText(string(w.Regency)), w.Name, w.NIK.Tail(), nil, nil}
	if r.Status == sheet.Valid || r.Status == sheet.ValidWarning {
		plain, err := json.Marshal(sealWorker(w))
		if err != nil {
			return nil, fmt.Errorf("encode row %d: %w", r.Number, err)
		}
		out[10], out[11] = s.Vault.NIKHash(w.NIK), key.Seal(plain, rowBinding(in.ID, r.Key))
	}
	return out, nil
}
