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

// JobSeekerCard is an AK-1 card (kartu kuning).
type JobSeekerCard struct {
	ID         string               `json:"id" format:"uuid"`
	Number     string               `json:"number"`
	State      track.JobSeekerState `json:"state"`
	IssuedOn   calendar.Date        `json:"issued_on"`
	ValidUntil calendar.Date        `json:"valid_until"`
	ReportBy   calendar.Date        `json:"report_by" doc:"Until when its holder reports, still without work"`
	Reports    int                  `json:"reports"`
}

// Wish is what work the worker looks for. It has no place for anything that a match must not look at.
type Wish struct {
	Occupations []string      `json:"occupations" minItems:"1" maxItems:"3" doc:"KBJI, one to four digits, the most wanted first"`
	Units       string        `json:"units,omitempty" maxLength:"500" doc:"SKKNI units besides those of certificates, separated by commas"`
	Wage        int64         `json:"wage,omitempty" minimum:"0" maximum:"1000000000000" doc:"Least wanted a month, whole rupiah"`
	From        calendar.Date `json:"available_from,omitzero"`
	Reach       track.Reach   `json:"reach,omitempty" default:"province"`
}

type jobSeekerOut struct {
	ETag string `header:"ETag"`
	Body struct {
		Wish  *Wish           `json:"wish,omitempty"`
		Cards []JobSeekerCard `json:"cards" nullable:"false"`
	}
}

type wishIn struct {
	ChangeIn
	Body Wish
}

type issueCardIn struct {
	ChangeIn
	Body struct {
		Again
		Number   string        `json:"number" minLength:"1" maxLength:"60"`
		IssuedOn calendar.Date `json:"issued_on,omitzero" doc:"Today by default"`
	}
}

func (in *issueCardIn) again() bool { return in.Body.Again.Again }

type correctCardIn struct {
	ChangeIn
	Part string `path:"card" maxLength:"36"`
	Body struct {
		CorrectionBody
		Again
		Number   rest.Patch[string]        `json:"number,omitempty" maxLength:"60"`
		IssuedOn rest.Patch[calendar.Date] `json:"issued_on,omitempty"`
	}
}

type reportCardIn struct {
	ChangeIn
	Part string `path:"card" maxLength:"36"`
	Body struct {
		OccurredOn calendar.Date `json:"occurred_on,omitzero" doc:"Today by default"`
	}
}

func registerJobSeeker(e *rest.API, s Services) {
	const tag = "jobseekers"
	showing(e, s, rest.Route{Method: http.MethodGet, Path: "/v1/cases/{id}/job-seeker", ID: "jobseeker-get", Tag: tag,
		Summary: "What work the worker looks for, and the AK-1 cards", Action: authz.CaseRead}, s.showJobSeeker)
	recording(e, s, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/wish", Tag: tag,
		Summary: "Record what work the worker looks for (asesmen diri)", Action: authz.JobSeekerRecord}, track.Wishes, wishOf)
	recording(e, s, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/job-seeker-cards",
		Tag: tag, Summary: "Issue an AK-1 card", Action: authz.JobSeekerRecord, Status: http.StatusCreated},
		track.JobSeekerCards,
		func(_ context.Context, in *issueCardIn) (track.JobSeekerCard, error) {
			return track.JobSeekerCard{Number: in.Body.Number, IssuedOn: in.Body.IssuedOn}, nil
		})
	changing(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/job-seeker-cards/{card}/reports",
		ID: "jobseeker-report", Tag: tag, Summary: "The holder of an AK-1 card reported, still without work",
		Action: authz.JobSeekerRecord}, onPart("jobseeker_card", func(in *reportCardIn) string { return in.Part },
		func(ctx context.Context, to track.Target, id uuid.UUID, in *reportCardIn) (casework.State, error) {
			return s.Tracks.ReportCard(ctx, to, id, in.Body.OccurredOn)
		}))
	correcting(e, s, rest.Route{Path: "/v1/cases/{id}/job-seeker-cards/{card}", ID: "jobseeker-card-correct", Tag: tag,
		Summary: "Put facts of an AK-1 card right", Action: authz.JobSeekerRecord}, track.JobSeekerCards,
		func(_ context.Context, in *correctCardIn) (string, track.Correction[track.JobSeekerCard]) {
			return in.Part, track.Correction[track.JobSeekerCard]{Reason: in.Body.Reason, Again: in.Body.Again.Again,
				Edit: func(k *track.JobSeekerCard) error {
					replace(&k.Number, in.Body.Number)
					replace(&k.IssuedOn, in.Body.IssuedOn)
					return nil
				}}
		})
}

func wishOf(_ context.Context, in *wishIn) (track.Wish, error) {
	b := in.Body
	wanted := append(append([]string{}, b.Occupations...), "", "", "")
	return track.Wish{Occupation1: wanted[0], Occupation2: wanted[1], Occupation3: wanted[2], Units: b.Units,
		Wage: money.Rupiah(b.Wage), From: b.From, Reach: b.Reach}, nil
}

func (s Services) showJobSeeker(_ context.Context, c casework.Detail, t *track.Tracks) (*jobSeekerOut, error) {
	out := &jobSeekerOut{ETag: rest.ETag(c.Version)}
	for _, w := range t.Wishes {
		out.Body.Wish = &Wish{Occupations: w.Occupations(), Units: w.Units, Wage: int64(w.Wage), From: w.From, Reach: w.Reach}
	}
	today := s.Cases.Today(c.Region)
	out.Body.Cards = listed(t.JobSeekerCards, func(k track.JobSeekerCard) JobSeekerCard {
		shown := JobSeekerCard{ID: k.ID.String(), Number: k.Number, State: k.State, IssuedOn: k.IssuedOn,
			ValidUntil: k.ValidUntil, ReportBy: k.ReportBy, Reports: k.Reports}
		if k.Lapsed(today) {
			shown.State = track.CardLapsed
		}
		return shown
	})
	return out, nil
}
