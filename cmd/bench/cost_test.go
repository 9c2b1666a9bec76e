package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/store/stores"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/course"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/pkg/vacancy"
	"github.com/tanggap/tanggap/policies"
)

func tree(t *testing.T) *region.Tree {
	t.Helper()
	regions, err := policies.FS.Open("reference/regions.csv")
	if err != nil {
		t.Fatal(err)
	}
	superseded, err := policies.FS.Open("reference/regions_superseded.csv")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := region.Load(regions, superseded)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// asking is one list, count or search; it says how many rows, or how many cases of a count, it gave.
type asking struct {
	name string
	ask  func(context.Context, *stores.Stores, authz.Scope) (int, error)
}

const page = 20

// askings are the lists, counts and searches, with every filter that an index is there for.
func (b *loadedBase) askings(t *testing.T) []asking {
	day := calendar.Of(wall.Now(), calendar.WIB)
	recent := day.AddDays(-2).Time()
	rare := "0110"
	var fair, officer, someLayoff uuid.UUID
	for query, id := range map[string]*uuid.UUID{"select fair_id from vacancy where fair_id is not null limit 1": &fair,
		"select officer_id from cases where officer_id is not null order by id limit 1": &officer,
		"select layoff_id from cases where layoff_id is not null order by id limit 1":   &someLayoff} {
		if err := b.conn.QueryRow(t.Context(), query).Scan((*[16]byte)(id)); err != nil {
			t.Fatal(err)
		}
	}
	var all []asking
	for name, f := range map[string]casework.Filter{"all": {}, "closed": {Stages: []casework.Stage{casework.Closed}},
		"intake": {Stages: []casework.Stage{casework.Intake}}, "overdue": {OverdueOn: &day}, "updated": {UpdatedSince: &recent},
		"of an officer": {Officer: new(authz.OfficerID(officer))}, "of a layoff": {Layoff: &someLayoff}} {
		f.Limit = page
		all = append(all, asking{"cases " + name, func(ctx context.Context, s *stores.Stores,
			scope authz.Scope) (int, error) {
			list, err := s.List(ctx, scope, f)
			return len(list), err
		}}, asking{"count " + name, func(ctx context.Context, s *stores.Stores, scope authz.Scope) (int, error) {
			counts, err := s.Count(ctx, scope, f)
			return sum(counts), err
		}})
	}
	for name, f := range map[string]track.WorkFilter{"all": {}, "month": {Kind: new(track.TaskMonth)},
		"card": {Kind: new(track.TaskCard)}, "proposal": {Kind: new(track.TaskProposal)},
		"of an officer": {Officer: new(authz.OfficerID(officer))}} {
		f.Limit, f.Until = page, day.AddDays(30)
		all = append(all, asking{"work " + name, func(ctx context.Context, s *stores.Stores, scope authz.Scope) (int, error) {
			list, err := s.Work(ctx, scope, f)
			return len(list), err
		}}, asking{"count of work " + name, func(ctx context.Context, s *stores.Stores,
			scope authz.Scope) (n int, err error) {
			list, err := s.CountWork(ctx, scope, f, day)
			for _, c := range list {
				n += c.Overdue + c.Due
			}
			return n, err
		}})
	}
	for name, f := range map[string]vacancy.Filter{"all": {}, "withdrawn": {State: new(vacancy.Withdrawn)},
		"of a fair": {Fair: &fair}, "of a rare occupation": {Occupation: &rare},
		"of a province": {Region: new(region.Code("91"))}} {
		f.Limit = page
		all = append(all, asking{"vacancies " + name, func(ctx context.Context, s *stores.Stores,
			_ authz.Scope) (int, error) {
			list, err := s.ListVacancies(ctx, f)
			return len(list), err
		}})
	}
	for name, f := range map[string]layoff.Filter{"all": {}, "overdue": {OverdueOn: &day}} {
		f.Limit = page
		all = append(all, asking{"layoffs " + name, func(ctx context.Context, s *stores.Stores, scope authz.Scope) (int,
			error) {
			list, err := s.ListLayoffs(ctx, scope, f)
			return withCases(list), err
		}})
	}
	return append(append(all, b.whatWaits()...),
		asking{"classes", func(ctx context.Context, s *stores.Stores, _ authz.Scope) (int, error) {
			list, err := s.ListClasses(ctx, course.Filter{Limit: page})
			return len(list), err
		}},
		asking{"search siti", func(ctx context.Context, s *stores.Stores, scope authz.Scope) (int, error) {
			return b.search(ctx, s, scope, "siti")
		}},
		asking{"search nobody", func(ctx context.Context, s *stores.Stores, scope authz.Scope) (int, error) {
			return b.search(ctx, s, scope, "qwertz")
		}},
		asking{"retention", func(ctx context.Context, s *stores.Stores, scope authz.Scope) (int, error) {
			list, err := s.ListDue(ctx, scope, day.AddDays(-900), casework.ID{}, page)
			return len(list), err
		}},
		asking{"report of layoffs", func(ctx context.Context, s *stores.Stores, scope authz.Scope) (n int, err error) {
			rows, err := s.Figures(ctx, scope, statistics.Query{Report: statistics.Layoffs, Definition: statistics.Workers,
				By: []statistics.Grouping{statistics.ByProvince}, KnownAt: wall.Now(), From: new(day.AddDays(-900)), Until: &day})
			for _, r := range rows.Rows {
				n += int(*r.Values[0])
			}
			return n, err
		}},
		asking{"access of an officer", func(ctx context.Context, s *stores.Stores, _ authz.Scope) (n int, err error) {
			list, err := s.ListAccess(ctx, authz.Everywhere(), accesslog.Filter{Officer: new(authz.OfficerID(officer)),
				Limit: page})
			for _, r := range list {
				n += 1 + len(r.Subjects) // each is looked for
			}
			return n, err
		}},
		asking{"referrals", func(ctx context.Context, s *stores.Stores, scope authz.Scope) (int, error) {
			list, err := s.ListReferrals(ctx, scope, new(track.Incoming), nil, uuid.Nil, page)
			return len(list), err
		}},
		asking{"intakes", func(ctx context.Context, s *stores.Stores, scope authz.Scope) (int, error) {
			list, err := s.ListIntakes(ctx, scope, uuid.Nil, page)
			return len(list), err
		}},
	)
}

// withCases counts layoffs and their cases, each of which is counted for the list.
func withCases(list []layoff.Layoff) (n int) {
	for _, l := range list {
		n += 1 + l.Cases
	}
	return n
}

// walked is how many cases a page of duplicates looks at, of which it shows few.
const walked = 1000

// whatWaits are the askings for what waits for a right, and for the cases that may be of one worker.
func (b *loadedBase) whatWaits() (all []asking) {
	for _, q := range []track.Queue{track.PaymentQueue, track.VacancyQueue, track.ReferralQueue, track.VoidQueue} {
		all = append(all, asking{"queue of " + string(q), func(ctx context.Context, s *stores.Stores,
			scope authz.Scope) (int, error) {
			return s.CountQueue(ctx, scope, q)
		}})
	}
	return append(all,
		asking{"voids", func(ctx context.Context, s *stores.Stores, scope authz.Scope) (int, error) {
			list, err := s.Voids(ctx, scope, track.VoidAsked{}, page)
			return len(list), err
		}},
		asking{"payments", func(ctx context.Context, s *stores.Stores, scope authz.Scope) (int, error) {
			list, err := s.Payable(ctx, scope, track.Payable{}, page)
			return len(list), err
		}},
		asking{"duplicates", func(ctx context.Context, s *stores.Stores, scope authz.Scope) (int, error) {
			list, _, err := s.ListDuplicates(ctx, scope, casework.DuplicateFilter{Limit: page})
			if scope.National() {
				return walked, err
			}
			return len(list), err
		}},
		asking{"cases that a release moves", func(ctx context.Context, s *stores.Stores, _ authz.Scope) (int, error) {
			list, err := s.OpenCases(ctx, uuid.Nil, page)
			return len(list), err
		}},
		asking{"layoffs that a release moves", func(ctx context.Context, s *stores.Stores, _ authz.Scope) (int, error) {
			list, err := s.OpenLayoffs(ctx, uuid.Nil, page)
			return withCases(list), err
		}})
}

func (b *loadedBase) search(ctx context.Context, s *stores.Stores, scope authz.Scope, name string) (int, error) {
	rows, err := s.Search(ctx, scope, casework.Query{Name: name, Limit: page})
	return len(rows), err
}

func sum(counts map[casework.Stage]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

// What is read without being shown: the officer, the office, the pages of what only its region hides.
const aside = 150

// regencyReads holds the cost of every list, count and search of a small regency, in a country that is a
// thousand times as large, to what it gives. Rows are counted by PostgreSQL; sequential scans are forbidden, so that a
// table is not read as a whole only because it is small here.
func (b *loadedBase) regencyReads(t *testing.T) {
	scope := authz.ScopeOver(region.Code(b.data.thin))
	var own int
	if err := b.conn.QueryRow(t.Context(), "select count(*) from cases where region = $1",
		b.data.thin).Scan(&own); err != nil {
		t.Fatal(err)
	}
	for _, a := range b.askings(t) {
		read, shown := b.rowsRead(t, a, scope)
		if most := aside + 12*(shown+own); read > most {
			t.Errorf("%s: read %d rows for %d shown, of %d own cases", a.name, read, shown, own)
		}
	}
}

// nationReads holds the lists of the nation to their page; its counts go through the nation, as do its searches below
// ten thousand cases, and a kind of work is looked for among all that is due. So few months to pay are sorted; their
// index of the nation is taken where there are many.
func (b *loadedBase) nationReads(t *testing.T) {
	for _, a := range b.askings(t) {
		if strings.HasPrefix(a.name, "search") || strings.HasPrefix(a.name, "work") || a.name == "payments" {
			continue
		}
		each := 12
		if a.name == "duplicates" { // of each pair it is asked whether they are linked as one person's
			each = 24
		}
		if read, shown := b.rowsRead(t, a, authz.Everywhere()); read > 2*aside+each*shown {
			t.Errorf("%s: read %d rows for %d shown", a.name, read, shown)
		}
	}
}

// rowsRead is how many rows of tables and entries of indexes an asking read.
func (b *loadedBase) rowsRead(t *testing.T, a asking, scope authz.Scope) (read, shown int) {
	t.Helper()
	if err := b.alone(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := b.counted(t)
	s := b.open(t, b.AppDSN+" options='-c enable_seqscan=off'")
	shown, err := a.ask(t.Context(), s, scope)
	s.Close()
	if err != nil {
		t.Fatalf("%s: %v", a.name, err)
	}
	if err := b.alone(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b.counted(t) - before, shown
}

// alone waits until the server has let the connections of the store go: by then it has counted what they read.
func (b *loadedBase) alone(ctx context.Context) error {
	for deadline := wall.Now().Add(time.Minute); wall.Now().Before(deadline); {
		var others int
		err := b.conn.QueryRow(ctx,
			"select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and "+
				"backend_type = 'client backend'").Scan(&others)
		if err != nil || others == 0 {
			return err
		}
	}
	return errors.New("the connections stay")
}

func (b *loadedBase) counted(t *testing.T) (rows int) {
	t.Helper()
	// What this connection has read for other tests is counted first.
	if _, err := b.conn.Exec(t.Context(), "select pg_stat_force_next_flush()"); err != nil {
		t.Fatal(err)
	}
	err := b.conn.QueryRow(t.Context(),
		`select ((select coalesce(sum(seq_tup_read), 0) from pg_stat_user_tables) + (select coalesce(sum(idx_tup_read), 0)
			from pg_stat_user_indexes))::bigint`).Scan(&rows)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
