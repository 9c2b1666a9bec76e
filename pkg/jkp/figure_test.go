package jkp_test

import (
	"io/fs"
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/policies"
	"gopkg.in/yaml.v3"
)

// figure is what golden_figure.csv says of one figure of one file.
type figure struct{ value, citation, article, confidence string }

// TestEveryFigureIsGolden holds every figure of every parameter file, its article and its confidence against
// golden_figure.csv: a figure changes only together with that line, so that a review sees it twice.
func TestEveryFigureIsGolden(t *testing.T) {
	t.Parallel()
	want := map[string]figure{}
	files := map[string]bool{}
	for _, r := range golden(t, "golden_figure.csv") {
		want[r["file"]+" "+r["key"]] = figure{r["value"], r["citation"], r["article"], r["confidence"]}
		files[r["file"]] = true
	}
	got := map[string]figure{}
	for file := range files {
		data, err := fs.ReadFile(policies.FS, jkp.Folder+"/"+file+".yaml")
		if err != nil {
			t.Fatal(err)
		}
		var doc yaml.Node
		if err := yaml.Unmarshal(data, &doc); err != nil {
			t.Fatal(err)
		}
		gather(doc.Content[0], file+" ", got)
	}
	for key, w := range want {
		if got[key] != w {
			t.Errorf("%s: file has %q, golden %q", key, got[key], w)
		}
	}
	for key := range got {
		if _, ok := want[key]; !ok {
			t.Errorf("%s is in no golden line", key)
		}
	}
}

// gather finds the mappings that have a confidence and keeps their scalars.
func gather(node *yaml.Node, key string, into map[string]figure) {
	fields := map[string]*yaml.Node{}
	for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
		fields[node.Content[i].Value] = node.Content[i+1]
	}
	if c, ok := fields["confidence"]; ok {
		value := fields["value"]
		if value == nil {
			value = fields["needs"]
		}
		into[key] = figure{flat(value), flat(fields["citation"]), flat(fields["article"]), c.Value}
		return
	}
	for name, child := range fields {
		gather(child, dotted(key, name), into)
	}
	for i, child := range node.Content {
		if node.Kind == yaml.SequenceNode {
			gather(child, dotted(key, strconv.Itoa(i)), into)
		}
	}
}

func dotted(key, name string) string {
	if strings.HasSuffix(key, " ") {
		return key + name
	}
	return key + "." + name
}

func flat(node *yaml.Node) string {
	if node == nil {
		return ""
	}
	if node.Kind == yaml.ScalarNode {
		return node.Value
	}
	var parts []string
	for _, child := range node.Content {
		parts = append(parts, child.Value)
	}
	return strings.Join(parts, " ")
}
