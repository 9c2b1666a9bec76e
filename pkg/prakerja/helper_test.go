package prakerja_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/policies"
)

func law(t testing.TB) prakerja.Law {
	t.Helper()
	l, err := prakerja.Load(policies.FS)
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	return l
}

func schemeAt(t testing.TB, day string) prakerja.Scheme {
	t.Helper()
	s, err := law(t).Versions.At(date(day))
	if err != nil {
		t.Fatalf("scheme of %s: %v", day, err)
	}
	return s
}

// date reads an ISO day; "" is the zero day.
func date(iso string) calendar.Date {
	if iso == "" {
		return calendar.Date{}
	}
	return calendar.MustDate(iso)
}

// applicant is one whom every running scheme takes.
func applicant(applied string) prakerja.Facts {
	return prakerja.Facts{
		AppliedOn: date(applied), BirthDate: date("1995-05-20"), Citizen: ptr(true), InFormalEducation: ptr(false),
		Occupation: ptr(prakerja.OtherOccupation), AidKnown: true, FamilyRecipients: ptr(0),
	}
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
