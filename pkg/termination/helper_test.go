package termination_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/termination"
	"github.com/tanggap/tanggap/policies"
)

func law(t testing.TB) termination.Law {
	t.Helper()
	l, err := termination.Load(policies.FS)
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	return l
}

func procedureAt(t testing.TB, day string) termination.Procedure {
	t.Helper()
	p, err := law(t).Procedures.At(date(day))
	if err != nil {
		t.Fatalf("procedure of %s: %v", day, err)
	}
	return p
}

func workdays(t testing.TB) *calendar.Calendar {
	t.Helper()
	f, err := policies.FS.Open("reference/holidays.csv")
	if err != nil {
		t.Fatalf("open holidays: %v", err)
	}
	defer f.Close()
	cal, err := calendar.Load(f)
	if err != nil {
		t.Fatalf("load holidays: %v", err)
	}
	return cal
}

// date reads an ISO day; "" is the zero day.
func date(iso string) calendar.Date {
	if iso == "" {
		return calendar.Date{}
	}
	return calendar.MustDate(iso)
}

// golden reads testdata/name as rows of column -> text.
func golden(t testing.TB, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatalf("open golden file: %v", err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil || len(records) < 2 {
		t.Fatalf("read golden file %s: %d records, %v", name, len(records), err)
	}
	rows := make([]map[string]string, 0, len(records)-1)
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, column := range records[0] {
			row[column] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func ptr[T any](v T) *T { return &v }
