package calendar_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/calendar"
)

func TestSpanUntil(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to     string
		months, days int
	}{
		{"2025-03-15", "2025-03-15", 0, 0}, {"2025-03-15", "2025-04-14", 0, 30}, {"2025-03-15", "2025-04-15", 1, 0},
		{"2025-01-31", "2025-02-27", 0, 27}, {"2025-01-31", "2025-02-28", 1, 0}, {"2025-01-31", "2025-03-30", 1, 30},
		{"2024-02-29", "2025-02-28", 12, 0}, {"2025-11-30", "2026-01-01", 1, 2}, {"2025-12-31", "2026-01-01", 0, 1},
	} {
		months, days := calendar.MustDate(c.from).SpanUntil(calendar.MustDate(c.to))
		if months != c.months || days != c.days {
			t.Errorf("%s to %s: %d months %d days, want %d and %d", c.from, c.to, months, days, c.months, c.days)
		}
	}
}

// The span put onto the first day gives the second.
func TestASpanGivesTheDayBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := calendar.MustDate("1990-01-01").AddDays(rapid.IntRange(0, 13_000).Draw(t, "from"))
		to := from.AddDays(rapid.IntRange(0, 15_000).Draw(t, "days"))
		months, days := from.SpanUntil(to)
		if back := from.AddMonths(months).AddDays(days); back != to || months < 0 || days < 0 || days > 30 {
			t.Errorf("%s to %s: %d months %d days", from, to, months, days)
		}
	})
}
