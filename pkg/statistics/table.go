package statistics

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/track"
)

// itemsOf are the items of a report that are known beforehand, in the order in which people read them.
func itemsOf(r Report) []string {
	switch r {
	case Funnel:
		return codelist.Texts(Step("").Values())
	case Stages:
		return codelist.Texts(casework.Stages())
	case Outcomes:
		return slices.DeleteFunc(codelist.Texts(casework.Outcomes()), func(o string) bool {
			return o == string(casework.Duplicate) // counts nowhere: it is no second worker
		})
	case Claims:
		return slices.DeleteFunc(codelist.Texts(casework.ClaimState("").Values()), func(c string) bool {
			return c == string(casework.ClaimNone)
		})
	case Placements, Ages:
		return codelist.Texts(Span("").Values())
	case Trainings:
		var items []string
		for _, scheme := range track.Scheme("").Values() {
			for _, state := range track.TrainingState("").Values() {
				items = append(items, TrainingItem(scheme, state))
			}
		}
		return items
	case AtWork, Providers, Layoffs, Prevention, Matching, Referrals, Load:
	}
	return nil
}

// TrainingItem is the item of the trainings of a scheme that are in a state.
func TrainingItem(scheme track.Scheme, state track.TrainingState) string {
	return string(scheme) + ":" + string(state)
}

// fill adds what was counted and came to nothing: items that are known beforehand, and months between the first and the
// last. Before the first count nothing is a fact, nor is it in a report that was cut.
func (t *Table) fill() {
	if t.More || len(t.Rows) == 0 && len(t.By) > 0 || t.Report.Shape().Rolled && t.CountedAt.IsZero() {
		return
	}
	items := itemsOf(t.Report)
	if t.Report == Trainings || items == nil {
		items = t.itemsThere() // not every scheme has every state
	}
	have := map[string]bool{}
	groups := map[string][]Key{}
	for _, r := range t.Rows {
		have[keyText(r.Keys)+"\x00"+r.Item] = true
		groups[keyText(r.Keys)] = r.Keys
	}
	for _, keys := range t.monthsBetween(groups) {
		for _, item := range items {
			if !have[keyText(keys)+"\x00"+item] {
				t.Rows = append(t.Rows, Row{Keys: keys, Item: item, Values: t.nothing()})
			}
		}
	}
}

func keyText(keys []Key) string {
	text := ""
	for _, k := range keys {
		text += k.Code + "\x00"
	}
	return text
}

func (t *Table) itemsThere() (items []string) {
	for _, r := range t.Rows {
		if !slices.Contains(items, r.Item) {
			items = append(items, r.Item)
		}
	}
	return items
}

// monthsBetween are the groups there are; of a report by month alone, all months between the first and the last.
func (t *Table) monthsBetween(groups map[string][]Key) (all [][]Key) {
	if len(t.By) == 0 {
		return [][]Key{{}}
	}
	var first, last string
	for _, keys := range groups {
		all = append(all, keys)
		if first == "" || keys[0].Code < first {
			first = keys[0].Code
		}
		last = max(last, keys[0].Code)
	}
	if len(t.By) > 1 || t.By[0] != ByMonth {
		return all
	}
	for m := first; m < last; {
		day, err := calendar.ParseDate(m + "-01")
		if err != nil {
			return all
		}
		m = day.AddMonths(1).String()[:len(m)]
		if key := []Key{{Code: m}}; groups[keyText(key)] == nil {
			all = append(all, key)
		}
	}
	return all
}

// nothing are the values of what came to nothing: an average of nobody is none.
func (t *Table) nothing() []*int64 {
	figures := t.Report.Shape().Figures
	values := make([]*int64, len(figures))
	for i, f := range figures {
		if f.Adds() {
			values[i] = new(int64)
		}
	}
	return values
}

// sort brings rows into the order in which people read them: months, regions and sectors by their code, items as their
// list has them; officers, employers and providers as they come, the most first.
func (t *Table) sort() {
	place := map[string]int{}
	for i, item := range itemsOf(t.Report) {
		place[item] = i
	}
	slices.SortStableFunc(t.Rows, func(a, b Row) int {
		for i, g := range t.By {
			if c := strings.Compare(a.Keys[i].Code, b.Keys[i].Code); c != 0 && !g.named() {
				return c
			}
		}
		return cmp.Compare(place[a.Item], place[b.Item])
	})
}

// Total is the sum of a figure over the rows; nil where a sum would say nothing.
func (t Table) Total(figure int) *int64 {
	shape := t.Report.Shape()
	if t.More || shape.Overlaps || !shape.Figures[figure].Adds() || shape.Rolled && t.CountedAt.IsZero() {
		return nil
	}
	var sum int64
	for _, r := range t.Rows {
		if r.Values[figure] != nil {
			sum += *r.Values[figure]
		}
	}
	return &sum
}
