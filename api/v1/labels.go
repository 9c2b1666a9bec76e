package v1

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/codelist/catalogue"
	"github.com/tanggap/tanggap/pkg/wording"
)

// Label is what a code is called in both languages.
type Label struct {
	Code string `json:"code"`
	ID   string `json:"id"`
	EN   string `json:"en"`
}

// LabelList is a closed list with what its codes are called, in the order in which people read them.
type LabelList struct {
	List   string  `json:"list" doc:"As x-list of a schema names it; history for the kinds of entries, action for operations"`
	Labels []Label `json:"labels" nullable:"false"`
}

type labelsOut struct {
	Body struct {
		Items []LabelList `json:"items" nullable:"false"`
	}
}

func registerLabels(e *rest.API, _ Services) {
	lists := sync.OnceValue(func() []LabelList { return labelsOf(e) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/labels", ID: "label-list", Tag: "reference",
		Summary: "What every code is called, in both languages",
		Description: "All codes that answers and requests have: the values of closed lists, and the kinds of history " +
			"entries.",
		Action: authz.PolicyRead}, func(context.Context, *struct{}) (*labelsOut, error) {
		out := &labelsOut{}
		out.Body.Items = lists()
		return out, nil
	})
}

// labelsOf gathers the closed lists of the program, those that only the API has, and the codes that are called
// something by themselves.
func labelsOf(e *rest.API) []LabelList {
	values := e.Enums()
	for _, l := range catalogue.Lists() {
		values[l.Name] = l.Values
	}
	for _, code := range wording.Codes() {
		for _, list := range []string{"history", "action"} {
			if value, is := strings.CutPrefix(code, list+"."); is {
				values[list] = append(values[list], value)
			}
		}
	}
	out := []LabelList{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		l := LabelList{List: name, Labels: make([]Label, len(values[name]))}
		for i, v := range values[name] {
			l.Labels[i] = Label{v, labelIn("id", name, v), labelIn("en", name, v)}
		}
		out = append(out, l)
	}
	return out
}

// likewise are the lists that have the words of others.
var likewise = map[string][]string{"jkp.reason": {"termination.reason"},
	rest.OtherValues: {"rule.outcome", "rule.result", "prakerja.occupation"}}

// labelIn is the label of a value; one whose list has no words has those of the value itself.
func labelIn(lang, list, value string) string {
	for _, l := range append(append([]string{list}, likewise[list]...), rest.OtherValues) {
		if text, known := wording.Text(lang, l+"."+value); known {
			return text
		}
	}
	return value
}
