package webhook

import (
	"context"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/region"
)

// Store keeps webhooks. Those of another owner are not there (webhook.not_found).
type Store interface {
	// CreateHook takes a webhook on, once for a request; webhook.too_many for one more than MostOfOfficer.
	CreateHook(ctx context.Context, op authz.Op, h Hook) (Hook, error)
	GetHook(ctx context.Context, owner authz.OfficerID, id uuid.UUID) (Hook, error)
	ListHooks(ctx context.Context, owner authz.OfficerID) ([]Hook, error)
	// ChangeHook changes one under its lock, once for a request, and takes the lease of the job that delivers for it.
	ChangeHook(ctx context.Context, op authz.Op, id uuid.UUID, fn func(h *Hook, published int64) error) (Hook, error)
	DeleteHook(ctx context.Context, owner authz.OfficerID, id uuid.UUID) error
	// ListDeliveries gives the last ListedDeliveries, the newest first.
	ListDeliveries(ctx context.Context, id uuid.UUID) ([]Delivery, error)
}

// Service registers webhooks for callers whose permission is already established.
type Service struct {
	Store  Store
	Door   *Door
	Sender *Sender
	Clock  clock.Clock
	// Derive gives secret bytes for a purpose, always the same ones.
	Derive func(purpose string) []byte
}

// Register takes a webhook on that tells of everything from a place of the log on. Its secret is told here only, and
// only by the first answer.
func (s *Service) Register(ctx context.Context, op authz.Op, address string, code *region.Code, kind string,
	place *int64) (Hook, string, error) {
	if err := s.Door.Check(ctx, address); err != nil {
		return Hook{}, "", err
	}
	h := Hook{ID: uuid.Must(uuid.NewV7()), Owner: op.Actor, URL: address, Region: code, Kind: kind, State: Active,
		Secret: 1, Place: fromNow}
	if place != nil {
		h.Place = *place
	}
	h, err := s.Store.CreateHook(ctx, op, h)
	if err != nil || h.Again {
		return h, "", err
	}
	return h, secretOf(s.Derive, h.ID, h.Secret), nil
}

// fromNow is the place of a webhook that tells of what is published after its registration.
const fromNow = -1

// PlaceFrom is the place of a new webhook in a published log of a size.
func (h *Hook) PlaceFrom(published int64) error {
	if h.Place == fromNow {
		h.Place = published
	}
	return h.Replay(h.Place, published)
}

// Pause stops the deliveries of a webhook, until Resume.
func (s *Service) Pause(ctx context.Context, op authz.Op, id uuid.UUID) (Hook, error) {
	return s.Store.ChangeHook(ctx, op, id, func(h *Hook, _ int64) error { h.Pause(ByOfficer); return nil })
}

// Resume goes on where deliveries stopped, for whatever reason.
func (s *Service) Resume(ctx context.Context, op authz.Op, id uuid.UUID) (Hook, error) {
	return s.Store.ChangeHook(ctx, op, id, func(h *Hook, _ int64) error { h.Resume(); return nil })
}

// Replay tells everything again that comes after a place of the log.
func (s *Service) Replay(ctx context.Context, op authz.Op, id uuid.UUID, place int64) (Hook, error) {
	return s.Store.ChangeHook(ctx, op, id, func(h *Hook, published int64) error { return h.Replay(place, published) })
}

// Rotate gives a webhook a new secret, told here only; the one before signs beside it for OldSecretFor.
func (s *Service) Rotate(ctx context.Context, op authz.Op, id uuid.UUID) (Hook, string, error) {
	h, err := s.Store.ChangeHook(ctx, op, id, func(h *Hook, _ int64) error { h.Rotate(s.Clock.Now()); return nil })
	if err != nil || h.Again {
		return h, "", err
	}
	return h, secretOf(s.Derive, h.ID, h.Secret), nil
}

// Test sends a message that is no change, and tells what came of it.
func (s *Service) Test(ctx context.Context, owner authz.OfficerID, id uuid.UUID) (Delivery, error) {
	h, err := s.Store.GetHook(ctx, owner, id)
	if err != nil {
		return Delivery{}, err
	}
	message := h.ID.String() + "_test_" + uuid.NewString()
	return s.Sender.Send(ctx, h.URL, message, h.secrets(s.Derive, s.Clock.Now()), []byte(testBody)), nil
}

// testBody is what a test sends instead of a change.
const testBody = `{"kind":"webhook.test"}`
