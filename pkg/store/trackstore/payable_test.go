package trackstore_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
)

// A month may be paid once it is proved, the first one as soon as it is there; those that wait longest come first, each
// once over all pages, and are due five days later. Months of other offices are not there.
func TestWhichMonthsMayBePaid(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var statements []string
	n := 0
	claim := func(code region.Code, months ...string) {
		n++
		c, id := b.OpenCase(t, code, n), uuid.UUID{15: byte(n)}
		statements = append(statements, fmt.Sprintf(`insert into claim (id, case_id, region, state, applied_on, facts)
			values ('%s', '%s', '%s', 'applied', '2026-10-01', '{}')`, id, c.ID, code))
		for _, m := range months {
			statements = append(statements, fmt.Sprintf(`insert into claim_month (claim_id, case_id, region, closes_on, n, state,
			opens_on,
				proved_on, given_on, amount) values ('%s', '%s', '%s', '2026-12-31', %s)`, id, c.ID, code, m))
		}
	}
	claim("3273", "1, 'upcoming', '2026-11-05', null, null, null", "2, 'upcoming', '2026-11-01', null, null, null",
		"3, 'proved', '2026-11-01', '2026-11-03', null, null")
	claim("3273", "1, 'proved', '2026-10-01', '2026-11-04', null, null", "2, 'proved', '2026-10-01', '2026-11-03', "+
		"null, null",
		"3, 'proved', '2026-10-01', '2026-11-03', null, null", "4, 'missed', '2026-10-01', null, null, null")
	claim("3273", "1, 'paid', '2026-10-01', '2026-10-02', '2026-10-03', 7", "2, 'stopped', '2026-10-01', null, null, null")
	claim("3204", "1, 'upcoming', '2026-11-02', null, null, null")
	b.Tamper(t, statements...)
	all := func(scope region.Code, limit int) (got []string) {
		var after track.Payable
		for range 9 {
			list, err := b.Payable(t.Context(), storetest.In(scope), after, limit)
			storetest.OK(t, err)
			for _, p := range list {
				if p.DueOn != p.Since.AddDays(5) || !scope.Contains(p.Region) {
					t.Errorf("%+v", p)
				}
				got = append(got, fmt.Sprintf("%s: %d of %d", p.Since, p.N, p.Claim[15]))
				after = p
			}
			if len(list) < limit {
				break
			}
		}
		return got
	}
	here := []string{"2026-11-03: 3 of 1", "2026-11-03: 2 of 2", "2026-11-03: 3 of 2", "2026-11-04: 1 of 2",
		"2026-11-05: 1 of 1"}
	for _, limit := range []int{1, 2, 9} {
		for scope, want := range map[region.Code][]string{"3273": here, "3204": {"2026-11-02: 1 of 4"}, "35": nil,
			"32": append([]string{"2026-11-02: 1 of 4"}, here...), "": append([]string{"2026-11-02: 1 of 4"}, here...)} {
			if got := all(scope, limit); !slices.Equal(got, want) {
				t.Errorf("%q in pages of %d: %v, want %v", scope, limit, got, want)
			}
		}
	}
	if list, err := b.Payable(t.Context(), authz.Scope{}, track.Payable{}, 9); err != nil || list != nil {
		t.Errorf("nowhere: %v, %v", list, err)
	}
}

// Reminders are told from the day asked for on, the newest first.
func TestRemindersFromADay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, day := range []string{"2026-11-20", "2026-11-21", "2026-11-22"} {
		b.Do(t, "insert into reminder (region, told_on, kind, overdue, due) values ('3273', $1::date, 'month', 1, 2)", day)
	}
	for from, want := range map[string][]string{"2026-11-20": {"2026-11-22", "2026-11-21", "2026-11-20"},
		"2026-11-21": {"2026-11-22", "2026-11-21"}, "2026-11-23": nil} {
		list, err := b.Reminders(t.Context(), storetest.In("3273"), calendar.MustDate(from))
		storetest.OK(t, err)
		var got []string
		for _, r := range list {
			got = append(got, r.On.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("from %s: %v, want %v", from, got, want)
		}
	}
}

// An office can be asked when somebody of it works there today: an active officer with a role of those named, in the
// office itself, by a grant that counts.
func TestWhichOfficesAreStaffed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	at := calendar.MustDate("2026-11-23").Time() // seven in the morning in WIB
	for name, c := range map[string]struct {
		role        authz.Role
		code        region.Code
		from, until string
		spoil       string
		want        bool
	}{
		"a case worker":             {authz.CaseWorker, "3273", "2026-01-01", "", "", true},
		"another role of those":     {authz.Supervisor, "3273", "2026-01-01", "", "", true},
		"a role that works on none": {authz.Mediator, "3273", "2026-01-01", "", "", false},
		"of the province above":     {authz.CaseWorker, "32", "2026-01-01", "", "", false},
		"from today on":             {authz.CaseWorker, "3273", "2026-11-23", "", "", true},
		"from tomorrow on":          {authz.CaseWorker, "3273", "2026-11-24", "", "", false},
		"until today":               {authz.CaseWorker, "3273", "2026-01-01", "2026-11-23", "", true},
		"until yesterday":           {authz.CaseWorker, "3273", "2026-01-01", "2026-11-22", "", false},
		"revoked": {authz.CaseWorker, "3273", "2026-01-01", "", "update officer_grant set revoked_at = " +
			"now()", false},
		"pending": {authz.CaseWorker, "3273", "2026-01-01", "", "update officer_grant set proposed_by = " +
			"officer_id", false},
		"deactivated": {authz.CaseWorker, "3273", "2026-01-01", "", "update officer set active = false", false},
	} {
		b.Do(t, "delete from officer_grant")
		b.Do(t, `insert into officer_grant (id, officer_id, role, region, valid_from, valid_until)
			values (gen_random_uuid(), $1, $2, $3, $4::date, nullif($5, '')::date)`, uuid.UUID(b.Officer), string(c.role), string(c.code), c.from, c.until)
		b.Tamper(t, "update officer set active = true", c.spoil)
		there, err := b.Staffed(t.Context(), "3273", []authz.Role{authz.CaseWorker, authz.Supervisor}, at)
		if err != nil || there != c.want {
			t.Errorf("%s: %t, %v", name, there, err)
		}
	}
}
