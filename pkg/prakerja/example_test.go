package prakerja_test

import (
	"fmt"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/policies"
)

// The answer has every criterion, not only the first reason, and says what is not known.
func ExampleLaw_Eligibility() {
	law, err := prakerja.Load(policies.FS)
	if err != nil {
		fmt.Println(err)
		return
	}
	yes, others, work := true, 2, prakerja.OtherOccupation
	d, err := law.Eligibility(prakerja.Facts{
		AppliedOn: calendar.MustDate("2024-03-01"), BirthDate: calendar.MustDate("2000-03-02"),
		Citizen: &yes, Occupation: &work, FamilyRecipients: &others, AidKnown: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Version, d.Result)
	for _, c := range d.Criteria {
		fmt.Printf("%s %s (%s)\n", c.Code, c.Result, c.Confidence)
	}
	// Output:
	// normal-2023 ineligible
	// prakerja.scheme_running met (V)
	// prakerja.min_age met (V)
	// prakerja.max_age met (V)
	// prakerja.citizen met (V)
	// prakerja.not_in_formal_education unknown (V)
	// prakerja.occupation met (V)
	// prakerja.other_aid met (V)
	// prakerja.family_limit not_met (V+)
}
