package export

import (
	"fmt"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
)

// The page in millimetres and points.
const (
	margin     = 16.0
	lineHeight = 4.6
	labelWidth = 48.0
	bodySize   = 9.5
	smallSize  = 7.5
	footer     = 12.0
)

// paper is an A4 document being written.
type paper struct {
	*fpdf.Fpdf
	width float64
}

// newPaper begins a document. Two runs of one order give the same bytes. foot words the foot of a page.
func newPaper(title string, made time.Time, foot func(page int) string) *paper {
	p := &paper{Fpdf: fpdf.New("P", "mm", "A4", "")}
	p.SetCreationDate(made)
	p.SetModificationDate(made)
	p.SetCatalogSort(true)
	p.AddUTF8FontFromBytes("go", "", goregular.TTF)
	p.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	p.AddUTF8FontFromBytes("mono", "", gomono.TTF)
	p.SetMargins(margin, margin, margin)
	p.SetAutoPageBreak(true, margin+2)
	p.SetTitle(title, true)
	p.SetFooterFunc(func() {
		p.SetY(-footer)
		p.SetFont("go", "", smallSize)
		p.CellFormat(0, lineHeight, foot(p.PageNo()), "", 0, "R", false, 0, "")
	})
	full, _ := p.GetPageSize()
	p.width = full - 2*margin
	p.AddPage()
	return p
}

func (p *paper) title(text string) {
	p.SetFont("go", "B", 17)
	p.MultiCell(0, 9, text, "", "L", false)
}

// heading begins a part, on the next page where only its heading would stand on this one.
func (p *paper) heading(text string) {
	p.room(20)
	p.Ln(3.5)
	p.SetFont("go", "B", 12)
	p.MultiCell(0, 6.5, text, "B", "L", false)
	p.Ln(1.5)
}

func (p *paper) text(text string) {
	p.SetFont("go", "", bodySize)
	p.MultiCell(0, lineHeight, Printable(text), "", "L", false)
	p.Ln(1)
}

// room goes to the next page unless there is so much space left on this one.
func (p *paper) room(height float64) {
	if _, page := p.GetPageSize(); p.GetY()+height > page-margin-2 {
		p.AddPage()
	}
}

// line is a label and its value; one without a value is left out.
func (p *paper) line(label, value string) {
	if value == "" {
		return
	}
	p.row([]float64{labelWidth, 0}, []string{label, value}, []string{"B", ""}, false)
}

// row writes cells side by side, each in as many lines as it needs; 0 is what is left of the width. A row does not go
// over the end of a page, unless it is longer than one.
func (p *paper) row(widths []float64, cells, styles []string, ruled bool) {
	widths = p.fill(widths)
	lines, most := make([][]string, len(cells)), 1
	for i, cell := range cells {
		p.SetFont("go", styles[i], bodySize-0.5)
		lines[i] = p.SplitText(Printable(cell), widths[i]-2)
		most = max(most, len(lines[i]))
	}
	const longest = 50 // lines of a page
	p.room(float64(min(most, longest))*lineHeight + 1)
	for n := range most {
		p.room(lineHeight)
		x := margin
		for i := range cells {
			if n < len(lines[i]) {
				p.SetFont("go", styles[i], bodySize-0.5)
				p.SetX(x)
				p.CellFormat(widths[i], lineHeight, lines[i][n], "", 0, "L", false, 0, "")
			}
			x += widths[i]
		}
		p.Ln(lineHeight)
	}
	if ruled {
		p.Ln(0.7)
		p.SetDrawColor(190, 190, 190)
		p.Line(margin, p.GetY(), margin+p.width, p.GetY())
		p.SetDrawColor(0, 0, 0)
		p.Ln(0.9)
	}
}

func (p *paper) fill(widths []float64) []float64 {
	out, left := append([]float64(nil), widths...), p.width
	for _, w := range widths {
		left -= w
	}
	for i := range out {
		if out[i] == 0 {
			out[i] = left
		}
	}
	return out
}

// mono writes signs that are compared letter by letter.
func (p *paper) mono(text string) {
	p.SetFont("mono", "", smallSize)
	p.MultiCell(0, 3.7, text, "", "L", false)
}

// blank is a line to be filled in by hand.
func (p *paper) blank(label string) {
	p.room(11)
	p.Ln(6)
	p.SetFont("go", "", bodySize)
	p.CellFormat(labelWidth, lineHeight, label, "", 0, "L", false, 0, "")
	p.CellFormat(90, lineHeight, "", "B", 1, "L", false, 0, "")
}

func (p *paper) write(to io.Writer) error {
	if err := p.Output(to); err != nil {
		return fmt.Errorf("write dossier: %w", err)
	}
	return nil
}
