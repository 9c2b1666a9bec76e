package severance_test

import (
	"strconv"
	"testing"

	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/termination"
	"github.com/tanggap/tanggap/policies"
)

var (
	programme = ruletest.Of(severance.Programme, severance.Schemas(), severance.Load)
	date      = ruletest.Date
)

func law(t testing.TB) severance.Law {
	t.Helper()
	l, err := severance.Load(policies.FS)
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	return l
}

func rulesAt(t testing.TB, day string) severance.Rules {
	t.Helper()
	r, err := law(t).Versions.At(date(day))
	if err != nil {
		t.Fatalf("rules of %s: %v", day, err)
	}
	return r
}

// facts are those of a large firm and a monthly wage without fixed allowance, with nothing owed beside the tables.
func facts(reason termination.Reason, start, end string, wage money.Rupiah) severance.Facts {
	return severance.Facts{
		Reason: reason, Start: date(start), End: date(end), RightsKnown: true, FirmSize: severance.Large,
		Wage: severance.Wage{Basis: severance.Monthly, Base: wage},
	}
}

func assess(t testing.TB, f severance.Facts) severance.Assessment {
	t.Helper()
	a, err := law(t).Assess(f)
	if err != nil {
		t.Fatalf("assess: %v", err)
	}
	return a
}

func part(t testing.TB, a severance.Assessment, kind severance.PartKind) severance.Part {
	t.Helper()
	p, ok := a.Get(kind)
	if !ok {
		t.Fatalf("no part %s", kind)
	}
	return p
}

func rupiah(t testing.TB, text string) money.Rupiah {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatalf("read %q: %v", text, err)
	}
	return money.Rupiah(n)
}

func ratio(t testing.TB, text string) rule.Ratio {
	t.Helper()
	r, err := rule.ParseRatio(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
