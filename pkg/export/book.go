package export

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/wording"
)

// book is a spreadsheet with a password of its own. The sheets that people read come first; hidden ones behind them
// hold what a bundle holds, line by line, so that the workbook proves itself (audit.BookParts). Dates are dates, every
// other cell is text: nothing in it is evaluated, and a NIK keeps its digits.
type book struct {
	*run
	*speech
	file  *excelize.File
	style struct{ head, date, wrap int }
}

func (m *run) book(to io.Writer) error {
	if err := m.begin(); err != nil {
		return err
	}
	if m.x.Total > MostRows {
		return fault.New(fault.Invalid, "export.too_long_for_xlsx", "most", strconv.Itoa(MostRows), "entries",
			strconv.Itoa(m.x.Total))
	}
	m.place()
	defer m.reading.Wait()
	words, err := m.speech()
	if err != nil {
		return err
	}
	b := &book{run: m, speech: words, file: excelize.NewFile()}
	defer func() { _ = b.file.Close() }()
	if err := b.fill(); err != nil {
		return err
	}
	m.x.FileName = m.fileName(".xlsx")
	if err := b.file.Write(to, excelize.Options{Password: m.passphrase(m.x.ID)}); err != nil {
		return fmt.Errorf("write spreadsheet: %w", err)
	}
	return nil
}

func (b *book) fill() error {
	if err := b.styles(); err != nil {
		return err
	}
	if b.x.Profile != Sealed {
		if err := b.people(); err != nil {
			return err
		}
	}
	for _, part := range []func() error{b.history, b.records, b.places, b.about, b.vouched} {
		if err := part(); err != nil {
			return err
		}
	}
	if err := b.file.DeleteSheet("Sheet1"); err != nil {
		return fmt.Errorf("make spreadsheet: %w", err)
	}
	b.file.SetActiveSheet(0)
	return nil
}

func (b *book) styles() (err error) {
	style := func(s excelize.Style) (id int) {
		if err == nil {
			id, err = b.file.NewStyle(&s)
		}
		return id
	}
	top := &excelize.Alignment{Vertical: "top"}
	b.style.head = style(excelize.Style{Font: &excelize.Font{Bold: true},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EDF2"}},
		Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	form := "dd/mm/yyyy"
	b.style.date = style(excelize.Style{CustomNumFmt: &form, Alignment: top})
	b.style.wrap = style(excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	if err != nil {
		return fmt.Errorf("make styles: %w", err)
	}
	return nil
}

// column is one of a sheet: its head and how wide it is, in letters.
type column struct {
	head  string
	width float64
}

// sheet writes a sheet for people, whose first row stays in sight, and enters it in the manifest.
func (b *book) sheet(name string, columns []column, fill func(row func(cells ...any) error) error) error {
	out, sum, err := b.begin(name, columns)
	if err != nil {
		return err
	}
	line := 0
	row := func(cells ...any) error {
		line++
		return b.row(out, sum, line, cells)
	}
	heads := make([]any, len(columns))
	for i, c := range columns {
		heads[i] = c.head
	}
	if err = row(heads...); err == nil {
		err = fill(row)
	}
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return fmt.Errorf("write sheet %s: %w", name, err)
	}
	b.enter(name+audit.SheetRows, sum)
	return nil
}

func (b *book) begin(name string, columns []column) (*excelize.StreamWriter, *counted, error) {
	if _, err := b.file.NewSheet(name); err != nil {
		return nil, nil, fmt.Errorf("make sheet %s: %w", name, err)
	}
	out, err := b.file.NewStreamWriter(name)
	for i, c := range columns {
		if err == nil {
			err = out.SetColWidth(i+1, i+1, c.width)
		}
	}
	if err == nil && len(columns) > 0 {
		err = out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	}
	if err != nil {
		return nil, nil, fmt.Errorf("make sheet %s: %w", name, err)
	}
	return out, &counted{Hash: sha256.New()}, nil
}

// counted is a digest that knows how many bytes it has taken.
type counted struct {
	hash.Hash
	n int64
}

func (c *counted) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return c.Hash.Write(p)
}

func (b *book) enter(name string, sum *counted) {
	b.manifest.Files = append(b.manifest.Files, audit.ManifestEntry{Name: name, Bytes: sum.n,
		SHA256: hex.EncodeToString(sum.Sum(nil))})
}

// row writes cells, and into the digest what a reader of the workbook finds in them.
func (b *book) row(out *excelize.StreamWriter, sum io.Writer, line int, cells []any) error {
	made, raw := make([]any, len(cells)), make([]string, len(cells))
	for i, cell := range cells {
		style := b.style.wrap
		if line == 1 {
			style = b.style.head
		}
		switch v := cell.(type) {
		case calendar.Date:
			if v.IsZero() {
				made[i] = excelize.Cell{StyleID: style, Value: nil}
				continue
			}
			days := firstSerial.DaysUntil(v) + 2
			made[i], raw[i] = excelize.Cell{StyleID: b.style.date, Value: days}, strconv.Itoa(days)
		case string:
			raw[i] = cut(Printable(v))
			made[i] = excelize.Cell{StyleID: style, Value: raw[i]}
		}
	}
	_, _ = sum.Write(audit.SheetRow(raw)) // a digest takes everything
	return out.SetRow("A"+strconv.Itoa(line), made)
}

// firstSerial is day 2 of spreadsheet programs from March 1900 on: they take that year for a leap year.
var firstSerial = calendar.MustDate("1900-01-01")

// mostInCell is how many characters a cell holds.
const mostInCell = 32_000

// cut makes a text fit into a cell and read the same in it: lines end in one way.
func cut(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	if runes := []rune(text); len(runes) > mostInCell {
		return string(runes[:mostInCell-1]) + "…"
	}
	return text
}

func (b *book) people() error {
	columns := make([]column, 0, len(fullColumns))
	for _, name := range b.x.Profile.columns() {
		columns = append(columns, column{b.heading(name), wide(name)})
	}
	return b.sheet(b.say("book.people"), columns, func(row func(...any) error) error {
		return b.snap.People(b.x.Profile == Full, func(p *Person) error { return row(b.person(p)...) })
	})
}

// heading is what a column of people is called.
func (b *book) heading(name string) string {
	if name == "case_id" {
		name = "case"
	}
	if name == "region" {
		name = "office"
	}
	if slices.Contains(employmentColumns, name) {
		return b.say("fact." + name)
	}
	return b.say("dossier." + name)
}

func wide(name string) float64 {
	switch name {
	case "case_id":
		return 38
	case "name", "employer", "address", "region", "email":
		return 28
	}
	return 18
}

// person are the cells of a worker, in words and with dates.
func (b *book) person(p *Person) []any {
	cells := make([]any, 0, len(fullColumns))
	for i, text := range p.worded(b.x.Profile, b.Lang) {
		switch name := b.x.Profile.columns()[i]; name {
		case "region":
			cells = append(cells, b.region(p.Region))
		case "terminated_on":
			cells = append(cells, p.TerminatedOn)
		case "opened_on":
			cells = append(cells, p.OpenedOn)
		case "closed_on":
			cells = append(cells, p.ClosedOn)
		case "birth_date":
			cells = append(cells, p.BirthDate)
		case "wage":
			cells = append(cells, wageText(p))
		default:
			if slices.Contains(employmentColumns, name) {
				text = b.spoken(name, text)
			}
			cells = append(cells, text)
		}
	}
	return cells
}

func (b *book) history() error {
	columns := []column{{b.say("dossier.case"), 38}, {b.say("book.region"), 28}, {b.say("book.seq"), 7},
		{b.say("book.kind"), 30}, {b.say("book.actor"), 34}, {b.say("book.occurred_on"), 12},
		{b.say("book.recorded_on"), 12}, {b.say("book.recorded_at"), 15}, {b.say("book.payload"), 70},
		{b.say("book.hash"), 68}}
	return b.sheet(b.say("book.history"), columns, func(row func(...any) error) error {
		return b.snap.Entries(func(e *audit.Entry) error {
			b.x.Entries++
			b.written.Add(1)
			story, office := b.Tell(e.Kind, e.Payload), region.Code(e.Region)
			told := make([]string, len(story.Facts))
			for i, f := range story.Facts {
				told[i] = f.What + ": " + f.Value
			}
			zone := casework.ZoneOf(office)
			return row(e.CaseID.String(), b.region(office), strconv.Itoa(e.Seq), story.Title, b.officer(e.Actor),
				e.OccurredOn, calendar.Of(e.RecordedAt, zone),
				e.RecordedAt.In(zone.Location()).Format("15:04:05 ")+string(zone), strings.Join(told, "\n"),
				hex.EncodeToString(e.Hash[:]))
		})
	})
}

// lined is a hidden sheet that holds a text line by line, a long line over several cells.
type lined struct {
	out  *excelize.StreamWriter
	rest []byte
	row  int
}

func (l *lined) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	for {
		at := strings.IndexByte(string(l.rest), '\n')
		if at < 0 {
			return len(p), nil
		}
		l.row++
		var cells []any
		for _, piece := range audit.Pieces(string(l.rest[:at])) {
			cells = append(cells, piece)
		}
		if err := l.out.SetRow("A"+strconv.Itoa(l.row), cells); err != nil {
			return 0, err
		}
		l.rest = l.rest[at+1:]
	}
}

// hidden writes a member of a bundle as a sheet.
func (b *book) hidden(name string, fill func(io.Writer) error) error {
	out, sum, err := b.begin(name, nil)
	if err != nil {
		return err
	}
	if err = fill(io.MultiWriter(&lined{out: out}, sum)); err == nil {
		err = out.Flush()
	}
	if err == nil {
		err = b.file.SetSheetVisible(name, false)
	}
	if err != nil {
		return fmt.Errorf("write sheet %s: %w", name, err)
	}
	if name != audit.ManifestFile && name != audit.SignatureFile {
		b.enter(name, sum)
	}
	return nil
}

func (b *book) records() error {
	name := audit.HistoriesFile + string(JSONL)
	var entries, cases int
	err := b.hidden(name, func(to io.Writer) (err error) {
		entries, cases, err = b.snap.Histories(JSONL, to)
		return err
	})
	last := len(b.manifest.Files) - 1
	if err == nil {
		b.manifest.Files[last].Entries, b.manifest.Files[last].Cases = entries, cases
	}
	return err
}

func (b *book) places() error { return b.hidden(audit.ProofFile, b.proof) }

// about is the manifest for people.
func (b *book) about() error {
	scope := make([]string, len(b.x.Scope))
	for i, code := range b.x.Scope {
		scope[i] = b.region(code)
	}
	facts := [][2]string{{"export", b.x.ID.String()}, {"requester", b.officer(uuid.UUID(b.x.Officer))},
		{"scope", strings.Join(scope, ", ")}, {"filter", b.filter(b.x.Asked)},
		{"profile", wording.Label(b.Lang, b.x.Profile)}, {"cases", strconv.Itoa(b.manifest.Cases)},
		{"entries", strconv.Itoa(b.x.Entries)}, {"checkpoint", b.speech.checkpoint(b.run)},
		{"snapshot", utc(b.snap.At())}, {"key", b.LogKey}, {"verify", b.say("book.verify_by")}}
	return b.sheet(b.say("book.about"), []column{{b.say("book.about"), 24}, {"", 100}},
		func(row func(...any) error) error {
			for _, f := range facts {
				if err := row(b.say("book."+f[0]), f[1]); err != nil {
					return err
				}
			}
			return nil
		})
}

func (b *book) vouched() error {
	if err := b.vouch(); err != nil {
		return err
	}
	for _, part := range [][2]string{{audit.ManifestFile, b.x.Manifest}, {audit.SignatureFile, b.x.Signature}} {
		err := b.hidden(part[0], func(to io.Writer) error { _, err := io.WriteString(to, part[1]); return err })
		if err != nil {
			return err
		}
	}
	return nil
}
