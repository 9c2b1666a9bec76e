package v1

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/pkg/wording"
)

type resultsIn struct {
	Report statistics.Report  `query:"report" default:"funnel"`
	Region rest.Param[string] `query:"region" maxLength:"4" doc:"Only this region of yours"`
	Year   rest.Param[int]    `query:"year" minimum:"2000" maximum:"2100" doc:"Of the termination; all by default"`
}

// ResultRow is one line of a report.
type ResultRow struct {
	Item string `json:"item"`
	Name string `json:"name" doc:"In the language of the caller where there is one"`
	N    *int   `json:"n,omitempty" doc:"Absent when it is hidden: so few, or giving so few away (see policies/security.md)"`
	Days int    `json:"days,omitempty" doc:"On average, of time_to_placement"`
}

// Results is a report with its age.
type Results struct {
	Report    string      `json:"report"`
	Region    string      `json:"region,omitempty"`
	Year      int         `json:"year,omitempty"`
	Items     []ResultRow `json:"items" nullable:"false"`
	Total     *int        `json:"total,omitempty" doc:"Absent when it is hidden"`
	CountedAt *time.Time  `json:"counted_at,omitempty" doc:"When the figures were counted; what happened since is not in them. Absent while nothing was counted yet"`
	Age       *int        `json:"age_seconds,omitempty"`
}

type resultsOut struct{ Body Results }

type resultFileOut struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func registerResults(e *rest.API, s Services) {
	const tag = "reports"
	const what = "funnel, outcomes, time to placement, results by region, scheme and provider"
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/reports/results", ID: "report-results", Tag: tag,
		Summary: "Figures counted in the background, with their age: " + what, Action: authz.ReportRead},
		func(ctx context.Context, in *resultsIn) (*resultsOut, error) {
			r, err := results(ctx, e, s, in)
			return &resultsOut{r}, err
		})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/reports/results/table", ID: "report-table", Tag: tag,
		Summary: "The same as CSV", Action: authz.ReportRead, Produces: "text/csv"},
		func(ctx context.Context, in *resultsIn) (*resultFileOut, error) {
			r, err := results(ctx, e, s, in)
			return &resultFileOut{"text/csv; charset=utf-8", tableOf(r)}, err
		})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/reports/results/chart", ID: "report-chart", Tag: tag,
		Summary: "The same as a chart", Action: authz.ReportRead, Produces: "image/svg+xml"},
		func(ctx context.Context, in *resultsIn) (*resultFileOut, error) {
			r, err := results(ctx, e, s, in)
			if err != nil {
				return nil, err
			}
			svg, err := chartOf(r, wording.Label(rest.Language(ctx), in.Report))
			return &resultFileOut{"image/svg+xml", svg}, err
		})
}

func results(ctx context.Context, e *rest.API, s Services, in *resultsIn) (Results, error) {
	scope, err := reportScope(ctx, s, in.Region)
	if err != nil {
		return Results{}, err
	}
	found, err := s.Statistics.Results(ctx, scope, statistics.ResultQuery{Report: in.Report, Year: valueOf(in.Year.Get())})
	if err != nil {
		return Results{}, err
	}
	out := Results{Report: string(in.Report), Region: valueOf(in.Region.Get()), Year: valueOf(in.Year.Get()),
		Items: make([]ResultRow, len(found.Rows))}
	if !found.CountedAt.IsZero() {
		age := int(s.Statistics.Clock.Now().Sub(found.CountedAt).Seconds())
		out.CountedAt, out.Age = &found.CountedAt, &age
	}
	cells := make([]int, len(found.Rows))
	for i, row := range found.Rows {
		cells[i] = row.N
	}
	shown := hiding(ctx, e, scope, cells)
	out.Total = shown.total
	for i, row := range found.Rows {
		out.Items[i] = ResultRow{Item: row.Item, Name: itemName(rest.Language(ctx), s.Tree, in.Report, row.Item)}
		if shown.hidden[i] {
			continue
		}
		out.Items[i].N = &cells[i]
		if in.Report == statistics.Placements {
			out.Items[i].Days = row.Days
		}
	}
	return out, nil
}

// itemName is what the item of a report is called; one that has no name, such as a provider, is its own.
func itemName(lang string, tree *region.Tree, report statistics.Report, item string) string {
	switch report {
	case statistics.Outcomes:
		if casework.Stage(item).Valid() {
			return wording.Label(lang, casework.Stage(item))
		}
		return wording.Label(lang, casework.Outcome(item))
	case statistics.Schemes:
		scheme, state, _ := strings.Cut(item, " ")
		return wording.Label(lang, track.Scheme(scheme)) + ": " + wording.Label(lang, track.TrainingState(state))
	case statistics.Regions:
		if place, known := tree.Get(region.Code(item)); known {
			return place.Name
		}
	case statistics.Funnel, statistics.Placements, statistics.Providers:
	}
	if text, known := wording.Text(lang, "result."+string(report)+"."+item); known {
		return text
	}
	return item
}

// counted is when the figures were counted, as text; empty before the first count.
func (r Results) counted(layout string) string {
	if r.CountedAt == nil {
		return ""
	}
	return r.CountedAt.Format(layout)
}

// tableOf writes a report as CSV. A provider's name may begin like a formula, which a spreadsheet must not run.
func tableOf(r Results) []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	_ = w.Write([]string{"item", "name", "n", "days", "counted_at"}) // a buffer has no errors
	for _, row := range r.Items {
		_ = w.Write([]string{export.Harmless(row.Item), export.Harmless(row.Name), row.figure(), strconv.Itoa(row.Days),
			r.counted(time.RFC3339)})
	}
	w.Flush()
	return out.Bytes()
}

// hiddenFigure stands in tables and charts for a number that is hidden.
const hiddenFigure = "*"

func (row ResultRow) figure() string {
	if row.N == nil {
		return hiddenFigure
	}
	return strconv.Itoa(*row.N)
}

// bar is one row of a chart, in the units of its picture.
type bar struct {
	Name, N  string
	Y, Width int
}

// The measures of a chart.
const (
	barMost   = 420
	barStep   = 26
	barTop    = 60
	mostBars  = 60
	chartWide = 760
)

// A bar of each item, long as its figure, with both in words, so that it can be read aloud, too.
var chart = template.Must(template.New("chart").Parse(`<svg xmlns="http://www.w3.org/2000/svg" role="img"
 width="{{.Wide}}" height="{{.High}}" viewBox="0 0 {{.Wide}} {{.High}}" font-family="sans-serif" font-size="13">
<title>{{.Title}}</title><rect width="100%" height="100%" fill="#fff"/>
<text x="16" y="24" font-size="17">{{.Title}}</text><text x="16" y="44" fill="#555">{{.At}}</text>
{{range .Bars}}<g><title>{{.Name}}: {{.N}}</title><text x="250" y="{{.Y}}" text-anchor="end">{{.Name}}</text>
<rect x="260" y="{{.Y}}" transform="translate(0 -13)" width="{{.Width}}" height="17" fill="#1f5fa8"/>
<text x="{{.Width}}" y="{{.Y}}" transform="translate(268 0)">{{.N}}</text></g>
{{end}}</svg>`))

func chartOf(r Results, title string) ([]byte, error) {
	most := 1
	for _, row := range r.Items {
		most = max(most, valueOf(row.N))
	}
	bars := make([]bar, 0, len(r.Items))
	for i, row := range r.Items[:min(len(r.Items), mostBars)] {
		name := []rune(export.Printable(row.Name))
		if len(name) > 34 {
			name = append(name[:33], '…')
		}
		bars = append(bars, bar{string(name), row.figure(), barTop + barStep*(i+1), barMost * valueOf(row.N) / most})
	}
	var out bytes.Buffer
	err := chart.Execute(&out, map[string]any{"Title": title, "At": r.counted("2006-01-02 15:04 UTC"), "Bars": bars,
		"Wide": chartWide, "High": barTop + barStep*(len(bars)+2)})
	if err != nil {
		return nil, fmt.Errorf("draw chart: %w", err)
	}
	return out.Bytes(), nil
}
