package lawbook

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Difference is one thing that a file says otherwise than what holds now. Before is empty for what is new, After for
// what is gone.
type Difference struct {
	Key    string // dotted key of a figure, or the day of a holiday
	Before string
	After  string
}

// Differences holds a file against the one that it replaces, or the version that holds before it.
func (l *Law) Differences(content string) ([]Difference, error) {
	f, err := readFile([]byte(content))
	if err != nil {
		return nil, err
	}
	now, err := said(f)
	if err != nil {
		return nil, err
	}
	before := map[string]string{}
	if old := l.before(f); old != nil {
		if before, err = said(old); err != nil {
			return nil, err
		}
	}
	var list []Difference
	for _, key := range slices.Sorted(maps.Keys(merged(before, now))) {
		if before[key] != now[key] {
			list = append(list, Difference{key, before[key], now[key]})
		}
	}
	return list, nil
}

func merged(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// before is the file that one replaces, or the newest version that begins before it.
func (l *Law) before(f *file) (found *file) {
	if same := l.files.find(f); same != nil {
		return same
	}
	for _, own := range l.files.files {
		kin := own.head.Programme == f.head.Programme && own.head.Kind == f.head.Kind
		if kin && own.head.ValidFrom.Before(f.head.ValidFrom) &&
			(found == nil || found.head.ValidFrom.Before(own.head.ValidFrom)) {
			found = own
		}
	}
	return found
}

// said is what a file says, by dotted key or by day.
func said(f *file) (map[string]string, error) {
	says := map[string]string{}
	if f.holidays() {
		c, err := calendar.Load(strings.NewReader(string(f.data)))
		if err != nil {
			return nil, invalid(cause(err))
		}
		for _, h := range c.Days() {
			key := h.Date.String()
			if h.Kind == calendar.EveryYear {
				key = fmt.Sprintf("%s %02d-%02d", calendar.EveryYear, int(h.Date.Month()), h.Date.Day())
			}
			says[key] = string(h.Kind) + ": " + h.Name
		}
		return says, nil
	}
	var tree yaml.Node
	if err := yaml.Unmarshal(f.data, &tree); err != nil {
		return nil, invalid(err.Error())
	}
	flatten(&tree, "", says)
	return says, nil
}

func flatten(node *yaml.Node, key string, into map[string]string) {
	join := func(name string) string { return strings.TrimPrefix(key+"."+name, ".") }
	switch node.Kind {
	case yaml.DocumentNode:
		flatten(node.Content[0], key, into)
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			flatten(node.Content[i+1], join(node.Content[i].Value), into)
		}
	case yaml.SequenceNode:
		for i, child := range node.Content {
			flatten(child, join(strconv.Itoa(i)), into)
		}
	case yaml.ScalarNode, yaml.AliasNode:
		into[key] = node.Value
	}
}

// keepsPast refuses a law that answers otherwise than l for a day before the effective date, and one that changes a
// holiday before that day or before today: what was answered, and counted, stays so.
func (l *Law) keepsPast(next *Law, effective, today calendar.Date) error {
	settled := effective
	if today.After(settled) {
		settled = today
	}
	if day := firstChange(l.Calendar, next.Calendar, settled); !day.IsZero() {
		return fault.New(fault.Conflict, "law.past_day", "day", day.String(), "until", settled.String()).At("file")
	}
	for _, pair := range [][2]*layered{{l.files, next.files}, {next.files, l.files}} {
		for _, f := range pair[0].files {
			if f.holidays() || !f.head.ValidFrom.Before(effective) {
				continue
			}
			if other := pair[1].find(f); other == nil || !alike(f, other, effective) {
				return fault.New(fault.Conflict, "law.past_changed", "version", f.head.ID, "effective",
					effective.String()).At("file")
			}
		}
	}
	return nil
}

// firstChange is the first day before another one on which two calendars differ; zero when there is none.
func firstChange(a, b *calendar.Calendar, until calendar.Date) calendar.Date {
	day := until
	for _, h := range append(a.Days(), b.Days()...) {
		if h.Date.Before(day) {
			day = h.Date
		}
	}
	for ; day.Before(until); day = day.AddDays(1) {
		one, isOne := a.HolidayOn(day)
		other, isOther := b.HolidayOn(day)
		if isOne != isOther || one.Kind != other.Kind || a.Known(day.Year()) && !b.Known(day.Year()) {
			return day
		}
	}
	return calendar.Date{}
}

// aside are the keys that may change while a version holds: until when it does, and what is to replace it.
var aside = []string{"valid_until", "under_replacement"}

// alike tells whether two files of one version answer alike before a day.
func alike(a, b *file, before calendar.Date) bool {
	one, errOne := said(a)
	other, errOther := said(b)
	if errOne != nil || errOther != nil {
		return false
	}
	for _, key := range slices.Sorted(maps.Keys(merged(one, other))) {
		top, _, _ := strings.Cut(key, ".")
		if !slices.Contains(aside, top) && one[key] != other[key] {
			return false
		}
	}
	return endsBefore(a.head, before) == endsBefore(b.head, before)
}

// endsBefore is the end of a version if it lies before a day, else zero.
func endsBefore(v rule.Version, day calendar.Date) calendar.Date {
	if v.ValidUntil.Before(day) { // a zero day is before all others
		return v.ValidUntil
	}
	return calendar.Date{}
}
