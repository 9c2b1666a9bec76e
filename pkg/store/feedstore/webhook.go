package feedstore

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm/clause"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/webhook"
)

// hookRow is a webhook.
type hookRow struct {
	ID             uuid.UUID      `gorm:"column:id;primaryKey"`
	OfficerID      uuid.UUID      `gorm:"column:officer_id"`
	URL            string         `gorm:"column:url"`
	Region         *region.Code   `gorm:"column:region"`
	Kind           string         `gorm:"column:kind"`
	State          webhook.State  `gorm:"column:state"`
	Reason         webhook.Reason `gorm:"column:reason"`
	Secret         int            `gorm:"column:secret"`
	OldSecretUntil *time.Time     `gorm:"column:old_secret_until"`
	Place          int64          `gorm:"column:place"`
	Failures       int            `gorm:"column:failures"`
	FailingSince   *time.Time     `gorm:"column:failing_since"`
	RetryAt        *time.Time     `gorm:"column:retry_at"`
	Lease          *uuid.UUID     `gorm:"column:lease"`
	CreatedAt      time.Time      `gorm:"column:created_at;->"`
}

// TableName names the table to GORM.
func (hookRow) TableName() string { return "webhook" }

func (r hookRow) hook() webhook.Hook {
	return webhook.Hook{ID: r.ID, Owner: authz.OfficerID(r.OfficerID), URL: r.URL, Region: r.Region, Kind: r.Kind,
		State: r.State, Reason: r.Reason, Secret: r.Secret, OldSecretUntil: store.NotNull(r.OldSecretUntil).UTC(),
		Place: r.Place, Failures: r.Failures, FailingSince: store.NotNull(r.FailingSince).UTC(),
		RetryAt: store.NotNull(r.RetryAt).UTC(), Lease: store.NotNull(r.Lease), CreatedAt: r.CreatedAt.UTC()}
}

func hookRowOf(h *webhook.Hook) hookRow {
	return hookRow{ID: h.ID, OfficerID: uuid.UUID(h.Owner), URL: h.URL, Region: h.Region, Kind: h.Kind, State: h.State,
		Reason: h.Reason, Secret: h.Secret, OldSecretUntil: instant(h.OldSecretUntil), Place: h.Place, Failures: h.Failures,
		FailingSince: instant(h.FailingSince), RetryAt: instant(h.RetryAt), Lease: store.Null(h.Lease)}
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// hooksOf are the webhooks of an owner.
func hooksOf(owner authz.OfficerID, clauses ...clause.Expression) store.Rows[hookRow] {
	return store.From[hookRow](clauses...).Where("officer_id = ?", uuid.UUID(owner))
}

// CreateHook implements webhook.Store. The lock on the officer makes two registrations at once count each other.
func (s *Feed) CreateHook(ctx context.Context, op authz.Op, h webhook.Hook) (webhook.Hook, error) {
	id, err := s.CreateOnce(ctx, op, h.ID, func(tx pgx.Tx) error {
		if err := store.LockOfficer(ctx, tx, op.Actor); err != nil {
			return err
		}
		has, err := store.Find(ctx, tx, hooksOf(op.Actor), hookRow.hook)
		if err == nil {
			err = webhook.MayRegister(len(has))
		}
		if err != nil {
			return err
		}
		var published int64
		if err := tx.QueryRow(ctx, selectPublished).Scan(&published); err != nil {
			return err
		}
		if err := h.PlaceFrom(published); err != nil {
			return err
		}
		row := hookRowOf(&h)
		return store.On[hookRow](tx).Create(ctx, &row)
	})
	if err != nil {
		return h, err
	}
	made, err := s.GetHook(ctx, op.Actor, id)
	made.Again = id != h.ID
	return made, err
}

// GetHook implements webhook.Store.
func (s *Feed) GetHook(ctx context.Context, owner authz.OfficerID, id uuid.UUID) (webhook.Hook, error) {
	return store.Take(ctx, s.Pool, hooksOf(owner).Where("id = ?", id), webhook.NotFound(), hookRow.hook)
}

// ListHooks implements webhook.Store.
func (s *Feed) ListHooks(ctx context.Context, owner authz.OfficerID) ([]webhook.Hook, error) {
	return store.Find(ctx, s.Pool, hooksOf(owner).Order("id"), hookRow.hook)
}

// ChangeHook implements webhook.Store.
func (s *Feed) ChangeHook(ctx context.Context, op authz.Op, id uuid.UUID,
	fn func(h *webhook.Hook, published int64) error) (webhook.Hook, error) {
	// The nonce of this call tells a kept answer from one's own.
	fresh := uuid.New()
	answer := struct{ ID, Change uuid.UUID }{id, fresh}
	err := s.Write(ctx, op, &answer, func(tx pgx.Tx) error {
		h, err := store.Take(ctx, tx, hooksOf(op.Actor, store.ForUpdate).Where("id = ?", id), webhook.NotFound(),
			hookRow.hook)
		if err != nil {
			return err
		}
		var published int64
		if err := tx.QueryRow(ctx, selectPublished).Scan(&published); err != nil {
			return err
		}
		if err := fn(&h, published); err != nil {
			return err
		}
		h.Lease = uuid.Nil
		return store.One(store.On[hookRow](tx).Where("id = ?", id).Select("State", "Reason", "Secret", "OldSecretUntil",
			"Place", "Failures", "FailingSince", "RetryAt", "Lease").Updates(ctx, hookRowOf(&h)))
	})
	if err != nil {
		return webhook.Hook{}, err
	}
	h, err := s.GetHook(ctx, op.Actor, id)
	h.Again = answer.Change != fresh
	return h, err
}

// DeleteHook implements webhook.Store.
func (s *Feed) DeleteHook(ctx context.Context, owner authz.OfficerID, id uuid.UUID) error {
	n, err := store.On[hookRow](s.Pool).Where("id = ? and officer_id = ?", id, uuid.UUID(owner)).Delete(ctx)
	if err == nil && n == 0 {
		return webhook.NotFound()
	}
	return store.Translate(err)
}

// deliveryRow is one delivery of a webhook.
type deliveryRow struct {
	Message string          `gorm:"column:message"`
	Idx     *int64          `gorm:"column:idx"`
	At      time.Time       `gorm:"column:at"`
	TookMS  int             `gorm:"column:took_ms"`
	Status  int             `gorm:"column:status"`
	Failure webhook.Failure `gorm:"column:failure"`
}

// TableName names the table to GORM.
func (deliveryRow) TableName() string { return "webhook_delivery" }

func (r deliveryRow) delivery() webhook.Delivery {
	return webhook.Delivery{Message: r.Message, Index: r.Idx, At: r.At.UTC(),
		Took: time.Duration(r.TookMS) * time.Millisecond, Status: r.Status, Failure: r.Failure}
}

// ListDeliveries implements webhook.Store.
func (s *Feed) ListDeliveries(ctx context.Context, id uuid.UUID) ([]webhook.Delivery, error) {
	q := store.From[deliveryRow]().Where("webhook_id = ?", id).Order("n desc").Limit(webhook.ListedDeliveries)
	return store.Find(ctx, s.Pool, q, deliveryRow.delivery)
}

var (
	_ webhook.Store     = (*Feed)(nil)
	_ webhook.WorkStore = (*Feed)(nil)
)
