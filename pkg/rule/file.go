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
// problem it finds: syntax, unknown and repeated keys, values of the wrong kind, missing figures, figures without
// article or confidence, a wrong period, and what T's own Validate() []Problem says (its lines are found from
// Problem.Key).
func Decode[T Versioned](data []byte) (T, []Problem) {
	doc, problems := parse(data)
	if len(problems) > 0 {
		return *new(T), problems
	}
	return decodeFile[T](doc, data)
}

// decodeFile is Decode for a file whose tree has been read.
func decodeFile[T Versioned](doc *yaml.Node, data []byte) (T, []Problem) {
	var file T
	w := walker{root: doc}
	if problems := decodeStrict(data, &file); len(problems) > 0 {
		for i := range problems {
			problems[i].Key = figureOf(keyAt(doc, problems[i].Line, ""))
		}
		return file, problems
	}
	w.citation = file.Head().Citation
	w.walkFile(&file)
	w.head(file.Head())
	if v, ok := any(&file).(interface{ Validate() []Problem }); ok && len(w.problems) == 0 {
		for _, p := range v.Validate() {
			w.add(p.Key, p.Text)
		}
	}
	return file, w.problems
}

// decodeStrict refuses unknown and repeated keys, values of another kind, and a second document.
func decodeStrict(data []byte, into any) []Problem {
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

// figureOf cuts the part of a figure off: the decoder names the line where the figure begins.
func figureOf(key string) string {
	switch before, last := cutLast(key); last {
	case "value", "citation", "article", "confidence", "reference", "note":
		return before
	}
	return key
}

// keyAt returns the dotted key that stands on a line, the first and outermost of it; empty when there is none.
func keyAt(node *yaml.Node, line int, key string) string {
	if node.Kind == yaml.DocumentNode && len(node.Content) > 0 {
		return keyAt(node.Content[0], line, key)
	}
	for i, child := range node.Content {
		at, starts := join(key, strconv.Itoa(i)), child.Line
		if node.Kind == yaml.MappingNode {
			if i%2 == 0 {
				continue
			}
			at, starts = join(key, node.Content[i-1].Value), node.Content[i-1].Line
		}
		if starts == line {
			return at
		}
		if found := keyAt(child, line, at); found != "" {
			return found
		}
	}
	return ""
}

// parse reads the file as a tree and refuses what a parameter file never needs: anchors, aliases, merge keys, keys that
// are not plain words, and keys without a value. The decoder panics on some of them, takes nothing for zero, and an
// alias could hide where a figure comes from.
func parse(data []byte) (*yaml.Node, []Problem) {
	if len(data) > maxFileBytes {
		return nil, []Problem{{Line: 1, Text: "file is larger than 1 MiB"}}
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, yamlProblems(err)
	}
	return &doc, fancy(&doc, "", nil)
}

func fancy(node *yaml.Node, key string, problems []Problem) []Problem {
	line := max(node.Line, 1)
	switch {
	case node.Kind == yaml.AliasNode || node.Anchor != "":
		return append(problems, Problem{Line: line, Key: key, Text: "anchors and aliases are not allowed"})
	case node.Kind == yaml.ScalarNode && node.ShortTag() == "!!null":
		return append(problems, Problem{Line: line, Key: key, Text: "stands here without value"})
	}
	for i, child := range node.Content {
		at := key
		switch node.Kind {
		case yaml.MappingNode:
			if i%2 == 0 {
				if child.Kind != yaml.ScalarNode || child.ShortTag() == "!!merge" {
					problems = append(problems, Problem{Line: max(child.Line, 1), Key: key, Text: "a key is a plain word"})
				}
				continue
			}
			at = join(key, node.Content[i-1].Value)
		case yaml.SequenceNode:
			at = join(key, strconv.Itoa(i))
		case yaml.DocumentNode, yaml.ScalarNode, yaml.AliasNode:
		}
		problems = fancy(child, at, problems)
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
