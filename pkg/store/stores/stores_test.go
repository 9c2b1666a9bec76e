package stores_test

import (
	"context"
	"testing"

	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/stores"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/vault"
)

// All parts work over one database: what one has written the others read, and all of them end together.
func TestAllPartsAreOneDatabase(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.OpenCase(t, "3273", 1)
	if n, err := b.LogSize(t.Context()); n != 1 || err != nil {
		t.Errorf("the log has %d entries, %v", n, err)
	}
	if counts, err := b.Count(t.Context(), storetest.In("3273"), casework.Filter{}); err != nil ||
		counts[casework.Intake] != 1 {
		t.Errorf("counts %v, %v", counts, err)
	}
	b.Close()
	if _, _, err := b.Get(t.Context(), storetest.In("3273"), c.ID); err == nil {
		t.Error("a part goes on after the end")
	}
	if _, err := b.GetOfficer(t.Context(), storetest.In(""), b.Officer); err == nil {
		t.Error("another part goes on after the end")
	}
}

// What store.Open refuses is refused here, and leaves nothing open.
func TestWhatCannotBeOpened(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	v, err := vault.Generate()
	storetest.OK(t, err)
	for name, dsn := range map[string]string{"no place": "postgres://%zz",
		"a login that passes row security": db.AdminDSN} {
		s, err := stores.Open(context.WithoutCancel(t.Context()), store.Config{DSN: dsn, MaxConns: 2, Vault: v,
			Tree: storetest.Regions(t)})
		if err == nil {
			s.Close()
			t.Errorf("%s: opened", name)
		}
	}
}
