package oversightstore_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/oversight"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// A frame holds the cases of the scope that were opened on the days, both included, and stood in the log at its size.
func TestWhichCasesAreInAFrame(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var ids []uuid.UUID
	for n, code := range []region.Code{"3273", "3273", "3204"} {
		ids = append(ids, uuid.UUID(b.OpenCase(t, code, n+1).ID))
		if _, err := b.Seal(t.Context()); err != nil { // one entry of the log after the other
			t.Fatal(err)
		}
	}
	_, err := b.Change(t.Context(), b.Request("", "3273"), casework.ID(ids[0]), 1, storetest.Advance(casework.Benefit))
	storetest.OK(t, err)
	_, err = b.Seal(t.Context())
	storetest.OK(t, err)
	day := calendar.MustDate("2026-11-01")
	for name, c := range map[string]struct {
		scope       region.Code
		from, until int
		asOf        int64
		want        []uuid.UUID
	}{
		"all of a regency":         {"3273", 0, 0, 3, ids[:2]},
		"all of a province":        {"32", 0, 0, 3, ids},
		"a case that moved is one": {"3273", 0, 0, 4, ids[:2]},
		"of an older log":          {"32", 0, 0, 2, ids[:2]},
		"of the first":             {"32", 0, 0, 1, ids[:1]},
		"of an empty log":          {"32", 0, 0, 0, nil},
		"from the day":             {"32", 0, 9, 3, ids},
		"from the next":            {"32", 1, 9, 3, nil},
		"until the day":            {"32", -9, 0, 3, ids},
		"until the day before":     {"32", -9, -1, 3, nil},
		"elsewhere":                {"35", 0, 0, 3, nil},
	} {
		got, err := b.Frame(t.Context(), storetest.In(c.scope), oversight.SampleRequest{From: day.AddDays(c.from),
			Until: day.AddDays(c.until)}, c.asOf)
		storetest.OK(t, err)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
