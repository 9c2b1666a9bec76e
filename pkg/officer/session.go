package officer

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/password"
)

// The rules of sessions, as policies/security.md states them.
const (
	idleLimit     = 30 * time.Minute
	absoluteLimit = 12 * time.Hour
	mostSessions  = 10 // signing in once more ends the oldest
	trustFor      = 20 * time.Second
	freeAttempts  = 5
	longestDelay  = 5 * time.Minute
)

// Sessions signs officers in and recognises them. Recognised sessions are remembered for 20 seconds; Forget drops an
// officer's at once, and every change of rights must call it (in other processes through the database's notification).
type Sessions struct {
	store SessionStore
	clock clock.Clock

	mu    sync.RWMutex
	epoch int // grows whenever something is forgotten
	known map[[32]byte]remembered
}

type remembered struct {
	session Session
	seen    time.Time
	checked time.Time
}

// NewSessions makes an empty memory of sessions.
func NewSessions(store SessionStore, c clock.Clock) *Sessions {
	return &Sessions{store: store, clock: c, known: make(map[[32]byte]remembered)}
}

// SignIn compares a password and starts a session. A wrong password, an unknown account and a deactivated one are told
// apart by nothing (session.refused); after five failures each further one must wait longer, up to five minutes
// (session.wait), and a right password after the wait always works.
func (s *Sessions) SignIn(ctx context.Context, email, secret string) (Session, error) {
	now := s.clock.Now()
	c, err := s.store.Credential(ctx, strings.ToLower(strings.TrimSpace(email)))
	if err != nil {
		return Session{}, err
	}
	if now.Before(c.LockedUntil) {
		wait := int(c.LockedUntil.Sub(now)/time.Second) + 1
		return Session{}, fault.New(fault.TooMany, "session.wait", "seconds", fmt.Sprint(wait))
	}
	if ok := password.Verify(ctx, c.Hash, secret); !ok || !c.Active {
		return Session{}, s.refuse(ctx, c, now)
	}
	if c.FailedBefore > 0 {
		if err := s.store.RecordAttempt(ctx, c.Officer, 0, time.Time{}); err != nil {
			return Session{}, err
		}
	}
	token, digest := newToken()
	if err := s.store.StartSession(ctx, c.Officer, digest[:], now.Add(absoluteLimit), mostSessions); err != nil {
		return Session{}, err
	}
	session, _, err := s.store.FindSession(ctx, digest[:])
	if err != nil {
		return Session{}, err
	}
	session.Token = token
	return session, nil
}

func (s *Sessions) refuse(ctx context.Context, c Credential, now time.Time) error {
	refused := fault.New(fault.Unauthenticated, "session.refused")
	if c.Hash == "" {
		return refused
	}
	failures := c.FailedBefore + 1
	var until time.Time
	if failures >= freeAttempts {
		delay := min(time.Second<<min(failures-freeAttempts, 16), longestDelay)
		until = now.Add(delay)
	}
	if err := s.store.RecordAttempt(ctx, c.Officer, failures, until); err != nil {
		return err
	}
	return refused
}

// Authenticate recognises the bearer of a token. An unknown, ended, idle or expired one is session.invalid.
func (s *Sessions) Authenticate(ctx context.Context, token string) (authz.Actor, error) {
	now := s.clock.Now()
	digest := sha256.Sum256([]byte(token))
	s.mu.RLock()
	r, hit := s.known[digest]
	epoch := s.epoch
	s.mu.RUnlock()
	if until := r.session.Actor.EmergencyUntil; hit && now.Sub(r.checked) <= trustFor && !r.over(now) && (until.IsZero() || now.Before(until)) {
		return r.session.Actor, nil
	}
	session, seen, err := s.store.FindSession(ctx, digest[:])
	if err != nil {
		return authz.Actor{}, err
	}
	if r = (remembered{session: session, seen: seen, checked: now}); r.over(now) {
		s.drop(digest)
		return authz.Actor{}, Invalid()
	}
	if now.Sub(seen) > time.Minute {
		if err := s.store.TouchSession(ctx, digest[:]); err != nil {
			return authz.Actor{}, err
		}
		r.seen = now
	}
	s.remember(digest, r, epoch)
	return session.Actor, nil
}

// over tells whether a session has come to its end.
func (r remembered) over(now time.Time) bool {
	return now.After(r.session.ExpiresAt) || now.Sub(r.seen) > idleLimit
}

// remember keeps a session unless something was forgotten since it was read: it may have been this one.
func (s *Sessions) remember(digest [32]byte, r remembered, epoch int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.epoch == epoch {
		s.known[digest] = r
	}
}

// SignOut ends a session everywhere.
func (s *Sessions) SignOut(ctx context.Context, token string) error {
	digest := sha256.Sum256([]byte(token))
	s.drop(digest)
	return s.store.EndSession(ctx, digest[:])
}

// Confirm compares the password anew, for what needs a fresh sign-in (FreshFor).
func (s *Sessions) Confirm(ctx context.Context, actor authz.Actor, token, secret string) error {
	c, err := s.store.Credential(ctx, actor.Email)
	if err != nil {
		return err
	}
	now := s.clock.Now()
	if now.Before(c.LockedUntil) {
		wait := int(c.LockedUntil.Sub(now)/time.Second) + 1
		return fault.New(fault.TooMany, "session.wait", "seconds", fmt.Sprint(wait))
	}
	if !password.Verify(ctx, c.Hash, secret) {
		if err := s.refuse(ctx, c, now); fault.CodeOf(err) != "session.refused" {
			return err
		}
		return fault.New(fault.Invalid, "password.wrong").At("password")
	}
	digest := sha256.Sum256([]byte(token))
	s.drop(digest)
	return s.store.ConfirmSession(ctx, digest[:])
}

// ChangePassword replaces the officer's password after comparing the present one, and ends all their sessions.
func (s *Sessions) ChangePassword(ctx context.Context, email, present, next string) error {
	c, err := s.store.Credential(ctx, email)
	if err != nil {
		return err
	}
	if !password.Verify(ctx, c.Hash, present) {
		return fault.New(fault.Invalid, "password.wrong").At("present")
	}
	hash, err := password.Hash(ctx, next)
	if err != nil {
		return err
	}
	if err := s.store.ChangePassword(ctx, c.Officer, hash); err != nil {
		return err
	}
	s.Forget(c.Officer)
	return nil
}

// Forget drops what is remembered of an officer; the zero id drops everything.
func (s *Sessions) Forget(id authz.OfficerID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch++
	for digest, r := range s.known {
		if r.session.Actor.Officer == id || id == (authz.OfficerID{}) {
			delete(s.known, digest)
		}
	}
}

func (s *Sessions) drop(digest [32]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch++
	delete(s.known, digest)
}

// Invalid is the one answer to a token that opens nothing.
func Invalid() error { return fault.New(fault.Unauthenticated, "session.invalid") }

func newToken() (string, [32]byte) {
	var raw [32]byte
	_, _ = rand.Read(raw[:]) // never fails: crypto/rand aborts the program instead
	token := base64.RawURLEncoding.EncodeToString(raw[:])
	return token, sha256.Sum256([]byte(token))
}
