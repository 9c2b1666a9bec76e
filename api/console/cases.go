package console

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

func (c *Console) registerCases() {
	c.page(http.MethodGet, "/kasus", "page-cases", "case-list", (*visit).caseload)
	for _, format := range listFiles {
		c.page(http.MethodGet, "/kasus/berkas/"+format, "give-cases-"+format, "case-file", func(v *visit) error {
			q := v.query()
			q.Del("cursor")
			q.Del("limit")
			q.Set("format", format)
			return v.pass("/v1/cases/file?" + q.Encode())
		})
	}
	c.page(http.MethodGet, "/kasus/{id}", "page-case", "case-get", (*visit).casefile)
	c.page(http.MethodGet, "/kasus/{id}/hak", "page-case-rights", "case-rights-sheet", (*visit).sheet)
	c.page(http.MethodGet, "/kasus/{id}/dokumen/{document}", "page-document", "document-content", (*visit).document)
	for _, t := range tabs {
		c.page(http.MethodGet, "/kasus/{id}/"+t.path, "page-case-"+t.path, t.op,
			func(v *visit) error { return v.tab(t) })
	}
}

// listFiles are the forms in which the caseload that is shown can be taken along.
var listFiles = []string{"csv", "xlsx"}

// filesOf are the links to them, under the same filters.
func (v *visit) filesOf(q url.Values) (files []link) {
	for _, format := range listFiles {
		l := link{Text: strings.ToUpper(format), Path: "/kasus/berkas/" + format}
		if len(q) > 0 {
			l.Path += "?" + q.Encode()
		}
		files = append(files, l)
	}
	return files
}

// tab is a part of a case on a page of its own.
type tab struct{ path, op string }

var tabs = []tab{{"klaim", "claim-list"}, {"pelatihan", "training-list"}, {"kerja", "placement-list"},
	{"pencarian", "jobseeker-get"}, {"usaha", "business-list"}, {"tanggapan", "response-list"},
	{"usulan", "proposal-list"}, {"dokumen", "document-list"}, {"mirip", "case-duplicates"}, {"temuan", "finding-list"},
	{"riwayat", "case-history"}}

// facet is a filter of the caseload whose choices are counted.
type facet struct{ name, list string }

var facets = []facet{{"stage", "casework.stage"}, {"due", "casework.due_bucket"}, {"claim", "casework.claim_state"},
	{"outcome", "casework.outcome"}}

func (v *visit) caseload() error {
	q := v.query()
	var l listed
	if _, err := v.get("/v1/cases", q, &l); err != nil {
		return err
	}
	groups, total, err := v.facets(q)
	if err != nil {
		return err
	}
	bulk := v.bulk()
	t := v.tableOf("case-list", l.Items, "name", "nik", "employer", "stage", "claim", "due_on", "region", "officer")
	for i, item := range l.Items {
		t.Rows[i].Link = "/kasus/" + text(item["id"])
		if len(bulk) > 0 {
			t.Rows[i].Pick = text(item["id"]) + ":" + fmt.Sprint(item["version"])
		}
	}
	t.Next = v.nextPage(q, l.Next)
	v.render(http.StatusOK, "cases", v.T("console.page-cases"), struct {
		Table   table
		Groups  []group
		Removes []link
		Sorts   []link
		Total   string
		Text    string
		Keeps   []fact
		Bulk    []link
		Opens   []link
		Files   []link
	}{t, groups, v.removes(q), v.sorts(), total, q.Get("text"), keeps(q), bulk, v.can("/kasus", []string{"case-open"}),
		v.filesOf(q)})
	return nil
}

// facets are the filters with how many cases each of their choices leaves.
func (v *visit) facets(q url.Values) (groups []group, total string, err error) {
	asked := url.Values{}
	for name, values := range q {
		if name != "sort" && name != "cursor" && name != "limit" {
			asked[name] = values
		}
	}
	var counts map[string]json.RawMessage
	if _, err := v.get("/v1/cases/facets", asked, &counts); err != nil {
		return nil, "", err
	}
	for _, f := range facets {
		var by map[string]int
		if json.Unmarshal(counts[f.name], &by) != nil {
			continue
		}
		g := group{Label: v.Label(f.name)}
		if f.name == "due" {
			g.Label = v.T("console.due")
		}
		for _, value := range v.enum("case-list", f.name) {
			if n, counted := by[value]; counted && (n > 0 || slices.Contains(strings.Split(q.Get(f.name), ","), value)) {
				one := v.toggle(q, f.name, value, v.Code(f.list, value))
				one.Count = v.number(strconv.Itoa(n))
				g.Links = append(g.Links, one)
			}
		}
		if len(g.Links) > 0 {
			groups = append(groups, g)
		}
	}
	groups = append(groups, group{Label: v.Label("officer"), Links: []link{v.choice("officer", "", v.T("console.all")),
		v.choice("officer", "me", v.T("console.mine")), v.choice("officer", "none", v.T("console.nobody"))}})
	total = v.number(strings.TrimSpace(string(counts["total"])))
	if string(counts["more"]) == "true" {
		total += "+"
	}
	return groups, total, nil
}

func (v *visit) enum(op, name string) []string {
	var values []string
	if s := v.parameter(op, name); s != nil {
		for _, one := range s.Enum {
			values = append(values, text(one))
		}
	}
	return values
}

// toggle adds a value to a filter that takes several, or takes it away.
func (v *visit) toggle(q url.Values, name, value, label string) link {
	chosen := strings.FieldsFunc(q.Get(name), func(r rune) bool { return r == ',' })
	on := slices.Contains(chosen, value)
	if on {
		chosen = slices.DeleteFunc(chosen, func(one string) bool { return one == value })
	} else {
		chosen = append(chosen, value)
	}
	l := v.choice(name, strings.Join(chosen, ","), label)
	l.On = on
	return l
}

// removes are the filters that are set, each with the address without it.
func (v *visit) removes(q url.Values) []link {
	var out []link
	for _, name := range slices.Sorted(maps.Keys(q)) {
		if name == "sort" || name == "cursor" || name == "limit" {
			continue
		}
		s := v.parameter("case-list", name)
		var words []string
		for one := range strings.SplitSeq(q.Get(name), ",") {
			words = append(words, v.word(name, s, one))
		}
		shown := strings.Join(words, ", ")
		switch {
		case name == "officer" && q.Get(name) == "me":
			shown = v.T("console.mine")
		case name == "officer" && q.Get(name) == "none":
			shown = v.T("console.nobody")
		case shown == "":
			shown = v.T("fact.yes")
		}
		out = append(out, v.choice(name, "", v.Label(name)+": "+shown))
	}
	return out
}

func (v *visit) sorts() []link {
	var out []link
	for _, value := range v.enum("case-list", "sort") {
		out = append(out, v.choice("sort", value, v.Code("casework.sort", value)))
	}
	return out
}

// keeps are the filters that a form for another one carries along.
func keeps(q url.Values) []fact {
	var out []fact
	for _, name := range slices.Sorted(maps.Keys(q)) {
		if name != "text" && name != "cursor" {
			out = append(out, fact{name, q.Get(name)})
		}
	}
	return out
}

// action is what can be done in a case.
type action struct {
	Operation, Label, Part, Code, Reason string
	Month, Entry                         int
	DueOn                                string `json:"due_on"`
	To                                   []struct{ Code, Label string }
	Needs                                []string
	Link                                 string `json:"-"`
}

type actions struct{ Open, Closed []action }

// notToday tells what today is the wrong day for: if it was done on another day, it can still be recorded with that.
func (a action) notToday() bool { return a.Code == "claim.window_closed" }

// head is what every page of a case begins with.
type head struct {
	ID, Name, NIK, Stage, Employer, Officer, Place, Due, Left, Outcome string
	Over                                                               bool
	Version                                                            int
	Tabs                                                               []link
	Back                                                               link
}

// file is a case as the API answers it.
type file struct {
	ID, Region, Stage, Outcome, Officer string
	DueOn                               string `json:"due_on"`
	FollowUpOn                          string `json:"follow_up_on"`
	Version                             int
	Worker                              map[string]any
	History                             []entry
}

type entry struct {
	Seq        int
	Text, Note string
	Actor      string `json:"actor_name"`
	OccurredOn string `json:"occurred_on"`
	RecordedAt string `json:"recorded_at"`
	VoidedBy   int    `json:"voided_by"`
	When, Day  string `json:"-"`
}

func (v *visit) casefile() error {
	id := v.at("id")
	var raw map[string]any
	a, err := v.get("/v1/cases/"+url.PathEscape(id), url.Values{"entries": {"30"}}, &raw)
	if err != nil {
		return err
	}
	var f file
	if err := decode(a.Body, &f); err != nil {
		return err
	}
	var can actions
	if _, err := v.get("/v1/cases/"+url.PathEscape(id)+"/actions", nil, &can); err != nil {
		return err
	}
	for i := range can.Open {
		can.Open[i].Link = v.keepingFrom(formOf(id, can.Open[i]))
	}
	slices.SortStableFunc(can.Open, func(a, b action) int { return urgency(a) - urgency(b) })
	can.Closed = slices.DeleteFunc(can.Closed, func(a action) bool { return a.Code == "authz.forbidden" })
	for i, a := range can.Closed {
		if a.notToday() {
			can.Closed[i].Link = formOf(id, a)
		}
	}
	for i := range f.History {
		e := &f.History[i]
		e.When, e.Day = v.moment(e.RecordedAt), v.Day(e.OccurredOn)
	}
	slices.Reverse(f.History)
	schema := v.Edge.Answer(v.actions["case-get"])
	worker := v.property(schema, "worker")
	delete(raw, "worker")
	v.render(http.StatusOK, "case", v.T("console.case"), struct {
		Head    head
		Can     actions
		Now     []action
		Worker  []fact
		Facts   []fact
		History []entry
		Key     string
		For     string
		Note    bool
		Done    string
		Papers  []link
		Sent    string
	}{v.headOf(f, ""), can, can.Open[:min(6, len(can.Open))], v.facts(worker, f.Worker), v.facts(schema, raw), f.History,
		newKey(), v.forMe(), slices.ContainsFunc(can.Open, func(a action) bool { return a.Operation == "case-note" }),
		v.done(), v.papers(f.ID), v.keepingFrom("/kasus/" + f.ID + "/buat/case-note")})
	return nil
}

// urgency puts what has a day first, then what moves the case on, then corrections.
func urgency(a action) int {
	switch {
	case a.DueOn != "":
		return 0
	case a.Operation == "case-note": // it stands beside
		return 3
	case strings.HasSuffix(a.Operation, "-correct"):
		return 2
	}
	return 1
}

func (f file) name() string { return text(f.Worker["name"]) }

func formOf(id string, a action) string {
	q := url.Values{}
	if a.Part != "" {
		q.Set("part", a.Part)
	}
	if a.Month > 0 {
		q.Set("month", strconv.Itoa(a.Month))
	}
	if a.Entry > 0 {
		q.Set("seq", strconv.Itoa(a.Entry))
	}
	path := "/kasus/" + id + "/buat/" + a.Operation
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path
}

func (v *visit) headOf(f file, on string) head {
	h := head{ID: f.ID, Name: f.name(), NIK: text(f.Worker["nik"]), Stage: v.Code("casework.stage", f.Stage),
		Employer: text(f.Worker["employer"]), Officer: v.nameOf("officer", f.Officer), Place: v.Region(f.Region),
		Version: f.Version}
	if f.Outcome != "" {
		h.Outcome = v.Code("casework.outcome", f.Outcome)
	}
	due := f.DueOn
	if due == "" || f.FollowUpOn != "" && f.FollowUpOn < due {
		due = f.FollowUpOn
	}
	if due != "" {
		h.Due, h.Left, h.Over = v.Day(due), v.Left(due), v.Over(due)
	}
	h.Back = v.back()
	h.Tabs = append(h.Tabs, link{Text: v.T("console.summary"), Path: "/kasus/" + f.ID, On: on == ""})
	if v.may(v.actions["case-rights-sheet"].Action) {
		h.Tabs = append(h.Tabs, link{Text: v.T("console.tab_hak"), Path: "/kasus/" + f.ID + "/hak"})
	}
	for _, t := range tabs {
		if v.may(v.actions[t.op].Action) {
			h.Tabs = append(h.Tabs, link{Text: v.T("console.tab_" + t.path), Path: "/kasus/" + f.ID + "/" + t.path,
				On: on == t.path})
		}
	}
	for i := range h.Tabs {
		h.Tabs[i].Path = v.keepingFrom(h.Tabs[i].Path)
	}
	return h
}

// caseOf reads the case that a page is about, without its history.
func (v *visit) caseOf() (file, error) {
	var f file
	_, err := v.get("/v1/cases/"+url.PathEscape(v.at("id")), url.Values{"entries": {"0"}}, &f)
	return f, err
}

// block is an object of the API in words.
type block struct {
	Title          string
	Facts          []fact
	Link, LinkText string // the text is PDF without any
}

// tab shows what one route of the API tells of a case, each of its objects as a block.
func (v *visit) tab(t tab) error {
	f, err := v.caseOf()
	if err != nil {
		return err
	}
	op := v.actions[t.op]
	var raw map[string]any
	if _, err := v.get(fill(op.Path, map[string]string{"id": v.at("id")}), nil, &raw); err != nil {
		return err
	}
	blocks := v.blocks(v.Edge.Answer(op), raw, "")
	if t.op == "document-list" {
		for i, d := range objects(raw["items"]) {
			blocks[i].Link = "/kasus/" + f.ID + "/dokumen/" + text(d["id"])
		}
	}
	if t.op == "finding-list" {
		for i, d := range objects(raw["items"]) {
			blocks[i].Link, blocks[i].LinkText = findingPage(d), v.T("console.page-finding")
		}
	}
	title := v.T("console.tab_" + t.path)
	v.render(http.StatusOK, "tab", title, struct {
		Head   head
		Title  string
		Blocks []block
	}{v.headOf(f, t.path), title, blocks})
	return nil
}

// sheet shows the worker's sheet of rights as the API makes it: a page for itself, or a PDF.
func (v *visit) sheet() error {
	return v.pass("/v1/cases/" + url.PathEscape(v.at("id")) + "/rights/sheet?" + v.query().Encode())
}

// document gives a scan out as the API does, to be saved and never to be drawn here.
func (v *visit) document() error {
	return v.pass(fill(v.actions["document-content"].Path, map[string]string{"id": v.at("id"),
		"document": v.at("document")}))
}

// pass hands on what the API answers.
func (v *visit) pass(path string) error {
	a, err := v.ask(http.MethodGet, path, "", nil)
	if err != nil {
		return err
	}
	h := v.w.Header()
	for _, name := range []string{"Content-Type", "Content-Disposition"} {
		if value := a.Header.Get(name); value != "" {
			h.Set(name, value)
		}
	}
	h["Content-Security-Policy"] = []string{"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; " +
		"sandbox"}
	v.w.WriteHeader(a.Status)
	_, err = v.w.Write(a.Body)
	return err
}
