package v1

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/course"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/track"
)

// Class is one run of a training programme, as the catalogue shows it.
type Class struct {
	ID        string        `json:"id" format:"uuid"`
	Region    string        `json:"region"`
	Provider  string        `json:"provider"`
	Kind      course.Kind   `json:"kind" doc:"A public centre (BLK, BPVP) or a private provider (LPK)"`
	Programme string        `json:"programme"`
	Units     string        `json:"units,omitempty" doc:"SKKNI units, separated by commas"`
	Scheme    track.Scheme  `json:"scheme"`
	Places    int           `json:"places"`
	Free      int           `json:"free" doc:"Places left"`
	StartsOn  calendar.Date `json:"starts_on"`
	EndsOn    calendar.Date `json:"ends_on"`
}

type createClassIn struct {
	Body struct {
		Region    string        `json:"region" minLength:"4" maxLength:"4"`
		Provider  string        `json:"provider" minLength:"1" maxLength:"200"`
		Kind      course.Kind   `json:"kind"`
		Programme string        `json:"programme" minLength:"1" maxLength:"200"`
		Units     string        `json:"units,omitempty" maxLength:"500"`
		Scheme    track.Scheme  `json:"scheme"`
		Places    int           `json:"places" minimum:"1" maximum:"1000"`
		StartsOn  calendar.Date `json:"starts_on"`
		EndsOn    calendar.Date `json:"ends_on"`
	}
}

type classOut struct{ Body Class }

type classesIn struct {
	rest.PageIn
	Region rest.Param[string]        `query:"region" maxLength:"4" doc:"A province or a regency"`
	From   rest.Param[calendar.Date] `query:"from" doc:"Only classes that begin on this day or later"`
	Free   bool                      `query:"free" doc:"Only classes with places left"`
}

type classesOut struct {
	Body struct {
		Items      []Class `json:"items" nullable:"false"`
		NextCursor string  `json:"next_cursor,omitempty"`
	}
}

type attendIn struct {
	ChangeIn
	Part string `path:"training" maxLength:"36"`
	Body struct {
		Days []struct {
			On      calendar.Date `json:"on"`
			Present bool          `json:"present"`
		} `json:"days" minItems:"1" maxItems:"200"`
	}
}

// PrakerjaCard is a Kartu Prakerja with what the scheme of its day said.
type PrakerjaCard struct {
	ID        string              `json:"id" format:"uuid"`
	Batch     string              `json:"batch"`
	State     track.PrakerjaState `json:"state"`
	AwardedOn calendar.Date       `json:"awarded_on"`
	BuyBy     calendar.Date       `json:"buy_by,omitzero" doc:"Last day of the first purchase; absent while the rule is not known"`
	BoughtOn  calendar.Date       `json:"bought_on,omitzero"`
	Result    rule.Outcome        `json:"result" doc:"What the scheme says of the facts stated; it does not undo the award"`
	Version   string              `json:"version" doc:"Of the scheme"`
	Paid      int64               `json:"paid" doc:"Incentives and surveys, whole rupiah"`
}

type awardIn struct {
	ChangeIn
	Body struct {
		Batch             string              `json:"batch" minLength:"1" maxLength:"20"`
		AwardedOn         calendar.Date       `json:"awarded_on"`
		Citizen           *bool               `json:"citizen,omitempty"`
		BirthDate         calendar.Date       `json:"birth_date,omitzero"`
		InFormalEducation *bool               `json:"in_formal_education,omitempty"`
		FamilyRecipients  *int                `json:"family_recipients,omitempty" minimum:"0" maximum:"50" doc:"Other members of the family card who were awarded"`
		Occupation        prakerja.Occupation `json:"occupation,omitempty"`
		NoAid             bool                `json:"no_aid,omitempty" doc:"The worker receives no other aid"`
	}
}

type correctPrakerjaIn struct {
	ChangeIn
	Part string `path:"card" maxLength:"36"`
	Body struct {
		CorrectionBody
		Batch     rest.Patch[string]        `json:"batch,omitempty" maxLength:"20"`
		AwardedOn rest.Patch[calendar.Date] `json:"awarded_on,omitempty"`
	}
}

type prakerjaPayIn struct {
	ChangeIn
	Part string `path:"card" maxLength:"36"`
	Body struct {
		Survey  bool `json:"survey,omitempty" doc:"The money of a survey, not the incentive"`
		Surveys int  `json:"surveys,omitempty" minimum:"0" maximum:"20" doc:"Answered so far"`
		Rated   bool `json:"rated,omitempty"`
		Linked  bool `json:"linked_account,omitempty"`
	}
}

type cardPartIn struct {
	ChangeIn
	Part string `path:"card" maxLength:"36"`
}

func registerSkill(e *rest.API, s Services) {
	const tag = "training"
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/classes", ID: "class-list", Tag: tag,
		Summary: "Classes of the country, the next to begin first", Action: authz.ClassRead},
		func(ctx context.Context, in *classesIn) (*classesOut, error) { return listClasses(ctx, e, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/classes", ID: "class-create", Tag: tag,
		Summary: "Add a class to the catalogue", Action: authz.ClassManage, Status: http.StatusCreated},
		func(ctx context.Context, in *createClassIn) (*classOut, error) {
			b := in.Body
			c, err := s.Courses.Create(ctx, rest.Op(ctx), course.Class{Region: region.Code(b.Region), Provider: b.Provider,
				Kind: b.Kind, Programme: b.Programme, Units: b.Units, Scheme: b.Scheme, Places: b.Places, StartsOn: b.StartsOn,
				EndsOn: b.EndsOn})
			return &classOut{classOf(c)}, err
		})
	changing(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/trainings/{training}/attendance",
		ID: "training-attend", Tag: tag, Summary: "Record days of a class; they are the attendance that a month of the JKP " +
			"claim asks for",
		Action: authz.TrainingAdvance}, onPart("training", func(in *attendIn) string { return in.Part }, s.attend))
	registerPrakerja(e, s, tag)
}

func registerPrakerja(e *rest.API, s Services, tag string) {
	changing(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/prakerja", ID: track.PrakerjaCards.Records,
		Tag: tag, Summary: "Record a Prakerja card that the worker was awarded", Action: authz.TrainingEnrol,
		Status: http.StatusCreated},
		s.awardPrakerja)
	correcting(e, s, rest.Route{Path: "/v1/cases/{id}/prakerja/{card}", ID: "prakerja-correct", Tag: tag,
		Summary: "Put facts of a Prakerja card right", Action: authz.TrainingEnrol}, track.PrakerjaCards,
		func(_ context.Context, in *correctPrakerjaIn) (string, track.Correction[track.PrakerjaCard]) {
			return in.Part, track.Correction[track.PrakerjaCard]{Reason: in.Body.Reason,
				Edit: func(k *track.PrakerjaCard) error {
					replace(&k.Batch, in.Body.Batch)
					replace(&k.AwardedOn, in.Body.AwardedOn)
					return nil
				}}
		})
	changing(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/prakerja/{card}/payments", ID: "prakerja-pay",
		Tag: tag, Summary: "Record an incentive or the money of a survey, as the scheme owes it",
		Action: authz.TrainingAdvance}, onPart("prakerja", func(in *prakerjaPayIn) string { return in.Part },
		func(ctx context.Context, to track.Target, id uuid.UUID, in *prakerjaPayIn) (casework.State, error) {
			state, err := s.Tracks.PayPrakerja(ctx, to, id, track.PrakerjaPayment(in.Body))
			return state, s.worded(ctx, err)
		}))
	changing(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/prakerja/{card}/revocation",
		ID: "prakerja-revoke", Tag: tag, Summary: "End a card whose first course was not bought in time",
		Action: authz.TrainingAdvance}, onPart("prakerja", func(in *cardPartIn) string { return in.Part },
		func(ctx context.Context, to track.Target, id uuid.UUID, _ *cardPartIn) (casework.State, error) {
			return s.Tracks.RevokePrakerja(ctx, to, id)
		}))
}

func classOf(c course.Class) Class {
	return Class{ID: c.ID.String(), Region: string(c.Region), Provider: c.Provider, Kind: c.Kind, Programme: c.Programme,
		Units: c.Units, Scheme: c.Scheme, Places: c.Places, Free: c.Places - c.Taken, StartsOn: c.StartsOn, EndsOn: c.EndsOn}
}

func listClasses(ctx context.Context, e *rest.API, s Services, in *classesIn) (*classesOut, error) {
	code, err := regionIn(s.Tree, in.Region, "region")
	if err != nil {
		return nil, err
	}
	at, err := e.Position(ctx, in.PageIn)
	if err != nil {
		return nil, err
	}
	f := course.Filter{Region: code, From: in.From.Get(), Free: in.Free, Limit: in.Limit + 1}
	f.After.StartsOn, f.After.ID = dayAndID(at)
	list, err := s.Courses.Store.ListClasses(ctx, f)
	if err != nil {
		return nil, err
	}
	list, next := rest.Next(ctx, e, in.PageIn, list, func(c course.Class) []byte { return positionOf(c.StartsOn, c.ID) })
	out := &classesOut{}
	out.Body.Items, out.Body.NextCursor = make([]Class, len(list)), next
	for i, c := range list {
		out.Body.Items[i] = classOf(c)
	}
	return out, nil
}

// positionOf is a place in a list by day and id; dayAndID reads it, and nothing at the start of the list.
func positionOf(day calendar.Date, id uuid.UUID) []byte { return append(id[:], day.String()...) }

func dayAndID(at []byte) (day calendar.Date, id uuid.UUID) {
	if copy(id[:], at) == len(id) {
		_ = day.UnmarshalText(at[len(id):]) // it was written by positionOf, under a signature
	}
	return day, id
}

func (s Services) attend(ctx context.Context, to track.Target, id uuid.UUID, in *attendIn) (casework.State, error) {
	days := make([]track.Attendance, len(in.Body.Days))
	for i, day := range in.Body.Days {
		days[i] = track.Attendance{Training: id, On: day.On, Present: day.Present}
	}
	return s.Tracks.Attend(ctx, to, id, days)
}

func (s Services) awardPrakerja(ctx context.Context, to track.Target, in *awardIn) (casework.State, error) {
	b := in.Body
	facts := prakerja.Facts{BirthDate: b.BirthDate, Citizen: b.Citizen, InFormalEducation: b.InFormalEducation,
		FamilyRecipients: b.FamilyRecipients, AidKnown: b.NoAid}
	if b.Occupation != "" {
		facts.Occupation = &b.Occupation
	}
	return s.Tracks.AwardPrakerja(ctx, to, track.PrakerjaCard{Batch: b.Batch, AwardedOn: b.AwardedOn}, facts)
}

// enrolment takes the course from its class where one is named.
func (s Services) enrolment(ctx context.Context, in *enrolIn) (track.Training, error) {
	b := in.Body
	t := track.Training{Scheme: b.Scheme, Provider: b.Provider, Programme: b.Programme, Unit: b.Unit, StartsOn: b.StartsOn,
		EndsOn: b.EndsOn, Cost: money.Rupiah(b.Cost), EnrolledOn: b.Enrolled}
	if b.Class == "" {
		return t, nil
	}
	course, err := s.ofClass(ctx, b.Class.UUID(), b.Scheme)
	course.Cost, course.EnrolledOn = t.Cost, t.EnrolledOn
	return course, err
}

// ofClass is the course of a class; a scheme that is stated is that of the class.
func (s Services) ofClass(ctx context.Context, class uuid.UUID, scheme track.Scheme) (track.Training, error) {
	c, err := s.Courses.Store.GetClass(ctx, class)
	if err != nil {
		return track.Training{}, at(err, "class")
	}
	if scheme != "" && scheme != c.Scheme {
		return track.Training{}, fault.New(fault.Invalid, "training.scheme_differs", "class", string(c.Scheme)).At("scheme")
	}
	return track.Training{Class: c.ID, Scheme: c.Scheme, Provider: c.Provider, Programme: c.Programme, Unit: c.Units,
		StartsOn: c.StartsOn, EndsOn: c.EndsOn}, nil
}

func prakerjaOf(k track.PrakerjaCard) PrakerjaCard {
	return PrakerjaCard{ID: k.ID.String(), Batch: k.Batch, State: k.State, AwardedOn: k.AwardedOn, BuyBy: k.BuyBy,
		BoughtOn: k.BoughtOn, Result: k.Result, Version: k.Version, Paid: int64(k.Paid)}
}
