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

func class(n byte, code region.Code, days int) course.Class {
	starts := calendar.MustDate("2026-12-01").AddDays(days)
	return course.Class{ID: uuid.UUID{15: n}, Region: code, Provider: "BLK Uji", Kind: "public", Programme: "Las",
		Units:  "A.1,B.2",
		Scheme: track.BLK, Places: 2, StartsOn: starts, EndsOn: starts.AddDays(9)}
}

// A class comes back as it was kept; a list holds what its filter says: from the day on, in the region, with a place
// left, after the last one of the page before.
func TestWhichClassesAreListed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, c := range []course.Class{class(1, "3273", 0), class(2, "3273", 0), class(3, "3204", 1), class(4, "3578", -1)} {
		got, err := b.CreateClass(t.Context(), b.Op(""), c)
		storetest.OK(t, err)
		if got != c {
			t.Errorf("kept as %+v, want %+v", got, c)
		}
	}
	b.Do(t, "update class set taken = places where id = $1", uuid.UUID{15: 2})
	b.Do(t, "update class set taken = places - 1 where id = $1", uuid.UUID{15: 3})
	first := calendar.MustDate("2026-12-01")
	place := func(code region.Code) *region.Code { return &code }
	for name, c := range map[string]struct {
		f    course.Filter
		want []byte
	}{
		"all, by their days":      {course.Filter{}, []byte{4, 1, 2, 3}},
		"a page":                  {course.Filter{Limit: 2}, []byte{4, 1}},
		"the page after":          {course.Filter{After: class(1, "", 0)}, []byte{2, 3}},
		"from a day on":           {course.Filter{From: &first}, []byte{1, 2, 3}},
		"from the day after":      {course.Filter{From: new(first.AddDays(1))}, []byte{3}},
		"of a regency":            {course.Filter{Region: place("3204")}, []byte{3}},
		"of a province":           {course.Filter{Region: place("32")}, []byte{1, 2, 3}},
		"of another province":     {course.Filter{Region: place("11")}, nil},
		"with a place":            {course.Filter{Free: true}, []byte{4, 1, 3}},
		"with a place, from then": {course.Filter{Free: true, From: &first, Region: place("3273")}, []byte{1}},
	} {
		if c.f.Limit == 0 {
			c.f.Limit = 9
		}
		list, err := b.ListClasses(t.Context(), c.f)
		storetest.OK(t, err)
		var got []byte
		for _, x := range list {
			got = append(got, x.ID[15])
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	_, err := b.GetClass(t.Context(), uuid.New())
	storetest.WantCode(t, err, "class.not_found")
}
