package feedstore

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/webhook"
)

// leaseFor is how long a lease lasts that is not renewed. A delivery takes a fifth of it at most, so that whoever sends
// something holds the lease until it is kept; after a crash another job goes on when it is over.
const leaseFor = "45 seconds"

// leaseDue takes a lease for every webhook that has something to deliver, in one statement: two processes that look at
// the same moment take no lease twice.
const leaseDue = `update webhook w set lease = gen_random_uuid(), leased_until = clock_timestamp() + interval '` +
	leaseFor + `' where w.id in (select d.id from webhook d where d.state = 'active'
		and d.place < (select coalesce(max(size), 0) from log_checkpoint) and (d.retry_at is null or d.retry_at <= $1)
		and (d.lease is null or d.leased_until < clock_timestamp()) for update skip locked)
	returning w.id, w.lease`

// LeaseDue implements webhook.WorkStore. It is pgx: a change that gives rows back.
func (s *Feed) LeaseDue(ctx context.Context, now time.Time) error {
	return store.Translate(pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, leaseDue, now)
		if err != nil {
			return err
		}
		jobs, err := pgx.CollectRows(rows, pgx.RowToStructByPos[webhook.Job])
		if err != nil {
			return err
		}
		for _, job := range jobs {
			if err := s.EnqueueIn(ctx, tx, job, store.WebhookQueue); err != nil {
				return err
			}
		}
		return nil
	}))
}

const renewed = "leased_until = clock_timestamp() + interval '" + leaseFor + "'"

// LeasedHook implements webhook.WorkStore.
func (s *Feed) LeasedHook(ctx context.Context, id, lease uuid.UUID) (webhook.Hook, error) {
	tag, err := s.Pool.Exec(ctx, "update webhook set "+renewed+" where id = $1 and lease = $2", id, lease)
	if err != nil {
		return webhook.Hook{}, store.Translate(err)
	}
	if tag.RowsAffected() == 0 {
		return webhook.Hook{}, webhook.NotFound()
	}
	return store.Take(ctx, s.Pool, store.From[hookRow]().Where("id = ? and lease = ?", id, lease), webhook.NotFound(),
		hookRow.hook)
}

// keepHook keeps how far a webhook came and what was sent, or nothing when the lease is another's. It is one statement,
// for it stands between any two deliveries.
const keepHook = `with kept as (
	update webhook set place = $3, state = $4, reason = $5, failures = $6, failing_since = $7, retry_at = $8,
		deliveries = deliveries + case when $9 = '' then 0 else 1 end,
		lease = case when $15 then null else lease end, ` + renewed + `
	where id = $1 and lease = $2 returning id, deliveries
), told as (
	insert into webhook_delivery (webhook_id, n, message, idx, at, took_ms, status, failure)
		select id, deliveries, $9, $10, $11, $12, $13, $14 from kept where $9 <> ''
), gone as (
	delete from webhook_delivery d using kept k where d.webhook_id = k.id and $9 <> '' and d.n <= k.deliveries - $16
) select count(*) from kept`

// Keep implements webhook.WorkStore.
func (s *Feed) Keep(ctx context.Context, h *webhook.Hook, d *webhook.Delivery, release bool) error {
	if d == nil {
		d = &webhook.Delivery{}
	}
	var kept int
	err := s.Pool.QueryRow(ctx, keepHook, h.ID, h.Lease, h.Place, h.State, h.Reason, h.Failures, instant(h.FailingSince),
		instant(h.RetryAt), d.Message, d.Index, d.At, d.Took.Milliseconds(), d.Status, d.Failure, release,
		webhook.ListedDeliveries).Scan(&kept)
	if err != nil {
		return store.Translate(fmt.Errorf("keep webhook %s: %w", h.ID, err))
	}
	if kept == 0 {
		return webhook.NotFound()
	}
	return nil
}
