package console

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

func (c *Console) registerReports() {
	c.page(http.MethodGet, "/laporan", "page-reports", "report-list", (*visit).reports)
	c.page(http.MethodGet, "/laporan/{report}", "page-report", "report-get", (*visit).report)
	for path, format := range map[string]string{"gambar": "svg", "csv": "csv", "xlsx": "xlsx"} {
		c.page(http.MethodGet, "/laporan/{report}/"+path, "give-report-"+format, "report-get", func(v *visit) error {
			q := v.query()
			q.Set("format", format)
			q.Set("lang", v.lang())
			return v.pass("/v1/reports/" + url.PathEscape(v.at("report")) + "?" + q.Encode())
		})
	}
}

// reportKind is a report as the API lists it.
type reportKind struct {
	Report, Label string
	By, Usual     []string
}

func (v *visit) reportKinds() (kinds []reportKind, err error) {
	var l struct{ Items []reportKind }
	_, err = v.get("/v1/reports", nil, &l)
	return l.Items, err
}

func (v *visit) reports() error {
	kinds, err := v.reportKinds()
	if err != nil {
		return err
	}
	var t table
	t.Heads = []string{v.T("console.page-reports")}
	for _, k := range kinds {
		t.Rows = append(t.Rows, row{Link: "/laporan/" + k.Report, Cells: []cell{{Text: k.Label}}})
	}
	v.render(http.StatusOK, "table", v.T("console.page-reports"), struct {
		Table   table
		Groups  []group
		Heading string
		Makes   []link
	}{t, nil, v.T("console.page-reports"), nil})
	return nil
}

// figures is a report as the API answers it.
type figures struct {
	Title       string
	RegionName  string `json:"region_name"`
	BasisLabel  string `json:"basis_label"`
	From, Until string
	By          []string
	Columns     []struct {
		Figure, Label string
		UnitLabel     string `json:"unit_label"`
	}
	Items     []figureRow
	Totals    map[string]int64
	Overlaps  bool
	More      bool
	CountedAt string `json:"counted_at"`
	KnownAt   string `json:"known_at"`
}

type figureRow struct {
	Keys        []struct{ By, Code, Label string }
	Item, Label string
	Values      map[string]int64
	Hidden      []string
}

// report shows figures as a picture and as its table.
func (v *visit) report() error {
	kinds, err := v.reportKinds()
	if err != nil {
		return err
	}
	q := v.query()
	var f figures
	if _, err := v.get("/v1/reports/"+url.PathEscape(v.at("report")), q, &f); err != nil {
		return err
	}
	by := group{Label: v.T("console.by")}
	if i := slices.IndexFunc(kinds, func(k reportKind) bool { return k.Report == v.at("report") }); i >= 0 {
		for _, one := range kinds[i].By {
			l := v.choice("by", one, v.Code("statistics.grouping", one))
			l.On = slices.Contains(f.By, one)
			by.Links = append(by.Links, l)
		}
	}
	v.render(http.StatusOK, "report", f.Title, struct {
		shown
		Groups        []group
		Month, Chosen string
	}{v.shownAs(v.r.URL.Path, q, f), []group{by}, q.Get("month"), q.Get("by")})
	return nil
}

func (v *visit) span(f figures) string {
	var parts []string
	if f.RegionName != "" {
		parts = append(parts, f.RegionName)
	}
	if f.From != "" || f.Until != "" {
		parts = append(parts, strings.TrimSpace(v.Day(f.From)+" – "+v.Day(f.Until)))
	}
	if f.BasisLabel != "" {
		parts = append(parts, f.BasisLabel)
	}
	return strings.Join(parts, ", ")
}

// figureTable has a row for each line of a report, and its totals where they mean something.
func (v *visit) figureTable(f figures) table {
	t := table{Empty: v.T("console.nothing")}
	for _, by := range f.By {
		t.Heads = append(t.Heads, v.Code("statistics.grouping", by))
	}
	itemised := slices.ContainsFunc(f.Items, func(one figureRow) bool { return one.Item != "" })
	if itemised {
		t.Heads = append(t.Heads, v.T("console.item"))
	}
	for _, c := range f.Columns {
		head := c.Label
		if c.UnitLabel != "" {
			head += " (" + c.UnitLabel + ")"
		}
		t.Heads = append(t.Heads, head)
	}
	for _, one := range f.Items {
		var r row
		for _, k := range one.Keys {
			r.Cells = append(r.Cells, cell{Text: k.Label})
		}
		if itemised {
			r.Cells = append(r.Cells, cell{Text: one.Label})
		}
		for _, c := range f.Columns {
			r.Cells = append(r.Cells, cell{Text: v.figure(one.Values, one.Hidden, c.Figure), Number: true})
		}
		t.Rows = append(t.Rows, r)
	}
	if len(f.Totals) > 0 && len(f.Items) > 1 {
		var r row
		for i := range len(t.Heads) - len(f.Columns) {
			r.Cells = append(r.Cells, cell{Text: map[bool]string{true: v.T("console.total")}[i == 0]})
		}
		for _, c := range f.Columns {
			r.Cells = append(r.Cells, cell{Text: v.figure(f.Totals, nil, c.Figure), Number: true})
		}
		t.Rows = append(t.Rows, r)
	}
	for i := range t.Rows {
		for j := range t.Rows[i].Cells {
			t.Rows[i].Cells[j].Label = t.Heads[j]
		}
	}
	return t
}

// figure is a number in words: hidden, or not known, is not zero.
func (v *visit) figure(values map[string]int64, hidden []string, name string) string {
	n, known := values[name]
	switch {
	case slices.Contains(hidden, name):
		return v.T("console.few")
	case !known:
		return ""
	}
	return v.number(strconv.FormatInt(n, 10))
}
