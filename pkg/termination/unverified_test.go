package termination_test

import (
	"io/fs"
	"slices"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/tanggap/tanggap/policies"
)

// unverified lists the figures below a node that nobody has read in a regulation text, as "dotted.key letter".
func unverified(node *yaml.Node, key string) []string {
	var found []string
	for i := 0; i+1 < len(node.Content) && node.Kind == yaml.MappingNode; i += 2 {
		name, value := node.Content[i].Value, node.Content[i+1]
		if name == "confidence" && slices.Contains([]string{"U", "D", "open"}, value.Value) {
			found = append(found, key+" "+value.Value)
		}
		below := name
		if key != "" {
			below = key + "." + name
		}
		found = append(found, unverified(value, below)...)
	}
	if node.Kind != yaml.MappingNode {
		for _, child := range node.Content {
			found = append(found, unverified(child, key)...)
		}
	}
	slices.Sort(found)
	return found
}

// The work list of whoever gets hold of the regulation texts: what is read leaves this list and its letter changes in the
// file, in one commit. Nothing becomes verified by accident.
func TestUnverifiedFigures(t *testing.T) {
	t.Parallel()
	for file, want := range map[string][]string{
		"prevention-se-907-2004.yaml": nil,
		"procedure-permenaker-2-2025.yaml": {
			"steps.cassation.working_days U",
			"steps.conciliation.working_days U",
			"steps.industrial_court.working_days U",
			"steps.mediation.working_days U",
			"steps.mediation_answer.silence U",
			"steps.mediation_answer.working_days U",
			"steps.mediator_recommendation.working_days U",
		},
		"procedure-pp-35-2021.yaml": {
			"in_force U",
			"steps.cassation.working_days U",
			"steps.conciliation.working_days U",
			"steps.industrial_court.working_days U",
			"steps.insurer_report.working_days U",
			"steps.mediation.working_days U",
			"steps.mediation_answer.silence U",
			"steps.mediation_answer.working_days U",
			"steps.mediator_recommendation.working_days U",
		},
		"reasons-pp-35-2021.yaml": {
			"in_force U",
			"reasons.ABSENT_5_DAYS U",
			"reasons.ABSENT_5_DAYS.letter U",
			"reasons.ACQUISITION.letter U",
			"reasons.ACQUISITION_TERMS_CHANGED_REFUSED.letter U",
			"reasons.CLOSURE_NO_LOSS U",
			"reasons.CONVICTED U",
			"reasons.CONVICTED.letter U",
			"reasons.DEATH.letter U",
			"reasons.DETAINED_6M U",
			"reasons.DETAINED_6M.letter U",
			"reasons.EMPLOYER_FAULT U",
			"reasons.LONG_ILLNESS_DISABILITY.letter U",
			"reasons.MERGER_SPINOFF.letter U",
			"reasons.PETITION_REJECTED U",
			"reasons.PKPU_NO_LOSS U",
			"reasons.RESIGN U",
			"reasons.RESIGN.letter U",
			"reasons.RETIREMENT.letter U",
			"reasons.VIOLATION_AFTER_SP3.letter U",
			"reasons.VIOLATION_URGENT U",
			"reasons.VIOLATION_URGENT.letter U",
		},
		"validity-mk-168-2023.yaml": {
			"agreement_ends_dispute U",
		},
		"validity-pp-35-2021.yaml": {
			"agreement_ends_dispute U",
			"disputed_needs open",
		},
	} {
		data, err := fs.ReadFile(policies.FS, folder+file)
		if err != nil {
			t.Fatal(err)
		}
		var doc yaml.Node
		if err := yaml.Unmarshal(data, &doc); err != nil {
			t.Fatal(err)
		}
		if got := unverified(&doc, ""); !slices.Equal(got, want) {
			t.Errorf("%s: unverified are %q, want %q", file, got, want)
		}
	}
}
