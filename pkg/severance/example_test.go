package severance_test

import (
	"fmt"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/termination"
	"github.com/tanggap/tanggap/policies"
)

func ExampleLaw_Assess() {
	law, err := severance.Load(policies.FS)
	if err != nil {
		fmt.Println(err)
		return
	}
	a, err := law.Assess(severance.Facts{
		Reason: termination.EfficiencyLoss, FirmSize: severance.Large,
		Start: calendar.MustDate("2019-11-01"), End: calendar.MustDate("2025-03-10"),
		Wage:        severance.Wage{Basis: severance.Monthly, Base: 5_000_000, Allowance: 1_000_000},
		RightsKnown: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range a.Parts {
		fmt.Printf("%s: %d months x %s = %s (%s, %s)\n", p.Kind, p.Months, p.Multiplier, p.Amount, p.Reads, p.Confidence)
	}
	fmt.Println("total:", a.Total)
	// Output:
	// severance_pay: 6 months x 0.5 = Rp18.000.000 (at_least, V+)
	// service_pay: 2 months x 1 = Rp12.000.000 (as_stated, V+)
	// total: Rp30.000.000
}

func ExampleLaw_Compensate() {
	law, err := severance.Load(policies.FS)
	if err != nil {
		fmt.Println(err)
		return
	}
	foreigner := false
	c, err := law.Compensate(severance.FixedTerm{
		Start: calendar.MustDate("2024-01-01"), End: calendar.MustDate("2024-07-31"), FirmSize: severance.Large,
		Foreigner: &foreigner,
		Wage:      severance.Wage{Basis: severance.Monthly, Base: 5_000_000},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s of a month for %d months: exactly %s, %s\n", c.Part.Multiplier, c.Part.Months, c.Part.Exact,
		c.Part.Amount)
	// Output:
	// 7/12 of a month for 7 months: exactly 8750000/3, Rp2.916.667
}
