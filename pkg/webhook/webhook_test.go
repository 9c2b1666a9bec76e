package webhook

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/fault"
)

var start = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)

// The wait doubles from one failure to the next, up to an hour; what is taken ends it.
func TestWaitsAfterFailures(t *testing.T) {
	t.Parallel()
	for failures, want := range map[int]time.Duration{1: 5 * time.Second, 2: 10 * time.Second, 3: 20 * time.Second,
		10: 2560 * time.Second, 11: time.Hour, 12: time.Hour, 1000: time.Hour} {
		if got := waitAfter(failures); got != want {
			t.Errorf("after %d failures %s, want %s", failures, got, want)
		}
	}
	h := Hook{State: Active, Place: 7}
	h.Fail(Delivery{Failure: TimedOut}, start)
	h.Fail(Delivery{Failure: Refused, Status: 500}, start.Add(time.Minute))
	if h.Failures != 2 || !h.FailingSince.Equal(start) || !h.RetryAt.Equal(start.Add(70*time.Second)) || h.Place != 7 {
		t.Errorf("after two failures %+v", h)
	}
	h.Took(9)
	if h.Failures != 0 || !h.FailingSince.IsZero() || !h.RetryAt.IsZero() || h.Place != 10 || h.State != Active {
		t.Errorf("after one that was taken %+v", h)
	}
}

// A receiver is given up after three days and not a moment before, and at once when it says that it is gone.
func TestWhenAReceiverIsGivenUp(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		after  time.Duration
		status int
		state  State
		reason Reason
	}{
		"just before":       {GiveUpAfter - time.Nanosecond, 500, Active, ""},
		"after three days":  {GiveUpAfter, 500, Paused, GivenUp},
		"gone":              {time.Second, 410, Paused, Gone},
		"not found is none": {time.Second, 404, Active, ""},
	} {
		h := Hook{State: Active}
		h.Fail(Delivery{Failure: Refused, Status: 500}, start)
		h.Fail(Delivery{Failure: Refused, Status: c.status}, start.Add(c.after))
		if h.State != c.state || h.Reason != c.reason {
			t.Errorf("%s: %s, %q", name, h.State, h.Reason)
		}
		h.Resume()
		if h.State != Active || h.Reason != "" || h.Failures != 0 || !h.RetryAt.IsZero() || !h.FailingSince.IsZero() {
			t.Errorf("%s, resumed: %+v", name, h)
		}
	}
}

// A place behind the end of the log is refused; the end itself is what comes next.
func TestPlacesOfAWebhook(t *testing.T) {
	t.Parallel()
	h := Hook{Place: fromNow}
	if err := h.PlaceFrom(12); err != nil || h.Place != 12 {
		t.Errorf("from now on: %d, %v", h.Place, err)
	}
	for place, refused := range map[int64]bool{0: false, 12: false, 13: true} {
		h = Hook{Place: 5}
		if err := h.Replay(place, 12); (fault.CodeOf(err) == "changes.place_unknown") != refused ||
			(h.Place == place) == refused {
			t.Errorf("again from %d: place %d, %v", place, h.Place, err)
		}
	}
	if MayRegister(MostOfOfficer-1) != nil || fault.CodeOf(MayRegister(MostOfOfficer)) != "webhook.too_many" {
		t.Error("the number of webhooks has another bound")
	}
}

// The secret before signs for a day beside the new one, and then no more.
func TestSecretsThatSign(t *testing.T) {
	t.Parallel()
	derive := func(purpose string) []byte { return []byte(purpose) }
	h := Hook{ID: uuid.New(), Secret: 1}
	first := h.secrets(derive, start)
	h.Rotate(start)
	both, after := h.secrets(derive, start.Add(OldSecretFor-time.Nanosecond)), h.secrets(derive, start.Add(OldSecretFor))
	if len(first) != 1 || len(both) != 2 || both[1] != first[0] || both[0] == first[0] || len(after) != 1 ||
		after[0] != both[0] {
		t.Errorf("%q, then %q, then %q", first, both, after)
	}
	if other := (&Hook{ID: uuid.New(), Secret: 1}); other.secrets(derive, start)[0] == first[0] {
		t.Error("two webhooks share a secret")
	}
}
