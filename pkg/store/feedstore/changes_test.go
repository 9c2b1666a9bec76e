package feedstore_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/feed"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/feedstore"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// bigLog makes a published log of n entries, in which the cases of Bandung are one in a thousand and the first and
// last.
func bigLog(t *testing.T, b *storetest.Office, n int) {
	t.Helper()
	own, other := b.OpenCase(t, "3273", 1), b.OpenCase(t, "3204", 2)
	entries := fmt.Sprintf(`insert into case_history select case_id, 1 + g, region, kind, actor, occurred_on, recorded_at,
	payload,
		prev_hash, hash from case_history h, generate_series(1, %d) g
		where h.seq = 1 and (h.case_id = '%s') = (g %% 1000 in (0, 1) and g in (1, %[1]d) or g %% 1000 = 0)`, n, own.ID)
	b.Tamper(t, entries, "delete from log_pending",
		"insert into log_leaf select row_number() over (order by seq) - 1, case_id, seq from case_history where seq > 1",
		"update log_state set size = (select count(*) from log_leaf)",
		"insert into log_checkpoint select size, now(), '' from log_state", "analyze")
	if other.ID == own.ID {
		t.Fatal("two cases are one")
	}
}

// A reader of a region in which little happens goes through the whole log, misses nothing, sees nothing twice, and no
// page looks at more than its window.
func TestAReaderOfASmallRegion(t *testing.T) {
	t.Parallel()
	b := storetest.NewOffice(t)
	const n = 35_000
	bigLog(t, b, n)
	var want, got []int64
	conn := b.Admin(t)
	rows, err := conn.Query(t.Context(), `select l.idx from log_leaf l
	join case_history h on (h.case_id, h.seq) = (l.entry_of, l.seq)
		where h.region = '3273' order by 1`)
	storetest.OK(t, err)
	want, err = pgx.CollectRows(rows, pgx.RowTo[int64])
	storetest.OK(t, err)
	for _, limit := range []int{1, 7, 200} {
		got = nil
		pages := 0
		for f := (feed.Filter{Limit: limit}); ; pages++ {
			p, err := b.Changes(t.Context(), storetest.In("3273"), f)
			storetest.OK(t, err)
			for _, c := range p.Items {
				got = append(got, c.Index)
			}
			if p.Place <= f.From && p.More() || p.Place > f.From+feed.Window || p.Size != n {
				t.Fatalf("from %d to %d of %d", f.From, p.Place, p.Size)
			}
			if f.From = p.Place; !p.More() {
				break
			}
		}
		if !slices.Equal(got, want) || len(want) < n/1000 {
			t.Errorf("in pages of %d, %d of them: %d changes, want %d", limit, pages, len(got), len(want))
		}
	}
	if _, err := b.Changes(t.Context(), storetest.In("3273"),
		feed.Filter{From: n + 1, Limit: 1}); fault.CodeOf(err) != "changes.place_unknown" {
		t.Errorf("behind the end: %v", err)
	}
	if p, err := b.Changes(t.Context(), authz.Scope{}, feed.Filter{Limit: 5}); err != nil || len(p.Items) != 0 {
		t.Errorf("nowhere: %d changes, %v", len(p.Items), err)
	}
}

var looked = regexp.MustCompile(`on log_leaf l .*rows=(\d+) loops=1\)`)

// What a page costs does not grow with the log: it walks its window by the places, and looks each entry up by its key.
func TestAPageReadsItsWindowOnly(t *testing.T) {
	t.Parallel()
	b := storetest.NewOffice(t)
	bigLog(t, b, 35_000)
	conn := b.Runtime(t)
	lo, hi, only := b.Limits(storetest.In("3273"))
	for _, kind := range []string{"", "case.opened"} {
		query, args := feedstore.ChangesOf(storetest.In("3273"), feed.Filter{From: 12_000, Limit: 200, Kind: kind})
		tx, err := conn.Begin(t.Context())
		storetest.OK(t, err)
		_, err = tx.Exec(t.Context(), store.BindScope, lo, hi, only)
		storetest.OK(t, err)
		_, err = tx.Exec(t.Context(), feedstore.ByKey)
		storetest.OK(t, err)
		rows, err := tx.Query(t.Context(), "explain (analyze, costs off, timing off) "+query, args...)
		storetest.OK(t, err)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		storetest.OK(t, err)
		storetest.OK(t, tx.Rollback(t.Context()))
		plan := fmt.Sprint(lines)
		read := looked.FindStringSubmatch(plan)
		for _, seq := range []string{"Seq Scan on case_history", "Seq Scan on log_leaf", "Seq Scan on layoff_history"} {
			if regexp.MustCompile(seq).MatchString(plan) {
				t.Errorf("%q: a %s", kind, seq)
			}
		}
		if read == nil {
			t.Fatalf("no walk over the log in %s", plan)
		}
		if n, err := strconv.Atoi(read[1]); err != nil || n > feed.Window {
			t.Errorf("%q: %s entries of the log are read", kind, read[1])
		}
		t.Log(lines[len(lines)-1])
	}
}
