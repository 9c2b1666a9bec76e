package console

import (
	"net/http"
	"net/url"
	"strings"
)

// paper is a page made of sections: what it is about, what can be done, what can be asked for, and what is known.
type paper struct {
	Heading, Lead, Said, Done string
	Back                      link
	Links                     []link
	Ask                       *asked
	Parts                     []section
}

// section is a part of a paper.
type section struct {
	Title, Text, Quote string
	Facts              []fact
	Table              *table
	Links              []link
	Lines              []string // to be typed, or to be read digit by digit, as they stand
	Progress           *progress
}

// progress is how far something long has come.
type progress struct {
	Done, All string
	Text      string
}

// asked is a form whose answers stand in the address.
type asked struct {
	Path, Button string
	Fields       []field
}

func (v *visit) paper(status int, title string, p paper) {
	if p.Heading == "" {
		p.Heading = title
	}
	if p.Done == "" {
		p.Done = v.done()
	}
	if p.Said != "" {
		title = v.T("console.error") + ": " + title
	}
	v.render(status, "paper", title, p)
}

// choiceOf is a field of the address with its choices, the chosen one marked.
func (v *visit) choiceOf(name string, options []option) field {
	f := field{Name: name, Label: v.Label(name), Kind: choice, Options: options, Value: v.query().Get(name)}
	for i := range f.Options {
		f.Options[i].On = f.Options[i].Value == f.Value
	}
	return f
}

// dayOf is a field of the address that takes a day.
func (v *visit) dayOf(name string) field {
	return field{Name: name, Label: v.Label(name), Kind: date, Value: v.query().Get(name), Hint: v.T("console.hint_date")}
}

// officers are those that the visitor may see, as choices.
func (v *visit) officers() []option {
	var l listed
	if _, err := v.get("/v1/officers", url.Values{"limit": {"200"}}, &l); err != nil {
		return nil
	}
	var out []option
	for _, o := range l.Items {
		out = append(out, option{Value: text(o["id"]), Label: text(o["name"]) + ", " + v.Region(text(o["office"]))})
	}
	return out
}

// few is a table of the first things of a list, with a link to all of them.
func (v *visit) few(title, op, path string, q url.Values, linkOf func(map[string]any) string,
	columns ...string) (section, error) {
	var l listed
	if _, err := v.get(v.actions[op].Path, q, &l); err != nil {
		return section{}, err
	}
	t := v.tableOf(op, l.Items[:min(fewRows, len(l.Items))], columns...)
	for i := range t.Rows {
		t.Rows[i].Link = linkOf(l.Items[i])
	}
	t.Empty = v.T("console.nothing_waits")
	return section{Title: title, Table: &t, Links: []link{{Text: v.T("console.all"), Path: path}}}, nil
}

// fewRows is how much of a list stands on a page about several.
const fewRows = 5

// wordsOf says what an operation does, as the list of all operations says it.
func (v *visit) wordsOf(op string) string {
	if r, known := v.actions[op]; known {
		return v.labelOf(r)
	}
	return op
}

// idIn finds an id in what was typed: the id alone, or the address of a page of its case.
func idIn(typed string) string {
	for _, part := range strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune("/?&= \t", r) }) {
		if isID(part) {
			return part
		}
	}
	return ""
}

// notThere is the answer for what a list does not have.
func notThere() error { return refusal{status: http.StatusNotFound, Code: "console.not_there"} }
