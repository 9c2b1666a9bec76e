package severance_test

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
		"pp-35-2021-mk-168-2023.yaml": {
			"fixed_term.last_day open",
			"fixed_term.part_month open",
			"last_day open",
			"reasons.ABSENT_5_DAYS.separation_pay U",
			"reasons.ABSENT_5_DAYS.service_pay U",
			"reasons.ABSENT_5_DAYS.severance_pay U",
			"reasons.CLOSURE_NO_LOSS.service_pay U",
			"reasons.CLOSURE_NO_LOSS.severance_pay U",
			"reasons.CONVICTED.no_loss.service_pay U",
			"reasons.CONVICTED.separation_pay U",
			"reasons.CONVICTED.service_pay U",
			"reasons.CONVICTED.severance_pay U",
			"reasons.DETAINED_6M.no_loss.service_pay U",
			"reasons.DETAINED_6M.separation_pay U",
			"reasons.DETAINED_6M.service_pay U",
			"reasons.DETAINED_6M.severance_pay U",
			"reasons.EMPLOYER_FAULT.service_pay U",
			"reasons.EMPLOYER_FAULT.severance_pay U",
			"reasons.PETITION_REJECTED.separation_pay U",
			"reasons.PETITION_REJECTED.service_pay U",
			"reasons.PETITION_REJECTED.severance_pay U",
			"reasons.PKPU_NO_LOSS.service_pay U",
			"reasons.PKPU_NO_LOSS.severance_pay U",
			"reasons.RESIGN.separation_pay U",
			"reasons.RESIGN.service_pay U",
			"reasons.RESIGN.severance_pay U",
			"reasons.RETIREMENT.service_pay U",
			"reasons.VIOLATION_URGENT.separation_pay U",
			"reasons.VIOLATION_URGENT.service_pay U",
			"reasons.VIOLATION_URGENT.severance_pay U",
			"rights.housing_medical U",
			"rounding open",
			"service_pay.reads open",
		},
		"pp-35-2021.yaml": {
			"fixed_term.last_day open",
			"fixed_term.part_month open",
			"in_force U",
			"last_day open",
			"reasons.ABSENT_5_DAYS.separation_pay U",
			"reasons.ABSENT_5_DAYS.service_pay U",
			"reasons.ABSENT_5_DAYS.severance_pay U",
			"reasons.CLOSURE_NO_LOSS.service_pay U",
			"reasons.CLOSURE_NO_LOSS.severance_pay U",
			"reasons.CONVICTED.no_loss.service_pay U",
			"reasons.CONVICTED.separation_pay U",
			"reasons.CONVICTED.service_pay U",
			"reasons.CONVICTED.severance_pay U",
			"reasons.DETAINED_6M.no_loss.service_pay U",
			"reasons.DETAINED_6M.separation_pay U",
			"reasons.DETAINED_6M.service_pay U",
			"reasons.DETAINED_6M.severance_pay U",
			"reasons.EMPLOYER_FAULT.service_pay U",
			"reasons.EMPLOYER_FAULT.severance_pay U",
			"reasons.PETITION_REJECTED.separation_pay U",
			"reasons.PETITION_REJECTED.service_pay U",
			"reasons.PETITION_REJECTED.severance_pay U",
			"reasons.PKPU_NO_LOSS.service_pay U",
			"reasons.PKPU_NO_LOSS.severance_pay U",
			"reasons.RESIGN.separation_pay U",
			"reasons.RESIGN.service_pay U",
			"reasons.RESIGN.severance_pay U",
			"reasons.RETIREMENT.service_pay U",
			"reasons.VIOLATION_URGENT.separation_pay U",
			"reasons.VIOLATION_URGENT.service_pay U",
			"reasons.VIOLATION_URGENT.severance_pay U",
			"rights.housing_medical U",
			"rounding open",
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
