package rule

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Language is a language of the texts.
type Language string

// The languages.
const (
	Indonesian Language = "id"
	English    Language = "en"
)

// Valid reports whether there are texts in l.
func (l Language) Valid() bool { return l == Indonesian || l == English }

// Text is one sentence in both languages. {name} is filled from MessageArgs, Inputs and "required".
type Text struct {
	ID string `yaml:"id" json:"id"`
	EN string `yaml:"en" json:"en"`
}

// In returns the text in l; any other language than English is answered in Indonesian, the language of the law.
func (t Text) In(l Language) string {
	if l == English {
		return t.EN
	}
	return t.ID
}

// Catalogue holds the requirement of each criterion as a sentence, keyed on the criterion's code.
type Catalogue map[string]Text

// LoadCatalogue reads a YAML mapping code -> {id, en}; both languages are required.
func LoadCatalogue(r io.Reader) (Catalogue, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read texts: %w", err)
	}
	var c Catalogue
	if _, problems := parse(data); len(problems) > 0 {
		return nil, &ProblemError{Problems: problems}
	}
	if problems := decodeStrict(data, &c); len(problems) > 0 {
		return nil, &ProblemError{Problems: problems}
	}
	if code := c.lacking(); code != "" {
		return nil, fmt.Errorf("text %s is not in both languages", code)
	}
	return c, nil
}

// Explain returns one sentence per criterion: the result, the requirement, the place in the law, and whether the figure
// is unverified. A code without a text is answered with the code itself, so that nothing is hidden.
func (d Decision) Explain(l Language, texts Catalogue) []string {
	lines := make([]string, 0, len(d.Criteria))
	for _, c := range d.Criteria {
		lines = append(lines, c.Explain(l, texts))
	}
	return lines
}

// Explain returns the sentence of one criterion.
func (c Criterion) Explain(l Language, texts Catalogue) string {
	requirement := c.Code
	if text, ok := texts[c.Code]; ok {
		requirement = c.fill(text.In(l))
	}
	line := resultText(c.Result).In(l) + ": " + requirement + " (" + c.Source.String() + ")"
	if c.Source.Unverified() {
		line += unverifiedText(c.Confidence).In(l)
	}
	return line
}

func (c Criterion) fill(text string) string {
	pairs := []string{"{required}", c.Required}
	for _, args := range []map[string]string{c.MessageArgs, c.Inputs} {
		for name, value := range args {
			pairs = append(pairs, "{"+name+"}", value)
		}
	}
	return blank(strings.NewReplacer(pairs...).Replace(text))
}

// blank replaces what is still in braces by a dash: an absent fact has no entry.
func blank(text string) string {
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			return text
		}
		size := strings.IndexByte(text[open:], '}')
		if size < 0 {
			return text
		}
		text = text[:open] + "–" + text[open+size+1:]
	}
}

func resultText(r Result) Text {
	switch r {
	case Met:
		return Text{"Terpenuhi", "Met"}
	case NotMet:
		return Text{"Tidak terpenuhi", "Not met"}
	default:
		return Text{"Belum diketahui", "Not known yet"}
	}
}

func unverifiedText(c Confidence) Text {
	return Text{
		fmt.Sprintf(" [belum diverifikasi pada naskah peraturan: %s]", c),
		fmt.Sprintf(" [not verified in the regulation text: %s]", c),
	}
}

// Codes returns the codes in alphabetical order.
func (c Catalogue) Codes() []string {
	codes := make([]string, 0, len(c))
	for code := range c {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}

// lacking returns the first code whose text is not in both languages; empty when there is none.
func (c Catalogue) lacking() string {
	for _, code := range c.Codes() {
		if c[code].ID == "" || c[code].EN == "" {
			return code
		}
	}
	return ""
}
