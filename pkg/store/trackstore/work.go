package trackstore

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
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/casestore"
	"github.com/tanggap/tanggap/pkg/track"
)

// clock is what the next day of a case is for; the one that comes later waits behind it.
const clock = "case when c.next_on < c.due_on or c.due_on is null then 'follow_up' when starts_with(c.due_for, 'month') then 'month' else 'deadline' end"

// nothing is the part of what belongs to the case itself.
const nothing = "'00000000-0000-0000-0000-000000000000'::uuid"

// afterwards are the tasks that a case which is closed still wants to be looked after: for them the case need not be looked at.
var afterwards = "(" + quoted(track.LastingTasks()) + ")"

// work is what a filter leaves of the next days of cases, and of the tasks of their tracks. Every branch walks an index in
// the order of the list, in one office after the other or in the nation, and ends as tail says.
func (s *Tracks) work(scope authz.Scope, f track.WorkFilter, args *[]any, tail string, byOffice bool) string {
	w := workQuery{args: args, tail: tail, until: f.Until, after: f.After, kind: f.Kind}
	switch {
	case f.Officer != nil:
		w.from = "(select * from cases c where c.officer_id = " + w.arg(uuid.UUID(*f.Officer), "uuid") + " and " +
			store.CaseScopeSQL(scope) + " offset 0)"
	case byOffice || !scope.National():
		w.offices = w.arg(s.Regencies(scope.Regions()), "text[]")
	}
	return store.Union(w.branches(), "")
}

// workQuery makes the branches of one list of work.
type workQuery struct {
	args    *[]any
	tail    string
	until   calendar.Date
	after   track.WorkItem
	kind    *track.TaskKind
	from    string // the cases of one officer, found by the officer and not by the day, or empty
	offices string // the regencies to go through, or empty for the nation at once
}

func (w *workQuery) arg(value any, kind string) string {
	*w.args = append(*w.args, value)
	return fmt.Sprintf("$%d::%s", len(*w.args), kind)
}

// branches leaves out those in which the wanted kind does not occur.
func (w *workQuery) branches() (list []string) {
	next, tasks := true, true
	if w.kind != nil {
		next = *w.kind == track.TaskDeadline || *w.kind == track.TaskFollowUp || *w.kind == track.TaskMonth
		tasks = !next
	}
	if next {
		list = append(list, w.nextDays())
	}
	if tasks {
		list = append(list, w.tasks("t.kind in "+afterwards, false),
			w.tasks("t.kind not in "+afterwards+" and c.stage <> 'closed'", true))
	}
	return list
}

// nextDays are those that stand in the cases themselves.
func (w *workQuery) nextDays() string {
	source := "cases"
	if w.from != "" {
		source = w.from
	}
	query := "select c.id, " + clock + " as kind, " + nothing + " as part, c.next_on as due_on from " + source +
		" c where c.next_on <= " + w.arg(store.NullDate(w.until), "date")
	if w.kind != nil {
		query += " and " + clock + " = " + store.Quote(string(*w.kind))
	}
	if !w.after.DueOn.IsZero() {
		// The first comparison begins the walk where the page before ended, the second leaves out what was on it.
		last, of, kind, part := w.cursor()
		query += fmt.Sprintf(" and (c.next_on, c.id) >= (%[1]s, %[2]s) and (c.next_on, c.id, "+clock+", "+nothing+") > (%[1]s, %[2]s, %[3]s, %[4]s)", last, of, kind, part)
	}
	return w.everywhere(query, "c")
}

// tasks are those of the tracks that a condition leaves, beside their cases where those matter.
func (w *workQuery) tasks(condition string, withCase bool) string {
	source := "task t"
	switch {
	case w.from != "":
		source = w.from + " c cross join lateral (select * from task t where t.case_id = c.id offset 0) t"
	case withCase:
		source += " cross join lateral (select c.stage from cases c where c.id = t.case_id limit 1) c"
	}
	query := "select t.case_id as id, t.kind, t.part, t.due_on from " + source + " where " + condition +
		" and t.due_on <= " + w.arg(store.NullDate(w.until), "date")
	if w.kind != nil {
		query += " and t.kind = " + store.Quote(string(*w.kind))
	}
	if !w.after.DueOn.IsZero() {
		last, of, kind, part := w.cursor()
		query += fmt.Sprintf(" and (t.due_on, t.case_id, t.kind, t.part) > (%s, %s, %s, %s)", last, of, kind, part)
	}
	return w.everywhere(query, "t")
}

// cursor is the last item of the page before.
func (w *workQuery) cursor() (due, of, kind, part string) {
	return w.arg(store.NullDate(w.after.DueOn), "date"), w.arg(uuid.UUID(w.after.Case.ID), "uuid"), w.arg(string(w.after.Kind),
		"text"), w.arg(w.after.Part, "uuid")
}

// everywhere runs a query over the table aliased t in one office after the other, or once.
func (w *workQuery) everywhere(query, t string) string {
	if w.offices == "" {
		return query + w.tail
	}
	return "select c.id, c.kind, c.part, c.due_on from " + store.EachOffice(w.offices,
		query+" and "+t+".region = office.code"+w.tail)
}

// Work implements track.WorkStore.
func (s *Tracks) Work(ctx context.Context, scope authz.Scope, f track.WorkFilter) (list []track.WorkItem, err error) {
	if scope.Empty() {
		return nil, nil
	}
	var args []any
	page := fmt.Sprintf(" order by due_on, id, kind, part limit %d", f.Limit)
	query := "select g.kind, g.part, g.due_on, " + casestore.RowColumns + " from (select * from (" + s.work(scope, f, &args, page,
		false) + ") x" + page +
		") g cross join lateral (select * from cases c where c.id = g.id limit 1) c " + casestore.PersonOf +
		" order by g.due_on, g.id, g.kind, g.part"
	err = s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, args...) }, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		var item track.WorkItem
		var due pgtype.Date
		var name, tail, employer string
		c := casestore.NewCaseScanner(&name, &tail, &employer)
		_, err = pgx.ForEachRow(rows, append([]any{(*string)(&item.Kind), (*[16]byte)(&item.Part), &due}, c.Dest...),
			func() error {
				item.DueOn, item.For, item.Case = store.DateOf(due), "", casework.Row{Case: c.Current(), Name: name,
					NIKMasked: identity.MaskedNIK(tail), Employer: employer}
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
func (s *Tracks) CountWork(ctx context.Context, scope authz.Scope, f track.WorkFilter,
	today calendar.Date) (list []track.WorkCount, err error) {
	if scope.Empty() {
		return nil, nil
	}
	var args []any
	items := s.work(scope, f, &args, "", true)
	args = append(args, today.Time())
	query := fmt.Sprintf(`select kind, count(*) filter (where due_on < $%d), count(*) filter (where due_on >= $%[1]d) from (%s) x group by kind order by kind`, len(args), items)
	err = s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, args...) }, func(r pgx.BatchResults) error {
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
func (s *Tracks) Remind(ctx context.Context) error {
	const day = "(clock_timestamp() at time zone 'Asia/Jakarta')::date"
	return s.Write(ctx, authz.Op{Scope: authz.Everywhere()}, nil, func(tx pgx.Tx) error {
		var told bool
		if err := tx.QueryRow(ctx,
			"select exists (select from reminder where told_on = "+day+")").Scan(&told); err != nil || told {
			return err
		}
		ctx := store.WithWait(ctx, 2*time.Minute)
		if _, err := tx.Exec(ctx, "set local statement_timeout = '2min'"); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `insert into reminder select region, `+day+`, kind, count(*) filter (where due_on < `+day+`), count(*) filter (where due_on = `+day+`) from (
				select c.region, `+clock+` as kind, c.next_on as due_on from cases c where c.next_on <= `+day+`
				union all select t.region, t.kind, t.due_on from task t where t.due_on <= `+day+` and (t.kind in `+afterwards+`
					or exists (select from cases c where c.id = t.case_id and c.stage <> 'closed'))) x group by 1, 3 on conflict do nothing`)
		return err
	})
}

// Reminders implements track.WorkStore.
func (s *Tracks) Reminders(ctx context.Context, scope authz.Scope, from calendar.Date) (list []track.Reminder,
	err error) {
	err = s.Read(ctx, scope, func(b *pgx.Batch) {
		b.Queue("select region, told_on, kind, overdue, due from reminder where told_on >= $1 and "+store.ScopeSQL(scope,
			"region")+" order by told_on desc, region, kind limit 1000", from.Time())
	}, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (m track.Reminder, err error) {
			var on pgtype.Date
			err = row.Scan(&m.Region, &on, (*string)(&m.Kind), &m.Overdue, &m.Due)
			m.On = store.DateOf(on)
			return m, err
		})
		return err
	})
	return list, err
}

var _ track.WorkStore = (*Tracks)(nil)
