package store_test

import (
	"slices"
	"testing"

	"github.com/tanggap/tanggap/pkg/store"
)

// What a release knows of a table is in the order of names, with the whole primary key, and nothing of a table whose
// name begins alike.
func TestTheColumnsThatAReleaseKnows(t *testing.T) {
	t.Parallel()
	for table, want := range map[string][2][]string{
		"attendance": {{"case_id", "held_on", "present", "region", "training_id"}, {"training_id", "held_on"}},
		"office":     {{"name", "region", "zone"}, {"region"}},
		"nothing":    {nil, nil},
	} {
		names, key := store.ColumnsOf(table)
		if !slices.Equal(names, want[0]) || !slices.Equal(key, want[1]) {
			t.Errorf("%s: %v by %v, want %v", table, names, key, want)
		}
	}
}
