package console

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/tanggap/tanggap/pkg/chart"
	"github.com/tanggap/tanggap/pkg/statistics"
)

// officeTrend are the workers laid off in each of twelve months: those with a case, and those whose case is closed.
func (v *visit) officeTrend(p *officePage, q url.Values) error {
	if !v.may(v.actions["report-get"].Action) {
		return nil
	}
	from, until := v.lastMonths(12)
	asked := url.Values{"by": {string(statistics.ByMonth)}, "from": {from.String()}, "until": {until.String()}}
	if p.Region != "" {
		asked.Set("region", q.Get("region"))
	}
	opened, err := v.reportOf(statistics.Funnel, asked)
	if err != nil {
		return err
	}
	closed, err := v.reportOf(statistics.Outcomes, asked)
	if err != nil {
		return err
	}
	p.Note = v.countedAt(opened)
	if p.Note == "" {
		return nil // not counted yet
	}
	return v.trendOf(p, opened.sum(statistics.People, just(statistics.StepOpened)), closed.sum(statistics.People, every))
}

func (v *visit) trendOf(p *officePage, opened, closed map[string]count) error {
	from, _ := v.lastMonths(12)
	sections := []chart.Section{{Name: v.T("console.trend_opened")}, {Name: v.T("console.trend_closed")}}
	p.TrendTable.Heads = []string{v.Code("statistics.grouping", string(statistics.ByMonth)), sections[0].Name,
		sections[1].Name}
	months := strings.Fields(v.T("sheet.months"))
	for i := range 12 {
		first := from.AddMonths(i)
		code := first.String()[:7]
		name := months[first.Month()-1] + " " + strconv.Itoa(first.Year())
		r := row{Cells: []cell{{Text: name, Label: p.TrendTable.Heads[0]}}}
		for n, of := range []map[string]count{opened, closed} {
			c := of[code]
			sections[n].Bars = append(sections[n].Bars, chart.Bar{Name: name, Short: months[first.Month()-1][:3],
				Value: v.words(c, ""), Length: c.n})
			r.Cells = append(r.Cells, cell{Text: v.words(c, ""), Label: p.TrendTable.Heads[n+1], Number: true})
		}
		p.TrendTable.Rows = append(p.TrendTable.Rows, r)
	}
	svg, err := chart.Columns(chart.Picture{Title: v.T("console.trend"), Note: v.T("console.by_layoff"),
		Sections: sections})
	p.Trend = drawn(svg)
	return err
}
