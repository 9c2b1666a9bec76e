package main

import (
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/mail"
	"github.com/tanggap/tanggap/pkg/store/stores"
)

// Every kind of work is wired, and the lists of idle work, which look alike, each to its own.
func TestAllWorkIsWired(t *testing.T) {
	t.Parallel()
	work := reflect.ValueOf((&app{store: &stores.Stores{}, reminder: &mail.Reminder{}}).work())
	does := map[string]string{"IdleIntakes": "WaitingIntakes", "IdleExports": "WaitingExports",
		"IdleMatches": "WaitingRuns", "IdleBulk": "WaitingOrders", "IdleReleases": "Unsettled", "RaiseAlarms": "alarm", "ExpireReferrals": "expireReferrals", "Remind": "Remind",
		"CountFigures": "KeepFigures", "SweepDocuments": "sweepDocuments",
		"ForgetAnswers": "ForgetAnswers"}
	for i := range work.NumField() {
		field, name := work.Field(i), work.Type().Field(i).Name
		if field.IsZero() {
			t.Errorf("%s is not wired", name)
		} else if field.Kind() == reflect.Func {
			called := runtime.FuncForPC(field.Pointer()).Name()
			if want := "." + does[name] + "-fm"; !strings.HasSuffix(called, want) {
				t.Errorf("%s calls %s", name, called)
			}
		}
	}
}
