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

var assessmentSteps = Steps[AssessmentState]{
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
	Body       string          `json:"body" part:"fact,erased"`
	Scheme     string          `json:"scheme" part:"fact,erased"`
	Units      string          `json:"units" part:"fact,erased"` // SKKNI units, separated by commas
	State      AssessmentState `json:"state"`                    // issued follows from a certificate
	AppliedOn  calendar.Date   `json:"applied_on" part:"fact"`
	AssessedOn calendar.Date   `json:"assessed_on,omitzero"` // last time
	Attempts   int             `json:"attempts"`
}

// The history entries of an assessment.
const (
	AssessmentApplied  casework.Kind = "assessment.applied"
	AssessmentAdvanced casework.Kind = "assessment.advanced"
)

// Assessments are declared here.
var Assessments = &Kind[Assessment, AssessmentState, None]{
	Name: "assessment", Table: "assessment", Made: AssessmentApplied, Moved: AssessmentAdvanced,
	Records: "assessment-apply", Amends: "assessment-correct", Advances: "assessment-advance",
	Initial: AssessmentRequested,
	Steps:   assessmentSteps,
	Own:     Steps[AssessmentState]{Competent: {AssessmentIssued}}, // by recording the certificate
	ID:      func(a *Assessment) *uuid.UUID { return &a.ID },
	State:   func(a *Assessment) *AssessmentState { return &a.State },
	Day:     func(a *Assessment) *calendar.Date { return &a.AppliedOn }, DayField: "applied_on", Inside: true,
	Begins: func(a *Assessment) (calendar.Date, string) { return a.AppliedOn, "applied_on" },
	Same: func(a, b *Assessment) bool {
		return a.State != AssessmentWithdrawn && b.State != AssessmentWithdrawn && a.AppliedOn == b.AppliedOn &&
			same(a.Body, b.Body) && same(a.Scheme, b.Scheme)
	},
	Facts: func(_ Moment, a *Assessment) error {
		switch {
		case strings.TrimSpace(a.Body) == "":
			return fault.New(fault.Invalid, "assessment.body_missing").At("body")
		case strings.TrimSpace(a.Scheme) == "":
			return fault.New(fault.Invalid, "assessment.scheme_missing").At("scheme")
		}
		return nil
	},
	Check: func(_ Moment, a *Assessment, s *Step[AssessmentState, None]) (calendar.Date, error) {
		if s.On.Before(a.AppliedOn) {
			return a.AppliedOn, before("assessment.before_applying", a.AppliedOn)
		}
		return a.AppliedOn, nil
	},
	Ends: AssessmentWithdrawn,
	Open: func(a *Assessment) bool { return a.State == AssessmentRequested || a.State == AssessmentVerified },
	Move: func(a *Assessment, s Step[AssessmentState, None]) {
		if s.To == Competent || s.To == NotYetCompetent {
			a.AssessedOn, a.Attempts = s.On, a.Attempts+1
		}
	},
}

// before refuses a step that lies before the day on which the part began; each kind has a code of its own.
func before(code string, began calendar.Date) *fault.Error {
	return fault.New(fault.Invalid, code, "began_on", began.String()).At("occurred_on")
}

// issue takes the scheme and the units of the assessment that a certificate of competence comes from.
func (t *Tracks) issue(cert *Certificate) error {
	if cert.Assessment == uuid.Nil {
		return nil
	}
	a := Assessments.in(t, cert.Assessment)
	switch {
	case a == nil:
		return Assessments.notFound()
	case a.State != Competent && !t.issued(cert):
		return fault.New(fault.Conflict, "certificate.not_competent", "state", string(a.State))
	}
	cert.Scheme, cert.Units = a.Scheme, a.Units
	return cert.after(a.AssessedOn)
}

// issued tells whether a certificate that is there already comes from its assessment.
func (t *Tracks) issued(cert *Certificate) bool {
	return slices.ContainsFunc(t.Certificates, func(c Certificate) bool {
		return c.ID == cert.ID && c.Assessment == cert.Assessment
	})
}
