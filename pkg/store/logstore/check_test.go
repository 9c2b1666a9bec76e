package logstore_test

import (
	"fmt"
	"testing"

	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/translog"
)

// Verifications are told newest first, ten at most, as they were recorded.
func TestTheLastChecksAreTold(t *testing.T) {
	t.Parallel()
	office := storetest.NewOffice(t)
	if list, err := office.Log.Checks(t.Context()); err != nil || len(list) != 0 {
		t.Fatalf("before the first: %v, %v", list, err)
	}
	answers := translog.Answer("").Values()
	for i := range 12 {
		storetest.OK(t, office.Log.RecordCheck(t.Context(), translog.Check{By: fmt.Sprint("ops", i), Entries: int64(i),
			Answer: answers[i%len(answers)], Checkpoints: int64(2 * i)}))
	}
	list, err := office.Log.Checks(t.Context())
	storetest.OK(t, err)
	if len(list) != 10 {
		t.Fatalf("%d checks are told", len(list))
	}
	for n, c := range list {
		i := 11 - n
		if c.By != fmt.Sprint("ops", i) || c.Entries != int64(i) || c.Checkpoints != int64(2*i) ||
			c.Answer != answers[i%len(answers)] || c.At.IsZero() {
			t.Errorf("check %d is %+v", i, c)
		}
	}
	if err := office.Log.RecordCheck(t.Context(), translog.Check{By: "x", Answer: "perhaps"}); err == nil {
		t.Error("an answer that is none is kept")
	}
}
