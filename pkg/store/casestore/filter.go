package casestore

import (
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/store"
)

// nextDay is the earlier one of deadline and follow-up, as it is indexed: the cases without either are the last.
const nextDay = "coalesce(c.next_on, 'infinity'::date)"

// conditions collects those of a filter with their arguments.
type conditions struct {
	sql  strings.Builder
	args *[]any
}

func (c *conditions) add(condition string, value any) {
	*c.args = append(*c.args, value)
	fmt.Fprintf(&c.sql, " and "+condition, len(*c.args))
}

// in writes the values of a closed list out: of a stage that it knows, the planner knows how many cases are in it.
func in[T ~string](c *conditions, column string, values []T) {
	if len(values) == 0 {
		return
	}
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = store.Quote(string(v))
	}
	c.sql.WriteString(" and " + column + " in (" + strings.Join(quoted, ", ") + ")")
}

func (c *conditions) days(column string, d casework.Days) {
	if d.From != nil {
		c.add(column+" >= $%d", d.From.Time())
	}
	if d.Until != nil {
		c.add(column+" <= $%d", d.Until.Time())
	}
}

// filterQuery is the conditions of a filter, each starting with "and". The place in a list that is not the newest first
// is put in by the list.
func filterQuery(f casework.Filter, args *[]any) string {
	c := &conditions{args: args}
	in(c, "c.stage", f.Stages)
	in(c, "c.claim_state", f.Claims)
	in(c, "c.outcome", f.Outcomes)
	if f.Officer != nil && *f.Officer != nobody {
		c.add("c.officer_id = $%d", uuid.UUID(*f.Officer))
	}
	if f.OverdueOn != nil {
		c.add("(c.due_on < $%[1]d or c.follow_up_on < $%[1]d)", f.OverdueOn.Time())
	}
	c.days(nextDay, f.Due)
	if f.Due.Until == nil && f.Due.From != nil {
		c.sql.WriteString(" and c.next_on is not null")
	}
	c.buckets(f.Buckets, f.Today)
	c.days("c.opened_on", f.Opened)
	c.days("c.terminated_on", f.Terminated)
	c.days("c.closed_on", f.Closed)
	if f.UpdatedSince != nil {
		c.add("c.updated_at >= $%d", *f.UpdatedSince)
	}
	if f.UpdatedUntil != nil {
		c.add("c.updated_at <= $%d", *f.UpdatedUntil)
	}
	c.origin(f)
	if uuid.UUID(f.After) != uuid.Nil && (f.Sort == "" || f.Sort == casework.Newest) {
		c.add("c.id < $%d", uuid.UUID(f.After))
	}
	return c.sql.String()
}

// origin is where a worker comes from: the layoff, its employer, and what the worker named.
func (c *conditions) origin(f casework.Filter) {
	if f.Layoff != nil {
		c.add("c.layoff_id = $%d", *f.Layoff)
	}
	if f.Employer != nil {
		c.add("c.layoff_id = any (array(select l.id from layoff l where l.employer_id = $%d))", *f.Employer)
	}
	const worker = "exists (select from case_worker w where w.case_id = c.id and "
	if f.EmployerName != nil {
		c.add("("+worker+`strpos(lower(w.employer), lower($%[1]d)) > 0) or exists (select from layoff l join employer e
			on e.id = l.employer_id where l.id = c.layoff_id and strpos(lower(e.name), lower($%[1]d)) > 0))`, *f.EmployerName)
	}
	if f.Text != nil {
		c.add(worker+"strpos(lower(w.employer || E'\\n' || w.position), lower($%d)) > 0)", *f.Text)
	}
}

// buckets leaves the cases that are in one of some buckets.
func (c *conditions) buckets(list []casework.DueBucket, today calendar.Date) {
	if len(list) == 0 {
		return
	}
	each := make([]string, len(list))
	for i, b := range list {
		each[i] = bucketQuery(b, len(*c.args)+1)
	}
	either := strings.Join(each, " or ")
	if strings.Contains(either, "$") { // who has no day at all is found without today
		*c.args = append(*c.args, today.Time())
	}
	c.sql.WriteString(" and (" + either + ")")
}

// bucketQuery says that a case is in a bucket, with today as the nth argument.
func bucketQuery(b casework.DueBucket, n int) string {
	today := fmt.Sprintf("$%d::date", n)
	week := fmt.Sprintf("%s + %d", today, casework.WeekDays)
	switch b {
	case casework.Overdue:
		return nextDay + " < " + today
	case casework.DueToday:
		return nextDay + " = " + today
	case casework.DueWeek:
		return nextDay + " > " + today + " and " + nextDay + " <= " + week
	case casework.DueLater:
		return nextDay + " > " + week + " and c.next_on is not null"
	case casework.NotDue:
		return nextDay + " = 'infinity'"
	}
	return "false"
}
