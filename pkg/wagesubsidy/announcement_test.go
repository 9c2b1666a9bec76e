package wagesubsidy_test

import (
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
)

// What was announced is told with its sum; it decides nothing, and neither does a year of which nothing was read.
func TestAYearWhoseRulesAreNotKnown(t *testing.T) {
	t.Parallel()
	l := law(t)
	for year, version := range map[int]string{2023: "not-known", 2026: "announced-2026"} {
		d := l.NotKnown(year, calendar.MustDate("2026-11-27"))
		if d.Result != rule.Undetermined || d.Version != version || !d.Unverified() || len(d.Criteria) != 1 {
			t.Errorf("%d: %s under %s, unverified %t", year, d.Result, d.Version, d.Unverified())
		}
	}
	a, ok := l.Announced(2026)
	if !ok || a.Amount.Total.Value != 900_000 || a.Amount.Monthly.Value != 300_000 || a.Amount.Months.Value != 3 ||
		a.Workers.Value != 13_300_000 {
		t.Errorf("announced for 2026: %+v", a.Amount)
	}
	for _, year := range []int{2025, 2027} {
		if _, ok := l.Announced(year); ok {
			t.Errorf("something was announced for %d", year)
		}
	}
}

func TestAnnouncementsWithoutSenseAreRefused(t *testing.T) {
	t.Parallel()
	file := "announced-2026.yaml"
	ruletest.Refused(t, programme, map[string]ruletest.Edit{
		"a sum that does not add up": {file, "total: {value: 900000", "total: {value: 600000", "is not monthly x months"},
		"another year":               {file, "year: {value: 2026", "year: {value: 2027", "is not the year of valid_from"},
		"nobody":                     {file, "workers: {value: 13300000", "workers: {value: 0", "is not between"},
	})
	ruled := programme.Copy(t)
	ruled.Put("other.yaml", strings.NewReplacer("permenaker-5-2025", "other", "2025-01-01", "2026-01-01",
		"valid_until: 2026-01-01", "valid_until: 2027-01-01",
		"year: {value: 2025", "year: {value: 2026").Replace(programme.Read(t, "permenaker-5-2025.yaml")))
	if err := programme.Load(ruled.FS); err == nil || !strings.Contains(err.Error(), "year 2026 stands twice") {
		t.Errorf("both ruled and announced: %v", err)
	}
}
