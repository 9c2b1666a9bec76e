package severance_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/termination"
)

func BenchmarkAssess(b *testing.B) {
	l := law(b)
	f := facts(termination.EfficiencyLoss, "2019-11-01", "2025-03-10", 6_000_000)
	f.Rights = []severance.Right{{Kind: severance.UnusedLeave, Amount: 600_000},
		{Kind: severance.FareHome, Amount: 400_000}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := l.Assess(f); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompensate(b *testing.B) {
	l := law(b)
	f := contract("2024-01-01", "2024-08-01", 5_000_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := l.Compensate(f); err != nil {
			b.Fatal(err)
		}
	}
}
