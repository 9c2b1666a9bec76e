package casestore

import (
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
)

// QueueRecord reads the history of a case inside a change that takes an entry of it back, and lets the stage go back
// against the published machine in this transaction.
func QueueRecord(b *pgx.Batch, id casework.ID) {
	b.Queue("select set_config('tanggap.voiding', 'on', true)")
	QueueEntries(b, id)
}

// QueueEntries reads the history of a case as it is.
func QueueEntries(b *pgx.Batch, id casework.ID) {
	b.Queue("select w.id, w.data_key from worker w join cases c on c.worker_id = w.id where c.id = $1", uuid.UUID(id))
	b.Queue(selectHistory, uuid.UUID(id))
}

// ScanRecord reads what QueueRecord asked for, with what was sealed of the values before each entry.
func (s *Cases) ScanRecord(r pgx.BatchResults, id casework.ID) ([]casework.Recorded, error) {
	if _, err := r.Exec(); err != nil {
		return nil, err
	}
	return s.ScanEntries(r, id)
}

// ScanEntries reads what QueueEntries asked for. The history of a worker who was erased cannot be read so.
func (s *Cases) ScanEntries(r pgx.BatchResults, id casework.ID) ([]casework.Recorded, error) {
	var worker uuid.UUID
	var wrapped []byte
	if err := r.QueryRow().Scan((*[16]byte)(&worker), &wrapped); err != nil {
		return nil, err
	}
	rows, err := r.Query()
	if err != nil {
		return nil, err
	}
	entries, err := pgx.CollectRows(rows, scanEntry)
	if err != nil {
		return nil, err
	}
	if wrapped == nil {
		return nil, fault.New(fault.Conflict, "worker.erased")
	}
	key, err := s.Vault.Unwrap(wrapped, worker.String())
	if err != nil {
		return nil, fmt.Errorf("open data key of case %s: %w", id, err)
	}
	casework.MarkVoided(entries)
	record := make([]casework.Recorded, len(entries))
	for i, e := range entries {
		record[i].Entry = e
		if err := replacedBy(&record[i], id, key.Open); err != nil {
			return nil, err
		}
	}
	return record, nil
}

// replacedBy reads what an entry replaced out of its payload.
func replacedBy(e *casework.Recorded, id casework.ID, open func(sealed []byte, binding string) ([]byte, error)) error {
	var p struct {
		Undo   *casework.Undo `json:"undo"`
		Sealed []byte         `json:"undo_sealed"`
	}
	if err := json.Unmarshal([]byte(e.Payload), &p); err != nil {
		return fmt.Errorf("read entry %d of case %s: %w", e.Seq, id, err)
	}
	e.Undo = p.Undo
	if p.Sealed == nil {
		return nil
	}
	values, err := open(p.Sealed, undoBinding(id, e.Seq))
	if err != nil {
		return fmt.Errorf("open what entry %d of case %s replaced: %w", e.Seq, id, err)
	}
	e.Sealed = identity.NewSecret(string(values))
	return nil
}
