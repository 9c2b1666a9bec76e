package console

import (
	"net/http"
	"net/url"
	"strconv"
)

// samples lists what was drawn, and leads to drawing the next.
func (v *visit) samples() error {
	var l listed
	q := v.query()
	if _, err := v.get(v.actions["sample-list"].Path, q, &l); err != nil {
		return err
	}
	t := v.tableOf("sample-list", l.Items, "created_at", "region", "from", "until", "seed")
	for i := range t.Rows {
		t.Rows[i].Link = "/audit/sampel/" + text(l.Items[i]["id"])
	}
	t.Empty, t.Next = v.T("console.samples_none"), v.nextPage(q, l.Next)
	v.paper(http.StatusOK, v.T("console.page-samples"), paper{Lead: v.T("console.samples_lead"), Back: v.toAudit(),
		Links: v.can("/audit/sampel", []string{"sample-draw"}), Parts: []section{{Table: &t}}})
	return nil
}

// sample shows the cases that were drawn, each with its findings and the form for one more.
func (v *visit) sample() error {
	var raw map[string]any
	if _, err := v.get(fill(v.actions["sample-get"].Path, map[string]string{"id": v.at("id")}), nil, &raw); err != nil {
		return err
	}
	found, err := v.foundIn(v.at("id"))
	if err != nil {
		return err
	}
	t := &table{Heads: []string{v.T("console.case"), v.T("console.page-findings"), v.labelOf(v.actions["finding-record"])},
		Empty: v.T("console.sample_empty")}
	cases, _ := raw["cases"].([]any)
	for i, one := range cases {
		id := text(one)
		more := "/kasus/" + id + "/buat/finding-record?sample=" + url.QueryEscape(v.at("id"))
		t.add(row{Link: "/kasus/" + id, Cells: []cell{{Text: v.T("console.case_n", "n", strconv.Itoa(i+1))},
			{Text: strconv.Itoa(found[id]), Link: "/kasus/" + id + "/temuan"}, {Text: v.T("console.record"), Link: more}}})
	}
	said := v.T("console.sample_again")
	if raw["reproduced"] != true {
		said = v.T("console.sample_differs")
	}
	delete(raw, "cases")
	v.paper(http.StatusOK, v.T("console.page-sample"), paper{Lead: said,
		Back:  link{Text: v.T("console.page-samples"), Path: "/audit/sampel"},
		Parts: []section{{Facts: v.facts(v.Edge.Answer(v.actions["sample-get"]), raw)}, {Table: t}}})
	return nil
}

// foundIn counts the findings of a sample, case by case.
func (v *visit) foundIn(sample string) (map[string]int, error) {
	count := map[string]int{}
	q := url.Values{"limit": {"200"}}
	for range mostPages {
		var l listed
		if _, err := v.get("/v1/findings", q, &l); err != nil {
			return nil, err
		}
		for _, f := range l.Items {
			if text(f["sample"]) == sample {
				count[text(f["case"])]++
			}
		}
		if l.Next == "" {
			break
		}
		q.Set("cursor", l.Next)
	}
	return count, nil
}

// mostPages is how many pages of a list are read to count in it.
const mostPages = 5

// finding shows one finding with what its office says to it, and what can be done now.
func (v *visit) finding() error {
	var l listed
	if _, err := v.get(fill(v.actions["finding-list"].Path, map[string]string{"id": v.at("id")}), nil, &l); err != nil {
		return err
	}
	for _, f := range l.Items {
		if text(f["id"]) != v.at("finding") {
			continue
		}
		base := "/kasus/" + url.PathEscape(v.at("id"))
		ops := []string{"finding-answer", "finding-settle"}
		switch text(f["state"]) {
		case "answered":
			ops = ops[1:]
		case "settled":
			ops = nil
		}
		links := v.can(base, ops)
		for i := range links {
			links[i].Path += "?" + url.Values{"part": {v.at("finding")}, "dari": {v.r.URL.Path}}.Encode()
		}
		if v.may(v.actions["case-get"].Action) {
			links = append(links, link{Text: v.T("console.open_case"), Path: base})
		}
		v.paper(http.StatusOK, v.T("console.page-finding"), paper{Links: links,
			Back:  link{Text: v.T("console.page-findings"), Path: "/audit/temuan"},
			Parts: v.findingParts(f)})
		return nil
	}
	return notThere()
}

// findingParts tell a finding in the order in which it came about.
func (v *visit) findingParts(f map[string]any) []section {
	parts := []section{{Title: v.Label("finding"), Quote: text(f["text"])}}
	for _, name := range []string{"answer", "settlement"} {
		if text(f[name]) != "" {
			parts = append(parts, section{Title: v.Label(name), Quote: text(f[name])})
		}
		delete(f, name)
	}
	delete(f, "text")
	parts[0].Facts = v.facts(v.itemOf("finding-list"), f)
	return parts
}
