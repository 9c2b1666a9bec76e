package v1

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/termination"
)

// Employer is the firm at the place of the layoff.
type Employer struct {
	Name        string             `json:"name" minLength:"1" maxLength:"200"`
	NIB         string             `json:"nib,omitempty" maxLength:"13" doc:"Nomor Induk Berusaha, 13 digits (length not verified against the law)"`
	Region      string             `json:"region" minLength:"4" maxLength:"4" doc:"Regency of the site"`
	KBLI        string             `json:"kbli,omitempty" maxLength:"5"`
	KBLIEdition layoff.KBLIEdition `json:"kbli_edition,omitempty"`
}

// LayoffReport is what an employer reports.
type LayoffReport struct {
	Employer      Employer      `json:"employer"`
	Reference     string        `json:"reference,omitempty" maxLength:"100" doc:"Number of the employer's letter"`
	Reason        string        `json:"reason,omitempty" maxLength:"60" doc:"Code of PP 35/2021, such as EFFICIENCY_LOSS"`
	PlannedOn     calendar.Date `json:"planned_on,omitzero"`
	NotifiedOn    calendar.Date `json:"notified_on,omitzero"`
	PeoplePlanned int           `json:"people_planned,omitempty" minimum:"0" maximum:"1000000"`
}

// Layoff is a report on record.
type Layoff struct {
	ID string `json:"id" format:"uuid"`
	LayoffReport
	State     layoff.State      `json:"state"`
	Happened  []Happened        `json:"happened" nullable:"false" doc:"What happened in the procedure, as it was recorded"`
	Measures  map[string]string `json:"measures" nullable:"false" doc:"Prevention: how far each measure of SE-907/MEN/PHI-PPHI/X/2004 came"`
	JobsSaved int               `json:"jobs_saved"`
	DueOn     calendar.Date     `json:"due_on,omitzero" doc:"Earliest statutory clock that runs"`
	DueFor    string            `json:"due_for,omitempty" doc:"Which clock"`
	Cases     int               `json:"cases" doc:"Cases opened from it that you may see"`
	Version   int               `json:"version"`
	CreatedAt time.Time         `json:"created_at"`
	UpdatedAt time.Time         `json:"updated_at"`
}

// Happened is an event of the procedure.
type Happened struct {
	Event    termination.Event        `json:"event"`
	On       calendar.Date            `json:"on,omitzero" doc:"Today by default"`
	Document string                   `json:"document,omitempty" maxLength:"100" doc:"Number of the paper that proves it"`
	Paper    termination.FailurePaper `json:"paper,omitempty" doc:"Only of mediation_failed and conciliation_failed: the paper that fixes the day, from which the year to sue runs. Which one the law means is not settled"`
}

type layoffsIn struct {
	rest.PageIn
	Region  rest.Param[string]       `query:"region" maxLength:"4" doc:"Only sites in this region"`
	State   rest.Param[layoff.State] `query:"state"`
	Overdue bool                     `query:"overdue" doc:"Only layoffs with a statutory clock that ran out"`
}

type layoffsOut struct {
	Body struct {
		Items      []Layoff `json:"items" nullable:"false"`
		NextCursor string   `json:"next_cursor,omitempty"`
	}
}

type layoffIn struct {
	ID string `path:"id" maxLength:"36"`
}

type layoffOut struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     Layoff
}

type createLayoffIn struct {
	Body LayoffReport
}

func (b LayoffReport) stated() layoff.Layoff {
	return layoff.Layoff{Reference: b.Reference, Reason: b.Reason, PlannedOn: b.PlannedOn, NotifiedOn: b.NotifiedOn,
		PeoplePlanned: b.PeoplePlanned, Employer: layoff.Employer{Name: b.Employer.Name, NIB: b.Employer.NIB,
			Region: region.Code(b.Employer.Region), KBLI: b.Employer.KBLI, KBLIEdition: b.Employer.KBLIEdition}}
}

func registerLayoffs(e *rest.API, s Services) {
	const tag = "layoffs"
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/layoffs", ID: "layoff-list", Tag: tag,
		Summary: "Layoffs at sites in my scope, newest first", Action: authz.LayoffRead},
		func(ctx context.Context, in *layoffsIn) (*layoffsOut, error) { return listLayoffs(ctx, e, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/layoffs/{id}", ID: "layoff-get", Tag: tag,
		Summary: "One layoff", Action: authz.LayoffRead, Settled: true},
		func(ctx context.Context, in *layoffIn) (*layoffOut, error) {
			id, err := layoffID(in.ID)
			if err != nil {
				return nil, err
			}
			return layoffStated(s.Layoffs.Store.GetLayoff(ctx, rest.Scope(ctx), id))
		})
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/layoffs", ID: "layoff-create", Tag: tag,
		Summary: "Record an employer's report", Action: authz.LayoffCreate,
		Status: http.StatusCreated}, func(ctx context.Context, in *createLayoffIn) (*layoffOut, error) {
		return layoffStated(s.Layoffs.Create(ctx, rest.Op(ctx), in.Body.stated()))
	}, func(in *createLayoffIn) []fault.FieldError { return s.Layoffs.Wrong(in.Body.stated()) })
	rest.Register(e, rest.Route{Method: http.MethodPatch, Path: "/v1/layoffs/{id}", ID: "layoff-correct", Tag: tag,
		Summary:     "Put a report right, or complete it",
		Description: "What is left out stays; null takes a fact away. The clocks follow. The site stays where it is.",
		Action:      authz.LayoffCreate},
		func(ctx context.Context, in *correctLayoffIn) (*layoffOut, error) { return correctLayoff(ctx, s, in) })
	registerProcedure(e, s, tag)
}

// layoffID reads the canonical text form; everything else is a layoff that does not exist.
func layoffID(text string) (uuid.UUID, error) {
	return parsedID(text, layoff.NotFound())
}

func layoffStated(l layoff.Layoff, err error) (*layoffOut, error) {
	if err != nil {
		return nil, err
	}
	return &layoffOut{ETag: rest.ETag(l.Version), Location: "/v1/layoffs/" + l.ID.String(), Body: layoffOf(l)}, nil
}

func listLayoffs(ctx context.Context, e *rest.API, s Services, in *layoffsIn) (*layoffsOut, error) {
	code, err := regionIn(s.Tree, in.Region, "region")
	if err != nil {
		return nil, err
	}
	at, err := e.Position(ctx, in.PageIn)
	if err != nil {
		return nil, err
	}
	f := layoff.Filter{Region: code, State: in.State.Get(), Limit: in.Limit + 1}
	if in.Overdue {
		today := s.Layoffs.Today(valueOf(code))
		f.OverdueOn = &today
	}
	copy(f.After[:], at)
	found, err := s.Layoffs.List(ctx, rest.Scope(ctx), f)
	if err != nil {
		return nil, err
	}
	found, next := rest.Next(ctx, e, in.PageIn, found, func(l layoff.Layoff) []byte { return l.ID[:] })
	out := &layoffsOut{}
	out.Body.Items, out.Body.NextCursor = make([]Layoff, len(found)), next
	for i, l := range found {
		out.Body.Items[i] = layoffOf(l)
	}
	return out, nil
}

func layoffOf(l layoff.Layoff) Layoff {
	out := Layoff{ID: l.ID.String(), Cases: l.Cases, CreatedAt: l.CreatedAt, UpdatedAt: l.UpdatedAt, Version: l.Version,
		State: l.State, JobsSaved: l.JobsSaved, DueOn: l.DueOn, DueFor: l.DueFor, Happened: make([]Happened, len(l.Events)),
		Measures: make(map[string]string, len(l.Measures)), LayoffReport: LayoffReport{Reference: l.Reference,
			Reason: l.Reason, PlannedOn: l.PlannedOn, NotifiedOn: l.NotifiedOn, PeoplePlanned: l.PeoplePlanned,
			Employer: Employer{Name: l.Employer.Name, NIB: l.Employer.NIB, Region: string(l.Employer.Region),
				KBLI: l.Employer.KBLI, KBLIEdition: l.Employer.KBLIEdition}}}
	for i, h := range l.Events {
		out.Happened[i] = Happened{Event: h.Event, On: h.On, Document: h.Document, Paper: h.Paper}
	}
	for m, state := range l.Measures {
		out.Measures[string(m)] = string(state)
	}
	return out
}
