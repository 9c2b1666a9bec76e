package trackstore_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/simulation"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// A claim is simulated as it was decided, or applied for where nobody has decided, with the months that were missed and
// no others; one of an erased worker is left out, and passed over.
func TestWhichClaimsAreSimulated(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var statements []string
	n := 0
	claim := func(code region.Code, columns, values string, months ...string) uuid.UUID {
		n++
		c, id := b.OpenCase(t, code, n), uuid.UUID{15: byte(n)}
		statements = append(statements, fmt.Sprintf(`insert into claim (id, case_id, region, applied_on, facts, state%s)
			values ('%s', '%s', '%s', '2026-10-01', '{}', %s)`, columns, id, c.ID, code, values))
		for i, state := range months {
			statements = append(statements, fmt.Sprintf(`insert into claim_month (claim_id, case_id, region, n, state, opens_on,
				closes_on, given_on, amount) values ('%s', '%s', '%s', %d, '%s', '2026-10-01', '2026-12-31',
				case when '%[5]s' = 'paid' then date '2026-10-05' end, case when '%[5]s' = 'paid' then 1 end)`, id, c.ID, code, i+1,
				state))
		}
		return id
	}
	applied := claim("3273", "", "'applied'")
	stopped := claim("3204", ", decided_on, reference_on, stopped_on, stop_reason",
		"'stopped', '2026-10-20', '2026-10-02', '2026-11-30', 'new_work'", "paid", "missed", "proved", "missed", "stopped")
	erased := claim("3273", "", "'applied'")
	last := claim("3578", ", decided_on, reference_on", "'running', '2026-10-21', '2026-10-02'", "upcoming", "missed")
	statements = append(statements, `update worker set data_key = null where id = (select worker_id from cases
		where id = (select case_id from claim where id = '`+erased.String()+`'))`)
	b.Tamper(t, statements...)

	day := calendar.MustDate
	want := []simulation.Claim{
		{Province: "32", DecidedOn: day("2026-10-01")},
		{Province: "32", DecidedOn: day("2026-10-20"), StopOn: day("2026-11-30"), StopWith: "new_work", Missed: []int{2, 4}},
		{Province: "35", DecidedOn: day("2026-10-21"), Missed: []int{2}},
	}
	for name, c := range map[string]struct {
		after uuid.UUID
		limit int
		next  uuid.UUID
		want  []simulation.Claim
	}{
		"all":                   {uuid.Nil, 9, last, want},
		"the first":             {uuid.Nil, 1, applied, want[:1]},
		"after it":              {applied, 1, stopped, want[1:2]},
		"an erased one, alone":  {stopped, 1, erased, nil},
		"over an erased one":    {stopped, 2, last, want[2:]},
		"after the last of all": {last, 9, last, nil},
	} {
		got, next, err := b.Claims(t.Context(), c.after, c.limit)
		storetest.OK(t, err)
		for i := range got {
			if got[i].Wage != 4_000_000 {
				t.Errorf("%s: claim %d has a wage of %s", name, i, got[i].Wage)
			}
			got[i].Wage, got[i].Facts = 0, simulation.Claim{}.Facts
			if len(got[i].Missed) == 0 {
				got[i].Missed = nil
			}
		}
		if next != c.next || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v up to %s, want %+v up to %s", name, got, next, c.want, c.next)
		}
	}
}
