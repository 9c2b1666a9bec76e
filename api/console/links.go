package console

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// chosenOf is the list that the visitor chose something of, to go on with it afterwards: a path of ours, or none.
func (v *visit) chosenOf() string { return backTo(v.r.URL.Query().Get(fromName)) }

// cameFrom hands the list on to the next page.
func (v *visit) cameFrom() string {
	if v.chosenOf() == "" {
		return ""
	}
	return "?" + fromName + "=" + url.QueryEscape(v.chosenOf())
}

// remember lets a link lead back to this list, when it shows a part of what there is: by the page of the thing, and
// from a form of a case at once, so that the next one of the list is decided.
func (v *visit) remember(path string) string {
	q := v.query()
	if path == "" || len(q) == 0 || strings.Contains(path, "?") {
		return path
	}
	name := fromName
	if strings.Contains(path, "/buat/") {
		name = thenName
	}
	return path + "?" + name + "=" + url.QueryEscape(v.pathWith(q))
}

// doneAt is the page after something was done: the list that it was chosen of, or this one.
func (v *visit) doneAt(path, op string) string {
	if v.chosenOf() != "" {
		path = v.chosenOf()
	}
	return withDone(path, op)
}

// withDone is an address that says what was done.
func withDone(path, op string) string {
	if strings.Contains(path, "?") {
		return path + "&selesai=" + op
	}
	return path + "?selesai=" + op
}

// can are the operations that the visitor has a right to, as links to their forms.
func (v *visit) can(base string, ops []string) []link {
	var out []link
	for _, op := range ops {
		if r := v.actions[op]; v.may(r.Action) {
			out = append(out, link{Text: v.labelOf(r), Path: base + "/buat/" + op + v.cameFrom()})
		}
	}
	return out
}

// linkOf is where a row of a list leads: to the thing itself, or to the case that it is of.
func (g thing) linkOf(item map[string]any) string {
	if g.link != nil {
		return g.link(item)
	}
	if id := text(item["id"]); id != "" && (g.get != "" || len(g.acts) > 0) {
		return g.path + "/" + id
	}
	if of, is := item["case"].(map[string]any); is {
		return "/kasus/" + text(of["id"])
	}
	if of := text(item["case"]); of != "" {
		return "/kasus/" + of
	}
	return ""
}

// linksOf are what can be done with one thing, and the files that it gives out.
func (v *visit) linksOf(g thing) []link {
	base := g.path + "/" + url.PathEscape(v.at("id"))
	links := v.can(base, g.acts)
	for _, op := range slices.Sorted(maps.Keys(g.gives)) {
		if v.may(v.actions[op].Action) {
			links = append(links, link{Text: v.T(g.gives[op]), Path: base + "/" + op})
		}
	}
	return links
}
