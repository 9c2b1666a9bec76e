package officer

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"strings"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/password"
)

// SignIn compares a password and starts a session. A wrong password, an unknown account and a deactivated one are told
// apart by nothing (session.refused); see attempt for how often it may be tried.
func (s *Sessions) SignIn(ctx context.Context, email, secret, address string) (Session, error) {
	a, err := s.attempt(ctx, email, address)
	if err != nil {
		return Session{}, err
	}
	ok, err := s.compare(ctx, a, secret)
	if err != nil {
		return Session{}, err
	}
	token, digest := newToken()
	if ok {
		ok, err = s.start(ctx, a, digest, address)
	}
	if err != nil {
		return Session{}, err
	}
	if !ok {
		return Session{}, fault.New(fault.Unauthenticated, "session.refused")
	}
	return s.found(ctx, token, digest)
}

func (s *Sessions) start(ctx context.Context, a attempt, digest [sha256.Size]byte, address string) (bool, error) {
	now := s.clock.Now()
	begun, ended, err := s.tokens.StartSession(
		ctx,
		SessionStart{Officer: a.Officer, Hash: a.Hash, Digest: digest, Now: now, Expires: now.Add(absoluteLimit),
			Most: mostSessions, Address: origin(address)},
	)
	if ended {
		s.Forget(a.Officer)
	}
	return begun, err
}

// found reads a session back with its new token.
func (s *Sessions) found(ctx context.Context, token string, digest [sha256.Size]byte) (Session, error) {
	session, _, err := s.tokens.FindSession(ctx, digest[:])
	session.Token = token
	return session, err
}

// Confirm compares the password anew, for what needs a fresh one (FreshFor). The session goes on under a new token, and
// the old one ends: whoever has copied it does not get the wider right.
func (s *Sessions) Confirm(ctx context.Context, actor authz.Actor, token, secret, address string) (Session, error) {
	a, err := s.attempt(ctx, actor.Email, address)
	if err != nil {
		return Session{}, err
	}
	if ok, err := s.compare(ctx, a, secret); err != nil || !ok {
		return Session{}, wrong(err, "password")
	}
	old := Digest(token)
	next, digest := newToken()
	defer s.drop(old)
	if err := s.tokens.RotateSession(ctx, old[:], digest[:]); err != nil {
		return Session{}, err
	}
	return s.found(ctx, next, digest)
}

// ChangePassword replaces the officer's password after comparing the present one, and ends all their sessions.
func (s *Sessions) ChangePassword(ctx context.Context, actor authz.Actor, present, next, address string) error {
	a, err := s.attempt(ctx, actor.Email, address)
	if err != nil {
		return err
	}
	if ok, err := s.compare(ctx, a, present); err != nil || !ok {
		return wrong(err, "present")
	}
	if next == present {
		return fault.New(fault.Invalid, "password.same").At("next")
	}
	hash, err := hashed(ctx, next, a.Owner, "next")
	if err != nil {
		return err
	}
	defer s.Forget(a.Officer)
	return s.credentials.ChangePassword(ctx, a.Officer, hash)
}

// Setup sets an officer's password in exchange for the one-time code that an administrator was shown. Whatever is wrong
// with address and code is setup.refused; a password that will not do leaves the code as it is.
func (s *Sessions) Setup(ctx context.Context, email, code, next, address string) error {
	a, err := s.attempt(ctx, email, address)
	if err != nil {
		return err
	}
	refused := fault.New(fault.Unauthenticated, "setup.refused")
	digest := Digest(strings.TrimSpace(code))
	if subtle.ConstantTimeCompare(digest[:], a.Code.Digest[:]) != 1 || !s.clock.Now().Before(a.Code.ExpiresAt) {
		return refused
	}
	if err := s.succeed(ctx, a); err != nil {
		return err
	}
	hash, err := hashed(ctx, next, a.Owner, "password")
	if err != nil {
		return err
	}
	defer s.Forget(a.Officer)
	used, err := s.credentials.UseSetupCode(ctx, a.Officer, a.Code, hash)
	if err == nil && !used {
		return refused
	}
	return err
}

// hashed is the hash of a new password that would not be guessed; field is what the request calls it.
func hashed(ctx context.Context, secret string, o password.Owner, field string) (string, error) {
	if err := password.Check(secret, o); err != nil {
		return "", at(err, field)
	}
	return password.Hash(ctx, secret)
}

// wrong is the answer to a password that does not fit, unless it was not compared.
func wrong(err error, field string) error {
	if err != nil {
		return err
	}
	return fault.New(fault.Invalid, "password.wrong").At(field)
}

// at names the field at fault.
func at(err error, field string) error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.At(field)
	}
	return err
}
