package casestore

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/rowsum"
)

// Stepping are Parts that know which rows they write, before they write them.
type Stepping interface {
	// Step takes the rows as they were away from the sum, and adds them as they will be. Their region stays.
	Step(a *rowsum.Adder, sum *rowsum.Sum, c *casework.Case)
}

var caseTable, personTable, workerTable = rowsum.Named("cases"), rowsum.Named("case_worker"), rowsum.Named("worker")

// caseRow is a case as a row, its columns in the order of the table's.
func caseRow(c *casework.Case) [][]byte {
	return texts(string(c.ClaimState), store.NullDate(c.ClosedOn), store.NullText(c.DueFor), store.NullDate(c.DueOn),
		store.NullID(uuid.UUID(c.DuplicateOf)), store.NullDate(c.FollowUpOn), uuid.UUID(c.ID), store.NullID(c.LayoffID),
		store.NullID(uuid.UUID(c.Officer)), c.OpenedOn.Time(), store.NullText(string(c.Outcome)), string(c.Region),
		string(c.Stage), c.TerminatedOn.Time(), rowsum.Instant(c.UpdatedAt), c.Version, c.WorkerID)
}

func texts(values ...any) [][]byte {
	row := make([][]byte, len(values))
	for i, v := range values {
		row[i] = rowsum.Text(v)
	}
	return row
}

// stepOf is what an entry changes of the rows: those of the case, and of parts.
func (s *Cases) stepOf(at *locked, parts Parts) []byte {
	key := rowsum.KeyOf(s.Vault)
	add, sum := rowsum.NewAdder(key), &rowsum.Sum{}
	add.Change(sum, caseTable, caseRow(&at.was), caseRow(&at.Case))
	if p, known := parts.(Stepping); known {
		p.Step(add, sum, &at.Case)
	}
	return sum.Step(key, uuid.UUID(at.ID), at.Version)
}

// watch reads the rows before a change that alters more than it knows: other parts, and the region or the worker, which
// many rows carry.
func (s *Cases) watch(ctx context.Context, conn *pgxpool.Conn, ch Change, at *locked) (*rowsum.Watch, error) {
	_, known := ch.Parts.(Stepping)
	if (known || ch.Parts == nil) && ch.Between == nil && at.Region == at.was.Region && at.WorkerID == at.was.WorkerID {
		return nil, nil
	}
	ids := []uuid.UUID{uuid.UUID(at.ID)}
	if ch.OfPerson != nil && ch.OfPerson() {
		rows, err := conn.Query(ctx, "select id from cases where worker_id = $1 order by id for no key update", at.WorkerID)
		if err != nil {
			return nil, err
		}
		if ids, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID]); err != nil {
			return nil, err
		}
	}
	return rowsum.WatchCases(ctx, s.DB, conn, ids...)
}

// opening is the step of the first entry of a case, of which everything stands in the last place of the columns.
func (s *Cases) opening(c *casework.Case, w registered, cols *columns, n int) []byte {
	key := rowsum.KeyOf(s.Vault)
	add, sum := rowsum.NewAdder(key), &rowsum.Sum{}
	row := *c
	row.WorkerID = w.id
	add.Add(sum, caseTable, caseRow(&row))
	add.Add(sum, personTable, texts(cols.accounts[n], cols.born[n], cols.ids[n], cols.emails[n],
		cols.employers[n], cols.kpjs[n], cols.names[n], cols.keys[n], cols.hashes[n], cols.tails[n], cols.phones[n],
		cols.positions[n], cols.regions[n], cols.sealed[n], store.NullText(cols.sex[n])))
	add.Add(sum, workerTable, texts(rowsum.Instant(w.since), w.id, cols.hashes[n]))
	return sum.Step(key, uuid.UUID(c.ID), 1)
}
