package console

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tanggap/tanggap/pkg/casework"
)

func (c *Console) registerOffice() {
	c.page(http.MethodGet, "/kantor", "page-office", "office-load", (*visit).office)
}

// stalledFor is after how many days without a change a case is told to be stuck.
const stalledFor = 30

// officerLine is the load of an officer, with what can be done about it.
type officerLine struct {
	Cells          []cell
	See, Hand, Who string
	Absent         bool
}

// officePage is the morning of a head.
type officePage struct {
	Region             string
	Regions            []option
	Tops               []top
	Places             []place // the stages
	Figure             string
	Waiting            []top
	Heads              []string
	Officers           []officerLine
	Offices            table
	Stalled            top
	Trend              template.HTML
	TrendTable         table
	Note               string
	OfficersCSV, Sheet string
	Cut                bool // there are more offices than are shown
	Some               bool // something waits that was counted
}

// office shows a head the caseload by stage, what is late or near, who has how much, what waits for the head, and what
// got stuck.
func (v *visit) office() error {
	q := url.Values{}
	page := officePage{Region: v.query().Get("region"), Regions: v.regionsOf("office-load"), Figure: v.T("console.cases"),
		OfficersCSV: "/laporan/load/csv?by=officer", Sheet: "/laporan/load/xlsx?by=officer"}
	if page.Region != "" {
		q.Set("region", page.Region)
		page.OfficersCSV, page.Sheet = page.OfficersCSV+"&region="+url.QueryEscape(page.Region),
			page.Sheet+"&region="+url.QueryEscape(page.Region)
	}
	for i := range page.Regions {
		page.Regions[i].On = page.Regions[i].Value == page.Region
	}
	for _, part := range []func(*officePage, url.Values) error{v.officeLoads, v.officeStages, v.officeWaiting,
		v.officeStalled, v.officeTrend} {
		if err := part(&page, q); err != nil {
			return err
		}
	}
	v.render(http.StatusOK, "office", v.T("console.page-office"), page)
	return nil
}

// regionsOf are the regions in which the caller may do something: theirs, and those directly below.
func (v *visit) regionsOf(op string) (list []option) {
	for _, code := range v.Edge.ScopeOf(v.ctx(), v.actions[op].Action).Regions() {
		if code != "" {
			list = append(list, option{Value: string(code), Label: v.Region(string(code))})
		}
		for _, r := range v.Tree.Children(code) {
			list = append(list, option{Value: string(r.Code), Label: r.Name})
		}
	}
	if len(list) == 1 { // nothing to choose
		return nil
	}
	return list
}

// officeLoads are the numbers on top, and the load of each officer and office.
func (v *visit) officeLoads(p *officePage, q url.Values) error {
	var offices, officers listed
	if _, err := v.get("/v1/offices/load", q, &offices); err != nil {
		return err
	}
	asked := url.Values{"limit": {"200"}}
	if p.Region != "" {
		asked.Set("region", p.Region)
	}
	if _, err := v.get("/v1/officers/load", asked, &officers); err != nil {
		return err
	}
	for _, t := range []struct{ field, filter string }{{"open", ""}, {"overdue", "due=overdue"}, {"due", "due=today,week"},
		{"unassigned", "officer=none"}} {
		sum := 0
		for _, o := range offices.Items {
			sum += whole(o[t.field])
		}
		p.Tops = append(p.Tops, top{Value: v.number(strconv.Itoa(sum)), Label: strings.ToLower(v.Label(t.field)),
			Link: v.casesWith(t.filter, p.Region)})
	}
	load := []string{"open", "overdue", "due", "changed", "closed"}
	shown := offices.Items
	if len(shown) > fewPlaces { // of the nation those with the most
		shown = slices.SortedStableFunc(slices.Values(shown), func(a, b map[string]any) int {
			return whole(b["open"]) - whole(a["open"])
		})[:fewPlaces]
		shown = slices.DeleteFunc(shown, func(o map[string]any) bool { return whole(o["open"]) == 0 })
		p.Cut = true
	}
	p.Offices = v.tableOf("office-load", shown, append([]string{"name"}, append(load, "unassigned")...)...)
	for i, o := range shown {
		p.Offices.Rows[i].Link = "/kasus?region=" + text(o["region"])
	}
	t := v.tableOf("officer-load", officers.Items, append([]string{"office"}, load...)...)
	p.Heads = t.Heads
	for i, o := range officers.Items {
		id := text(o["officer"])
		line := officerLine{Cells: t.Rows[i].Cells, Who: text(o["name"]), See: "/kasus?officer=" + id,
			Absent: o["active"] == false}
		if v.may(v.actions["officer-handover"].Action) && whole(o["open"]) > 0 {
			line.Hand = "/petugas/" + id + "/buat/officer-handover"
		}
		p.Officers = append(p.Officers, line)
	}
	return nil
}

// casesWith is the caseload under a filter, of open cases where the filter does not say so by itself.
func (v *visit) casesWith(filter, of string) string {
	if !v.may(v.actions["case-list"].Action) {
		return ""
	}
	parts := []string{"stage=" + openStages()}
	if filter != "" {
		parts = append(parts, filter)
	}
	if of != "" {
		parts = append(parts, "region="+url.QueryEscape(of))
	}
	return "/kasus?" + strings.Join(parts, "&")
}

// openStages are the stages of cases that are not closed, as a filter of the list.
func openStages() string {
	var open []string
	for _, s := range casework.Stages() {
		if s != casework.Closed {
			open = append(open, string(s))
		}
	}
	return strings.Join(open, ",")
}

// officeStages is the caseload by stage.
func (v *visit) officeStages(p *officePage, q url.Values) error {
	if !v.may(v.actions["case-counts"].Action) {
		return nil
	}
	var counts struct {
		Stages map[string]int64
		Hidden []string
	}
	if _, err := v.get("/v1/cases/counts", q, &counts); err != nil {
		return err
	}
	var names []link
	var numbers []count
	for _, s := range casework.Stages() {
		if s == casework.Closed {
			continue
		}
		l := link{Text: v.Code("casework.stage", string(s))}
		if v.may(v.actions["case-list"].Action) {
			l.Path = "/kasus?stage=" + string(s)
			if p.Region != "" {
				l.Path += "&region=" + url.QueryEscape(p.Region)
			}
		}
		n, known := counts.Stages[string(s)]
		names, numbers = append(names, l), append(numbers, count{n, known, slices.Contains(counts.Hidden, string(s))})
	}
	p.Places = v.bars(names, numbers, "")
	return nil
}

// whole is a number of an answer.
func whole(value any) int {
	n, is := value.(interface{ Int64() (int64, error) })
	if !is {
		return 0
	}
	i, _ := n.Int64()
	return int(i)
}
