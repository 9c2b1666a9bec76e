package layoffstore

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/casestore"
)

const updateEmployer = `update employer set name = $2, name_key = $3, nib = $4, kbli = $5, kbli_edition = $6
	where id = $1`

// selectSiblings locks the other layoffs of an employer, in one order for everybody.
var selectSiblings = `select ` + readColumns + ` from layoff l join employer e on e.id = l.employer_id
	where l.employer_id = $1 and l.id <> $2 order by l.id for no key update of l`

func lockSiblings(ctx context.Context, tx pgx.Tx, l *layoff.Layoff) ([]readRow, error) {
	rows, err := tx.Query(ctx, selectSiblings, l.Employer.ID, l.ID)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[readRow])
}

// correctEmployer writes an employer that was put right. Each of its other layoffs shows the same employer, so that
// each gets an entry, too.
func correctEmployer(ctx context.Context, tx pgx.Tx, op authz.Op, l *layoff.Layoff, siblings []readRow,
	event layoff.Event) error {
	e := l.Employer
	if _, err := tx.Exec(ctx, updateEmployer, e.ID, e.Name, casestore.NameKey(e.Name), store.NullText(e.NIB),
		store.NullText(e.KBLI), store.NullText(string(e.KBLIEdition))); err != nil {
		return err
	}
	told := layoff.Event{Kind: layoff.EmployerCorrected, OccurredOn: event.OccurredOn, Payload: *event.Employer}
	for _, row := range siblings {
		sibling := row.layoff()
		if err := writeLayoff(ctx, tx, op, &sibling, row.Head, told); err != nil {
			return err
		}
	}
	return nil
}
