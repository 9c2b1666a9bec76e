// Package course is the catalogue of classes that public centres (BLK, BPVP) and private providers (LPK) hold: nothing
// in it is personal, and every officer of the country sees where there are places. Who sits in a class is in the cases.
package course

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/track"
)

// Kind is who holds a class.
type Kind string

// The kinds of providers.
const (
	PublicCentre    Kind = "public" // BLK, BPVP
	PrivateProvider Kind = "lpk"
)

// Values lists the kinds.
func (Kind) Values() []Kind { return []Kind{PublicCentre, PrivateProvider} }

// Valid tells whether k is one of the kinds.
func (k Kind) Valid() bool { return codelist.Has(k) }

// Class is one run of a training programme.
type Class struct {
	ID        uuid.UUID
	Region    region.Code
	Provider  string
	Kind      Kind
	Programme string
	Units     string // SKKNI units, separated by commas
	Scheme    track.Scheme
	Places    int
	Taken     int
	StartsOn  calendar.Date
	EndsOn    calendar.Date
}

// Filter narrows the list of classes. What is nil does not filter.
type Filter struct {
	Region *region.Code // a province or a regency
	From   *calendar.Date
	Free   bool // only with free places
	After  Class
	Limit  int
}

// Store keeps classes. An unknown one is class.not_found.
type Store interface {
	CreateClass(ctx context.Context, op authz.Op, c Class) (Class, error)
	GetClass(ctx context.Context, id uuid.UUID) (Class, error)
	ListClasses(ctx context.Context, f Filter) ([]Class, error)
}

// Service is the catalogue for callers whose permission is already established.
type Service struct {
	Store Store
	Tree  *region.Tree
}

// Create adds a class in a regency of the caller.
func (s *Service) Create(ctx context.Context, op authz.Op, c Class) (Class, error) {
	known, found := s.Tree.Get(c.Region)
	switch {
	case !found || known.Code.Level() != region.Regency:
		return c, fault.New(fault.Invalid, "region.unknown").At("region")
	case !op.Scope.Covers(c.Region):
		return c, fault.New(fault.Forbidden, "class.region_out_of_scope").At("region")
	case strings.TrimSpace(c.Provider) == "":
		return c, fault.New(fault.Invalid, "class.provider_missing").At("provider")
	case strings.TrimSpace(c.Programme) == "":
		return c, fault.New(fault.Invalid, "class.programme_missing").At("programme")
	case c.StartsOn.IsZero() || c.EndsOn.Before(c.StartsOn):
		return c, fault.New(fault.Invalid, "class.period").At("starts_on")
	}
	c.ID = uuid.Must(uuid.NewV7())
	return s.Store.CreateClass(ctx, op, c)
}
