package console

import (
	"net/http"
	"net/url"
)

func (c *Console) registerPrint() {
	c.page(http.MethodGet, "/kasus/{id}/cetak", "page-case-print", "case-get", (*visit).wholeCase)
}

// papers are what can be made of a case to be printed or given away, and who may ask after it.
func (v *visit) papers(id string) []link {
	at := "/kasus/" + url.PathEscape(id)
	var out []link
	for _, p := range []struct{ op, path, name string }{
		{"case-get", v.keepingFrom(at + "/cetak"), "console.page-case-print"},
		{"case-rights-sheet", at + "/hak?format=pdf", "console.sheet_pdf"},
		{"export-create", "/ekspor/buat/export-create?" + url.Values{"case": {id}, "format": {"dossier"},
			"profile": {"masked"}}.Encode(), "console.dossier"},
		{"access-list", "/audit/akses?case=" + url.QueryEscape(id), "console.who_saw"},
		{"subject-report", "/subjek/" + url.PathEscape(id), "console.page-subject"},
		{"policy-explain", "/hak?case=" + url.QueryEscape(id), "console.page-why"},
	} {
		if v.may(v.actions[p.op].Action) {
			out = append(out, link{Text: v.T(p.name), Path: p.path})
		}
	}
	return out
}

// wholeCase is a case with all its parts on one page, to be printed. Each part is asked for by its own right.
func (v *visit) wholeCase() error {
	schema := v.Edge.Answer(v.actions["case-get"])
	var raw map[string]any
	a, err := v.get("/v1/cases/"+url.PathEscape(v.at("id")), url.Values{"entries": {"0"}}, &raw)
	if err != nil {
		return err
	}
	var f file
	if err := decode(a.Body, &f); err != nil {
		return err
	}
	delete(raw, "worker")
	parts := []printed{{Title: v.T("console.worker"), Blocks: []block{{Facts: v.facts(v.property(schema, "worker"),
		f.Worker)}}}, {Title: v.T("console.case"), Blocks: []block{{Facts: v.facts(schema, raw)}}}}
	for _, t := range tabs {
		op := v.actions[t.op]
		if t.path == "mirip" || !v.may(op.Action) {
			continue
		}
		p := printed{Title: v.T("console.tab_" + t.path)}
		if t.op == "case-history" {
			p.History, err = v.wholeHistory()
		} else {
			var part map[string]any
			_, err = v.get(fill(op.Path, map[string]string{"id": f.ID}), nil, &part)
			p.Blocks = v.blocks(v.Edge.Answer(op), part, "")
		}
		if err != nil {
			return err
		}
		parts = append(parts, p)
	}
	v.render(http.StatusOK, "print", v.T("console.case"), struct {
		Head  head
		Parts []printed
	}{v.headOf(f, "-"), parts})
	return nil
}

// printed is a part of a case on paper.
type printed struct {
	Title   string
	Blocks  []block
	History []entry
}

// wholeHistory is every entry of the case, oldest first.
func (v *visit) wholeHistory() ([]entry, error) {
	var l struct{ Items []entry }
	_, err := v.get(fill(v.actions["case-history"].Path, map[string]string{"id": v.at("id")}), nil, &l)
	for i := range l.Items {
		e := &l.Items[i]
		e.When, e.Day = v.moment(e.RecordedAt), v.Day(e.OccurredOn)
	}
	return l.Items, err
}
