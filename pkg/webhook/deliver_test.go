package webhook

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/feed"
	"github.com/tanggap/tanggap/pkg/region"
)

// desk is a webhook of a log of three changes, with what was kept of it.
type desk struct {
	hook  Hook
	asked []authz.Scope
	kept  []string
}

func (d *desk) LeaseDue(context.Context, time.Time) error { return nil }

func (d *desk) LeasedHook(context.Context, uuid.UUID, uuid.UUID) (Hook, error) { return d.hook, nil }

func (d *desk) Keep(_ context.Context, h *Hook, sent *Delivery, _ bool) error {
	if d.hook = *h; sent != nil {
		d.kept = append(d.kept, sent.Message[strings.LastIndexByte(sent.Message, '_')+1:])
	}
	return nil
}

func (d *desk) Changes(_ context.Context, scope authz.Scope, f feed.Filter) (feed.Page, error) {
	d.asked = append(d.asked, scope)
	p := feed.Page{Place: 3, Size: 3}
	for n := f.From; n < 3; n++ {
		p.Items = append(p.Items, feed.Change{Index: n})
	}
	return p, nil
}

func (*desk) Published(context.Context) (int64, error) { return 3, nil }

// A change that is not taken is the last of its turn, and the first of the next; what is told is the webhook's part of
// what the owner may read. Without any part of it the webhook stops.
func TestATurnOfDeliveries(t *testing.T) {
	t.Parallel()
	here, there := region.Code("3273"), region.Code("3578")
	for name, c := range map[string]struct {
		region   *region.Code
		refused  string // place of the change that is not taken
		kept     []string
		place    int64
		failures int
		reason   Reason
	}{
		"all are taken":        {nil, "", []string{"0", "1", "2"}, 3, 0, ""},
		"the second is not":    {nil, "1", []string{"0", "1"}, 1, 1, ""},
		"the first is not":     {nil, "0", []string{"0"}, 0, 1, ""},
		"of a part":            {&here, "", []string{"0", "1", "2"}, 3, 0, ""},
		"of what is another's": {&there, "", nil, 0, 0, RightLost},
	} {
		url := receiver(t, func(w http.ResponseWriter, r *http.Request) {
			if c.refused != "" && strings.HasSuffix(r.Header.Get("webhook-id"), "_"+c.refused) {
				w.WriteHeader(http.StatusInternalServerError)
			}
		})
		kept := &desk{hook: Hook{ID: uuid.New(), URL: url, Region: c.region, State: Active, Secret: 1}}
		d := &Deliverer{Store: kept, Changes: kept, Sender: NewSender(loopback, clock.System(), nil), Clock: clock.At(start),
			Rights: func(context.Context, authz.OfficerID, authz.Action) (authz.Scope, error) {
				return authz.ScopeOver("32"), nil
			},
			Derive: func(purpose string) []byte { return []byte(purpose) }, Log: slog.New(slog.DiscardHandler)}
		if err := d.Deliver(t.Context(), kept.hook.ID, uuid.Nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		h := kept.hook
		if !slices.Equal(kept.kept, c.kept) || h.Place != c.place || h.Failures != c.failures || h.Reason != c.reason {
			t.Errorf("%s: told %v, now %+v", name, kept.kept, h)
		}
		for _, scope := range kept.asked {
			if whole := scope.Covers("3204"); whole != (c.region == nil) || !scope.Covers(here) {
				t.Errorf("%s: asked for %v", name, scope.Regions())
			}
		}
	}
}
