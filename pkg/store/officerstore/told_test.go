package officerstore_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// Every change of what an officer may do is told to all processes with its commit, and of nobody else.
func TestEveryChangeOfARightIsTold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	told := make(chan authz.OfficerID, 64)
	go func() { _ = b.WatchAccess(t.Context(), func(id authz.OfficerID) { told <- id }) }()
	await := func(what string, want authz.OfficerID) {
		t.Helper()
		select {
		case got := <-told:
			if got != want {
				t.Errorf("%s: told of %s, want %s", what, got, want)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("%s: not told", what)
		}
	}
	await("listens", authz.OfficerID{})
	id, reviewer := b.Colleague(t, "3273"), b.As(b.Colleague(t, "3204"), "3204")
	var grant uuid.UUID
	var open officer.Emergency
	now := time.Now()
	code := officer.SetupKey{Digest: [32]byte{1}, IssuedAt: now, ExpiresAt: now.Add(time.Hour)}
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"a grant", func() error {
			g, err := b.GrantRole(t.Context(), b.national(), id, officer.Grant{Role: authz.CaseWorker, Region: "3273", From: storetest.Today})
			grant = g.ID
			return err
		}},
		{"a suspension", func() error { b.change(t, b.Officer, id, officer.Change{Suspend: []uuid.UUID{grant}}); return nil }},
		{"a confirmation", func() error { b.change(t, reviewer.Actor, id, officer.Change{Confirm: grant}); return nil }},
		{"a revocation", func() error { b.change(t, b.Officer, id, officer.Change{Revoke: []uuid.UUID{grant}}); return nil }},
		{"an emergency", func() (err error) {
			open, err = b.OpenEmergency(t.Context(), b.As(id, "32"), officer.Emergency{Region: "3204", Reason: "banjir"}, time.Hour)
			return err
		}},
		{"its verdict", func() error {
			_, err := b.ReviewEmergency(t.Context(), reviewer, open.ID, officer.Justified, "")
			return err
		}},
		{"a code", func() error { b.change(t, b.Officer, id, officer.Change{Code: &code}); return nil }},
		{"a password by the code", func() error { _, err := b.UseSetupCode(t.Context(), id, code, "h"); return err }},
		{"another password", func() error { return b.ChangePassword(t.Context(), id, "i") }},
		{"a deactivation", func() error { b.change(t, b.Officer, id, officer.Change{Deactivate: true}); return nil }},
	} {
		storetest.OK(t, step.do())
		await(step.what, id)
	}
	if len(told) > 0 {
		t.Errorf("and told of %s", <-told)
	}
}
