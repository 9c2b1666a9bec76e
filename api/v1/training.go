package v1

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/edge"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
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
		Class     edge.ID       `json:"class,omitempty" doc:"A class of the catalogue: all below is taken from it, and one of its places"`
		Scheme    track.Scheme  `json:"scheme,omitempty" doc:"Required without a class; prakerja needs a card that can be used"`
		Provider  string        `json:"provider,omitempty" maxLength:"200"`
		Programme string        `json:"programme,omitempty" maxLength:"200"`
		Unit      string        `json:"unit,omitempty" maxLength:"500"`
		StartsOn  calendar.Date `json:"starts_on,omitempty"`
		Cost      int64         `json:"cost,omitempty" minimum:"0" maximum:"1000000000000" doc:"Whole rupiah; of a JKP training at most the cap of the day"`
		EndsOn    calendar.Date `json:"ends_on,omitempty"`
	}
}

type trainingStepIn struct {
	ChangeIn
	Part string `path:"training" maxLength:"36"`
	Body struct {
		To         edge.Target[track.TrainingState] `json:"to"`
		Attendance *int                             `json:"attendance,omitempty" minimum:"0" maximum:"100" doc:"Percent; required to complete"`
		OccurredOn calendar.Date                    `json:"occurred_on,omitempty"`
	}
}

type certifyIn struct {
	ChangeIn
	Body struct {
		Training   edge.ID               `json:"training,omitempty"`
		Kind       track.CertificateKind `json:"kind"`
		Number     string                `json:"number" minLength:"1" maxLength:"100"`
		Issuer     string                `json:"issuer" minLength:"1" maxLength:"200"`
		Scheme     string                `json:"scheme,omitempty" maxLength:"200"`
		IssuedOn   calendar.Date         `json:"issued_on"`
		ValidUntil calendar.Date         `json:"valid_until,omitempty" doc:"Of a certificate of competence by default what policies/hubs.yaml says"`
		Assessment edge.ID               `json:"assessment,omitempty" doc:"The assessment that it comes from; scheme and units are taken over"`
		Units      string                `json:"units,omitempty" maxLength:"500" doc:"SKKNI units, separated by commas"`
	}
}

func registerTraining(e *edge.Edge, s Services) {
	const tag = "training"
	edge.Register(e, edge.Route{Method: http.MethodGet, Path: "/v1/cases/{id}/trainings", ID: "training-list", Tag: tag, Summary: "Trainings and certificates of a case", Action: authz.CaseRead, Shows: edge.Named},
		func(ctx context.Context, in *caseIn) (*trainingsOut, error) { return listTrainings(ctx, s, in) })
	edge.Register(e, edge.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/trainings", ID: "training-enrol", Tag: tag, Summary: "Enrol in a training",
		Action: authz.TrainingEnrol, Status: http.StatusCreated}, func(ctx context.Context, in *enrolIn) (*stateOut, error) {
		id, version, err := in.target()
		if err != nil {
			return nil, err
		}
		t, err := enrolment(ctx, s, in)
		if err != nil {
			return nil, err
		}
		return stated(s.Tracks.Enrol(ctx, edge.Op(ctx), id, version, t))
	})
	edge.Register(e, edge.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/trainings/{training}/transitions", ID: "training-advance", Tag: tag, Summary: "Move an enrolment on",
		Action: authz.TrainingAdvance}, func(ctx context.Context, in *trainingStepIn) (*stateOut, error) {
		id, version, err := in.target()
		if err != nil {
			return nil, err
		}
		step := track.TrainingStep{To: track.TrainingState(in.Body.To), Attendance: -1, On: in.Body.OccurredOn}
		if in.Body.Attendance != nil {
			step.Attendance = *in.Body.Attendance
		}
		if step.ID, err = partID(in.Part, "training"); err != nil {
			return nil, err
		}
		return stated(s.Tracks.AdvanceTraining(ctx, edge.Op(ctx), id, version, step))
	})
	edge.Register(e, edge.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/certificates", ID: "certificate-record", Tag: tag, Summary: "Record a certificate",
		Action: authz.CertificateRecord, Status: http.StatusCreated}, func(ctx context.Context, in *certifyIn) (*stateOut, error) { return certify(ctx, s, in) })
}

func certify(ctx context.Context, s Services, in *certifyIn) (*stateOut, error) {
	id, version, err := in.target()
	if err != nil {
		return nil, err
	}
	b := in.Body
	cert := track.Certificate{Kind: b.Kind, Number: b.Number, Issuer: b.Issuer, Scheme: b.Scheme, IssuedOn: b.IssuedOn, ValidUntil: b.ValidUntil, Units: b.Units,
		Assessment: b.Assessment.UUID(), Training: b.Training.UUID()}
	return stated(s.Tracks.Certify(ctx, edge.Op(ctx), id, version, cert))
}

func listTrainings(ctx context.Context, s Services, in *caseIn) (*trainingsOut, error) {
	id, err := casework.ParseID(in.ID)
	if err != nil {
		return nil, err
	}
	c, f, err := s.Tracks.Get(ctx, edge.Scope(ctx), id)
	if err != nil {
		return nil, err
	}
	out := &trainingsOut{ETag: edge.ETag(c.Version)}
	out.Body.Trainings, out.Body.Certificates = []Training{}, []Certificate{}
	out.Body.Prakerja, out.Body.Assessments = prakerjaOf(f.Prakerja), assessmentsOf(f.Assessments)
	for _, t := range f.Trainings {
		shown := Training{ID: t.ID.String(), Scheme: t.Scheme, Provider: t.Provider, Programme: t.Programme, Unit: t.Unit, State: t.State,
			StartsOn: t.StartsOn, EndsOn: t.EndsOn, Class: idText(t.Class), Cost: int64(t.Cost)}
		if t.Attendance >= 0 {
			shown.Attendance = &t.Attendance
		}
		out.Body.Trainings = append(out.Body.Trainings, shown)
	}
	for _, c := range f.Certificates {
		out.Body.Certificates = append(out.Body.Certificates, Certificate{ID: c.ID.String(), Training: idText(c.Training), Kind: c.Kind, Number: c.Number,
			Issuer: c.Issuer, Scheme: c.Scheme, Units: c.Units, IssuedOn: c.IssuedOn, ValidUntil: c.ValidUntil})
	}
	return out, nil
}

// partID reads the id of a part of a case; whatever is none is a part that the case does not have.
func partID(text, what string) (uuid.UUID, error) {
	return parsedID(text, fault.New(fault.NotFound, what+".not_found"))
}

func idText(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return id.String()
}
