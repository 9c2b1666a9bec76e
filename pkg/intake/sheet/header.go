package sheet

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/tanggap/tanggap/pkg/fault"
)

// headerSearch is how many rows with content may stand above the header.
const headerSearch = 100

// header is where the columns are.
type header struct {
	row     int // number of the header row
	group   int // number of a row of merged titles above it; 0 when there is none
	columns map[field]int
	texts   []string // header text per column, for messages
	doubt   []field  // needed fields that two columns claim
	rivals  map[field]int
	words   vocabulary
}

// findHeader reads rows until one names all needed columns, alone or together with the row above it.
// Without one it gives the row that named the most, which is incomplete.
func findHeader(ctx context.Context, g grid, words vocabulary) (header, error) {
	var best header
	var above record
	for seen := 0; seen < headerSearch; {
		r, err := g.next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return best, err
		}
		if r.filled() == 0 {
			continue
		}
		seen++
		if h := words.best(r, above); len(h.columns) > len(best.columns) || len(h.missing()) == 0 {
			best = h
		}
		if len(best.missing()) == 0 {
			return best, nil
		}
		above = record{number: r.number, cells: append(above.cells[:0], r.cells...)}
	}
	return best, nil
}

// best reads a row as a header by itself, and as the lower half of one whose upper half is merged titles.
func (v vocabulary) best(r, above record) header {
	alone := v.header(r, nil)
	if above.number == 0 || above.number != r.number-1 || above.filled() < 2 {
		return alone
	}
	both := v.header(r, above.cells)
	if len(both.columns) < len(alone.columns) {
		both = alone
	}
	both.group = above.number
	return both
}

func (v vocabulary) header(r record, above []cell) header {
	h := header{row: r.number, columns: map[field]int{}, rivals: map[field]int{}, words: v}
	ranks := map[field]int{}
	group := ""
	for column := range max(len(r.cells), len(above)) {
		own := headerText(r.cells, column)
		upper := headerText(above, column)
		if upper != "" {
			group = upper // a merged title stands in its leftmost column only
		}
		m, text, ok := v.choose(own, upper, group)
		h.texts = append(h.texts, text)
		if ok {
			h.claim(m, column, ranks)
		}
	}
	return h
}

func headerText(cells []cell, column int) string {
	c := record{cells: cells}.at(column)
	if c.kind != textCell {
		return ""
	}
	return clip(tidy(c.text), 100)
}

// choose reads one column's header: its own text, its own with that of the group, or the text merged down from above.
func (v vocabulary) choose(own, upper, group string) (meaning, string, bool) {
	options := []string{own}
	switch {
	case own == "" && upper != "":
		options = []string{upper}
	case own != "" && group != "":
		options = append(options, own+" "+group, group+" "+own)
	}
	for _, text := range options {
		if m, ok := v.meaning(text); ok {
			return m, text, true
		}
	}
	return meaning{}, options[0], false
}

// claim gives a column to a field. The better rank wins, then the column further left.
func (h *header) claim(m meaning, column int, ranks map[field]int) {
	rank, taken := ranks[m.field]
	switch {
	case !taken || m.rank < rank:
		h.columns[m.field], ranks[m.field] = column, m.rank
		delete(h.rivals, m.field)
		h.doubt = remove(h.doubt, m.field)
	case m.rank == rank && required(m.field):
		h.doubt = append(remove(h.doubt, m.field), m.field)
		h.rivals[m.field] = column
	}
}

func remove(list []field, f field) []field {
	var kept []field
	for _, other := range list {
		if other != f {
			kept = append(kept, other)
		}
	}
	return kept
}

func required(f field) bool {
	for _, need := range needs() {
		for _, one := range need {
			if one == f {
				return true
			}
		}
	}
	return false
}

// missing names the needed columns that the header lacks.
func (h header) missing() []string {
	var names []string
	for _, need := range needs() {
		found := false
		for _, f := range need {
			if _, ok := h.columns[f]; ok {
				found = true
			}
		}
		if !found {
			names = append(names, need[0].shown())
		}
	}
	return names
}

// usable turns what is wrong with a header into a fault that says what was looked for and what was there.
// Of a row that names one of our columns the other titles are told too, unless they hold figures: it may be a person's.
func (h header) usable() error {
	if missing := h.missing(); len(missing) > 0 {
		var found []string
		for _, t := range titles() {
			if _, ok := h.columns[t.field]; ok && t.rank == 1 {
				found = append(found, t.field.shown())
			}
		}
		return fault.New(fault.Invalid, "intake.header_not_found", "looked_for", strings.Join(header{}.missing(), ", "),
			"found", orDash(found), "missing", strings.Join(missing, ", "), "unknown", orDash(h.unknown()))
	}
	if len(h.doubt) > 0 {
		f := h.doubt[0]
		return fault.New(fault.Invalid, "intake.header_ambiguous", "column", f.shown(), "columns",
			h.named(h.columns[f])+", "+h.named(h.rivals[f]))
	}
	return nil
}

func orDash(list []string) string {
	if len(list) == 0 {
		return "-"
	}
	return strings.Join(list, ", ")
}

// named is a column by its letter and title.
func (h header) named(column int) string { return letter(column) + " \"" + h.texts[column] + "\"" }

const unknownTold = 20

// unknown are the titles that were not understood, each with the field that it comes nearest to.
func (h header) unknown() []string {
	var list []string
	for column, text := range h.texts {
		if len(h.columns) == 0 || len(list) >= unknownTold || text == "" || digitsIn(text) > 2 || h.claimed(column) {
			continue
		}
		name := h.named(column)
		if near := h.words.nearest(text); near != "" {
			name += " (≈ " + near.shown() + ")"
		}
		list = append(list, name)
	}
	return list
}

// text is the title of a column.
func (h header) text(column int) string {
	if column < len(h.texts) {
		return h.texts[column]
	}
	return ""
}

// width is how many columns there are up to the last that has a title of the employer's.
func (h header) width() int {
	for column := len(h.texts) - 1; column >= 0; column-- {
		if h.texts[column] != "" && !h.words.own[normal(h.texts[column])] || h.claimed(column) {
			return column + 1
		}
	}
	return 0
}

// isField tells whether a column is that of a field.
func (h header) isField(column int, f field) bool {
	known, ok := h.columns[f]
	return ok && known == column
}

// claimed tells whether a column is one of ours.
func (h header) claimed(column int) bool {
	for _, known := range h.columns {
		if known == column {
			return true
		}
	}
	return false
}

// column names the place of a field for a reason.
func (h header) column(f field) Column {
	i, ok := h.columns[f]
	if !ok {
		return Column{}
	}
	return Column{Header: h.texts[i], Letter: letter(i)}
}

// repeats tells whether a row is this header again, as after a page break.
func (h header) repeats(r record, words vocabulary) bool {
	if digitsIn(r.at(h.columns[fieldNIK]).text) > 0 {
		return false
	}
	same := 0
	for f, column := range h.columns {
		c := r.at(column)
		if c.kind != textCell {
			continue
		}
		if m, ok := words.meaning(tidy(c.text)); ok && m.field == f {
			same++
		}
	}
	return same >= 4 && same*2 > r.filled()
}
