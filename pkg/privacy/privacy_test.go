package privacy_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/privacy"
)

var (
	on            = calendar.MustDate("2026-11-23")
	nobody        authz.OfficerID
	asker, second = authz.OfficerID(uuid.UUID{1}), authz.OfficerID(uuid.UUID{2})
	because       = identity.NewSecret("permintaan tertulis")
	unsaid        identity.Secret
)

// step is one thing that an officer does with a file.
type step func(f *privacy.ErasureStatus) (casework.Event, error)

func hold(why identity.Secret) step {
	return func(f *privacy.ErasureStatus) (casework.Event, error) { return f.Hold(why, on) }
}

func release(why identity.Secret) step {
	return func(f *privacy.ErasureStatus) (casework.Event, error) { return f.Release(why, on) }
}

func request(by authz.OfficerID, why identity.Secret) step {
	return func(f *privacy.ErasureStatus) (casework.Event, error) { return f.Request(by, why, on) }
}

func decide(by authz.OfficerID, erase bool) step {
	return func(f *privacy.ErasureStatus) (casework.Event, error) { return f.Decide(by, erase, on) }
}

func asked() privacy.ErasureStatus {
	return privacy.ErasureStatus{Erasure: privacy.Requested, RequestedBy: asker}
}

func refused() privacy.ErasureStatus {
	return privacy.ErasureStatus{Erasure: privacy.Refused, RequestedBy: asker, DecidedBy: second}
}

func against(obstacle string, f privacy.ErasureStatus) privacy.ErasureStatus {
	f.Obstacle, f.Held = obstacle, obstacle == "held"
	return f
}

// What may not be done is refused with its own code, gives no entry and leaves the file as it was.
func TestWhatIsRefusedChangesNothing(t *testing.T) {
	t.Parallel()
	fresh, held := privacy.ErasureStatus{}, privacy.ErasureStatus{Held: true}
	erased := against("erased", privacy.ErasureStatus{Erasure: privacy.Done, RequestedBy: asker, DecidedBy: second})
	for name, c := range map[string]struct {
		file privacy.ErasureStatus
		do   step
		code string
		kind fault.Kind
	}{
		"a hold set twice":           {held, hold(because), "hold.set_already", fault.Conflict},
		"a hold without a reason":    {fresh, hold(unsaid), "privacy.reason_required", fault.Invalid},
		"a hold that was never set":  {fresh, release(because), "hold.not_set", fault.Conflict},
		"a release without a reason": {held, release(unsaid), "privacy.reason_required", fault.Invalid},
		"asked without a reason":     {fresh, request(asker, unsaid), "privacy.reason_required", fault.Invalid},
		"asked twice":                {asked(), request(asker, because), "erasure.requested_already", fault.Conflict},
		"asked twice, by two":        {asked(), request(second, because), "erasure.requested_already", fault.Conflict},
		"asked under a hold":         {against("held", fresh), request(asker, because), "erasure.held", fault.Conflict},
		"asked while a case is open": {against("open", fresh), request(asker, because), "erasure.case_open",
			fault.Conflict},
		"asked with a case elsewhere": {against("elsewhere", fresh), request(asker, because), "erasure.elsewhere",
			fault.Conflict},
		"asked once more when erased": {erased, request(asker, because), "worker.erased", fault.Conflict},
		"asked against what is unknown": {against("new", fresh), request(asker, because), "erasure.case_open",
			fault.Conflict},
		"approved though nobody asked":  {fresh, decide(second, true), "erasure.not_requested", fault.Conflict},
		"refused though nobody asked":   {fresh, decide(second, false), "erasure.not_requested", fault.Conflict},
		"approved after it was refused": {refused(), decide(second, true), "erasure.not_requested", fault.Conflict},
		"refused twice":                 {refused(), decide(second, false), "erasure.not_requested", fault.Conflict},
		"approved twice":                {erased, decide(second, true), "erasure.not_requested", fault.Conflict},
		"approved by whoever asked":     {asked(), decide(asker, true), "erasure.own", fault.Forbidden},
		"refused by whoever asked":      {asked(), decide(asker, false), "erasure.own", fault.Forbidden},
		"approved under a hold":         {against("held", asked()), decide(second, true), "erasure.held", fault.Conflict},
		"approved while a case is open": {against("open", asked()), decide(second, true), "erasure.case_open",
			fault.Conflict},
		"approved with a case elsewhere": {against("elsewhere", asked()), decide(second, true), "erasure.elsewhere",
			fault.Conflict},
		"by whoever asked, under a hold": {against("held", asked()), decide(asker, true), "erasure.own", fault.Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			after := c.file
			event, err := c.do(&after)
			if fault.CodeOf(err) != c.code || fault.KindOf(err) != c.kind {
				t.Errorf("got %v, want %s", err, c.code)
			}
			if after != c.file || event.Kind != "" {
				t.Errorf("%q made of %+v: %+v", event.Kind, c.file, after)
			}
		})
	}
}

// What may be done gives one entry of its kind and day, and leaves the file in the state that the drawing names.
func TestWhatIsAllowedIsOneEntry(t *testing.T) {
	t.Parallel()
	fresh, held := privacy.ErasureStatus{}, privacy.ErasureStatus{Held: true}
	for name, c := range map[string]struct {
		file  privacy.ErasureStatus
		do    step
		kind  casework.Kind
		after privacy.ErasureStatus
		why   identity.Secret
	}{
		"hold": {fresh, hold(because), privacy.HoldSet, held, because},
		"hold what is asked": {asked(), hold(because), privacy.HoldSet, privacy.ErasureStatus{Held: true,
			Erasure: privacy.Requested, RequestedBy: asker}, because},
		"release":        {held, release(because), privacy.HoldReleased, fresh, because},
		"ask":            {fresh, request(asker, because), privacy.ErasureRequested, asked(), because},
		"ask after a no": {refused(), request(asker, because), privacy.ErasureRequested, asked(), because},
		"the other may ask": {refused(), request(second, because), privacy.ErasureRequested,
			privacy.ErasureStatus{Erasure: privacy.Requested, RequestedBy: second}, because},
		"refuse": {asked(), decide(second, false), privacy.ErasureRefused, refused(), unsaid},
		"refuse under a hold": {against("held", asked()), decide(second, false), privacy.ErasureRefused,
			against("held", refused()), unsaid},
		"approve": {asked(), decide(second, true), privacy.WorkerErased,
			privacy.ErasureStatus{Erasure: privacy.Done, RequestedBy: asker, DecidedBy: second}, unsaid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			event, err := c.do(&c.file)
			if err != nil || event.Kind != c.kind || event.OccurredOn != on || event.Secret.Reveal() != c.why.Reveal() {
				t.Errorf("got %q on %s: %v", event.Kind, event.OccurredOn, err)
			}
			if c.file != c.after {
				t.Errorf("got %+v, want %+v", c.file, c.after)
			}
			if c.kind == privacy.ErasureRequested && c.file.DecidedBy != nobody {
				t.Error("who decided before stands beside a new request")
			}
		})
	}
}
