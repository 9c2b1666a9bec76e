package lawbook

import (
	"slices"
	"strconv"

	"github.com/tanggap/tanggap/pkg/calendar"
)

// Notice is how many days before the calendar or a figure runs out that is told.
const Notice = 60

// Expiry is something that holds no longer from a day on, and has no successor.
type Expiry struct {
	What   string        // holidays, or programme/kind/id of a version
	EndsOn calendar.Date // first day of which nothing is known
}

// Ending lists what runs out within the notice, or has run out by a day, the first to end first. A programme that ended
// longer than the notice ago without a successor is a matter of history, and told no more.
func (l *Law) Ending(on calendar.Date) []Expiry {
	var list []Expiry
	for _, x := range l.Ends() {
		history := x.What != Holidays && !x.EndsOn.After(on.AddDays(-Notice)) // days are counted on for ever
		if !history && !x.EndsOn.After(on.AddDays(Notice)) {
			list = append(list, x)
		}
	}
	return list
}

// Ends lists everything that has an end and no successor, the first to end first.
func (l *Law) Ends() []Expiry {
	var list []Expiry
	for _, f := range l.files.files {
		if !f.holidays() && !f.head.ValidUntil.IsZero() && !l.follows(f) {
			list = append(list, Expiry{f.head.Programme + "/" + f.head.Kind + "/" + f.head.ID, f.head.ValidUntil})
		}
	}
	last := strconv.Itoa(l.Calendar.LastKnown() + 1)
	if end, err := calendar.ParseDate(last + "-01-01"); err == nil {
		list = append(list, Expiry{Holidays, end})
	}
	slices.SortStableFunc(list, func(a, b Expiry) int { return a.EndsOn.Compare(b.EndsOn) })
	return list
}

// follows tells whether another version of the same kind holds on the day on which one ends, or begins later.
func (l *Law) follows(f *file) bool {
	return slices.ContainsFunc(l.files.files, func(own *file) bool {
		return own.head.Programme == f.head.Programme && own.head.Kind == f.head.Kind && !own.is(f) &&
			(own.head.ValidUntil.IsZero() || own.head.ValidUntil.After(f.head.ValidUntil))
	})
}
