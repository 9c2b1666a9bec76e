package v1

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/webhook"
)

// Webhook is an address to which changes are sent.
type Webhook struct {
	ID             string         `json:"id" format:"uuid"`
	URL            string         `json:"url" format:"uri"`
	Region         *string        `json:"region,omitempty" doc:"What is told; left out: everything in your regions"`
	Kind           string         `json:"kind,omitempty" doc:"Of entries that are told; left out: all"`
	State          webhook.State  `json:"state"`
	Reason         webhook.Reason `json:"reason,omitempty" doc:"Why it is paused"`
	After          *int64         `json:"after,omitempty" doc:"Place of the log up to which everything was told"`
	Failures       int            `json:"failures" doc:"In a row"`
	FailingSince   *time.Time     `json:"failing_since,omitempty"`
	RetryAt        *time.Time     `json:"retry_at,omitempty"`
	OldSecretUntil *time.Time     `json:"old_secret_until,omitempty" doc:"Until when the secret before signs beside the new one"`
	CreatedAt      time.Time      `json:"created_at"`
}

// NewWebhook is a webhook with its secret.
type NewWebhook struct {
	Webhook
	Secret string `json:"secret,omitempty" doc:"Verifies the signatures, as Standard Webhooks say. Shown only here, once"`
	Shown  bool   `json:"secret_shown,omitempty" doc:"This request was answered before, with the secret. If that answer was lost, ask for a new secret"`
}

// WebhookDelivery is one request to a receiver, and what came of it.
type WebhookDelivery struct {
	Message string          `json:"message" doc:"webhook-id: the same each time that a change is sent"`
	Index   *int64          `json:"index,omitempty" doc:"Place of the change in the log; none of a test"`
	At      time.Time       `json:"at"`
	TookMS  int64           `json:"took_ms"`
	Status  int             `json:"status,omitempty" doc:"That the receiver answered"`
	Failure webhook.Failure `json:"failure,omitempty" doc:"Left out when the receiver took it"`
}

// WebhookShown is a webhook with its last deliveries.
type WebhookShown struct {
	Webhook
	Deliveries []WebhookDelivery `json:"deliveries" nullable:"false" doc:"The last 50, newest first"`
}

type webhookCreateIn struct {
	Body struct {
		URL    string  `json:"url" minLength:"1" maxLength:"2000" doc:"https, at port 443 or 8443, of a public host"`
		Region *string `json:"region,omitempty" maxLength:"4" doc:"A part of your regions; all of them by default"`
		Kind   string  `json:"kind,omitempty" pattern:"^[a-z_]+\\.[a-z_]+$" patternDescription:"a kind of history entry" maxLength:"60"`
		After  *int64  `json:"after,omitempty" minimum:"0" doc:"Tell what comes after this place of the log; by default what comes from now on"`
	}
}

type webhookPath struct {
	ID string `path:"id" maxLength:"36"`
}

type webhookReplayIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		After *int64 `json:"after,omitempty" minimum:"0" doc:"Tell again what comes after this place of the log; everything when left out"`
	}
}

type webhookOut struct{ Body Webhook }

type newWebhookOut struct {
	Location string `header:"Location"`
	Body     NewWebhook
}

type webhookShownOut struct{ Body WebhookShown }

type webhooksOut struct {
	Body struct {
		Items []Webhook `json:"items" nullable:"false"`
	}
}

type webhookTestOut struct{ Body WebhookDelivery }

// testWork is the time of a test, which waits for the receiver.
const testWork = 15 * time.Second

func registerWebhooks(e *rest.API, s Services) {
	const tag, path = "changes", "/v1/webhooks"
	route := func(method, at, id, summary string) rest.Route {
		r := rest.Route{Method: method, Path: path + at, ID: id, Tag: tag, Summary: summary, Action: authz.WebhookManage}
		if method != http.MethodGet {
			r.Shows = rest.Called
		}
		return r
	}
	create := route(http.MethodPost, "", "webhook-create", "Have changes sent to an address, each once and in order")
	create.Status = http.StatusCreated
	create.Description = "What is sent is an item of GET /v1/changes, with the headers webhook-id, webhook-timestamp " +
		"and " +
		"webhook-signature of Standard Webhooks; any 2xx takes it. What a receiver did not take comes again."
	rest.Register(e, create, func(ctx context.Context, in *webhookCreateIn) (*newWebhookOut, error) {
		return createWebhook(ctx, e, s, in)
	})
	rest.Register(e, route(http.MethodGet, "", "webhook-list", "My webhooks"),
		func(ctx context.Context, _ *struct{}) (*webhooksOut, error) {
			list, err := s.Webhooks.Store.ListHooks(ctx, rest.Caller(ctx).Officer)
			out := &webhooksOut{}
			out.Body.Items = listed(list, webhookOf)
			return out, err
		})
	rest.Register(e, route(http.MethodGet, "/{id}", "webhook-get", "A webhook of mine and its last deliveries"),
		s.getWebhook)
	end := route(http.MethodDelete, "/{id}", "webhook-delete", "End a webhook of mine")
	end.Status = http.StatusNoContent
	rest.Register(e, end, func(ctx context.Context, in *webhookPath) (*none, error) {
		id, err := parsedID(in.ID, webhook.NotFound())
		if err == nil {
			err = s.Webhooks.Store.DeleteHook(ctx, rest.Caller(ctx).Officer, id)
		}
		return &none{}, err
	})
	test := route(http.MethodPost, "/{id}/test", "webhook-test", "Send a message that is no change, and see what comes "+
		"of it")
	test.NoKey, test.Work = true, testWork
	rest.Register(e, test, s.testWebhook)
	rest.Register(e, route(http.MethodPost, "/{id}/pause", "webhook-pause", "Send nothing until it is resumed"),
		func(ctx context.Context, in *webhookPath) (*webhookOut, error) {
			return moveWebhook(ctx, in.ID, s.Webhooks.Pause)
		})
	rest.Register(e, route(http.MethodPost, "/{id}/resume", "webhook-resume", "Go on where it stopped, at once"),
		func(ctx context.Context, in *webhookPath) (*webhookOut, error) {
			return moveWebhook(ctx, in.ID, s.Webhooks.Resume)
		})
	rest.Register(e, route(http.MethodPost, "/{id}/replay", "webhook-replay", "Send everything again from a place of "+
		"the log on"),
		func(ctx context.Context, in *webhookReplayIn) (*webhookOut, error) {
			return moveWebhook(ctx, in.ID, func(ctx context.Context, op authz.Op, id uuid.UUID) (webhook.Hook, error) {
				return s.Webhooks.Replay(ctx, op, id, placeAfter(in.Body.After))
			})
		})
	rest.Register(e, route(http.MethodPost, "/{id}/secret", "webhook-secret", "A new secret; the one before signs "+
		"beside it for a day"),
		func(ctx context.Context, in *webhookPath) (*newWebhookOut, error) {
			return rotateWebhook(ctx, e, s, in.ID)
		})
}

// placeAfter is the place that follows another, or the beginning.
func placeAfter(after *int64) int64 {
	if after == nil {
		return 0
	}
	return *after + 1
}

func createWebhook(ctx context.Context, e *rest.API, s Services, in *webhookCreateIn) (*newWebhookOut, error) {
	if err := e.Fresh(ctx); err != nil {
		return nil, err
	}
	code, err := s.webhookRegion(ctx, e, in.Body.Region)
	if err != nil {
		return nil, err
	}
	var place *int64
	if in.Body.After != nil {
		next := placeAfter(in.Body.After)
		place = &next
	}
	h, secret, err := s.Webhooks.Register(ctx, rest.Op(ctx), in.Body.URL, code, in.Body.Kind, place)
	if err != nil {
		return nil, err
	}
	return newWebhookOf(h, secret), nil
}

// webhookRegion reads the region of a webhook, which must lie where the owner may read changes.
func (s Services) webhookRegion(ctx context.Context, e *rest.API, asked *string) (*region.Code, error) {
	scope := e.ScopeOf(ctx, authz.ChangesRead)
	if asked == nil {
		if scope.Empty() {
			return nil, fault.New(fault.Forbidden, "authz.forbidden", "action", string(authz.ChangesRead))
		}
		return nil, nil
	}
	code, err := regionOf(s.Tree, *asked, "region")
	if err == nil && scope.Intersect(code).Empty() {
		err = fault.New(fault.Forbidden, "changes.region_out_of_scope").At("region")
	}
	return &code, err
}

func rotateWebhook(ctx context.Context, e *rest.API, s Services, of string) (*newWebhookOut, error) {
	id, err := parsedID(of, webhook.NotFound())
	if err == nil {
		err = e.Fresh(ctx)
	}
	if err != nil {
		return nil, err
	}
	h, secret, err := s.Webhooks.Rotate(ctx, rest.Op(ctx), id)
	if err != nil {
		return nil, err
	}
	return newWebhookOf(h, secret), nil
}

func (s Services) getWebhook(ctx context.Context, in *webhookPath) (*webhookShownOut, error) {
	id, err := parsedID(in.ID, webhook.NotFound())
	if err != nil {
		return nil, err
	}
	h, err := s.Webhooks.Store.GetHook(ctx, rest.Caller(ctx).Officer, id)
	if err != nil {
		return nil, err
	}
	last, err := s.Webhooks.Store.ListDeliveries(ctx, id)
	return &webhookShownOut{WebhookShown{webhookOf(h), listed(last, deliveryOf)}}, err
}

func (s Services) testWebhook(ctx context.Context, in *webhookPath) (*webhookTestOut, error) {
	id, err := parsedID(in.ID, webhook.NotFound())
	if err != nil {
		return nil, err
	}
	d, err := s.Webhooks.Test(ctx, rest.Caller(ctx).Officer, id)
	return &webhookTestOut{deliveryOf(d)}, err
}

func moveWebhook(ctx context.Context, of string,
	move func(context.Context, authz.Op, uuid.UUID) (webhook.Hook, error)) (*webhookOut, error) {
	id, err := parsedID(of, webhook.NotFound())
	if err != nil {
		return nil, err
	}
	h, err := move(ctx, rest.Op(ctx), id)
	return &webhookOut{webhookOf(h)}, err
}

func newWebhookOf(h webhook.Hook, secret string) *newWebhookOut {
	return &newWebhookOut{Location: "/v1/webhooks/" + h.ID.String(), Body: NewWebhook{webhookOf(h), secret, h.Again}}
}

func webhookOf(h webhook.Hook) Webhook {
	out := Webhook{ID: h.ID.String(), URL: h.URL, Kind: h.Kind, State: h.State, Reason: h.Reason, Failures: h.Failures,
		FailingSince: whenSet(h.FailingSince), RetryAt: whenSet(h.RetryAt), OldSecretUntil: whenSet(h.OldSecretUntil),
		CreatedAt: h.CreatedAt}
	if h.Region != nil {
		code := string(*h.Region)
		out.Region = &code
	}
	if h.Place > 0 {
		after := h.Place - 1
		out.After = &after
	}
	return out
}

func deliveryOf(d webhook.Delivery) WebhookDelivery {
	return WebhookDelivery{Message: d.Message, Index: d.Index, At: d.At, TookMS: d.Took.Milliseconds(), Status: d.Status,
		Failure: d.Failure}
}

// whenSet leaves out an instant that never was.
func whenSet(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
