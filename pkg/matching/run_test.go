package matching_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/matching"
)

// The last of so many attempts is the one that fails; before it a run waits to be tried again, and one that has come to
// its end stays as it is.
func TestARunFailsAfterSoManyAttempts(t *testing.T) {
	t.Parallel()
	for _, state := range matching.RunState("").Values() {
		r := matching.Run{State: state}
		working := state == matching.Queued || state == matching.Running
		for n := 1; n <= 3; n++ {
			want := matching.Run{State: state}
			if working {
				want = matching.Run{State: matching.Queued, Attempts: n}
			}
			if working && n == 3 {
				want.State, want.Failure = matching.Failed, "job.right_lost"
			}
			if did := r.Fail("job.right_lost", 3); did != working || r != want {
				t.Errorf("%s, attempt %d: %t, %+v", state, n, did, r)
			}
		}
		if r.Fail("another", 1) {
			t.Errorf("%s fails again: %+v", state, r)
		}
	}
}
