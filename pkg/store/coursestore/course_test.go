package coursestore_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/course"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
)

// newClass is a class whose fields are all there, and all different.
func newClass(code region.Code, starts string) course.Class {
	return course.Class{ID: uuid.Must(uuid.NewV7()), Region: code, Provider: "BLK Bandung", Kind: "public",
		Programme: "Operator Jahit", Units: "C.14.001", Scheme: track.JKPTraining, Places: 16,
		StartsOn: calendar.MustDate(starts), EndsOn: calendar.MustDate(starts).AddDays(30)}
}

func create(t *testing.T, o *storetest.Office, c course.Class) course.Class {
	t.Helper()
	made, err := o.CreateClass(t.Context(), o.Op("32"), c)
	storetest.OK(t, err)
	return made
}

func TestAClassIsReadAsItWasAdded(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	want := newClass("3273", "2026-12-01")
	asked := want
	asked.Taken = 5 // nobody sits in a class that is just added
	if got := create(t, o, asked); got != want {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if n := o.CountRows(t, "select count(*) from class where created_by = $1", uuid.UUID(o.Officer)); n != 1 {
		t.Errorf("%d classes are the officer's", n)
	}
	o.Do(t, "update class set taken = 7 where id = $1", want.ID)
	want.Taken = 7
	if got, err := o.GetClass(t.Context(), want.ID); err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	_, err := o.GetClass(t.Context(), uuid.New())
	storetest.WantCode(t, err, "class.not_found")
}

func TestARepeatedRequestAddsOneClass(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	first, second := newClass("3273", "2026-12-01"), newClass("3273", "2026-12-02")
	for _, c := range []course.Class{first, second} {
		got, err := o.CreateClass(t.Context(), o.Request("k", "3273"), c)
		storetest.OK(t, err)
		if got != first {
			t.Errorf("got %+v", got)
		}
	}
	if n := o.CountRows(t, "select count(*) from class"); n != 1 {
		t.Errorf("%d classes", n)
	}
}

// The database refuses what no class can be, should the rules above it ever let it through.
func TestNoSuchClass(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	for what, change := range map[string]func(*course.Class){
		"ends before it begins": func(c *course.Class) { c.EndsOn = c.StartsOn.AddDays(-1) },
		"without places":        func(c *course.Class) { c.Places = 0 },
	} {
		c := newClass("3273", "2026-12-01")
		change(&c)
		if _, err := o.CreateClass(t.Context(), o.Op("3273"), c); err == nil {
			t.Errorf("%s: it is added", what)
		}
	}
	if n := o.CountRows(t, "select count(*) from class"); n != 0 {
		t.Errorf("%d classes", n)
	}
}

func TestListsLeaveWhatTheFilterSays(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	// In the order of the list, made in another one.
	d := create(t, o, newClass("3578", "2026-12-03"))
	a := create(t, o, newClass("3273", "2026-12-01"))
	b := create(t, o, newClass("3204", "2026-12-02"))
	c := create(t, o, newClass("3273", "2026-12-02")) // begins with b, and was made later
	o.Do(t, "update class set taken = places - 1 where id = $1", a.ID)
	o.Do(t, "update class set taken = places where id = $1", c.ID)
	a.Taken, c.Taken = a.Places-1, c.Places
	for _, l := range []struct {
		what   string
		filter course.Filter
		want   []course.Class
	}{
		{"all", course.Filter{}, []course.Class{a, b, c, d}},
		{"a page", course.Filter{Limit: 2}, []course.Class{a, b}},
		{"the next page", course.Filter{Limit: 2, After: b}, []course.Class{c, d}},
		{"after the last", course.Filter{After: d}, nil},
		{"a regency", course.Filter{Region: new(region.Code("3273"))}, []course.Class{a, c}},
		{"a province", course.Filter{Region: new(region.Code("32"))}, []course.Class{a, b, c}},
		{"the nation", course.Filter{Region: new(region.Code(""))}, []course.Class{a, b, c, d}},
		{"a region without any", course.Filter{Region: new(region.Code("11"))}, nil},
		{"from its first day", course.Filter{From: new(calendar.MustDate("2026-12-02"))}, []course.Class{b, c, d}},
		{"from the day after", course.Filter{From: new(calendar.MustDate("2026-12-03"))}, []course.Class{d}},
		{"with places", course.Filter{Free: true}, []course.Class{a, b, d}},
	} {
		if l.filter.Limit == 0 {
			l.filter.Limit = 9
		}
		got, err := o.ListClasses(t.Context(), l.filter)
		storetest.OK(t, err)
		if !slices.Equal(got, l.want) {
			t.Errorf("%s: got %+v", l.what, got)
		}
	}
}
