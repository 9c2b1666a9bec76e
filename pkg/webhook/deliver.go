package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/feed"
)

// WorkStore is what deliveries need of the store.
type WorkStore interface {
	// LeaseDue enqueues a job, with a lease, for every webhook that has something to deliver and nobody who does.
	LeaseDue(ctx context.Context, now time.Time) error
	// LeasedHook renews a lease and gives its webhook; webhook.not_found when the lease is another's by now.
	LeasedHook(ctx context.Context, id, lease uuid.UUID) (Hook, error)
	// Keep keeps how far a webhook came, with the delivery that brought it there, and renews its lease or gives it back;
	// webhook.not_found, and nothing is kept, when the lease is another's by now.
	Keep(ctx context.Context, h *Hook, d *Delivery, release bool) error
}

// Deliverer delivers.
type Deliverer struct {
	Store   WorkStore
	Changes feed.Store
	Sender  *Sender
	Clock   clock.Clock
	// Rights is where an officer may do an action now.
	Rights func(ctx context.Context, id authz.OfficerID, a authz.Action) (authz.Scope, error)
	Derive func(purpose string) []byte
	Log    *slog.Logger // hears of webhooks that the program pauses
}

// The bounds of a turn: how long a job delivers before it makes room for another webhook, how many changes it reads at
// once, and how old they and the rights behind them may be when one is sent.
const (
	turn      = 20 * time.Second
	pageOf    = 100
	rightsFor = time.Second
)

// Due enqueues what is to be delivered.
func (d *Deliverer) Due(ctx context.Context) error { return d.Store.LeaseDue(ctx, d.Clock.Now()) }

// Deliver delivers for one webhook until it has told of everything, or its turn is over.
func (d *Deliverer) Deliver(ctx context.Context, id, lease uuid.UUID) error {
	h, err := d.Store.LeasedHook(ctx, id, lease)
	if err != nil {
		return err
	}
	took := clock.Elapsed()
	for more := true; more && h.State == Active && took() < turn; {
		if more, err = d.stretch(ctx, &h); err != nil {
			return err
		}
	}
	return d.Store.Keep(ctx, &h, nil, true)
}

// stretch tells of the next changes for as long as what is known of them and of the owner's rights is fresh.
func (d *Deliverer) stretch(ctx context.Context, h *Hook) (more bool, err error) {
	scope, err := d.scope(ctx, h)
	if err != nil || scope.Empty() {
		return false, err
	}
	page, err := d.Changes.Changes(ctx, scope, feed.Filter{From: h.Place, Kind: h.Kind, Limit: pageOf})
	if err != nil {
		return false, err
	}
	age := clock.Elapsed()
	for _, c := range page.Items {
		if age() >= rightsFor {
			return true, nil
		}
		if err := d.tell(ctx, h, c); err != nil || h.Failures > 0 {
			return false, err
		}
	}
	h.Place = page.Place
	return page.More(), nil
}

// scope is what of the owner's scope the webhook tells. Without any it is paused.
func (d *Deliverer) scope(ctx context.Context, h *Hook) (authz.Scope, error) {
	scope, err := d.Rights(ctx, h.Owner, authz.ChangesRead)
	if h.Region != nil {
		scope = scope.Intersect(*h.Region)
	}
	lost := err == nil && scope.Empty() || fault.KindOf(err) == fault.Forbidden || fault.KindOf(err) == fault.NotFound
	switch {
	case lost:
		h.Pause(RightLost)
		d.alarm(ctx, h)
		return authz.Scope{}, nil
	case err != nil:
		return authz.Scope{}, fmt.Errorf("rights of the owner of webhook %s: %w", h.ID, err)
	}
	return scope, nil
}

// tell sends one change and keeps what came of it.
func (d *Deliverer) tell(ctx context.Context, h *Hook, c feed.Change) error {
	body, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("encode change %d: %w", c.Index, err)
	}
	sent := d.Sender.Send(ctx, h.URL, h.message(c.Index), h.secrets(d.Derive, d.Clock.Now()), body)
	if sent.Failure != "" && errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err() // the program ends; that is not the receiver's failure
	}
	if sent.Index = &c.Index; sent.Failure == "" {
		h.Took(c.Index)
	} else if h.Fail(sent, d.Clock.Now()); h.State == Paused {
		d.alarm(ctx, h)
	}
	return d.Store.Keep(ctx, h, &sent, false)
}

func (d *Deliverer) alarm(ctx context.Context, h *Hook) {
	d.Log.ErrorContext(ctx, "a webhook is paused", "webhook", h.ID.String(), "reason", string(h.Reason))
}
