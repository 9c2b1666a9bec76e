package export

import (
	"encoding/hex"
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/fault"
)

// book writes a spreadsheet with a password of its own. Every cell is text: nothing in it is evaluated, and a NIK keeps
// its digits. It is for reading; what proves itself is a bundle.
func (m *run) book(to io.Writer) error {
	if err := m.begin(); err != nil {
		return err
	}
	if m.x.Total > MostRows {
		return fault.New(fault.Invalid, "export.too_long_for_xlsx", "most", strconv.Itoa(MostRows), "entries",
			strconv.Itoa(m.x.Total))
	}
	book := excelize.NewFile()
	defer func() { _ = book.Close() }()
	if m.x.Profile != Sealed {
		err := m.sheet(book, "people", m.x.Profile.columns(), func(row func([]string) error) error {
			return m.snap.People(m.x.Profile == Full, func(p *Person) error { return row(p.cells(m.x.Profile)) })
		})
		if err != nil {
			return err
		}
	}
	err := m.sheet(book, "histories", EntryColumns, func(row func([]string) error) error {
		return m.snap.Entries(func(e *audit.Entry) error {
			m.x.Entries++
			m.written.Add(1)
			return row([]string{e.CaseID.String(), e.Region, strconv.Itoa(e.Seq), e.Kind, e.Actor.String(),
				e.OccurredOn.String(), e.RecordedAt.Format(audit.InstantLayout),
				e.Payload, hex.EncodeToString(e.PrevHash[:]), hex.EncodeToString(e.Hash[:])})
		})
	})
	if err != nil {
		return err
	}
	if err := m.vouch(); err != nil {
		return err
	}
	if err := m.sheet(book, "manifest", []string{"manifest"},
		func(row func([]string) error) error { return row([]string{m.x.Manifest}) }); err != nil {
		return err
	}
	if err := book.DeleteSheet("Sheet1"); err != nil {
		return fmt.Errorf("make spreadsheet: %w", err)
	}
	m.x.FileName = "tanggap-" + m.asOf.At.UTC().Format("20060102-150405") + ".xlsx"
	if err := book.Write(to, excelize.Options{Password: m.passphrase(m.x.ID)}); err != nil {
		return fmt.Errorf("write spreadsheet: %w", err)
	}
	return nil
}

func (m *run) sheet(book *excelize.File, name string, header []string,
	fill func(row func([]string) error) error) error {
	if _, err := book.NewSheet(name); err != nil {
		return fmt.Errorf("make sheet %s: %w", name, err)
	}
	out, err := book.NewStreamWriter(name)
	if err != nil {
		return fmt.Errorf("make sheet %s: %w", name, err)
	}
	line := 0
	row := func(values []string) error {
		line++
		cells := make([]any, len(values))
		for i, v := range values {
			cells[i] = v
		}
		return out.SetRow("A"+strconv.Itoa(line), cells)
	}
	if err = row(header); err == nil {
		err = fill(row)
	}
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return fmt.Errorf("write sheet %s: %w", name, err)
	}
	return nil
}
