package wagesubsidy_test

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
	"github.com/tanggap/tanggap/pkg/wagesubsidy"
	"github.com/tanggap/tanggap/policies"
)

func asOf() calendar.Date { return calendar.MustDate("2025-06-05") }

func law(t testing.TB) wagesubsidy.Law {
	t.Helper()
	l, err := wagesubsidy.Load(policies.FS)
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	return l
}

func subsidy(t testing.TB, year int) wagesubsidy.Subsidy {
	t.Helper()
	s, err := law(t).Year(year)
	if err != nil {
		t.Fatalf("subsidy of %d: %v", year, err)
	}
	return s
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

// rupiah reads an amount; "" is not stated.
func rupiah(t testing.TB, text string) *money.Rupiah {
	t.Helper()
	if text == "" {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatalf("read %q: %v", text, err)
	}
	return ptr(money.Rupiah(n))
}

func factsOf(row map[string]string) map[wagesubsidy.Fact]bool {
	facts := map[wagesubsidy.Fact]bool{}
	for f := range strings.FieldsSeq(row["true"]) {
		facts[wagesubsidy.Fact(f)] = true
	}
	for f := range strings.FieldsSeq(row["false"]) {
		facts[wagesubsidy.Fact(f)] = false
	}
	return facts
}

func codes(criteria []rule.Criterion) string {
	list := make([]string, 0, len(criteria))
	for _, c := range criteria {
		list = append(list, c.Code)
	}
	return strings.Join(list, " ")
}

func ptr[T any](v T) *T { return &v }
