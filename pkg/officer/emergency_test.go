package officer_test

import (
	"context"
	"testing"
	"testing/fstest"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/officer"
)

// asked keeps how long the access was asked for of the store.
type asked struct {
	officer.EmergencyStore
	lasts time.Duration
}

func (a *asked) OpenEmergency(_ context.Context, _ authz.Op, e officer.Emergency, lasts time.Duration) (officer.Emergency, error) {
	a.lasts = lasts
	return e, nil
}

const measures = `programme: measures
kind: measures
id: m
title: t
citation: c
valid_from: 2021-01-01
vacancy_offer_months: {value: 1, article: a, confidence: D}
smallest_group: {value: 5, article: a, confidence: D}
emergency_minutes: {value: 20, article: a, confidence: D}
retention_years: {value: 10, article: a, confidence: U}
`

// An emergency access lasts as long as it was asked for, and never longer than the measure of the day says.
func TestAnEmergencyLastsAsTheMeasureSaysAtMost(t *testing.T) {
	t.Parallel()
	book, err := measure.Load(fstest.MapFS{"measures/m.yaml": {Data: []byte(measures)}})
	if err != nil {
		t.Fatal(err)
	}
	for minutes, want := range map[int]int{1: 1, 19: 19, 20: 20, 21: 20, 60: 20} {
		kept := &asked{}
		s := &officer.Service{Emergencies: kept, Measures: book, Sessions: officer.NewSessions(nil, clock.System())}
		if _, err := s.OpenEmergency(t.Context(), authz.Op{}, "3273", "banjir", time.Duration(minutes)*time.Minute); err != nil {
			t.Fatal(err)
		}
		if kept.lasts != time.Duration(want)*time.Minute {
			t.Errorf("%d minutes asked: %s", minutes, kept.lasts)
		}
	}
}
