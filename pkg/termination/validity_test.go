package termination_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/termination"
)

// phk is the day on which the employer says that the employment ended; it chooses the reading.
func TestADisputedTerminationTakesEffectOnAFinalDecision(t *testing.T) {
	t.Parallel()
	disputed, accepted := new(true), new(false)
	for name, c := range map[string]struct {
		phk     string
		dispute termination.Dispute
		asOf    string
		want    rule.Outcome
	}{
		"not disputed": {"2025-03-01", termination.Dispute{Disputed: accepted}, "2025-03-01",
			rule.Eligible},
		"nobody has said": {"2025-03-01", termination.Dispute{}, "2025-03-01", rule.Undetermined},
		"disputed, nothing decided": {"2025-03-01", termination.Dispute{Disputed: disputed}, "2025-09-01",
			rule.Ineligible},
		"disputed, on the day of the ruling": {"2024-10-31", termination.Dispute{Disputed: disputed}, "2025-09-01",
			rule.Ineligible},
		"disputed, the day before the ruling": {"2024-10-30", termination.Dispute{Disputed: disputed}, "2025-09-01",
			rule.Undetermined},
		"not disputed before the ruling": {"2024-10-30", termination.Dispute{Disputed: accepted}, "2024-11-30",
			rule.Eligible},
		"final decision": {"2025-03-01",
			termination.Dispute{Disputed: disputed, FinalDecision: date("2025-08-01")}, "2025-08-01", rule.Eligible},
		"decision final only tomorrow": {"2025-03-01",
			termination.Dispute{Disputed: disputed, FinalDecision: date("2025-08-02")}, "2025-08-01", rule.Ineligible},
		"joint agreement": {"2025-03-01",
			termination.Dispute{Disputed: disputed, Agreement: date("2025-05-01")}, "2025-06-01", rule.Eligible},
		"joint agreement only next month": {"2025-03-01",
			termination.Dispute{Disputed: disputed, Agreement: date("2025-07-01")}, "2025-06-01", rule.Ineligible},
		"final decision, dispute never entered": {"2025-03-01", termination.Dispute{FinalDecision: date("2025-08-01")},
			"2025-08-02", rule.Eligible},
		"final decision before the ruling": {"2023-03-01",
			termination.Dispute{Disputed: disputed, FinalDecision: date("2023-08-01")}, "2023-08-02", rule.Eligible},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, err := law(t).Validities.At(date(c.phk))
			if err != nil {
				t.Fatal(err)
			}
			d := v.Decide(c.dispute, date(c.asOf))
			if d.Result != c.want {
				t.Errorf("%s, want %s", d.Result, c.want)
			}
			got, ok := d.Get(termination.CriterionEffect)
			if !ok || len(d.Criteria) != 1 || got.Article == "" || d.Version != v.ID {
				t.Errorf("the answer does not show what it rests on: %v", d)
			}
		})
	}
}

func TestValidityShowsItsConfidence(t *testing.T) {
	t.Parallel()
	disputed := termination.Dispute{Disputed: new(true)}
	agreed := termination.Dispute{Disputed: new(true), Agreement: date("2025-05-01")}
	for name, c := range map[string]struct {
		phk        string
		dispute    termination.Dispute
		citation   string
		unverified bool
	}{
		"the ruling was read in a page":       {"2025-03-01", disputed, "MK 168/PUU-XXI/2023", false},
		"the text before it is open":          {"2024-03-01", disputed, "UU 13/2003 jo. UU 6/2023", true},
		"the effect of an agreement was read": {"2025-03-01", agreed, "UU 2/2004", false},
	} {
		v, err := law(t).Validities.At(date(c.phk))
		if err != nil {
			t.Fatal(err)
		}
		d := v.Decide(c.dispute, date("2025-06-01"))
		if got := d.Criteria[0].Citation; got != c.citation || d.Unverified() != c.unverified {
			t.Errorf("%s: rests on %s, unverified %t", name, got, d.Unverified())
		}
	}
}

func TestValidityShowsItsInputs(t *testing.T) {
	t.Parallel()
	v, err := law(t).Validities.At(date("2025-03-01"))
	if err != nil {
		t.Fatal(err)
	}
	d := v.Decide(termination.Dispute{
		Disputed: new(true), Agreement: date("2025-05-01"), FinalDecision: date("2025-06-01"),
	}, date("2025-06-02"))
	for key, want := range map[string]string{"disputed": "true", "joint_agreement": "2025-05-01",
		"final_decision": "2025-06-01"} {
		if got := d.Criteria[0].Inputs[key]; got != want {
			t.Errorf("%s = %q, want %q", key, got, want)
		}
	}
	if empty := v.Decide(termination.Dispute{}, date("2025-06-02")).Criteria[0].Inputs; len(empty) != 0 {
		t.Errorf("inputs out of nothing: %v", empty)
	}
}
