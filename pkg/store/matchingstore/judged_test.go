package matchingstore_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/matching"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// A hit is a worker who was hired through one of the best: not by one that an officer chose beside them, nor by the
// one after the last.
func TestWhatProposalsLedTo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c, other := uuid.UUID(b.OpenCase(t, "3273", 1).ID), uuid.UUID(b.OpenCase(t, "3204", 2).ID)
	b.Do(t, vacancies, uuid.UUID(b.Officer), 20)
	b.Tamper(t, "update vacancy set state = 'open', expires_on = '2099-01-01'")
	b.Do(t, "create table register as select id, row_number() over (order by id) as n from vacancy")
	n := 0
	propose := func(of uuid.UUID, code region.Code, rank int, state string) {
		n++
		b.Do(t, `insert into proposal (id, case_id, region, vacancy_id, employer, position, rank, score, state, proposed_on)
			select gen_random_uuid(), $1, $2, id, '', '', $3, 1, $4, '2026-11-01' from register where n = $5`, of, string(code),
			rank, state, n)
	}
	propose(c, "3273", 0, "hired")
	propose(c, "3273", 1, "hired")
	propose(c, "3273", matching.Best, "hired")
	propose(c, "3273", matching.Best+1, "hired")
	propose(c, "3273", 1, "accepted")
	propose(c, "3273", 1, "declined")
	propose(c, "3273", 1, "declined")
	propose(c, "3273", 1, "proposed")
	propose(other, "3204", 2, "hired")
	apply := func(of uuid.UUID, code region.Code, vacancy, state string) {
		b.Do(t, `insert into application (id, case_id, region, employer, position, state, applied_on, vacancy_id)
			values (gen_random_uuid(), $1, $2, gen_random_uuid()::text, '', $3, '2026-11-01', (select id from register
			where n::text = $4))`, of, string(code), state, vacancy)
	}
	apply(c, "3273", "1", "hired")
	apply(c, "3273", "2", "submitted")
	apply(c, "3273", "", "hired") // found without the register
	apply(other, "3204", "3", "hired")
	here := matching.Judgement{Proposed: 8, Accepted: 5, Declined: 2, Hired: 1, Hits: 2}
	there := matching.Judgement{Proposed: 1, Accepted: 1, Hired: 1, Hits: 1}
	for code, want := range map[region.Code]matching.Judgement{"3273": here, "3204": there, "35": {},
		"32": {Proposed: 9, Accepted: 6, Declined: 2, Hired: 2, Hits: 3}} {
		got, err := b.Judged(t.Context(), storetest.In(code))
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v, want %+v", code, got, err, want)
		}
	}
}
