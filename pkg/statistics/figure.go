package statistics

import "github.com/tanggap/tanggap/pkg/codelist"

// Figure is a column of a report.
type Figure string

// The figures.
const (
	People        Figure = "people"
	Paid          Figure = "paid" // JKP cash
	Days          Figure = "days" // on average, to the nearest
	TrainingCount Figure = "trainings"
	LayoffCount   Figure = "layoffs"
	Withdrawn     Figure = "withdrawn"
	Planned       Figure = "planned"
	Saved         Figure = "saved"
	Proposed      Figure = "proposed"
	Accepted      Figure = "accepted"
	Declined      Figure = "declined"
	Hired         Figure = "hired"
	Hits          Figure = "hits"     // of those hired: proposed from the best ten
	HitRate       Figure = "hit_rate" // hits of a hundred hired, rounded down
	Waiting       Figure = "waiting"
	WaitingLate   Figure = "waiting_late" // the day by which to answer has passed
	Open          Figure = "open"
	Overdue       Figure = "overdue"
	Due           Figure = "due"
	Changed       Figure = "changed"
	Closed        Figure = "closed"
	Unassigned    Figure = "unassigned"
)

// Values lists the figures.
func (Figure) Values() []Figure {
	return []Figure{People, Paid, Days, TrainingCount, LayoffCount, Withdrawn, Planned, Saved, Proposed, Accepted,
		Declined, Hired, Hits, HitRate, Waiting, WaitingLate, Open, Overdue, Due, Changed, Closed, Unassigned}
}

// Valid tells whether f is one of the figures.
func (f Figure) Valid() bool { return codelist.Has(f) }

// Unit is what a figure counts.
type Unit string

// The units.
const (
	UnitPeople    Unit = "person"
	UnitCases     Unit = "case"
	UnitLayoffs   Unit = "layoff"
	UnitJobs      Unit = "job"
	UnitTrainings Unit = "training"
	UnitReferrals Unit = "referral"
	UnitProposals Unit = "proposal"
	UnitDays      Unit = "day"
	UnitRupiah    Unit = "rupiah"
	UnitPercent   Unit = "percent"
)

// Values lists the units.
func (Unit) Values() []Unit {
	return []Unit{UnitPeople, UnitCases, UnitLayoffs, UnitJobs, UnitTrainings, UnitReferrals, UnitProposals, UnitDays,
		UnitRupiah, UnitPercent}
}

// Valid tells whether u is one of the units.
func (u Unit) Valid() bool { return codelist.Has(u) }

var units = map[Figure]Unit{People: UnitPeople, Paid: UnitRupiah, Days: UnitDays, TrainingCount: UnitTrainings,
	LayoffCount: UnitLayoffs, Withdrawn: UnitLayoffs, Planned: UnitPeople, Saved: UnitJobs, Proposed: UnitProposals,
	Accepted: UnitProposals, Declined: UnitProposals, Hired: UnitPeople, Hits: UnitPeople, HitRate: UnitPercent,
	Waiting: UnitReferrals, WaitingLate: UnitReferrals, Open: UnitCases, Overdue: UnitCases, Due: UnitCases,
	Changed: UnitCases, Closed: UnitCases, Unassigned: UnitCases}

// Unit is that of a figure.
func (f Figure) Unit() Unit { return units[f] }

// Adds tells whether the figure of a whole is the sum of its parts: an average or a rate is not.
func (f Figure) Adds() bool { return f != Days && f != HitRate }

// Counts tells whether a figure is a number of workers, or of something that each of them has one or a few of. What is
// reckoned from such a number is not shown where the number is not.
func (f Figure) Counts() bool { return f.Adds() && f != Paid }

// Step is how far a worker came.
type Step string

// The steps, each of which workers may come to without those before.
const (
	StepOpened      Step = "opened"
	StepClaimed     Step = "claimed"
	StepEligible    Step = "eligible"
	StepTrained     Step = "trained"
	StepCertified   Step = "certified"
	StepApplied     Step = "applied"
	StepPlaced      Step = "placed"
	StepRetained    Step = "retained"
	StepOwnBusiness Step = "own_business"
)

// Values lists the steps.
func (Step) Values() []Step {
	return []Step{StepOpened, StepClaimed, StepEligible, StepTrained, StepCertified, StepApplied, StepPlaced, StepRetained,
		StepOwnBusiness}
}

// Valid tells whether s is one of the steps.
func (s Step) Valid() bool { return codelist.Has(s) }

// Span is a number of days, both ends included.
type Span string

// The spans.
const (
	Span30   Span = "0-30"
	Span60   Span = "31-60"
	Span90   Span = "61-90"
	Span180  Span = "91-180"
	Span365  Span = "181-365"
	SpanMore Span = "366+"
)

// Values lists the spans.
func (Span) Values() []Span { return []Span{Span30, Span60, Span90, Span180, Span365, SpanMore} }

// Valid tells whether s is one of the spans.
func (s Span) Valid() bool { return codelist.Has(s) }
