// Package chart draws numbers as SVG: bars that lie, and columns that stand side by side in time. A picture has no
// style sheet, script or link of its own, says everything in words, too, and never tells by colour alone; the same
// numbers belong beside it as a table.
package chart

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Most is how many bars a picture holds. Who has more trims them, and says so in the Last of it.
const Most = 60

// Bar is one number.
type Bar struct {
	Name   string
	Short  string // below a column, where there is little room; the name when empty
	Value  string // as it is written
	Length int64  // as it is drawn; negative is drawn as nothing
}

// Section is bars that belong together. Each has a scale of its own when Own is set: their units differ.
type Section struct {
	Name string
	Bars []Bar
}

// Picture is what is drawn.
type Picture struct {
	Title, Note, Last string
	Sections          []Section
	Own               bool // every section has its own scale
}

// Trim cuts the longest sections until all of them hold the most that a picture does, and tells how many bars it left
// out.
func Trim(sections []Section) (left int) {
	all, longest := 0, 0
	for _, s := range sections {
		all, longest = all+len(s.Bars), max(longest, len(s.Bars))
	}
	for each := longest; all > Most && each > 1; {
		each--
		all = 0
		for i := range sections {
			if over := len(sections[i].Bars) - each; over > 0 {
				sections[i].Bars, left = sections[i].Bars[:each], left+over
			}
			all += len(sections[i].Bars)
		}
	}
	return left
}

// mark is one bar in the units of its picture.
type mark struct {
	Name, Full, Value              string
	X, Y, Width, High, Mid, Beside int
	Shown                          bool // its number fits
}

// part is one section in the units of its picture.
type part struct {
	Name  string
	Y     int
	Marks []mark
}

// The measures of a picture.
const (
	wide       = 760
	top        = 66 // below title and note
	edge       = 16
	nameWide   = 280
	barMost    = 380
	barLeast   = 80
	letter     = 8   // about the width of one
	noteFits   = 95  // characters of a note in the size of the text
	noteSmall  = 128 // and in a smaller one
	barStep    = 26
	barHigh    = 17
	headStep   = 34
	panelHigh  = 96
	panelStep  = 158
	panelWide  = wide - 2*edge
	nameMost   = 38 // characters that fit beside a bar
	footStep   = 28
	valuesFit  = 26 // columns that leave room for their numbers
	namesFit   = 12 // columns that leave room for their names
	columnMost = 64
)

const head = `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="t" ` +
	`width="{{.Wide}}" height="{{.High}}"` +
	` viewBox="0 0 {{.Wide}} {{.High}}" font-family="sans-serif" font-size="13" fill="#1b1b1b" color="#1b1b1b">
<title id="t">{{.Title}}</title><rect width="100%" height="100%" fill="#fff"/>
<text class="title" x="16" y="26" font-size="17">{{.Title}}</text>` +
	`<text class="note" x="16" y="48" fill="#4a4a4a" color="#4a4a4a"{{with .Small}} font-size="{{.}}"{{end}}>` +
	`{{.Note}}</text>
`

const foot = `{{if .Last}}<text class="last" x="16" y="{{.LastY}}">{{.Last}}</text>
{{end}}</svg>
`

// A bar of each number, long as the number, with both in words, so that it can be read aloud, too.
var lying = template.Must(template.New("bars").Parse(head + `{{range .Parts}}{{if .Name}}` +
	`<text class="head" x="16" y="{{.Y}}" font-weight="bold">{{.Name}}</text>
{{end}}{{range .Marks}}<g class="bar"><title>{{.Full}}: {{.Value}}</title>` +
	`<text x="280" y="{{.Y}}" text-anchor="end">{{.Name}}</text>` +
	`<rect x="{{.X}}" y="{{.Mid}}" width="{{.Width}}" height="17" fill="#1f5fa8" color="#1f5fa8"/>` +
	`<text x="{{.Beside}}" y="{{.Y}}">{{.Value}}</text></g>
{{end}}{{end}}` + foot))

// A panel of columns for each section, all on the same scale unless their units differ.
var standing = template.Must(template.New("columns").Parse(head + `{{range .Parts}}` +
	`<text class="head" x="16" y="{{.Y}}" font-weight="bold">{{.Name}}</text>
{{range .Marks}}<g class="column"><title>{{.Full}}: {{.Value}}</title>` +
	`<rect x="{{.X}}" y="{{.Y}}" width="{{.Width}}" height="{{.High}}" fill="#1f5fa8" color="#1f5fa8"/></g>
{{end}}{{range .Marks}}{{if .Shown}}<text x="{{.Mid}}" y="{{.Y}}" dy="-4" text-anchor="middle" font-size="11">` +
	`{{.Value}}</text>
{{end}}{{end}}{{range .Marks}}{{if .Name}}<text class="tick" x="{{.Mid}}" y="{{$.Under .}}" text-anchor="middle"` +
	` font-size="11">{{.Name}}</text>
{{end}}{{end}}{{end}}` + foot))

// drawing is what the templates are filled from.
type drawing struct {
	Picture
	Parts             []part
	Wide, High, LastY int
}

// Under is the line below the foot of a column.
func (d drawing) Under(m mark) int { return m.Y + m.High + 16 }

// Small is the size of a note that is longer than its line; 0 when it fits.
func (d drawing) Small() int {
	switch n := utf8.RuneCountInString(d.Note); {
	case n > noteSmall:
		return 10
	case n > noteFits:
		return 11
	}
	return 0
}

// longestBar leaves room for the longest number beside it.
func longestBar(sections []Section) int64 {
	longest := 0
	for _, s := range sections {
		for _, b := range s.Bars {
			longest = max(longest, utf8.RuneCountInString(b.Value))
		}
	}
	return int64(max(barLeast, min(barMost, wide-edge-nameWide-18-letter*longest)))
}

// Bars draws a bar below the other for each number.
func Bars(p Picture) ([]byte, error) {
	d, y, all := drawing{Picture: p.printable(), Wide: wide}, top, most(p.Sections...)
	room := longestBar(p.Sections)
	for _, s := range p.Sections {
		if s.Name != "" {
			y += headStep
		}
		q, scale := part{Name: printable(s.Name), Y: y}, all
		if p.Own {
			scale = most(s)
		}
		for _, b := range s.Bars {
			y += barStep
			length := int(max(b.Length, 0) * room / scale)
			q.Marks = append(q.Marks, mark{Name: short(b.Name), Full: printable(b.Name), Value: printable(b.Value),
				X: nameWide + 10, Y: y, Mid: y - barHigh + 4, Width: length, Beside: nameWide + 18 + length})
		}
		d.Parts = append(d.Parts, q)
	}
	return d.draw(lying, y)
}

// Columns draws a panel for each section, with a column for each of its numbers.
func Columns(p Picture) ([]byte, error) {
	d, y, all := drawing{Picture: p.printable(), Wide: wide}, top, most(p.Sections...)
	for _, s := range p.Sections {
		q, scale := part{Name: printable(s.Name), Y: y + 16}, all
		if p.Own {
			scale = most(s)
		}
		step := min(panelWide/max(len(s.Bars), 1), columnMost)
		for i, b := range s.Bars {
			high, x := int(max(b.Length, 0)*panelHigh/scale), edge+i*step
			m := mark{Full: printable(b.Name), Value: printable(b.Value), X: x + step/8, Y: y + 36 + panelHigh - high,
				Width: max(step*3/4, 1), High: high, Mid: x + step/2, Shown: len(s.Bars) <= valuesFit}
			if every := (len(s.Bars) + namesFit - 1) / namesFit; i%every == 0 {
				m.Name = short(cmp.Or(b.Short, b.Name))
			}
			q.Marks = append(q.Marks, m)
		}
		d.Parts, y = append(d.Parts, q), y+panelStep
	}
	return d.draw(standing, y)
}

func (d drawing) draw(t *template.Template, y int) ([]byte, error) {
	d.LastY, d.High = y+footStep, y+2*footStep
	var out bytes.Buffer
	if err := t.Execute(&out, d); err != nil {
		return nil, fmt.Errorf("draw chart: %w", err)
	}
	return out.Bytes(), nil
}

// most is the greatest number of some sections, by which the others are drawn.
func most(sections ...Section) int64 {
	greatest := int64(1)
	for _, s := range sections {
		for _, b := range s.Bars {
			greatest = max(greatest, b.Length)
		}
	}
	return greatest
}

func short(name string) string {
	letters := []rune(printable(name))
	if len(letters) > nameMost {
		letters = append(letters[:nameMost-1], '…')
	}
	return string(letters)
}

func (p Picture) printable() Picture {
	p.Title, p.Note, p.Last = printable(p.Title), printable(p.Note), printable(p.Last)
	return p
}

// printable leaves out what XML cannot hold.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == 0xfffe || r == 0xffff {
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(text, string(unicode.ReplacementChar)))
}
