package statistics

import (
	"context"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/region"
)

// Report is one of the reports that people look at. They are read from figures counted in the background (see Rollup),
// and say when that was.
type Report string

// The reports.
const (
	Funnel     Report = "funnel"              // workers who came as far as each step
	Outcomes   Report = "outcomes"            // cases by stage or, closed, by outcome
	Placements Report = "time_to_placement"   // workers placed, by the days from the opening of the case to the job
	Regions    Report = "results_by_region"   // workers placed or self-employed, by regency or province
	Schemes    Report = "results_by_scheme"   // trainings by scheme and state
	Providers  Report = "results_by_provider" // trainings completed, by provider
)

// Values lists the reports.
func (Report) Values() []Report {
	return []Report{Funnel, Outcomes, Placements, Regions, Schemes, Providers}
}

// Valid tells whether r is one of the reports.
func (r Report) Valid() bool { return codelist.Has(r) }

// ResultQuery asks for a report. Year is that of the termination; 0 is all.
type ResultQuery struct {
	Report Report
	Region *region.Code
	Year   int
}

// ResultRow is one bar: N workers or trainings, and where it means something the average of days.
type ResultRow struct {
	Item string
	N    int
	Days int // on average, to the nearest; 0 where there is none
}

// Results is a report with its age. CountedAt is zero while nothing was counted yet.
type Results struct {
	Rows      []ResultRow
	CountedAt time.Time
}

// ResultStore reads and refreshes the figures.
type ResultStore interface {
	Results(ctx context.Context, scope authz.Scope, q ResultQuery) (Results, error)
	// Rollup brings the figures up to what has happened since the last time; the first time it counts every case.
	Rollup(ctx context.Context) error
}

// Results gives a report of the caller's regions.
func (s *Service) Results(ctx context.Context, scope authz.Scope, q ResultQuery) (Results, error) {
	if q.Region != nil {
		scope = scope.Intersect(*q.Region)
	}
	if scope.Empty() {
		return Results{Rows: []ResultRow{}}, nil
	}
	return s.Rollups.Results(ctx, scope, q)
}
