package sheet_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
)

// columns and person are one list of one made-up worker.
func columns() []string {
	return []string{"No", "NIK", "Nama Lengkap", "Tempat Lahir", "Tanggal Lahir", "Jenis Kelamin", "No. KPJ", "Jabatan",
		"Upah Terakhir", "Tanggal PHK", "Alasan PHK", "No HP", "Email", "Alamat", "Kab/Kota"}
}

func person(n int) []string {
	return []string{fmt.Sprint(n), fmt.Sprintf("327301%02d0190%04d", 1+n/9000, 1+n%9000), "Budi Santoso", "Bandung",
		fmt.Sprintf("%02d/01/1990", 1+n/9000), "L", "12345678901", "Operator", "Rp 4.500.000,00", "01/06/2026", "Efisiensi",
		"081234567890", "budi@example.com", "Jl. Baru No. 1", "Kota Bandung"}
}

// people are n different workers below one header.
func people(n int) [][]string {
	rows := [][]string{columns()}
	for i := range n {
		rows = append(rows, person(i+1))
	}
	return rows
}

// with changes one cell of a person.
func with(row []string, column, value string) []string {
	changed := append([]string(nil), row...)
	for i, name := range columns() {
		if name == column {
			changed[i] = value
			return changed
		}
	}
	panic("no such column")
}

func csvOf(rows [][]string, separator, end string) []byte {
	var b bytes.Buffer
	for _, row := range rows {
		for i, value := range row {
			if i > 0 {
				b.WriteString(separator)
			}
			if strings.ContainsAny(value, separator+"\"\r\n") {
				value = `"` + strings.ReplaceAll(value, `"`, `""`) + `"`
			}
			b.WriteString(value)
		}
		b.WriteString(end)
	}
	return b.Bytes()
}

// xlsxOf writes text cells with excelize.
func xlsxOf(t testing.TB, rows [][]string) []byte {
	t.Helper()
	return excel(t, func(f *excelize.File) {
		w, err := f.NewStreamWriter("Sheet1")
		must(t, err)
		cells := make([]any, 0, 16)
		for i, row := range rows {
			cells = cells[:0]
			for _, value := range row {
				cells = append(cells, value)
			}
			must(t, w.SetRow(fmt.Sprintf("A%d", i+1), cells))
		}
		must(t, w.Flush())
	})
}

func excel(t testing.TB, fill func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer func() { must(t, f.Close()) }()
	fill(f)
	b, err := f.WriteToBuffer()
	must(t, err)
	return b.Bytes()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// parts are the least that a workbook of one sheet needs.
func parts(sheetXML string) map[string]string {
	return map[string]string{
		"[Content_Types].xml": `<Types/>`,
		"_rels/.rels":         `<R><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></R>`,
		"xl/workbook.xml":     `<workbook><sheets><sheet name="S" r:id="b"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<R><Relationship Id="b" Type="x/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="c" Type="x/sharedStrings" Target="sharedStrings.xml"/></R>`,
		"xl/worksheets/sheet1.xml": sheetXML,
		"xl/sharedStrings.xml":     `<sst/>`,
	}
}

// rawXLSX packs a workbook of hand-written XML. A changed part of "" is left out.
func rawXLSX(t testing.TB, sheetXML string, change map[string]string) []byte {
	t.Helper()
	all := parts(sheetXML)
	maps.Copy(all, change)
	return repack(t, func(z *zip.Writer) {
		for name, text := range all {
			if text != "" {
				must(t, write(z, name, text))
			}
		}
	})
}

func write(z *zip.Writer, name, text string) error {
	w, err := z.Create(name)
	if err != nil {
		return err
	}
	_, err = w.Write([]byte(text))
	return err
}

// repack writes a zip with entries as given, so that headers can lie.
func repack(t testing.TB, edit func(*zip.Writer)) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	edit(z)
	must(t, z.Close())
	return b.Bytes()
}

// sheetOf is the XML of rows of inline text; a value that begins with "<" is taken as the whole cell.
func sheetOf(rows ...[]string) string {
	var b strings.Builder
	b.WriteString("<worksheet><sheetData>")
	for i, row := range rows {
		fmt.Fprintf(&b, `<row r="%d">`, i+1)
		for _, value := range row {
			if strings.HasPrefix(value, "<") {
				b.WriteString(value)
			} else {
				b.WriteString(`<c t="inlineStr"><is><t>` + value + `</t></is></c>`)
			}
		}
		b.WriteString("</row>")
	}
	b.WriteString("</sheetData></worksheet>")
	return b.String()
}

// one reads a single worker's row.
func one(t testing.TB, row []string) sheet.Row {
	t.Helper()
	rows, _ := mustRead(t, csvOf([][]string{columns(), row}, "|", "\n"), "list.csv")
	return rows[len(rows)-1]
}

func wantFault(t testing.TB, what string, data []byte, name, code string) {
	t.Helper()
	_, _, err := readAll(data, name, options(t))
	if fault.CodeOf(err) != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}
