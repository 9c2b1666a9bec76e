package console

import (
	"net/url"
	"strings"
)

// from is the list that the visitor chose something of, to go on with it afterwards: a path of ours, or none.
func (v *visit) from() string {
	if at := inner(v.r.URL.Query().Get("dari")); at != "/" {
		return at
	}
	return ""
}

// cameFrom hands the list on to the next page.
func (v *visit) cameFrom() string {
	if v.from() == "" {
		return ""
	}
	return "?dari=" + url.QueryEscape(v.from())
}

// remember lets a link lead back to this list, when it shows a part of what there is.
func (v *visit) remember(path string) string {
	q := v.query()
	if path == "" || len(q) == 0 || strings.Contains(path, "?") {
		return path
	}
	return path + "?dari=" + url.QueryEscape(v.pathWith(q))
}

// doneAt is the page after something was done: the list that it was chosen of, or this one.
func (v *visit) doneAt(path, op string) string {
	if v.from() != "" {
		path = v.from()
	}
	if strings.Contains(path, "?") {
		return path + "&selesai=" + op
	}
	return path + "?selesai=" + op
}
