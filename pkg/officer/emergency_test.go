package officer_test

import (
	"context"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/measure/measuretest"
	"github.com/tanggap/tanggap/pkg/officer"
)

// asked keeps how long the access was asked for of the store.
type asked struct {
	officer.EmergencyStore
	lasts time.Duration
}

func (a *asked) OpenEmergency(_ context.Context, _ authz.Op, e officer.Emergency,
	lasts time.Duration) (officer.Emergency, error) {
	a.lasts = lasts
	return e, nil
}

// An emergency access lasts as long as it was asked for, and never longer than the measure of the day says.
func TestAnEmergencyLastsAsTheMeasureSaysAtMost(t *testing.T) {
	t.Parallel()
	book := measuretest.Changed(t, calendar.MustDate("2022-01-01"), "emergency_minutes", 20)
	for minutes, want := range map[int]int{1: 1, 19: 19, 20: 20, 21: 20, 60: 20} {
		kept := &asked{}
		s := &officer.Service{Emergencies: kept, Measures: book, Sessions: officer.NewSessions(nil, clock.System())}
		if _, err := s.OpenEmergency(t.Context(), authz.Op{}, "3273", "banjir",
			time.Duration(minutes)*time.Minute); err != nil {
			t.Fatal(err)
		}
		if kept.lasts != time.Duration(want)*time.Minute {
			t.Errorf("%d minutes asked: %s", minutes, kept.lasts)
		}
	}
}
