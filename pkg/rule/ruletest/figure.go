package ruletest

import (
	"encoding/csv"
	"flag"
	"os"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

var update = flag.Bool("update", false, "write testdata/golden_figure.csv from the parameter files")

const figuresFile = "golden_figure.csv"

// figures holds every figure of every file, its article and its confidence against testdata/golden_figure.csv: a figure
// changes only together with that line, so that a review sees it twice, and nothing becomes verified by accident.
func figures(t *testing.T, p Programme) {
	t.Helper()
	var got [][]string
	for _, name := range p.Files(t) {
		var doc yaml.Node
		if err := yaml.Unmarshal([]byte(p.Read(t, name)), &doc); err != nil {
			t.Fatal(err)
		}
		g := gatherer{file: strings.TrimSuffix(name, ".yaml")}
		g.gather(doc.Content[0], "")
		got = append(got, g.lines...)
	}
	if *update {
		write(t, got)
	}
	want := map[string]string{}
	for _, r := range Rows(t, figuresFile) {
		line := []string{r["value"], r["citation"], r["article"], r["confidence"]}
		want[r["file"]+" "+r["key"]] = strings.Join(line, " | ")
	}
	for _, line := range got {
		key, value := line[0]+" "+line[1], strings.Join(line[2:], " | ")
		if golden, ok := want[key]; !ok || golden != value {
			t.Errorf("%s: file has %q, golden %q", key, value, golden)
		}
		delete(want, key)
	}
	for key := range want {
		t.Errorf("%s is in no file", key)
	}
}

func write(t *testing.T, lines [][]string) {
	t.Helper()
	file, err := os.Create("testdata/" + figuresFile)
	if err != nil {
		t.Fatal(err)
	}
	w := csv.NewWriter(file)
	head := []string{"file", "key", "value", "citation", "article", "confidence"}
	if err := w.WriteAll(append([][]string{head}, lines...)); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

// gatherer lists what has a confidence: a figure, a row, a table.
type gatherer struct {
	file  string
	lines [][]string
}

func (g *gatherer) gather(node *yaml.Node, key string) {
	fields := map[string]*yaml.Node{}
	var names []string
	for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
		fields[node.Content[i].Value] = node.Content[i+1]
		names = append(names, node.Content[i].Value)
	}
	if c, ok := fields["confidence"]; ok {
		value := valueOf(fields, names)
		g.lines = append(g.lines, []string{g.file, key, value, flat(fields["citation"]), flat(fields["article"]), c.Value})
	}
	for _, name := range names {
		if name != "texts" {
			g.gather(fields[name], strings.TrimPrefix(key+"."+name, "."))
		}
	}
	for i, child := range node.Content {
		if node.Kind == yaml.SequenceNode {
			g.gather(child, strings.TrimPrefix(key+"."+strconv.Itoa(i), "."))
		}
	}
}

// valueOf is the value of a figure, or what a row or a table says beside its source.
func valueOf(fields map[string]*yaml.Node, names []string) string {
	for _, name := range []string{"value", "needs"} {
		if node, ok := fields[name]; ok {
			return flat(node)
		}
	}
	var parts []string
	for _, name := range names {
		switch name {
		case "citation", "article", "confidence", "reference", "note", "without":
			continue
		}
		if node := fields[name]; !cited(node) {
			parts = append(parts, flat(node))
		}
	}
	return strings.Join(parts, " ")
}

// cited reports whether the node has a source of its own, and so a line of its own.
func cited(node *yaml.Node) bool {
	for i := 0; node.Kind == yaml.MappingNode && i < len(node.Content); i += 2 {
		if node.Content[i].Value == "confidence" {
			return true
		}
	}
	return false
}

// flat returns all values below a node, separated by spaces.
func flat(node *yaml.Node) string {
	if node == nil {
		return ""
	}
	var parts []string
	for i, child := range node.Content {
		if node.Kind != yaml.MappingNode || i%2 == 1 {
			parts = append(parts, flat(child))
		}
	}
	if len(parts) > 0 {
		return strings.Join(parts, " ")
	}
	return node.Value
}
