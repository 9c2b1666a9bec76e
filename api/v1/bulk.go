package v1

import (
	"context"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/bulk"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/wording"
)

// ChosenCases are the cases of an order that names them.
type ChosenCases struct {
	Cases []Picked `json:"cases,omitempty" maxItems:"10000" doc:"Each of them once; left out where the filter of the list chooses them"`
}

// BulkOrder is one change of many cases in the background.
type BulkOrder struct {
	ID        string     `json:"id" format:"uuid"`
	Change    bulk.Kind  `json:"change"`
	State     bulk.State `json:"state"`
	Failure   string     `json:"failure,omitempty" doc:"Code of what ended it"`
	Detail    string     `json:"detail,omitempty" doc:"The same in words"`
	Officer   string     `json:"officer" format:"uuid" doc:"Who ordered it, in whose name every case is changed"`
	Regions   []string   `json:"regions" nullable:"false" doc:"In which it was ordered; empty text for the nation"`
	Total     int        `json:"total"`
	Changed   int        `json:"changed"`
	Refused   int        `json:"refused"`
	Left      int        `json:"left" doc:"Not tried yet, or not any more when it has ended"`
	CreatedAt time.Time  `json:"created_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
}

// BulkCase is what came of one case of an order.
type BulkCase struct {
	Case    string        `json:"case" format:"uuid"`
	Result  bulk.Result   `json:"result"`
	Code    string        `json:"code,omitempty" doc:"Why it was refused, such as case.stale"`
	Detail  string        `json:"detail,omitempty"`
	Errors  []rest.Detail `json:"errors,omitempty"`
	Version int           `json:"version,omitempty" doc:"That the change gave it, or that it had when it was refused as stale"`
}

type bulkOut struct {
	Location string `header:"Location"`
	Body     BulkOrder
}

type bulkIn struct {
	ID string `path:"id" maxLength:"36"`
}

type bulksOut struct {
	Body struct {
		Items      []BulkOrder `json:"items" nullable:"false"`
		NextCursor string      `json:"next_cursor,omitempty"`
	}
}

type bulkCasesIn struct {
	ID string `path:"id" maxLength:"36"`
	rest.PageIn
	Result rest.Param[bulk.Result] `query:"result"`
}

type bulkCasesOut struct {
	Body struct {
		Items      []BulkCase `json:"items" nullable:"false" doc:"In the order of the request; of a filter, as the cases were opened"`
		NextCursor string     `json:"next_cursor,omitempty"`
	}
}

type bulkFileIn struct {
	ID     string                         `path:"id" maxLength:"36"`
	Format rest.Param[export.TableFormat] `query:"format" doc:"csv when left out"`
}

type bulkFileOut struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

type assignBulkIn struct {
	CasesIn
	Body struct {
		ChosenCases
		AssignmentOfMany
	}
}

type noteBulkIn struct {
	CasesIn
	Body struct {
		ChosenCases
		NoteOfMany
	}
}

type followUpBulkIn struct {
	CasesIn
	Body struct {
		ChosenCases
		FollowUpOfMany
	}
}

type referBulkIn struct {
	CasesIn
	Body struct {
		ChosenCases
		Asked
	}
}

func registerBulk(e *rest.API, s Services) {
	ordering(e, s, rest.Route{Path: "/v1/cases/bulk/assignments", ID: "bulk-assign", Action: authz.CaseTake,
		Summary: "Order that many cases are given to an officer, taken, or handed back"},
		func(in *assignBulkIn) (*CasesIn, []Picked, asked) {
			return &in.CasesIn, in.Body.Cases, in.Body.AssignmentOfMany
		})
	ordering(e, s, rest.Route{Path: "/v1/cases/bulk/notes", ID: "bulk-note", Action: authz.CaseNote,
		Summary: "Order that many cases get the same note"},
		func(in *noteBulkIn) (*CasesIn, []Picked, asked) {
			return &in.CasesIn, in.Body.Cases, in.Body.NoteOfMany
		})
	ordering(e, s, rest.Route{Path: "/v1/cases/bulk/follow-ups", ID: "bulk-follow-up", Action: authz.CaseNote,
		Summary: "Order that many cases get the next date to look at them"},
		func(in *followUpBulkIn) (*CasesIn, []Picked, asked) {
			return &in.CasesIn, in.Body.Cases, in.Body.FollowUpOfMany
		})
	ordering(e, s, rest.Route{Path: "/v1/cases/bulk/referrals", ID: "bulk-refer", Action: authz.ReferralOffer,
		Summary: "Order that another office is asked in many cases"},
		func(in *referBulkIn) (*CasesIn, []Picked, asked) { return &in.CasesIn, in.Body.Cases, in.Body.Asked })
	registerBulkReads(e, s)
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/bulk/{id}/cancellation", ID: "bulk-cancel",
		Tag: "cases", Summary: "End an order before its next case; what was changed stays", Action: authz.CaseTake},
		func(ctx context.Context, in *bulkIn) (*bulkOut, error) {
			id, err := parsedID(in.ID, bulk.NotFound())
			if err != nil {
				return nil, err
			}
			return bulkShown(ctx)(s.Bulk.Cancel(ctx, rest.Op(ctx), viewerOf(ctx, e), id))
		})
}

func registerBulkReads(e *rest.API, s Services) {
	const tag = "cases"
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/cases/bulk", ID: "bulk-list", Tag: tag,
		Summary: "My orders of many cases, newest first, and those of the officers whose head I am", Action: authz.CaseTake},
		func(ctx context.Context, in *rest.PageIn) (*bulksOut, error) { return listBulks(ctx, e, s, *in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/cases/bulk/{id}", ID: "bulk-get", Tag: tag,
		Summary: "How far an order is", Action: authz.CaseTake},
		func(ctx context.Context, in *bulkIn) (*bulkOut, error) {
			id, err := parsedID(in.ID, bulk.NotFound())
			if err != nil {
				return nil, err
			}
			return bulkShown(ctx)(s.Bulk.Store.GetOrder(ctx, viewerOf(ctx, e), id))
		})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/cases/bulk/{id}/cases", ID: "bulk-cases", Tag: tag,
		Summary: "What came of each case of an order", Action: authz.CaseTake},
		func(ctx context.Context, in *bulkCasesIn) (*bulkCasesOut, error) { return listBulkCases(ctx, e, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/cases/bulk/{id}/file", ID: "bulk-file", Tag: tag,
		Summary: "The same as a spreadsheet or CSV, all of it", Action: authz.CaseTake, Produces: "text/csv",
		Work: fileTime},
		func(ctx context.Context, in *bulkFileIn) (*bulkFileOut, error) { return bulkFile(ctx, e, s, in) })
}

// ordering registers a route that orders one change of many cases.
func ordering[I any](e *rest.API, s Services, r rest.Route, read func(*I) (*CasesIn, []Picked, asked)) {
	r.Method, r.Tag, r.Status, r.Names = http.MethodPost, "cases", http.StatusAccepted, true
	r.Description = "The cases are those of the body, up to 10,000, each in the version that it was read in; or those " +
		"that the filter of the list leaves at this moment, up to 50,000. Each is changed in the background, in a " +
		"transaction " +
		"of its own and under the rights that you have then. At most three orders of yours run at once."
	rest.Register(e, r, func(ctx context.Context, in *I) (*bulkOut, error) {
		filter, picked, asked := read(in)
		choice, err := choiceOf(ctx, s, filter, picked)
		if err != nil {
			return nil, err
		}
		o, missing, err := s.Bulk.Order(ctx, rest.Op(ctx), asked.change(ctx), choice)
		if len(missing) > 0 { // that somebody asked for them is on record
			e.Refused(ctx, listed(missing, func(id casework.ID) uuid.UUID { return uuid.UUID(id) })...)
		}
		return bulkShown(ctx)(o, err)
	})
}

// choiceOf is the cases of an order: without any filter it would be all of the caller's area by an oversight.
func choiceOf(ctx context.Context, s Services, in *CasesIn, picked []Picked) (bulk.Choice, error) {
	f, err := filterOf(ctx, s, in)
	if err != nil {
		return bulk.Choice{}, err
	}
	narrowed := !reflect.DeepEqual(f, casework.Filter{Today: f.Today})
	switch {
	case narrowed == (len(picked) > 0):
		return bulk.Choice{}, fault.New(fault.Invalid, "bulk.choose").At("cases")
	case narrowed:
		return bulk.Choice{Filter: &f}, nil
	}
	return bulk.Choice{Picked: PickedCases{picked}.picked()}, nil
}

// viewerOf says whose orders the caller sees: their own, and where they give cases to officers everybody's.
func viewerOf(ctx context.Context, e *rest.API) bulk.Viewer {
	return bulk.Viewer{Officer: rest.Caller(ctx).Officer, Scope: rest.Scope(ctx), Head: e.ScopeOf(ctx, authz.CaseAssign)}
}

func listBulks(ctx context.Context, e *rest.API, s Services, in rest.PageIn) (*bulksOut, error) {
	at, err := e.Position(ctx, in)
	if err != nil {
		return nil, err
	}
	var after uuid.UUID
	copy(after[:], at)
	found, err := s.Bulk.List(ctx, viewerOf(ctx, e), after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	found, next := rest.Next(ctx, e, in, found, func(o bulk.Order) []byte { return o.ID[:] })
	out := &bulksOut{}
	out.Body.NextCursor = next
	out.Body.Items = listed(found, func(o bulk.Order) BulkOrder { return bulkOf(ctx, o) })
	return out, nil
}

func listBulkCases(ctx context.Context, e *rest.API, s Services, in *bulkCasesIn) (*bulkCasesOut, error) {
	id, err := parsedID(in.ID, bulk.NotFound())
	if err != nil {
		return nil, err
	}
	at, err := e.Position(ctx, in.PageIn)
	if err != nil {
		return nil, err
	}
	after, _ := strconv.Atoi(string(at)) // the first page is after none
	found, err := s.Bulk.Lines(ctx, viewerOf(ctx, e), id, bulk.Page{Result: in.Result.Get(), After: after,
		Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	found, next := rest.Next(ctx, e, in.PageIn, found, func(l bulk.Line) []byte { return []byte(strconv.Itoa(l.N)) })
	out := &bulkCasesOut{}
	out.Body.NextCursor = next
	out.Body.Items = listed(found, func(l bulk.Line) BulkCase { return bulkCaseOf(ctx, e, l) })
	return out, nil
}

func bulkFile(ctx context.Context, e *rest.API, s Services, in *bulkFileIn) (*bulkFileOut, error) {
	id, err := parsedID(in.ID, bulk.NotFound())
	if err != nil {
		return nil, err
	}
	found, err := s.Bulk.All(ctx, viewerOf(ctx, e), id)
	if err != nil {
		return nil, err
	}
	lang := rest.Language(ctx)
	lines := [][]string{listed([]string{"case", "result", "version", "code", "reason"},
		func(name string) string { return wording.Message(lang, "bulk.column_"+name, nil) })}
	for _, l := range found {
		c, version := bulkCaseOf(ctx, e, l), ""
		if c.Version > 0 {
			version = strconv.Itoa(c.Version)
		}
		lines = append(lines, []string{c.Case, wording.Label(lang, c.Result), version, c.Code, c.Detail})
	}
	format := export.CSVTable
	if asked := in.Format.Get(); asked != nil {
		format = *asked
	}
	body, err := export.Table(format, lines)
	return &bulkFileOut{ContentType: format.MediaType(), Body: body,
		Disposition: `attachment; filename="tanggap-bulk-` + id.String() + "." + string(format) + `"`}, err
}

// bulkShown words an order, or hands on why there is none.
func bulkShown(ctx context.Context) func(bulk.Order, error) (*bulkOut, error) {
	return func(o bulk.Order, err error) (*bulkOut, error) {
		if err != nil {
			return nil, err
		}
		return &bulkOut{"/v1/cases/bulk/" + o.ID.String(), bulkOf(ctx, o)}, nil
	}
}

func bulkOf(ctx context.Context, o bulk.Order) BulkOrder {
	out := BulkOrder{ID: o.ID.String(), Change: o.Kind, State: o.State, Failure: o.Failure, Officer: o.Officer.String(),
		Regions: make([]string, len(o.Scope)), Total: o.Total, Changed: o.Changed, Refused: o.Refused, Left: o.Left(),
		CreatedAt: o.CreatedAt}
	for i, code := range o.Scope {
		out.Regions[i] = string(code)
	}
	if o.Failure != "" {
		out.Detail = wording.Message(rest.Language(ctx), o.Failure, nil)
	}
	if o.State.Ended() {
		out.EndedAt = &o.EndedAt
	}
	return out
}

func bulkCaseOf(ctx context.Context, e *rest.API, l bulk.Line) BulkCase {
	r := resultOf(ctx, e, l.Done)
	return BulkCase{Case: r.Case, Result: l.Result, Code: r.Code, Detail: r.Detail, Errors: r.Errors, Version: r.Version}
}
