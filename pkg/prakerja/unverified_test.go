package prakerja_test

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
		"normal-2023.yaml": {
			"first_purchase.counting open",
			"in_force U",
			"release.certificate U",
			"release.linked_account U",
			"release.rating U",
			"release.training_finished U",
		},
		"open-2025.yaml": {
			"in_force D",
			"status open",
		},
		"semi-bansos-2020.yaml": {
			"first_purchase.counting open",
			"in_force D",
			"package.total D",
			"release.certificate U",
			"release.linked_account U",
			"release.rating U",
			"release.training_finished U",
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
