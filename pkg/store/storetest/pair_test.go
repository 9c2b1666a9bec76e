package storetest

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/store"
)

// What the primary confirmed is on the standby that takes its place, and the two can change places again.
func TestAPairFailsOver(t *testing.T) {
	t.Parallel()
	p := NewPair(t, store.Migrate)
	first, second := p.Nodes[0], p.Nodes[1]
	if first.IsStandby() || !second.IsStandby() {
		t.Fatal("the roles are not as said")
	}
	if _, err := open(t, first.AdminDSN()).Exec(t.Context(), "create table confirmed ()"); err != nil {
		t.Fatal(err)
	}
	first.Kill()
	if err := second.Promote(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := second.Ask(t.Context(), "to_regclass('confirmed') is not null"); got != "true" {
		t.Fatalf("what was confirmed is gone: %s %v", got, err)
	}
	if err := first.Follow(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	if !first.IsStandby() || second.IsStandby() {
		t.Fatal("the roles have not changed")
	}
}
