package authz_test

import (
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
)

// A password counts as just given for five minutes, the last instant included. Who never gave one has none.
func TestAPasswordIsFreshForFiveMinutes(t *testing.T) {
	t.Parallel()
	given := time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)
	for after, fresh := range map[time.Duration]bool{0: true, 5 * time.Minute: true, 5*time.Minute + 1: false,
		24 * time.Hour: false} {
		err := authz.Actor{ConfirmedAt: given}.Fresh(given.Add(after))
		if (err == nil) != fresh || !fresh && fault.CodeOf(err) != "session.confirmation_required" {
			t.Errorf("%v later: %v", after, err)
		}
	}
	if (authz.Actor{}).Fresh(given) == nil {
		t.Error("who never gave a password has just given one")
	}
}
