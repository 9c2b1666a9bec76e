package reportstore_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/matching"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// A hit is a worker who was hired through one of the best: not by one that an officer chose beside them, nor by the
// one after the last.
func TestWhatProposalsLedTo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c, other := uuid.UUID(b.OpenCase(t, "3273", 1).ID), uuid.UUID(b.OpenCase(t, "3204", 2).ID)
	b.Do(t, `insert into vacancy (id, region, employer, title, occupation, units, wage, openings, posted_on, expires_on,
		state, source, reference, reported_by, verified_by) select gen_random_uuid(), '3273', 'PT', 'Jabatan', '7212', '', 1,
		1, '2026-01-01', '2099-01-01', 'open', 'uji', n::text, $1, $1 from generate_series(1, 20) n`, uuid.UUID(b.Officer))
	b.Do(t, "create table register as select id, row_number() over (order by id) as n from vacancy")
	n := 0
	propose := func(of uuid.UUID, code region.Code, rank int, state, on string) {
		n++
		b.Do(t, `insert into proposal (id, case_id, region, vacancy_id, employer, position, rank, score, state, proposed_on)
			select gen_random_uuid(), $1, $2, id, '', '', $3, 1, $4, $5::date from register where n = $6`, of, string(code), rank,
			state, on, n)
	}
	for _, rank := range []int{0, 1, matching.Best, matching.Best + 1} {
		propose(c, "3273", rank, "hired", "2026-11-01")
	}
	for _, state := range []string{"accepted", "declined", "declined", "proposed"} {
		propose(c, "3273", 1, state, "2026-11-30")
	}
	propose(c, "3273", 1, "hired", "2026-10-31")
	propose(c, "3273", 1, "hired", "2026-12-01")
	propose(other, "3204", 2, "hired", "2026-11-01")
	apply := func(of uuid.UUID, code region.Code, vacancy, state, on string) {
		b.Do(t, `insert into application (id, case_id, region, employer, position, state, applied_on, vacancy_id)
			values (gen_random_uuid(), $1, $2, gen_random_uuid()::text, '', $3, $4::date, (select id from register
			where n::text = $5))`, of, string(code), state, on, vacancy)
	}
	apply(c, "3273", "1", "hired", "2026-11-01")
	apply(c, "3273", "2", "submitted", "2026-11-01")
	apply(c, "3273", "", "hired", "2026-11-01") // found without the register
	apply(c, "3273", "4", "hired", "2026-10-31")
	apply(c, "3273", "5", "hired", "2026-12-01")
	apply(other, "3204", "3", "hired", "2026-11-30")
	from, until := calendar.MustDate("2026-11-01"), calendar.MustDate("2026-11-30")
	for code, want := range map[region.Code]string{"3273": "3273 8 5 2 1 2 200", "3204": "3204 1 1 0 1 1 100", "35": ""} {
		got, err := b.Figures(t.Context(), storetest.In(code), statistics.Query{Report: statistics.Matching,
			By: []statistics.Grouping{statistics.ByRegency}, From: &from, Until: &until, Today: until})
		storetest.OK(t, err)
		said := ""
		for _, r := range got.Rows {
			said += r.Keys[0].Code
			for _, v := range r.Values {
				said += fmt.Sprint(" ", *v)
			}
		}
		if said != want {
			t.Errorf("%s: %q, want %q", code, said, want)
		}
	}
}
