package rule

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// maxFileBytes bounds a parameter file; the real ones are below 20 kB.
const maxFileBytes = 1 << 20

// Decode reads a parameter file of type T (a struct that embeds Version inline and has Figures). It reports every
// problem it finds: syntax, unknown and repeated keys, values of the wrong kind, missing figures, figures without article
// or confidence, a wrong period, and what T's own Validate() []Problem says (its lines are found from Problem.Key).
func Decode[T Versioned](data []byte) (T, []Problem) {
	var file T
	if problems := decodeStrict(data, &file); len(problems) > 0 {
		return file, problems
	}
	doc, problems := parse(data)
	if len(problems) > 0 {
		return file, problems
	}
	w := walker{root: doc, citation: file.Head().Citation}
	w.walkFile(&file)
	w.head(file.Head())
	if v, ok := any(&file).(interface{ Validate() []Problem }); ok && len(w.problems) == 0 {
		for _, p := range v.Validate() {
			w.add(p.Key, p.Text)
		}
	}
	return file, w.problems
}

func decodeStrict(data []byte, into any) []Problem {
	if _, problems := parse(data); len(problems) > 0 {
		return problems
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(into); err != nil {
		return yamlProblems(err)
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return []Problem{{Line: 1, Text: "more than one document in the file"}}
	}
	return nil
}

// parse reads the file as a tree and refuses what a parameter file never needs: anchors, aliases, merge keys and keys that
// are not plain words. The decoder panics on some of them, and an alias could hide where a figure comes from.
func parse(data []byte) (*yaml.Node, []Problem) {
	if len(data) > maxFileBytes {
		return nil, []Problem{{Line: 1, Text: "file is larger than 1 MiB"}}
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, yamlProblems(err)
	}
	return &doc, fancy(&doc, nil)
}

func fancy(node *yaml.Node, problems []Problem) []Problem {
	if node.Kind == yaml.AliasNode || node.Anchor != "" {
		return append(problems, Problem{Line: max(node.Line, 1), Text: "anchors and aliases are not allowed"})
	}
	for i, child := range node.Content {
		if key := node.Kind == yaml.MappingNode && i%2 == 0; key && (child.Kind != yaml.ScalarNode || child.ShortTag() == "!!merge") {
			problems = append(problems, Problem{Line: max(child.Line, 1), Text: "a key is a plain word"})
			continue
		}
		problems = fancy(child, problems)
	}
	return problems
}

// yamlProblems takes the line numbers out of the decoder's messages ("line 7: …").
func yamlProblems(err error) []Problem {
	var typed *yaml.TypeError
	if !errors.As(err, &typed) {
		return []Problem{lineProblem(strings.TrimPrefix(err.Error(), "yaml: "))}
	}
	problems := make([]Problem, 0, len(typed.Errors))
	for _, text := range typed.Errors {
		problems = append(problems, lineProblem(text))
	}
	return problems
}

func lineProblem(text string) Problem {
	rest, ok := strings.CutPrefix(text, "line ")
	number, message, cut := strings.Cut(rest, ": ")
	line, err := strconv.Atoi(number)
	if !ok || !cut || err != nil {
		return Problem{Line: 1, Text: text}
	}
	return Problem{Line: line, Text: message}
}

// scalar returns the text at a key of the top; empty when there is none.
func scalar(doc *yaml.Node, key string) string {
	w := walker{root: doc}
	if node := w.find(key); node != nil && node.Kind == yaml.ScalarNode {
		return node.Value
	}
	return ""
}
