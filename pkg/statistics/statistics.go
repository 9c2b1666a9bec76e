// Package statistics counts layoffs as the ministry publishes them. Three counts go by the name "PHK", and they differ
// many times over; a figure of a year so far grows from month to month, and adding such figures up has been printed as
// a total. So every figure here says what it counts, whether it is of a period or of a year so far, from which day to
// which, and as it was known when: asked again for the same instant, it is the same.
package statistics

import (
	"context"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

// Definition is what is counted.
type Definition string

// The definitions.
const (
	// people in layoffs reported to the offices, by the planned day, at the site
	Reports Definition = "disnaker_reports"
	Workers Definition = "workers" // workers with a case, by the day of the PHK, where they live
	// workers whose JKP claim was decided eligible, by the day of the PHK, where they live
	JKPParticipants Definition = "jkp_participants"
)

// Valid tells whether d is one of the definitions.
func (d Definition) Valid() bool { return codelist.Has(d) }

// Values lists the definitions.
func (Definition) Values() []Definition { return []Definition{Reports, Workers, JKPParticipants} }

// Measure is what a figure covers.
type Measure string

// The measures.
const (
	Period     Measure = "period"       // one month
	YearToDate Measure = "year_to_date" // from 1 January to the end of the month; never to be added to another
)

// Valid tells whether m is one of the measures.
func (m Measure) Valid() bool { return codelist.Has(m) }

// Values lists the measures.
func (Measure) Values() []Measure { return []Measure{Period, YearToDate} }

// Level is how finely figures are told apart.
type Level string

// The levels.
const (
	ByProvince Level = "province"
	ByRegency  Level = "regency"
)

// Valid tells whether l is one of the levels.
func (l Level) Valid() bool { return codelist.Has(l) }

// Values lists the levels.
func (Level) Values() []Level { return []Level{ByProvince, ByRegency} }

// Query asks for one figure per region.
type Query struct {
	Definition Definition
	Measure    Measure
	Month      calendar.Date // any day of it
	KnownAt    time.Time
	By         Level
	Region     *region.Code // a part of the caller's scope
}

// Row is the figure of one region.
type Row struct {
	Region region.Code
	People int
}

// Figure is an answer that can stand alone: with what it counts, over which days, and as known when.
type Figure struct {
	Query
	From, Until calendar.Date
	Rows        []Row
	Total       int
}

// Store counts; the scope is of the regions where people are counted.
type Store interface {
	CountLayoffs(ctx context.Context, scope authz.Scope, q Query, from, until calendar.Date) ([]Row, error)
}

// Service is statistics for callers whose permission is already established.
type Service struct {
	Store   Store
	Rollups ResultStore
	Clock   clock.Clock
}

// Count gives a figure. Faults (Invalid, with the field): statistics.known_in_future; the caller has checked the values
// of closed lists.
func (s *Service) Count(ctx context.Context, scope authz.Scope, q Query) (Figure, error) {
	now := s.Clock.Now()
	if q.KnownAt.After(now) {
		return Figure{}, fault.New(fault.Invalid, "statistics.known_in_future").At("known_at")
	}
	f := Figure{Query: q}
	f.From = q.Month.AddDays(1 - q.Month.Day())
	f.Until = f.From.AddMonths(1).AddDays(-1)
	if q.Measure == YearToDate {
		f.From = f.From.AddMonths(1 - int(f.From.Month()))
	}
	if q.Region != nil {
		scope = scope.Intersect(*q.Region)
	}
	var err error
	if f.Rows, err = s.Store.CountLayoffs(ctx, scope, q, f.From, f.Until); err != nil {
		return Figure{}, err
	}
	for _, row := range f.Rows {
		f.Total += row.People
	}
	return f, nil
}
