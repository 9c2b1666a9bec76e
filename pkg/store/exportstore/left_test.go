package exportstore_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// What was written after a checkpoint is in neither the proof nor the entries of an export as of it.
func TestAnExportEndsAtItsCheckpoint(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.OpenCase(t, "3273", 1)
	b.OpenCase(t, "3204", 2)
	size, err := b.Seal(t.Context())
	storetest.OK(t, err)
	_, err = b.Change(t.Context(), b.Request("", "3273"), made.ID, 1, storetest.Advance(casework.Benefit))
	storetest.OK(t, err)
	later, err := b.Seal(t.Context())
	storetest.OK(t, err)
	for asOf, want := range map[int64][]int{size: {1}, later: {1, 2}} {
		var places []int64
		var seqs []int
		storetest.OK(t, b.Snapshot(t.Context(), storetest.In("3273"), export.Export{}, audit.Checkpoint{Size: asOf},
			func(s export.Snapshot) error {
				if err := s.Places(func(at int64) { places = append(places, at) }); err != nil {
					return err
				}
				return s.Entries(func(e *audit.Entry) error { seqs = append(seqs, e.Seq); return nil })
			}))
		if !slices.Equal(seqs, want) || len(places) != len(want) || slices.Max(places) >= asOf {
			t.Errorf("as of %d: entries %v at %v, want %v", asOf, seqs, places, want)
		}
	}
}

// The file of an export that has expired is removed, also when it could not be at the time.
func TestAFileThatWasLeftBehindIsNamedAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	x := b.exportIn(t, b.exports(t), b.Officer, b.Colleague(t, "3273"), export.Expired)
	b.exportIn(t, b.exports(t), b.Officer, b.Colleague(t, "3273"), export.Ready)
	for _, want := range [][]uuid.UUID{nil, {x.ID}, nil} {
		if want != nil {
			b.Do(t, "update export set file_name = 'ekspor.zip' where id = $1", x.ID)
		}
		got, err := b.ExpireExports(t.Context())
		storetest.OK(t, err)
		if !slices.Equal(got, want) {
			t.Errorf("expired are %v, want %v", got, want)
		}
	}
}
