// Package oversight is the auditors' own work: samples of cases that anybody can draw again, and findings on a case,
// which its office answers and the auditor settles. Nothing here changes a case.
//
//	open ─► answered ─► settled
//	  └───────────────────┘
package oversight

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/region"
)

// MostSampled bounds a sample.
const MostSampled = 500

// SampleRequest is what a sample is drawn from: the cases of a region that were opened in a period, as of a size of the
// log.
type SampleRequest struct {
	Region region.Code   `json:"region,omitempty"`
	From   calendar.Date `json:"from"`
	Until  calendar.Date `json:"until"`
	Size   int           `json:"size"`
	Seed   string        `json:"seed"`
}

// Sample is a drawn sample. The frame is the ids of all cases that could have been drawn, ascending; its digest is
// SHA-256 over their 16 bytes each.
type Sample struct {
	ID          uuid.UUID
	Officer     authz.OfficerID
	Scope       []region.Code
	Asked       SampleRequest
	AsOf        int64
	FrameSize   int
	FrameDigest [32]byte
	Cases       []uuid.UUID
	CreatedAt   time.Time
}

// Draw chooses: the cases whose SHA-256 over the seed and the 16 bytes of the id are the smallest, in that order.
// Whoever has the frame and the seed can do it by hand.
func Draw(frame []uuid.UUID, seed string, size int) (cases []uuid.UUID, digest [32]byte) {
	type ticket struct {
		id  uuid.UUID
		sum [32]byte
	}
	whole := sha256.New()
	tickets := make([]ticket, len(frame))
	for i, id := range frame {
		whole.Write(id[:])
		tickets[i] = ticket{id, sha256.Sum256(append([]byte(seed), id[:]...))}
	}
	slices.SortFunc(tickets, func(a, b ticket) int { return bytes.Compare(a.sum[:], b.sum[:]) })
	cases = make([]uuid.UUID, 0, min(size, len(tickets)))
	for _, t := range tickets[:min(size, len(tickets))] {
		cases = append(cases, t.id)
	}
	return cases, [32]byte(whole.Sum(nil))
}

// Severity says how much a finding weighs.
type Severity string

// The severities.
const (
	Remark Severity = "note"
	Minor  Severity = "minor"
	Major  Severity = "major"
)

// Values lists the severities, the lightest first.
func (Severity) Values() []Severity { return []Severity{Remark, Minor, Major} }

// Valid tells whether s is one of the severities.
func (s Severity) Valid() bool { return codelist.Has(s) }

// FindingState is where a finding stands.
type FindingState string

// The states of a finding.
const (
	FindingOpen     FindingState = "open"
	FindingAnswered FindingState = "answered"
	FindingSettled  FindingState = "settled"
)

// Values lists every state of a finding.
func (FindingState) Values() []FindingState {
	return []FindingState{FindingOpen, FindingAnswered, FindingSettled}
}

// Valid tells whether s is one of the states.
func (s FindingState) Valid() bool { return codelist.Has(s) }

// Finding is what an auditor found in a case. Texts are personal: they are sealed at rest.
type Finding struct {
	ID         uuid.UUID
	Case       casework.ID
	Sample     uuid.UUID
	Severity   Severity
	State      FindingState
	FoundBy    authz.OfficerID
	FoundAt    time.Time
	Text       identity.Secret
	AnsweredBy authz.OfficerID
	Answer     identity.Secret
	SettledBy  authz.OfficerID
	Settlement identity.Secret // why it is settled, if the auditor said so
	Region     region.Code     // of the case
}

// FindingFilter narrows the list of findings over all cases. What is nil does not filter.
type FindingFilter struct {
	State    *FindingState
	Severity *Severity
	After    uuid.UUID // the last one of the page before; the newest come first
	Limit    int
}

// NotFound is the one answer for a sample or a finding that is not there and for one that the caller may not see.
func NotFound() error { return fault.New(fault.NotFound, "finding.not_found") }

// Store keeps samples and findings.
type Store interface {
	// Frame lists the ids of the cases of a scope that were opened in the period and stand in the log at its size,
	// ascending.
	Frame(ctx context.Context, scope authz.Scope, a SampleRequest, asOf int64) ([]uuid.UUID, error)
	CreateSample(ctx context.Context, op authz.Op, s Sample) (Sample, error)
	GetSample(ctx context.Context, officer authz.OfficerID, id uuid.UUID) (Sample, error)
	// ListSamples are the samples of an officer after one of them, newest first.
	ListSamples(ctx context.Context, officer authz.OfficerID, after uuid.UUID, limit int) ([]Sample, error)
	CreateFinding(ctx context.Context, op authz.Op, f Finding) (Finding, error)
	ListFindings(ctx context.Context, scope authz.Scope, id casework.ID) ([]Finding, error)
	// FindingsIn are the findings on the cases of a scope, newest first.
	FindingsIn(ctx context.Context, scope authz.Scope, f FindingFilter) ([]Finding, error)
	// MoveFinding answers an open finding or settles it, with a text; to settle it may be empty.
	MoveFinding(ctx context.Context, op authz.Op, id casework.ID, finding uuid.UUID, to FindingState,
		text identity.Secret) (Finding, error)
}

// Service is oversight for callers whose permission is already established. LogSize is the size of the log now.
type Service struct {
	Store   Store
	LogSize func(ctx context.Context) (int64, error)
}

// Draw draws a sample and keeps it. The seed is the auditor's own, so that nobody else can foresee the choice.
func (s *Service) Draw(ctx context.Context, op authz.Op, a SampleRequest) (Sample, error) {
	if a.From.IsZero() || a.Until.Before(a.From) {
		return Sample{}, fault.New(fault.Invalid, "sample.period").At("from")
	}
	asOf, err := s.LogSize(ctx)
	if err != nil {
		return Sample{}, err
	}
	scope := op.Scope
	if a.Region != "" {
		scope = scope.Intersect(a.Region)
	}
	frame, err := s.Store.Frame(ctx, scope, a, asOf)
	if err != nil {
		return Sample{}, err
	}
	drawn := Sample{Officer: op.Actor, Scope: scope.Regions(), Asked: a, AsOf: asOf, FrameSize: len(frame)}
	drawn.Cases, drawn.FrameDigest = Draw(frame, a.Seed, a.Size)
	return s.Store.CreateSample(ctx, op, drawn)
}

// Redraw draws a sample again, in the same part of the scope and as of the same log, and tells whether the same cases
// come from the same frame. Custody that moved since makes another frame; a scope that grew does not, and of one that
// shrank the sample is not there.
func (s *Service) Redraw(ctx context.Context, officer authz.OfficerID, scope authz.Scope,
	id uuid.UUID) (Sample, bool, error) {
	drawn, err := s.Store.GetSample(ctx, officer, id)
	if err != nil {
		return drawn, false, err
	}
	if !drawn.within(scope) {
		return drawn, false, NotFound()
	}
	frame, err := s.Store.Frame(ctx, authz.ScopeOver(drawn.Scope...), drawn.Asked, drawn.AsOf)
	if err != nil {
		return drawn, false, err
	}
	cases, digest := Draw(frame, drawn.Asked.Seed, drawn.Asked.Size)
	return drawn, digest == drawn.FrameDigest && slices.Equal(cases, drawn.Cases), nil
}

// within tells whether all that a sample was drawn from is in a scope.
func (s Sample) within(scope authz.Scope) bool {
	return !slices.ContainsFunc(s.Scope, func(code region.Code) bool { return !scope.Covers(code) })
}

// Seen are those of the samples that are in a scope.
func Seen(list []Sample, scope authz.Scope) []Sample {
	return slices.DeleteFunc(list, func(s Sample) bool { return !s.within(scope) })
}

// Find records a finding on a case in the scope.
func (s *Service) Find(ctx context.Context, op authz.Op, f Finding) (Finding, error) {
	if strings.TrimSpace(f.Text.Reveal()) == "" {
		return f, fault.New(fault.Invalid, "finding.text_missing").At("text")
	}
	if f.Sample != uuid.Nil {
		if _, err := s.Store.GetSample(ctx, op.Actor, f.Sample); err != nil {
			return f, inSample(err)
		}
	}
	f.State, f.FoundBy = FindingOpen, op.Actor
	return s.Store.CreateFinding(ctx, op, f)
}

// inSample says that a fault is of the sample that a finding names.
func inSample(err error) error {
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Field == "" {
		return f.At("sample")
	}
	return err
}

// Findings lists what was found in a case of the scope, oldest first.
func (s *Service) Findings(ctx context.Context, scope authz.Scope, id casework.ID) ([]Finding, error) {
	return s.Store.ListFindings(ctx, scope, id)
}

// Answer answers an open finding for the office.
func (s *Service) Answer(ctx context.Context, op authz.Op, id casework.ID, finding uuid.UUID,
	text identity.Secret) (Finding, error) {
	return s.Store.MoveFinding(ctx, op, id, finding, FindingAnswered, text)
}

// Settle settles a finding; the text, which may be empty, says why.
func (s *Service) Settle(ctx context.Context, op authz.Op, id casework.ID, finding uuid.UUID,
	text identity.Secret) (Finding, error) {
	return s.Store.MoveFinding(ctx, op, id, finding, FindingSettled, text)
}
