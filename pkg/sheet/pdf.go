package sheet

import (
	"fmt"
	"io"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// The page in millimetres and points: large letters, and one page for what most workers are owed.
const (
	lineHeight = 6.4
	valueWidth = 106.0
	headWidth  = 46.0 // of what stands left of the name and the days
	bodySize   = 12.5
	smallSize  = 7.5
	margin     = 14.0
)

// paper is a page of paper being written.
type paper struct {
	*fpdf.Fpdf
	width float64
}

// PDF writes the sheet on A4. Two runs of one sheet give the same bytes.
func (s Sheet) PDF(w io.Writer) error {
	pdf := paper{Fpdf: fpdf.New("P", "mm", "A4", "")}
	pdf.SetCreationDate(s.On.Time())
	pdf.SetModificationDate(s.On.Time())
	pdf.SetCatalogSort(true)
	pdf.AddUTF8FontFromBytes("go", "", goregular.TTF)
	pdf.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(true, margin)
	pdf.AddPage()
	full, _ := pdf.GetPageSize()
	pdf.width = full - 2*margin
	p := s.page()
	pdf.SetTitle(p.Title, true)
	pdf.head(p)
	for _, b := range p.Blocks {
		pdf.block(b)
	}
	pdf.Ln(2)
	pdf.SetFont("go", "B", bodySize)
	pdf.MultiCell(0, lineHeight, p.Help, "1", "L", false)
	pdf.Ln(1)
	pdf.SetFont("go", "", smallSize)
	pdf.MultiCell(0, lineHeight*0.62, p.Law, "", "L", false)
	if err := pdf.Output(w); err != nil {
		return fmt.Errorf("write sheet: %w", err)
	}
	return nil
}

func (p paper) head(of page) {
	p.SetFont("go", "", bodySize)
	p.MultiCell(0, lineHeight, of.Office, "", "L", false)
	p.SetFont("go", "B", bodySize*1.7)
	p.MultiCell(0, lineHeight*1.7, of.Title, "", "L", false)
	for _, r := range of.Head {
		p.SetFont("go", "", bodySize)
		p.CellFormat(headWidth, lineHeight, r.What, "", 0, "L", false, 0, "")
		p.MultiCell(0, lineHeight, r.Value, "", "L", false)
	}
}

func (p paper) block(b block) {
	p.Ln(1.8)
	p.SetFont("go", "B", bodySize*1.12)
	p.MultiCell(0, lineHeight*1.15, b.Heading, "B", "L", false)
	p.Ln(0.8)
	for _, r := range b.Rows {
		p.row(r)
	}
	p.SetFont("go", "", bodySize-1)
	for i, mark := range b.Marks {
		p.MultiCell(0, lineHeight*0.9, fmt.Sprintf("(%d) %s", i+1, mark), "", "L", false)
	}
	for _, a := range b.Asks {
		p.SetFont("go", "B", bodySize-1)
		p.MultiCell(0, lineHeight*0.9, a.Who, "", "L", false)
		p.SetFont("go", "", bodySize-1)
		for _, fact := range a.Facts {
			p.CellFormat(5, lineHeight*0.9, "•", "", 0, "L", false, 0, "")
			p.MultiCell(0, lineHeight*0.9, fact, "", "L", false)
		}
	}
	for _, note := range b.Notes {
		p.MultiCell(0, lineHeight*0.9, note, "", "L", false)
	}
}

// row writes what on the left and the value on the right, and where to go below. The longer side says how high the row
// is.
func (p paper) row(r row) {
	style := ""
	if r.Strong {
		style = "B"
	}
	p.SetFont("go", style, bodySize)
	what := p.width - valueWidth
	if p.GetStringWidth(r.Value) < valueWidth/2 && !r.Sentence {
		what = p.width - valueWidth/2
	}
	top := p.GetY()
	p.MultiCell(what, lineHeight, r.What, "", "L", false)
	bottom := p.GetY()
	p.SetXY(margin+what, top)
	p.MultiCell(0, lineHeight, r.Value, "", "R", false)
	p.SetY(max(bottom, p.GetY()))
	if r.Where != "" {
		p.SetFont("go", "", bodySize-2)
		p.MultiCell(0, lineHeight*0.8, r.Where, "", "L", false)
	}
}
