package v1

import (
	"context"
	"net/http"
	"time"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/statistics"
)

type figureIn struct {
	Definition statistics.Definition `query:"definition" default:"workers" doc:"People in layoffs reported to the offices; workers with a case; workers whose JKP claim was decided eligible"`
	Measure    statistics.Measure    `query:"measure" default:"period" doc:"The month alone, or from 1 January to its end. Figures of a year to date must never be added up"`
	Month      string                `query:"month" pattern:"^[0-9]{4}-[0-9]{2}$" required:"true" doc:"Such as 2026-10"`
	KnownAt    rest.Param[time.Time] `query:"known_at" doc:"As it was known at this instant; now by default"`
	By         statistics.Level      `query:"by" default:"province"`
	Region     rest.Param[string]    `query:"region" maxLength:"4" doc:"Only this region"`
}

// RegionFigure is the figure of one region.
type RegionFigure struct {
	Region string `json:"region"`
	Name   string `json:"name"`
	People int    `json:"people"`
}

type figureOut struct {
	Body struct {
		Definition string         `json:"definition"`
		Measure    string         `json:"measure"`
		From       calendar.Date  `json:"from"`
		Until      calendar.Date  `json:"until"`
		KnownAt    time.Time      `json:"known_at"`
		Items      []RegionFigure `json:"items" nullable:"false" doc:"Regions without anybody are left out"`
		Total      int            `json:"total" doc:"Of the regions, over these days; figures of different months of a year to date have no sum"`
	}
}

type preventionReportIn struct {
	From   calendar.Date      `query:"from" required:"true" doc:"First planned day of the layoff"`
	Until  calendar.Date      `query:"until" required:"true" doc:"Last planned day"`
	Region rest.Param[string] `query:"region" maxLength:"4"`
}

// SavedJobs is what prevention made of the layoffs of a regency in a division of industry.
type SavedJobs struct {
	Region    string `json:"region"`
	Name      string `json:"name"`
	KBLI      string `json:"kbli" doc:"Division, two digits; empty when the employer did not say"`
	Layoffs   int    `json:"layoffs"`
	Withdrawn int    `json:"withdrawn"`
	Planned   int    `json:"planned" doc:"People"`
	Saved     int    `json:"saved" doc:"Jobs, those of withdrawn layoffs included"`
}

type preventionReportOut struct {
	Body struct {
		Items   []SavedJobs `json:"items" nullable:"false"`
		Planned int         `json:"planned"`
		Saved   int         `json:"saved"`
	}
}

func registerReports(e *rest.API, s Services) {
	const tag = "reports"
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/reports/layoffs", ID: "report-layoffs", Tag: tag,
		Summary: "PHK counted as the ministry publishes it: by definition, period or year to date, and as known when",
		Action:  authz.ReportRead},
		func(ctx context.Context, in *figureIn) (*figureOut, error) { return reportLayoffs(ctx, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/reports/prevention", ID: "report-prevention", Tag: tag,
		Summary: "Jobs saved against jobs planned to go, by regency and industry", Action: authz.ReportRead},
		func(ctx context.Context, in *preventionReportIn) (*preventionReportOut, error) {
			return reportPrevention(ctx, s, in)
		})
}

func reportLayoffs(ctx context.Context, s Services, in *figureIn) (*figureOut, error) {
	month, err := calendar.ParseDate(in.Month + "-01")
	if err != nil {
		return nil, at(err, "month")
	}
	scope, err := reportScope(ctx, s, in.Region)
	if err != nil {
		return nil, err
	}
	known := s.Statistics.Clock.Now()
	if at := in.KnownAt.Get(); at != nil {
		known = *at
	}
	f, err := s.Statistics.Count(ctx, scope, statistics.Query{Definition: in.Definition, Measure: in.Measure,
		Month: month, KnownAt: known, By: in.By})
	if err != nil {
		return nil, err
	}
	out := &figureOut{}
	out.Body.Definition, out.Body.Measure = string(in.Definition), string(in.Measure)
	out.Body.From, out.Body.Until, out.Body.KnownAt, out.Body.Total = f.From, f.Until, f.KnownAt.UTC(), f.Total
	out.Body.Items = make([]RegionFigure, len(f.Rows))
	for i, row := range f.Rows {
		known, _ := s.Tree.Get(row.Region) // a region that is no more still has its figure
		out.Body.Items[i] = RegionFigure{Region: string(row.Region), Name: known.Name, People: row.People}
	}
	return out, nil
}

func reportPrevention(ctx context.Context, s Services, in *preventionReportIn) (*preventionReportOut, error) {
	scope, err := reportScope(ctx, s, in.Region)
	if err != nil {
		return nil, err
	}
	if in.Until.Before(in.From) {
		return nil, fault.New(fault.Invalid, "report.period").At("until")
	}
	saved, err := s.Layoffs.Store.Prevention(ctx, scope, in.From, in.Until)
	if err != nil {
		return nil, err
	}
	out := &preventionReportOut{}
	out.Body.Items = make([]SavedJobs, len(saved))
	for i, row := range saved {
		known, _ := s.Tree.Get(row.Region)
		out.Body.Items[i] = SavedJobs{Region: string(row.Region), Name: known.Name, KBLI: row.KBLI, Layoffs: row.Layoffs,
			Withdrawn: row.Withdrawn, Planned: row.Planned, Saved: row.Saved}
		out.Body.Planned, out.Body.Saved = out.Body.Planned+row.Planned, out.Body.Saved+row.Saved
	}
	return out, nil
}
