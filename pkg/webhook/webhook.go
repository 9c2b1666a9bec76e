// Package webhook sends the changes that package feed tells to the addresses that other systems named: each change in
// a request of its own, signed as Standard Webhooks say, at least once and in the order of the log.
//
// Who registers a webhook owns it. What is sent is what the owner may read at that moment; when the owner may read
// nothing any more, nothing is sent. One job at a time delivers for a webhook: it holds a lease, which it renews with
// every step that it keeps, and which another job takes over when the process of the first one died.
package webhook

import (
	"encoding/base64"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

// State tells whether a webhook delivers.
type State string

// The states.
const (
	Active State = "active"
	Paused State = "paused"
)

// Values lists the states.
func (State) Values() []State { return []State{Active, Paused} }

// Valid tells whether s is one of the states.
func (s State) Valid() bool { return codelist.Has(s) }

// Reason is why a webhook is paused.
type Reason string

// The reasons. The first is an officer's decision, the others are the program's, and raise an alarm.
const (
	ByOfficer Reason = "by_officer"
	GivenUp   Reason = "given_up"   // the receiver took nothing for GiveUpAfter
	Gone      Reason = "gone"       // the receiver answered 410: it wants no more
	RightLost Reason = "right_lost" // the owner may read changes nowhere any more
)

// Values lists the reasons.
func (Reason) Values() []Reason { return []Reason{ByOfficer, GivenUp, Gone, RightLost} }

// Valid tells whether r is one of the reasons.
func (r Reason) Valid() bool { return codelist.Has(r) }

// Failure is why a delivery did not succeed.
type Failure string

// The failures.
const (
	BadAddress  Failure = "address"     // an address that must not be called
	Unreachable Failure = "unreachable" // no connection
	TimedOut    Failure = "timeout"     // no answer in time
	BadTLS      Failure = "tls"         // a certificate that does not hold
	Redirected  Failure = "redirect"    // redirects are not followed
	Refused     Failure = "refused"     // an answer that is not 2xx
)

// Values lists the failures.
func (Failure) Values() []Failure {
	return []Failure{BadAddress, Unreachable, TimedOut, BadTLS, Redirected, Refused}
}

// Valid tells whether f is one of the failures.
func (f Failure) Valid() bool { return codelist.Has(f) }

// Hook is a webhook.
type Hook struct {
	ID     uuid.UUID
	Owner  authz.OfficerID
	URL    string
	Region *region.Code // the part of the owner's scope that is told; nil for all of it
	Kind   string       // of entries that are told; empty for all
	State  State
	Reason Reason // why it is paused

	Secret         int       // number of the secret
	OldSecretUntil time.Time // until when the secret before it signs, too
	Place          int64     // in the log, of the first entry that was not told
	Failures       int       // in a row
	FailingSince   time.Time
	RetryAt        time.Time // not before
	CreatedAt      time.Time

	Lease uuid.UUID // of the job that delivers
	Again bool      // it was registered before, by the same request
}

// What bounds webhooks.
const (
	MostOfOfficer = 5
	// OldSecretFor is how long the secret before a rotation signs beside the new one.
	OldSecretFor = 24 * time.Hour
	// GiveUpAfter is for how long a receiver may take nothing before its webhook is paused.
	GiveUpAfter = 3 * 24 * time.Hour
	// ListedDeliveries is how many of the last deliveries of a webhook are kept.
	ListedDeliveries = 50
)

// The wait after a failure doubles from one to the next.
const (
	firstRetry  = 5 * time.Second
	longestWait = time.Hour
)

// Delivery is one request that was sent, or could not be.
type Delivery struct {
	Message string // webhook-id: the same each time that a change is sent to a webhook
	Index   *int64 // place of the change; nil of a test
	At      time.Time
	Took    time.Duration
	Status  int     // 0 without an answer
	Failure Failure // empty when it was taken
}

// Job delivers for one webhook under one lease.
type Job struct {
	Hook  uuid.UUID `json:"hook"`
	Lease uuid.UUID `json:"lease"`
}

// Kind names the job to the queue.
func (Job) Kind() string { return "webhook_deliver" }

// NotFound is a webhook that is not there, or somebody else's.
func NotFound() error { return fault.New(fault.NotFound, "webhook.not_found") }

// MayRegister refuses one more than MostOfOfficer.
func MayRegister(has int) error {
	if has >= MostOfOfficer {
		return fault.New(fault.Conflict, "webhook.too_many", "most", fmt.Sprint(MostOfOfficer))
	}
	return nil
}

// Pause stops deliveries.
func (h *Hook) Pause(why Reason) { h.State, h.Reason = Paused, why }

// Resume goes on from where it stopped, at once.
func (h *Hook) Resume() {
	h.State, h.Reason = Active, ""
	h.Failures, h.FailingSince, h.RetryAt = 0, time.Time{}, time.Time{}
}

// Replay tells everything again from a place on, which must not lie behind the end of the log.
func (h *Hook) Replay(place, published int64) error {
	if place > published {
		return fault.New(fault.Invalid, "changes.place_unknown").At("after")
	}
	h.Place, h.Failures, h.FailingSince, h.RetryAt = place, 0, time.Time{}, time.Time{}
	return nil
}

// Rotate makes the next secret; the one before goes on signing for a time.
func (h *Hook) Rotate(now time.Time) {
	h.Secret++
	h.OldSecretUntil = now.Add(OldSecretFor)
}

// Took goes on after a change that the receiver took.
func (h *Hook) Took(index int64) {
	h.Place = index + 1
	h.Failures, h.FailingSince, h.RetryAt = 0, time.Time{}, time.Time{}
}

// Fail plans the next attempt, or gives up.
func (h *Hook) Fail(d Delivery, now time.Time) {
	const gone = 410
	if h.Failures == 0 {
		h.FailingSince = now
	}
	h.Failures++
	h.RetryAt = now.Add(waitAfter(h.Failures))
	switch {
	case d.Status == gone:
		h.Pause(Gone)
	case now.Sub(h.FailingSince) >= GiveUpAfter:
		h.Pause(GivenUp)
	}
}

func waitAfter(failures int) time.Duration {
	wait := firstRetry
	for range failures - 1 {
		if wait *= 2; wait >= longestWait {
			return longestWait
		}
	}
	return wait
}

// message is the webhook-id of a change: the same at every attempt and in every replay, so that a receiver that has it
// already can tell.
func (h *Hook) message(index int64) string { return fmt.Sprintf("%s_%d", h.ID, index) }

// secretOf is a secret of a webhook in the form that Standard Webhooks give it: only this Tanggap can make it, and it
// is kept nowhere.
func secretOf(derive func(purpose string) []byte, id uuid.UUID, n int) string {
	return "whsec_" + base64.StdEncoding.EncodeToString(derive(fmt.Sprintf("webhook %s %d", id, n)))
}

// secrets are those that sign at an instant, the newest first.
func (h *Hook) secrets(derive func(purpose string) []byte, now time.Time) []string {
	list := []string{secretOf(derive, h.ID, h.Secret)}
	if now.Before(h.OldSecretUntil) {
		list = append(list, secretOf(derive, h.ID, h.Secret-1))
	}
	return list
}
