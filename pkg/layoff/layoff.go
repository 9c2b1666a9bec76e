// Package layoff holds what an employer reports: who lays off, where, why and how many (Pemutusan Hubungan Kerja, PHK).
// The cases of the workers point at their layoff; the layoff knows nothing of them.
package layoff

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/page"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/termination"
)

// KBLIEdition is the edition of the classification that an employer's KBLI is of.
type KBLIEdition string

// The editions.
const (
	KBLI2020 KBLIEdition = "2020"
	KBLI2025 KBLIEdition = "2025"
)

// Values lists both editions.
func (KBLIEdition) Values() []KBLIEdition { return []KBLIEdition{KBLI2020, KBLI2025} }

// Valid tells whether e is one of the editions.
func (e KBLIEdition) Valid() bool { return codelist.Has(e) }

// Employer is the firm at one place. NIB (Nomor Induk Berusaha) has 13 digits and may be missing.
type Employer struct {
	ID          uuid.UUID
	Region      region.Code // the regency of the site
	NIB         string
	Name        string
	KBLI        string
	KBLIEdition KBLIEdition
}

// Layoff is one employer's report.
type Layoff struct {
	ID            uuid.UUID
	Employer      Employer
	Reference     string // number of the employer's letter; empty for the one layoff reported without
	Reason        string
	PlannedOn     calendar.Date
	NotifiedOn    calendar.Date
	PeoplePlanned int // 0: not said
	ReportedBy    authz.OfficerID
	CreatedAt     time.Time
	Version       int // number of the newest history entry
	UpdatedAt     time.Time
	Cases         int // cases opened from it that the reader may see
	State         State
	Events        []DatedEvent
	Measures      map[termination.Measure]MeasureState
	JobsSaved     int
	DueOn         calendar.Date // earliest statutory clock that runs; zero when none does
	DueFor        string        // which clock, such as "bipartite"
}

// Entry is one line of a layoff's history.
type Entry struct {
	Seq        int
	Kind       Kind
	Actor      authz.OfficerID
	ActorName  string
	OccurredOn calendar.Date
	RecordedAt time.Time
	Payload    string // JSON
	Hash       [32]byte
}

// Filter narrows a list of layoffs. What is nil does not filter; what is there does, whatever its value.
type Filter struct {
	Region    *region.Code
	State     *State
	OverdueOn *calendar.Date // layoffs with a clock that ran out before this date
	After     uuid.UUID
	Limit     int
}

// NotFound is the one answer for a layoff that is not there and for one outside the caller's scope.
func NotFound() error { return fault.New(fault.NotFound, "layoff.not_found") }

// Store keeps layoffs; the scope is of the employer's site.
type Store interface {
	CreateLayoff(ctx context.Context, op authz.Op, l Layoff) (Layoff, error)
	GetLayoff(ctx context.Context, scope authz.Scope, id uuid.UUID) (Layoff, error)
	ListLayoffs(ctx context.Context, scope authz.Scope, f Filter) ([]Layoff, error)
	// ChangeLayoff runs fn on the layoff under a lock; fn may run again, and must change nothing else. The layoff, the
	// entry that fn gives and the cases that it spares are written in one transaction. layoff.stale when the version is
	// not the newest.
	ChangeLayoff(ctx context.Context, op authz.Op, id uuid.UUID, version int, fn func(*Layoff) (Event, error)) (
		Layoff, error)
	LayoffHistory(ctx context.Context, scope authz.Scope, id uuid.UUID) ([]Entry, error)
}

// Service is layoffs for callers whose permission is already established.
type Service struct {
	Store    Store
	Tree     *region.Tree
	Clock    clock.Clock
	Law      termination.Law
	Calendar *calendar.Calendar
}

// Create records a report. One that is planned has the letter of notice as its first deadline.
func (s *Service) Create(ctx context.Context, op authz.Op, l Layoff) (Layoff, error) {
	if err := s.Check(op.Scope, &l); err != nil {
		return Layoff{}, err
	}
	// a layoff older than the law has none
	if clocks, err := l.Clocks(s.Law, s.Calendar, s.Today(l.Employer.Region)); err == nil {
		l.setDue(clocks)
	}
	return s.Store.CreateLayoff(ctx, op, l)
}

// Check refuses a report whose employer is not named, lies outside the scope, or has a NIB that is none, and a reason
// that PP 35/2021 Art. 36 does not have.
func (s *Service) Check(scope authz.Scope, l *Layoff) error {
	l.Employer.Name, l.Reference = strings.TrimSpace(l.Employer.Name), strings.TrimSpace(l.Reference)
	if err := fault.Together("input.invalid", s.Wrong(*l)...); err != nil {
		return err
	}
	if !scope.Covers(l.Employer.Region) {
		return fault.New(fault.Forbidden, "layoff.region_out_of_scope").At("employer.region")
	}
	return nil
}

// Wrong is what Check would refuse of a report in every scope.
func (s *Service) Wrong(l Layoff) (wrong []fault.FieldError) {
	refuse := func(field, code string, impossible bool) {
		if impossible {
			wrong = append(wrong, fault.FieldError{Field: field, Code: code, Args: map[string]string{"allowed": joinReasons()}})
		}
	}
	name := strings.TrimSpace(l.Employer.Name)
	refuse("employer.name", "employer.name_missing", name == "" || len(name) > 200)
	refuse("employer.nib", "employer.nib_invalid", l.Employer.NIB != "" && !thirteenDigits(l.Employer.NIB))
	_, known := s.Tree.Get(l.Employer.Region)
	refuse("employer.region", "region.unknown", !known || l.Employer.Region.Level() != region.Regency)
	refuse("reason", "layoff.reason_unknown", l.Reason != "" && !termination.Reason(l.Reason).Valid())
	refuse("people_planned", "layoff.people_planned", l.PeoplePlanned < 0)
	return wrong
}

// List reads one page of layoffs, newest first.
func (s *Service) List(ctx context.Context, scope authz.Scope, f Filter) ([]Layoff, error) {
	if f.Limit < 1 || f.Limit > page.MaxSize+1 {
		f.Limit = page.DefaultSize
	}
	if f.Region != nil {
		scope = scope.Intersect(*f.Region)
	}
	return s.Store.ListLayoffs(ctx, scope, f)
}

func joinReasons() string {
	names := make([]string, 0, len(termination.Reasons()))
	for _, r := range termination.Reasons() {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

func thirteenDigits(s string) bool {
	return len(s) == 13 && strings.Trim(s, "0123456789") == ""
}
