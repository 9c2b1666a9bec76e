package rest

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/ids"
)

// kindOf is what the alarms count an answer as.
var kindOf = map[Shows]accesslog.Kind{Named: accesslog.File, Listed: accesslog.Lines, Lined: accesslog.Lines}

// record makes durable whom an answer shows. Until it has, the answer has not left.
func (e *API) record(ctx context.Context, r Route, out any) error {
	switch r.Shows {
	case Named, Lined:
		id, ok := ids.Parse(of(ctx).named)
		if !ok {
			return fmt.Errorf("route %s shows what its path does not name", r.ID)
		}
		return e.Show(ctx, id)
	case Listed:
		if lists, ok := out.(Subjects); ok && !of(ctx).refused {
			return e.Show(ctx, lists.Subjects()...)
		}
	case Called:
		return e.Show(ctx)
	case Nobody:
	}
	return nil
}

// Show records whom the answer to come shows; for answers that are streamed. It fails with access.unrecorded, and then
// nothing may be shown.
func (e *API) Show(ctx context.Context, subjects ...uuid.UUID) error {
	return e.Access.Record(ctx, accessOf(ctx, of(ctx), accesslog.Shown, subjects))
}

// ShowLines says how many workers the answer to come shows of the list or the export that the path names.
func ShowLines(ctx context.Context, n int) { of(ctx).lines = n }

// Opens says that the answer to come, a list by its form, shows of every worker what only their file does.
func Opens(ctx context.Context) { of(ctx).opens = true }

// Refused says that the answer does not tell the caller of what they asked for, though it is no refusal by its status:
// of a NIK that nobody of theirs has, or of some of many cases, which are named. It is recorded as refused.
func (e *API) Refused(ctx context.Context, asked ...uuid.UUID) {
	c := of(ctx)
	c.refused, c.asked = true, asked
}

// refusals are the statuses that refuse access to what a route names.
var refusals = []int{http.StatusNotFound, http.StatusPreconditionFailed, http.StatusUnprocessableEntity}

// recordRefusal keeps that somebody asked for what they may not do, for a worker who is not there for them, or for what
// cannot be: who guesses is seen. What was asked for is named, whether it exists or not. The answer stands even if that
// fails, and is the same.
func (e *API) recordRefusal(ctx context.Context, c *call, status int) {
	named := c.route.personal() && c.named != ""
	if status != http.StatusForbidden && !c.refused && !(named && slices.Contains(refusals, status)) {
		return
	}
	asked := c.asked
	if id, ok := ids.Parse(c.named); ok && named {
		asked = append(asked, id)
	}
	if err := e.Access.Record(ctx, accessOf(ctx, c, accesslog.Refused, asked)); err != nil {
		e.Log.ErrorContext(ctx, "a refusal is not recorded", "request", RequestID(ctx), "error", err)
	}
}

func accessOf(ctx context.Context, c *call, outcome accesslog.Outcome, subjects []uuid.UUID) accesslog.Record {
	r := accesslog.Record{Officer: c.actor.Officer, Action: c.route.Action, Route: c.route.ID, Request: RequestID(ctx),
		Outcome: outcome, Subjects: subjects, Emergency: c.actor.Emergency, Shows: kindOf[c.route.Shows]}
	if c.opens {
		r.Shows = accesslog.File
	}
	if c.route.Shows == Lined {
		r.Lines = c.lines
	}
	return r
}

// SmallestGroup is the least number of people that is shown today to somebody who may not see the people.
func (e *API) SmallestGroup() int {
	return e.Measures.On(calendar.Of(e.Clock.Now(), calendar.WIB)).SmallestGroup.Value
}
