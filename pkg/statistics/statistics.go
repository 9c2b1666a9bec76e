// Package statistics counts. Every report is one table in one shape: figures, told apart by items of their own and by
// what the reader asks for (month, province, officer …), over days that the answer names.
//
// Three counts go by the name "PHK", and they differ many times over; a figure of a year so far grows from month to
// month, and adding such figures up has been printed as a total. So every report says what it counts, from which day to
// which, and as it was known when; and it has totals only over what does not overlap.
package statistics

import (
	"context"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

// MostRows bounds an answer: the rest of a long report is in its smaller regions.
const MostRows = 1000

// Query asks for a report. What is nil or empty is not asked for.
type Query struct {
	Report     Report
	By         []Grouping // at most two; the usual ones of the report when nil
	From       *calendar.Date
	Until      *calendar.Date
	Region     *region.Code
	Definition Definition          // of layoffs: what is counted
	KnownAt    time.Time           // of layoffs: as it was known then
	Load       casework.LoadFilter // of load: the day it is looked at, and whose
	Today      calendar.Date
}

// Key is one of the things that figures are told apart by. Name is empty where the code has a name elsewhere.
type Key struct{ Code, Name string }

// Row is the figures of one combination. A value that is nil was not counted, or has no meaning there.
type Row struct {
	Keys   []Key // one for each of By
	Item   string
	Values []*int64 // one for each figure of the report
}

// Table is an answer. CountedAt is the time of figures that are counted in the background; zero while nothing was
// counted yet, and for those that are counted as they are asked.
type Table struct {
	Query
	Rows      []Row
	More      bool // there are more rows than are told
	CountedAt time.Time
}

// Store counts, in no special order but that the greatest come first, up to MostRows+1 rows.
type Store interface {
	Figures(ctx context.Context, scope authz.Scope, q Query) (Table, error)
	// Rollup brings the figures up to what has happened since the last time; the first time it counts every case.
	Rollup(ctx context.Context) error
}

// Service is statistics for callers whose permission is already established.
type Service struct {
	Store Store
	Loads casework.LoadStore
	Clock clock.Clock
}

// Report answers a query over a part of the caller's scope. Faults (Invalid, with the field): report.by_refused,
// report.by_twice, report.no_period, report.period, report.not_of_layoffs, statistics.known_in_future.
func (s *Service) Report(ctx context.Context, scope authz.Scope, q Query) (Table, error) {
	if err := s.complete(&q, scope); err != nil {
		return Table{}, err
	}
	if q.Region != nil {
		scope = scope.Intersect(*q.Region)
	}
	if scope.Empty() {
		return Table{Query: q}, nil
	}
	var t Table
	var err error
	if q.Report == Load {
		t, err = s.load(ctx, scope, q)
	} else {
		t, err = s.Store.Figures(ctx, scope, q)
	}
	if err != nil {
		return Table{}, err
	}
	if t.Query = q; len(t.Rows) > MostRows {
		t.Rows, t.More = t.Rows[:MostRows], true
	}
	t.fill()
	t.sort()
	return t, nil
}

// complete checks what is asked for, and adds what the report has by itself.
func (s *Service) complete(q *Query, scope authz.Scope) error {
	shape := q.Report.Shape()
	if q.By == nil {
		q.By = shape.Usual
		if q.Report == AtWork && scope.National() && q.Region == nil {
			q.By = []Grouping{ByProvince}
		}
	}
	if q.Report == Load && len(q.By) > 1 {
		shape.By = q.By[:1] // an officer is of one office, and a regency of one province
	}
	if err := checkBy(shape, q.By); err != nil {
		return err
	}
	switch now := s.Clock.Now(); {
	case shape.Basis == "" && q.From != nil:
		return fault.New(fault.Invalid, "report.no_period").At("from")
	case shape.Basis == "" && q.Until != nil:
		return fault.New(fault.Invalid, "report.no_period").At("until")
	case q.From != nil && q.Until != nil && q.Until.Before(*q.From):
		return fault.New(fault.Invalid, "report.period").At("until")
	case q.Report != Layoffs && q.Definition != "":
		return fault.New(fault.Invalid, "report.not_of_layoffs").At("definition")
	case q.Report != Layoffs && !q.KnownAt.IsZero():
		return fault.New(fault.Invalid, "report.not_of_layoffs").At("known_at")
	case q.KnownAt.After(now):
		return fault.New(fault.Invalid, "statistics.known_in_future").At("known_at")
	case q.Report == Layoffs && q.KnownAt.IsZero():
		q.KnownAt = now
	}
	if q.Report == Layoffs && q.Definition == "" {
		q.Definition = Workers
	}
	return nil
}

func checkBy(shape Shape, by []Grouping) error {
	for i, g := range by {
		if !shape.tells(g) {
			return fault.New(fault.Invalid, "report.by_refused", "by", string(g), "allowed",
				codelist.Join(shape.By)).At("by")
		}
		if i > 0 && by[0] == g {
			return fault.New(fault.Invalid, "report.by_twice").At("by")
		}
	}
	return nil
}
