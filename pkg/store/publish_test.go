package store_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/translog"
)

// busy is a reader that lets the server go on once somebody reads from it: the published file grows under the verifier.
type busy struct {
	io.Reader
	once sync.Once
	work func()
}

func (b *busy) Read(p []byte) (int, error) {
	b.once.Do(b.work)
	return b.Reader.Read(p)
}

// While cases are opened, sealed and published, the verification finds nothing: what is newer than its snapshot is nobody's
// fault.
func TestVerifyBesideAWorkingServer(t *testing.T) {
	t.Parallel()
	v := vouch(t)
	ctx, cancel := context.WithCancel(t.Context())
	var server sync.WaitGroup
	defer server.Wait()
	defer cancel()
	server.Go(func() { // it writes, seals and publishes as fast as it can, until the verifications are over
		for n := 0; ctx.Err() == nil; n++ {
			if _, err := v.Open(ctx, v.op("", "3273"), opening(t, "3273", 1000+n%9000)); err != nil && ctx.Err() == nil {
				t.Error(err)
				return
			}
			if _, err := v.Seal(ctx); err == nil {
				_, err = v.Publish(ctx, v.key, v.sink)
				if err != nil && ctx.Err() == nil {
					t.Error(err)
				}
			}
		}
	})
	for n := range 10 {
		p := v.checkpoints(t)
		file, err := v.sink.Entries()
		ok(t, err)
		p.Entries = &busy{Reader: file, work: func() {
			v.open(t, "3204", n+1)
			v.publish(t)
		}}
		if _, found, err := v.Verify(t.Context(), p, nil); err != nil || found != nil {
			t.Errorf("time %d: %+v %v", n, found, err)
		}
		ok(t, file.Close())
	}
}

// checkpoints is what was published, without its entries.
func (v *vouched) checkpoints(t *testing.T) (p audit.Published) {
	t.Helper()
	signed, err := v.sink.All()
	ok(t, err)
	for _, text := range signed {
		c, err := audit.ParseCheckpoint(text, v.key.Verifier())
		ok(t, err)
		p.Checkpoints = append(p.Checkpoints, c)
	}
	return p
}

// The file of entries is not signed by itself: when it was changed or cut, that is said, and the database is not accused.
func TestChangedEvidenceAccusesNobody(t *testing.T) {
	t.Parallel()
	v := vouch(t)
	whole, err := os.ReadFile(filepath.Join(v.sink.Path, "entries.log"))
	ok(t, err)
	flipped := bytes.Clone(whole)
	flipped[3*audit.LogEntrySize] ^= 1
	for name, text := range map[string][]byte{"a byte": flipped, "cut": whole[:len(whole)-audit.LogEntrySize], "cut amid": whole[:len(whole)-9], "emptied": nil} {
		p := v.checkpoints(t)
		p.Entries = bytes.NewReader(text)
		if _, found, err := v.Verify(t.Context(), p, nil); found != nil || !errors.Is(err, audit.ErrEvidence) {
			t.Errorf("%s: %v %v", name, found, err)
		}
	}
	p := v.checkpoints(t)
	p.Entries = bytes.NewReader(append(bytes.Clone(whole), flipped[:5*audit.LogEntrySize]...)) // kept, and not yet vouched for
	if _, found, err := v.Verify(t.Context(), p, nil); found != nil || err != nil {
		t.Errorf("more than is signed: %v %v", found, err)
	}
}

// What does not agree stops writing at once, by whichever process it is seen; it goes on with the next checkpoint that agrees.
func TestADisagreementStopsWritingUntilItIsMended(t *testing.T) {
	t.Parallel()
	away := func(t *testing.T, v *vouched) (mend func()) {
		t.Helper()
		ok(t, os.Rename(v.sink.Path, v.sink.Path+".away"))
		return func() { ok(t, os.Rename(v.sink.Path+".away", v.sink.Path)) }
	}
	file := func(t *testing.T, v *vouched, name string, change func([]byte) []byte) (mend func()) {
		t.Helper()
		names, err := filepath.Glob(filepath.Join(v.sink.Path, name))
		ok(t, err)
		name = names[len(names)-1]
		before, err := os.ReadFile(name)
		ok(t, err)
		ok(t, os.WriteFile(name, change(bytes.Clone(before)), 0o600))
		return func() { ok(t, os.WriteFile(name, before, 0o600)) }
	}
	for name, c := range map[string]struct {
		want *fault.Error
		do   func(t *testing.T, v *vouched) (mend func())
	}{
		"the log was cut": {store.ErrContradicted, func(t *testing.T, v *vouched) func() {
			v.tamper(t, "update log_state set size = size - 1")
			return func() { v.tamper(t, "update log_state set size = size + 1") }
		}},
		"the log was changed": {store.ErrContradicted, func(t *testing.T, v *vouched) func() {
			v.tamper(t, "create table kept as select * from log_tile", "update log_tile set hashes = sha256('x') || substr(hashes, 33) where level = 0")
			return func() {
				v.tamper(t, "update log_tile l set hashes = k.hashes from kept k where (k.level, k.n) = (l.level, l.n)", "drop table kept")
			}
		}},
		"the folder is gone": {store.ErrEvidenceMissing, away},
		"the folder was emptied": {store.ErrEvidenceMissing, func(t *testing.T, v *vouched) func() {
			mend := away(t, v)
			ok(t, os.Mkdir(v.sink.Path, 0o700))
			return func() { ok(t, os.RemoveAll(v.sink.Path)); mend() }
		}},
		"the entries are gone": {store.ErrEvidenceMissing, func(t *testing.T, v *vouched) func() {
			return file(t, v, "entries.log", func([]byte) []byte { return nil })
		}},
		"the newest is gone":       {store.ErrEvidenceMissing, func(t *testing.T, v *vouched) func() { return file(t, v, "*.checkpoints", cutLast) }},
		"the newest was scribbled": {store.ErrEvidenceDamaged, func(t *testing.T, v *vouched) func() { return file(t, v, "*.checkpoints", scribble) }},
		"there is only garbage": {store.ErrEvidenceMissing, func(t *testing.T, v *vouched) func() {
			return file(t, v, "*.checkpoints", func([]byte) []byte { return []byte("garbage\n") })
		}},
		"the newest was not signed": {store.ErrEvidenceDamaged, func(t *testing.T, v *vouched) func() { return file(t, v, "*.checkpoints", enlarge) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := vouch(t)
			ok(t, v.stopped(t))
			mend := c.do(t, v)
			if _, err := v.Compare(t.Context(), v.key, v.sink); !errors.Is(err, c.want) {
				t.Errorf("at a start: %v", err)
			}
			if _, err := v.Publish(t.Context(), v.key, v.sink); !errors.Is(err, c.want) {
				t.Fatalf("published all the same: %v", err)
			}
			wantCode(t, v.stopped(t), c.want.Code)
			_, err := v.Open(t.Context(), v.op("", "3273"), opening(t, "3273", 70))
			wantCode(t, err, "history.contradicted")
			_, err = v.Change(t.Context(), v.op("", "3273"), casework.ID(v.entries[0].Of), 5, advance(casework.Benefit))
			wantCode(t, err, "history.contradicted")
			mend()
			v.publish(t)
			ok(t, v.stopped(t))
			v.open(t, "3273", 70)
		})
	}
}

func cutLast(text []byte) []byte {
	all := audit.SplitCheckpoints(text)
	return text[:len(text)-len(all[len(all)-1])]
}

func scribble(text []byte) []byte { return append(text, "garbage\n"...) }

// enlarge puts a larger log than any into the file, without its key.
func enlarge(text []byte) []byte {
	last := audit.SplitCheckpoints(text)[0]
	return append(text, bytes.Replace(last, []byte("\n12\n"), []byte("\n999\n"), 1)...)
}

func (v *vouched) stopped(t *testing.T) error {
	t.Helper()
	st, err := v.LogStanding(t.Context())
	ok(t, err)
	return st.Err()
}

// The place is named as the party whose fault it is, and an unreachable one is no disagreement: patience is for that.
func TestAnUnreachablePlaceIsNotTheDatabasesFault(t *testing.T) {
	t.Parallel()
	v := vouch(t)
	blocked := filepath.Join(t.TempDir(), "a file")
	ok(t, os.WriteFile(blocked, nil, 0o600))
	_, err := v.Seal(t.Context())
	ok(t, err)
	for name, sink := range map[string]translog.Sink{"no folder": translog.NewFolder(blocked), "no host": brokenSink{}, "full": fullSink{v.sink}} {
		_, err := v.Publish(t.Context(), v.key, sink)
		wantCode(t, err, "checkpoints.unreachable")
		if !strings.Contains(err.Error(), sink.Place()) || strings.Contains(err.Error(), "database") {
			t.Errorf("%s: %v", name, err)
		}
	}
	ok(t, v.stopped(t))
	v.open(t, "3273", 70)
}

// fullSink is a disk without room.
type fullSink struct{ translog.Folder }

func (fullSink) Keep(context.Context, int64, []audit.LogEntry) error {
	return &os.PathError{Op: "write", Path: "entries.log", Err: syscall.ENOSPC}
}

// A new place is adopted with everything in it, and who did it is on record; one that contradicts the database is not.
func TestANewPlaceIsAdoptedOnPurpose(t *testing.T) {
	t.Parallel()
	v := vouch(t)
	fresh := translog.NewFolder(filepath.Join(t.TempDir(), "new"))
	if _, err := v.Publish(t.Context(), v.key, fresh); !errors.Is(err, store.ErrEvidenceMissing) {
		t.Fatalf("a new place is taken without being asked: %v", err)
	}
	_, err := v.AdoptCheckpoints(t.Context(), v.key, fresh, "uji", "pindah ke disk lain")
	ok(t, err)
	v.sink = fresh
	v.publish(t)
	v.open(t, "3273", 70)
	if _, found, err := v.Verify(t.Context(), v.published(t), nil); err != nil || found != nil {
		t.Errorf("after the move: %v %v", found, err)
	}
	var n int
	ok(t, v.db.Admin(t).QueryRow(t.Context(), `select count(*) from deployment_change where what = 'checkpoints.adopted' and person = 'uji'
		and reason = 'pindah ke disk lain' and login = 'tanggap_app'`).Scan(&n))
	if n != 1 {
		t.Errorf("%d records of it", n)
	}
	v.tamper(t, "update log_state set size = size - 1")
	if _, err := v.AdoptCheckpoints(t.Context(), v.key, fresh, "uji", "x"); !errors.Is(err, store.ErrContradicted) {
		t.Errorf("a place that contradicts is adopted: %v", err)
	}
}

// What publishing looks at grows with the entries alone, however many layoffs there are beside: the database counts every row
// that it reads and every pair that it throws away.
func TestPublishingLooksAtEachEntryOnce(t *testing.T) {
	t.Parallel()
	const cases, layoffs = 30_000, 3_000
	b := setup(t)
	b.tamper(t, `insert into case_history select gen_random_uuid(), 1, '3273', 'case.opened', gen_random_uuid(), '2026-11-01', now(), '{}', sha256(''), sha256(n::text::bytea)
		from generate_series(1, 30000) n`, `insert into layoff_history select gen_random_uuid(), 1, '3273', 'layoff.reported', gen_random_uuid(), '2026-11-01', now(), '{}',
		sha256(''), sha256(n::text::bytea) from generate_series(1, 3000) n`,
		"insert into log_pending select case_id, seq, hash from case_history union all select layoff_id, seq, hash from layoff_history")
	size, err := b.Seal(t.Context())
	ok(t, err)
	key, err := translog.NewKey("tanggap/test", bytes.Repeat([]byte{7}, 32))
	ok(t, err)
	sink := translog.NewFolder(filepath.Join(t.TempDir(), "out"))
	c, err := b.Publish(t.Context(), key, sink)
	ok(t, err)
	if kept, err := sink.Kept(t.Context()); err != nil || c.Size != size || size != cases+layoffs || kept != size {
		t.Fatalf("%d entries are kept of %d, %v", kept, size, err)
	}
	b.admin(t, "analyze")
	const most = 20_000
	var plan string
	conn := connectTo(t, b.db.AppDSN)
	for _, sql := range []string{"begin", "select set_config('tanggap.lo', '', true), set_config('tanggap.hi', 'a', true), set_config('tanggap.only', '', true)", "set local statement_timeout = '60s'"} {
		_, err := conn.Exec(t.Context(), sql)
		ok(t, err)
	}
	ok(t, conn.QueryRow(t.Context(), "explain (analyze, format json) "+store.SelectLeaves, 0, most).Scan(&plan))
	var read []struct{ Plan node }
	ok(t, json.Unmarshal([]byte(plan), &read))
	if looked := read[0].Plan.looked(); looked < most || looked > 5*most {
		t.Errorf("%.0f rows were looked at for %d entries: %s", looked, most, plan)
	}
}

// node is a step of a plan as it was carried out.
type node struct {
	Rows    float64 `json:"Actual Rows"`
	Loops   float64 `json:"Actual Loops"`
	Thrown  float64 `json:"Rows Removed by Filter"`
	Unequal float64 `json:"Rows Removed by Join Filter"`
	Plans   []node  `json:"Plans"`
}

// looked is the number of rows that a step and those below it looked at.
func (n node) looked() float64 {
	sum := n.Loops * (n.Rows + n.Thrown + n.Unequal)
	for _, below := range n.Plans {
		sum += below.looked()
	}
	return sum
}

// While much is published, the log takes entries in and tells how far it is.
func TestALongPublicationHoldsNothingUp(t *testing.T) {
	t.Parallel()
	v := vouch(t)
	var at store.Standing
	sink := slowSink{v.sink, func() {
		v.open(t, "3273", 70) // in the middle of the publication
		_, err := v.Seal(t.Context())
		ok(t, err)
		at, err = v.LogStanding(t.Context())
		ok(t, err)
	}}
	v.open(t, "3273", 69)
	_, err := v.Seal(t.Context())
	ok(t, err)
	c, err := v.Publish(t.Context(), v.key, sink)
	ok(t, err)
	if at.Publishing == nil || at.Publishing.Of != c.Size || at.Size != c.Size+1 {
		t.Errorf("in the middle: %+v, published %d", at, c.Size)
	}
	if at, err = v.LogStanding(t.Context()); err != nil || at.Publishing != nil || at.Published != c.Size {
		t.Errorf("afterwards: %+v %v", at, err)
	}
}

// slowSink does something while it keeps entries.
type slowSink struct {
	translog.Folder
	meanwhile func()
}

func (s slowSink) Keep(ctx context.Context, at int64, entries []audit.LogEntry) error {
	s.meanwhile()
	return s.Folder.Keep(ctx, at, entries)
}
