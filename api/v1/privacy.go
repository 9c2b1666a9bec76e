package v1

import (
	"context"
	"net/http"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/privacy"
)

type reasonIn struct {
	ChangeIn
	Body struct {
		Reason string `json:"reason" text:"free" minLength:"1" maxLength:"1000" doc:"Kept sealed under the worker's key"`
	}
}

type plainChangeIn struct {
	ChangeIn
}

type retentionOut struct {
	Body struct {
		Years      int    `json:"years" doc:"After closing"`
		Confidence string `json:"confidence" doc:"U: not verified against the archive schedule (JRA)"`
		Source     string `json:"source"`
		Items      []Due  `json:"items" nullable:"false"`
		NextCursor string `json:"next_cursor,omitempty"`
	}
}

// Due is a closed case whose retention is over: erasure may be asked for.
type Due struct {
	Case     string        `json:"case" format:"uuid"`
	Region   string        `json:"region"`
	ClosedOn calendar.Date `json:"closed_on"`
}

type subjectOut struct {
	Body struct {
		Case         FileBody      `json:"case"`
		Claims       []Claim       `json:"claims" nullable:"false"`
		Trainings    []Training    `json:"trainings" nullable:"false"`
		Certificates []Certificate `json:"certificates" nullable:"false"`
		Applications []Application `json:"applications" nullable:"false"`
		Placements   []Placement   `json:"placements" nullable:"false"`
		Documents    []Document    `json:"documents" nullable:"false" doc:"Without their contents"`
		Accesses     []Access      `json:"accesses" nullable:"false" doc:"Who was shown the worker, newest first, 200 at most"`
	}
}

func registerPrivacy(e *rest.API, s Services) {
	const tag = "privacy"
	hold := func(set bool) func(context.Context, *reasonIn) (*stateOut, error) {
		return func(ctx context.Context, in *reasonIn) (*stateOut, error) {
			id, version, err := in.target()
			if err != nil {
				return nil, err
			}
			return stated(s.Privacy.Hold(ctx, rest.Op(ctx), id, version, set, in.Body.Reason))
		}
	}
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/hold", ID: "hold-set", Tag: tag,
		Summary: "Set a legal hold: nothing of the worker is erased while it stands", Action: authz.HoldSet}, hold(true))
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/hold/release", ID: "hold-release", Tag: tag,
		Summary: "Release a legal hold", Action: authz.HoldSet}, hold(false))
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/erasure", ID: "erasure-request", Tag: tag,
		Summary: "Ask for the erasure of the worker; another officer decides",
		Action:  authz.ErasureRequest}, func(ctx context.Context, in *reasonIn) (*stateOut, error) {
		id, version, err := in.target()
		if err == nil {
			err = e.Fresh(ctx)
		}
		if err != nil {
			return nil, err
		}
		return stated(s.Privacy.Request(ctx, rest.Op(ctx), id, version, in.Body.Reason))
	})
	decide := func(erase bool) func(context.Context, *plainChangeIn) (*stateOut, error) {
		return func(ctx context.Context, in *plainChangeIn) (*stateOut, error) {
			id, version, err := in.target()
			if err == nil {
				err = e.Fresh(ctx)
			}
			if err != nil {
				return nil, err
			}
			return stated(s.Privacy.Decide(ctx, rest.Op(ctx), id, version, erase))
		}
	}
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/erasure/approval", ID: "erasure-approve",
		Tag: tag, Summary: "Erase the worker: the key is destroyed, the history stays and verifies",
		Action: authz.ErasureApprove}, decide(true))
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/erasure/refusal", ID: "erasure-refuse",
		Tag: tag, Summary: "Refuse the erasure of the worker", Action: authz.ErasureApprove}, decide(false))
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/retention", ID: "retention-list", Tag: tag,
		Summary: "Closed cases whose retention is over", Action: authz.ErasureRequest},
		func(ctx context.Context, in *exportsIn) (*retentionOut, error) { return listDue(ctx, e, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/cases/{id}/subject-report", ID: "subject-report",
		Tag: tag, Summary: "All data of the worker and who was shown them, for the worker's own request (UU 27/2022 art. 7)",
		Action: authz.SubjectReport, Shows: rest.Named, Telling: true},
		func(ctx context.Context, in *caseIn) (*subjectOut, error) { return subjectReport(ctx, s, in) })
}

func listDue(ctx context.Context, e *rest.API, s Services, in *exportsIn) (*retentionOut, error) {
	at, err := e.Position(ctx, in.PageIn)
	if err != nil {
		return nil, err
	}
	var after casework.ID
	copy(after[:], at)
	found, err := s.Privacy.Due(ctx, rest.Scope(ctx), after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	found, next := rest.Next(ctx, e, in.PageIn, found, func(d privacy.Due) []byte { return d.Case[:] })
	out := &retentionOut{}
	r := s.Privacy.Retention()
	out.Body.Years, out.Body.Confidence, out.Body.Source = r.Value, string(r.Confidence), r.Source.String()
	out.Body.NextCursor = next
	out.Body.Items = make([]Due, len(found))
	for i, d := range found {
		out.Body.Items[i] = Due{d.Case.String(), d.Region, d.ClosedOn}
	}
	return out, nil
}

// mostAccesses bounds the record in a report to its worker; the auditor reads all of it.
const mostAccesses = 200

func subjectReport(ctx context.Context, s Services, in *caseIn) (*subjectOut, error) {
	file, err := getCase(ctx, s, &getCaseIn{ID: in.ID})
	if err != nil {
		return nil, err
	}
	out := &subjectOut{}
	out.Body.Case = file.Body
	c, tracks, err := s.Tracks.Get(ctx, rest.Scope(ctx), casework.ID(rest.ID(in.ID).UUID()))
	if err != nil {
		return nil, err
	}
	claims, err := s.showClaims(ctx, c, &tracks)
	if err != nil {
		return nil, err
	}
	shown, id := accesslog.Shown, rest.ID(in.ID).UUID()
	records, err := s.Access.ListAccess(ctx, rest.Scope(ctx), accesslog.Filter{Subject: &id, Outcome: &shown,
		Limit: mostAccesses})
	if err != nil {
		return nil, err
	}
	out.Body.Claims = claims.Body.Items
	out.Body.Trainings, out.Body.Certificates = listed(tracks.Trainings, trainingOf), listed(tracks.Certificates,
		certificateOf)
	out.Body.Applications, out.Body.Placements = listed(tracks.Applications, applicationOf), listed(tracks.Placements,
		placementOf)
	out.Body.Documents = listed(tracks.Documents, documentOf)
	out.Body.Accesses = make([]Access, len(records))
	for i, r := range records {
		out.Body.Accesses[i] = accessOf(r)
		out.Body.Accesses[i].Subjects = []string{in.ID} // whom else the answer showed is not this worker's to know
	}
	return out, nil
}
