package authz

import (
	"slices"
	"strings"

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

// Active tells whether the grant counts on a day; both ends are included.
func (g Grant) Active(on calendar.Date) bool {
	return g.Role.Valid() && !on.Before(g.From) && (g.Until.IsZero() || !on.After(g.Until))
}

// Actor is whoever acts: a signed-in officer with their grants.
type Actor struct {
	Officer OfficerID
	Name    string
	Email   string
	Office  region.Code
	Grants  []Grant
}

// Scope is the part of the country in which an action is allowed: regions of which none contains another, sorted. The
// zero Scope is nowhere.
type Scope struct {
	codes []region.Code
}

// ScopeOf is where the grants of a day allow an action.
func ScopeOf(m Matrix, grants []Grant, a Action, on calendar.Date) Scope {
	var codes []region.Code
	for _, g := range grants {
		if g.Active(on) && m.Allows(g.Role, a) {
			codes = append(codes, g.Region)
		}
	}
	return scopeOver(codes)
}

func scopeOver(codes []region.Code) Scope {
	slices.SortFunc(codes, func(a, b region.Code) int { return strings.Compare(string(a), string(b)) })
	var kept []region.Code
	for _, code := range codes {
		if !slices.ContainsFunc(kept, func(k region.Code) bool { return k.Contains(code) }) {
			kept = append(kept, code)
		}
	}
	return Scope{kept}
}

// Everywhere is the scope of work that acts for the ministry as a whole, such as the verification of all histories.
func Everywhere() Scope { return Scope{[]region.Code{""}} }

// Permit is ScopeOf for an actor; authz.forbidden when no role allows the action anywhere.
func Permit(actor Actor, m Matrix, a Action, on calendar.Date) (Scope, error) {
	scope := ScopeOf(m, actor.Grants, a, on)
	if scope.Empty() {
		return Scope{}, fault.New(fault.Forbidden, "authz.forbidden", "action", string(a))
	}
	return scope, nil
}

// Regions lists the regions of the scope; none contains another.
func (s Scope) Regions() []region.Code { return slices.Clone(s.codes) }

// Empty tells whether the scope is nowhere.
func (s Scope) Empty() bool { return len(s.codes) == 0 }

// National tells whether the scope is the whole country.
func (s Scope) National() bool { return len(s.codes) == 1 && s.codes[0] == "" }

// Covers tells whether all of a region lies in the scope.
func (s Scope) Covers(code region.Code) bool {
	return slices.ContainsFunc(s.codes, func(k region.Code) bool { return k.Contains(code) })
}

// Intersect is the part of the scope that lies in a region.
func (s Scope) Intersect(code region.Code) Scope {
	if s.Covers(code) {
		return Scope{[]region.Code{code}}
	}
	var inside []region.Code
	for _, k := range s.codes {
		if code.Contains(k) {
			inside = append(inside, k)
		}
	}
	return Scope{inside}
}
