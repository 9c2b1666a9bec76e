package export

import (
	"fmt"
	"io"
	"strconv"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/wording"
)

const (
	lineHeight = 5.0 // mm
	labelWidth = 38.0
)

// dossier writes one case as PDF, to be read and filed on paper; what proves it lies beside it.
func (m *run) dossier(to io.Writer) error {
	lang := m.x.Asked.Language
	words := func(code string) string { return wording.Message(lang, "dossier."+code, nil) }
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCreationDate(m.asOf.At)
	pdf.SetModificationDate(m.asOf.At)
	pdf.SetCatalogSort(true) // two runs of one order give the same bytes
	pdf.AddUTF8FontFromBytes("go", "", goregular.TTF)
	pdf.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	pdf.SetFooterFunc(func() {
		pdf.SetY(-12)
		pdf.SetFont("go", "", 8)
		pdf.CellFormat(0, lineHeight, fmt.Sprintf("%s · %s %d", m.x.Asked.Case, words("page"), pdf.PageNo()), "", 0, "R",
			false, 0, "")
	})
	pdf.AddPage()
	heading := func(text string, size float64) {
		pdf.SetFont("go", "B", size)
		pdf.MultiCell(0, size/2+2, text, "", "L", false)
		pdf.SetFont("go", "", 9)
	}
	line := func(label, text string) {
		if text == "" {
			return
		}
		pdf.SetFont("go", "B", 9)
		pdf.CellFormat(labelWidth, lineHeight, label, "", 0, "L", false, 0, "")
		pdf.SetFont("go", "", 9)
		pdf.MultiCell(0, lineHeight, text, "", "L", false)
	}
	heading(words("title")+" "+m.x.Asked.Case, 14)
	line(words("as_of"), fmt.Sprintf("%d, %s", m.asOf.Size, m.asOf.At.UTC().Format("2006-01-02 15:04:05 UTC")))
	err := m.snap.People(m.x.Profile == Full, func(p *Person) error {
		heading(words("worker"), 11)
		for i, cell := range p.worded(m.x.Profile, lang) {
			line(m.x.Profile.columns()[i], cell)
		}
		if len(p.Notes) > 0 {
			heading(words("notes"), 11)
		}
		for _, n := range p.Notes {
			line(strconv.Itoa(n.Seq), n.Text)
		}
		return nil
	})
	if err != nil {
		return err
	}
	heading(words("history"), 11)
	err = m.snap.Entries(func(e *audit.Entry) error {
		line(fmt.Sprintf("%d · %s", e.Seq, e.OccurredOn), fmt.Sprintf("%s  %s\n%x", e.Kind, e.Payload, e.Hash))
		return nil
	})
	if err != nil {
		return err
	}
	pdf.MultiCell(0, lineHeight, words("proof"), "", "L", false)
	if err := pdf.Output(to); err != nil {
		return fmt.Errorf("write dossier: %w", err)
	}
	return nil
}
