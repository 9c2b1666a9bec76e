package privacystore_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/privacy"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// What is kept of a hold and of an erasure is all of it, after each step; a case that is not the caller's has neither.
func TestEveryFieldOfWhatStandsOverACaseIsKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s := b.privacyAt(t, "2026-11-23T03:00:00Z")
	id, elsewhere := b.closed(t, "3273", 1, "2020-01-01"), b.closed(t, "3204", 2, "2020-01-01")
	asker, second := b.As(b.Officer, "3273"), b.As(b.Colleague(t, "3273"), "3273")
	looked := errors.New("only a look")
	version := 2
	holds := func(of casework.ID, want privacy.ErasureStatus) {
		t.Helper()
		var got privacy.ErasureStatus
		at := version
		if of == elsewhere {
			at = 2
		}
		_, err := b.ChangePrivacy(t.Context(), b.As(b.Officer, "32"), of, at,
			func(_ *casework.Case, f *privacy.ErasureStatus) (casework.Event, error) {
				got = *f
				return casework.Event{}, looked
			})
		if !errors.Is(err, looked) || got != want {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
	}
	step := func(_ casework.State, err error) {
		t.Helper()
		storetest.OK(t, err)
		version++
	}
	holds(id, privacy.ErasureStatus{})
	step(s.Hold(t.Context(), asker, id, version, true, "perkara"))
	holds(id, privacy.ErasureStatus{Held: true, Obstacle: "held"})
	step(s.Hold(t.Context(), asker, id, version, false, "selesai"))
	step(s.Request(t.Context(), asker, id, version, "permintaan"))
	holds(id, privacy.ErasureStatus{Erasure: privacy.Requested, RequestedBy: asker.Actor})
	step(s.Decide(t.Context(), second, id, version, false))
	holds(id, privacy.ErasureStatus{Erasure: privacy.Refused, RequestedBy: asker.Actor, DecidedBy: second.Actor})
	step(s.Request(t.Context(), second, id, version, "sekali lagi"))
	holds(id, privacy.ErasureStatus{Erasure: privacy.Requested, RequestedBy: second.Actor})
	step(s.Decide(t.Context(), asker, id, version, true))
	if n := b.CountRows(t, "select count(*) from erasure where case_id = $1 and state = 'done' and requested_by = $2 and "+
		"decided_by = $3", uuid.UUID(id), uuid.UUID(second.Actor), uuid.UUID(asker.Actor)); n != 1 {
		t.Error("it is not kept who asked for the erasure that was done, and who approved it")
	}
	holds(elsewhere, privacy.ErasureStatus{})
	_, err := b.ChangePrivacy(t.Context(), asker, id, version, nil)
	storetest.WantCode(t, err, "worker.erased")
	_, err = b.ChangePrivacy(t.Context(), asker, elsewhere, 2, nil)
	storetest.WantCode(t, err, "case.not_found")
	_, err = b.ChangePrivacy(t.Context(), b.As(asker.Actor, "3204"), elsewhere, 1, nil)
	storetest.WantCode(t, err, "case.stale")
}
