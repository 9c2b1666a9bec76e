package track

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
)

// AssessmentState is where an assessment of competence stands.
type AssessmentState string

// The states of an assessment. Who is not yet competent (belum kompeten) may be assessed again.
const (
	AssessmentRequested AssessmentState = "applied"
	AssessmentVerified  AssessmentState = "verified"
	Competent           AssessmentState = "competent"
	NotYetCompetent     AssessmentState = "not_yet_competent"
	AssessmentIssued    AssessmentState = "issued"
	AssessmentWithdrawn AssessmentState = "withdrawn"
)

// Values lists every state of an assessment.
func (AssessmentState) Values() []AssessmentState {
	return []AssessmentState{AssessmentRequested, AssessmentVerified, Competent, NotYetCompetent, AssessmentIssued,
		AssessmentWithdrawn}
}

// Targets lists the states that a step leads to.
func (AssessmentState) Targets() []AssessmentState { return codelist.Targets(assessmentSteps) }

// Valid tells whether s is one of the states.
func (s AssessmentState) Valid() bool { return codelist.Has(s) }

// AssessmentIssued is reached by recording the certificate.
var assessmentSteps = map[AssessmentState][]AssessmentState{
	AssessmentRequested: {AssessmentVerified, AssessmentWithdrawn},
	AssessmentVerified:  {Competent, NotYetCompetent, AssessmentWithdrawn},
	NotYetCompetent:     {Competent, NotYetCompetent, AssessmentWithdrawn},
	Competent:           {},
	AssessmentIssued:    {},
	AssessmentWithdrawn: {},
}

// Assessment is one application at a certification body (LSP) for a scheme: from the form (APL-01) to the certificate.
type Assessment struct {
	ID         uuid.UUID       `json:"id"`
	Body       string          `json:"body"`
	Scheme     string          `json:"scheme"`
	Units      string          `json:"units"` // SKKNI units, separated by commas
	State      AssessmentState `json:"state"`
	AppliedOn  calendar.Date   `json:"applied_on"`
	AssessedOn calendar.Date   `json:"assessed_on,omitzero"` // last time
	Attempts   int             `json:"attempts"`
}

// Assess records the application.
func (f *File) Assess(c *casework.Case, a Assessment, on calendar.Date) (casework.Event, error) {
	if err := open(c); err != nil {
		return casework.Event{}, err
	}
	switch {
	case strings.TrimSpace(a.Body) == "":
		return casework.Event{}, fault.New(fault.Invalid, "assessment.body_missing").At("body")
	case strings.TrimSpace(a.Scheme) == "":
		return casework.Event{}, fault.New(fault.Invalid, "assessment.scheme_missing").At("scheme")
	}
	a.State, a.AppliedOn = AssessmentRequested, on
	f.Assessments = append(f.Assessments, a)
	return casework.Event{Kind: AssessmentApplied, OccurredOn: on, Payload: a}, nil
}

// AdvanceAssessment moves an assessment along its lifecycle.
func (f *File) AdvanceAssessment(id uuid.UUID, to AssessmentState, on calendar.Date) (casework.Event, error) {
	a := find(f.Assessments, id, func(a Assessment) uuid.UUID { return a.ID })
	if a == nil {
		return casework.Event{}, partNotFound("assessment")
	}
	if !slices.Contains(assessmentSteps[a.State], to) {
		return casework.Event{}, refused("assessment", a.State, to, assessmentSteps[a.State])
	}
	if on.Before(a.AppliedOn) {
		return casework.Event{}, fault.New(fault.Invalid, "application.before_applying", "applied_on", a.AppliedOn.String()).At("occurred_on")
	}
	if err := f.step(a.ID, a.AppliedOn, on); err != nil {
		return casework.Event{}, err
	}
	from := a.State
	a.State = to
	if to == Competent || to == NotYetCompetent {
		a.AssessedOn, a.Attempts = on, a.Attempts+1
	}
	return casework.Event{Kind: AssessmentAdvanced, OccurredOn: on, Payload: Stepped{a.ID, string(from), string(to), on}}, nil
}

// issue ends the assessment that a certificate of competence comes from.
func (f *File) issue(cert *Certificate) error {
	if cert.Assessment == uuid.Nil {
		return nil
	}
	a := find(f.Assessments, cert.Assessment, func(a Assessment) uuid.UUID { return a.ID })
	switch {
	case a == nil:
		return partNotFound("assessment")
	case a.State != Competent:
		return fault.New(fault.Conflict, "certificate.not_competent", "state", string(a.State))
	}
	a.State, cert.Scheme, cert.Units = AssessmentIssued, a.Scheme, a.Units
	return nil
}
