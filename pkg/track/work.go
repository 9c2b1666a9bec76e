package track

import (
	"context"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
)

// WorkFilter narrows a work list. What is nil does not filter; what is there does, whatever its value. Until is the last
// due day, and there always is one; the position is that of the last item of the page before.
type WorkFilter struct {
	Officer *authz.OfficerID
	Kind    *TaskKind
	Until   calendar.Date
	After   WorkItem
	Limit   int
}

// WorkItem is one thing to do in a case by a day.
type WorkItem struct {
	Task
	For  string // which deadline of the case, or which month
	Case casework.Row
}

// WorkCount counts what is to be done of one kind: overdue on a day, and due on it or later within the filter.
type WorkCount struct {
	Kind    TaskKind
	Overdue int
	Due     int
}

// WorkStore reads work lists, the earliest day first.
type WorkStore interface {
	Work(ctx context.Context, scope authz.Scope, f WorkFilter) ([]WorkItem, error)
	CountWork(ctx context.Context, scope authz.Scope, f WorkFilter, today calendar.Date) ([]WorkCount, error)
	// Remind keeps the counts of every office for the day, once; again changes nothing.
	Remind(ctx context.Context) error
	Reminders(ctx context.Context, scope authz.Scope, from calendar.Date) ([]Reminder, error)
}

// Reminder is what an office had to do on a morning.
type Reminder struct {
	Region string
	On     calendar.Date
	WorkCount
}
