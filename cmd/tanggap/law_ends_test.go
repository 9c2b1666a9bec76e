package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/lawbook"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// What runs out is told to whoever runs the server sixty days before, and from then on, by the check of the policies
// and by /readyz; how many days are left is measured on every day.
func TestWhatRunsOutIsTold(t *testing.T) {
	t.Parallel()
	l, err := loadLaws()
	if err != nil {
		t.Fatal(err)
	}
	book, err := lawbook.Open(t.Context(), l.base, storetest.NewOffice(t).Laws)
	if err != nil {
		t.Fatal(err)
	}
	for left, want := range map[int]bool{61: false, 60: true, 59: true, 0: true, -1: true, -400: true} {
		day := calendar.MustDate("2028-01-01").AddDays(-left)
		at := clock.At(day.Time().Add(6 * time.Hour))
		var out bytes.Buffer
		if err := new(policyCheck).ending(&out, day); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(out.String(), "warning: holidays runs out on 2028-01-01\n"); got != want {
			t.Errorf("policy check %d days before: %s", left, out.String())
		}
		a := &app{book: book, clock: at, log: slog.New(slog.DiscardHandler)}
		if got := a.lawTold(t.Context())["law: holidays"] == "runs out on 2028-01-01"; got != want {
			t.Errorf("readyz %d days before: %v", left, a.lawTold(t.Context()))
		}
		registry := prometheus.NewRegistry()
		registry.MustRegister(lawDays{book.Law, at})
		families, err := registry.Gather()
		if err != nil || len(families) != 1 {
			t.Fatalf("%v %v", families, err)
		}
		if want := fmt.Sprintf(`value:"holidays"} gauge:{value:%d}`, left); !strings.Contains(
			strings.ReplaceAll(families[0].String(), "  ", " "), want) {
			t.Errorf("measured %d days before: %s", left, families[0].String())
		}
	}
}
