package trackstore

import (
	"context"
	"fmt"
	"slices"
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

// nothing is the part of what belongs to the case itself.
const nothing = "'00000000-0000-0000-0000-000000000000'::uuid"

// itemOrder is the order of a list of work, in which no two items are the same.
const itemOrder = "due_on, id, kind, part, item"

// source is where work of some kinds stands: a row of its own for every day and every thing that waits, so that none
// hides another. The columns are those of the table aliased t; of is the one that says whose case it is.
type source struct {
	kinds                                     []track.TaskKind
	table, of, kind, part, due, item, leaving string
	open                                      bool // only while the case is open
	ordered                                   bool // an index of the nation has the order of the list
}

// sources are all places in which work stands. What waits for an officer's decision is there as long as its cause is.
var sources = []source{
	{kinds: []track.TaskKind{track.TaskDeadline}, table: "cases", of: "id", part: nothing, due: "t.due_on",
		item: "t.due_for", leaving: "not starts_with(t.due_for, 'month')", ordered: true},
	{kinds: []track.TaskKind{track.TaskFollowUp}, table: "cases", of: "id", part: nothing, due: "t.follow_up_on",
		item: "''", leaving: "true", ordered: true},
	{kinds: []track.TaskKind{track.TaskMonth}, table: "claim_month", of: "case_id", part: "t.claim_id", due: "t.closes_on",
		item: "'month_' || t.n", leaving: "t.state = 'upcoming'"},
	{kinds: []track.TaskKind{track.TaskPayment}, table: "claim_month", of: "case_id", part: "t.claim_id",
		due: fmt.Sprintf("coalesce(t.proved_on, t.opens_on) + %d", track.PaymentDays), item: "'month_' || t.n",
		leaving: payable},
	{kinds: []track.TaskKind{track.TaskDecision}, table: "claim", of: "case_id", part: "t.id",
		due: fmt.Sprintf("t.applied_on + %d", track.DecisionDays), item: "''", leaving: "t.state = 'applied'"},
	{kinds: []track.TaskKind{track.TaskErasure}, table: "erasure", of: "case_id", part: nothing,
		due: fmt.Sprintf(`(select max(h.occurred_on) from case_history h
			where h.case_id = t.case_id and h.kind = 'erasure.requested') + %d`, track.ErasureDays),
		item: "''", leaving: "t.state = 'requested'"},
	{kinds: track.LastingTasks(), table: "task", of: "case_id", kind: "t.kind", part: "t.part", due: "t.due_on",
		item: "''", leaving: "t.kind in (" + quoted(track.LastingTasks()) + ")", ordered: true},
	{kinds: track.PassingTasks(), table: "task", of: "case_id", kind: "t.kind", part: "t.part", due: "t.due_on",
		item: "''", leaving: "t.kind in (" + quoted(track.PassingTasks()) + ")", open: true, ordered: true},
}

// payable is a month that may be paid: one that was proved, or the first, which needs no proof.
const payable = "(t.state = 'proved' or t.n = 1 and t.state = 'upcoming')"

// work is what a filter leaves of all sources, each ending as tail says. Those that have an index in the order of the
// list walk it, in one office after the other or in the nation; of the others there is little in an office.
func (s *Tracks) work(scope authz.Scope, f track.WorkFilter, args *[]any, tail string, byOffice bool) string {
	w := workQuery{args: args, tail: tail, after: f.After, kind: f.Kind, national: scope.National() && !byOffice}
	w.until = w.arg(store.NullDate(f.Until), "date")
	if f.Officer != nil {
		w.from = "(select * from cases c where c.officer_id = " + w.arg(uuid.UUID(*f.Officer), "uuid") + " and " +
			store.CaseScopeSQL(scope) + " offset 0)"
	}
	w.regencies = s.Regencies(scope.Regions())
	return store.Union(w.branches(), "")
}

// workQuery makes the branches of one list of work.
type workQuery struct {
	args     *[]any
	tail     string
	until    string // last due day
	after    track.WorkItem
	kind     *track.TaskKind
	from     string // the cases of one officer, found by the officer and not by the day, or empty
	national bool   // all regencies are meant: what has an index of the nation is walked at once

	regencies []string
	offices   string // the argument that they are, once there is one
}

func (w *workQuery) arg(value any, kind string) string {
	*w.args = append(*w.args, value)
	return fmt.Sprintf("$%d::%s", len(*w.args), kind)
}

// branches leaves out those in which the wanted kind does not occur.
func (w *workQuery) branches() (list []string) {
	for _, s := range sources {
		if w.kind == nil || slices.Contains(s.kinds, *w.kind) {
			list = append(list, w.branch(s))
		}
	}
	return list
}

func (w *workQuery) branch(s source) string {
	kind := s.kind
	if kind == "" {
		kind = store.Quote(string(s.kinds[0]))
	}
	query := "select t.region, t." + s.of + " as id, " + kind + " as kind, " + s.part + " as part, " + s.due +
		" as due_on, " + s.item + " as item from " + w.place(s) + " where " + s.leaving + " and " + s.due + " <= " + w.until
	if s.open {
		query += " and c.stage <> 'closed'"
	}
	if w.kind != nil && s.kind != "" {
		query += " and t.kind = " + store.Quote(string(*w.kind))
	}
	if !w.after.DueOn.IsZero() {
		// The first comparison begins the walk where the page before ended, the second leaves out what was on it.
		query += fmt.Sprintf(" and (%[1]s, t.%[2]s) >= (%[5]s, %[6]s) and (%[1]s, t.%[2]s, %[3]s, %[4]s, %[10]s) > (%[5]s, "+
			"%[6]s, %[7]s, %[8]s, %[9]s)",
			s.due, s.of, kind, s.part, w.arg(store.NullDate(w.after.DueOn), "date"), w.arg(uuid.UUID(w.after.Case.ID), "uuid"),
			w.arg(string(w.after.Kind), "text"), w.arg(w.after.Part, "uuid"), w.arg(w.after.For, "text"), s.item)
	}
	if w.from != "" || w.national && s.ordered {
		return query + w.tail
	}
	if w.offices == "" {
		w.offices = w.arg(w.regencies, "text[]")
	}
	return "select c.* from " + store.EachOffice(w.offices, query+" and t.region = office.code"+w.tail)
}

// place is the table of a source as t, beside the case as c where that matters.
func (w *workQuery) place(s source) string {
	switch {
	case w.from != "" && s.table == "cases":
		return w.from + " t"
	case w.from != "":
		return w.from + " c cross join lateral (select * from " + s.table + " t where t.case_id = c.id offset 0) t"
	case s.open:
		return s.table + " t cross join lateral (select c.stage from cases c where c.id = t.case_id limit 1) c"
	}
	return s.table + " t"
}

// Work implements track.WorkStore.
func (s *Tracks) Work(ctx context.Context, scope authz.Scope, f track.WorkFilter) (list []track.WorkItem, err error) {
	if scope.Empty() {
		return nil, nil
	}
	var args []any
	page := fmt.Sprintf(" order by "+itemOrder+" limit %d", f.Limit)
	query := "select g.kind, g.part, g.due_on, g.item, " + casestore.RowColumns + " from (select * from (" +
		s.work(scope, f, &args, page, false) + ") x" + page +
		") g cross join lateral (select * from cases c where c.id = g.id limit 1) c " + casestore.PersonOf +
		" order by g.due_on, g.id, g.kind, g.part, g.item"
	err = s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, args...) }, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		var item track.WorkItem
		var due pgtype.Date
		var name, tail, employer string
		c := casestore.NewCaseScanner(&name, &tail, &employer)
		_, err = pgx.ForEachRow(rows, append([]any{(*string)(&item.Kind), (*[16]byte)(&item.Part), &due, &item.For},
			c.Dest...),
			func() error {
				item.DueOn, item.Case = store.DateOf(due), casework.Row{Case: c.Current(), Name: name,
					NIKMasked: identity.MaskedNIK(tail), Employer: employer}
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
	query := fmt.Sprintf(`select kind, count(*) filter (where due_on < $%d), count(*) filter (where due_on >= $%[1]d)
		from (%s) x group by kind order by kind`, len(args), items)
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
		var args []any
		w := workQuery{args: &args, until: day, national: true, regencies: s.Regencies(authz.Everywhere().Regions())}
		_, err := tx.Exec(ctx, "insert into reminder select region, "+day+", kind, count(*) filter (where due_on < "+day+
			"), count(*) filter (where due_on = "+day+") from ("+store.Union(w.branches(), "")+
			") x group by 1, 3 on conflict do nothing", args...)
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
