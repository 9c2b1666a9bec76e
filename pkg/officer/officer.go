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

// Grant is a role that an officer holds in a region. One that shows workers, or lets its holder grant, and that a
// regional administrator gave, is pending until another administrator has confirmed it: until then it gives nothing.
type Grant struct {
	ID          uuid.UUID
	Role        authz.Role
	Region      region.Code
	From        calendar.Date
	Until       calendar.Date // zero: until revoked
	GrantedBy   authz.OfficerID
	GrantedAt   time.Time
	RevokedAt   time.Time       // zero: in force
	ProposedBy  authz.OfficerID // who must not be the one to confirm it; nobody: it needs no second person
	ConfirmedBy authz.OfficerID
	Pending     bool
}

func (g Grant) right() authz.Grant {
	return authz.Grant{Role: g.Role, Region: g.Region, From: g.From, Until: g.Until}
}

// counts tells whether the grant gives anything at a moment.
func (g Grant) counts(now time.Time) bool {
	return g.RevokedAt.IsZero() && !g.Pending && g.right().ActiveAt(now)
}

// stands tells whether the grant is not over: neither revoked nor past its end. It may be pending, or begin later.
func (g Grant) stands(now time.Time) bool {
	right := g.right()
	right.From = calendar.Date{}
	return g.RevokedAt.IsZero() && right.ActiveAt(now)
}

// InForce are the grants of an officer that are neither revoked nor pending; whether their period has come is decided
// at the moment of each request.
func InForce(o Officer) []authz.Grant {
	var grants []authz.Grant
	for _, g := range o.Grants {
		if g.RevokedAt.IsZero() && !g.Pending {
			grants = append(grants, g.right())
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

// Store keeps officers and grants. Scope is of offices: an officer outside of it is not found.
type Store interface {
	// Invite adds an officer without a password, who sets one with a code. First tells whether this is the first answer
	// to the request: only then the code may be shown.
	Invite(ctx context.Context, op authz.Op, o Officer, k SetupKey) (made Officer, first bool, err error)
	// Administer makes the change that decide chooses, in a transaction that no other administration runs beside;
	// visible is asked before, and again when the answer to the same request is repeated.
	Administer(
		ctx context.Context,
		op authz.Op,
		id authz.OfficerID,
		visible func(Officer) error,
		decide Decide,
	) (Changed, error)
	ListOfficers(ctx context.Context, scope authz.Scope, f Filter) ([]Officer, error)
	GetOfficer(ctx context.Context, scope authz.Scope, id authz.OfficerID) (Officer, error)
	ListOffices(ctx context.Context, f Filter) ([]Office, error)
	// ListEvents is what happened to an officer of the scope, oldest first.
	ListEvents(ctx context.Context, scope authz.Scope, id authz.OfficerID) ([]Event, error)
}

// Decide chooses a change of an officer, or refuses it.
type Decide func(Standing) (Change, error)

// Standing is an officer, and the administrator grants of others that are of the same regions as theirs.
type Standing struct {
	Officer        Officer
	Administrators []Grant // in force or to come, of active officers
}

// Change is what happens to an officer. Grants are named by their ids.
type Change struct {
	Deactivate bool
	Reactivate bool // with a code only: the old password is not to come back
	Set        Details
	Give       *Grant
	Revoke     []uuid.UUID
	Suspend    []uuid.UUID // pending from now on, as if the caller had proposed them
	Confirm    uuid.UUID
	Code       *SetupKey // ends the password and all sessions
}

// Details are what is changed of an officer; what is nil stays.
type Details struct {
	Email  *string
	Name   *string
	Office *region.Code
}

// Event is what happened to an officer, by whom; nobody is whoever runs the server. Was and Became are of a changed
// name, address or office.
type Event struct {
	Kind   EventKind
	Grant  uuid.UUID
	Actor  authz.OfficerID
	At     time.Time
	Was    string
	Became string
}

// Held is a session that an officer has.
type Held struct {
	ID         uuid.UUID
	CreatedAt  time.Time
	LastSeenAt time.Time
	ExpiresAt  time.Time
	Own        bool // the one that asks
}

// Changed is the answer to a change: the grant that was given or confirmed, if any. First is as in Invite.
type Changed struct {
	Grant Grant
	First bool `json:"-"`
}
