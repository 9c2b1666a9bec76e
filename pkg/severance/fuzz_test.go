package severance_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/termination"
)

// A file that the check lets pass can be used: it neither panics nor gives negative money.
func FuzzRulesFile(f *testing.F) {
	use := func(t *testing.T, rules severance.Rules) {
		for _, reason := range termination.Reasons() {
			a, err := rules.Assess(facts(reason, "2000-02-29", "2025-03-10", 6_000_000))
			if err == nil && a.Total < 0 {
				t.Errorf("%s: %s", reason, a.Total)
			}
		}
		if c, err := rules.Compensate(contract("2024-01-01", "2024-08-01", 5_000_000)); err == nil && c.Part.Amount < 0 {
			t.Errorf("compensation %s", c.Part.Amount)
		}
	}
	ruletest.Fuzz(f, programme, use, `value: "1.75"`, `value: "9.9"`, "value: 30,", "value: 100,",
		"months: 9}", "months: 100}", "unused_leave:", "agreed_leave:")
}

// Whatever amounts are typed in: an answer is not negative and not below any of its parts, or there is an error.
func FuzzAssess(f *testing.F) {
	f.Add(int64(6_000_000), int64(0), int64(600_000), 2000, uint8(3))
	f.Add(int64(10_000_000_000_000), int64(10_000_000_000_000), int64(10_000_000_000_000), 20_000, uint8(24))
	f.Add(int64(-1), int64(1<<62), int64(-1<<63), -5, uint8(200))
	f.Add(int64(1), int64(1), int64(1), 0, uint8(23))
	l := law(f)
	f.Fuzz(func(t *testing.T, base, allowance, right int64, days int, reason uint8) {
		reasons := termination.Reasons()
		facts := severance.Facts{
			Reason: reasons[int(reason)%len(reasons)], FirmSize: severance.Large,
			Start: date("2025-06-01").AddDays(-(days % 40_000)), End: date("2025-06-01"),
			Wage:   severance.Wage{Basis: severance.Monthly, Base: money.Rupiah(base), Allowance: money.Rupiah(allowance)},
			Rights: []severance.Right{{Kind: severance.Agreed, Amount: money.Rupiah(right)}}, RightsKnown: true,
		}
		a, err := l.Assess(facts)
		if err != nil {
			return
		}
		for _, p := range a.Parts {
			if p.Amount < 0 || p.Amount > a.Total {
				t.Errorf("%s is %s of %s", p.Kind, p.Amount, a.Total)
			}
		}
	})
}
