package termination_test

import (
	"encoding/json"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/termination"
)

// The clocks among the cases of the legal basis.
func TestTheCasesOfTheLegalBasis(t *testing.T) {
	t.Parallel()
	steps := map[string]termination.Step{
		"employer reports to BPJS Ketenagakerjaan": termination.InsurerReport, "suit on the PHK": termination.Suit,
	}
	rows := ruletest.Rows(t, "law_golden.csv")
	if len(rows) != 2 {
		t.Fatalf("%d cases, want 2", len(rows))
	}
	for _, row := range rows {
		var in struct {
			Step        string        `json:"step"`
			Terminated  calendar.Date `json:"terminated_on"`
			Failed      calendar.Date `json:"mediation_failed_on"`
			WorkingDays int           `json:"working_days"`
		}
		var want struct {
			Due  calendar.Date `json:"due_on"`
			Last calendar.Date `json:"last_day"`
		}
		if err := json.Unmarshal([]byte(row["inputs"]), &in); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(row["expected"]), &want); err != nil {
			t.Fatal(err)
		}
		var h history
		for e, day := range map[event]calendar.Date{"terminated": in.Terminated, "mediation_failed": in.Failed} {
			if !day.IsZero() {
				h = append(h, termination.DatedEvent{Event: e, On: day})
			}
		}
		c, runs := clockOf(t, procedureAt(t, "2026-06-30"), steps[in.Step], h)
		if due := c.Due.Due; !runs || due != want.Due && due != want.Last || !c.Due.Certain ||
			c.WorkingDays != in.WorkingDays {
			t.Errorf("%s: %s until %s, want %s%s", row["id"], c.Step, due, want.Due, want.Last)
		}
	}
}
