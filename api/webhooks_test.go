package api_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/webhook"
)

// outlet is an office whose changes are sent to another system.
type outlet struct {
	*apitest.Bundle
	worker, system *apitest.Officer
	now            *clock.Fixed // of deliveries
	url            string
	mu             sync.Mutex
	status         int // what the receiver answers
	got            []string
	requests       []*http.Request
	bodies         [][]byte
}

func newOutlet(t *testing.T) *outlet {
	t.Helper()
	p := &outlet{Bundle: apitest.With(t, apitest.Setup{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}),
		now: clock.At(clock.System().Now())}
	p.worker, p.system = p.Officer(t, authz.Supervisor, "3273"), p.Officer(t, authz.Service, "3273")
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		p.mu.Lock()
		defer p.mu.Unlock()
		var c struct {
			Index int64
			Kind  string
		}
		_ = json.Unmarshal(text, &c) // what is no change has no kind
		p.got = append(p.got, fmt.Sprintf("%d %s", c.Index, c.Kind))
		p.requests, p.bodies = append(p.requests, r), append(p.bodies, text)
		if p.status != 0 {
			w.WriteHeader(p.status)
		}
	}))
	t.Cleanup(s.Close)
	p.url = s.URL + "/tanggap"
	return p
}

// hook is a webhook as the API shows it.
type hook struct {
	ID, State, Reason, Secret string
	Secret_shown              bool //nolint:revive // named as sent
	After                     *int64
	Failures                  int
	Deliveries                []struct {
		Message, Failure string
		Index            *int64
		Status           int
	}
}

func (p *outlet) register(t *testing.T, body map[string]any) hook {
	t.Helper()
	if body["url"] == nil {
		body["url"] = p.url
	}
	a := p.system.Call(t, http.MethodPost, "/v1/webhooks", body)
	if a.Status != http.StatusCreated {
		t.Fatalf("register: %d %s", a.Status, a.Body)
	}
	var h hook
	a.JSON(t, &h)
	return h
}

func (p *outlet) show(t *testing.T, id string) (h hook) {
	t.Helper()
	p.system.Call(t, http.MethodGet, "/v1/webhooks/"+id, nil).JSON(t, &h)
	return h
}

// deliver does what the jobs would: those that are due now, one after the other. It tells how many there were.
func (p *outlet) deliver(t *testing.T) int {
	t.Helper()
	d := p.Deliverer(p.now)
	if err := d.Due(t.Context()); err != nil {
		t.Fatal(err)
	}
	rows, err := p.Database.Admin(t).Query(t.Context(),
		"delete from river.river_job where kind = 'webhook_deliver' returning args")
	if err != nil {
		t.Fatal(err)
	}
	jobs, err := pgx.CollectRows(rows, pgx.RowTo[webhook.Job])
	if err != nil {
		t.Fatal(err)
	}
	for _, job := range jobs {
		if err := d.Deliver(t.Context(), job.Hook, job.Lease); err != nil {
			t.Fatal(err)
		}
	}
	return len(jobs)
}

// takes gives what came since the last look.
func (p *outlet) takes() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	got := p.got
	p.got = nil
	return got
}

func (p *outlet) answers(status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status = status
}

// What the owner may read is sent once and in order, signed with the secret that was told, in the very words of
// GET /v1/changes. What does not arrive comes again later, with the same webhook-id, and nothing passes it.
func TestAWebhookIsToldInOrder(t *testing.T) {
	t.Parallel()
	p := newOutlet(t)
	h := p.register(t, map[string]any{})
	c := p.worker.Open(t, "3273", 1, "Siti")
	p.Officer(t, authz.Supervisor, "3204").Open(t, "3204", 2, "Budi")
	if n := p.deliver(t); n != 0 || len(p.takes()) != 0 {
		t.Errorf("%d jobs before anything is published", n)
	}
	p.worker.Change(t, &c, "/notes", map[string]any{"text": "rahasia"})
	p.Publish(t)
	p.answers(http.StatusServiceUnavailable)
	p.deliver(t)
	first := p.takes()
	if len(first) != 1 || p.show(t, h.ID).Failures != 1 {
		t.Fatalf("to a receiver that refuses: %q", first)
	}
	if n := p.deliver(t); n != 0 {
		t.Error("it is tried again before its time")
	}
	p.answers(0)
	p.now.Advance(5 * time.Second)
	p.deliver(t)
	own := changes(t, p.system, "")
	var want []string
	for _, c := range own.Items {
		want = append(want, fmt.Sprintf("%d %s", c.Index, c.Kind))
	}
	if got := p.takes(); !slices.Equal(got, want) || len(want) != 2 || first[0] != want[0] {
		t.Errorf("sent %q after %q, to be read are %q", got, first, want)
	}
	var listed struct{ Items []json.RawMessage }
	p.system.Call(t, http.MethodGet, "/v1/changes", nil).JSON(t, &listed)
	wh, err := standardwebhooks.NewWebhook(h.Secret)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range p.requests[1:] {
		if err := wh.VerifyIgnoringTimestamp(p.bodies[i+1], r.Header); err != nil ||
			string(p.bodies[i+1]) != string(listed.Items[i]) {
			t.Errorf("%s is sent for %s: %v", p.bodies[i+1], listed.Items[i], err)
		}
	}
	if p.requests[0].Header.Get("webhook-id") != p.requests[1].Header.Get("webhook-id") {
		t.Error("a change that comes again has another id")
	}
	shown := p.show(t, h.ID)
	if shown.Secret != "" || shown.Failures != 0 || *shown.After != *own.Next || len(shown.Deliveries) != 3 ||
		shown.Deliveries[2].Status != 503 || shown.Deliveries[2].Failure != "refused" || shown.Deliveries[0].Failure != "" {
		t.Errorf("shown as %+v", shown)
	}
	if n := p.deliver(t); n != 0 || len(p.takes()) != 0 {
		t.Error("something is sent when all is told")
	}
}

// A webhook stops when its owner pauses it, loses the right, is given up by its receiver, and goes on where it was.
func TestAWebhookStops(t *testing.T) {
	t.Parallel()
	p := newOutlet(t)
	h := p.register(t, map[string]any{"region": "3273", "kind": "case.opened"})
	do := func(verb string, body any) {
		t.Helper()
		if a := p.system.Call(t, http.MethodPost, "/v1/webhooks/"+h.ID+"/"+verb, body); a.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", verb, a.Status, a.Body)
		}
	}
	stopped := func(what string, want int, state, reason string) {
		t.Helper()
		p.deliver(t)
		if got, h := p.takes(), p.show(t, h.ID); len(got) != want || h.State != state || h.Reason != reason {
			t.Errorf("%s: %q, %s %q", what, got, h.State, h.Reason)
		}
	}
	open := func(n int) {
		t.Helper()
		c := p.worker.Open(t, "3273", n, "Siti")
		p.worker.Change(t, &c, "/notes", map[string]any{"text": "x"}) // of another kind
		p.Publish(t)
	}
	open(1)
	stopped("to begin with", 1, "active", "")
	do("pause", nil)
	open(2)
	stopped("paused", 0, "paused", "by_officer")
	do("resume", nil)
	stopped("resumed", 1, "active", "")
	do("replay", map[string]any{})
	stopped("from the beginning", 2, "active", "")
	do("replay", map[string]any{"after": 1})
	stopped("after a place", 1, "active", "")
	p.answers(http.StatusGone)
	open(3)
	stopped("gone", 1, "paused", "gone")
	do("resume", nil)
	p.answers(http.StatusInternalServerError)
	stopped("failing", 1, "active", "")
	p.now.Advance(webhook.GiveUpAfter)
	stopped("failing for three days", 1, "paused", "given_up")
	p.answers(0)
	do("resume", nil)
	stopped("resumed again", 1, "active", "")
	if _, err := p.Database.Admin(t).Exec(t.Context(), "update officer_grant set revoked_at = now(), revoked_by = "+
		"officer_id where officer_id = $1", p.system.ID.String()); err != nil {
		t.Fatal(err)
	}
	open(4)
	p.deliver(t)
	var reason string
	if err := p.Database.Admin(t).QueryRow(t.Context(),
		"select state || ' ' || reason from webhook").Scan(&reason); err != nil ||
		reason != "paused right_lost" || len(p.takes()) != 0 {
		t.Errorf("without the right it is %s, %v", reason, err)
	}
}

// The right is asked at every stretch: what was taken from the owner's regions is not sent any more.
func TestAWebhookOfADeactivatedOfficerIsSilent(t *testing.T) {
	t.Parallel()
	p := newOutlet(t)
	p.register(t, map[string]any{})
	p.worker.Open(t, "3273", 1, "Siti")
	p.Publish(t)
	if _, err := p.Database.Admin(t).Exec(t.Context(), "update officer set active = false where id = $1",
		p.system.ID.String()); err != nil {
		t.Fatal(err)
	}
	if p.deliver(t); len(p.takes()) != 0 {
		t.Error("something is sent for an officer who is no more")
	}
}

// A secret is told once; with the next one, the one before holds on for a day. A repeated request tells neither.
func TestSecretsOfWebhooks(t *testing.T) {
	t.Parallel()
	p := newOutlet(t)
	key := uuid.NewString()
	var first, again, next hook
	body := map[string]any{"url": p.url}
	p.system.Call(t, http.MethodPost, "/v1/webhooks", body, "Idempotency-Key", key).JSON(t, &first)
	p.system.Call(t, http.MethodPost, "/v1/webhooks", body, "Idempotency-Key", key).JSON(t, &again)
	if !strings.HasPrefix(first.Secret, "whsec_") || again.Secret != "" || !again.Secret_shown || again.ID != first.ID {
		t.Errorf("first %+v, again %+v", first, again)
	}
	p.system.Call(t, http.MethodPost, "/v1/webhooks/"+first.ID+"/secret", nil).JSON(t, &next)
	if next.Secret == "" || next.Secret == first.Secret {
		t.Errorf("the next secret is %q", next.Secret)
	}
	var delivery struct {
		Status  int
		Failure string
	}
	a := p.system.Call(t, http.MethodPost, "/v1/webhooks/"+first.ID+"/test", nil)
	if a.JSON(t, &delivery); a.Status != http.StatusOK || delivery.Status != 200 || delivery.Failure != "" {
		t.Fatalf("a test: %d %s", a.Status, a.Body)
	}
	for _, secret := range []string{first.Secret, next.Secret} {
		wh, err := standardwebhooks.NewWebhook(secret)
		if err == nil {
			err = wh.Verify(p.bodies[0], p.requests[0].Header)
		}
		if err != nil {
			t.Errorf("with one of both secrets: %v", err)
		}
	}
	var kept string
	if err := p.Database.Admin(t).QueryRow(t.Context(), "select coalesce(string_agg(w::text, ' '), '') || (select "+
		"coalesce(string_agg(i::text, ' '), '') from idempotency i) from webhook w").
		Scan(&kept); err != nil || strings.Contains(kept, first.Secret[6:]) || strings.Contains(kept, next.Secret[6:]) {
		t.Errorf("the secret is kept: %v", err)
	}
}

// A webhook is its owner's alone, who needs a fresh password and may have five; what it is given must be right.
func TestWhoHasAWebhook(t *testing.T) {
	t.Parallel()
	p := newOutlet(t)
	h := p.register(t, map[string]any{})
	other := p.Officer(t, authz.Service, "3273")
	for _, r := range [][2]string{{http.MethodGet, ""}, {http.MethodDelete, ""}, {http.MethodPost, "/test"},
		{http.MethodPost, "/pause"},
		{http.MethodPost, "/resume"}, {http.MethodPost, "/secret"}, {http.MethodPost, "/replay"}} {
		var body any
		if r[1] == "/replay" {
			body = map[string]any{}
		}
		mine := other.Call(t, r[0], "/v1/webhooks/"+h.ID+r[1], body)
		nobodys := other.Call(t, r[0], "/v1/webhooks/"+somePart+r[1], body)
		if mine.Status != http.StatusNotFound || mine.Code() != "webhook.not_found" || !same(mine, nobodys) {
			t.Errorf("%s %s of another: %d %s", r[0], r[1], mine.Status, mine.Body)
		}
	}
	for name, c := range map[string]struct {
		body map[string]any
		want string
	}{
		"a private address":     {map[string]any{"url": "https://10.0.0.1/"}, "webhook.address_refused"},
		"the metadata":          {map[string]any{"url": "http://169.254.169.254/latest"}, "webhook.address_refused"},
		"no address":            {map[string]any{"url": "ftp://127.0.0.1/"}, "webhook.url_invalid"},
		"another region":        {map[string]any{"url": p.url, "region": "3204"}, "changes.region_out_of_scope"},
		"a place to come":       {map[string]any{"url": p.url, "after": 99}, "changes.place_unknown"},
		"a region that is none": {map[string]any{"url": p.url, "region": "99"}, "region.unknown"},
	} {
		if a := p.system.Call(t, http.MethodPost, "/v1/webhooks", c.body); a.Code() != c.want &&
			!strings.Contains(string(a.Body), c.want) {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	for range webhook.MostOfOfficer - 1 {
		p.register(t, map[string]any{})
	}
	if a := p.system.Call(t, http.MethodPost, "/v1/webhooks",
		map[string]any{"url": p.url}); a.Code() != "webhook.too_many" {
		t.Errorf("one more: %d %s", a.Status, a.Body)
	}
	if a := p.system.Call(t, http.MethodDelete, "/v1/webhooks/"+h.ID, nil); a.Status != http.StatusNoContent {
		t.Errorf("end: %d %s", a.Status, a.Body)
	}
	p.register(t, map[string]any{})
	if _, err := p.Database.Admin(t).Exec(t.Context(),
		"update session set confirmed_at = now() - interval '6 minutes'"); err != nil {
		t.Fatal(err)
	}
	p.Sessions.Forget(authz.OfficerID{})
	for _, path := range []string{"/v1/webhooks", "/v1/webhooks/" + h.ID + "/secret"} {
		if a := p.system.Call(t, http.MethodPost, path, map[string]any{"url": p.url}); path == "/v1/webhooks" &&
			a.Code() != "session.confirmation_required" {
			t.Errorf("%s with an old password: %d %s", path, a.Status, a.Body)
		}
	}
}

// Only who holds the lease delivers and keeps anything: a job that comes late, and one whose webhook was changed
// meanwhile, do nothing.
func TestALostLeaseDeliversNothing(t *testing.T) {
	t.Parallel()
	p := newOutlet(t)
	h := p.register(t, map[string]any{})
	p.worker.Open(t, "3273", 1, "Siti")
	p.Publish(t)
	d := p.Deliverer(p.now)
	id := uuid.MustParse(h.ID)
	if err := d.Deliver(t.Context(), id, uuid.New()); err == nil || len(p.takes()) != 0 {
		t.Errorf("under a lease that is none: %v", err)
	}
	for range 2 {
		if err := d.Due(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	admin := p.Database.Admin(t)
	var jobs int
	var lease uuid.UUID
	if err := admin.QueryRow(t.Context(),
		"select count(*) from river.river_job where kind = 'webhook_deliver'").Scan(&jobs); err != nil || jobs != 1 {
		t.Errorf("%d jobs for one webhook, %v", jobs, err)
	}
	if err := admin.QueryRow(t.Context(), "select lease from webhook").Scan((*[16]byte)(&lease)); err != nil {
		t.Fatal(err)
	}
	p.system.Call(t, http.MethodPost, "/v1/webhooks/"+h.ID+"/pause", nil)
	if err := d.Deliver(t.Context(), id, lease); err == nil || len(p.takes()) != 0 {
		t.Errorf("after the webhook was changed: %v", err)
	}
	stale := webhook.Hook{ID: id, Lease: lease, State: webhook.Active, Place: 1}
	if err := p.Store.Feed.Keep(t.Context(), &stale, &webhook.Delivery{Message: "x"}, false); err == nil {
		t.Error("a lost lease keeps something")
	}
	if n := len(p.show(t, h.ID).Deliveries); n != 0 {
		t.Errorf("%d deliveries are kept", n)
	}
}
