package rule

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// maxFileBytes bounds a parameter file; the real ones are below 20 kB.
const maxFileBytes = 1 << 20

// Load reads and decodes the parameter file at path; the error is a *ProblemError that lists all problems with lines.
func Load[T Versioned](fsys fs.FS, path string) (T, error) {
	var none T
	data, err := fs.ReadFile(fsys, path)
	if err != nil {
		return none, fmt.Errorf("read parameter file: %w", err)
	}
	file, problems := Decode[T](data)
	if len(problems) > 0 {
		return none, fmt.Errorf("load %s: %w", path, &ProblemError{Problems: problems})
	}
	return file, nil
}

// Decode reads a parameter file of type T (a struct that embeds Version inline and has Figures). It reports every
// problem it finds: syntax, unknown and repeated keys, values of the wrong kind, missing figures, figures without article
// or confidence, a wrong period, and what T's own Validate() []Problem says (its lines are found from Problem.Key).
func Decode[T Versioned](data []byte) (T, []Problem) {
	var file T
	if problems := decodeStrict(data, &file); len(problems) > 0 {
		return file, problems
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return file, yamlProblems(err)
	}
	w := walker{root: &doc, citation: file.Head().Citation}
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
	if len(data) > maxFileBytes {
		return []Problem{{Line: 1, Text: "file is larger than 1 MiB"}}
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

// KindOf returns the kind that the head of the file states, without reading the rest.
func KindOf(fsys fs.FS, path string) (string, error) {
	data, err := fs.ReadFile(fsys, path)
	if err != nil {
		return "", fmt.Errorf("read parameter file: %w", err)
	}
	var head struct {
		Kind string `yaml:"kind"`
	}
	if err := yaml.Unmarshal(data, &head); err != nil {
		return "", fmt.Errorf("load %s: %w", path, &ProblemError{Problems: yamlProblems(err)})
	}
	return head.Kind, nil
}
