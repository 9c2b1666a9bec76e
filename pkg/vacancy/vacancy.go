// Package vacancy is the register of vacancies (lowongan) and of the job fairs (bursa kerja) at which they are offered:
// what employers must report (Perpres 57/2023 art. 4-6), verified before it is shown, open to everybody and nobody's
// secret.
//
//	reported ─► open ─► filled        (withdrawn from either; open ends by itself after the day it expires)
package vacancy

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
)

// State is where a vacancy stands. One that is open and past its expiry is no longer offered.
type State string

// The states of a vacancy.
const (
	Reported  State = "reported"
	Open      State = "open"
	Expired   State = "expired" // never kept: it follows from the day
	Filled    State = "filled"
	Withdrawn State = "withdrawn"
)

// Values lists every state of a vacancy.
func (State) Values() []State { return []State{Reported, Open, Expired, Filled, Withdrawn} }

// Stored lists the states that are kept.
func (State) Stored() []State { return []State{Reported, Open, Filled, Withdrawn} }

// Targets lists the states that a step leads to.
func (State) Targets() []State { return codelist.Targets(steps) }

// Valid tells whether s is one of the states.
func (s State) Valid() bool { return codelist.Has(s) }

var steps = map[State][]State{Reported: {Open, Withdrawn}, Open: {Filled, Withdrawn}}

// Vacancy is one report of an employer. Source and Reference together name it once: reporting it again changes it.
type Vacancy struct {
	ID         uuid.UUID
	Region     region.Code // regency of the place of work
	Employer   string
	Title      string
	Occupation string // KBJI, four digits
	Units      string // SKKNI units asked for, separated by commas
	Wage       money.Rupiah
	Openings   int
	StartsOn   calendar.Date
	PostedOn   calendar.Date
	ExpiresOn  calendar.Date
	State      State
	Source     string
	Reference  string
	Fair       uuid.UUID
	Version    int
	Undated    bool // reported without a last day: the one it has is ours
	FairOver   bool // the job fair was held before the vacancy is reported
}

// Filter narrows a list of vacancies, newest first. What is nil does not filter; what is there does, whatever its
// value.
type Filter struct {
	Region     *region.Code // a province or a regency
	Occupation *string      // leading digits
	State      *State
	Fair       *uuid.UUID
	After      uuid.UUID
	Limit      int
}

// Fair is a job fair.
type Fair struct {
	ID     uuid.UUID
	Region region.Code
	Name   string
	Venue  string
	HeldOn calendar.Date
}

// FairResult is what came of a fair: the employers and vacancies of all, and of the workers only those in the caller's
// scope.
type FairResult struct {
	Fair
	Employers   int
	Vacancies   int
	Openings    int
	Applicants  int
	Interviewed int
	Hired       int
}

// Result is what became of one row of an import.
type Result string

// The results of a row.
const (
	RowReported Result = "reported"
	RowKnown    Result = "known"
	RowChanged  Result = "changed"
	RowRefused  Result = "refused"
)

// Values lists the results of a row.
func (Result) Values() []Result { return []Result{RowReported, RowKnown, RowChanged, RowRefused} }

// Valid tells whether r is one of the results.
func (r Result) Valid() bool { return codelist.Has(r) }

// Row is the outcome of one vacancy of an import: reported, known and what was changed of it, or the code of what is
// wrong with it.
type Row struct {
	ID      uuid.UUID
	Known   bool
	Changed string // fields, separated by blanks
	Refused string // code, of one that is known and cannot be changed
	Err     error
}

// Change is a vacancy as it was before its source reported it otherwise.
type Change struct {
	Version int // that it had
	By      authz.OfficerID
	At      time.Time
	Fields  []FieldChange
}

// FieldChange is a field of a vacancy before and after.
type FieldChange struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// facts are what a source reports of a vacancy, as texts.
func (v Vacancy) facts() []FieldChange {
	day := func(d calendar.Date) string {
		if d.IsZero() {
			return ""
		}
		return d.String()
	}
	fair := ""
	if v.Fair != uuid.Nil {
		fair = v.Fair.String()
	}
	return []FieldChange{{Field: "region", To: string(v.Region)}, {Field: "employer", To: v.Employer}, {Field: "title",
		To: v.Title},
		{Field: "occupation", To: v.Occupation}, {Field: "units", To: v.Units}, {Field: "wage",
			To: strconv.FormatInt(int64(v.Wage), 10)},
		{Field: "openings", To: strconv.Itoa(v.Openings)}, {Field: "starts_on", To: day(v.StartsOn)},
		{Field: "expires_on", To: day(v.ExpiresOn)}, {Field: "fair", To: fair}}
}

// Differences are the fields in which a vacancy is reported otherwise than it is known. A last day that the report does
// not say stays.
func (v Vacancy) Differences(known Vacancy) []FieldChange {
	var list []FieldChange
	was := known.facts()
	for i, now := range v.facts() {
		if now.To != was[i].To {
			list = append(list, FieldChange{now.Field, was[i].To, now.To})
		}
	}
	return list
}

// Replace makes a known vacancy what its source reports now. One that was verified has to be verified again. It is
// refused for one that has ended, and for one of another office.
func (v Vacancy) Replace(known Vacancy, scope authz.Scope) (Vacancy, error) {
	switch {
	case !scope.Covers(known.Region):
		return known, fault.New(fault.Forbidden, "vacancy.region_out_of_scope")
	case known.State != Reported && known.State != Open:
		return known, fault.New(fault.Conflict, "vacancy.ended", "state", string(known.State))
	}
	v.ID, v.PostedOn, v.State, v.Version = known.ID, known.PostedOn, Reported, known.Version+1
	return v, nil
}

// Store keeps vacancies. An unknown one is vacancy.not_found.
type Store interface {
	// CreateVacancies keeps those that are new, changes those that are known otherwise (Vacancy.Replace), and tells of
	// each.
	CreateVacancies(ctx context.Context, op authz.Op, list []Vacancy) ([]Row, error)
	GetVacancy(ctx context.Context, id uuid.UUID) (Vacancy, error)
	VacancyChanges(ctx context.Context, id uuid.UUID) ([]Change, error)
	ListVacancies(ctx context.Context, f Filter) ([]Vacancy, error)
	// MoveVacancy gives a vacancy the state that next allows it, asked under a lock so that the refusal of a move that was
	// done already is the answer to it; the verifier of one opened is the actor.
	MoveVacancy(ctx context.Context, op authz.Op, id uuid.UUID, next func(Vacancy) (State, error)) (Vacancy, error)
}

// FairStore keeps job fairs. An unknown one is job_fair.not_found.
type FairStore interface {
	CreateFair(ctx context.Context, op authz.Op, f Fair) (Fair, error)
	GetFair(ctx context.Context, id uuid.UUID) (Fair, error)
	ListFairs(ctx context.Context, after uuid.UUID, limit int) ([]Fair, error)
	FairResult(ctx context.Context, scope authz.Scope, id uuid.UUID) (FairResult, error)
}

// Service is the register for callers whose permission is already established.
type Service struct {
	Store    Store
	Fairs    FairStore
	Tree     *region.Tree
	Clock    clock.Clock
	Measures measure.Book
}

// MostRows is how many vacancies one import may hold.
const MostRows = 500

var kbji = regexp.MustCompile(`^[0-9]{4}$`)

// Report takes in vacancies of regencies of the caller. A row that is wrong keeps no other out.
func (s *Service) Report(ctx context.Context, op authz.Op, source string, list []Vacancy) ([]Row, error) {
	if len(list) == 0 || len(list) > MostRows {
		return nil, fault.New(fault.Invalid, "vacancy.rows", "most", strconv.Itoa(MostRows)).At("items")
	}
	fairs, err := s.fairs(ctx, list)
	if err != nil {
		return nil, err
	}
	now := s.Clock.Now()
	rows, good, places := make([]Row, len(list)), make([]Vacancy, 0, len(list)), make([]int, 0, len(list))
	for i, v := range list {
		today := calendar.Of(now, calendar.ZoneOf(string(v.Region))) // where the work is
		v.ID, v.State, v.Source, v.PostedOn = uuid.Must(uuid.NewV7()), Reported, source, today
		if v.Reference == "" {
			v.Reference = v.ID.String()
		}
		if v.Undated = v.ExpiresOn.IsZero(); v.Undated {
			v.ExpiresOn = today.AddMonths(s.Measures.On(today).VacancyOfferMonths.Value)
		}
		held := fairs[v.Fair]
		v.FairOver = !held.on.IsZero() && held.on.Before(today)
		if rows[i].Err = cmp.Or(s.check(op.Scope, v), held.err); rows[i].Err == nil {
			good, places = append(good, v), append(places, i)
		}
	}
	if len(good) == 0 {
		return rows, nil
	}
	made, err := s.Store.CreateVacancies(ctx, op, good)
	if err != nil {
		return nil, err
	}
	if len(made) != len(places) { // a kept answer from before one of the rows turned bad, or good
		return nil, fault.New(fault.Conflict, "vacancy.import_changed")
	}
	for i, row := range made {
		if row.Refused != "" {
			row.Err = fault.New(fault.Conflict, row.Refused)
		}
		rows[places[i]] = row
	}
	return rows, nil
}

// held is the day of a job fair, or that there is none such.
type held struct {
	on  calendar.Date
	err error
}

// fairs tells of each job fair of an import when it is held, or that it is not there.
func (s *Service) fairs(ctx context.Context, list []Vacancy) (map[uuid.UUID]held, error) {
	fairs := map[uuid.UUID]held{uuid.Nil: {}}
	for _, v := range list {
		if _, asked := fairs[v.Fair]; asked {
			continue
		}
		fair, err := s.Fairs.GetFair(ctx, v.Fair)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return nil, err
		}
		if fairs[v.Fair] = (held{on: fair.HeldOn}); err != nil {
			fairs[v.Fair] = held{err: fault.New(fault.Invalid, "job_fair.not_found").At("fair")}
		}
	}
	return fairs, nil
}

func (s *Service) check(scope authz.Scope, v Vacancy) error {
	known, found := s.Tree.Get(v.Region)
	switch {
	case !found || known.Code.Level() != region.Regency:
		return fault.New(fault.Invalid, "region.unknown").At("region")
	case !scope.Covers(v.Region):
		return fault.New(fault.Forbidden, "vacancy.region_out_of_scope").At("region")
	case strings.TrimSpace(v.Employer) == "":
		return fault.New(fault.Invalid, "vacancy.employer_missing").At("employer")
	case strings.TrimSpace(v.Title) == "":
		return fault.New(fault.Invalid, "vacancy.title_missing").At("title")
	case !kbji.MatchString(v.Occupation):
		return fault.New(fault.Invalid, "vacancy.occupation").At("occupation")
	case v.Openings < 1:
		return fault.New(fault.Invalid, "vacancy.openings").At("openings")
	case v.Wage < 0:
		return fault.New(fault.Invalid, "vacancy.wage").At("wage")
	case v.ExpiresOn.Before(v.PostedOn):
		return fault.New(fault.Invalid, "vacancy.expired").At("expires_on")
	}
	return nil
}

// Move verifies a vacancy (to open), or ends it. One of another office is refused: that it exists is no secret.
func (s *Service) Move(ctx context.Context, op authz.Op, id uuid.UUID, version int, to State) (Vacancy, error) {
	return s.Store.MoveVacancy(ctx, op, id, func(v Vacancy) (State, error) {
		switch {
		case !op.Scope.Covers(v.Region):
			return v.State, fault.New(fault.Forbidden, "vacancy.region_out_of_scope")
		case v.Version != version:
			return v.State, fault.New(fault.Stale, "vacancy.stale")
		case !slices.Contains(steps[v.State], to):
			return v.State, fault.New(fault.Conflict, "vacancy.transition_refused", "from", string(v.State), "to", string(to))
		}
		return to, nil
	})
}

// HoldFair records a job fair in a regency of the caller.
func (s *Service) HoldFair(ctx context.Context, op authz.Op, f Fair) (Fair, error) {
	known, found := s.Tree.Get(f.Region)
	switch {
	case !found || known.Code.Level() != region.Regency:
		return f, fault.New(fault.Invalid, "region.unknown").At("region")
	case !op.Scope.Covers(f.Region):
		return f, fault.New(fault.Forbidden, "job_fair.region_out_of_scope").At("region")
	case strings.TrimSpace(f.Name) == "" || f.HeldOn.IsZero():
		return f, fault.New(fault.Invalid, "job_fair.name").At("name")
	}
	f.ID = uuid.Must(uuid.NewV7())
	return s.Fairs.CreateFair(ctx, op, f)
}
