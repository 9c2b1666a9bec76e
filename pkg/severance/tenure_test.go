package severance_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/termination"
)

func TestTenureWithoutTheLastDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		start, end string
		want       severance.Tenure
	}{
		{"2022-03-15", "2022-03-15", severance.Tenure{}},
		{"2022-03-15", "2022-03-16", severance.Tenure{Days: 1}},
		{"2022-03-15", "2022-04-14", severance.Tenure{Days: 30}},
		{"2022-03-15", "2022-04-15", severance.Tenure{Months: 1}},
		{"2022-03-15", "2023-03-14", severance.Tenure{Months: 11, Days: 27}},
		{"2022-03-15", "2023-03-15", severance.Tenure{Years: 1}},
		{"2022-03-15", "2025-03-14", severance.Tenure{Years: 2, Months: 11, Days: 27}},
		{"2022-03-15", "2025-03-15", severance.Tenure{Years: 3}},
		{"2022-03-15", "2025-03-16", severance.Tenure{Years: 3, Days: 1}},
		{"2018-01-10", "2023-05-15", severance.Tenure{Years: 5, Months: 4, Days: 5}},
		// 29 February: the anniversary of a common year is the 28th.
		{"2020-02-29", "2021-02-27", severance.Tenure{Months: 11, Days: 29}},
		{"2020-02-29", "2021-02-28", severance.Tenure{Years: 1}},
		{"2020-02-29", "2024-02-28", severance.Tenure{Years: 3, Months: 11, Days: 30}},
		{"2020-02-29", "2024-02-29", severance.Tenure{Years: 4}},
		// The 31st: a shorter month is complete on its last day.
		{"2025-01-31", "2025-02-27", severance.Tenure{Days: 27}},
		{"2025-01-31", "2025-02-28", severance.Tenure{Months: 1}},
		{"2025-01-31", "2025-03-30", severance.Tenure{Months: 1, Days: 30}},
		{"2025-01-31", "2025-03-31", severance.Tenure{Months: 2}},
		{"2024-12-31", "2025-01-01", severance.Tenure{Days: 1}},
		{"1985-07-01", "2025-06-30", severance.Tenure{Years: 39, Months: 11, Days: 29}},
	} {
		r := rulesAt(t, "2025-03-15")
		r.LastDay.Value = severance.LastDayNotCounted
		got, err := r.Tenure(date(c.start), date(c.end))
		if err != nil || got != c.want {
			t.Errorf("%s to %s: %v, want %v (%v)", c.start, c.end, got, c.want, err)
		}
	}
}

func TestTheLastDayCounts(t *testing.T) {
	t.Parallel()
	r := rulesAt(t, "2025-03-14")
	for _, c := range []struct {
		start, end string
		want       severance.Tenure
	}{
		{"2022-03-15", "2025-03-13", severance.Tenure{Years: 2, Months: 11, Days: 27}},
		{"2022-03-15", "2025-03-14", severance.Tenure{Years: 3}},
		{"2022-03-15", "2022-03-15", severance.Tenure{Days: 1}},
		{"2024-01-01", "2024-12-31", severance.Tenure{Years: 1}},
	} {
		if got, err := r.Tenure(date(c.start), date(c.end)); err != nil || got != c.want {
			t.Errorf("%s to %s: %v, want %v (%v)", c.start, c.end, got, c.want, err)
		}
	}
}

// On the eve of an anniversary the money hangs on an open question, and the answer has to say so; else it must not.
func TestTheEveOfAnAnniversaryIsOpen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		start, end   string
		upOpen, upmk bool
	}{
		{"2022-03-15", "2025-03-13", false, false},
		{"2022-03-15", "2025-03-14", true, true}, // 2 or 3 years: UP 3 or 4, UPMK 0 or 2 months
		{"2022-03-15", "2025-03-15", false, false},
		{"2021-03-15", "2025-03-14", true, false},  // 3 or 4 years: only UP changes
		{"2016-03-15", "2025-03-14", false, true},  // 8 or 9 years: only UPMK changes
		{"2015-03-15", "2025-03-14", false, false}, // 9 or 10 years: neither
	} {
		a := assess(t, facts(termination.EfficiencyPreventLoss, c.start, c.end, 5_000_000))
		up, upmk := part(t, a, severance.SeverancePay), part(t, a, severance.ServicePay)
		if (up.Confidence == rule.ConfidenceOpen) != c.upOpen || (upmk.Confidence == rule.ConfidenceOpen) != c.upmk {
			t.Errorf("%s to %s: UP %s, UPMK %s", c.start, c.end, up.Confidence, upmk.Confidence)
		}
	}
	other := rulesAt(t, "2025-03-14")
	other.LastDay.Value = severance.LastDayNotCounted
	a, err := other.Assess(facts(termination.EfficiencyPreventLoss, "2022-03-15", "2025-03-14", 5_000_000))
	if err != nil || a.Tenure.Years != 2 || part(t, a, severance.SeverancePay).Confidence != rule.ConfidenceOpen {
		t.Errorf("under the other setting: %d years, %v", a.Tenure.Years, err)
	}
}

func TestCompletedMonths(t *testing.T) {
	t.Parallel()
	if got := (severance.Tenure{Years: 2, Months: 5, Days: 29}).CompletedMonths(); got != 29 {
		t.Errorf("%d months", got)
	}
}
