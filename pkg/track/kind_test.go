package track_test

import (
	"sync"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/policies"
)

// ours are the measures and the periods of the hubs, read once.
var ours = sync.OnceValue(func() track.Rules {
	measures, err := measure.Load(policies.FS)
	if err != nil {
		panic(err)
	}
	hubs, err := track.LoadHubs(policies.FS)
	if err != nil {
		panic(err)
	}
	return track.Rules{Measures: measures, Hubs: hubs}
})

func at(c *casework.Case, t *track.Tracks, on calendar.Date) track.Moment {
	return track.Moment{Case: c, Tracks: t, On: on, Rules: ours()}
}

// derive is what the service does after every step.
func derive(c *casework.Case, t *track.Tracks) {
	l, err := rules()
	if err != nil {
		panic(err)
	}
	track.Derive(c, t, track.Rules{JKP: l.jkp})
}

func moved[S ~string](id uuid.UUID, state S, on calendar.Date) track.Step[S, track.None] {
	return track.Step[S, track.None]{ID: id, To: state, On: on}
}

func attended(id uuid.UUID, state track.TrainingState, percent *int,
	on calendar.Date) track.Step[track.TrainingState, track.Attended] {
	return track.Step[track.TrainingState, track.Attended]{ID: id, To: state, On: on,
		With: track.Attended{Percent: percent}}
}

func grows(id uuid.UUID, state track.BusinessState, g track.Growth,
	on calendar.Date) track.Step[track.BusinessState, track.Growth] {
	return track.Step[track.BusinessState, track.Growth]{ID: id, To: state, On: on, With: g}
}

// businessStep moves a business on; to no state is a visit.
func businessStep(t *track.Tracks, id uuid.UUID, state track.BusinessState, g track.Growth,
	on calendar.Date) (casework.Event, error) {
	if state == "" {
		return t.VisitBusiness(grows(id, state, g, on))
	}
	return track.Businesses.Step(at(nil, t, on), grows(id, state, g, on))
}

func issue(c *casework.Case, t *track.Tracks, k track.JobSeekerCard) (casework.Event, error) {
	return track.JobSeekerCards.Add(at(c, t, k.IssuedOn), k)
}

func respond(c *casework.Case, t *track.Tracks, r track.Response) (casework.Event, error) {
	return track.Responses.Add(at(c, t, r.On), r)
}
