package ruletest

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/policies"
)

// Row is one line of a golden file: column name -> text.
type Row map[string]string

// Rows reads testdata/name; a file without rows fails the test.
func Rows(t testing.TB, name string) []Row {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatalf("open golden file: %v", err)
	}
	defer func() { _ = file.Close() }()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil || len(lines) < 2 {
		t.Fatalf("read golden file %s: %d lines, %v", name, len(lines), err)
	}
	rows := make([]Row, 0, len(lines)-1)
	for _, line := range lines[1:] {
		row := Row{}
		for i, column := range lines[0] {
			row[column] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// Date is Date of the column.
func (r Row) Date(column string) calendar.Date { return Date(r[column]) }

// Number reads a whole number.
func (r Row) Number(t testing.TB, column string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(r[column], 10, 64)
	if err != nil {
		t.Fatalf("column %s: %v", column, err)
	}
	return n
}

// Rupiah reads an amount.
func (r Row) Rupiah(t testing.TB, column string) money.Rupiah {
	t.Helper()
	return money.Rupiah(r.Number(t, column))
}

// Date reads an ISO day; "" is the zero day.
func Date(iso string) calendar.Date {
	if iso == "" {
		return calendar.Date{}
	}
	return calendar.MustDate(iso)
}

// Codes lists the codes of criteria, separated by spaces.
func Codes(criteria []rule.Criterion) string {
	codes := make([]string, 0, len(criteria))
	for _, c := range criteria {
		codes = append(codes, c.Code)
	}
	return strings.Join(codes, " ")
}

// Workdays returns the calendar of the holidays in the policies.
func Workdays(t testing.TB) *calendar.Calendar {
	t.Helper()
	file, err := policies.FS.Open("reference/holidays.csv")
	if err != nil {
		t.Fatalf("open holidays: %v", err)
	}
	defer func() { _ = file.Close() }()
	cal, err := calendar.Load(file)
	if err != nil {
		t.Fatalf("load holidays: %v", err)
	}
	return cal
}
