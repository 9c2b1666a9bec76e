package jkp_test

import (
	"fmt"
	"strings"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/policies"
)

// A claim that ran when the rates changed: the months given before 7 February 2025 keep 45 %, the others take 60 %.
func ExampleProgramme_MonthlyPayment() {
	p, err := jkp.Load(policies.FS)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, given := range []string{"2024-12-10", "2025-01-10", "2025-02-10"} {
		pay, err := p.MonthlyPayment(i+1, 4000000, calendar.MustDate(given))
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(given, pay.Rate.Percent(), pay.Amount, pay.Source)
	}
	// Output:
	// 2024-12-10 45% Rp1.800.000 PP 37/2021 Art. 21(1)
	// 2025-01-10 45% Rp1.800.000 PP 37/2021 Art. 21(1)
	// 2025-02-10 60% Rp2.400.000 PP 37/2021 jo. PP 6/2025 Art. 21(1)
}

// What is missing is unknown, what contradicts the law is not met, and each says where the law stands.
func ExampleProgramme_Assess() {
	p, err := jkp.Load(policies.FS)
	if err != nil {
		fmt.Println(err)
		return
	}
	d := p.Assess(jkp.Application{
		Citizenship: jkp.WNI, Reason: "RESIGN", TerminatedOn: calendar.MustDate("2025-03-10"),
	}, calendar.MustDate("2025-03-20"))
	fmt.Println(d.Result, "under", d.Version)
	for _, c := range d.Criteria[:3] {
		fmt.Println(strings.ReplaceAll(c.Explain(rule.English, p.Texts()), " (PP", "\n(PP"))
	}
	for _, c := range d.Select(rule.NotMet) {
		fmt.Println(strings.ReplaceAll(c.Explain(rule.Indonesian, p.Texts()), " (", "\n("))
	}
	// Output:
	// ineligible under pp-6-2025
	// Met: The participant is an Indonesian citizen (recorded: wni)
	// (PP 37/2021 jo. PP 6/2025 Art. 4(2)(a))
	// Not known yet: Age at registration < 54 years (born –, registered –)
	// (PP 37/2021 jo. PP 6/2025 Art. 4(2)(b))
	// Not known yet: The contract is permanent (PKWTT) or fixed-term (PKWT) (recorded: –)
	// (PP 37/2021 jo. PP 6/2025 Art. 19(1))
	// Tidak terpenuhi: PHK bukan karena mengundurkan diri, cacat total tetap, pensiun, atau meninggal dunia
	// (alasan: RESIGN)
	// (PP 37/2021 jo. PP 6/2025 Art. 20(1))
}

// The windows of a claim whose reference day (tanggal acuan) is a month's last day.
func ExampleProgramme_Window() {
	p, err := jkp.Load(policies.FS)
	if err != nil {
		fmt.Println(err)
		return
	}
	file, err := policies.FS.Open("reference/holidays.csv")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	cal, err := calendar.Load(file)
	if err != nil {
		fmt.Println(err)
		return
	}
	for n := 2; n <= 6; n++ {
		w, err := p.Window(calendar.MustDate("2025-08-31"), n, cal)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(n, w.Opens, w.Closes)
	}
	// Output:
	// 2 2025-09-30 2025-10-05
	// 3 2025-10-31 2025-11-05
	// 4 2025-11-30 2025-12-05
	// 5 2025-12-31 2026-01-05
	// 6 2026-02-23 2026-02-28
}
