package termination_test

import (
	"sync"
	"testing"

	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/termination"
	"github.com/tanggap/tanggap/policies"
)

var (
	programme = ruletest.Of(termination.Programme, termination.Schemas(), termination.Load)
	date      = ruletest.Date
)

// loaded is read once: nothing changes it.
var loaded = sync.OnceValues(func() (termination.Law, error) { return termination.Load(policies.FS) })

func law(t testing.TB) termination.Law {
	t.Helper()
	l, err := loaded()
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	return l
}

func procedureAt(t testing.TB, day string) termination.Procedure {
	t.Helper()
	p, err := law(t).ProcedureAt(date(day))
	if err != nil {
		t.Fatalf("procedure of %s: %v", day, err)
	}
	return p
}
