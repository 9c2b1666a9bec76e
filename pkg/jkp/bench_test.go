package jkp_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/rule"
)

// BenchmarkAssess: goal above 100,000 decisions a second and core (below 10 us).
func BenchmarkAssess(b *testing.B) {
	p, app, on := load(b), sound(b), day("2025-03-21")
	b.ReportAllocs()
	for b.Loop() {
		if p.Assess(app, on).Result != rule.Eligible {
			b.Fatal("not eligible")
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
}

// BenchmarkMonthlyPayment measures one payment.
func BenchmarkMonthlyPayment(b *testing.B) {
	p, given := load(b), day("2025-03-10")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.MonthlyPayment(4, 3333333, given); err != nil {
			b.Fatal(err)
		}
	}
}
