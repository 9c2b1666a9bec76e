package authz

import (
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

// OfficerID names an officer.
type OfficerID uuid.UUID

// String is the canonical text form.
func (id OfficerID) String() string { return uuid.UUID(id).String() }

// MarshalText is String; nobody is the empty text.
func (id OfficerID) MarshalText() ([]byte, error) {
	if id == (OfficerID{}) {
		return []byte{}, nil
	}
	return []byte(id.String()), nil
}

// UnmarshalText reads what MarshalText writes.
func (id *OfficerID) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*id = OfficerID{}
		return nil
	}
	parsed, err := uuid.ParseBytes(text)
	if err != nil {
		return fault.New(fault.Malformed, "officer.id_invalid")
	}
	*id = OfficerID(parsed)
	return nil
}

// Grant is a role in a region over a period. The zero From counts from ever, the zero Until for ever.
type Grant struct {
	Role   Role
	Region region.Code
	From   calendar.Date
	Until  calendar.Date
}

// Active tells whether the grant counts on a day; both ends are included. A grant with a role or a region that is none
// never counts, and on no day (the zero Date) no grant does: what is missing must not widen a right.
func (g Grant) Active(on calendar.Date) bool {
	return !on.IsZero() && g.Role.Valid() && isRegion(g.Region) &&
		!on.Before(g.From) && (g.Until.IsZero() || !on.After(g.Until))
}

// ActiveAt tells whether the grant counts at a moment. Its days begin and end by the clocks of its region; those of the
// nation by Jakarta's.
func (g Grant) ActiveAt(now time.Time) bool {
	return !now.IsZero() && g.Active(calendar.Of(now, calendar.ZoneOf(string(g.Region))))
}

// isRegion tells a code from other text. Other text must neither pass for the nation nor turn into a range.
func isRegion(code region.Code) bool {
	if code == "" {
		return true
	}
	_, err := region.Parse(string(code))
	return err == nil
}

// Actor is whoever acts: a signed-in officer with their grants.
type Actor struct {
	Officer OfficerID
	Name    string
	Email   string
	Office  region.Code
	Grants  []Grant
	// ConfirmedAt is when the password was given last.
	ConfirmedAt time.Time
	// SessionUntil is when the session ends unless it is used again.
	SessionUntil time.Time
	// Emergency is the emergency access that is open for the actor, until EmergencyUntil.
	Emergency      uuid.UUID
	EmergencyUntil time.Time
}

// FreshFor is how long a password counts as just given, for what must not be done by whoever finds a screen unlocked.
const FreshFor = 5 * time.Minute

// Fresh fails with session.confirmation_required when the password was not given within FreshFor.
func (a Actor) Fresh(now time.Time) error {
	if now.Sub(a.ConfirmedAt) > FreshFor {
		return fault.New(fault.Forbidden, "session.confirmation_required")
	}
	return nil
}
