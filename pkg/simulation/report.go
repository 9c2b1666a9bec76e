package simulation

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
)

// WriteCSV writes a row per month and province, by its code and name: people and rupiah under the rules in force and
// under the draft.
func WriteCSV(w io.Writer, tree *region.Tree, now, draft *Result) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"month", "province", "province_name", "people_now", "rupiah_now", "people_draft",
		"rupiah_draft"})
	for _, key := range keys(now, draft) {
		a, b := now.Cells[key], draft.Cells[key]
		province, _ := tree.Get(key.Province)
		_ = out.Write([]string{key.Month.String()[:7], string(key.Province), province.Name, strconv.Itoa(a.People),
			strconv.FormatInt(int64(a.Cost), 10), strconv.Itoa(b.People), strconv.FormatInt(int64(b.Cost), 10)})
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write simulation: %w", err)
	}
	return nil
}

// WriteMonths writes a line per month of the whole country: people and rupiah under the rules in force and under the
// draft.
func WriteMonths(w io.Writer, now, draft *Result) error {
	type sums struct{ now, draft Cell }
	months := make(map[calendar.Date]*sums)
	var order []calendar.Date
	for _, key := range keys(now, draft) {
		m, ok := months[key.Month]
		if !ok {
			m = &sums{}
			months[key.Month], order = m, append(order, key.Month)
		}
		for cell, more := range map[*Cell]Cell{&m.now: now.Cells[key], &m.draft: draft.Cells[key]} {
			cell.People += more.People
			cell.Cost += more.Cost
		}
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(out, "month\tpeople in force\trupiah in force\tpeople draft\trupiah draft\t")
	for _, month := range order {
		m := months[month]
		_, _ = fmt.Fprintf(out, "%s\t%d\t%d\t%d\t%d\t\n", month.String()[:7], m.now.People, m.now.Cost, m.draft.People,
			m.draft.Cost)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write simulation: %w", err)
	}
	return nil
}

func keys(results ...*Result) []Key {
	seen := make(map[Key]bool)
	for _, r := range results {
		for key := range r.Cells {
			seen[key] = true
		}
	}
	list := make([]Key, 0, len(seen))
	for key := range seen {
		list = append(list, key)
	}
	slices.SortFunc(list, func(a, b Key) int {
		if c := a.Month.Compare(b.Month); c != 0 {
			return c
		}
		return strings.Compare(string(a.Province), string(b.Province))
	})
	return list
}

// byMonth sums the cells of each month over the provinces.
func byMonth(r *Result, months []calendar.Date) []money.Rupiah {
	sums := make(map[calendar.Date]money.Rupiah)
	for key, cell := range r.Cells {
		sums[key.Month] += cell.Cost
	}
	out := make([]money.Rupiah, len(months))
	for i, m := range months {
		out[i] = sums[m]
	}
	return out
}

// The chart's measures, in pixels.
const (
	chartWidth, chartHeight     = 960, 420
	chartLeft, chartBottom      = 90, 60
	chartTop, chartRight        = 50, 20
	million                     = 1_000_000
	colourNow, colourDraft      = "#9aa5b1", "#8a1c1c"
	labelEvery, gridLines   int = 2, 4
)

// chart is an SVG that grows: bars of at most height pixels, which top rupiah fill.
type chart struct {
	strings.Builder
	top    money.Rupiah
	height int
}

// WriteSVG draws the cost per month under the rules in force and under the draft, side by side.
func WriteSVG(w io.Writer, now, draft *Result) error {
	var months []calendar.Date
	for _, key := range keys(now, draft) {
		if len(months) == 0 || months[len(months)-1] != key.Month {
			months = append(months, key.Month)
		}
	}
	a, b := byMonth(now, months), byMonth(draft, months)
	c := chart{top: max(1, slices.Max(append(append([]money.Rupiah{0}, a...), b...))),
		height: chartHeight - chartTop - chartBottom}
	c.frame()
	step := (chartWidth - chartLeft - chartRight) / max(len(months), 1)
	for i, m := range months {
		x := chartLeft + i*step
		c.bar(x+step/10, step*2/5, a[i], colourNow)
		c.bar(x+step/2, step*2/5, b[i], colourDraft)
		if i%labelEvery == 0 {
			fmt.Fprintf(&c, `<text x="%d" y="%d" text-anchor="middle">%s</text>`+"\n", x+step/2, chartHeight-chartBottom+20,
				m.String()[:7])
		}
	}
	_, _ = c.WriteString("</svg>\n")
	if _, err := io.WriteString(w, c.String()); err != nil {
		return fmt.Errorf("write chart: %w", err)
	}
	return nil
}

// frame draws the title, the legend and the lines with their amounts.
func (c *chart) frame() {
	fmt.Fprintf(c, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+
		"\n", chartWidth, chartHeight)
	fmt.Fprintf(c,
		`<rect width="%d" height="%d" fill="#fff"/><text x="%d" y="24" font-size="16">JKP per bulan (juta rupiah)</text>`+
			"\n",
		chartWidth, chartHeight, chartLeft)
	fmt.Fprintf(c, `<rect x="560" y="12" width="12" height="12" fill="%s"/><text x="578" y="23">berlaku / in force</text>`,
		colourNow)
	fmt.Fprintf(c, `<rect x="720" y="12" width="12" height="12" fill="%s"/><text x="738" y="23">rancangan / draft</text>`+
		"\n", colourDraft)
	for i := range gridLines + 1 {
		y := chartTop + c.height - c.height*i/gridLines
		fmt.Fprintf(c, `<line x1="%d" y1="%d" x2="%d" y2="%d" stroke="#ddd"/><text x="%d" y="%d" text-anchor="end">%d</text>`+
			"\n", chartLeft, y, chartWidth-chartRight, y, chartLeft-8, y+4, int64(c.top)*int64(i)/int64(gridLines)/million)
	}
}

func (c *chart) bar(x, width int, amount money.Rupiah, colour string) {
	h := int(int64(amount) * int64(c.height) / int64(c.top))
	fmt.Fprintf(c, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"><title>%s</title></rect>`+"\n",
		x, chartTop+c.height-h, width, h, colour, amount)
}
