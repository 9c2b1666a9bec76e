package store_test

import (
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/password"
)

// signedUp adds an officer with one role, and gives the password too.
func (b *bundle) signedUp(t *testing.T, email string, role authz.Role) (officer.Officer, string) {
	t.Helper()
	secret := password.Generate()
	hash, err := password.Hash(t.Context(), secret)
	ok(t, err)
	op := authz.Op{Scope: authz.Everywhere()}
	o, err := b.CreateOfficer(t.Context(), op, officer.Officer{Email: email, Name: "Uji", Office: "3273"}, hash)
	ok(t, err)
	_, err = b.GrantRole(t.Context(), op, o.ID, officer.Grant{Role: role, Region: "3273", From: today})
	ok(t, err)
	return o, secret
}

func TestSessionLivesUntilItIsEndedIdleOrOld(t *testing.T) {
	t.Parallel()
	b := setup(t)
	at := clock.At(time.Now())
	sessions := officer.NewSessions(b, at)
	o, secret := b.signedUp(t, "a@contoh.go.id", authz.CaseWorker)
	sign := func() officer.Session {
		t.Helper()
		session, err := sessions.SignIn(t.Context(), "A@contoh.go.id", secret, "192.0.2.1")
		ok(t, err)
		return session
	}
	first := sign()
	actor, err := sessions.Authenticate(t.Context(), first.Token)
	ok(t, err)
	if actor.Officer != o.ID || len(actor.Grants) != 1 {
		t.Fatalf("got %v with %d grants", actor.Officer, len(actor.Grants))
	}
	ok(t, sessions.SignOut(t.Context(), first.Token))
	_, err = sessions.Authenticate(t.Context(), first.Token)
	wantCode(t, err, "session.invalid")

	idle := sign()
	at.Advance(31 * time.Minute)
	_, err = sessions.Authenticate(t.Context(), idle.Token)
	wantCode(t, err, "session.invalid")

	at.Set(time.Now())
	other := sign()
	ok(t, b.ChangePassword(t.Context(), o.ID, "x"))
	sessions.Forget(o.ID)
	_, err = sessions.Authenticate(t.Context(), other.Token)
	wantCode(t, err, "session.invalid")
}
