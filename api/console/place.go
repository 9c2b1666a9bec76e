package console

import (
	"strings"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/region"
)

// fewPlaces is how many regions are a choice; more are suggested while one is typed.
const fewPlaces = 60

// placeField makes a field one to choose a region in: of the few that the caller works in, or of all.
func (v *visit) placeField(f *field, r rest.Route, name string) {
	f.Kind, f.Hint, f.place = named, v.T("console.hint_place"), true
	if name != "region" && name != "office" || v.Tree == nil { // of a firm, or of where somebody goes: anywhere
		return
	}
	var list []option
	for _, code := range v.Edge.ScopeOf(v.ctx(), r.Action).Regions() {
		if here, known := v.Tree.Get(code); known && (here.Level == region.Regency || name == "office") {
			list = append(list, option{Value: string(code), Label: here.Name})
		}
		for _, below := range v.Tree.Children(code) {
			if below.Level == region.Regency {
				list = append(list, option{Value: string(below.Code), Label: below.Name})
			}
		}
	}
	if len(list) > 0 && len(list) <= fewPlaces && !v.Edge.ScopeOf(v.ctx(), r.Action).National() {
		f.Kind, f.Hint, f.Options = choice, "", list
	}
}

// placeOf is the code of the region that a text names, or the text.
func (v *visit) placeOf(text string) string {
	if v.Tree == nil {
		return text
	}
	for _, r := range v.Tree.All() {
		if strings.EqualFold(r.Name, text) {
			return string(r.Code)
		}
	}
	if place, err := v.Tree.ResolveRegency(text); err == nil {
		return string(place.Code)
	}
	return text
}
