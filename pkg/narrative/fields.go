package narrative

import (
	"reflect"
	"slices"
	"strings"

	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/track"
)

// silent are fields whose values name nothing to a reader, or are told elsewhere: ids of parts, what was replaced, and
// the counters of a program.
var silent = []string{"id", "claim", "training", "class", "vacancy", "application", "assessment", "of", "referral",
	"release", "was", "counted", "undo", "undo_sealed", "sealed", "made", "set", "n", "part", "case", "confidence"}

// rupiah are the fields that hold money, whole rupiah.
var rupiah = []string{"amount", "cost", "grant", "grants", "paid", "wage"}

// percents are the fields that hold a share; -1 is one that nobody knows.
var percents = []string{"attendance"}

// lists are the closed lists of fields that are in no part, by kind and field.
var lists = map[string]reflect.Type{
	"case.advanced.from": reflect.TypeFor[casework.Stage](), "case.advanced.to": reflect.TypeFor[casework.Stage](),
	"case.closed.from": reflect.TypeFor[casework.Stage](), "case.closed.to": reflect.TypeFor[casework.Stage](),
	"case.reopened.from": reflect.TypeFor[casework.Stage](), "case.reopened.to": reflect.TypeFor[casework.Stage](),
	"case.merged.from": reflect.TypeFor[casework.Stage](), "case.merged.to": reflect.TypeFor[casework.Stage](),
	"case.separated.from": reflect.TypeFor[casework.Stage](), "case.separated.to": reflect.TypeFor[casework.Stage](),
	"case.closed.outcome": reflect.TypeFor[casework.Outcome](), "case.merged.outcome": reflect.TypeFor[casework.Outcome](),
	"claim.decided.result": reflect.TypeFor[rule.Outcome](), "claim.stopped.reason": reflect.TypeFor[jkp.StopReason](),
	"custody.moved.from": reflect.TypeFor[region.Code](), "custody.moved.to": reflect.TypeFor[region.Code](),
	"referral.answered.from": reflect.TypeFor[track.ReferralState](),
	"referral.answered.to":   reflect.TypeFor[track.ReferralState](),
	"business.advanced.from": reflect.TypeFor[track.BusinessState](),
	"business.advanced.to":   reflect.TypeFor[track.BusinessState](),
	"prakerja.revoked.from":  reflect.TypeFor[track.PrakerjaState](),
	"prakerja.revoked.to":    reflect.TypeFor[track.PrakerjaState](),
	"case.assigned.from":     officer,
	"case.assigned.to":       officer,
}

var officer = reflect.TypeFor[casework.Assigned]().Field(0).Type

// typeOf is the type of a field in the payload of a kind; nil where only its value tells what it is.
func typeOf(kind, field string) reflect.Type {
	if t, known := lists[kind+"."+field]; known {
		return t
	}
	for _, k := range track.Kinds() {
		a := k.About()
		switch name, corrected := strings.CutSuffix(kind, ".corrected"); {
		case string(a.Moved) == kind && (field == "from" || field == "to"):
			return a.State
		case string(a.Made) == kind, string(a.Moved) == kind, corrected &&
			name == a.Name, strings.HasPrefix(kind, a.Name+"."):
			return fieldType(a.Part, field)
		}
	}
	return nil
}

func fieldType(part reflect.Type, field string) reflect.Type {
	for i := range part.NumField() {
		if name, _, _ := strings.Cut(part.Field(i).Tag.Get("json"), ","); name == field {
			return part.Field(i).Type
		}
	}
	return nil
}

// listOf is the name of the closed list that a type is; empty for any other type.
func listOf(t reflect.Type) string {
	if t == nil || t.Kind() != reflect.String || len(codelist.Of(t)) == 0 {
		return ""
	}
	return codelist.NameOf(t)
}

func isSilent(field string) bool { return slices.Contains(silent, field) }
