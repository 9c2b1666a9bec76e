package v1

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/lawbook"
)

// LawRelease is a file of the law that officers of the nation's office put in and approved.
type LawRelease struct {
	ID          string          `json:"id" format:"uuid"`
	Programme   string          `json:"programme" doc:"Of the file; holidays for the list of holidays"`
	Kind        string          `json:"kind"`
	Name        string          `json:"name" doc:"Id of the version"`
	Effective   calendar.Date   `json:"effective_from" doc:"What holds before this day stays as it is"`
	Reason      string          `json:"reason"`
	Digest      string          `json:"digest" doc:"SHA-256 of the content"`
	State       lawbook.State   `json:"state"`
	PutInBy     string          `json:"put_in_by" format:"uuid"`
	PutInAt     time.Time       `json:"put_in_at"`
	ApprovedBy  string          `json:"approved_by,omitempty"`
	ApprovedAt  time.Time       `json:"approved_at,omitzero"`
	WithdrawnBy string          `json:"withdrawn_by,omitempty"`
	Settled     bool            `json:"settled" doc:"The days that it moves stand in the histories"`
	Layoffs     int             `json:"layoffs_moved" doc:"At least: what was cut off is not counted"`
	Cases       int             `json:"cases_moved"`
	Content     string          `json:"content,omitempty" doc:"Of a single release only"`
	Differences []LawDifference `json:"differences,omitempty" doc:"To what holds now, while nobody has approved it"`
}

// LawDifference is one thing that a file says otherwise than what holds now.
type LawDifference struct {
	Key    string `json:"key" doc:"Of a figure, or the day of a holiday"`
	Before string `json:"before,omitempty" doc:"Absent for what is new"`
	After  string `json:"after,omitempty" doc:"Absent for what is gone"`
}

// LawExpiry is a part of the law that runs out and has no successor.
type LawExpiry struct {
	What   string        `json:"what" doc:"holidays, or programme/kind/version"`
	EndsOn calendar.Date `json:"ends_on" doc:"First day of which nothing is known"`
}

type lawIn struct {
	Body struct {
		Content   string        `json:"content" text:"file" minLength:"1" maxLength:"1048576" doc:"A parameter file, a file of measures, or the whole list of holidays"`
		Effective calendar.Date `json:"effective_from" doc:"First day on which something is otherwise than before"`
		Reason    string        `json:"reason" text:"free" minLength:"1" maxLength:"1000"`
	}
}

type lawPath struct {
	ID string `path:"id" maxLength:"36"`
}

type lawWithdrawIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Reason string `json:"reason" text:"free" minLength:"1" maxLength:"1000"`
	}
}

type lawOut struct {
	Body LawRelease
}

type lawListOut struct {
	Body struct {
		Items  []LawRelease `json:"items" nullable:"false"`
		Ending []LawExpiry  `json:"ending" nullable:"false" doc:"What runs out within 60 days, or has"`
	}
}

func registerLaw(e *rest.API, s Services) {
	const tag = "law"
	const maxLaw = 4 << 20 // of a file of the largest size, with its escapes
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/law", ID: "law-propose", Tag: tag,
		Summary: "Put in a file of the law; another officer must approve it", Action: authz.LawPropose,
		Status: http.StatusCreated, MaxBody: maxLaw, Shows: rest.Called},
		func(ctx context.Context, in *lawIn) (*lawOut, error) {
			r, err := s.Law.Propose(ctx, rest.Op(ctx), in.Body.Content, in.Body.Effective, in.Body.Reason)
			return &lawOut{lawOf(r)}, err
		})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/law", ID: "law-list", Tag: tag,
		Summary: "Files of the law that were put in, newest first, and what runs out", Action: authz.PolicyRead},
		func(ctx context.Context, _ *struct{}) (*lawListOut, error) { return s.listLaw(ctx, e) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/law/{id}", ID: "law-get", Tag: tag,
		Summary: "A file of the law, and what it says otherwise than what holds now", Action: authz.PolicyRead}, s.getLaw)
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/law/{id}/approval", ID: "law-approve", Tag: tag,
		Summary: "Let a file of the law hold that another officer put in", Action: authz.LawApprove, Shows: rest.Called},
		func(ctx context.Context, in *lawPath) (*lawOut, error) {
			if err := e.Fresh(ctx); err != nil {
				return nil, err
			}
			return s.moveLaw(in.ID, func(id uuid.UUID) (lawbook.Release, error) { return s.Law.Approve(ctx, rest.Op(ctx), id) })
		})
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/law/{id}/withdrawal", ID: "law-withdraw", Tag: tag,
		Summary: "Take back a file of the law that does not hold yet", Action: authz.LawApprove, Shows: rest.Called},
		func(ctx context.Context, in *lawWithdrawIn) (*lawOut, error) {
			return s.moveLaw(in.ID, func(id uuid.UUID) (lawbook.Release, error) {
				return s.Law.Withdraw(ctx, rest.Op(ctx), id, in.Body.Reason)
			})
		})
}

func (s Services) moveLaw(of string, move func(uuid.UUID) (lawbook.Release, error)) (*lawOut, error) {
	id, err := parsedID(of, lawbook.NotFound())
	if err != nil {
		return nil, err
	}
	r, err := move(id)
	return &lawOut{lawOf(r)}, err
}

func (s Services) listLaw(ctx context.Context, e *rest.API) (*lawListOut, error) {
	found, err := s.Law.List(ctx, lawbook.MostListed)
	out := &lawListOut{}
	out.Body.Items, out.Body.Ending = make([]LawRelease, len(found)), []LawExpiry{}
	for i, r := range found {
		out.Body.Items[i] = lawOf(r)
	}
	for _, x := range s.Law.Book.Law().Ending(calendar.Of(e.Clock.Now(), calendar.WIB)) {
		out.Body.Ending = append(out.Body.Ending, LawExpiry(x))
	}
	return out, err
}

func (s Services) getLaw(ctx context.Context, in *lawPath) (*lawOut, error) {
	id, err := parsedID(in.ID, lawbook.NotFound())
	if err != nil {
		return nil, err
	}
	r, differences, err := s.Law.Show(ctx, id)
	out := &lawOut{lawOf(r)}
	out.Body.Content = r.Content
	for _, d := range differences {
		out.Body.Differences = append(out.Body.Differences, LawDifference(d))
	}
	return out, err
}

func lawOf(r lawbook.Release) LawRelease {
	named := func(id authz.OfficerID) string {
		if id == (authz.OfficerID{}) {
			return ""
		}
		return id.String()
	}
	return LawRelease{ID: r.ID.String(), Programme: r.Programme, Kind: r.Kind, Name: r.Name, Effective: r.Effective,
		Reason: r.Reason, Digest: r.Digest(), State: r.State, PutInBy: r.PutInBy.String(), PutInAt: r.PutInAt,
		ApprovedBy: named(r.ApprovedBy), ApprovedAt: r.ApprovedAt, WithdrawnBy: named(r.WithdrawnBy), Settled: r.Settled,
		Layoffs: r.Layoffs, Cases: r.Cases}
}
