package store_test

import "testing"

// A server that lets nobody new in is not ready, however well the connections go that it has.
func TestNotReadyWhenNobodyNewGetsIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ok(t, b.Ping(t.Context()))
	conn := b.db.Admin(t)
	for _, c := range []struct {
		limit string
		ready bool
	}{{"0", false}, {"-1", true}} {
		_, err := conn.Exec(t.Context(), "alter database "+b.db.Name+" connection limit "+c.limit)
		ok(t, err)
		if err := b.Ping(t.Context()); (err == nil) != c.ready {
			t.Errorf("connection limit %s: %v", c.limit, err)
		}
	}
}
