package v1

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/track"
)

// changeIn is the input of a change of a case: a struct that embeds ChangeIn.
type changeIn[I any] interface {
	*I
	target() (casework.ID, int, error)
}

// changing registers a route that changes the case which its path names.
func changing[I any, P changeIn[I]](e *rest.API, r rest.Route,
	change func(context.Context, track.Target, *I) (casework.State, error)) {
	rest.Register(e, r, func(ctx context.Context, in *I) (*stateOut, error) {
		id, version, err := P(in).target()
		if err != nil {
			return nil, err
		}
		return stated(change(ctx, track.Target{Op: rest.Op(ctx), Case: id, Version: version}, in))
	})
}

// recording registers the route that adds a part of a kind to a case, as the operation that the kind names. read makes
// the part of what was sent.
func recording[I any, C changeIn[I], P any, S ~string, X any](e *rest.API, s Services, r rest.Route,
	k *track.Kind[P, S, X], read func(context.Context, *I) (P, error)) {
	r.ID = k.Records
	changing[I, C](e, r, func(ctx context.Context, to track.Target, in *I) (casework.State, error) {
		part, err := read(ctx, in)
		if err != nil {
			return casework.State{}, err
		}
		if another, is := any(in).(interface{ again() bool }); is {
			to.Again = another.again()
		}
		return k.Record(ctx, s.Tracks, to, part)
	})
}

// advancing registers the route that moves a part of a kind on, as the operation that the kind names. read gives the
// part's id as it was sent, and the step.
func advancing[I any, C changeIn[I], P any, S ~string, X any](e *rest.API, s Services, r rest.Route,
	k *track.Kind[P, S, X], read func(*I) (string, track.Step[S, X])) {
	r.ID = k.Advances
	changing[I, C](e, r, func(ctx context.Context, to track.Target, in *I) (casework.State, error) {
		text, step := read(in)
		id, err := partID(text, k.Name)
		if err != nil {
			return casework.State{}, err
		}
		step.ID = id
		return k.Advance(ctx, s.Tracks, to, step)
	})
}

// correcting registers the route that corrects facts of a part of a kind. read gives the part's id as it was sent, and
// what is to be changed.
func correcting[I any, C changeIn[I], P any, S ~string, X any](e *rest.API, s Services, r rest.Route,
	k *track.Kind[P, S, X], read func(context.Context, *I) (string, track.Correction[P])) {
	r.Method = http.MethodPatch
	r.Description = "What is left out stays; null takes a fact away that may be missing. The answer says what followed. " +
		"Personal values and the reason are sealed in the history."
	changing[I, C](e, r, func(ctx context.Context, to track.Target, in *I) (casework.State, error) {
		text, correction := read(ctx, in)
		id, err := partID(text, k.Name)
		if err != nil {
			return casework.State{}, err
		}
		correction.ID = id
		return k.Correct(ctx, s.Tracks, to, correction)
	})
}

// CorrectionBody is what every correction of a part says.
type CorrectionBody struct {
	Reason string `json:"reason" text:"free" minLength:"1" maxLength:"500" doc:"Why; sealed in the history"`
}

// Again says that what is recorded is like something that is there, and not the same.
type Again struct {
	Again bool `json:"again,omitempty" doc:"It is like one that is recorded already (409 part.recorded_already names it), and not the same"`
}

// stepTo is a step that says where to and when, and no more.
func stepTo[S codelist.Step[S]](to rest.Target[S], on calendar.Date) track.Step[S, track.None] {
	return track.Step[S, track.None]{To: S(to), On: on}
}

// onPart is a change of the part of a kind that a path names.
func onPart[I any](name string, text func(*I) string,
	change func(context.Context, track.Target, uuid.UUID, *I) (casework.State, error),
) func(context.Context, track.Target, *I) (casework.State, error) {
	return func(ctx context.Context, to track.Target, in *I) (casework.State, error) {
		id, err := partID(text(in), name)
		if err != nil {
			return casework.State{}, err
		}
		return change(ctx, to, id, in)
	}
}

// showing registers a route that reads the tracks of a case.
func showing[O any](e *rest.API, s Services, r rest.Route,
	show func(context.Context, casework.Detail, *track.Tracks) (*O, error)) {
	r.Shows = rest.Named
	rest.Register(e, r, func(ctx context.Context, in *caseIn) (*O, error) {
		id, err := casework.ParseID(in.ID)
		if err != nil {
			return nil, err
		}
		c, t, err := s.Tracks.Get(ctx, rest.Scope(ctx), id)
		if err != nil {
			return nil, err
		}
		return show(ctx, c, &t)
	})
}

// listed shows each part of a list.
func listed[P, V any](parts []P, show func(P) V) []V {
	out := make([]V, len(parts))
	for i, p := range parts {
		out[i] = show(p)
	}
	return out
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
