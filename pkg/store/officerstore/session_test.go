package officerstore_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/password"
	"github.com/tanggap/tanggap/pkg/store/stores"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// here is where officers of these tests sign in from.
const here = "192.0.2.1"

// signedUp adds an officer with one role, and gives the password too.
func (b *bundle) signedUp(t *testing.T, email string, role authz.Role) (officer.Officer, string) {
	t.Helper()
	secret := password.Generate()
	hash, err := password.Hash(t.Context(), secret)
	storetest.OK(t, err)
	op := authz.Op{Scope: authz.Everywhere()}
	o, err := b.CreateOfficer(t.Context(), op, officer.Officer{Email: email, Name: "Uji", Office: "3273"}, hash)
	storetest.OK(t, err)
	_, err = b.GrantRole(t.Context(), op, o.ID, officer.Grant{Role: role, Region: "3273", From: storetest.Today})
	storetest.OK(t, err)
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
		session, err := sessions.SignIn(t.Context(), "A@contoh.go.id", secret, here)
		storetest.OK(t, err)
		return session
	}
	first := sign()
	actor, err := sessions.Authenticate(t.Context(), first.Token)
	storetest.OK(t, err)
	if actor.Officer != o.ID || len(actor.Grants) != 1 {
		t.Fatalf("got %v with %d grants", actor.Officer, len(actor.Grants))
	}
	storetest.OK(t, sessions.SignOut(t.Context(), first.Token))
	_, err = sessions.Authenticate(t.Context(), first.Token)
	storetest.WantCode(t, err, "session.invalid")

	idle := sign()
	at.Advance(31 * time.Minute)
	_, err = sessions.Authenticate(t.Context(), idle.Token)
	storetest.WantCode(t, err, "session.invalid")

	at.Set(time.Now())
	other := sign()
	storetest.OK(t, b.ChangePassword(t.Context(), o.ID, "x"))
	sessions.Forget(o.ID)
	_, err = sessions.Authenticate(t.Context(), other.Token)
	storetest.WantCode(t, err, "session.invalid")
}

// paused is the real store with something happening before or after one of its steps.
type paused struct {
	*stores.Stores
	beforeEnd, afterFind, beforeStart func()
}

func (p *paused) EndSession(ctx context.Context, digest []byte) error {
	run(p.beforeEnd)
	return p.Stores.EndSession(ctx, digest)
}

func (p *paused) RotateSession(ctx context.Context, digest, next []byte) error {
	run(p.beforeEnd)
	return p.Stores.RotateSession(ctx, digest, next)
}

func (p *paused) StartSession(ctx context.Context, s officer.SessionStart) (begun, ended bool, err error) {
	run(p.beforeStart)
	return p.Stores.StartSession(ctx, s)
}

func (p *paused) FindSession(ctx context.Context, digest []byte) (officer.Session, time.Time, error) {
	session, seen, err := p.Stores.FindSession(ctx, digest)
	run(p.afterFind)
	return session, seen, err
}

func run(step func()) {
	if step != nil {
		step()
	}
}

// A session that was ended, or got another token, is over from the answer on, whatever read it meanwhile: before the
// end is written, and between reading and remembering.
func TestAnEndedSessionIsNotRememberedByARequestBesideIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o, secret := b.signedUp(t, "a@contoh.go.id", authz.CaseWorker)
	actor := authz.Actor{Officer: o.ID, Email: o.Email}
	for name, end := range map[string]func(s *officer.Sessions, token string) error{
		"sign-out": func(s *officer.Sessions, token string) error { return s.SignOut(t.Context(), token) },
		"confirmation": func(s *officer.Sessions, token string) error {
			_, err := s.Confirm(t.Context(), actor, token, secret, here)
			return err
		},
	} {
		p := &paused{Stores: b.Stores}
		sessions := officer.NewSessions(p, clock.System())
		session, err := sessions.SignIn(t.Context(), o.Email, secret, here)
		storetest.OK(t, err)
		p.beforeEnd = func() {
			if _, err := sessions.Authenticate(t.Context(), session.Token); err != nil {
				t.Errorf("%s: before its end: %v", name, err)
			}
		}
		storetest.OK(t, end(sessions, session.Token))
		_, err = sessions.Authenticate(t.Context(), session.Token)
		storetest.WantCode(t, err, "session.invalid")

		p.beforeEnd = nil
		session, err = sessions.SignIn(t.Context(), o.Email, secret, here)
		storetest.OK(t, err)
		p.afterFind = func() { p.afterFind = nil; storetest.OK(t, end(sessions, session.Token)) }
		if _, err := sessions.Authenticate(t.Context(), session.Token); err != nil {
			t.Errorf("%s: read before its end: %v", name, err)
		}
		_, err = sessions.Authenticate(t.Context(), session.Token)
		storetest.WantCode(t, err, "session.invalid")
	}
}

// The same by chance, many times.
func TestAnEndedSessionIsOverForAllWhoUseIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	sessions := officer.NewSessions(b, clock.System())
	o, _ := b.signedUp(t, "a@contoh.go.id", authz.CaseWorker)
	for range 40 {
		token := b.session(t, o)
		deadline := time.Now().Add(time.Minute)
		var group sync.WaitGroup
		begun := make(chan struct{}, 4)
		for range 4 {
			group.Go(func() {
				for first := true; ; first = false {
					_, err := sessions.Authenticate(t.Context(), token)
					if time.Now().After(deadline) {
						t.Error("the session does not end")
						return
					}
					if first {
						begun <- struct{}{}
					}
					if err != nil {
						return
					}
				}
			})
		}
		<-begun
		storetest.OK(t, sessions.SignOut(t.Context(), token))
		_, err := sessions.Authenticate(t.Context(), token)
		storetest.WantCode(t, err, "session.invalid")
		group.Wait() // none of them goes on
	}
}

// session begins a session without the work of a hash.
func (b *bundle) session(t *testing.T, o officer.Officer) string {
	t.Helper()
	token := password.Generate()
	c, err := b.Credential(t.Context(), o.Email, here)
	storetest.OK(t, err)
	begun, _, err := b.StartSession(
		t.Context(),
		officer.SessionStart{
			Officer: o.ID,
			Hash:    c.Hash,
			Digest:  officer.Digest(token),
			Now:     time.Now(),
			Expires: time.Now().Add(time.Hour),
			Most:    10,
			Address: here,
		},
	)
	storetest.OK(t, err)
	if !begun {
		t.Fatal("no session")
	}
	return token
}

// What ends a session in one process ends it in the others: they are told with the commit. That goes for the session
// that one too many has ended.
func TestOtherProcessesForgetASessionThatHasEnded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o, secret := b.signedUp(t, "a@contoh.go.id", authz.CaseWorker)
	ours, theirs := officer.NewSessions(b, clock.System()), officer.NewSessions(b, clock.System())
	forgotten := make(chan authz.OfficerID, 64)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		_ = b.WatchAccess(ctx, func(id authz.OfficerID) { theirs.Forget(id); forgotten <- id })
	}()
	await := func(id authz.OfficerID) {
		t.Helper()
		select {
		case got := <-forgotten:
			if got != id {
				t.Fatalf("told of %s", got)
			}
		case <-time.After(20 * time.Second):
			t.Fatal("not told")
		}
	}
	await(authz.OfficerID{}) // it listens
	for name, end := range map[string]func(token string){
		"sign-out": func(token string) { storetest.OK(t, ours.SignOut(t.Context(), token)) },
		"confirmation": func(token string) {
			_, err := ours.Confirm(t.Context(), authz.Actor{Email: o.Email}, token, secret, here)
			storetest.OK(t, err)
		},
		"one too many": func(string) {
			for range 10 {
				b.session(t, o)
			}
		},
	} {
		token := b.session(t, o)
		_, err := theirs.Authenticate(t.Context(), token)
		storetest.OK(t, err)
		end(token)
		await(o.ID)
		if _, err := theirs.Authenticate(t.Context(), token); err == nil {
			t.Errorf("%s: the session goes on elsewhere", name)
		}
		_, err = b.Pool.Exec(t.Context(), "delete from session")
		storetest.OK(t, err)
		for len(forgotten) > 0 {
			<-forgotten
		}
	}
}

// A sign-in that compared the old password before it was ended begins no session afterwards.
func TestASignInUnderWayDoesNotOutliveThePassword(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o, secret := b.signedUp(t, "a@contoh.go.id", authz.CaseWorker)
	admin := b.OfficerService(t)
	for name, end := range map[string]func(){
		"changed":     func() { storetest.OK(t, b.ChangePassword(t.Context(), o.ID, "x")) },
		"new code":    func() { _, err := admin.Readmit(t.Context(), b.national(), o.ID); storetest.OK(t, err) },
		"deactivated": func() { storetest.OK(t, admin.Deactivate(t.Context(), b.national(), o.ID)) },
	} {
		hash, err := password.Hash(t.Context(), secret)
		storetest.OK(t, err)
		b.Do(t, "update officer set password_hash = $1, active = true", hash)
		sessions := officer.NewSessions(&paused{Stores: b.Stores, beforeStart: end}, clock.System())
		if _, err := sessions.SignIn(t.Context(), o.Email, secret, here); err == nil {
			t.Errorf("%s: signed in with what had ended", name)
		}
		if n := b.CountRows(t, "select count(*) from session"); n != 0 {
			t.Errorf("%s: %d sessions", name, n)
		}
	}
}

func (b *bundle) national() authz.Op { return authz.Op{Actor: b.Officer, Scope: authz.Everywhere()} }
