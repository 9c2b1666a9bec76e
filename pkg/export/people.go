package export

import (
	"archive/zip"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/wording"
)

var (
	maskedColumns = []string{"case_id", "region", "stage", "outcome", "claim", "terminated_on", "opened_on",
		"closed_on", "name", "nik", "employer"}
	fullColumns = slices.Concat(maskedColumns, []string{"position", "birth_date", "sex", "phone", "email", "kpj",
		"address", "wage"}, employmentColumns)
)

// columns are the columns that the profile shows.
func (p Profile) columns() []string {
	if p == Full {
		return fullColumns
	}
	return maskedColumns
}

// worded are the values of the columns with those of closed lists in words, for paper.
func (w *Person) worded(p Profile, lang string) []string {
	cells := w.cells(p)
	for i, column := range p.columns() {
		switch column {
		case "stage":
			cells[i] = wording.Label(lang, w.Stage)
		case "outcome":
			cells[i] = wording.Label(lang, w.Outcome)
		case "claim":
			cells[i] = wording.Label(lang, w.ClaimState)
		case "sex":
			cells[i] = wording.Label(lang, w.Sex)
		}
	}
	return cells
}

// cells are the values of the columns; money in whole rupiah.
func (w *Person) cells(p Profile) []string {
	nik := w.NIKMasked
	if p == Full {
		nik = w.NIK.Reveal()
	}
	cells := []string{w.ID.String(), string(w.Region), string(w.Stage), string(w.Outcome), string(w.ClaimState),
		dateText(w.TerminatedOn), dateText(w.OpenedOn),
		dateText(w.ClosedOn), w.Name, nik, w.Employer}
	if p != Full {
		return cells
	}
	cells = append(cells, w.Position, dateText(w.BirthDate), string(w.Sex), w.Phone.Reveal(), w.Email.Reveal(),
		w.KPJ.Reveal(), w.Address.Reveal(), strconv.FormatInt(int64(w.Wage.Reveal()), 10))
	return append(cells, employmentCells(w.Employment)...)
}

func dateText(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// Harmless makes text that a spreadsheet program would run as a formula into text that it shows: an apostrophe goes
// before it (CWE-1236), also when blanks come first, or the signs are the wide ones of East Asia. Controls are shown as
// such.
func Harmless(text string) string {
	text = Printable(text)
	begins := strings.TrimLeftFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) })
	if strings.IndexAny(begins, "=+-@＝＋－＠") == 0 || strings.IndexAny(text, "\t\r\n") == 0 {
		return "'" + text
	}
	return text
}

// Printable puts the sign for a broken character where a text has controls other than lines and tabs: no table or
// picture can hold them.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !strings.ContainsRune("\n\r\t", r) || r == '\ufffe' || r == '\uffff' {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// people writes who the cases are about, and their opened notes.
func (m *run) people(z *zip.Writer) error {
	full := m.x.Profile == Full
	var notes [][]string
	err := m.file(z, "people.csv", func(to io.Writer) error {
		w := csv.NewWriter(to)
		if err := w.Write(m.x.Profile.columns()); err != nil {
			return err
		}
		err := m.snap.People(full, func(p *Person) error {
			for _, n := range p.Notes {
				notes = append(notes, []string{p.ID.String(), strconv.Itoa(n.Seq), Harmless(n.Text)})
			}
			return w.Write(harmless(p.cells(m.x.Profile)))
		})
		w.Flush()
		if err == nil {
			err = w.Error()
		}
		return err
	})
	if err != nil || !full {
		return err
	}
	return m.file(z, "notes.csv", func(to io.Writer) error {
		w := csv.NewWriter(to)
		if err := w.Write([]string{"case_id", "seq", "note"}); err != nil {
			return err
		}
		return w.WriteAll(notes)
	})
}

func harmless(cells []string) []string {
	for i := range cells {
		cells[i] = Harmless(cells[i])
	}
	return cells
}

// keepBatch is how many cases one statement records.
const keepBatch = 5_000

// keep records whom the export holds.
func (m *run) keep(cases []uuid.UUID) error {
	if err := m.Work.KeepSubjects(m.ctx, m.x.ID, nil); err != nil {
		return err
	}
	for len(cases) > 0 {
		n := min(len(cases), keepBatch)
		if err := m.Work.KeepSubjects(m.ctx, m.x.ID, cases[:n]); err != nil {
			return err
		}
		cases = cases[n:]
	}
	return nil
}
