package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/store"
)

// Only work that lost the race for a worker is done again, and not for ever; a refusal with the same code that the
// work itself found out is no race, and nothing is begun for somebody who has gone.
func TestWhichWorkIsDoneAgain(t *testing.T) {
	t.Parallel()
	lost := store.ConstraintFaults["cases_one_open"]
	known := fault.New(fault.Conflict, "case.already_registered", "case", "one that the caller sees")
	gone, leave := context.WithCancel(t.Context())
	leave()
	for name, x := range map[string]struct {
		ctx   context.Context
		err   error
		tried int
	}{
		"done at once":          {t.Context(), nil, 1},
		"lost each time":        {t.Context(), lost, 3},
		"refused by its own":    {t.Context(), known, 1},
		"another constraint":    {t.Context(), store.ConstraintFaults["layoff_once"], 1},
		"something else":        {t.Context(), errors.New("broken"), 1},
		"lost by who has gone":  {gone, lost, 1},
		"lost with more beside": {t.Context(), errors.Join(errors.New("rollback"), lost), 3},
	} {
		tried := 0
		err := new(store.DB).Retry(x.ctx, func() error { tried++; return x.err })
		if tried != x.tried || !errors.Is(err, x.err) {
			t.Errorf("%s: tried %d times, %v", name, tried, err)
		}
	}
	tried := 0
	err := new(store.DB).Retry(t.Context(), func() error {
		if tried++; tried < 3 {
			return lost
		}
		return nil
	})
	if err != nil || tried != 3 {
		t.Errorf("won at last: %v after %d", err, tried)
	}
}

// An update of one row that changed none, or more, is an error; so is one that failed.
func TestAnUpdateOfOneRowChangesOne(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for n, fails := range map[int]bool{0: true, 1: false, 2: true} {
		if err := store.One(n, nil); (err != nil) != fails {
			t.Errorf("%d rows: %v", n, err)
		}
		if err := store.One(n, broken); !errors.Is(err, broken) {
			t.Errorf("%d rows of one that failed: %v", n, err)
		}
	}
}
