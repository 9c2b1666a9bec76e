package console

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/tanggap/tanggap/pkg/calendar"
)

func (c *Console) registerAudit() {
	c.page(http.MethodGet, "/audit", "page-audit", "access-list", (*visit).audit)
	c.page(http.MethodGet, "/audit/akses", "page-access", "access-list", (*visit).access)
	c.page(http.MethodGet, "/audit/akses/pekerja", "page-seen", "access-seen", (*visit).seen)
	c.page(http.MethodGet, "/audit/temuan/{id}/{finding}", "page-finding", "finding-list", (*visit).finding)
	c.page(http.MethodGet, "/audit/sampel", "page-samples", "sample-list", (*visit).samples)
	c.page(http.MethodGet, "/audit/sampel/{id}", "page-sample", "sample-get", (*visit).sample)
	c.page(http.MethodGet, "/audit/bukti", "page-proof", "export-list", (*visit).proof)
	c.formOf(thing{path: "/audit/sampel", id: "samples", get: "sample-get"}, "/audit/sampel/buat/sample-draw",
		"sample-draw")
}

// audit is the start of an auditor's day: what waits, and where to look.
func (v *visit) audit() error {
	p := paper{Lead: v.T("console.audit_lead")}
	for _, to := range []struct{ op, path, name string }{
		{"access-list", "/audit/akses", "console.page-access"}, {"sample-list", "/audit/sampel", "console.page-samples"},
		{"finding-list-all", "/audit/temuan", "console.page-findings"},
		{"access-alarms", "/audit/alarm", "console.page-alarms"},
		{"emergency-list", "/audit/darurat", "console.page-emergencies"},
		{"export-list", "/ekspor", "console.page-exports"}, {"export-list", "/audit/bukti", "console.page-proof"},
		{"policy-explain", "/hak", "console.page-why"},
	} {
		if v.may(v.actions[to.op].Action) {
			p.Links = append(p.Links, link{Text: v.T(to.name), Path: to.path})
		}
	}
	for _, w := range []struct {
		title, op, path string
		q               url.Values
		linkOf          func(map[string]any) string
		columns         []string
	}{
		{"console.findings_answered", "finding-list-all", "/audit/temuan?state=answered",
			url.Values{"state": {"answered"}}, findingPage, findingColumns},
		{"console.findings_open", "finding-list-all", "/audit/temuan?state=open", url.Values{"state": {"open"}}, findingPage,
			findingColumns},
		{"console.emergencies_open", "emergency-list", "/audit/darurat", url.Values{"open": {"true"}}, emergencyPage,
			[]string{"name", "region", "opened_at", "until", "reason"}},
		{"console.page-alarms", "access-alarms", "/audit/alarm", nil, alarmPage, alarmColumns},
		{"console.exports_mine", "export-list", "/ekspor", nil, func(x map[string]any) string {
			return "/ekspor/" + text(x["id"])
		}, []string{"created_at", "format", "profile", "state"}},
	} {
		if !v.may(v.actions[w.op].Action) {
			continue
		}
		part, err := v.few(v.T(w.title), w.op, w.path, w.q, w.linkOf, w.columns...)
		if err != nil {
			return err
		}
		p.Parts = append(p.Parts, part)
	}
	v.paper(http.StatusOK, v.T("console.page-audit"), p)
	return nil
}

var (
	findingColumns = []string{"severity", "state", "region", "found_at", "found_by", "text"}
	alarmColumns   = []string{"name", "hour", "kind", "subjects", "most", "raised_at"}
)

// findingPage is where a finding is read.
func findingPage(f map[string]any) string {
	return "/audit/temuan/" + url.PathEscape(text(f["case"])) + "/" + url.PathEscape(text(f["id"]))
}

// emergencyPage is where an emergency access is judged.
func emergencyPage(x map[string]any) string { return "/audit/darurat/" + url.PathEscape(text(x["id"])) }

// alarmPage is what the officer of an alarm was shown in its hour.
func alarmPage(a map[string]any) string {
	at, err := time.Parse(time.RFC3339Nano, text(a["hour"]))
	if err != nil {
		return "/audit/akses?officer=" + url.QueryEscape(text(a["officer"]))
	}
	q := url.Values{"officer": {text(a["officer"])}, "hour": {at.UTC().Format(time.RFC3339)}}
	return "/audit/akses?" + q.Encode()
}

// access tells who was shown a worker, or what an officer was shown.
func (v *visit) access() error {
	q := v.query()
	p := paper{Lead: v.T("console.access_lead"), Back: v.toAudit(), Ask: v.askAccess(q)}
	if q.Get("officer") == "" && q.Get("case") == "" {
		p.Parts = []section{{Text: v.T("console.access_of_whom")}}
		v.paper(http.StatusOK, v.T("console.page-access"), p)
		return nil
	}
	if q.Get("case") != "" {
		p.Back = link{Text: v.T("console.open_case"), Path: "/kasus/" + url.PathEscape(q.Get("case"))}
	}
	part, said, err := v.accessTable(q)
	if err != nil {
		return err
	}
	p.Parts, p.Said = []section{part}, said
	if q.Get("officer") != "" {
		next := url.Values{"officer": q["officer"], "from": q["from"], "until": q["until"], "hour": q["hour"]}
		p.Links = append(p.Links, link{Text: v.T("console.page-seen"), Path: "/audit/akses/pekerja?" + given(next).Encode()})
	}
	v.paper(http.StatusOK, v.T("console.page-access"), p)
	return nil
}

func (v *visit) askAccess(q url.Values) *asked {
	a := &asked{Path: v.r.URL.Path, Button: v.T("console.apply"), Fields: []field{v.choiceOf("officer", v.officers()),
		v.dayOf("from"), v.dayOf("until")}}
	for _, name := range []string{"case", "hour"} { // an hour of an alarm holds until other days are chosen
		if name == "case" && q.Has(name) {
			a.Fields = append(a.Fields, field{Name: name, Kind: hidden, Value: q.Get(name)})
		}
	}
	return a
}

// accessTable is the record of access as a table; what the API has to say to the choice stands above it.
func (v *visit) accessTable(q url.Values) (part section, said string, err error) {
	var l struct {
		Items []struct {
			At                                               string
			Officer, Name, Action, Route, Outcome, Emergency string
			Subjects                                         []string
		}
		Next string `json:"next_cursor"`
	}
	_, err = v.get("/v1/access", v.accessQuery(q), &l)
	if said, err = v.saidOf(err); err != nil {
		return part, "", err
	}
	t := &table{Empty: v.T("console.access_none"), Next: v.nextPage(q, l.Next)}
	for _, name := range []string{"at", "officer", "opened_what", "workers", "outcome", "emergency"} {
		t.Heads = append(t.Heads, v.Label(name))
	}
	for _, it := range l.Items {
		who := cell{Text: v.T("console.n_workers", "n", v.number(strconv.Itoa(len(it.Subjects))))}
		if len(it.Subjects) == 1 {
			who = cell{Text: v.T("console.open_case"), Link: "/kasus/" + it.Subjects[0]}
		}
		urgent := cell{Text: v.T("fact.no")}
		if it.Emergency != "" {
			urgent = cell{Text: v.T("fact.yes"), Over: true}
		}
		t.add(row{Cells: []cell{{Text: v.moment(it.At)}, {Text: it.Name}, {Text: v.wordsOf(it.Route)}, who,
			{Text: v.Code("accesslog.outcome", it.Outcome), Over: it.Outcome == "refused"}, urgent}})
	}
	return section{Table: t}, said, nil
}

// add appends a row whose cells are under the heads of the table.
func (t *table) add(r row) {
	for i := range r.Cells {
		r.Cells[i].Label = t.Heads[i]
	}
	t.Rows = append(t.Rows, r)
}

// accessQuery asks for whole days of the visitor's office, or for the hour of an alarm.
func (v *visit) accessQuery(q url.Values) url.Values {
	out := url.Values{"officer": q["officer"], "case": q["case"], "cursor": q["cursor"]}
	if hour, err := time.Parse(time.RFC3339, q.Get("hour")); err == nil {
		out.Set("from", hour.Format(time.RFC3339))
		out.Set("until", hour.Add(time.Hour).Format(time.RFC3339))
	}
	for name, after := range map[string]int{"from": 0, "until": 1} { // until the end of its day
		if typed := q.Get(name); typed != "" {
			out.Set(name, v.startOf(typed, after))
		}
	}
	return given(out)
}

// startOf is the first moment of a day that was typed, or of one some days later; what is no day the API refuses.
func (v *visit) startOf(typed string, later int) string {
	d, err := calendar.ParseDate(v.parseDay(typed))
	if err != nil {
		return typed
	}
	d = d.AddDays(later)
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, v.zone().Location()).Format(time.RFC3339)
}

// given leaves out what chooses nothing.
func given(q url.Values) url.Values {
	for name := range q {
		if q.Get(name) == "" {
			q.Del(name)
		}
	}
	return q
}

// saidOf takes a refusal of what was chosen for a sentence above the page; any other is an answer of its own.
func (v *visit) saidOf(err error) (string, error) {
	if err == nil {
		return "", nil
	}
	no, again := mendable(err)
	if !again || no.status >= http.StatusInternalServerError {
		return "", err
	}
	if len(no.Errors) > 0 {
		return no.Errors[0].Detail, nil
	}
	return no.Detail, nil
}

// seen tells of every worker whom an officer was shown, for telling those concerned of a breach.
func (v *visit) seen() error {
	q := v.query()
	p := paper{Lead: v.T("console.seen_lead"), Ask: v.askAccess(q),
		Back: link{Text: v.T("console.page-access"), Path: "/audit/akses"}}
	if q.Get("officer") != "" {
		var l listed
		_, err := v.get("/v1/access/seen", v.accessQuery(q), &l)
		if p.Said, err = v.saidOf(err); err != nil {
			return err
		}
		t := v.tableOf("access-seen", l.Items, "last", "first", "region", "files", "lists", "exports", "answers")
		for i := range t.Rows {
			t.Rows[i].Link = "/kasus/" + text(l.Items[i]["case"])
		}
		t.Next, t.Empty = v.nextPage(q, l.Next), v.T("console.access_none")
		p.Parts = []section{{Table: &t}}
	} else {
		p.Parts = []section{{Text: v.T("console.seen_of_whom")}}
	}
	v.paper(http.StatusOK, v.T("console.page-seen"), p)
	return nil
}

func (v *visit) toAudit() link {
	if !v.may(v.actions["access-list"].Action) {
		return link{}
	}
	return link{Text: v.T("console.page-audit"), Path: "/audit"}
}
