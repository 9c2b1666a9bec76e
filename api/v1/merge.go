package v1

import (
	"context"
	"net/http"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/track"
)

type mergeIn struct {
	ChangeIn
	Body struct {
		With   rest.ID `json:"with" doc:"The other case"`
		Reason string  `json:"reason" text:"free" minLength:"1" maxLength:"1000" doc:"Kept sealed under the key of each worker"`
	}
}

func registerMerge(e *rest.API, s Services) {
	const tag = "cases"
	type way func(ctx context.Context, op authz.Op, id casework.ID, version int, with casework.ID,
		why string) (casework.State, error)
	pairing := func(change way) func(context.Context, track.Target, *mergeIn) (casework.State, error) {
		return func(ctx context.Context, to track.Target, in *mergeIn) (casework.State, error) {
			return change(ctx, to.Op, to.Case, to.Version, casework.ID(in.Body.With.UUID()), in.Body.Reason)
		}
	}
	changing(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/merge", ID: "case-merge", Tag: tag,
		Summary: "Say that two cases are of one person; of two open ones this one is closed as the duplicate",
		Description: "A link between the cases: the histories stay as they are, and each gets an entry. " +
			"Rules about the person look over all linked records.",
		Action: authz.CaseMerge}, pairing(s.Merger.Merge))
	changing(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/merge/reversal", ID: "case-separate", Tag: tag,
		Summary: "Take a merge back; the case that it closed is open again", Action: authz.CaseMerge},
		pairing(s.Merger.Separate))
}

// linked shows beside cases which others in the scope are of the same person.
func (s Services) linked(ctx context.Context, ids ...casework.ID) (map[casework.ID][]string, error) {
	found, err := s.Merger.Store.LinkedCases(ctx, rest.Scope(ctx), ids)
	shown := make(map[casework.ID][]string, len(found))
	for id, others := range found {
		for _, other := range others {
			shown[id] = append(shown[id], other.String())
		}
	}
	return shown, err
}
