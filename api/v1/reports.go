package v1

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/mail"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/wording"
)

type reportIn struct {
	Report statistics.Report `path:"report"`
	RegionIn
	PeriodIn
	By         rest.Param[[]statistics.Grouping] `query:"by" minItems:"1" maxItems:"2" doc:"One or two, with a comma between them; which a report knows, and which it takes by itself, is in GET /v1/reports"`
	Definition rest.Param[statistics.Definition] `query:"definition" doc:"Of layoffs: people in layoffs reported to the offices; workers with a case (by default); workers whose JKP claim was decided eligible"`
	Measure    rest.Param[statistics.Measure]    `query:"measure" doc:"Of layoffs, with month: the month alone, or from 1 January to its end. Figures of a year to date must never be added up"`
	KnownAt    rest.Param[time.Time]             `query:"known_at" doc:"Of layoffs: as it was known at this instant; now by default"`
	Format     rest.Param[statistics.Format]     `query:"format" doc:"Without it, what Accept asks for; json by default"`
	Lang       rest.Param[mail.Language]         `query:"lang" doc:"Language of the labels; without it, that of Accept-Language"`
	Accept     string                            `header:"Accept" doc:"application/json, text/csv, image/svg+xml or that of a spreadsheet"`
}

// PeriodIn narrows to days.
type PeriodIn struct {
	From  rest.Param[calendar.Date] `query:"from" doc:"First day; which day of a case or layoff it is, the answer says (basis)"`
	Until rest.Param[calendar.Date] `query:"until" doc:"Last day"`
	Month rest.Param[string]        `query:"month" pattern:"^[0-9]{4}-[0-9]{2}$" doc:"Such as 2026-10, instead of from and until"`
	Year  rest.Param[int]           `query:"year" minimum:"2000" maximum:"2100" doc:"Instead of from and until"`
}

type reportOut struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Vary        string `header:"Vary"`
	Body        []byte
}

// ReportKind is what a report can be asked for.
type ReportKind struct {
	Report   statistics.Report     `json:"report"`
	Label    string                `json:"label"`
	By       []statistics.Grouping `json:"by" nullable:"false"`
	Usual    []statistics.Grouping `json:"usual" nullable:"false" doc:"What its figures are told apart by unless asked otherwise"`
	Basis    statistics.Basis      `json:"basis,omitempty" doc:"The day that a period is of; a report without one is of now"`
	Overlaps bool                  `json:"overlaps" doc:"One worker is in several items: they must not be added up"`
	Columns  []ReportColumn        `json:"columns" nullable:"false"`
}

type reportKindsOut struct {
	Body struct {
		Items []ReportKind `json:"items" nullable:"false"`
	}
}

func registerReports(e *rest.API, s Services) {
	const tag = "reports"
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/reports", ID: "report-list", Tag: tag,
		Summary: "Which reports there are, and what each can be asked for", Action: authz.ReportRead},
		func(ctx context.Context, _ *struct{}) (*reportKindsOut, error) {
			out := &reportKindsOut{}
			out.Body.Items = listed(statistics.Report("").Values(), func(r statistics.Report) ReportKind {
				shape, lang := r.Shape(), rest.Language(ctx)
				return ReportKind{Report: r, Label: wording.Label(lang, r), By: shape.By, Overlaps: shape.Overlaps,
					Usual: append([]statistics.Grouping{}, shape.Usual...), Basis: shape.Basis, Columns: columnsOf(lang, r)}
			})
			return out, nil
		})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/reports/{report}", ID: "report-get", Tag: tag,
		Summary: "Figures of my regions, as JSON, CSV, spreadsheet or picture",
		Description: "Every report has one shape. Figures of cases are counted in the background and say when; those of " +
			"layoffs are what the ministry publishes, by definition and as known when. What is not known or not counted " +
			"yet is absent, never zero; there is no total over what overlaps. By officer, and for the load, the right " +
			"`load.read` is needed, too.",
		Action: authz.ReportRead, JSON: reflect.TypeFor[Report](), Produces: strings.Join([]string{"application/json",
			statistics.CSV.MediaType(), statistics.XLSX.MediaType(), statistics.SVG.MediaType()}, ", ")},
		func(ctx context.Context, in *reportIn) (*reportOut, error) { return report(ctx, e, s, in) })
}

func report(ctx context.Context, e *rest.API, s Services, in *reportIn) (*reportOut, error) {
	q, scope, err := reportQuery(ctx, e, s, in)
	if err != nil {
		return nil, err
	}
	t, err := s.Statistics.Report(ctx, scope, q)
	if err != nil {
		return nil, err
	}
	v := reportView{Table: &t, tree: s.Tree, lang: rest.Language(ctx), now: s.Statistics.Clock.Now(),
		measure: valueOf(in.Measure.Get())}
	if asked := in.Lang.Get(); asked != nil {
		v.lang = string(*asked)
	}
	v.hide(e.SeesPeople(ctx, scope), e.SmallestGroup())
	format := formatOf(in)
	out := &reportOut{ContentType: format.MediaType(), Vary: "Accept, Accept-Language",
		Disposition: fmt.Sprintf(`attachment; filename="%s.%s"`, v.name(), format)}
	switch format {
	case statistics.CSV:
		out.ContentType += "; charset=utf-8"
		out.Body, err = export.Table(export.CSVTable, v.lines())
	case statistics.XLSX:
		out.Body, err = export.Table(export.XLSXTable, v.lines(), v.numbers()...)
	case statistics.SVG:
		out.Disposition = strings.Replace(out.Disposition, "attachment", "inline", 1)
		out.Body, err = v.picture()
	default:
		out.Disposition = ""
		out.Body, err = json.Marshal(v.report())
	}
	return out, err
}

// reportQuery reads what is asked for, and of which part of the caller's scope. A region outside of it is refused: a
// report that is empty says that nobody was laid off there.
func reportQuery(ctx context.Context, e *rest.API, s Services, in *reportIn) (q statistics.Query, scope authz.Scope,
	err error) {
	q = statistics.Query{Report: in.Report, By: valueOf(in.By.Get()), Definition: valueOf(in.Definition.Get()),
		KnownAt: valueOf(in.KnownAt.Get()), Today: s.Cases.Today(rest.Caller(ctx).Office)}
	if scope, err = in.scope(ctx, s); err != nil {
		return q, scope, err
	}
	if q.Region, err = in.code(s.Tree); err != nil {
		return q, scope, err
	}
	if q.Region != nil && scope.Empty() {
		return q, scope, fault.New(fault.Forbidden, "report.region_out_of_scope").At("region")
	}
	if in.Report == statistics.Load || slices.Contains(q.By, statistics.ByOfficer) {
		loads := e.ScopeOf(ctx, authz.LoadRead)
		if slices.ContainsFunc(scope.Regions(), func(code region.Code) bool { return !loads.Covers(code) }) {
			return q, scope, fault.New(fault.Forbidden, "report.officers_need_load").At("by")
		}
		q.Load = s.Cases.LoadOn(rest.Caller(ctx).Office)
		q.Load.Roles = s.Officers.WorkingRoles()
	}
	q.From, q.Until, err = in.days(in.Measure.Get())
	if err == nil && in.Report != statistics.Layoffs && in.Measure.Get() != nil {
		err = fault.New(fault.Invalid, "report.not_of_layoffs").At("measure")
	}
	return q, scope, err
}

// days are the first and the last day of a period, each nil where it is open.
func (in PeriodIn) days(m *statistics.Measure) (from, until *calendar.Date, err error) {
	from, until = in.From.Get(), in.Until.Get()
	month, year := in.Month.Get(), in.Year.Get()
	switch {
	case month != nil && (year != nil || from != nil || until != nil):
		return nil, nil, fault.New(fault.Invalid, "report.alone").At("month")
	case year != nil && (from != nil || until != nil):
		return nil, nil, fault.New(fault.Invalid, "report.alone").At("year")
	case m != nil && month == nil:
		return nil, nil, fault.New(fault.Invalid, "report.month_needed").At("measure")
	case year != nil:
		first, err := calendar.NewDate(*year, time.January, 1)
		return &first, new(first.AddMonths(12).AddDays(-1)), err
	case month != nil:
		first, err := calendar.ParseDate(*month + "-01")
		if err != nil {
			return nil, nil, at(err, "month")
		}
		until = new(first.AddMonths(1).AddDays(-1))
		if m != nil && *m == statistics.YearToDate {
			first = first.AddMonths(1 - int(first.Month()))
		}
		return &first, until, nil
	}
	return from, until, nil
}

// formatOf is the form that is asked for by name, or the first that Accept names and a report has.
func formatOf(in *reportIn) statistics.Format {
	if asked := in.Format.Get(); asked != nil {
		return *asked
	}
	for kind := range strings.SplitSeq(in.Accept, ",") {
		kind, _, _ = strings.Cut(strings.TrimSpace(kind), ";")
		for _, f := range statistics.Format("").Values() {
			if strings.EqualFold(kind, f.MediaType()) {
				return f
			}
		}
	}
	return statistics.JSON
}
