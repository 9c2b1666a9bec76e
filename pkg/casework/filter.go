package casework

import (
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/region"
)

// Filter narrows a list of cases, its counts, its facets and its file. What is nil does not filter; what is there does,
// whatever its value.
type Filter struct {
	Region       *region.Code // a part of the caller's scope: a province or a regency
	Stages       []Stage
	Claims       []ClaimState
	Outcomes     []Outcome
	Officer      *authz.OfficerID // the zero id: open cases that nobody is in charge of
	Absent       *Absence         // open cases whose officer does not work on them
	OverdueOn    *calendar.Date   // cases whose deadline or follow-up lies before this date
	Due          Days             // of the earlier one of deadline and follow-up
	Buckets      []DueBucket      // of the same day, as seen on Today
	Today        calendar.Date
	Opened       Days
	Terminated   Days // of the PHK
	Closed       Days
	UpdatedSince *time.Time
	UpdatedUntil *time.Time
	Layoff       *uuid.UUID
	Employer     *uuid.UUID // of the layoff
	EmployerName *string    // in part, of the layoff's employer as registered or of the one that the worker named
	Text         *string    // in the employer or the position; a worker's name is searched for, not filtered by
	Sort         Sort
	After        ID     // keyset position: the last case of the page before; zero is the start of the list
	AfterKey     string // the Key of that case
	Limit        int
}

// Days is a range of days, both included; an end that is nil is open.
type Days struct{ From, Until *calendar.Date }

// IsOpen tells whether the range has no end at all.
func (d Days) IsOpen() bool { return d.From == nil && d.Until == nil }

// Sort is the order of a list of cases.
type Sort string

// The orders. All but the first go upwards.
const (
	Newest    Sort = "newest"  // opened last
	ByDue     Sort = "due"     // the earlier one of deadline and follow-up; cases without either come last
	ByUpdated Sort = "updated" // unchanged for the longest time
	ByName    Sort = "name"
	ByOpened  Sort = "opened"
)

// Values lists every order.
func (Sort) Values() []Sort { return []Sort{Newest, ByDue, ByUpdated, ByName, ByOpened} }

// Valid tells whether s is one of the orders.
func (s Sort) Valid() bool { return codelist.Has(s) }

// DueBucket says how near the next day of a case is: its deadline or its follow-up, whichever is earlier.
type DueBucket string

// The buckets. A case is in one of them.
const (
	Overdue  DueBucket = "overdue"
	DueToday DueBucket = "today"
	DueWeek  DueBucket = "week" // in the seven days after today
	DueLater DueBucket = "later"
	NotDue   DueBucket = "none"
)

// Values lists every bucket.
func (DueBucket) Values() []DueBucket {
	return []DueBucket{Overdue, DueToday, DueWeek, DueLater, NotDue}
}

// Valid tells whether b is one of the buckets.
func (b DueBucket) Valid() bool { return codelist.Has(b) }

// WeekDays is how many days after today are in the bucket of the week.
const WeekDays = 7

// MostCounted is up to how many cases facets look at.
const MostCounted = 50_000

// Facets counts the cases of a filter in one pass, by what else they could be narrowed by.
type Facets struct {
	Total    int
	More     bool // there are more cases than MostCounted: every count says at least
	Stages   map[Stage]int
	Claims   map[ClaimState]int
	Outcomes map[Outcome]int
	Due      map[DueBucket]int
	Officers []OfficerCount // most cases first; the zero id is open cases that nobody is in charge of
}

// OfficerCount is how many cases an officer is in charge of.
type OfficerCount struct {
	Officer authz.OfficerID
	Name    string
	Cases   int
}
