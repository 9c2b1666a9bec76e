package officer

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/password"
)

// Credential is what is compared at a door.
type Credential struct {
	Officer authz.OfficerID
	Hash    string // PHC string; empty when there is no such officer, or no password yet
	Active  bool
	Known   bool // the officer has signed in from the same address before
	Owner   password.Owner
	Code    SetupKey // the one-time code that is out, if any
}

// SetupKey is a one-time code by which an officer sets a password. Only the digest of the code is kept.
type SetupKey struct {
	Digest    [sha256.Size]byte
	IssuedAt  time.Time
	ExpiresAt time.Time
}

// NewSetupKey makes a code and its key, good for as long as the measures of the day say.
func NewSetupKey(now time.Time, measures measure.Book) (code string, k SetupKey) {
	code = password.Generate()
	life := time.Duration(measures.On(calendar.Of(now, calendar.WIB)).SetupCodeHours.Value) * time.Hour
	return code, SetupKey{Digest: Digest(code), IssuedAt: now, ExpiresAt: now.Add(life)}
}

// SessionStart is a session to begin. It begins only while the account still has the hash that was compared.
type SessionStart struct {
	Officer authz.OfficerID
	Hash    string
	Digest  [sha256.Size]byte
	Now     time.Time
	Expires time.Time
	Most    int // sessions of the officer; a further one ends the oldest
	Address string
}

// CredentialStore keeps what is compared at a door, and how often that may be tried.
type CredentialStore interface {
	Credential(ctx context.Context, email, address string) (Credential, error)
	// Spend takes one attempt off each budget, or off none of them and says how long to wait.
	Spend(ctx context.Context, now time.Time, budgets []Budget) (wait time.Duration, err error)
	// Refund gives back what was spent.
	Refund(ctx context.Context, budgets []Budget) error
	ChangePassword(ctx context.Context, id authz.OfficerID, passwordHash string) error
	// UseSetupCode sets a password in exchange for the code, or tells that the code is not there any more.
	UseSetupCode(ctx context.Context, id authz.OfficerID, k SetupKey, passwordHash string) (used bool, err error)
}

// TokenStore keeps sessions. Digests are SHA-256 of tokens.
type TokenStore interface {
	// StartSession tells whether the session has begun, and whether it ended another one.
	StartSession(ctx context.Context, s SessionStart) (begun, ended bool, err error)
	FindSession(ctx context.Context, digest []byte) (Session, time.Time, error)
	TouchSession(ctx context.Context, digest []byte) error
	EndSession(ctx context.Context, digest []byte) error
	// ListSessions are the sessions of an officer that are not over at a moment, the one in use last first; the one of
	// the digest is the caller's own.
	ListSessions(ctx context.Context, id authz.OfficerID, digest []byte, idleSince, now time.Time) ([]Held, error)
	// EndHeld ends a session of an officer; SessionNotFound without one.
	EndHeld(ctx context.Context, id authz.OfficerID, session uuid.UUID) error
	// RotateSession gives a session another token and a fresh confirmation; Invalid when it has ended.
	RotateSession(ctx context.Context, digest, next []byte) error
}

// SessionStore is both, for whoever makes Sessions.
type SessionStore interface {
	CredentialStore
	TokenStore
}
