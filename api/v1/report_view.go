package v1

import (
	"fmt"
	"strings"
	"time"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/pkg/wording"
)

// ReportColumn is a figure of a report.
type ReportColumn struct {
	Figure    statistics.Figure `json:"figure"`
	Label     string            `json:"label"`
	Unit      statistics.Unit   `json:"unit"`
	UnitLabel string            `json:"unit_label"`
}

// ReportKey is one of the things that a row is told apart by.
type ReportKey struct {
	By    statistics.Grouping `json:"by"`
	Code  string              `json:"code" doc:"Month, region, division of KBLI, or an id; none where there is no officer or the employer is not known"`
	Label string              `json:"label"`
}

// ReportRow is one line of a report.
type ReportRow struct {
	Keys   []ReportKey                 `json:"keys,omitempty"`
	Item   string                      `json:"item,omitempty" doc:"A code, such as a stage or an outcome; of trainings scheme:state; of providers a name"`
	Label  string                      `json:"label,omitempty" doc:"Of the item"`
	Values map[statistics.Figure]int64 `json:"values" nullable:"false" doc:"By figure. Absent is what is not known, has no meaning, or is hidden"`
	Hidden []statistics.Figure         `json:"hidden,omitempty" doc:"So few people, or giving so few away (see policies/security.md)"`
}

// Report is a table of figures that can stand alone: it says what it counts, of which days and regions, and as of when.
type Report struct {
	Report     statistics.Report           `json:"report"`
	Title      string                      `json:"title"`
	Region     string                      `json:"region,omitempty"`
	RegionName string                      `json:"region_name,omitempty"`
	From       *calendar.Date              `json:"from,omitempty"`
	Until      *calendar.Date              `json:"until,omitempty"`
	Basis      statistics.Basis            `json:"basis,omitempty" doc:"The day that from and until are of"`
	BasisLabel string                      `json:"basis_label,omitempty"`
	Definition statistics.Definition       `json:"definition,omitempty"`
	Measure    statistics.Measure          `json:"measure,omitempty" doc:"Figures of different months of a year to date have no sum"`
	KnownAt    *time.Time                  `json:"known_at,omitempty"`
	By         []statistics.Grouping       `json:"by" nullable:"false"`
	Columns    []ReportColumn              `json:"columns" nullable:"false"`
	Items      []ReportRow                 `json:"items" nullable:"false"`
	Totals     map[statistics.Figure]int64 `json:"totals" nullable:"false" doc:"Absent is what has no sum, or is hidden"`
	Overlaps   bool                        `json:"overlaps" doc:"One worker is in several items: they must not be added up"`
	More       bool                        `json:"more" doc:"Only the greatest rows are told"`
	CountedAt  *time.Time                  `json:"counted_at,omitempty" doc:"When the figures were counted; what happened since is not in them. Absent while nothing was counted yet, and where figures are counted as they are asked"`
	Age        *int                        `json:"age_seconds,omitempty"`
}

// reportView is a report for people: in their language, and without what they may not see.
type reportView struct {
	*statistics.Table
	tree    *region.Tree
	lang    string
	now     time.Time
	measure statistics.Measure
	hidden  [][]bool
	totals  []bool
}

func (v *reportView) hide(seesPeople bool, least int) {
	if seesPeople {
		least = 0
	}
	v.hidden, v.totals = v.Hide(least)
}

func columnsOf(lang string, r statistics.Report) []ReportColumn {
	return listed(r.Shape().Figures, func(f statistics.Figure) ReportColumn {
		return ReportColumn{f, wording.Label(lang, f), f.Unit(), wording.Label(lang, f.Unit())}
	})
}

func (v *reportView) report() Report {
	shape := v.Table.Report.Shape()
	out := Report{Report: v.Table.Report, Title: v.title(), From: v.From, Until: v.Until, Basis: shape.Basis,
		Definition: v.Definition, Measure: v.measure, By: append([]statistics.Grouping{}, v.By...),
		Columns: columnsOf(v.lang, v.Table.Report), Items: make([]ReportRow, len(v.Rows)), More: v.More,
		Totals: map[statistics.Figure]int64{}, Overlaps: shape.Overlaps}
	if v.Region != nil {
		out.Region, out.RegionName = string(*v.Region), v.place(string(*v.Region))
	}
	if shape.Basis != "" {
		out.BasisLabel = wording.Label(v.lang, shape.Basis)
	}
	if !v.KnownAt.IsZero() {
		out.KnownAt = new(v.KnownAt.UTC())
	}
	if !v.CountedAt.IsZero() {
		out.CountedAt, out.Age = &v.CountedAt, new(int(v.now.Sub(v.CountedAt).Seconds()))
	}
	for i := range v.Rows {
		out.Items[i] = v.row(i)
	}
	for f, figure := range shape.Figures {
		if sum := v.Total(f); sum != nil && !v.totals[f] {
			out.Totals[figure] = *sum
		}
	}
	return out
}

func (v *reportView) row(i int) ReportRow {
	r := v.Rows[i]
	out := ReportRow{Item: r.Item, Label: v.item(r.Item), Values: map[statistics.Figure]int64{}}
	for n, k := range r.Keys {
		out.Keys = append(out.Keys, ReportKey{v.By[n], k.Code, v.key(v.By[n], k)})
	}
	for f, figure := range v.Table.Report.Shape().Figures {
		switch {
		case v.hidden[i][f]:
			out.Hidden = append(out.Hidden, figure)
		case r.Values[f] != nil:
			out.Values[figure] = *r.Values[f]
		}
	}
	return out
}

func (v *reportView) title() string {
	title := wording.Label(v.lang, v.Table.Report)
	if v.Definition != "" {
		title += ": " + wording.Label(v.lang, v.Definition)
	}
	return title
}

func (v *reportView) text(code string) string { return wording.Message(v.lang, code, nil) }

func (v *reportView) place(code string) string {
	known, _ := v.tree.Get(region.Code(code)) // a region that is no more still has its figure
	if known.Name == "" {
		return code
	}
	return known.Name
}

// key is what a key is called.
func (v *reportView) key(by statistics.Grouping, k statistics.Key) string {
	switch {
	case by == statistics.ByOfficer && k.Code == "none":
		return v.text("report.no_officer")
	case k.Code == "none":
		return v.text("report.not_known")
	case by == statistics.ByMonth:
		return monthName(v.lang, k.Code)
	case by == statistics.BySector:
		return strings.TrimSpace(k.Code + " " + statistics.Sector(v.lang, k.Code))
	case by == statistics.ByProvince || by == statistics.ByRegency:
		return v.place(k.Code)
	}
	return k.Name
}

// monthName is a month such as 2026-10 in words.
func monthName(lang, month string) string {
	day, err := calendar.ParseDate(month + "-01")
	if err != nil {
		return month
	}
	names := strings.Fields(wording.Message(lang, "sheet.months", nil))
	return fmt.Sprintf("%s %d", names[day.Month()-1], day.Year())
}

// item is what an item is called; one that has no name, such as a provider, is its own.
func (v *reportView) item(code string) string {
	switch v.Table.Report {
	case statistics.Funnel:
		return wording.Label(v.lang, statistics.Step(code))
	case statistics.Stages:
		return wording.Label(v.lang, casework.Stage(code))
	case statistics.Outcomes:
		return wording.Label(v.lang, casework.Outcome(code))
	case statistics.Claims:
		return wording.Label(v.lang, casework.ClaimState(code))
	case statistics.Placements, statistics.Ages:
		return wording.Label(v.lang, statistics.Span(code))
	case statistics.Trainings:
		scheme, state, _ := strings.Cut(code, ":")
		return wording.Label(v.lang, track.Scheme(scheme)) + ": " + wording.Label(v.lang, track.TrainingState(state))
	default:
		return code
	}
}
