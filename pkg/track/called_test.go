package track_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/track"
)

// An application was called on the day of its first call; a later one, and a step that is no call, leave that day.
func TestTheDayOfTheFirstCall(t *testing.T) {
	t.Parallel()
	applied := calendar.MustDate("2026-11-02")
	id := uuid.UUID{1}
	for name, c := range map[string]struct {
		steps []track.ApplicationState
		want  int // days after applying; 0: never
	}{
		"a test, and an interview": {[]track.ApplicationState{track.TestCalled, track.Interviewed}, 1},
		"an interview":             {[]track.ApplicationState{track.Interviewed, track.Offered}, 1},
		"an offer without a call":  {[]track.ApplicationState{track.Offered, track.Hired}, 0},
		"rejected unseen":          {[]track.ApplicationState{track.Rejected}, 0},
	} {
		f := track.Tracks{Applications: []track.Application{{ID: id, State: track.Submitted, AppliedOn: applied}}}
		for i, to := range c.steps {
			if _, err := track.Applications.Step(at(nil, &f, applied.AddDays(i+1)),
				moved(id, to, applied.AddDays(i+1))); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		var want calendar.Date
		if c.want > 0 {
			want = applied.AddDays(c.want)
		}
		if got := f.Applications[0].CalledOn; got != want {
			t.Errorf("%s: called on %s, want %s", name, got, want)
		}
	}
}
