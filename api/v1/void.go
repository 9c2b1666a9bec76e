package v1

import (
	"context"
	"net/http"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/track"
)

// VoidBody says why an entry was an error.
type VoidBody struct {
	Reason string `json:"reason" text:"free" minLength:"1" maxLength:"500" doc:"No personal data"`
}

type voidIn struct {
	ChangeIn
	Seq  int `path:"seq" minimum:"1" doc:"Number of the entry in the history"`
	Body VoidBody
}

type voidPartIn struct {
	ChangeIn
	Part string `path:"part" maxLength:"36"`
	Body VoidBody
}

func registerVoid(e *rest.API, s Services) {
	const tag = "cases"
	const rests = "Refused while a later entry rests on it (409 entry.built_upon names that one)."
	changing(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/history/{seq}/void", ID: "entry-void", Tag: tag,
		Summary: "Void an entry of one's own of today: what it altered is what it was", Action: authz.EntryVoid,
		Description: rests + " Of money that was paid it only asks; another officer does it (entry-reverse)."},
		func(ctx context.Context, to track.Target, in *voidIn) (casework.State, error) {
			return s.Tracks.Void(ctx, to, track.Voiding{Seq: in.Seq, Reason: in.Body.Reason})
		})
	changing(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/history/{seq}/reversal", ID: "entry-reverse",
		Tag: tag, Summary: "Void an entry, whoever recorded it and whenever", Action: authz.EntryReverse,
		Description: rests + " Of money that was paid: asks, or does it when another officer has asked."},
		func(ctx context.Context, to track.Target, in *voidIn) (casework.State, error) {
			return s.Tracks.Void(ctx, to, track.Voiding{Seq: in.Seq, Reason: in.Body.Reason, Any: true})
		})
	changing(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/parts/{part}/void", ID: "part-void", Tag: tag,
		Summary: "Void the entry of one's own of today that made a part of the case", Action: authz.EntryVoid,
		Description: rests},
		func(ctx context.Context, to track.Target, in *voidPartIn) (casework.State, error) {
			id, err := partID(in.Part, "part")
			if err != nil {
				return casework.State{}, err
			}
			return s.Tracks.Void(ctx, to, track.Voiding{Part: id, Reason: in.Body.Reason})
		})
}
