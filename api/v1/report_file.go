package v1

import (
	"strconv"
	"strings"
	"time"

	"github.com/tanggap/tanggap/pkg/chart"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/wording"
)

// hiddenFigure stands in tables and pictures for a number that is hidden.
const hiddenFigure = "*"

// name is that of the file, which is told from others by it.
func (v *reportView) name() string {
	parts := []string{"tanggap", strings.ReplaceAll(string(v.Table.Report), "_", "-")}
	if v.Definition != "" {
		parts = append(parts, strings.ReplaceAll(string(v.Definition), "_", "-"))
	}
	if v.Region != nil {
		parts = append(parts, string(*v.Region))
	}
	if v.From != nil {
		parts = append(parts, "from", v.From.String())
	}
	if v.Until != nil {
		parts = append(parts, "until", v.Until.String())
	}
	if len(v.By) > 0 {
		parts = append(parts, "by")
	}
	for _, g := range v.By {
		parts = append(parts, string(g))
	}
	return strings.Join(parts, "-")
}

// asOf is when the figures were counted, or known; now for those that are counted as they are asked.
func (v *reportView) asOf() time.Time {
	switch {
	case !v.KnownAt.IsZero():
		return v.KnownAt.UTC()
	case v.Table.Report.Shape().Rolled:
		return v.CountedAt
	}
	return v.now.UTC()
}

func stamp(at time.Time, layout string) string {
	if at.IsZero() {
		return ""
	}
	return at.Format(layout)
}

// lines are the report as a table: heads are labels with units, codes stand beside labels, and every line says of which
// days it is and as of when, so that it can stand alone.
func (v *reportView) lines() [][]string {
	shape := v.Table.Report.Shape()
	var head []string
	for _, g := range v.By {
		label := wording.Label(v.lang, g)
		head = append(head, wording.Message(v.lang, "report.code", map[string]string{"of": label}), label)
	}
	if shape.Items {
		label := v.text("report.head_item")
		head = append(head, wording.Message(v.lang, "report.code", map[string]string{"of": label}), label)
	}
	for _, c := range columnsOf(v.lang, v.Table.Report) {
		head = append(head, c.Label+" ("+c.UnitLabel+")")
	}
	if shape.Basis != "" {
		basis := " (" + wording.Label(v.lang, shape.Basis) + ")"
		head = append(head, v.text("report.head_from")+basis, v.text("report.head_until")+basis)
	}
	lines := [][]string{append(head, v.text("report.head_asof"))}
	for i := range v.Rows {
		lines = append(lines, v.line(i))
	}
	if v.More {
		last := make([]string, len(lines[0]))
		last[0] = v.cut()
		lines = append(lines, last)
	}
	return lines
}

func (v *reportView) cut() string {
	return wording.Message(v.lang, "report.cut", map[string]string{"shown": strconv.Itoa(len(v.Rows))})
}

func (v *reportView) line(i int) (line []string) {
	shape, r := v.Table.Report.Shape(), v.Rows[i]
	for n, k := range r.Keys {
		line = append(line, k.Code, v.key(v.By[n], k))
	}
	if shape.Items {
		line = append(line, r.Item, v.item(r.Item))
	}
	for f := range shape.Figures {
		line = append(line, v.cell(i, f))
	}
	if shape.Basis != "" {
		from, until := "", ""
		if v.From != nil {
			from = v.From.String()
		}
		if v.Until != nil {
			until = v.Until.String()
		}
		line = append(line, from, until)
	}
	return append(line, stamp(v.asOf(), time.RFC3339))
}

// numbers are the columns that hold numbers.
func (v *reportView) numbers() (columns []int) {
	first := 2 * len(v.By)
	if v.Table.Report.Shape().Items {
		first += 2
	}
	for f := range v.Table.Report.Shape().Figures {
		columns = append(columns, first+f)
	}
	return columns
}

func (v *reportView) cell(row, figure int) string {
	switch value := v.Rows[row].Values[figure]; {
	case v.hidden[row][figure]:
		return hiddenFigure
	case value == nil:
		return ""
	default:
		return strconv.FormatInt(*value, 10)
	}
}

// picture draws months as columns and anything else as bars.
func (v *reportView) picture() ([]byte, error) {
	p := chart.Picture{Title: v.title(), Note: v.note(), Sections: v.sections(), Own: !v.Table.Report.Shape().Items}
	if left := chart.Trim(p.Sections); left > 0 {
		p.Last = wording.Message(v.lang, "report.more_bars", map[string]string{"n": strconv.Itoa(left)})
	} else if v.More {
		p.Last = v.cut()
	}
	if len(v.By) == 1 && v.By[0] == statistics.ByMonth {
		return chart.Columns(p)
	}
	return chart.Bars(p)
}

// note is the line below the title: which regions and days, as of when, and how many in all.
func (v *reportView) note() string {
	parts := []string{v.text("report.nation")}
	if v.Region != nil {
		parts[0] = v.place(string(*v.Region))
	}
	if v.From != nil || v.Until != nil {
		days := "…–…"
		if v.From != nil {
			days = strings.Replace(days, "…–", v.From.String()+"–", 1)
		}
		if v.Until != nil {
			days = strings.Replace(days, "–…", "–"+v.Until.String(), 1)
		}
		parts = append(parts, days+" "+wording.Label(v.lang, v.Table.Report.Shape().Basis))
	}
	figure := v.Table.Report.Shape().Figures[0]
	if sum := v.Total(0); sum != nil && !v.totals[0] {
		parts = append(parts, wording.Message(v.lang, "report.total", map[string]string{
			"n": strconv.FormatInt(*sum, 10), "unit": wording.Label(v.lang, figure.Unit())}))
	}
	code, at := "report.counted", stamp(v.asOf(), "2006-01-02 15:04 UTC")
	switch {
	case at == "":
		code = "report.not_counted"
	case !v.KnownAt.IsZero():
		code = "report.known"
	}
	return strings.Join(append(parts, wording.Message(v.lang, code, map[string]string{"at": at})), " · ")
}

// sections are the bars: of a report with items one section for each, its first figure drawn and the others told beside
// it; of one without, a section for each figure.
func (v *reportView) sections() (all []chart.Section) {
	place := map[string]int{}
	into := func(name string, b chart.Bar) {
		at, there := place[name]
		if !there {
			at, place[name] = len(all), len(all)
			all = append(all, chart.Section{Name: name})
		}
		all[at].Bars = append(all[at].Bars, b)
	}
	shape, columns := v.Table.Report.Shape(), columnsOf(v.lang, v.Table.Report)
	for i, r := range v.Rows {
		group := v.group(r)
		switch {
		case shape.Items && group == "":
			into("", v.bar(i, 0, v.item(r.Item)))
		case shape.Items:
			into(v.item(r.Item), v.bar(i, 0, group))
		case group == "":
			for f := range shape.Figures {
				into("", v.bar(i, f, columns[f].Label))
			}
		default:
			for f := range shape.Figures {
				into(columns[f].Label+" ("+columns[f].UnitLabel+")", v.bar(i, f, group))
			}
		}
	}
	return all
}

// group names what a row is told apart by.
func (v *reportView) group(r statistics.Row) string {
	names := make([]string, len(r.Keys))
	for i, k := range r.Keys {
		names[i] = v.key(v.By[i], k)
	}
	return strings.Join(names, ", ")
}

// bar draws a figure of a row; with the first of a report with items the others are told.
func (v *reportView) bar(row, figure int, name string) chart.Bar {
	shape, columns := v.Table.Report.Shape(), columnsOf(v.lang, v.Table.Report)
	b := chart.Bar{Name: name, Value: v.cell(row, figure)}
	if len(v.By) == 1 && v.By[0] == statistics.ByMonth {
		b.Short = v.Rows[row].Keys[0].Code
	}
	if value := v.Rows[row].Values[figure]; value != nil && !v.hidden[row][figure] {
		b.Length = *value
	}
	if b.Value == "" {
		b.Value = "–"
	}
	for f := 1; shape.Items && f < len(columns); f++ {
		if cell := v.cell(row, f); cell != "" && cell != hiddenFigure {
			b.Value += " · " + columns[f].Label + " " + cell + " " + columns[f].UnitLabel
		}
	}
	return b
}
