package rule

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// Problem is one fault of a parameter file with its line (1-based).
type Problem struct {
	Line int    `json:"line"`
	Key  string `json:"key"` // dotted key, "cash.rates.0"; may be empty
	Text string `json:"text"`
}

// String returns "line 7: cash.rates: missing".
func (p Problem) String() string {
	if p.Key == "" {
		return fmt.Sprintf("line %d: %s", p.Line, p.Text)
	}
	return fmt.Sprintf("line %d: %s: %s", p.Line, p.Key, p.Text)
}

// ProblemError is the error of a file that has problems; errors.As finds it.
type ProblemError struct{ Problems []Problem }

// Error lists all problems.
func (e *ProblemError) Error() string {
	lines := make([]string, 0, len(e.Problems))
	for _, p := range e.Problems {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "; ")
}

// Schema tells which Go type reads the files of one programme and kind. Programmes list theirs in a Schemas function.
type Schema struct {
	Programme string
	Kind      string
	decode    func(doc *yaml.Node, data []byte) (Versioned, []Problem) // gives a pointer to the type
}

// SchemaOf returns the schema of files of type T.
func SchemaOf[T Versioned](programme, kind string) Schema {
	return Schema{programme, kind, func(doc *yaml.Node, data []byte) (Versioned, []Problem) {
		file, problems := decodeFile[T](doc, data)
		return any(&file).(Versioned), problems
	}}
}

// CheckData reports all problems of a file; none means that the programme would load it. The schema is chosen by the
// file's own programme and kind. Used by `tanggap policy check FILE`.
func CheckData(data []byte, schemas ...Schema) []Problem {
	_, problems := decodeBy(data, schemas)
	return problems
}

// decodeBy reads a file by the schema of its programme and kind.
func decodeBy(data []byte, schemas []Schema) (Versioned, []Problem) {
	doc, problems := parse(data)
	if len(problems) > 0 {
		return nil, problems
	}
	programme, kind := scalar(doc, "programme"), scalar(doc, "kind")
	for _, s := range schemas {
		if s.Programme == programme && s.Kind == kind {
			return s.decode(doc, data)
		}
	}
	text := fmt.Sprintf("no programme reads %q files of kind %q here", programme, kind)
	return nil, []Problem{{Line: 1, Key: "programme", Text: text}}
}
