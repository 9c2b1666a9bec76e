package logstore_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/store/logstore"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/translog"
)

// vouched is a database whose log was published in several steps, with entries that still wait.
type vouched struct {
	*bundle
	key     *translog.Key
	sink    translog.Folder
	entries []audit.LogEntry // in the order of cases
}

const tamperedCases = 12

func vouch(t *testing.T) *vouched {
	t.Helper()
	seed := make([]byte, 32)
	_, _ = rand.Read(seed)
	key, err := translog.NewKey("tanggap/test", seed)
	storetest.OK(t, err)
	v := &vouched{bundle: setup(t), key: key, sink: translog.Folder{Path: filepath.Join(t.TempDir(), "out")}}
	ids := make([]casework.ID, tamperedCases)
	for round := 1; round <= 5; round++ {
		for i := range ids {
			if round == 1 {
				ids[i] = v.OpenCase(t, "3273", i+1).ID
				continue
			}
			text := identity.NewSecret(fmt.Sprintf("catatan %d", round))
			_, err := v.Change(t.Context(), v.Request("", "3273"), ids[i], round-1,
				func(c *casework.Case) (casework.Event, error) { return c.Note(text, storetest.Today) })
			storetest.OK(t, err)
		}
		if round < 5 {
			v.publish(t)
		}
	}
	conn := storetest.ConnectTo(t, v.Database.AdminDSN)
	rows, err := conn.Query(t.Context(), "select case_id, seq, hash from case_history order by case_id, seq")
	storetest.OK(t, err)
	v.entries, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (e audit.LogEntry, err error) {
		var hash []byte
		err = r.Scan((*[16]byte)(&e.Of), &e.Seq, &hash)
		copy(e.Hash[:], hash)
		return e, err
	})
	storetest.OK(t, err)
	return v
}

func (v *vouched) publish(t *testing.T) {
	t.Helper()
	_, err := v.Seal(t.Context())
	storetest.OK(t, err)
	_, err = v.Publish(t.Context(), v.key, v.sink)
	storetest.OK(t, err)
}

func (v *vouched) published(t *testing.T) audit.Published {
	t.Helper()
	var p audit.Published
	signed, err := v.sink.All(t.Context())
	storetest.OK(t, err)
	for _, text := range signed {
		c, err := audit.ParseCheckpoint(text, v.key.Verifier())
		storetest.OK(t, err)
		p.Checkpoints = append(p.Checkpoints, c)
	}
	entries, err := v.sink.Entries()
	storetest.OK(t, err)
	defer func() { _ = entries.Close() }()
	text, err := io.ReadAll(entries)
	storetest.OK(t, err)
	p.Entries = bytes.NewReader(text)
	return p
}

// crime is a tampering: what the superuser runs, and the entry that the verifier must name.
type crime struct {
	sql   []string
	entry audit.LogEntry
}

const sealedRounds = 4 // entries up to this number are in the log; the fifth of each case waits

// commit chooses a tampering at random.
func (v *vouched) commit(r *mathrand.Rand) (string, crime) {
	e := v.entries[r.IntN(len(v.entries))]
	at := fmt.Sprintf("case_id = '%s' and seq = %d", e.Of, e.Seq)
	leaf := fmt.Sprintf("entry_of = '%s' and seq = %d", e.Of, e.Seq)
	setHead := fmt.Sprintf(`update cases c set version = h.seq, head = h.hash, updated_at = h.recorded_at
		from case_history h
		where c.id = '%s' and h.case_id = c.id and h.seq = (select max(seq) from case_history where case_id = c.id)`, e.Of)
	switch r.IntN(9) {
	case 0:
		change := []string{"payload = payload || ' '", "kind = 'case.closed'", "actor = gen_random_uuid()",
			"occurred_on = occurred_on + 1", "recorded_at = recorded_at - interval '1 second'", "hash = sha256(hash)",
			"prev_hash = sha256(hash)"}[r.IntN(7)]
		return "edit", crime{[]string{"update case_history set " + change + " where " + at}, e}
	case 1:
		return "delete", crime{[]string{"delete from case_history where " + at}, e}
	case 2:
		e.Seq = 6
		sql := []string{fmt.Sprintf(`insert into case_history select case_id, 6, region, kind, actor, occurred_on,
			recorded_at + interval '1 minute', payload, hash, hash
			from case_history where case_id = '%s' and seq = 5`, e.Of), fmt.Sprintf(rehash, e.Of, 6)}
		if r.IntN(2) == 0 {
			sql = append(sql, setHead)
		}
		return "insert", crime{sql, e}
	case 3:
		other := 1 + r.IntN(5)
		for other == e.Seq {
			other = 1 + r.IntN(5)
		}
		e.Seq, other = min(e.Seq, other), max(e.Seq, other)
		return "swap", crime{[]string{fmt.Sprintf(`update case_history h set kind = o.kind, actor = o.actor,
			recorded_at = o.recorded_at, payload = o.payload, hash = o.hash, prev_hash = o.prev_hash
			from case_history o where h.case_id = '%s' and o.case_id = h.case_id and h.seq in (%d, %d)
			and o.seq = %[2]d + %[3]d - h.seq`, e.Of, e.Seq, other)}, e}
	case 4: // of what is sealed even the traces in the log go
		if e.Seq = max(e.Seq, 2); r.IntN(2) == 0 && e.Seq <= sealedRounds {
			return "cut the tail with its traces", crime{
				[]string{fmt.Sprintf("delete from case_history where case_id = '%s' and seq >= %d", e.Of, e.Seq), setHead,
					fmt.Sprintf("delete from log_leaf where entry_of = '%s' and seq >= %d", e.Of, e.Seq),
					fmt.Sprintf("delete from log_pending where entry_of = '%s'", e.Of)}, e}
		}
		return "cut the tail", crime{[]string{fmt.Sprintf("delete from case_history where case_id = '%s' and seq >= %d", e.Of,
			e.Seq), setHead}, e}
	case 5:
		return "re-chain", crime{[]string{"update case_history set payload = payload || ' ' where " + at,
			fmt.Sprintf(rehash, e.Of, e.Seq), setHead}, e}
	case 6:
		e.Seq = 1
		return "a whole case", crime{[]string{fmt.Sprintf("delete from case_history where case_id = '%s'", e.Of),
			fmt.Sprintf("delete from cases where id = '%s'", e.Of), fmt.Sprintf("delete from log_leaf where entry_of = '%s'",
				e.Of), fmt.Sprintf("delete from log_pending where entry_of = '%s'", e.Of)}, e}
	case 7:
		return "forget in the log", crime{[]string{"delete from log_leaf where " + leaf, "delete from log_pending where " +
			leaf}, e}
	default: // everything, log and all, as it was when it had so many entries
		size := tamperedCases * (1 + r.IntN(sealedRounds-1))
		first := v.entries[0]
		first.Seq = size/tamperedCases + 1
		return "restore an older copy", crime{[]string{fmt.Sprintf("delete from case_history where seq > %d",
			size/tamperedCases), fmt.Sprintf("delete from log_leaf where idx >= %d", size), "delete from log_pending",
			"delete from log_tile",
			"insert into log_tile select 0, 0, (select string_agg(sha256('\\x00'::bytea || h.hash), '' order by l.idx) from " +
				"log_leaf l join case_history h on (h.case_id, h.seq) = (l.entry_of, l.seq))",
			fmt.Sprintf("update log_state set size = %d", size),
			`update cases c set version = h.seq, head = h.hash, updated_at = h.recorded_at from case_history h
				where h.case_id = c.id and h.seq = (select max(seq) from case_history where case_id = c.id)`}, first}
	}
}

// A thousand tamperings by somebody with all rights, who switches every guard off and covers the traces in the
// database: all are found, and the entry named is the first that is not what it was.
func TestAThousandTamperingsAreFoundAndNamed(t *testing.T) {
	t.Parallel()
	v := vouch(t)
	conn := storetest.ConnectTo(t, v.Database.AdminDSN)
	chance := mathrand.New(mathrand.NewPCG(5, 1000))
	rolledBack := errors.New("rolled back")
	tried := map[string]int{}
	for n := range 1000 {
		name, c := v.commit(chance)
		tried[name]++
		err := pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error {
			for _, sql := range append([]string{"set local session_replication_role = replica"}, c.sql...) {
				if _, err := tx.Exec(t.Context(), sql); err != nil {
					return fmt.Errorf("%s: %w", sql, err)
				}
			}
			_, found, err := logstore.VerifyIn(t.Context(), tx, v.published(t), nil)
			switch {
			case err != nil:
				return err
			case found == nil:
				t.Errorf("%d, %s of entry %d: nothing is found", n, name, c.entry.Seq)
			case found.Case != c.entry.Of || found.Seq != c.entry.Seq:
				t.Errorf("%d, %s of entry %d: found %s at entry %d (case %t)", n, name, c.entry.Seq, found.What, found.Seq,
					found.Case == c.entry.Of)
			}
			return rolledBack
		})
		if !errors.Is(err, rolledBack) {
			t.Fatal(err)
		}
	}
	if len(tried) < 10 {
		t.Errorf("only these were tried: %v", tried)
	}
	if _, found, err := v.Verify(t.Context(), v.published(t), nil); err != nil || found != nil {
		t.Fatalf("what nobody touched: %v %v", found, err)
	}
}

// A process that starts on another database than the one it published from does not serve it.
func TestAnOlderDatabaseIsNotServed(t *testing.T) {
	t.Parallel()
	v := vouch(t)
	_, err := v.Compare(t.Context(), v.key, v.sink)
	storetest.OK(t, err)
	for _, sql := range []string{"update log_state set size = size - 1", "update log_state set size = size + 1",
		"update log_tile set hashes = sha256('x') || substr(hashes, 33) where level = 0 and n = 0"} {
		v.Tamper(t, sql)
		if _, err := v.Compare(t.Context(), v.key, v.sink); sql != "update log_state set size = size + 1" &&
			!errors.Is(err, logstore.ErrContradicted) {
			t.Errorf("%s: %v", sql, err)
		}
	}
	if _, err := v.Publish(t.Context(), v.key, v.sink); !errors.Is(err, logstore.ErrContradicted) {
		t.Errorf("published all the same: %v", err)
	}
}

// brokenSink is a place that cannot be reached.
type brokenSink struct{ translog.Folder }

func (brokenSink) Newest(context.Context) ([]byte, error) { return nil, syscall.EHOSTUNREACH }

// When nothing can be published for too long nothing is written any more; it goes on by itself with the next
// checkpoint.
func TestWithoutCheckpointsNothingIsWritten(t *testing.T) {
	t.Parallel()
	v := vouch(t)
	id := casework.ID(v.entries[0].Of)
	note := func(c *casework.Case) (casework.Event, error) {
		return c.Note(identity.NewSecret("x"), storetest.Today)
	}
	var passed time.Duration
	waiting := v.Waiting(func() time.Duration { return passed })
	count := func(d time.Duration) {
		t.Helper()
		passed += d
		storetest.OK(t, waiting.Count(t.Context()))
	}
	count(0)
	if _, err := v.Publish(t.Context(), v.key, brokenSink{}); !errors.Is(err, logstore.ErrPlaceUnreachable) {
		t.Fatalf("a sink that is not there took a checkpoint: %v", err)
	}
	count(15 * time.Minute)
	_, err := v.Change(t.Context(), v.Request("", "3273"), id, 5, note)
	storetest.OK(t, err)
	count(time.Second)
	_, err = v.Change(t.Context(), v.Request("", "3273"), id, 6, note)
	storetest.WantCode(t, err, "history.unpublished")
	_, err = v.Open(t.Context(), v.Request("", "3273"), storetest.Opening(t, "3273", 99))
	storetest.WantCode(t, err, "history.unpublished")
	// Starting again does not begin the time again; a second process that has only come does not either.
	waiting = v.Waiting(func() time.Duration { return passed })
	count(0)
	_, err = v.Change(t.Context(), v.Request("", "3273"), id, 6, note)
	storetest.WantCode(t, err, "history.unpublished")
	v.publish(t)
	count(time.Minute)
	_, err = v.Change(t.Context(), v.Request("", "3273"), id, 6, note)
	storetest.OK(t, err)
	count(15 * time.Minute)
	_, err = v.Change(t.Context(), v.Request("", "3273"), id, 7, note)
	storetest.OK(t, err)
}

// A clock that was set, of the database or of the place, neither stops writing nor hides or accuses anything.
func TestASteppedClockDecidesNothing(t *testing.T) {
	t.Parallel()
	for name, step := range map[string]time.Duration{"an hour ahead": time.Hour, "a day ahead": 24 * time.Hour,
		"a day behind": -24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := vouch(t)
			// A step leaves an instant that is as far from now as the clock was moved.
			v.Do(t, fmt.Sprintf("update log_state set published_at = published_at - interval '%d seconds'", int(step.Seconds())))
			stepped := steppedSink{v.sink, step}
			for n := range 3 {
				v.OpenCase(t, "3273", 50+n)
				_, err := v.Seal(t.Context())
				storetest.OK(t, err)
				_, err = v.Publish(t.Context(), v.key, stepped)
				storetest.OK(t, err)
			}
			v.OpenCase(t, "3273", 60)
			v.publish(t) // the clock is right again
			if _, found, err := v.Verify(t.Context(), v.published(t), nil); err != nil || found != nil {
				t.Errorf("what nobody touched: %v %v", found, err)
			}
			v.Tamper(t, "update log_state set size = size - 2", "delete from log_leaf where idx >= (select size from log_state)")
			if _, err := v.Compare(t.Context(), v.key, v.sink); !errors.Is(err, logstore.ErrContradicted) {
				t.Errorf("a rollback is hidden: %v", err)
			}
		})
	}
}

// A case whose newest entry was written while the clock was a day ahead goes on from there: its instants never run
// back.
func TestEntriesGoOnAfterAClockThatWasAhead(t *testing.T) {
	t.Parallel()
	v := vouch(t)
	id := v.entries[0].Of
	v.Tamper(t,
		fmt.Sprintf("update case_history set recorded_at = recorded_at + interval '1 day' where case_id = '%s' and seq = 5",
			id), fmt.Sprintf(rehash, id, 5),
		fmt.Sprintf(
			"update cases c set head = h.hash, updated_at = h.recorded_at from case_history h where c.id = '%s' and "+
				"(h.case_id, h.seq) = (c.id, 5)", id),
		fmt.Sprintf(
			"update log_pending p set hash = h.hash from case_history h where h.case_id = '%s' and (h.case_id, h.seq) = "+
				"(p.entry_of, p.seq)", id))
	_, err := v.Change(t.Context(), v.Request("", "3273"), casework.ID(id), 5, storetest.Advance(casework.Benefit))
	storetest.OK(t, err)
	v.publish(t)
	if _, found, err := v.Verify(t.Context(), v.published(t), nil); err != nil || found != nil {
		t.Errorf("what nobody touched: %+v %v", found, err)
	}
}

// steppedSink publishes under the instants of a clock that is wrong.
type steppedSink struct {
	translog.Folder
	by time.Duration
}

func (s steppedSink) Publish(ctx context.Context, signed []byte, at time.Time) error {
	return s.Folder.Publish(ctx, signed, at.Add(s.by))
}

// An entry whose transaction commits late is taken late; the log has no holes and forgets nothing.
func TestWhatCommitsLateIsSealedLater(t *testing.T) {
	t.Parallel()
	v := vouch(t)
	conn := storetest.ConnectTo(t, v.Database.AdminDSN)
	tx, err := conn.Begin(t.Context())
	storetest.OK(t, err)
	late := uuid.New()
	_, err = tx.Exec(t.Context(), `insert into log_pending values ($1, 1, sha256('late'))`, late)
	storetest.OK(t, err)
	before, err := v.Seal(t.Context())
	storetest.OK(t, err)
	v.OpenCase(t, "3273", 77)
	after, err := v.Seal(t.Context())
	storetest.OK(t, err)
	storetest.OK(t, tx.Commit(t.Context()))
	last, err := v.Seal(t.Context())
	storetest.OK(t, err)
	var at int64
	storetest.OK(t, conn.QueryRow(t.Context(), "select idx from log_leaf where entry_of = $1", late).Scan(&at))
	if after != before+1 || last != after+1 || at != after {
		t.Errorf("sizes %d, %d, %d; the late one stands at %d", before, after, last, at)
	}
}
