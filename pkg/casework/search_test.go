package casework_test

import (
	"context"
	"testing"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/page"
	"github.com/tanggap/tanggap/pkg/region"
)

// asked remembers what a store was asked for.
type asked struct {
	casework.Store
	limit int
	scope authz.Scope
}

func (a *asked) Search(_ context.Context, scope authz.Scope, q casework.Query) ([]casework.Found, error) {
	a.limit, a.scope = q.Limit, scope
	return nil, nil
}

func (a *asked) Count(_ context.Context, scope authz.Scope, _ casework.Filter) (map[casework.Stage]int, error) {
	a.scope = scope
	return nil, nil
}

// One number or address is searched for, or a name, a birth date or both, and blanks are no name.
func TestWhatCanBeSearchedFor(t *testing.T) {
	t.Parallel()
	nik, err := identity.ParseNIK("3273014503900007")
	if err != nil {
		t.Fatal(err)
	}
	phone, err := identity.ParsePhone("081234567890")
	if err != nil {
		t.Fatal(err)
	}
	born := calendar.MustDate("1990-03-05")
	s := casework.New(casework.Deps{Store: &asked{}})
	for name, c := range map[string]struct {
		q    casework.Query
		good bool
	}{
		"nothing": {casework.Query{}, false}, "blanks": {casework.Query{Name: " \t "}, false},
		"an employer alone": {casework.Query{Employer: "PT"}, false},
		"a name":            {casework.Query{Name: "Siti"}, true}, "a short name": {casework.Query{Name: "Al"}, true},
		"a birth date": {casework.Query{BirthDate: born}, true},
		"both":         {casework.Query{Name: "Siti", BirthDate: born}, true},
		"a NIK":        {casework.Query{NIK: nik}, true}, "a phone": {casework.Query{Phone: phone}, true},
		"a NIK and a phone": {casework.Query{NIK: nik, Phone: phone}, false},
		"a NIK and a name":  {casework.Query{NIK: nik, Name: "Siti"}, false},
	} {
		if _, err := s.Search(t.Context(), authz.Everywhere(), c.q); (err == nil) != c.good ||
			!c.good && fault.CodeOf(err) != "search.one_of" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A search gives one page at most; a region narrows a count and never widens it.
func TestBoundsOfASearchAndACount(t *testing.T) {
	t.Parallel()
	a := &asked{}
	s := casework.New(casework.Deps{Store: a})
	for limit, want := range map[int]int{-1: page.DefaultSize, 0: page.DefaultSize, 1: 1, page.MaxSize +
		1: page.MaxSize + 1, page.MaxSize + 2: page.DefaultSize} {
		if _, err := s.Search(t.Context(), authz.Everywhere(), casework.Query{Name: "Siti", Limit: limit}); err != nil ||
			a.limit != want {
			t.Errorf("%d: %d, %v", limit, a.limit, err)
		}
	}
	for code, want := range map[region.Code]int{"3273": 1, "32": 1, "": 1, "35": 0} {
		_, err := s.Count(t.Context(), authz.ScopeOver("3273"), casework.Filter{Region: &code})
		if err != nil || len(a.scope.Regions()) != want || want == 1 && a.scope.Regions()[0] != "3273" {
			t.Errorf("%q: %v, %v", code, a.scope.Regions(), err)
		}
	}
}
