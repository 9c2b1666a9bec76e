package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/track"
)

// clock is what the next day of a case is for; the one that comes later waits behind it.
const clock = "case when c.next_on < c.due_on or c.due_on is null then 'follow_up' when starts_with(c.due_for, 'month') then 'month' else 'deadline' end"

// nothing is the part of what belongs to the case itself.
const nothing = "'00000000-0000-0000-0000-000000000000'::uuid"

// work is what a filter leaves of the next days of cases, and of the tasks of their tracks: a query for each office of the
// scope, or for the nation, that walks an index in the order of the list.
func (s *Store) work(scope authz.Scope, f track.WorkFilter, args *[]any) (branches []string) {
	arg := func(value any, kind string) string {
		*args = append(*args, value)
		return fmt.Sprintf("$%d::%s", len(*args), kind)
	}
	only := ""
	if f.Officer != nil {
		only = " and c.officer_id = " + arg(uuid.UUID(*f.Officer), "uuid")
	}
	until, last, of := arg(nullDate(f.Until), "date"), arg(nullDate(f.After.DueOn), "date"), arg(uuid.UUID(f.After.Case.ID), "uuid")
	rest, wanted := arg(string(f.After.Kind), "text")+", "+arg(f.After.Part, "uuid"), arg(textOf(f.Kind), "text")
	for _, code := range s.offices(scope) {
		place := func(t string) string {
			if code == "" {
				return "true"
			}
			return t + ".region = '" + string(code) + "'"
		}
		// The first comparison begins the walk where the page before ended, the second leaves out what was on it.
		branches = append(branches, fmt.Sprintf(`select c.id, `+clock+` as kind, `+nothing+` as part, c.next_on as due_on from cases c where %[1]s and c.next_on <= %[2]s
			and (%[3]s is null or (c.next_on, c.id) >= (%[3]s, %[4]s) and (c.next_on, c.id, `+clock+`, `+nothing+`) > (%[3]s, %[4]s, %[5]s)) and (%[6]s is null or `+clock+` = %[6]s)%[7]s`,
			place("c"), until, last, of, rest, wanted, only),
			// A case that is closed still wants some of its tasks to be looked after.
			fmt.Sprintf(`select t.case_id as id, t.kind, t.part, t.due_on from task t join cases c on c.id = t.case_id where %[1]s and t.due_on <= %[2]s
			and (c.stage <> 'closed' or t.kind in ('placement_retention', 'certificate_renewal', 'jobseeker_card_report'))
			and (%[3]s is null or (t.due_on, t.case_id, t.kind, t.part) > (%[3]s, %[4]s, %[5]s)) and (%[6]s is null or t.kind = %[6]s)%[7]s`, place("t"), until, last, of, rest, wanted, only))
	}
	return branches
}

// offices lists the regencies of a scope one by one; the nation stays one.
func (s *Store) offices(scope authz.Scope) (list []region.Code) {
	for _, code := range scope.Regions() {
		if code.Level() != region.Province {
			list = append(list, code)
			continue
		}
		for _, child := range s.tree.Children(code) {
			list = append(list, child.Code)
		}
	}
	return list
}

func union(branches []string, tail string) string {
	query := ""
	for i, branch := range branches {
		if i > 0 {
			query += " union all "
		}
		query += "(" + branch + tail + ")"
	}
	return query
}

// Work implements track.WorkStore.
func (s *Store) Work(ctx context.Context, scope authz.Scope, f track.WorkFilter) (list []track.WorkItem, err error) {
	if scope.Empty() {
		return nil, nil
	}
	var args []any
	page := fmt.Sprintf(" order by due_on, id, kind, part limit %d", f.Limit)
	query := "select g.kind, g.part, g.due_on, " + rowColumns + " from (select * from (" + union(s.work(scope, f, &args), page) + ") x" + page + ") g join cases c on c.id = g.id " + personOf +
		" order by g.due_on, g.id, g.kind, g.part"
	err = s.read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, args...) }, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		var item track.WorkItem
		var due pgtype.Date
		var name, tail, employer string
		c := newCaseScanner(&name, &tail, &employer)
		_, err = pgx.ForEachRow(rows, append([]any{(*string)(&item.Kind), (*[16]byte)(&item.Part), &due}, c.dest...), func() error {
			item.DueOn, item.For, item.Case = dateOf(due), "", casework.Row{Case: c.current(), Name: name, NIKMasked: identity.MaskedNIK(tail), Employer: employer}
			if item.Kind == track.TaskDeadline || item.Kind == track.TaskMonth {
				item.For = item.Case.DueFor
			}
			list = append(list, item)
			return nil
		})
		return err
	})
	return list, err
}

// CountWork implements track.WorkStore.
func (s *Store) CountWork(ctx context.Context, scope authz.Scope, f track.WorkFilter, today calendar.Date) (list []track.WorkCount, err error) {
	if scope.Empty() {
		return nil, nil
	}
	var args []any
	branches := s.work(scope, f, &args)
	args = append(args, today.Time())
	query := fmt.Sprintf(`select kind, count(*) filter (where due_on < $%d), count(*) filter (where due_on >= $%[1]d) from (%s) x group by kind order by kind`, len(args), union(branches, ""))
	err = s.read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, args...) }, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (n track.WorkCount, err error) {
			err = row.Scan((*string)(&n.Kind), &n.Overdue, &n.Due)
			return n, err
		})
		return err
	})
	return list, err
}

// Remind implements track.WorkStore: the day is that of WIB, and what is due is due within it.
func (s *Store) Remind(ctx context.Context) error {
	const day = "(clock_timestamp() at time zone 'Asia/Jakarta')::date"
	return s.write(ctx, authz.Op{Scope: authz.Everywhere()}, nil, func(tx pgx.Tx) error {
		var told bool
		if err := tx.QueryRow(ctx, "select exists (select from reminder where told_on = "+day+")").Scan(&told); err != nil || told {
			return err
		}
		ctx := patient(ctx, 2*time.Minute)
		if _, err := tx.Exec(ctx, "set local statement_timeout = '2min'"); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `insert into reminder select region, `+day+`, kind, count(*) filter (where due_on < `+day+`), count(*) filter (where due_on = `+day+`) from (
				select c.region, `+clock+` as kind, c.next_on as due_on from cases c where c.next_on <= `+day+`
				union all select region, kind, due_on from task where due_on <= `+day+`) x group by 1, 3 on conflict do nothing`)
		return err
	})
}

// Reminders implements track.WorkStore.
func (s *Store) Reminders(ctx context.Context, scope authz.Scope, from calendar.Date) (list []track.Reminder, err error) {
	err = s.read(ctx, scope, func(b *pgx.Batch) {
		b.Queue("select region, told_on, kind, overdue, due from reminder where told_on >= $1 and "+literal(scope, "region")+" order by told_on desc, region, kind limit 1000", from.Time())
	}, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (m track.Reminder, err error) {
			var on pgtype.Date
			err = row.Scan(&m.Region, &on, (*string)(&m.Kind), &m.Overdue, &m.Due)
			m.On = dateOf(on)
			return m, err
		})
		return err
	})
	return list, err
}

var _ track.WorkStore = (*Store)(nil)
