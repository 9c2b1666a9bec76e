package sheet_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
)

func verdict(r sheet.Row) string { return strings.TrimSpace(string(r.Status) + " " + codes(r)) }

// dated is a list whose workers were born and laid off on these days.
func dated(pairs ...[2]string) []byte {
	rows := [][]string{columns()}
	for i, p := range pairs {
		rows = append(rows, with(with(person(i+1), "Tanggal Lahir", p[0]), "Tanggal PHK", p[1]))
	}
	return csvOf(rows, ";", "\n")
}

// A date that can be read both ways is judged by the other dates of its list.
func TestAColumnProvesTheOrderOfItsDates(t *testing.T) {
	t.Parallel()
	open, month, day := [2]string{"01/01/1990", "02/05/2026"}, [2]string{"01/01/1990", "5/13/2026"},
		[2]string{"01/01/1990", "13/5/2026"}
	many := func(p [2]string, n int) (list [][2]string) {
		for range n {
			list = append(list, p)
		}
		return list
	}
	for name, c := range map[string]struct {
		list [][2]string
		want string
	}{
		"nothing shows":              {[][2]string{open}, "valid"},
		"a day above 12":             {[][2]string{open, day}, "valid"},
		"a month above 12":           {[][2]string{open, month}, "reject DATE_MONTH_FIRST"},
		"as many of each":            {[][2]string{open, month, day}, "valid"},
		"two of each":                {[][2]string{open, month, month, day, day}, "valid_warning DATE_ORDER_MIXED"},
		"a slip of the hand":         {append([][2]string{open, month}, many(day, 50)...), "valid"},
		"of a birth date":            {[][2]string{open, {"1/13/1990", "2026-05-02"}}, "reject DATE_MONTH_FIRST"},
		"day and month are one":      {[][2]string{{"01/01/1990", "05/05/2026"}, month}, "valid"},
		"a month in letters":         {[][2]string{{"1 Jan 1990", "2 Mei 2026"}, month}, "valid"},
		"the year first":             {[][2]string{{"1990-01-01", "2026-05-02"}, month}, "valid"},
		"two thirds are month-first": {[][2]string{open, month, month, day}, "reject DATE_MONTH_FIRST"},
	} {
		rows, _ := mustRead(t, dated(c.list...), "a.csv")
		if got := verdict(rows[1]); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// The NIK holds the day of birth: where it agrees only with the month first, so does the list.
func TestTheNIKProvesTheOrderOfDates(t *testing.T) {
	t.Parallel()
	born := func(n int, date string) []string {
		row := with(person(n), "NIK", fmt.Sprintf("327301050390%04d", n))
		return with(with(row, "Tanggal Lahir", date), "Tanggal PHK", "02/05/2026")
	}
	rows, sum := mustRead(t, lines(columns(), born(1, "3/5/1990"), born(2, "3/5/1990")), "a.csv")
	if verdict(rows[1]) != "reject DATE_MONTH_FIRST DATE_MONTH_FIRST" || notesOf(sum, "dates") != "month_first 2" {
		t.Errorf("month first: %s, %s", verdict(rows[1]), notesOf(sum, "dates"))
	}
	rows, _ = mustRead(t, lines(columns(), born(1, "5/3/1990"), born(2, "5/3/1990")), "a.csv")
	if verdict(rows[1]) != "valid" {
		t.Errorf("day first: %s", verdict(rows[1]))
	}
}

// A spreadsheet program in English makes dates of 05/01/2026 and leaves 25/01/2026 a text: day and month are exchanged.
func TestDatesThatAProgramTurnedAreTold(t *testing.T) {
	t.Parallel()
	list := func(early string) []sheet.Row {
		rows, _ := mustRead(t, dated([2]string{"01/01/1990", early}, [2]string{"01/01/1990", "2026-02-03"},
			[2]string{"01/01/1990", "2026-04-12"}, [2]string{"01/01/1990", "13/05/2026"}, [2]string{"01/01/1990", "25/05/2026"},
			[2]string{"01/01/1990", "30/05/2026"}), "a.csv")
		return rows
	}
	rows := list("2026-05-01")
	if verdict(rows[1]) != "valid_warning DATE_TURNED" || verdict(rows[4]) != "valid" {
		t.Errorf("%s, %s", verdict(rows[1]), verdict(rows[4]))
	}
	if rows := list("2026-05-13"); verdict(rows[1]) != "valid" {
		t.Errorf("a machine's date above 12 clears the column: %s", verdict(rows[1]))
	}
}

// An instant is read in Indonesia, and a column of midnights in UTC is told.
func TestInstants(t *testing.T) {
	t.Parallel()
	rows, _ := mustRead(t, dated([2]string{"1989-12-31T17:00:00.000Z", "2026-05-31T17:00:00.000Z"}), "a.csv")
	if w := rows[1].Worker; verdict(rows[1]) != "valid_warning DATE_INSTANT DATE_INSTANT" ||
		w.BirthDate.String() != "1990-01-01" || w.TerminationDate.String() != "2026-06-01" {
		t.Errorf("%s: %s, %s", verdict(rows[1]), w.BirthDate, w.TerminationDate)
	}
	for second, want := range map[string]string{"2026-06-01 17:00": "valid_warning DATE_MIDNIGHT",
		"2026-06-01 16:59": "valid"} {
		rows, _ := mustRead(t, dated([2]string{"01/01/1990", "2026-06-01 17:00"}, [2]string{"01/01/1990", second}), "a.csv")
		if verdict(rows[1]) != want {
			t.Errorf("beside %s: %s, want %s", second, verdict(rows[1]), want)
		}
	}
}

// One row each: a text that was spoilt on the way is told by the name of the character, or refused.
func TestWhatIsToldOfText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ column, value, want, name string }{
		{"Nama Lengkap", "Bu\u200bdi", "valid_warning TEXT_CLEANED", "Budi"},
		{"Nama Lengkap", "Bu\u00addi", "valid_warning TEXT_CLEANED", "Budi"},
		{"Nama Lengkap", "Bu\u202edi", "valid_warning TEXT_CLEANED", "Budi"},
		{"Nama Lengkap", "Bu\x01di", "valid_warning TEXT_CLEANED", "Budi"},
		{"Nama Lengkap", "Aﬁfah", "valid_warning TEXT_CLEANED", "Afifah"},
		{"Nama Lengkap", "Ｂｕｄｉ", "valid_warning TEXT_CLEANED", "Budi"},
		{"Nama Lengkap", "Bu\u00a0di", "valid", "Bu di"},
		{"Nama Lengkap", "Ma’ruf D'Cruz–Müller, S.E.", "valid", "Ma’ruf D'Cruz–Müller, S.E."},
		{"Nama Lengkap", "Bu\u0434i", "valid_warning NAME_CHARACTERS", "Bu\u0434i"},
		{"Nama Lengkap", "Jos‚", "valid_warning NAME_CHARACTERS", "Jos‚"},
		{"Nama Lengkap", "JosÃ©", "valid_warning NAME_CHARACTERS", "JosÃ©"},
		{"Nama Lengkap", "Jos?", "valid_warning NAME_CHARACTERS", "Jos?"},
		{"Nama Lengkap", "Jos\ufffd", "reject TEXT_BROKEN", "Jos\ufffd"},
		{"Jabatan", "Opera\ufffdtor", "valid_warning TEXT_BROKEN", "Budi Santoso"},
		{"Alamat", "Jl.\u200b Baru", "valid_warning TEXT_CLEANED", "Budi Santoso"},
		{"Nama Lengkap", "#NV", "reject CELL_ERROR", ""},
		{"Nama Lengkap", "#BEZUG!", "reject CELL_ERROR", ""},
		{"Nama Lengkap", "#¿NOMBRE?", "reject CELL_ERROR", ""},
		{"Nama Lengkap", "#NAMA?", "reject CELL_ERROR", ""},
		{"Nama Lengkap", "Err:502", "reject CELL_ERROR", ""},
		{"Nama Lengkap", "########", "reject CELL_ERROR", ""},
		{"Alamat", "#12 Jl. Baru", "valid", "Budi Santoso"},
		{"Nama Lengkap", "NULL", "reject NAME_MISSING", ""},
		{"Nama Lengkap", "nan", "reject NAME_MISSING", ""},
		{"Nama Lengkap", "undefined", "reject NAME_MISSING", ""},
		{"Nama Lengkap", `\N`, "reject NAME_MISSING", ""},
		{"Nama Lengkap", "Nan", "valid", "Nan"},
		{"Email", "N/A", "valid", "Budi Santoso"},
		{"No HP", "0812‑3456–7890", "valid", "Budi Santoso"},
		{"NIK", "1111111111111111", "reject NIK_FILLER", "Budi Santoso"},
		{"NIK", "1212121212121212", "reject NIK_FILLER", "Budi Santoso"},
		{"Upah Terakhir", "4500000.0000000001", "valid", "Budi Santoso"},
		{"Upah Terakhir", "4500.000", "reject WAGE_INVALID", "Budi Santoso"},
	} {
		r := one(t, with(person(1), c.column, c.value))
		if verdict(r) != c.want || r.Worker.Name != c.name {
			t.Errorf("%s %q: %s %q, want %s %q", c.column, c.value, verdict(r), r.Worker.Name, c.want, c.name)
		}
	}
	r := one(t, with(person(1), "Nama Lengkap", "Bu\u200bdi"))
	if text := r.Reasons[0].Message("en"); !strings.Contains(text, "ZERO WIDTH SPACE (U+200B)") {
		t.Errorf("the character is not named: %s", text)
	}
}

// Regions as people write them, with what stands behind the name; never another region than the one that is written.
func TestRegionsAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		"Kota Bekasi, Jawa Barat": "3275 valid", "Kota Bekasi (Jabar)": "3275 valid", "Bandung (Kota)": "3273 valid",
		"Bandung, Kab.": "3204 valid", "Bandung Kab": "3204 valid", "Kota Bekasi Prov. Jawa Barat": "3275 valid",
		"Kota Bekasi *": "3275 valid", "Jawa Barat, Kota Bekasi": "3275 valid", "Kota Jakarta Selatan, DKI Jakarta": "3174 valid",
		"Solo": "3372 valid", "Kota Solo": "3372 valid", "Jaksel": "3174 valid", "Tangsel": "3674 valid",
		"Kab. Sleman, DIY": "3404 valid", "Toba Samosir": "1212 valid",
		"Kota Bekasi, Jawa Tengah": " reject REGION_UNKNOWN", "Barat Bandung": " reject REGION_UNKNOWN",
		"Kabupaten": " reject REGION_UNKNOWN", "Bandung, Jawa Barat": " reject REGION_AMBIGUOUS",
		"3275": "3275 valid_warning REGION_CODE", "32.75": "3275 valid_warning REGION_CODE",
	} {
		r := one(t, with(person(1), "Kab/Kota", written))
		if got := string(r.Worker.Regency) + " " + verdict(r); got != want {
			t.Errorf("%s: %s, want %s", written, got, want)
		}
	}
	for written, named := range map[string]string{"Bandung": "Kabupaten Bandung, Kota Bandung",
		"Kota Bekassi": "Kota Bekasi", "1275": "Kota Binjai"} {
		r := one(t, with(person(1), "Kab/Kota", written))
		if text := r.Reasons[0].Message("id"); !strings.Contains(text, named) {
			t.Errorf("%s: %s", written, text)
		}
	}
}

// Cells that look filled on the screen and have no value of their own are told as what they are.
func TestCellsThatOnlyLookFilled(t *testing.T) {
	t.Parallel()
	data := excel(t, func(f *excelize.File) {
		for i, row := range people(3) {
			must(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
		}
		must(t, f.SetCellValue("Sheet1", "O3", nil))
		must(t, f.SetCellValue("Sheet1", "H4", nil))
		must(t, f.MergeCell("Sheet1", "O2", "O3"))
		must(t, f.MergeCell("Sheet1", "H3", "H4"))
	})
	rows, _ := mustRead(t, data, "a.xlsx")
	if got := verdicts(rows); got != "1 HEADER, 2 valid, 3 reject CELL_MERGED, 4 valid_warning CELL_MERGED" {
		t.Error(got)
	}
	rows, _ = mustRead(t, rawXLSX(t, sheetOf(columns(), with(with(person(1), "Email", `<c r="M2"><f>A1</f></c>`), "NIK",
		`<c r="B2"><f>A1</f><v></v></c>`)), nil), "a.xlsx")
	if got := verdict(rows[1]); got != "reject CELL_FORMULA CELL_FORMULA" {
		t.Error(got)
	}
	rows, _ = mustRead(t, rawXLSX(t, sheetOf(columns(), with(person(1), "Email",
		`<c r="M2" t="str"><f>IF(1,"")</f><v></v></c>`)), nil), "a.xlsx")
	if got := verdict(rows[1]); got != "valid" {
		t.Errorf("a formula that gives an empty text: %s", got)
	}
}

// One cell refuses no file: what is too long, too far or broken is a finding where it stands.
func TestOneCellRefusesNoFile(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 200_000)
	rows, _ := mustRead(t, lines(columns(), with(person(1), "Alamat", long), with(person(2), "Nama Lengkap", long), person(3)),
		"a.csv")
	if got := verdicts(rows); got != "1 HEADER, 2 valid_warning TEXT_TOO_LONG, 3 reject TEXT_TOO_LONG, 4 valid" {
		t.Error(got)
	}
	rows, _ = mustRead(t, rawXLSX(t, sheetOf(columns(), with(person(1), "Alamat", long), person(2)), nil), "a.xlsx")
	if got := verdicts(rows); got != "1 HEADER, 2 valid_warning TEXT_TOO_LONG, 3 valid" {
		t.Error(got)
	}
	for value, want := range map[string]string{"cek": "cells_far LL2", "   ": ""} {
		data := excel(t, func(f *excelize.File) {
			fillExcel(t, f, "Sheet1", typed())
			must(t, f.SetCellValue("Sheet1", "LL2", value))
		})
		rows, sum := mustRead(t, data, "a.xlsx")
		if got := notesOf(sum, "cells"); got != want || verdict(rows[1]) != "valid" {
			t.Errorf("%q far to the right: %s, %q", value, verdict(rows[1]), got)
		}
	}
	broken := append([]byte("\xef\xbb\xbf"), lines(columns(), with(person(1), "Nama Lengkap", "Bu\xe9di"), person(2))...)
	rows, sum := mustRead(t, broken, "a.csv")
	if got := verdicts(rows); got != "1 HEADER, 2 reject TEXT_BROKEN, 3 valid" || notesOf(sum, "encoding") !=
		"encoding_broken utf-8" {
		t.Errorf("%s, %s", got, notesOf(sum, "encoding"))
	}
}

// A damaged file says what is damaged and in which row.
func TestDamageIsNamed(t *testing.T) {
	t.Parallel()
	list := string(csvOf(people(3), ";", "\n"))
	for _, c := range []struct{ data, name, why, row string }{
		{strings.Replace(list, "3273010101900003", "327301010190000\x00", 1), "a.csv", "nul", "3"},
		{list, "a.xlsx", "csv", "-"},
		{string(xlsxOf(t, people(1)))[:900], "a.xlsx", "archive", "-"},
	} {
		_, _, err := readAll([]byte(c.data), c.name, options(t))
		f, ok := errors.AsType[*fault.Error](err)
		if !ok || f.Code != "intake.unreadable" || f.Args["why"] != c.why || f.Args["row"] != c.row {
			t.Errorf("%s: %v, want %s in row %s", c.name, err, c.why, c.row)
		}
	}
}

// Columns that are not used are named, with the field that they come near to, and those without a title too.
func TestColumnsThatAreNotUsedAreNamed(t *testing.T) {
	t.Parallel()
	head := append(columns(), "Bagian", "Tgl Lahiran Anak", "", "Keterangan")
	row := append(person(1), "Jahit", "1/1/2020", "x", "baik")
	_, sum := mustRead(t, lines(head, row), "a.csv")
	if got := notesOf(sum, "column"); got != "column_not_kept D, column_not_kept K, column_ignored P, column_near Q, column_untitled R, "+
		"column_ignored S" {
		t.Error(got)
	}
	rows, _ := mustRead(t, lines(columns(), append(person(1), "Jawa Barat"), append(person(2), "", "")), "a.csv")
	if got := verdicts(rows); got != "1 HEADER, 2 valid_warning CELLS_SURPLUS, 3 valid" {
		t.Errorf("a field too many: %s", got)
	}
}

// A list without a worker says so, and rows that sum up are no workers.
func TestListsWithoutWorkersAndFooters(t *testing.T) {
	t.Parallel()
	_, sum := mustRead(t, lines(columns()), "a.csv")
	if got := notesOf(sum, ""); got != "no_workers " {
		t.Error(got)
	}
	rows, _ := mustRead(t, lines(columns(), person(1), cells("~~~~~~~Rata-rata upah~5.475.888"),
		cells("~~~~~~~Terbilang~4500000")), "a.csv")
	if got := verdicts(rows); got != "1 HEADER, 2 valid, 3 FOOTER, 4 FOOTER" {
		t.Error(got)
	}
}
