package casework

import (
	"context"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/region"
)

// dueDays are how many days, today among them, a load looks ahead.
const dueDays = 7

// Load is how much work there is: open cases, those of them whose deadline or follow-up has passed or comes within
// seven days, cases that changed and cases that were closed this month.
type Load struct {
	Open, Overdue, Due, Changed, Closed int
}

// OfficerLoad is the load of one officer.
type OfficerLoad struct {
	Officer authz.OfficerID
	Name    string
	Office  region.Code
	Active  bool
	Load
}

// OfficeLoad is the load of one office, and how many of its open cases nobody is in charge of.
type OfficeLoad struct {
	Region     region.Code
	Name       string
	Unassigned int
	Load
}

// LoadFilter says when, and of whom, a load is.
type LoadFilter struct {
	Today calendar.Date
	Due   calendar.Date // the last day that counts as soon
	First calendar.Date // of the month
	Month time.Time     // the instant at which it began
	Roles []authz.Role  // whose holders work on cases
	After authz.OfficerID
	Limit int
}

// LoadStore counts.
type LoadStore interface {
	// OfficerLoads are the loads of the officers of the scope who hold one of the roles, with or without a case, and of
	// whoever else is in charge of open cases there, in the order of their ids.
	OfficerLoads(ctx context.Context, scope authz.Scope, f LoadFilter) ([]OfficerLoad, error)
	// OfficeLoads are the loads of all regencies of the scope, in the order of their codes.
	OfficeLoads(ctx context.Context, scope authz.Scope, f LoadFilter) ([]OfficeLoad, error)
}

// LoadOn is the filter of the day on which an office looks at its load.
func (s *Service) LoadOn(office region.Code) LoadFilter {
	today := s.Today(office)
	return LoadFilter{Today: today, Due: today.AddDays(dueDays - 1), First: today.AddDays(1 - today.Day()),
		Month: time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, ZoneOf(office).Location())}
}
