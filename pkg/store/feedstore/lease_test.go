package feedstore_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/webhook"
)

// hook adds a webhook of the officer with what the columns say, over a log of ten published entries.
func hook(t *testing.T, b *storetest.Office, n byte, columns, values string) uuid.UUID {
	t.Helper()
	id := uuid.UUID{15: n}
	b.Do(t, fmt.Sprintf(`insert into webhook (id, officer_id, url, kind%s) values ('%s', '%s', 'https://a.example', ''%s)`,
		columns, id, uuid.UUID(b.Officer), values))
	return id
}

// A webhook is worked on when it is active, something of the published log is left to tell, its next attempt is due,
// and nobody works on it.
func TestWhichWebhooksAreDue(t *testing.T) {
	t.Parallel()
	b := storetest.NewOffice(t)
	b.Do(t, "insert into log_checkpoint values (10, now(), '')")
	now := time.Now().UTC().Truncate(time.Microsecond)
	at := func(d time.Duration) string { return "'" + now.Add(d).Format(time.RFC3339Nano) + "'" }
	var want []uuid.UUID
	for n, c := range []struct {
		columns, values string
		due             bool
	}{
		{", place", ", 0", true},
		{", place", ", 9", true},
		{", place", ", 10", false},
		{", place, state", ", 0, 'paused'", false},
		{", place, retry_at", ", 0, " + at(0), true},
		{", place, retry_at", ", 0, " + at(time.Microsecond), false},
		{", place, lease, leased_until", ", 0, gen_random_uuid(), " + at(-time.Second), true},
		{", place, lease, leased_until", ", 0, gen_random_uuid(), " + at(time.Hour), false},
	} {
		if id := hook(t, b, byte(n+1), c.columns, c.values); c.due {
			want = append(want, id)
		}
	}
	storetest.OK(t, b.LeaseDue(t.Context(), now))
	const jobs = "select count(*) from river.river_job where kind = 'webhook_deliver' and args->>'hook' = $1"
	var got []uuid.UUID
	for n := range byte(8) {
		if id := (uuid.UUID{15: n + 1}); b.CountRows(t, jobs, id.String()) == 1 {
			got = append(got, id)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("due are %v, want %v", got, want)
	}
	storetest.OK(t, b.LeaseDue(t.Context(), now)) // and all of them are worked on
	if n := b.CountRows(t, "select count(*) from river.river_job"); n != len(want) {
		t.Errorf("%d jobs after a second look", n)
	}
}

// The last deliveries are kept, and so many of them that the list is full; of another webhook none goes.
func TestWhichDeliveriesAreKept(t *testing.T) {
	t.Parallel()
	b := storetest.NewOffice(t)
	other := hook(t, b, 1, ", place", ", 0")
	b.Do(t, "insert into webhook_delivery values ($1, 1, 'm', null, now(), 1, 200, '')", other)
	lease := uuid.New()
	h := webhook.Hook{ID: hook(t, b, 2, ", place, lease, leased_until", ", 0, '"+lease.String()+"', now()"), Lease: lease,
		State: webhook.Active}
	tell := func(message string) {
		t.Helper()
		d := &webhook.Delivery{Message: message, At: time.Now(), Status: 200}
		if message == "" {
			d = nil
		}
		storetest.OK(t, b.Keep(t.Context(), &h, d, false))
	}
	for n := range webhook.ListedDeliveries + 2 {
		tell(fmt.Sprint(n + 1))
		tell("") // how far it came, without a delivery
		if kept := b.CountRows(t, "select count(*) from webhook_delivery where webhook_id = $1", h.ID); kept !=
			min(n+1, webhook.ListedDeliveries) {
			t.Fatalf("after %d there are %d", n+1, kept)
		}
	}
	list, err := b.ListDeliveries(t.Context(), h.ID)
	storetest.OK(t, err)
	if len(list) != webhook.ListedDeliveries || list[0].Message != fmt.Sprint(webhook.ListedDeliveries+2) ||
		list[len(list)-1].Message != "3" {
		t.Errorf("%d from %s to %s", len(list), list[0].Message, list[len(list)-1].Message)
	}
	if list, err = b.ListDeliveries(t.Context(), other); err != nil || len(list) != 1 {
		t.Errorf("of the other webhook there are %d, %v", len(list), err)
	}
}

// Whoever lost the lease keeps nothing, and who gives it back leaves it to the next.
func TestALeaseIsOfOne(t *testing.T) {
	t.Parallel()
	b := storetest.NewOffice(t)
	lease := uuid.New()
	h := webhook.Hook{ID: hook(t, b, 1, ", place, lease, leased_until", ", 0, '"+lease.String()+"', now()"),
		Lease: uuid.New(), State: webhook.Active, Place: 7}
	storetest.WantCode(t, b.Keep(t.Context(), &h, nil, false), "webhook.not_found")
	_, err := b.LeasedHook(t.Context(), h.ID, h.Lease)
	storetest.WantCode(t, err, "webhook.not_found")
	if n := b.CountRows(t, "select count(*) from webhook where place = 0 and leased_until <= now()"); n != 1 {
		t.Error("another's lease was renewed, or its place kept")
	}
	h.Lease = lease
	storetest.OK(t, b.Keep(t.Context(), &h, nil, false))
	if n := b.CountRows(t, "select count(*) from webhook where place = 7 and leased_until > now()"); n != 1 {
		t.Error("the lease was not renewed")
	}
	storetest.OK(t, b.Keep(t.Context(), &h, nil, true))
	storetest.WantCode(t, b.Keep(t.Context(), &h, nil, true), "webhook.not_found")
}
