package store_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// A server that lets nobody new in is not ready, however well the connections go that it has.
func TestNotReadyWhenNobodyNewGetsIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	storetest.OK(t, b.Ping(t.Context()))
	conn := b.Database.Admin(t)
	for _, c := range []struct {
		limit string
		ready bool
	}{{"0", false}, {"-1", true}} {
		_, err := conn.Exec(t.Context(), "alter database "+b.Database.Name+" connection limit "+c.limit)
		storetest.OK(t, err)
		if err := b.Ping(t.Context()); (err == nil) != c.ready {
			t.Errorf("connection limit %s: %v", c.limit, err)
		}
	}
}
