package codelist_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/tanggap/tanggap/pkg/codelist"
)

type door string

const (
	open   door = "open"
	ajar   door = "ajar"
	locked door = "locked"
)

func (door) Values() []door { return []door{open, ajar, locked} }

func (door) Stored() []door { return []door{open, locked} }

// HTTPState has a name with several capitals.
type HTTPState string

// Values lists nothing.
func (HTTPState) Values() []HTTPState { return nil }

type strange string

// Values has the name of a list's values, and is of another type.
func (strange) Values() []string { return []string{"x"} }

type number int

func (number) Values() []number { return []number{1} }

func TestHas(t *testing.T) {
	t.Parallel()
	for value, want := range map[door]bool{open: true, ajar: true, locked: true, "": false, "Open": false, "open ": false,
		"shut": false} {
		if codelist.Has(value) != want {
			t.Errorf("%q: got %v", value, !want)
		}
	}
}

// What some state leads to is named once, in the order of the list and not in that of the steps.
func TestTargets(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		steps map[door][]door
		want  []door
	}{
		"some":             {map[door][]door{open: {locked}, ajar: {locked, open}}, []door{open, locked}},
		"all":              {map[door][]door{locked: {ajar}, ajar: {locked}, "": {open}}, []door{open, ajar, locked}},
		"none":             {map[door][]door{open: {}}, nil},
		"none of the list": {map[door][]door{open: {"burnt"}}, nil},
	} {
		if got := codelist.Targets(x.steps); !slices.Equal(got, x.want) {
			t.Errorf("%s: got %v, want %v", name, got, x.want)
		}
	}
}

func TestOf(t *testing.T) {
	t.Parallel()
	if got := codelist.Of(reflect.TypeFor[door]()); !slices.Equal(got, []string{"open", "ajar", "locked"}) {
		t.Errorf("got %v", got)
	}
	for _, none := range []reflect.Type{reflect.TypeFor[string](), reflect.TypeFor[strange](), reflect.TypeFor[number](),
		reflect.TypeFor[*door](), reflect.TypeFor[struct{ door }]()} {
		if got := codelist.Of(none); got != nil {
			t.Errorf("%v: got %v", none, got)
		}
	}
}

func TestListOf(t *testing.T) {
	t.Parallel()
	l := codelist.ListOf[door]("house.door")
	if l.Name != "codelist_test.door" || !slices.Equal(l.Values, []string{"open", "ajar", "locked"}) ||
		!slices.Equal(l.Stored, []string{"open", "locked"}) || !slices.Equal(l.Columns, []string{"house.door"}) {
		t.Errorf("got %+v", l)
	}
	if all := codelist.ListOf[HTTPState](); len(all.Stored) != 0 || all.Name != "codelist_test.http_state" {
		t.Errorf("got %+v", all)
	}
	if got := codelist.Join([]door{open, ajar}); got != "open, ajar" {
		t.Errorf("got %q", got)
	}
}
