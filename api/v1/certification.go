package v1

import (
	"context"
	"net/http"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/track"
)

// Assessment is an application at a certification body (LSP), until its certificate.
type Assessment struct {
	ID         string                `json:"id" format:"uuid"`
	Body       string                `json:"body"`
	Scheme     string                `json:"scheme"`
	Units      string                `json:"units,omitempty"`
	State      track.AssessmentState `json:"state"`
	AppliedOn  calendar.Date         `json:"applied_on"`
	AssessedOn calendar.Date         `json:"assessed_on,omitzero"`
	Attempts   int                   `json:"attempts"`
}

type requestAssessmentIn struct {
	ChangeIn
	Body struct {
		Again
		Body      string        `json:"body" minLength:"1" maxLength:"200" doc:"Certification body (LSP)"`
		Scheme    string        `json:"scheme" minLength:"1" maxLength:"200"`
		Units     string        `json:"units,omitempty" maxLength:"500" doc:"SKKNI units, separated by commas"`
		AppliedOn calendar.Date `json:"applied_on,omitzero" doc:"Today by default"`
	}
}

func (in *requestAssessmentIn) again() bool { return in.Body.Again.Again }

type correctAssessmentIn struct {
	ChangeIn
	Part string `path:"assessment" maxLength:"36"`
	Body struct {
		CorrectionBody
		Again
		Body      rest.Patch[string]        `json:"body,omitempty" maxLength:"200"`
		Scheme    rest.Patch[string]        `json:"scheme,omitempty" maxLength:"200"`
		Units     rest.Patch[string]        `json:"units,omitempty" maxLength:"500"`
		AppliedOn rest.Patch[calendar.Date] `json:"applied_on,omitempty"`
	}
}

type assessmentStepIn struct {
	ChangeIn
	Part string `path:"assessment" maxLength:"36"`
	Body struct {
		To         rest.Target[track.AssessmentState] `json:"to"`
		OccurredOn calendar.Date                      `json:"occurred_on,omitzero"`
	}
}

func registerCertification(e *rest.API, s Services) {
	const tag = "certification"
	recording(e, s, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/assessments",
		Tag: tag, Summary: "Apply for an assessment of competence (APL-01)", Action: authz.CertificateRecord,
		Status: http.StatusCreated}, track.Assessments,
		func(_ context.Context, in *requestAssessmentIn) (track.Assessment, error) {
			return track.Assessment{Body: in.Body.Body, Scheme: in.Body.Scheme, Units: in.Body.Units,
				AppliedOn: in.Body.AppliedOn}, nil
		})
	advancing(e, s, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/assessments/{assessment}/transitions",
		Tag: tag, Action: authz.CertificateRecord,
		Summary: "Record the outcome of an assessment; who is not yet competent may be assessed again"}, track.Assessments,
		func(in *assessmentStepIn) (string, track.Step[track.AssessmentState, track.None]) {
			return in.Part, stepTo(in.Body.To, in.Body.OccurredOn)
		})
	correcting(e, s, rest.Route{Path: "/v1/cases/{id}/assessments/{assessment}", ID: "assessment-correct", Tag: tag,
		Summary: "Put facts of an assessment right", Action: authz.CertificateRecord}, track.Assessments,
		func(_ context.Context, in *correctAssessmentIn) (string, track.Correction[track.Assessment]) {
			b := &in.Body
			return in.Part, track.Correction[track.Assessment]{Reason: b.Reason, Again: b.Again.Again,
				Edit: func(a *track.Assessment) error {
					replace(&a.Body, b.Body)
					replace(&a.Scheme, b.Scheme)
					replace(&a.Units, b.Units)
					replace(&a.AppliedOn, b.AppliedOn)
					return nil
				}}
		})
}

func assessmentOf(a track.Assessment) Assessment {
	return Assessment{ID: a.ID.String(), Body: a.Body, Scheme: a.Scheme, Units: a.Units, State: a.State,
		AppliedOn: a.AppliedOn, AssessedOn: a.AssessedOn, Attempts: a.Attempts}
}
