package logstore_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/store/logstore"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/translog"
)

// The place is named as the party whose fault it is, and an unreachable one is no disagreement: patience is for that.
func TestAnUnreachablePlaceIsNotTheDatabasesFault(t *testing.T) {
	t.Parallel()
	v := vouch(t)
	blocked := filepath.Join(t.TempDir(), "a file")
	storetest.OK(t, os.WriteFile(blocked, nil, 0o600))
	_, err := v.Seal(t.Context())
	storetest.OK(t, err)
	for name, sink := range map[string]translog.Sink{
		"no folder": translog.NewFolder(blocked), "no host": brokenSink{}, "full": fullSink{v.sink},
	} {
		_, err := v.Publish(t.Context(), v.key, sink)
		storetest.WantCode(t, err, "checkpoints.unreachable")
		if !strings.Contains(err.Error(), sink.Place()) || strings.Contains(err.Error(), "database") {
			t.Errorf("%s: %v", name, err)
		}
	}
	storetest.OK(t, v.stopped(t))
	v.OpenCase(t, "3273", 70)
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
	if _, err := v.Publish(t.Context(), v.key, fresh); !errors.Is(err, logstore.ErrEvidenceMissing) {
		t.Fatalf("a new place is taken without being asked: %v", err)
	}
	_, err := v.AdoptCheckpoints(t.Context(), v.key, fresh, "uji", "pindah ke disk lain")
	storetest.OK(t, err)
	v.sink = fresh
	v.publish(t)
	v.OpenCase(t, "3273", 70)
	if _, found, err := v.Verify(t.Context(), v.published(t), nil); err != nil || found != nil {
		t.Errorf("after the move: %v %v", found, err)
	}
	var n int
	storetest.OK(t, v.Database.Admin(t).QueryRow(t.Context(), `select count(*) from deployment_change
		where what = 'checkpoints.adopted' and person = 'uji' and reason = 'pindah ke disk lain' and login = 'tanggap_app'`).Scan(&n))
	if n != 1 {
		t.Errorf("%d records of it", n)
	}
	v.Tamper(t, "update log_state set size = size - 1")
	if _, err := v.AdoptCheckpoints(t.Context(), v.key, fresh, "uji", "x"); !errors.Is(err, logstore.ErrContradicted) {
		t.Errorf("a place that contradicts is adopted: %v", err)
	}
}

// What publishing looks at grows with the entries alone, however many layoffs there are beside: the database counts
// every row that it reads and every pair that it throws away.
func TestPublishingLooksAtEachEntryOnce(t *testing.T) {
	t.Parallel()
	const cases, layoffs = 30_000, 3_000
	b := setup(t)
	for table, id := range map[string]string{"case_history": "case_id", "layoff_history": "layoff_id"} {
		b.Tamper(t, fmt.Sprintf(`insert into %s select gen_random_uuid(), 1, '3273', 'x', gen_random_uuid(), '2026-11-01',
			now(), '{}', sha256(''), sha256(n::text::bytea) from generate_series(1, %d) n`,
			table, map[string]int{"case_history": cases, "layoff_history": layoffs}[table]),
			fmt.Sprintf("insert into log_pending select %s, seq, hash from %s", id, table))
	}
	size, err := b.Seal(t.Context())
	storetest.OK(t, err)
	key, err := translog.NewKey("tanggap/test", bytes.Repeat([]byte{7}, 32))
	storetest.OK(t, err)
	sink := translog.NewFolder(filepath.Join(t.TempDir(), "out"))
	c, err := b.Publish(t.Context(), key, sink)
	storetest.OK(t, err)
	if kept, err := sink.Kept(t.Context()); err != nil || c.Size != size || size != cases+layoffs || kept != size {
		t.Fatalf("%d entries are kept of %d, %v", kept, size, err)
	}
	b.Do(t, "analyze")
	const most = 20_000
	var plan string
	conn := storetest.ConnectTo(t, b.Database.AppDSN)
	for _, sql := range []string{
		"begin", "select set_config('tanggap.lo', '', true), set_config('tanggap.hi', ':', true)",
		"select set_config('tanggap.only', '', true)", "set local statement_timeout = '60s'",
	} {
		_, err := conn.Exec(t.Context(), sql)
		storetest.OK(t, err)
	}
	storetest.OK(t, conn.QueryRow(t.Context(), "explain (analyze, format json) "+logstore.SelectLeaves, 0,
		most).Scan(&plan))
	var read []struct{ Plan node }
	storetest.OK(t, json.Unmarshal([]byte(plan), &read))
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
	var at logstore.Standing
	sink := slowSink{v.sink, func() {
		v.OpenCase(t, "3273", 70) // in the middle of the publication
		_, err := v.Seal(t.Context())
		storetest.OK(t, err)
		at, err = v.LogStanding(t.Context())
		storetest.OK(t, err)
	}}
	v.OpenCase(t, "3273", 69)
	_, err := v.Seal(t.Context())
	storetest.OK(t, err)
	c, err := v.Publish(t.Context(), v.key, sink)
	storetest.OK(t, err)
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
