package edge

import (
	"context"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/fault"
)

// record makes durable whom an answer shows. Until it has, the answer has not left.
func (e *Edge) record(ctx context.Context, r Route, out any) error {
	switch r.Shows {
	case Named:
		id, err := uuid.Parse(of(ctx).named)
		if err != nil {
			return err
		}
		return e.Show(ctx, id)
	case Listed:
		if lists, ok := out.(Subjects); ok {
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
func (e *Edge) Show(ctx context.Context, subjects ...uuid.UUID) error {
	return e.Access.Record(ctx, accessOf(ctx, of(ctx), accesslog.Shown, subjects))
}

// recordRefusal keeps that somebody asked for what no role of theirs allows. The refusal stands even if that fails.
func (e *Edge) recordRefusal(ctx context.Context, c *call, err error) {
	if fault.KindOf(err) != fault.Forbidden {
		return
	}
	e.keepRefusal(ctx, c)
}

func (e *Edge) keepRefusal(ctx context.Context, c *call) {
	if err := e.Access.Record(ctx, accessOf(ctx, c, accesslog.Refused, nil)); err != nil {
		e.Log.ErrorContext(ctx, "a refusal is not recorded", "request", RequestID(ctx), "error", err)
	}
}

// Refused keeps that the caller asked for what the answer does not tell them of. The refusal stands even if that fails.
func (e *Edge) Refused(ctx context.Context) { e.keepRefusal(ctx, of(ctx)) }

func accessOf(ctx context.Context, c *call, outcome accesslog.Outcome, subjects []uuid.UUID) accesslog.Record {
	return accesslog.Record{Officer: c.actor.Officer, Action: c.route.Action, Route: c.route.ID, Request: RequestID(ctx), Outcome: outcome, Subjects: subjects, Emergency: c.actor.Emergency}
}
