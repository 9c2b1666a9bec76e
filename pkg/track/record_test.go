package track_test

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/pkg/track"
)

// One PHK gives each of its months once: what an earlier claim gave or still owes is not in the next one, and whoever
// states that there was no claim before is not believed.
func TestAPHKGivesItsMonthsOnce(t *testing.T) {
	t.Parallel()
	m := running(t)
	if _, err := m.f.StopClaim(&m.c, track.StopJob, m.today); err != nil {
		t.Fatal(err)
	}
	derive(&m.c, &m.f)
	stated, err := json.Marshal(jkp.Application{ClaimsBefore: new(0), MonthsSinceBenefit: new(99)})
	if err != nil {
		t.Fatal(err)
	}
	second := track.Claim{ID: uuid.New(), Facts: string(stated)}
	if _, err := track.Claims.Add(at(&m.c, &m.f, m.today), second); err != nil {
		t.Fatal(err)
	}
	derive(&m.c, &m.f)
	s, h := serving(t, "3273", m.today)
	h.c, h.f = m.c, m.f
	got, err := s.Stated(t.Context(), authz.Scope{}, casework.ID{})
	if err != nil || *got.Facts.ClaimsBefore != 1 || *got.Facts.MonthsSinceBenefit != 0 {
		t.Errorf("on record are %+v: %v", got.Facts, err)
	}
	v := track.Verdict{Decision: eligible, Reference: m.today, Windows: windows(m.today)}
	if _, err := m.f.DecideClaim(&m.c, v, m.today); err != nil {
		t.Fatal(err)
	}
	var given []int
	for _, month := range m.f.Months {
		if month.Claim == second.ID {
			given = append(given, month.N)
		}
	}
	if len(given) != 4 || given[0] != 3 {
		t.Errorf("month 1 was paid and month 2 proved, and the second claim gives %v", given)
	}
}

// A claim is applied for on the day of the termination or later, and nothing begins after a death.
func TestWhatTheRecordForbids(t *testing.T) {
	t.Parallel()
	for on, code := range map[int]string{4: "claim.before_termination", 5: "", 6: ""} {
		_, err := track.Claims.Add(at(&casework.Case{TerminatedOn: day(5)}, &track.Tracks{}, day(on)), track.Claim{ID: part})
		if fault.CodeOf(err) != code {
			t.Errorf("applied for on day %d: %v", on, err)
		}
	}
	for why, code := range map[track.StopReason]string{track.StopDeath: "case.worker_died", track.StopJob: ""} {
		f := track.Tracks{Claims: []track.Claim{{ID: part, State: casework.ClaimStopped, Stated: why, StatedOn: start}}}
		_, err := track.Claims.Add(at(&casework.Case{}, &f, day(9)), track.Claim{ID: uuid.New()})
		if fault.CodeOf(err) != code {
			t.Errorf("after %s: %v", why, err)
		}
		if why == track.StopJob {
			continue
		}
		card := track.PrakerjaCard{ID: uuid.New(), Batch: "72", AwardedOn: day(9)}
		_, err = f.AwardPrakerja(&casework.Case{}, prakerja.Scheme{}, card, prakerja.Facts{}, day(9))
		if fault.CodeOf(err) != code || len(f.PrakerjaCards) > 0 {
			t.Errorf("a Prakerja card after %s: %v", why, err)
		}
	}
}
