package severance_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/termination"
	"github.com/tanggap/tanggap/policies"
)

func law(t testing.TB) severance.Law {
	t.Helper()
	l, err := severance.Load(policies.FS)
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	return l
}

func rulesAt(t testing.TB, day string) severance.Rules {
	t.Helper()
	r, err := law(t).Versions.At(date(day))
	if err != nil {
		t.Fatalf("rules of %s: %v", day, err)
	}
	return r
}

// date reads an ISO day; "" is the zero day.
func date(iso string) calendar.Date {
	if iso == "" {
		return calendar.Date{}
	}
	return calendar.MustDate(iso)
}

// facts are those of a monthly wage without fixed allowance, with nothing owed beside the tables.
func facts(reason termination.Reason, start, end string, wage money.Rupiah) severance.Facts {
	return severance.Facts{
		Reason: reason, Start: date(start), End: date(end), RightsKnown: true,
		Wage: severance.Wage{Basis: severance.Monthly, Base: wage},
	}
}

func assess(t testing.TB, f severance.Facts) severance.Assessment {
	t.Helper()
	a, err := law(t).Assess(f)
	if err != nil {
		t.Fatalf("assess: %v", err)
	}
	return a
}

func part(t testing.TB, a severance.Assessment, kind severance.PartKind) severance.Part {
	t.Helper()
	p, ok := a.Get(kind)
	if !ok {
		t.Fatalf("no part %s", kind)
	}
	return p
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

func rupiah(t testing.TB, text string) money.Rupiah {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatalf("read %q: %v", text, err)
	}
	return money.Rupiah(n)
}

func ptr[T any](v T) *T { return &v }
