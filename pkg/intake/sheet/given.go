package sheet

import (
	"cmp"
	"slices"
	"strings"
)

// Given is one cell of a list as it was written, for giving the list back to whoever has to correct it.
type Given struct {
	Header string // as written in the file, at most 100 characters
	Text   string // dates and NIKs that could be read in one form, everything else as it stood
}

// given collects the cells of the columns that the header names, in the order of the list.
func (in *inspection) given() []Given {
	fields := make([]field, 0, len(in.head.columns))
	for f := range in.head.columns {
		fields = append(fields, f)
	}
	slices.SortFunc(fields, func(a, b field) int { return cmp.Compare(in.head.columns[a], in.head.columns[b]) })
	out := make([]Given, len(fields))
	for i, f := range fields {
		out[i] = Given{Header: in.head.column(f).Header, Text: in.givenText(f)}
	}
	return out
}

func (in *inspection) givenText(f field) string {
	w := &in.row.Worker
	switch {
	case f == fieldNIK && !w.NIK.IsZero():
		return w.NIK.Reveal()
	case f == fieldBirth && !w.BirthDate.IsZero():
		return w.BirthDate.String()
	case f == fieldPHK && !w.TerminationDate.IsZero():
		return w.TerminationDate.String()
	}
	c := in.record.at(in.head.columns[f])
	switch {
	case c.kind == numberCell && f == fieldNIK && allDigits(c.text):
		return c.text + ".0" // as text it would look whole: a NIK that lost digits must not become right by being given back
	case c.kind == numberCell:
		return c.text
	}
	return strings.TrimSpace(c.plain())
}
