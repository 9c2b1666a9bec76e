package course_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/course"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var first = calendar.MustDate("2026-11-02")

func good() course.Class {
	return course.Class{Region: "3273", Provider: "BLK", Kind: "public", Programme: "Las", Scheme: track.BLK, Places: 1,
		StartsOn: first, EndsOn: first.AddDays(30)}
}

// classes are each a step inside or just beyond what a class must be.
var classes = []struct {
	what        string
	change      func(*course.Class)
	kind        fault.Kind
	code, field string
}{
	{"as it should be", func(*course.Class) {}, "", "", ""},
	{"of one day", func(c *course.Class) { c.EndsOn = first }, "", "", ""},
	{"of the past", func(c *course.Class) { c.StartsOn, c.EndsOn = first.AddDays(-900), first.AddDays(-899) }, "", "", ""},
	{"a province", func(c *course.Class) { c.Region = "32" }, fault.Invalid, "region.unknown", "region"},
	{"the nation", func(c *course.Class) { c.Region = "" }, fault.Invalid, "region.unknown", "region"},
	{"no such regency", func(c *course.Class) { c.Region = "3299" }, fault.Invalid, "region.unknown", "region"},
	{"the regency beside", func(c *course.Class) { c.Region = "3204" },
		fault.Forbidden, "class.region_out_of_scope", "region"},
	{"no provider", func(c *course.Class) { c.Provider = "" }, fault.Invalid, "class.provider_missing", "provider"},
	{"a blank provider", func(c *course.Class) { c.Provider = " \t" },
		fault.Invalid, "class.provider_missing", "provider"},
	{"no programme", func(c *course.Class) { c.Programme = "" }, fault.Invalid, "class.programme_missing", "programme"},
	{"a blank programme", func(c *course.Class) { c.Programme = "  " },
		fault.Invalid, "class.programme_missing", "programme"},
	{"ends the day before", func(c *course.Class) { c.EndsOn = first.AddDays(-1) },
		fault.Invalid, "class.period", "starts_on"},
	{"no first day", func(c *course.Class) { c.StartsOn = calendar.Date{} },
		fault.Invalid, "class.period", "starts_on"},
	{"no last day", func(c *course.Class) { c.EndsOn = calendar.Date{} }, fault.Invalid, "class.period", "starts_on"},
	{"no day at all", func(c *course.Class) { c.StartsOn, c.EndsOn = calendar.Date{}, calendar.Date{} },
		fault.Invalid, "class.period", "starts_on"},
}

// What is refused is not in the catalogue afterwards; what is taken is there as it was given, under an id of ours.
func TestAClassIsWholeAndInARegencyOfTheCaller(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	s := &course.Service{Store: o, Tree: o.Tree}
	taken := 0
	for _, c := range classes {
		class := good()
		class.ID = uuid.New()
		c.change(&class)
		made, err := s.Create(t.Context(), o.Op("3273"), class)
		var got fault.Error
		if f, is := errors.AsType[*fault.Error](err); is {
			got = *f
		}
		if (err == nil) != (c.code == "") || got.Kind != c.kind || got.Code != c.code || got.Field != c.field {
			t.Errorf("%s: %v at %q, want %s %s at %q", c.what, err, got.Field, c.kind, c.code, c.field)
		}
		if err != nil {
			continue
		}
		taken++
		if kept, err := s.Store.GetClass(t.Context(), made.ID); err != nil || kept != made || made.ID == class.ID {
			t.Errorf("%s: %+v, %v", c.what, kept, err)
		}
		if class.ID = made.ID; made != class {
			t.Errorf("%s: %+v", c.what, made)
		}
	}
	if list, err := s.Store.ListClasses(t.Context(), course.Filter{Limit: 100}); err != nil || len(list) != taken {
		t.Errorf("%d classes, want %d, %v", len(list), taken, err)
	}
}

// Free is having a place left: the last one still counts, a full class does not. From includes its day; a province
// holds its regencies.
func TestClassesAreFilteredAtTheirBorders(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	s := &course.Service{Store: o, Tree: o.Tree}
	ids := map[uuid.UUID]string{}
	add := func(name string, code region.Code, on calendar.Date, taken int) {
		class := good()
		class.Region, class.StartsOn, class.Places = code, on, 2
		made, err := s.Create(t.Context(), o.Op(""), class)
		if err != nil {
			t.Fatal(err)
		}
		o.Do(t, "update class set taken = $2 where id = $1", made.ID, taken)
		ids[made.ID] = name
	}
	add("empty", "3273", first, 0)
	add("last place", "3204", first.AddDays(1), 1)
	add("full", "3273", first.AddDays(2), 2)
	add("elsewhere", "3301", first.AddDays(3), 0)
	province, regency, none := region.Code("32"), region.Code("3273"), region.Code("3578")
	day, after := first.AddDays(1), first.AddDays(4)
	for _, c := range []struct {
		what string
		f    course.Filter
		want []string
	}{
		{"all", course.Filter{}, []string{"empty", "last place", "full", "elsewhere"}},
		{"free", course.Filter{Free: true}, []string{"empty", "last place", "elsewhere"}},
		{"from a day", course.Filter{From: &day}, []string{"last place", "full", "elsewhere"}},
		{"from the day after all", course.Filter{From: &after}, nil},
		{"a province", course.Filter{Region: &province}, []string{"empty", "last place", "full"}},
		{"a regency", course.Filter{Region: &regency}, []string{"empty", "full"}},
		{"a regency without any", course.Filter{Region: &none}, nil},
		{"a free one in a regency", course.Filter{Region: &regency, Free: true}, []string{"empty"}},
	} {
		c.f.Limit = 10
		list, err := s.Store.ListClasses(t.Context(), c.f)
		var got []string
		for _, class := range list {
			got = append(got, ids[class.ID])
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q, %v", c.what, got, c.want, err)
		}
	}
	_, err := s.Store.GetClass(t.Context(), uuid.New())
	if fault.CodeOf(err) != "class.not_found" || fault.KindOf(err) != fault.NotFound {
		t.Errorf("an unknown class: %v", err)
	}
}
