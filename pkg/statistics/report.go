package statistics

import (
	"slices"

	"github.com/tanggap/tanggap/pkg/codelist"
)

// Report is one of the reports that people look at.
type Report string

// The reports.
const (
	Funnel     Report = "funnel"            // workers who came as far as each step
	Stages     Report = "stages"            // workers by the stage of their case
	Outcomes   Report = "outcomes"          // workers whose case is closed, by its outcome
	Claims     Report = "claims"            // workers by the state of their JKP claim, and what was paid
	Placements Report = "time_to_placement" // workers placed, by the days from the opening of the case to the job
	AtWork     Report = "at_work"           // workers placed or self-employed
	Trainings  Report = "trainings"         // trainings by scheme and state
	Providers  Report = "providers"         // trainings completed, by provider
	Layoffs    Report = "layoffs"           // the PHK as the ministry publishes it
	Prevention Report = "prevention"        // jobs saved against jobs planned to go
	Matching   Report = "matching"          // how the ranking did
	Referrals  Report = "referrals"         // referrals that wait for an answer, by the office that is asked
	Load       Report = "load"              // how much work there is
	Ages       Report = "ages"              // open cases by the days since they were opened
)

// Values lists the reports.
func (Report) Values() []Report {
	return []Report{Funnel, Stages, Outcomes, Claims, Placements, AtWork, Trainings, Providers, Layoffs, Prevention,
		Matching, Referrals, Load, Ages}
}

// Valid tells whether r is one of the reports.
func (r Report) Valid() bool { return codelist.Has(r) }

// Shape is what a report can be asked for, and how its answer is to be read.
type Shape struct {
	By       []Grouping // what its figures can be told apart by
	Usual    []Grouping // what they are told apart by unless asked otherwise
	Figures  []Figure   // its columns
	Basis    Basis      // the day that a period is of; empty: the report is of now
	Items    bool       // it has items of its own
	Overlaps bool       // one worker is in several items, which must not be added
	Rolled   bool       // counted in the background
	Public   bool       // as the ministry publishes it: small numbers are shown
	Ranked   bool       // items are names, the most first
}

// byCase are what the figures of cases can be told apart by.
var byCase = []Grouping{ByMonth, ByProvince, ByRegency, ByOfficer, ByEmployer, BySector}

func ofCases(s Shape) Shape {
	s.By, s.Basis, s.Rolled = byCase, TerminatedOn, true
	if s.Figures == nil {
		s.Figures = []Figure{People}
	}
	return s
}

var shapes = map[Report]Shape{
	Funnel:     ofCases(Shape{Items: true, Overlaps: true}),
	Stages:     ofCases(Shape{Items: true}),
	Outcomes:   ofCases(Shape{Items: true}),
	Claims:     ofCases(Shape{Items: true, Figures: []Figure{People, Paid}}),
	Placements: ofCases(Shape{Items: true, Figures: []Figure{People, Days}}),
	AtWork:     ofCases(Shape{Usual: []Grouping{ByRegency}}),
	Trainings:  ofCases(Shape{Items: true, Figures: []Figure{TrainingCount}}),
	Providers:  ofCases(Shape{Items: true, Ranked: true, Figures: []Figure{TrainingCount}}),
	Layoffs: {By: []Grouping{ByMonth, ByProvince, ByRegency}, Usual: []Grouping{ByProvince}, Basis: CountedOn,
		Figures: []Figure{People}, Public: true},
	Prevention: {By: []Grouping{ByMonth, ByProvince, ByRegency, ByEmployer, BySector},
		Usual: []Grouping{ByRegency, BySector}, Basis: PlannedOn, Public: true,
		Figures: []Figure{LayoffCount, Withdrawn, Planned, Saved}},
	Matching: {By: []Grouping{ByMonth, ByProvince, ByRegency}, Basis: ProposedOn,
		Figures: []Figure{Proposed, Accepted, Declined, Hired, Hits, HitRate}},
	Referrals: {By: []Grouping{ByMonth, ByProvince, ByRegency}, Usual: []Grouping{ByRegency}, Basis: OfferedOn,
		Figures: []Figure{Waiting, WaitingLate}},
	Load: {By: []Grouping{ByProvince, ByRegency, ByOfficer}, Usual: []Grouping{ByRegency},
		Figures: []Figure{Open, Overdue, Due, Changed, Closed, Unassigned}},
	Ages: {By: []Grouping{ByProvince, ByRegency, ByOfficer, ByEmployer, BySector}, Items: true, Figures: []Figure{Open}},
}

// Shape is the shape of a report.
func (r Report) Shape() Shape { return shapes[r] }

func (s Shape) tells(g Grouping) bool { return slices.Contains(s.By, g) }

// Definition is what is counted as PHK.
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

// Measure is what the figure of a month covers.
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

// Grouping is what figures are told apart by.
type Grouping string

// The groupings.
const (
	ByMonth    Grouping = "month"
	ByProvince Grouping = "province"
	ByRegency  Grouping = "regency"
	ByOfficer  Grouping = "officer"  // in charge of the case now
	ByEmployer Grouping = "employer" // of the layoff
	BySector   Grouping = "sector"   // of the employer: division of KBLI
)

// Valid tells whether g is one of the groupings.
func (g Grouping) Valid() bool { return codelist.Has(g) }

// Values lists the groupings.
func (Grouping) Values() []Grouping {
	return []Grouping{ByMonth, ByProvince, ByRegency, ByOfficer, ByEmployer, BySector}
}

// named tells whether the keys are names, of which the greatest come first.
func (g Grouping) named() bool { return g == ByOfficer || g == ByEmployer }

// Basis is the day by which something lies in a period.
type Basis string

// The bases.
const (
	TerminatedOn Basis = "terminated_on"
	PlannedOn    Basis = "planned_on"
	CountedOn    Basis = "counted_on" // of layoffs: by their definition
	ProposedOn   Basis = "proposed_on"
	OfferedOn    Basis = "offered_on"
)

// Valid tells whether b is one of the bases.
func (b Basis) Valid() bool { return codelist.Has(b) }

// Values lists the bases.
func (Basis) Values() []Basis {
	return []Basis{TerminatedOn, PlannedOn, CountedOn, ProposedOn, OfferedOn}
}

// Format is the form of a report.
type Format string

// The forms.
const (
	JSON Format = "json"
	CSV  Format = "csv"
	XLSX Format = "xlsx"
	SVG  Format = "svg"
)

// Valid tells whether f is one of the forms.
func (f Format) Valid() bool { return codelist.Has(f) }

// Values lists the forms.
func (Format) Values() []Format { return []Format{JSON, CSV, XLSX, SVG} }

// MediaType is that of a form.
func (f Format) MediaType() string {
	switch f {
	case CSV:
		return "text/csv"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case SVG:
		return "image/svg+xml"
	default:
		return "application/json"
	}
}
