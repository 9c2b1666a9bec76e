package v1

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/track"
)

// Training is one enrolment in a course.
type Training struct {
	ID         string              `json:"id" format:"uuid"`
	Scheme     track.Scheme        `json:"scheme"`
	Provider   string              `json:"provider"`
	Programme  string              `json:"programme"`
	Unit       string              `json:"unit,omitempty" doc:"SKKNI unit"`
	State      track.TrainingState `json:"state"`
	StartsOn   calendar.Date       `json:"starts_on"`
	EndsOn     calendar.Date       `json:"ends_on,omitzero"`
	Attendance *int                `json:"attendance,omitempty" doc:"Percent"`
	Class      string              `json:"class,omitempty"`
	Cost       int64               `json:"cost,omitempty" doc:"Whole rupiah"`
	EnrolledOn calendar.Date       `json:"enrolled_on"`
}

// Certificate is a paper that the worker earned.
type Certificate struct {
	ID         string                `json:"id" format:"uuid"`
	Training   string                `json:"training,omitempty"`
	Kind       track.CertificateKind `json:"kind"`
	Number     string                `json:"number"`
	Issuer     string                `json:"issuer"`
	Scheme     string                `json:"scheme,omitempty"`
	Units      string                `json:"units,omitempty"`
	IssuedOn   calendar.Date         `json:"issued_on"`
	ValidUntil calendar.Date         `json:"valid_until,omitzero"`
}

type trainingsOut struct {
	ETag string `header:"ETag"`
	Body struct {
		Trainings    []Training     `json:"trainings" nullable:"false"`
		Certificates []Certificate  `json:"certificates" nullable:"false"`
		Prakerja     []PrakerjaCard `json:"prakerja" nullable:"false"`
		Assessments  []Assessment   `json:"assessments" nullable:"false"`
	}
}

type enrolIn struct {
	ChangeIn
	Body struct {
		Again
		Class     rest.ID       `json:"class,omitempty" doc:"A class of the catalogue: all below is taken from it, and one of its places"`
		Scheme    track.Scheme  `json:"scheme,omitempty" doc:"Required without a class; prakerja needs a card that can be used"`
		Provider  string        `json:"provider,omitempty" maxLength:"200"`
		Programme string        `json:"programme,omitempty" maxLength:"200"`
		Unit      string        `json:"unit,omitempty" maxLength:"500"`
		StartsOn  calendar.Date `json:"starts_on,omitzero"`
		Cost      int64         `json:"cost,omitempty" minimum:"0" maximum:"1000000000000" doc:"Whole rupiah; of a JKP training at most the cap of the day"`
		EndsOn    calendar.Date `json:"ends_on,omitzero"`
		Enrolled  calendar.Date `json:"enrolled_on,omitzero" doc:"Today by default"`
	}
}

func (in *enrolIn) again() bool   { return in.Body.Again.Again }
func (in *certifyIn) again() bool { return in.Body.Again.Again }

type correctTrainingIn struct {
	ChangeIn
	Part string `path:"training" maxLength:"36"`
	Body struct {
		CorrectionBody
		Again
		Class     rest.Patch[rest.ID]       `json:"class,omitempty" doc:"A class of the catalogue: its course is taken over, and one of its places; null when it was in none"`
		Scheme    rest.Patch[track.Scheme]  `json:"scheme,omitempty"`
		Provider  rest.Patch[string]        `json:"provider,omitempty" maxLength:"200"`
		Programme rest.Patch[string]        `json:"programme,omitempty" maxLength:"200"`
		Unit      rest.Patch[string]        `json:"unit,omitempty" maxLength:"500"`
		StartsOn  rest.Patch[calendar.Date] `json:"starts_on,omitempty"`
		Cost      rest.Patch[int64]         `json:"cost,omitempty" minimum:"0" maximum:"1000000000000" doc:"Whole rupiah"`
		EndsOn    rest.Patch[calendar.Date] `json:"ends_on,omitempty"`
		Enrolled  rest.Patch[calendar.Date] `json:"enrolled_on,omitempty"`
	}
}

type correctCertificateIn struct {
	ChangeIn
	Part string `path:"certificate" maxLength:"36"`
	Body struct {
		CorrectionBody
		Again
		Training   rest.Patch[rest.ID]               `json:"training,omitempty"`
		Kind       rest.Patch[track.CertificateKind] `json:"kind,omitempty"`
		Number     rest.Patch[string]                `json:"number,omitempty" maxLength:"100"`
		Issuer     rest.Patch[string]                `json:"issuer,omitempty" maxLength:"200"`
		Scheme     rest.Patch[string]                `json:"scheme,omitempty" maxLength:"200"`
		IssuedOn   rest.Patch[calendar.Date]         `json:"issued_on,omitempty"`
		ValidUntil rest.Patch[calendar.Date]         `json:"valid_until,omitempty"`
		Assessment rest.Patch[rest.ID]               `json:"assessment,omitempty"`
		Units      rest.Patch[string]                `json:"units,omitempty" maxLength:"500"`
	}
}

type trainingStepIn struct {
	ChangeIn
	Part string `path:"training" maxLength:"36"`
	Body struct {
		To         rest.Target[track.TrainingState] `json:"to"`
		Attendance *int                             `json:"attendance,omitempty" minimum:"0" maximum:"100" doc:"Percent; required to complete"`
		OccurredOn calendar.Date                    `json:"occurred_on,omitzero"`
	}
}

type certifyIn struct {
	ChangeIn
	Body struct {
		Again
		Training   rest.ID               `json:"training,omitempty"`
		Kind       track.CertificateKind `json:"kind"`
		Number     string                `json:"number" minLength:"1" maxLength:"100"`
		Issuer     string                `json:"issuer" minLength:"1" maxLength:"200"`
		Scheme     string                `json:"scheme,omitempty" maxLength:"200"`
		IssuedOn   calendar.Date         `json:"issued_on"`
		ValidUntil calendar.Date         `json:"valid_until,omitzero" doc:"Of a certificate of competence by default what policies/hubs says"`
		Assessment rest.ID               `json:"assessment,omitempty" doc:"The assessment that it comes from; scheme and units are taken over"`
		Units      string                `json:"units,omitempty" maxLength:"500" doc:"SKKNI units, separated by commas"`
	}
}

func registerTraining(e *rest.API, s Services) {
	const tag = "training"
	showing(e, s, rest.Route{Method: http.MethodGet, Path: "/v1/cases/{id}/trainings", ID: "training-list", Tag: tag,
		Summary: "Trainings and certificates of a case", Action: authz.CaseRead}, showTrainings)
	recording(e, s, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/trainings", Tag: tag,
		Summary: "Enrol in a training", Action: authz.TrainingEnrol, Status: http.StatusCreated}, track.Trainings,
		s.enrolment)
	advancing(e, s, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/trainings/{training}/transitions",
		Tag: tag, Summary: "Move an enrolment on", Action: authz.TrainingAdvance}, track.Trainings,
		func(in *trainingStepIn) (string, track.Step[track.TrainingState, track.Attended]) {
			return in.Part, track.Step[track.TrainingState, track.Attended]{To: track.TrainingState(in.Body.To),
				On: in.Body.OccurredOn, With: track.Attended{Percent: in.Body.Attendance}}
		})
	recording(e, s, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/certificates",
		Tag: tag, Summary: "Record a certificate", Action: authz.CertificateRecord, Status: http.StatusCreated},
		track.Certificates,
		func(_ context.Context, in *certifyIn) (track.Certificate, error) {
			b := in.Body
			return track.Certificate{Kind: b.Kind, Number: b.Number, Issuer: b.Issuer, Scheme: b.Scheme, IssuedOn: b.IssuedOn,
				ValidUntil: b.ValidUntil, Units: b.Units, Assessment: b.Assessment.UUID(), Training: b.Training.UUID()}, nil
		})
	correcting(e, s, rest.Route{Path: "/v1/cases/{id}/trainings/{training}", ID: "training-correct", Tag: tag,
		Summary: "Put facts of an enrolment right", Action: authz.TrainingEnrol}, track.Trainings,
		func(ctx context.Context, in *correctTrainingIn) (string, track.Correction[track.Training]) {
			return in.Part, track.Correction[track.Training]{Reason: in.Body.Reason, Again: in.Body.Again.Again,
				Edit: func(t *track.Training) error { return s.editTraining(ctx, in, t) }}
		})
	correcting(e, s, rest.Route{Path: "/v1/cases/{id}/certificates/{certificate}", ID: "certificate-correct", Tag: tag,
		Summary: "Put facts of a certificate right", Action: authz.CertificateRecord}, track.Certificates,
		func(_ context.Context, in *correctCertificateIn) (string, track.Correction[track.Certificate]) {
			return in.Part, track.Correction[track.Certificate]{Reason: in.Body.Reason, Again: in.Body.Again.Again,
				Edit: in.edit}
		})
}

// editTraining takes the course from its class where one is named; what is sent besides is written over it.
func (s Services) editTraining(ctx context.Context, in *correctTrainingIn, t *track.Training) error {
	b := &in.Body
	if replaceID(&t.Class, b.Class); b.Class.Sent() && t.Class != uuid.Nil {
		course, err := s.ofClass(ctx, t.Class, b.Scheme.Value())
		if err != nil {
			return err
		}
		t.Scheme, t.Provider, t.Programme, t.Unit = course.Scheme, course.Provider, course.Programme, course.Unit
		t.StartsOn, t.EndsOn = course.StartsOn, course.EndsOn
	}
	replace(&t.Scheme, b.Scheme)
	replace(&t.Provider, b.Provider)
	replace(&t.Programme, b.Programme)
	replace(&t.Unit, b.Unit)
	replace(&t.StartsOn, b.StartsOn)
	replace(&t.EndsOn, b.EndsOn)
	replace(&t.EnrolledOn, b.Enrolled)
	if b.Cost.Sent() {
		t.Cost = money.Rupiah(b.Cost.Value())
	}
	return nil
}

func (in *correctCertificateIn) edit(c *track.Certificate) error {
	b := &in.Body
	replaceID(&c.Training, b.Training)
	replaceID(&c.Assessment, b.Assessment)
	replace(&c.Kind, b.Kind)
	replace(&c.Number, b.Number)
	replace(&c.Issuer, b.Issuer)
	replace(&c.Scheme, b.Scheme)
	replace(&c.IssuedOn, b.IssuedOn)
	replace(&c.ValidUntil, b.ValidUntil)
	replace(&c.Units, b.Units)
	return nil
}

func showTrainings(_ context.Context, c casework.Detail, t *track.Tracks) (*trainingsOut, error) {
	out := &trainingsOut{ETag: rest.ETag(c.Version)}
	out.Body.Trainings, out.Body.Certificates = listed(t.Trainings, trainingOf), listed(t.Certificates, certificateOf)
	out.Body.Prakerja, out.Body.Assessments = listed(t.PrakerjaCards, prakerjaOf), listed(t.Assessments, assessmentOf)
	return out, nil
}

func trainingOf(t track.Training) Training {
	shown := Training{ID: t.ID.String(), Scheme: t.Scheme, Provider: t.Provider, Programme: t.Programme, Unit: t.Unit,
		State: t.State, StartsOn: t.StartsOn, EndsOn: t.EndsOn, Class: idText(t.Class), Cost: int64(t.Cost),
		EnrolledOn: t.EnrolledOn}
	if t.Attendance >= 0 {
		shown.Attendance = &t.Attendance
	}
	return shown
}

func certificateOf(c track.Certificate) Certificate {
	return Certificate{ID: c.ID.String(), Training: idText(c.Training), Kind: c.Kind, Number: c.Number, Issuer: c.Issuer,
		Scheme: c.Scheme, Units: c.Units, IssuedOn: c.IssuedOn, ValidUntil: c.ValidUntil}
}
