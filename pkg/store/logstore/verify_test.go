package logstore_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// histories opens three cases with four entries each, ordered by id; the tests tamper with the one in the middle.
func (b *bundle) histories(t *testing.T) []casework.ID {
	t.Helper()
	ids := make([]casework.ID, 3)
	for i := range ids {
		ids[i] = b.OpenCase(t, "3273", i+1).ID
		for v, to := range []casework.Stage{casework.Benefit, casework.Training, casework.Placement} {
			_, err := b.Change(t.Context(), b.Request("", "3273"), ids[i], v+1, storetest.Advance(to))
			storetest.OK(t, err)
		}
	}
	return ids
}

// rehash makes the hashes of the entries from seq on agree with what stands in them, as a forger would.
const rehash = `do $$ declare e case_history; p bytea; begin
	for e in select * from case_history where case_id = '%[1]s' and seq >= %[2]d order by seq loop
		select coalesce((select hash from case_history where case_id = e.case_id and seq = e.seq - 1),
		decode(repeat('00', 32), 'hex')) into p;
		update case_history set prev_hash = p, hash = history_hash(p, e.case_id, e.seq, e.kind, e.actor, e.occurred_on,
		e.recorded_at, e.payload)
			where case_id = e.case_id and seq = e.seq;
	end loop; end $$`

// forgery is what a superuser does with all guards switched off, and what the verifier makes of it.
type forgery struct {
	sql  []string // %[1]s is the case
	seq  int
	what audit.Problem
}

const entry2 = ` where case_id = '%[1]s' and seq = 2`

var forgeries = map[string]forgery{
	"payload": {[]string{`update case_history set payload = '{"from":"intake","to":"training"}'` + entry2}, 2,
		audit.WrongHash}, "payload space": {[]string{`update case_history set payload = payload || ' '` + entry2}, 2,
		audit.WrongHash},
	"kind":  {[]string{`update case_history set kind = 'case.closed'` + entry2}, 2, audit.WrongHash},
	"actor": {[]string{`update case_history set actor = gen_random_uuid()` + entry2}, 2, audit.WrongHash},
	"day":   {[]string{`update case_history set occurred_on = occurred_on - 1` + entry2}, 2, audit.WrongHash},
	"instant": {[]string{`update case_history set recorded_at = recorded_at + interval '1 microsecond'` + entry2}, 2,
		audit.WrongHash}, "link": {[]string{`update case_history set prev_hash = sha256('x')` + entry2}, 2, audit.BrokenLink},
	"hash": {[]string{`update case_history set hash = sha256('x')` + entry2}, 2, audit.WrongHash},
	"payload with its hash": {[]string{`update case_history set payload = '{}'` + entry2,
		`update case_history set hash = history_hash(prev_hash, case_id, seq, kind, actor, occurred_on, recorded_at, payload)` + entry2}, 3, audit.BrokenLink},
	"payload with all hashes after it": {[]string{`update case_history set payload = '{}'` + entry2,
		fmt.Sprintf(rehash, "%[1]s", 2)}, 4, audit.HeadDiffers},
	"time that runs back": {[]string{`update case_history set recorded_at = recorded_at - interval '1 day'` + entry2,
		fmt.Sprintf(rehash, "%[1]s", 2)}, 2, audit.TimeBack},
	"delete the first":  {[]string{`delete from case_history where case_id = '%[1]s' and seq = 1`}, 1, audit.WrongSeq},
	"delete in between": {[]string{`delete from case_history` + entry2}, 2, audit.WrongSeq},
	"delete and close up": {[]string{`delete from case_history` + entry2,
		`update case_history set seq = seq - 1 where case_id = '%[1]s' and seq = 3`, `update case_history set seq = seq - 1
			where case_id = '%[1]s' and seq = 4`}, 2, audit.BrokenLink},
	"cut the tail": {[]string{`delete from case_history where case_id = '%[1]s' and seq = 4`}, 4,
		audit.HeadDiffers}, "cut the tail and version": {[]string{`delete from case_history where case_id = '%[1]s'
			and seq = 4`, `update cases set version = 3 where id = '%[1]s'`}, 3, audit.HeadDiffers},
	"delete a history": {[]string{`delete from case_history where case_id = '%[1]s'`}, 1, audit.HeadDiffers},
	"delete a case":    {[]string{`delete from cases where id = '%[1]s'`}, 1, audit.HeadDiffers},
	"insert at the end": {[]string{`insert into case_history select case_id, 5, region, kind, actor, occurred_on,
		recorded_at + interval '1 day', payload, hash, hash
		from case_history where case_id = '%[1]s' and seq = 4`, fmt.Sprintf(rehash, "%[1]s", 5)}, 5, audit.HeadDiffers},
	"insert in between": {[]string{`update case_history set seq = seq + 10 where case_id = '%[1]s' and seq > 2`,
		`update case_history set seq = seq - 9 where case_id = '%[1]s' and seq > 10`,
		`insert into case_history select case_id, 3, region, kind, actor, occurred_on, recorded_at, payload, hash, hash
			from case_history` + entry2}, 3, audit.WrongHash},
	"swap two": {[]string{`update case_history set seq = seq + 10 where case_id = '%[1]s' and seq in (2, 3)`,
		`update case_history set seq = 15 - seq where case_id = '%[1]s' and seq > 10`}, 2, audit.BrokenLink},
	"swap what two say": {[]string{`update case_history h set payload = o.payload from case_history o
		where h.case_id = '%[1]s' and o.case_id = h.case_id and h.seq in (2, 3) and o.seq = 5 - h.seq`}, 2, audit.WrongHash},
	"the version":     {[]string{`update cases set version = 7 where id = '%[1]s'`}, 5, audit.HeadDiffers},
	"the newest hash": {[]string{`update cases set head = sha256('x') where id = '%[1]s'`}, 4, audit.HeadDiffers},
	"another's history": {[]string{`update case_history h set kind = o.kind, actor = o.actor, occurred_on = o.occurred_on,
		recorded_at = o.recorded_at, payload = o.payload,
		prev_hash = o.prev_hash, hash = o.hash from case_history o where h.case_id = '%[1]s' and o.seq = h.seq
		and o.case_id < h.case_id`}, 1, audit.WrongHash},
}

const caseFields = `id, region, worker_id, layoff_id, officer_id, stage, outcome, terminated_on, opened_on, closed_on, due_on, due_for, claim_state,
	version, head, updated_at`

var (
	keep = []string{`create table kept_entry as select * from case_history`, `create table kept_case as select ` +
		caseFields + ` from cases`}
	restore = []string{`delete from case_history`, `insert into case_history select * from kept_entry`,
		`delete from cases`,
		`insert into cases (` + caseFields + `) select ` + caseFields + ` from kept_case`}
)

// Whatever somebody with all rights does to a history behind the program's back, the verifier says which entry it was.
func TestForgeriesAreFoundAndNamed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.histories(t)[1]
	b.Tamper(t, keep...)
	for name, f := range forgeries {
		var statements []string
		for _, sql := range f.sql {
			statements = append(statements, fmt.Sprintf(sql, id))
		}
		b.Tamper(t, statements...)
		v, found, err := b.Verify(t.Context(), audit.Published{}, nil)
		storetest.OK(t, err)
		switch {
		case found == nil:
			t.Errorf("%s: nothing is found among %d entries", name, v.Entries)
		case found.Case != uuid.UUID(id) || found.Seq != f.seq || found.What != f.what:
			t.Errorf("%s: found %s of entry %d (case %t), want %s of entry %d", name, found.What, found.Seq,
				found.Case == uuid.UUID(id), f.what, f.seq)
		}
		b.Tamper(t, restore...)
		if _, found, err = b.Verify(t.Context(), audit.Published{}, nil); err != nil || found != nil {
			t.Fatalf("after %s was put right: %v %v", name, found, err)
		}
	}
}

func TestVerifyCountsWhatItRead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v, found, err := b.Verify(t.Context(), audit.Published{}, nil)
	storetest.OK(t, err)
	if found != nil || v.Entries != 0 {
		t.Fatalf("an empty database: %d entries, %v", v.Entries, found)
	}
	b.histories(t)
	v, found, err = b.Verify(t.Context(), audit.Published{}, nil)
	storetest.OK(t, err)
	if found != nil || v.Entries != 12 || v.Cases != 3 {
		t.Fatalf("%d entries of %d cases, %v", v.Entries, v.Cases, found)
	}
}

// exported is the export of the histories of 3273 in a form.
func exported(t *testing.T, b *bundle, format export.Format) []byte {
	t.Helper()
	return exportedOf(t, b, storetest.In("3273"), format, audit.Checkpoint{})
}

// exportedOf is the export of a scope as of a checkpoint; the zero one is that of everything there is.
func exportedOf(t *testing.T, b *bundle, scope authz.Scope, format export.Format, asOf audit.Checkpoint) []byte {
	t.Helper()
	var err error
	if asOf.At.IsZero() {
		asOf.At = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
		asOf.Size, err = b.Seal(t.Context())
		storetest.OK(t, err)
	}
	var out bytes.Buffer
	storetest.OK(t, b.Snapshot(t.Context(), scope, export.Export{Asked: export.Request{Format: format}}, asOf,
		func(s export.Snapshot) error {
			_, _, err := s.Histories(format, &out)
			return err
		}))
	return out.Bytes()
}

func verifyFile(t *testing.T, file []byte) audit.Report {
	t.Helper()
	r, err := audit.VerifyFile(t.Context(), bytes.NewReader(file), nil)
	storetest.OK(t, err)
	return r
}
