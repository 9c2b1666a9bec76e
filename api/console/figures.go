package console

import (
	"html/template"
	"net/url"
	"slices"
	"strconv"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/statistics"
)

// top is a number that a page begins with.
type top struct{ Value, Label, Note, Link string }

// place is a line of a table whose number has a bar.
type place struct {
	Name, Link, Value string
	Bar               int // of a hundred
}

// count is a number that a report tells; what was not counted or may not be shown is not known.
type count struct {
	n             int64
	known, hidden bool
}

// add makes a sum, which is known when all of it is.
func (a count) add(b count) count {
	return count{a.n + b.n, a.known && b.known, a.hidden || b.hidden}
}

// of is a share in percent, rounded down.
func (a count) of(all count) count {
	s := count{known: a.known && all.known && all.n > 0, hidden: a.hidden || all.hidden}
	if s.known {
		s.n = a.n * 100 / all.n
	}
	return s
}

// words are a number as a page writes it.
func (v *visit) words(c count, unit string) string {
	switch {
	case c.hidden:
		return v.T("console.few")
	case !c.known:
		return "–"
	}
	return v.number(strconv.FormatInt(c.n, 10)) + unit
}

// get is a figure of a row.
func (r figureRow) get(figure statistics.Figure) count {
	n, known := r.Values[string(figure)]
	return count{n, known, slices.Contains(r.Hidden, string(figure))}
}

// sum adds up a figure of a report by the first key of its rows, over the items that are chosen; "" is the key of a
// report that is not told apart.
func (f figures) sum(figure statistics.Figure, chosen func(item string) bool) map[string]count {
	sums := map[string]count{}
	for _, r := range f.Items {
		key := ""
		if len(r.Keys) > 0 {
			key = r.Keys[0].Code
		}
		if !chosen(r.Item) {
			continue
		}
		if before, there := sums[key]; there {
			sums[key] = before.add(r.get(figure))
		} else {
			sums[key] = r.get(figure)
		}
	}
	return sums
}

func every(string) bool { return true }

func just(item statistics.Step) func(string) bool {
	return func(one string) bool { return one == string(item) }
}

// shown is a report as a part of a page: its picture, its table, and the files of it.
type shown struct {
	Title, Span, Counted, Picture, CSV, XLSX string
	Table                                    table
	Overlaps, More                           bool
}

// reportOf reads a report.
func (v *visit) reportOf(r statistics.Report, q url.Values) (f figures, err error) {
	_, err = v.get("/v1/reports/"+string(r), q, &f)
	return f, err
}

// show makes a report a part of a page.
func (v *visit) show(r statistics.Report, q url.Values) (shown, error) {
	f, err := v.reportOf(r, q)
	if err != nil {
		return shown{}, err
	}
	return v.shownAs("/laporan/"+string(r), q, f), nil
}

func (v *visit) shownAs(path string, q url.Values, f figures) shown {
	asked := ""
	if encoded := q.Encode(); encoded != "" {
		asked = "?" + encoded
	}
	return shown{Title: f.Title, Span: v.span(f), Counted: v.countedAt(f), Picture: path + "/gambar" + asked,
		CSV: path + "/csv" + asked, XLSX: path + "/xlsx" + asked, Table: v.figureTable(f), Overlaps: f.Overlaps, More: f.More}
}

// countedAt says of when the figures are.
func (v *visit) countedAt(f figures) string {
	switch {
	case f.CountedAt != "":
		return v.T("console.counted", "at", v.moment(f.CountedAt))
	case f.KnownAt != "":
		return v.T("console.known", "at", v.moment(f.KnownAt))
	}
	return ""
}

// bars give the lines their bars, each as long as its number on the scale of the greatest.
func (v *visit) bars(names []link, numbers []count, unit string) []place {
	most := int64(1)
	for _, c := range numbers {
		if c.known && !c.hidden {
			most = max(most, c.n)
		}
	}
	out := make([]place, len(names))
	for i, l := range names {
		out[i] = place{Name: l.Text, Link: l.Path, Value: v.words(numbers[i], unit)}
		if c := numbers[i]; c.known && !c.hidden {
			out[i].Bar = int(c.n * 100 / most)
		}
	}
	return out
}

// lastMonths are the first day of so many months, this one the last of them, and its end.
func (v *visit) lastMonths(n int) (from, until calendar.Date) {
	first := v.today().AddDays(1 - v.today().Day())
	return first.AddMonths(1 - n), first.AddMonths(1).AddDays(-1)
}

// drawn is a picture that stands in the page itself; it was made by a template of ours.
func drawn(svg []byte) template.HTML { return template.HTML(svg) } //nolint:gosec // pkg/chart escapes what it draws
