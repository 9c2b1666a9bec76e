package exportstore_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/region"
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

// Nor is what was written since and does not stand in the log yet: that nothing came after a checkpoint is asked of
// both.
func TestAnExportLeavesOutWhatIsNotInTheLogYet(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.OpenCase(t, "3273", 1)
	size, err := b.Seal(t.Context())
	storetest.OK(t, err)
	look := func(when string) {
		t.Helper()
		var text strings.Builder
		var entries, cases int
		storetest.OK(t, b.Snapshot(t.Context(), storetest.In("3273"), export.Export{}, audit.Checkpoint{Size: size},
			func(s export.Snapshot) (err error) {
				entries, cases, err = s.Histories(export.JSONL, &text)
				return err
			}))
		if entries != 1 || cases != 1 || strings.Count(text.String(), made.ID.String()) != 1 {
			t.Errorf("%s: %d entries of %d cases\n%s", when, entries, cases, &text)
		}
	}
	look("when nothing came after")
	_, err = b.Change(t.Context(), b.Request("", "3273"), made.ID, 1, storetest.Advance(casework.Benefit))
	storetest.OK(t, err)
	b.OpenCase(t, "3273", 2)
	look("while what came after waits for the log")
	_, err = b.Seal(t.Context())
	storetest.OK(t, err)
	look("once it stands there")
}

// An export says of which region it is: of one case that of the case, of everything that of the scope.
func TestAnExportNamesItsRegion(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made, elsewhere := b.OpenCase(t, "3273", 1), b.OpenCase(t, "3578", 2)
	size, err := b.Seal(t.Context())
	storetest.OK(t, err)
	for name, c := range map[string]struct {
		scope []region.Code
		of    casework.ID
		want  string
	}{
		"a case":              {[]region.Code{"32"}, made.ID, "3273"},
		"a case of nobody's":  {[]region.Code{"32"}, elsewhere.ID, "32"},
		"a case of the whole": {[]region.Code{""}, elsewhere.ID, "3578"},
		"a province":          {[]region.Code{"32"}, casework.ID{}, "32"},
		"two regions":         {[]region.Code{"3273", "3578"}, casework.ID{}, "3273 3578"},
		"everything":          {[]region.Code{""}, casework.ID{}, "national"},
	} {
		asked := export.Request{}
		if c.of != (casework.ID{}) {
			asked.Case = c.of.String()
		}
		var text strings.Builder
		storetest.OK(t, b.Snapshot(t.Context(), authz.ScopeOver(c.scope...), export.Export{Asked: asked},
			audit.Checkpoint{Size: size},
			func(s export.Snapshot) error {
				_, _, err := s.Histories(export.JSONL, &text)
				return err
			}))
		if lines := strings.Split(strings.TrimSpace(text.String()), "\n"); !strings.HasPrefix(lines[len(lines)-1],
			`{"end":{"region":"`+c.want+`"`) {
			t.Errorf("%s: ends with %s", name, lines[len(lines)-1])
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
