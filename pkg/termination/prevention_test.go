package termination_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/termination"
)

func prevention(t *testing.T) termination.Prevention {
	t.Helper()
	p, err := law(t).Preventions.At(date("2026-01-01"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTheEightMeasuresOfTheCircular(t *testing.T) {
	t.Parallel()
	want := []struct {
		letter string
		code   termination.Measure
	}{
		{"a", termination.CutTopPay}, {"b", termination.ReduceShifts}, {"c", termination.LimitOvertime},
		{"d", termination.ReduceHours}, {"e", termination.ReduceDays}, {"f", termination.RotateFurlough},
		{"g", termination.NoContractExtension}, {"h", termination.PensionEligible},
	}
	p := prevention(t)
	if len(p.Measures) != len(want) {
		t.Fatalf("%d measures", len(p.Measures))
	}
	for i, w := range want {
		m := p.Measures[i]
		if m.Code != w.code || m.Letter != w.letter || m.Text.ID == "" || m.Text.EN == "" || m.Source.Unverified() {
			t.Errorf("measure %d is %s (%s), want %s (%s)", i, m.Code, m.Letter, w.code, w.letter)
		}
		if m.Citation != "SE-907/MEN/PHI-PPHI/X/2004" {
			t.Errorf("%s cites %s", m.Code, m.Citation)
		}
	}
}

func TestUntriedKeepsTheOrderOfTheCircular(t *testing.T) {
	t.Parallel()
	p := prevention(t)
	if got := len(p.Untried()); got != 8 {
		t.Errorf("nothing tried leaves %d measures", got)
	}
	if got := p.Untried(termination.Measures()...); len(got) != 0 {
		t.Errorf("all tried leaves %d measures", len(got))
	}
	rest := p.Untried(termination.ReduceShifts, termination.CutTopPay, termination.PensionEligible)
	want := []termination.Measure{
		termination.LimitOvertime, termination.ReduceHours, termination.ReduceDays,
		termination.RotateFurlough, termination.NoContractExtension,
	}
	if len(rest) != len(want) {
		t.Fatalf("%d left", len(rest))
	}
	for i := range want {
		if rest[i].Code != want[i] {
			t.Errorf("place %d: %s, want %s", i, rest[i].Code, want[i])
		}
	}
}
