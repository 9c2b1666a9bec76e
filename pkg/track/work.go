package track

import (
	"context"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/region"
)

// WorkFilter narrows a work list. What is nil does not filter; what is there does, whatever its value. Until is the
// last due day, and there always is one; the position is that of the last item of the page before.
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
	// Payable lists months that may be paid and are not, those that wait longest first, after the given one.
	Payable(ctx context.Context, scope authz.Scope, after Payable, limit int) ([]Payable, error)
	// CountQueue counts what waits in a queue of this store: payments, vacancies, referrals, voids.
	CountQueue(ctx context.Context, scope authz.Scope, q Queue) (int, error)
	// Voids lists what was asked to be voided and waits for a second officer, after the given one.
	Voids(ctx context.Context, scope authz.Scope, after VoidAsked, limit int) ([]VoidAsked, error)
	// Remind keeps the counts of every office for the day, once; again changes nothing.
	Remind(ctx context.Context) error
	Reminders(ctx context.Context, scope authz.Scope, from calendar.Date) ([]Reminder, error)
}

// Payable is a month of a claim that may be paid: it was proved, or is the first. Nothing in it names the worker.
type Payable struct {
	Case   casework.ID
	Claim  uuid.UUID
	N      int
	Since  calendar.Date // proved on, or of the first month, opened on
	DueOn  calendar.Date
	Region region.Code
}

// Reminder is what an office had to do on a morning.
type Reminder struct {
	Region string
	On     calendar.Date
	WorkCount
}
