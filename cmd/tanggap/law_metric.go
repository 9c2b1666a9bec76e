package main

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/lawbook"
)

// lawDays measures for how many days the calendar, and every version of the law that has an end and no successor, goes
// on to hold; less than zero when it has run out.
type lawDays struct {
	law   func() *lawbook.Law
	clock clock.Clock
}

var lawDaysLeft = prometheus.NewDesc("tanggap_law_days_left",
	"Days until a part of the law runs out that has no successor.", []string{"what"}, nil)

// Describe implements prometheus.Collector.
func (lawDays) Describe(to chan<- *prometheus.Desc) { to <- lawDaysLeft }

// Collect implements prometheus.Collector.
func (d lawDays) Collect(to chan<- prometheus.Metric) {
	today := calendar.Of(d.clock.Now(), calendar.WIB)
	for _, x := range d.law().Ends() {
		to <- prometheus.MustNewConstMetric(lawDaysLeft, prometheus.GaugeValue, float64(today.DaysUntil(x.EndsOn)), x.What)
	}
}
