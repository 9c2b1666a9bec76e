package wagesubsidy_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/wagesubsidy"
	"github.com/tanggap/tanggap/policies"
)

var (
	programme = ruletest.Of(wagesubsidy.Programme, wagesubsidy.Schemas(), wagesubsidy.Load)
)

func asOf() calendar.Date { return calendar.MustDate("2025-06-05") }

func law(t testing.TB) wagesubsidy.Law {
	t.Helper()
	l, err := wagesubsidy.Load(policies.FS)
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	return l
}

func subsidy(t testing.TB, year int) wagesubsidy.Subsidy {
	t.Helper()
	s, err := law(t).Year(year)
	if err != nil {
		t.Fatalf("subsidy of %d: %v", year, err)
	}
	return s
}

// rupiah reads an amount; "" is not stated.
func rupiah(t testing.TB, text string) *money.Rupiah {
	t.Helper()
	if text == "" {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatalf("read %q: %v", text, err)
	}
	return new(money.Rupiah(n))
}

func factsOf(row map[string]string) map[wagesubsidy.Fact]bool {
	facts := map[wagesubsidy.Fact]bool{}
	for f := range strings.FieldsSeq(row["true"]) {
		facts[wagesubsidy.Fact(f)] = true
	}
	for f := range strings.FieldsSeq(row["false"]) {
		facts[wagesubsidy.Fact(f)] = false
	}
	return facts
}
