package console

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tanggap/tanggap/pkg/termination"
)

// stop is a clock of the procedure on the line of its days.
type stop struct {
	Day, Left, Title, State, Party, Since, Stopped string
	Over, Done                                     bool
}

// layoff shows what a layoff is, and its statutory clocks on one line: what was due first stands first.
func (v *visit) layoff(g thing) error {
	id := map[string]string{"id": v.at("id")}
	var raw, clocks map[string]any
	if _, err := v.get(fill(v.actions[g.get].Path, id), nil, &raw); err != nil {
		return err
	}
	if _, err := v.get(fill(v.actions["layoff-clocks"].Path, id), nil, &clocks); err != nil {
		return err
	}
	links := v.linksOf(g)
	if v.may(v.actions["case-list"].Action) {
		links = append(links, link{Text: v.T("console.cases_of_layoff"), Path: "/kasus?layoff=" +
			url.QueryEscape(v.at("id"))})
	}
	v.render(http.StatusOK, "layoff", v.nameIn(g, raw), struct {
		Heading, Back, Done string
		Links               []link
		Stops               []stop
		Blocks              []block
	}{v.nameIn(g, raw), cmp.Or(v.chosenOf(), g.path), v.done(), links, v.stops(objects(clocks["items"])),
		v.blocks(v.Edge.Answer(v.actions[g.get]), raw, "")})
	return nil
}

func (v *visit) stops(clocks []map[string]any) []stop {
	clocks = slices.SortedStableFunc(slices.Values(clocks), func(a, b map[string]any) int {
		return strings.Compare(text(a["due_on"]), text(b["due_on"]))
	})
	out := make([]stop, len(clocks))
	for i, c := range clocks {
		state, due := termination.State(text(c["state"])), text(c["due_on"])
		s := stop{Day: v.Day(due), Title: v.Code("termination.step", text(c["step"])),
			State: v.Code("termination.state", string(state)), Party: v.T("console.party_" + text(c["party"])),
			Since: v.Day(text(c["starts"])), Over: state == termination.Missed, Done: state != termination.Running}
		if state == termination.Running {
			s.Left, s.Over = v.Left(due), v.Over(due)
		}
		if day := text(c["stopped_on"]); day != "" {
			s.Stopped = v.Day(day)
		}
		if bound := text(c["bound"]); bound != "" {
			s.Title = v.Code("termination.bound", bound) + ": " + s.Title
		}
		out[i] = s
	}
	return out
}
