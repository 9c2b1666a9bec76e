package storetest

import (
	"reflect"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/track"
)

// addOthers adds a part of every kind that the case has none of, so that a new kind is changed and sealed like the
// rest. Parts without an id of their own are months and days of another part, which this does not know.
func addOthers(f *track.Tracks) {
	for _, list := range reflect.ValueOf(f).Elem().Fields() {
		if list.Kind() != reflect.Slice || list.Len() > 0 {
			continue
		}
		if _, has := list.Type().Elem().FieldByName("ID"); has {
			list.Set(reflect.Append(list, somePart(list.Type().Elem())))
		}
	}
}

// somePart has an id of its own, today for its days, the first of each closed list, and some text.
func somePart(part reflect.Type) reflect.Value {
	p := reflect.New(part).Elem()
	for _, field := range p.Fields() {
		switch values := codelist.Of(field.Type()); {
		case field.Type() == reflect.TypeFor[uuid.UUID]():
			field.Set(reflect.ValueOf(uuid.Must(uuid.NewV7())))
		case field.Type() == reflect.TypeFor[calendar.Date]():
			field.Set(reflect.ValueOf(Today))
		case len(values) > 0:
			field.SetString(values[0])
		case field.Kind() == reflect.String:
			field.SetString("x")
		}
	}
	return p
}
