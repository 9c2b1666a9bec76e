// Package bulk makes one change of many cases, as a job: of more than one call may change, or of all that a filter
// leaves.
//
//	queued ─► running ─► done
//	   └─────────┴─► cancelled, failed
//
// The cases are chosen when it is ordered. Each is changed in a transaction of its own, once, under the rights that
// whoever ordered it has at that moment, and is answered by itself: one that is refused keeps no other back. Work that
// is cut off goes on where it stopped.
package bulk

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/track"
)

// Kind is what an order does to each of its cases.
type Kind string

// The kinds of orders.
const (
	Assign   Kind = "assign"    // give it to an officer, or to nobody
	HandOver Kind = "hand_over" // the same, for as long as one officer is in charge of it
	Note     Kind = "note"
	FollowUp Kind = "follow_up"
	Refer    Kind = "refer"
)

// Values lists the kinds.
func (Kind) Values() []Kind { return []Kind{Assign, HandOver, Note, FollowUp, Refer} }

// Valid tells whether k is one of the kinds.
func (k Kind) Valid() bool { return codelist.Has(k) }

// State is how far an order is.
type State string

// The states of an order.
const (
	Queued    State = "queued"
	Running   State = "running"
	Finished  State = "done"
	Cancelled State = "cancelled"
	Failed    State = "failed"
)

// Values lists the states.
func (State) Values() []State { return []State{Queued, Running, Finished, Cancelled, Failed} }

// Valid tells whether s is one of the states.
func (s State) Valid() bool { return codelist.Has(s) }

// Ended tells whether nothing more will be changed.
func (s State) Ended() bool { return s != Queued && s != Running }

// Result is what came of one case of an order.
type Result string

// The results.
const (
	Left    Result = "left" // not yet tried; of an order that has ended: not any more
	Changed Result = "changed"
	Refused Result = "refused"
)

// Values lists the results.
func (Result) Values() []Result { return []Result{Left, Changed, Refused} }

// Valid tells whether r is one of the results.
func (r Result) Valid() bool { return codelist.Has(r) }

// The rules of orders, as policies/security.md states them.
const (
	MostCases    = 50_000
	MostPicked   = 10_000 // that one request names
	MostUnderWay = 3      // per officer
)

// Silence is after how long without a sign of progress an order is taken for one whose process has ended.
const Silence = time.Minute

// Change is what is done to each case. Which fields count depends on the kind.
type Change struct {
	Kind    Kind
	Officer authz.OfficerID // who gets the case; the zero id is nobody
	From    authz.OfficerID // HandOver: who has it
	By      authz.Action    // HandOver: by which right; of who assigns cases, or of who deactivates officers
	Text    string          // of a note
	On      calendar.Date   // on which a note happened, or a case is looked at again
	Ask     Ask
}

// Right is the right that the change of each case needs.
func (c Change) Right() authz.Action {
	switch c.Kind {
	case Assign:
		return authz.CaseTake
	case HandOver:
		return c.By
	case Note, FollowUp:
		return authz.CaseNote
	case Refer:
		return authz.ReferralOffer
	}
	panic("no kind of order: " + string(c.Kind)) // the store holds no other, and neither does the API
}

// Ask is what another office is asked for.
type Ask struct {
	Kind     track.ReferralKind
	To       region.Code
	Service  track.ReferralService
	AnswerBy calendar.Date
	Reason   track.ReferralReason
	Message  string
}

// Choice is the cases of an order: those picked, each in a version, or those that a filter leaves at this moment, each
// in the version that it has then.
type Choice struct {
	Picked []casework.Picked
	Filter *casework.Filter
}

// Order is one change of many cases on its way.
type Order struct {
	ID        uuid.UUID
	Officer   authz.OfficerID
	Kind      Kind
	Scope     []region.Code // in which it was ordered
	State     State
	Failure   string // code of the fault
	Total     int
	Changed   int
	Refused   int
	Attempts  int // in a row that got nothing done
	CreatedAt time.Time
	EndedAt   time.Time
}

// Left is how many cases were not tried.
func (o Order) Left() int { return o.Total - o.Changed - o.Refused }

// Fail counts an attempt that got nothing done; with the most-th the order has failed, of code. It tells whether there
// was anything to fail.
func (o *Order) Fail(code string, most int) bool {
	if o.State.Ended() {
		return false
	}
	o.State = Queued
	if o.Attempts++; o.Attempts >= most {
		o.State, o.Failure = Failed, code
	}
	return true
}

// MayOrder refuses an order of somebody who has as many under way as they may have.
func MayOrder(have int) error {
	if have >= MostUnderWay {
		return fault.New(fault.TooMany, "bulk.too_many", "most", strconv.Itoa(MostUnderWay))
	}
	return nil
}

// MayHold refuses an order of no case, or of too many.
func MayHold(cases int) error {
	switch {
	case cases == 0:
		return fault.New(fault.Invalid, "bulk.no_cases")
	case cases > MostCases:
		return fault.New(fault.Invalid, "bulk.too_many_cases", "most", strconv.Itoa(MostCases))
	}
	return nil
}

// Viewer is who may see which orders: their own, and where they are the head of an office those of others, each as long
// as all of it lies in the scope.
type Viewer struct {
	Officer authz.OfficerID
	Scope   authz.Scope
	Head    authz.Scope
}

// Line is one case of an order.
type Line struct {
	N      int
	Result Result
	casework.Done
}

// Page is a part of the cases of an order. What is nil does not filter.
type Page struct {
	Result *Result
	After  int // N of the last line before
	Limit  int
}

// NotFound is the one answer for an order that is not there and for one that is not the caller's to see.
func NotFound() error { return fault.New(fault.NotFound, "bulk.not_found") }

// Store keeps orders. What a viewer may not see is bulk.not_found.
type Store interface {
	// CreateOrder chooses the cases and enqueues the work. Missing are the picked cases that are not in the scope: they
	// are told also when nothing is left to order.
	CreateOrder(ctx context.Context, op authz.Op, o Order, c Change, of Choice) (made Order, missing []casework.ID,
		err error)
	// OrderOf gives the order that the same request made before; bulk.not_found without one.
	OrderOf(ctx context.Context, op authz.Op) (Order, error)
	GetOrder(ctx context.Context, v Viewer, id uuid.UUID) (Order, error)
	ListOrders(ctx context.Context, v Viewer, after uuid.UUID, limit int) ([]Order, error)
	ListLines(ctx context.Context, v Viewer, id uuid.UUID, p Page) ([]Line, error)
	// CancelOrder ends an order before its next case.
	CancelOrder(ctx context.Context, op authz.Op, v Viewer, id uuid.UUID) (Order, error)
}

// WorkStore is what doing an order needs.
type WorkStore interface {
	// StartOrder takes up an order that nobody works on; not found when somebody does or it has ended.
	StartOrder(ctx context.Context, id uuid.UUID) (Order, Change, error)
	// NextLines gives cases that were not tried, in their order.
	NextLines(ctx context.Context, id uuid.UUID, limit int) ([]casework.Picked, error)
	// KeepLines keeps what came of cases, each once, and tells whether the order goes on.
	KeepLines(ctx context.Context, id uuid.UUID, done []casework.Done) (on bool, err error)
	FinishOrder(ctx context.Context, id uuid.UUID) error
	// FailOrder counts a failed attempt; with the most-th the order has failed, of code.
	FailOrder(ctx context.Context, id uuid.UUID, code string, most int) error
}

// Job does one order. Like every job it carries ids only.
type Job struct {
	Order uuid.UUID `json:"order"`
}

// Kind names the job.
func (Job) Kind() string { return "bulk_change" }
