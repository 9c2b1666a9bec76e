package casework_test

import (
	"context"
	"testing"

	"github.com/tanggap/tanggap/pkg/authz"
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

func (a *asked) Search(_ context.Context, _ authz.Scope, _ identity.NIK, _ string, limit int) ([]casework.Row, error) {
	a.limit = limit
	return nil, nil
}

func (a *asked) Count(_ context.Context, scope authz.Scope, _ casework.Filter) (map[casework.Stage]int, error) {
	a.scope = scope
	return nil, nil
}

// A name has three letters at least, not counting blanks around it; a NIK needs no name.
func TestHowLittleCanBeSearchedFor(t *testing.T) {
	t.Parallel()
	s := casework.New(casework.Deps{Store: &asked{}})
	for name, good := range map[string]bool{"": false, "Si": false, "Sit": true, " Si ": false, "\tSi\n": false,
		"   ": false, "李小龍": true,
		"李小": false} {
		_, err := s.Search(t.Context(), authz.Everywhere(), identity.NIK{}, name, 1)
		if (err == nil) != good || !good && fault.CodeOf(err) != "search.too_short" {
			t.Errorf("%q: %v", name, err)
		}
	}
	nik, err := identity.ParseNIK("3273014503900007")
	if err == nil {
		_, err = s.Search(t.Context(), authz.Everywhere(), nik, "", 1)
	}
	if err != nil {
		t.Errorf("a NIK: %v", err)
	}
}

// A search gives one page at most; a region narrows a count and never widens it.
func TestBoundsOfASearchAndACount(t *testing.T) {
	t.Parallel()
	a := &asked{}
	s := casework.New(casework.Deps{Store: a})
	for limit, want := range map[int]int{-1: page.DefaultSize, 0: page.DefaultSize, 1: 1, page.MaxSize: page.MaxSize,
		page.MaxSize + 1: page.DefaultSize} {
		if _, err := s.Search(t.Context(), authz.Everywhere(), identity.NIK{}, "Siti", limit); err != nil || a.limit != want {
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
