package officer

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

// Officer is one person, or one service, that signs in.
type Officer struct {
	ID        authz.OfficerID
	Email     string
	Name      string
	Office    region.Code
	Active    bool
	Version   int
	CreatedAt time.Time
	Grants    []Grant
}

// Grant is a role that an officer holds in a region.
type Grant struct {
	ID        uuid.UUID
	Role      authz.Role
	Region    region.Code
	From      calendar.Date
	Until     calendar.Date // zero: until revoked
	GrantedBy authz.OfficerID
	GrantedAt time.Time
	RevokedAt time.Time // zero: in force
}

// InForce are the grants of an officer that are not revoked; whether their period has come is decided on the day of each
// request.
func InForce(o Officer) []authz.Grant {
	var grants []authz.Grant
	for _, g := range o.Grants {
		if g.RevokedAt.IsZero() {
			grants = append(grants, authz.Grant{Role: g.Role, Region: g.Region, From: g.From, Until: g.Until})
		}
	}
	return grants
}

// Office is the labour office of a region; the ministry is the office of the nation.
type Office struct {
	Region region.Code
	Name   string
	Zone   calendar.Zone
}

// Session is a signed-in officer. Token is known only at the moment of signing in.
type Session struct {
	Token     string
	Actor     authz.Actor
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Filter narrows the list of officers. What is nil does not filter.
type Filter struct {
	Office *region.Code
	After  authz.OfficerID
	Limit  int
}

// NotFound is the one answer for an officer that is not there and for one outside the caller's scope.
func NotFound() error { return fault.New(fault.NotFound, "officer.not_found") }

// Credential is what is compared at sign-in.
type Credential struct {
	Officer      authz.OfficerID
	Hash         string // PHC string; empty when there is no such officer
	Active       bool
	LockedUntil  time.Time
	FailedBefore int
}

// Store keeps officers and grants. Scope is of offices: an officer outside of it is not found.
type Store interface {
	CreateOfficer(ctx context.Context, op authz.Op, o Officer, passwordHash string) (Officer, error)
	ListOfficers(ctx context.Context, scope authz.Scope, f Filter) ([]Officer, error)
	GetOfficer(ctx context.Context, scope authz.Scope, id authz.OfficerID) (Officer, error)
	Deactivate(ctx context.Context, op authz.Op, id authz.OfficerID) error
	GrantRole(ctx context.Context, op authz.Op, to authz.OfficerID, g Grant) (Grant, error)
	RevokeRole(ctx context.Context, op authz.Op, to authz.OfficerID, grant uuid.UUID) error
	ListOffices(ctx context.Context, f Filter) ([]Office, error)
}

// SessionStore keeps credentials and sessions. Digest is SHA-256 of a token.
type SessionStore interface {
	Credential(ctx context.Context, email string) (Credential, error)
	RecordAttempt(ctx context.Context, id authz.OfficerID, failures int, lockedUntil time.Time) error
	ChangePassword(ctx context.Context, id authz.OfficerID, passwordHash string) error
	StartSession(ctx context.Context, id authz.OfficerID, digest []byte, expires time.Time, most int) error
	FindSession(ctx context.Context, digest []byte) (Session, time.Time, error)
	TouchSession(ctx context.Context, digest []byte) error
	EndSession(ctx context.Context, digest []byte) error
	ConfirmSession(ctx context.Context, digest []byte) error
}
