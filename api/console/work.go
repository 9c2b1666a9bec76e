package console

import (
	"net/http"
	"net/url"
	"strconv"
)

// doing is the operation that a task of a kind is done with; others lead to the case.
var doing = map[string]string{"claim_decision": "claim-decide", "follow_up": "case-follow-up"}

func (c *Console) registerWork() {
	c.page(http.MethodGet, "/tugas", "page-work", "work-list", (*visit).work)
}

// task is a line of the work list.
type task struct {
	What, Due, Left, Link, Name, NIK, Employer, Stage string
	Over                                              bool
}

// part is a part of the work list: what is late, what is due today, the rest.
type part struct {
	Title string
	Tasks []task
}

func (v *visit) work() error {
	q := v.query()
	if !v.r.URL.Query().Has("officer") {
		q.Set("officer", "me")
	}
	if q.Get("officer") == "semua" {
		q.Del("officer")
	}
	var l struct {
		Items []struct {
			Kind, For string
			DueOn     string `json:"due_on"`
			Overdue   bool
			Case      struct{ ID, Name, NIK, Employer, Stage string }
		}
		Next string `json:"next_cursor"`
	}
	if _, err := v.get("/v1/work", q, &l); err != nil {
		return err
	}
	parts := []part{{Title: v.T("console.late")}, {Title: v.T("console.today")}, {Title: v.T("console.later")}}
	today := v.today().String()
	for _, it := range l.Items {
		at := 2
		switch {
		case it.Overdue:
			at = 0
		case it.DueOn == today:
			at = 1
		}
		t := task{What: v.Code("track.task_kind", it.Kind), Due: v.Day(it.DueOn), Left: v.Left(it.DueOn), Over: it.Overdue,
			Link: "/kasus/" + it.Case.ID, Name: it.Case.Name, NIK: it.Case.NIK, Employer: it.Case.Employer,
			Stage: v.Code("casework.stage", it.Case.Stage)}
		if it.For == "claim" {
			t.What = v.T("console.for_claim")
		}
		if op := doing[it.Kind]; op != "" {
			t.Link += "/buat/" + op
			if q.Has("kind") { // one after the other
				t.Link = v.remember(t.Link)
			}
		}
		parts[at].Tasks = append(parts[at].Tasks, t)
	}
	groups, err := v.workGroups(q)
	if err != nil {
		return err
	}
	v.render(http.StatusOK, "work", v.T("console.work"), struct {
		Parts  []part
		Groups []group
		Next   string
		Empty  bool
	}{parts, groups, v.nextPage(v.r.URL.Query(), l.Next), len(l.Items) == 0})
	return nil
}

// workGroups are whose work is shown and of which kind, with how much there is.
func (v *visit) workGroups(q url.Values) ([]group, error) {
	counted := url.Values{}
	for _, name := range []string{"officer", "region", "office", "until"} {
		if q.Has(name) {
			counted.Set(name, q.Get(name))
		}
	}
	var counts struct {
		Items []struct {
			Kind         string
			Overdue, Due int
		}
		Overdue, Due int
	}
	if _, err := v.get("/v1/work/counts", counted, &counts); err != nil {
		return nil, err
	}
	whose := group{Label: v.T("console.whose"), Links: []link{v.choice("officer", "me", v.T("console.mine")),
		v.choice("officer", "semua", v.T("console.office_all"))}}
	whose.Links[0].On = q.Get("officer") == "me"
	kinds := group{Label: v.Label("kind"), Links: []link{v.choice("kind", "", v.T("console.all"))}}
	kinds.Links[0].Count = strconv.Itoa(counts.Overdue + counts.Due)
	for _, k := range counts.Items {
		one := v.choice("kind", k.Kind, v.Code("track.task_kind", k.Kind))
		one.Count = strconv.Itoa(k.Overdue + k.Due)
		kinds.Links = append(kinds.Links, one)
	}
	return []group{whose, kinds}, nil
}

// pages of lists of the API, for what names one.
var pageFor = map[string]string{"/v1/work": "/tugas", "/v1/vacancies": "/lowongan", "/v1/referrals": "/rujukan",
	"/v1/exports/awaiting": "/persetujuan", "/v1/findings": "/audit/temuan", "/v1/duplicates": "/ganda",
	"/v1/payments": "/pembayaran", "/v1/voids": "/pembatalan", "/v1/emergencies": "/audit/darurat", "/v1/cases": "/kasus"}

func pageOf(list string) string {
	at, err := url.Parse(list)
	if err != nil || pageFor[at.Path] == "" {
		return ""
	}
	q := at.Query()
	if at.Path == "/v1/work" {
		q.Set("officer", "semua")
	}
	return pageFor[at.Path] + "?" + q.Encode()
}

func text(v any) string {
	s, _ := v.(string)
	return s
}
