package console

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/chart"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/policies"
)

func (c *Console) registerNation() {
	if c.Tree != nil { // without one the pages are described, and never shown
		file, err := policies.FS.Open("reference/province_tiles.csv")
		if err == nil {
			c.tiles, err = region.LoadTiles(file, c.Tree)
		}
		if err != nil {
			panic("the map of the provinces: " + err.Error())
		}
	}
	c.page(http.MethodGet, "/nasional", "page-nation", "report-get", (*visit).nation)
}

// measured is a figure that the map and its table can show: how it is asked for, and how it is read.
type measured struct {
	name   string
	report statistics.Report
	unit   string
	month  bool              // of this month
	total  statistics.Figure // whose total the report tells
	read   func(figures) map[string]count
}

var nationFigures = []measured{
	{name: "open", report: statistics.Stages, read: func(f figures) map[string]count {
		return f.sum(statistics.People, func(item string) bool { return item != string(casework.Closed) })
	}},
	{name: "overdue", report: statistics.Load, total: statistics.Overdue, read: func(f figures) map[string]count {
		return f.sum(statistics.Overdue, every)
	}},
	{name: "new", report: statistics.Layoffs, month: true, total: statistics.People,
		read: func(f figures) map[string]count { return f.sum(statistics.People, every) }},
	{name: "placed", report: statistics.Funnel, unit: "%", read: func(f figures) map[string]count {
		placed := f.sum(statistics.People, just(statistics.StepPlaced))
		for key, all := range f.sum(statistics.People, just(statistics.StepOpened)) {
			placed[key] = placed[key].of(all)
		}
		return placed
	}},
}

// nationPage is the nation, or a province of it.
type nationPage struct {
	Heading, Counted, Basis, Figure string
	Back                            bool
	Tops                            []top
	Figures                         group
	Map                             template.HTML
	Head                            string // of the places
	Places                          []place
	Reports                         []shown
}

// nation shows the figures of the caller's regions: on a map by province, and by regency of the province that is
// chosen.
func (v *visit) nation() error {
	figure := nationFigures[0]
	if i := slices.IndexFunc(nationFigures, func(m measured) bool { return m.name == v.query().Get("figure") }); i >= 0 {
		figure = nationFigures[i]
	}
	chosen := v.query().Get("region")
	page := nationPage{Heading: v.T("console.page-nation"), Figure: v.T("console.nation_" + figure.name)}
	if chosen != "" {
		page.Heading, page.Back = v.Region(chosen), true
	}
	provinces, f, err := v.told(figure, "", statistics.ByProvince)
	if err != nil {
		return err
	}
	if chosen == "" {
		page.Head = v.Code("statistics.grouping", string(statistics.ByProvince))
		page.Places = v.placesIn("", provinces, figure)
	} else {
		regencies, of, err := v.told(figure, chosen, statistics.ByRegency)
		if err != nil {
			return err
		}
		f, page.Head = of, v.Code("statistics.grouping", string(statistics.ByRegency))
		page.Places = v.placesIn(region.Code(chosen), regencies, figure)
	}
	page.Counted, page.Basis = v.countedAt(f), v.span(f)
	if page.Map, err = v.tileMap(page.Figure, provinces, figure, chosen); err != nil {
		return err
	}
	if page.Tops, page.Figures, err = v.nationTops(figure, chosen); err != nil {
		return err
	}
	if page.Reports, err = v.nationReports(chosen); err != nil {
		return err
	}
	v.render(http.StatusOK, "nation", page.Heading, page)
	return nil
}

// told reads a figure by place; by nothing with an empty grouping.
func (v *visit) told(m measured, of string, by statistics.Grouping) (map[string]count, figures, error) {
	q := url.Values{}
	if by != "" {
		q.Set("by", string(by))
	}
	if of != "" {
		q.Set("region", of)
	}
	if m.month {
		q.Set("month", v.today().String()[:7])
	}
	f, err := v.reportOf(m.report, q)
	if err != nil {
		return nil, f, err
	}
	return m.read(f), f, nil
}

// placesIn are the regions below one that the caller may see, in the order of the reference, each with its number.
func (v *visit) placesIn(parent region.Code, numbers map[string]count, m measured) []place {
	scope := v.Edge.ScopeOf(v.ctx(), v.route.Action)
	var names []link
	var counts []count
	for _, r := range v.Tree.Children(parent) {
		if scope.Intersect(r.Code).Empty() {
			continue
		}
		l := link{Text: r.Name}
		if r.Level == region.Province {
			l.Path = v.nationPath(string(r.Code), m.name)
		} else if v.may(v.actions["case-list"].Action) {
			l.Path = "/kasus?region=" + string(r.Code)
		}
		names, counts = append(names, l), append(counts, numbers[string(r.Code)])
	}
	return v.bars(names, counts, m.unit)
}

func (v *visit) nationPath(code, figure string) string {
	q := url.Values{"figure": {figure}}
	if code != "" {
		q.Set("region", code)
	}
	return "/nasional?" + q.Encode()
}

// tileMap draws the provinces; one outside of the caller's regions has no number and leads nowhere.
func (v *visit) tileMap(title string, numbers map[string]count, m measured, chosen string) (template.HTML, error) {
	scope := v.Edge.ScopeOf(v.ctx(), v.route.Action)
	picture := chart.Map{Title: title, None: v.T("console.no_figure"), Write: func(n int64) string {
		return v.number(strconv.FormatInt(n, 10)) + m.unit
	}}
	for _, t := range v.tiles {
		c := numbers[string(t.Province)]
		tile := chart.Tile{Column: t.Column, Row: t.Row, Short: t.Letters, Name: v.Region(string(t.Province)), Size: c.n,
			Known: c.known && !c.hidden, Value: v.words(c, m.unit), On: string(t.Province) == chosen}
		tile.Mark = "–"
		if tile.Known {
			tile.Mark = v.inThousands(c.n) + m.unit
		}
		if !scope.Intersect(t.Province).Empty() {
			tile.Link = v.nationPath(string(t.Province), m.name)
		}
		picture.Tiles = append(picture.Tiles, tile)
	}
	svg, err := chart.Tiles(picture)
	return drawn(svg), err
}

// inThousands writes a number so that it fits into a tile.
func (v *visit) inThousands(n int64) string {
	if n < 100_000 {
		return v.number(strconv.FormatInt(n, 10))
	}
	return v.T("console.thousands", "n", v.number(strconv.FormatInt(n/1000, 10)))
}

// nationTops are all figures of the region, each with the choice to see it by place.
func (v *visit) nationTops(on measured, chosen string) (tops []top, choice group, err error) {
	choice.Label = v.T("console.figure")
	for _, m := range nationFigures {
		if m.report == statistics.Load && !v.may(v.actions["office-load"].Action) {
			continue
		}
		numbers, f, err := v.told(m, chosen, "")
		if err != nil {
			return nil, choice, err
		}
		all := numbers[""]
		if m.total != "" {
			all.n, all.known = f.Totals[string(m.total)]
		}
		label := v.T("console.nation_" + m.name)
		tops = append(tops, top{Value: v.words(all, m.unit), Label: label, Link: v.nationPath(chosen, m.name)})
		choice.Links = append(choice.Links, link{Text: label, Path: v.nationPath(chosen, m.name), On: m.name == on.name})
	}
	return tops, choice, nil
}

// nationReports are how far workers came, how long it took, and the PHK of twelve months.
func (v *visit) nationReports(chosen string) (list []shown, err error) {
	from, until := v.lastMonths(12)
	for _, r := range []struct {
		report statistics.Report
		q      url.Values
	}{{statistics.Funnel, url.Values{}}, {statistics.Placements, url.Values{}}, {statistics.Layoffs,
		url.Values{"by": {string(statistics.ByMonth)}, "from": {from.String()}, "until": {until.String()}}}} {
		if chosen != "" {
			r.q.Set("region", chosen)
		}
		one, err := v.show(r.report, r.q)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}
