package casestore_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/casestore"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// listed is a case as a plain reading of the filters sees it.
type listed struct {
	casework.Row
	position string
}

func (l listed) next() calendar.Date {
	switch {
	case l.DueOn.IsZero():
		return l.FollowUpOn
	case l.FollowUpOn.IsZero() || l.DueOn.Before(l.FollowUpOn):
		return l.DueOn
	}
	return l.FollowUpOn
}

// key sorts texts as the order does.
func (l listed) key(s casework.Sort) string {
	switch s {
	case casework.ByDue:
		return cmp.Or(l.next().String(), "~")
	case casework.ByUpdated:
		return l.UpdatedAt.Format("2006-01-02T15:04:05.000000")
	case casework.ByOpened:
		return l.OpenedOn.String()
	case casework.ByName:
		return casestore.NameKey(l.Name)
	case casework.Newest:
	}
	return ""
}

// shelf is a hundred cases and more in three offices, drawn so that every value of a filter is met and many keys are
// the same.
func shelf(t *testing.T, b *bundle) (all []listed, employer, layoff uuid.UUID, officers []authz.OfficerID) {
	t.Helper()
	employer, layoff = uuid.New(), uuid.New()
	officers = []authz.OfficerID{b.Colleague(t, "3273"), b.Colleague(t, "3204")}
	random := rand.New(rand.NewPCG(47, 1))
	day := func(from int) string { return "'" + storetest.Today.AddDays(random.IntN(20)-from).String() + "'" }
	statements := []string{
		fmt.Sprintf(`insert into employer (id, region, name, name_key) values ('%s', '3273', 'PT Sinar Abadi', 'sinar abadi')`,
			employer),
		fmt.Sprintf(`insert into layoff (id, employer_id, region, reason, reported_by, head, updated_at) values ('%s', '%s',
			'3273', 'efficiency', '%s', decode(repeat('00', 32), 'hex'), now())`, layoff, employer, uuid.UUID(b.Officer)),
	}
	for n := range 120 {
		c := b.OpenCase(t, []region.Code{"3273", "3204", "3578"}[n%3], n+1)
		set := []string{fmt.Sprintf("updated_at = '2026-11-%02dT00:00:00.000%03dZ'", 1+random.IntN(9), random.IntN(3)),
			"opened_on = " + day(30), "claim_state = '" + string(casework.ClaimNone.Values()[random.IntN(7)]) + "'"}
		if random.IntN(4) == 0 {
			set = append(set, "stage = 'closed', closed_on = "+day(10)+", outcome = '"+
				string(casework.Outcome("").Values()[random.IntN(8)])+"', duplicate_of = null")
		} else {
			set = append(set, "stage = '"+string(casework.Stages()[random.IntN(4)])+"'")
			if random.IntN(3) > 0 {
				set = append(set, "due_for = 'claim', due_on = "+day(8))
			} else {
				set = append(set, "due_for = null, due_on = null")
			}
			if random.IntN(3) == 0 {
				set = append(set, "follow_up_on = "+day(8))
			}
		}
		if i := random.IntN(4); i < 2 {
			set = append(set, "officer_id = '"+officers[i].String()+"'")
		}
		if random.IntN(3) == 0 {
			set = append(set, "layoff_id = '"+layoff.String()+"'")
		}
		statements = append(statements, "update cases set "+strings.Join(set, ", ")+" where id = '"+c.ID.String()+"'",
			fmt.Sprintf(`update case_worker set name = '%[1]s', name_key = lower('%[1]s'), employer = '%[2]s', position = '%[3]s'
				where case_id = '%[4]s'`, []string{"Siti", "Agus", "Budi Rizki", "Ani"}[random.IntN(4)],
				[]string{"PT Garmen", "CV Baja", ""}[random.IntN(3)], []string{"Operator", "Kasir garmen"}[random.IntN(2)], c.ID))
	}
	b.Tamper(t, statements...)
	rows, err := b.List(t.Context(), authz.Everywhere(), casework.Filter{Limit: 200})
	storetest.OK(t, err)
	for _, r := range rows {
		var position string
		storetest.OK(t, b.Database.Admin(t).QueryRow(t.Context(), "select position from case_worker where case_id = $1",
			uuid.UUID(r.ID)).Scan(&position))
		all = append(all, listed{r, position})
	}
	return all, employer, layoff, officers
}

// Every filter in every order, page by page, gives the cases that a plain reading of it does, each once; their number
// and their facets count the same ones.
func TestListsInEveryOrder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	all, employer, layoff, officers := shelf(t, b)
	today := storetest.Today
	days := func(from, until int) casework.Days {
		return casework.Days{From: new(today.AddDays(from)), Until: new(today.AddDays(until))}
	}
	at := time.Date(2026, 11, 5, 0, 0, 0, 1000, time.UTC)
	in := func(d calendar.Date, from, until int) bool {
		return !d.IsZero() && !d.Before(today.AddDays(from)) && !d.After(today.AddDays(until))
	}
	bucket := func(from, until int) func(listed) bool {
		return func(l listed) bool { return in(l.next(), from, until) }
	}
	cases := map[string]struct {
		f    casework.Filter
		fits func(listed) bool
	}{
		"all": {casework.Filter{}, func(listed) bool { return true }},
		"stages": {casework.Filter{Stages: []casework.Stage{casework.Intake, casework.Benefit}},
			func(l listed) bool { return l.Stage == casework.Intake || l.Stage == casework.Benefit }},
		"claims": {casework.Filter{Claims: []casework.ClaimState{casework.ClaimRunning, casework.ClaimNone}},
			func(l listed) bool {
				return l.ClaimState == casework.ClaimRunning || l.ClaimState == casework.ClaimNone
			}},
		"an outcome": {casework.Filter{Outcomes: []casework.Outcome{casework.Placed}},
			func(l listed) bool { return l.Outcome == casework.Placed }},
		"due":   {casework.Filter{Due: days(-2, 3)}, bucket(-2, 3)},
		"until": {casework.Filter{Due: casework.Days{Until: new(today)}}, bucket(-99, 0)},
		"from":  {casework.Filter{Due: casework.Days{From: new(today)}}, bucket(0, 99)},
		"overdue": {casework.Filter{Buckets: []casework.DueBucket{casework.Overdue}},
			func(l listed) bool { return in(l.next(), -99, -1) }},
		"overdue as a flag": {casework.Filter{OverdueOn: &today}, bucket(-99, -1)},
		"due today":         {casework.Filter{Buckets: []casework.DueBucket{casework.DueToday}}, bucket(0, 0)},
		"due in the week":   {casework.Filter{Buckets: []casework.DueBucket{casework.DueWeek}}, bucket(1, 7)},
		"due later":         {casework.Filter{Buckets: []casework.DueBucket{casework.DueLater}}, bucket(8, 99)},
		"not due or today": {casework.Filter{Buckets: []casework.DueBucket{casework.NotDue, casework.DueToday}},
			func(l listed) bool { return l.next().IsZero() || l.next() == today }},
		"opened": {casework.Filter{Opened: days(-25, -20)}, func(l listed) bool { return in(l.OpenedOn, -25, -20) }},
		"closed": {casework.Filter{Closed: days(-4, 2)}, func(l listed) bool { return in(l.ClosedOn, -4, 2) }},
		"updated": {casework.Filter{UpdatedSince: &at, UpdatedUntil: new(at.AddDate(0, 0, 2))}, func(l listed) bool {
			return !l.UpdatedAt.Before(at) && !l.UpdatedAt.After(at.AddDate(0, 0, 2))
		}},
		"of an officer": {casework.Filter{Officer: &officers[0]}, func(l listed) bool { return l.Officer == officers[0] }},
		"of nobody": {casework.Filter{Officer: new(authz.OfficerID{})},
			func(l listed) bool { return l.Officer == authz.OfficerID{} && l.ClosedOn.IsZero() }},
		"of a layoff":    {casework.Filter{Layoff: &layoff}, func(l listed) bool { return l.LayoffID == layoff }},
		"of an employer": {casework.Filter{Employer: &employer}, func(l listed) bool { return l.LayoffID == layoff }},
		"of an employer by name": {casework.Filter{EmployerName: new("sinar")},
			func(l listed) bool { return l.LayoffID == layoff }},
		"of an employer as the worker says": {casework.Filter{EmployerName: new("BAJA")},
			func(l listed) bool { return l.Employer == "CV Baja" }},
		"with a text": {casework.Filter{Text: new("garmen")},
			func(l listed) bool { return l.Employer == "PT Garmen" || l.position == "Kasir garmen" }},
		"no sign is a wildcard": {casework.Filter{Text: new("%")}, func(listed) bool { return false }},
		"several at once": {casework.Filter{Stages: []casework.Stage{casework.Intake, casework.Training}, Due: days(-5, 5),
			Officer: &officers[1]}, func(l listed) bool {
			return (l.Stage == casework.Intake || l.Stage == casework.Training) && in(l.next(), -5, 5) &&
				l.Officer == officers[1]
		}},
	}
	for name, c := range cases {
		c.f.Today = today
		for _, scope := range []authz.Scope{authz.Everywhere(), storetest.In("3273", "3578")} {
			want := slices.DeleteFunc(slices.Clone(all), func(l listed) bool { return !scope.Covers(l.Region) || !c.fits(l) })
			for _, order := range casework.Newest.Values() {
				c.f.Sort = order
				slices.SortFunc(want, func(x, y listed) int {
					up := slices.Compare(x.ID[:], y.ID[:])
					if order == casework.Newest {
						return -up
					}
					return cmp.Or(strings.Compare(x.key(order), y.key(order)), up)
				})
				for _, size := range []int{1, 50} {
					if size == 1 && (name != "all" && name != "until" || scope.Covers("3204") == (name == "until")) {
						continue // one by one is slow: once for many cases, which are walked, and once for few
					}
					got := pages(t, b, scope, c.f, size)
					if !slices.EqualFunc(got, want, func(id casework.ID, l listed) bool { return id == l.ID }) {
						t.Errorf("%s by %s in pages of %d: %d cases, want %d, or in another order", name, order, size, len(got),
							len(want))
					}
				}
			}
			counted(t, b, scope, c.f, name, want)
		}
	}
}

// pages reads a list to its end.
func pages(t *testing.T, b *bundle, scope authz.Scope, f casework.Filter, size int) (ids []casework.ID) {
	t.Helper()
	for f.Limit = size; len(ids) <= 200; {
		rows, err := b.List(t.Context(), scope, f)
		storetest.OK(t, err)
		for _, r := range rows {
			ids = append(ids, r.ID)
			f.After, f.AfterKey = r.ID, r.Key
		}
		if len(rows) < size {
			return ids
		}
	}
	t.Fatalf("a list of more than %d rows", len(ids))
	return nil
}

// counted compares the counts and the facets of a filter with its list.
func counted(t *testing.T, b *bundle, scope authz.Scope, f casework.Filter, name string, want []listed) {
	t.Helper()
	stages, claims, outcomes := map[casework.Stage]int{}, map[casework.ClaimState]int{}, map[casework.Outcome]int{}
	due, officers := map[casework.DueBucket]int{}, map[authz.OfficerID]int{}
	for _, l := range want {
		stages[l.Stage]++
		claims[l.ClaimState]++
		outcomes[l.Outcome]++
		switch days := l.next(); {
		case days.IsZero():
			due[casework.NotDue]++
		case days.Before(f.Today):
			due[casework.Overdue]++
		case days == f.Today:
			due[casework.DueToday]++
		case days.After(f.Today.AddDays(7)):
			due[casework.DueLater]++
		default:
			due[casework.DueWeek]++
		}
		if l.Officer != (authz.OfficerID{}) || l.ClosedOn.IsZero() {
			officers[l.Officer]++
		}
	}
	counts, err := b.Count(t.Context(), scope, f)
	storetest.OK(t, err)
	facets, err := b.Facets(t.Context(), scope, f)
	storetest.OK(t, err)
	if facets.Total != len(want) || facets.More {
		t.Errorf("%s: %d in all, want %d", name, facets.Total, len(want))
	}
	same(t, name, counts, stages)
	same(t, name, facets.Stages, stages)
	same(t, name, facets.Claims, claims)
	same(t, name, facets.Outcomes, outcomes)
	same(t, name, facets.Due, due)
	got := map[authz.OfficerID]int{}
	for i, o := range facets.Officers {
		got[o.Officer] = o.Cases
		if i > 0 && o.Cases > facets.Officers[i-1].Cases || (o.Name == "") != (o.Officer == authz.OfficerID{}) {
			t.Errorf("%s: officers %+v", name, facets.Officers)
		}
	}
	same(t, name, got, officers)
}

func same[K comparable](t *testing.T, name string, got, want map[K]int) {
	t.Helper()
	for k, n := range got {
		if want[k] != n {
			t.Errorf("%s: %v is counted %d times, want %d", name, k, n, want[k])
		}
	}
	for k, n := range want {
		if got[k] != n && fmt.Sprint(k) != "" {
			t.Errorf("%s: %v is counted %d times, want %d", name, k, got[k], n)
		}
	}
}
