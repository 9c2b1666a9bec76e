package officerstore

import (
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
)

// officerRow is an officer without the password.
type officerRow struct {
	ID        uuid.UUID   `gorm:"column:id;primaryKey"`
	Email     string      `gorm:"column:email"`
	Name      string      `gorm:"column:name"`
	Office    region.Code `gorm:"column:office"`
	Active    bool        `gorm:"column:active"`
	Version   int         `gorm:"column:version"`
	CreatedAt time.Time   `gorm:"column:created_at;->"`
	CreatedBy *uuid.UUID  `gorm:"column:created_by"`
}

// TableName names the table to GORM.
func (officerRow) TableName() string { return "officer" }

func (r officerRow) officer(grants []grantRow) officer.Officer {
	o := officer.Officer{ID: authz.OfficerID(r.ID), Email: r.Email, Name: r.Name, Office: r.Office, Active: r.Active,
		Version: r.Version, CreatedAt: r.CreatedAt.UTC()}
	for _, g := range grants {
		if g.OfficerID == r.ID {
			o.Grants = append(o.Grants, g.grant())
		}
	}
	return o
}

// accountRow is an officer who is made, with the hash of a password or none.
type accountRow struct {
	Officer      officerRow `gorm:"embedded"`
	PasswordHash string     `gorm:"column:password_hash"`
}

// TableName names the table to GORM.
func (accountRow) TableName() string { return "officer" }

// grantRow is a grant. The database says when it was given, and whether it is pending.
type grantRow struct {
	ID          uuid.UUID     `gorm:"column:id;primaryKey"`
	OfficerID   uuid.UUID     `gorm:"column:officer_id"`
	Role        authz.Role    `gorm:"column:role"`
	Region      region.Code   `gorm:"column:region"`
	ValidFrom   calendar.Date `gorm:"column:valid_from"`
	ValidUntil  calendar.Date `gorm:"column:valid_until"`
	GrantedBy   *uuid.UUID    `gorm:"column:granted_by"`
	GrantedAt   time.Time     `gorm:"column:granted_at;->"`
	RevokedBy   *uuid.UUID    `gorm:"column:revoked_by"`
	RevokedAt   *time.Time    `gorm:"column:revoked_at"`
	ProposedBy  *uuid.UUID    `gorm:"column:proposed_by"`
	ConfirmedBy *uuid.UUID    `gorm:"column:confirmed_by"`
	ConfirmedAt *time.Time    `gorm:"column:confirmed_at"`
	Pending     bool          `gorm:"column:pending;->"`
}

// TableName names the table to GORM.
func (grantRow) TableName() string { return "officer_grant" }

func (g grantRow) grant() officer.Grant {
	grant := officer.Grant{ID: g.ID, Role: g.Role, Region: g.Region, From: g.ValidFrom, Until: g.ValidUntil,
		GrantedBy: someone(g.GrantedBy), GrantedAt: g.GrantedAt.UTC(), ProposedBy: someone(g.ProposedBy),
		ConfirmedBy: someone(g.ConfirmedBy), Pending: g.Pending}
	if g.RevokedAt != nil {
		grant.RevokedAt = g.RevokedAt.UTC()
	}
	return grant
}

// someone is the officer of a column that may be null, for nobody.
func someone(id *uuid.UUID) authz.OfficerID { return authz.OfficerID(store.NotNull(id)) }

// eventRow is what was done to an account.
type eventRow struct {
	OfficerID uuid.UUID         `gorm:"column:officer_id"`
	Kind      officer.EventKind `gorm:"column:kind"`
	GrantID   *uuid.UUID        `gorm:"column:grant_id"`
	Actor     *uuid.UUID        `gorm:"column:actor"`
	At        time.Time         `gorm:"column:at;->"`
	Was       *string           `gorm:"column:was"`
	Became    *string           `gorm:"column:became"`
}

func (r eventRow) event() officer.Event {
	e := officer.Event{Kind: r.Kind, Grant: store.NotNull(r.GrantID), Actor: someone(r.Actor), At: r.At.UTC()}
	if r.Was != nil && r.Became != nil {
		e.Was, e.Became = *r.Was, *r.Became
	}
	return e
}

// TableName names the table to GORM.
func (eventRow) TableName() string { return "officer_event" }

// setupRow is the one code that an officer may set a password with.
type setupRow struct {
	OfficerID uuid.UUID  `gorm:"column:officer_id;primaryKey"`
	Digest    []byte     `gorm:"column:digest"`
	IssuedBy  *uuid.UUID `gorm:"column:issued_by"`
	IssuedAt  time.Time  `gorm:"column:issued_at"`
	ExpiresAt time.Time  `gorm:"column:expires_at"`
}

// TableName names the table to GORM.
func (setupRow) TableName() string { return "setup_code" }

// sessionRow is a session as it begins; its other times are the database's.
type sessionRow struct {
	TokenDigest []byte    `gorm:"column:token_digest;primaryKey"`
	OfficerID   uuid.UUID `gorm:"column:officer_id"`
	ExpiresAt   time.Time `gorm:"column:expires_at"`
}

// TableName names the table to GORM.
func (sessionRow) TableName() string { return "session" }

// originRow is an address from which an officer has signed in.
type originRow struct {
	OfficerID uuid.UUID `gorm:"column:officer_id;primaryKey"`
	Address   []byte    `gorm:"column:address;primaryKey"`
	SeenAt    time.Time `gorm:"column:seen_at"`
}

// TableName names the table to GORM.
func (originRow) TableName() string { return "sign_in_origin" }
