package console

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// refresh is after how many seconds a page about something that is under way is asked for again, without a script.
const refresh = "3"

// export shows one export: how far it is, its file, and what a verification of it would say.
func (v *visit) export(g thing) error {
	var raw map[string]any
	id := v.at("id")
	if _, err := v.get(fill(v.actions[g.get].Path, map[string]string{"id": id}), nil, &raw); err != nil {
		return err
	}
	state, base := text(raw["state"]), g.path+"/"+url.PathEscape(id)
	p := paper{Heading: v.T("console.export_of", "format", v.Code("export.format", text(raw["format"])), "state",
		v.Code("export.state", state)), Back: link{Text: v.T("console.page-exports"), Path: g.path}}
	var file []section
	switch state {
	case "awaiting":
		p.Lead = v.T("console.export_awaiting")
	case "queued", "running":
		v.w.Header().Set("Refresh", refresh)
		p.Lead = v.T("console.export_runs")
		file = []section{{Progress: v.progressOf(raw)}}
	case "ready":
		p.Lead = v.T("console.export_ready")
		if raw["empty"] == true {
			p.Lead = v.T("console.export_empty")
		}
		p.Links = append(p.Links, link{Text: v.T("console.file"), Path: base + "/export-file"})
		file = v.fileSections(raw)
	case "failed":
		p.Lead = v.T(text(raw["failure"]))
	default:
		p.Lead = v.T("console.export_over")
	}
	if state == "awaiting" || state == "queued" || state == "running" || state == "ready" {
		p.Links = append(p.Links, v.can(base, []string{"export-cancel"})...)
	}
	for _, name := range []string{"manifest", "signature", "sha256", "failure", "entries", "total", "state"} {
		delete(raw, name)
	}
	p.Parts = append(file, section{Title: v.T("console.ordered"), Facts: v.facts(v.Edge.Answer(v.actions[g.get]), raw)})
	v.paper(http.StatusOK, v.T("console.page-exports"), p)
	return nil
}

func (v *visit) progressOf(raw map[string]any) *progress {
	done, _ := raw["entries"].(json.Number)
	all, known := raw["total"].(json.Number)
	if !known {
		return &progress{Done: "0", All: "1", Text: v.T("console.export_counting")}
	}
	return &progress{Done: done.String(), All: all.String(), Text: v.T("console.export_progress", "n",
		v.number(done.String()), "all", v.number(all.String()))}
}

// fileSections say how a file that is ready is opened and proved, offline.
func (v *visit) fileSections(raw map[string]any) []section {
	name, format := text(raw["file_name"]), text(raw["format"])
	how := section{Title: v.T("console.how_to_verify"), Text: v.T("console.export_verify"),
		Lines: []string{"tanggap verify '" + strings.ReplaceAll(name, "'", "") + "'", "SHA-256: " + text(raw["sha256"])},
		Links: []link{{Text: v.T("console.page-proof"), Path: "/audit/bukti"}}}
	if format == "dossier" {
		how.Text, how.Lines = v.T("console.dossier_verify"), how.Lines[1:]
	}
	return []section{how, v.answers()}
}
