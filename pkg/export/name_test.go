package export

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/region"
)

// The name of a file says which regions are in it, one of them where they are several, and the days that were asked
// for.
func TestHowAFileIsNamed(t *testing.T) {
	t.Parallel()
	from, until := calendar.MustDate("2026-11-01"), calendar.MustDate("2026-11-30")
	for want, x := range map[string]Export{
		"tanggap-csv-nasional-20261127-030405-000007.csv": {Scope: []region.Code{""}},
		"tanggap-csv-3273-20261127-030405-000007.csv":     {Scope: []region.Code{"3273"}},
		"tanggap-csv-3204+1-20261127-030405-000007.csv":   {Scope: []region.Code{"3204", "3273"}},
		"tanggap-csv-3204+2-20261127-030405-000007.csv":   {Scope: []region.Code{"3204", "3273", "3578"}},
		"tanggap-csv-32-20261127-030405-000007.csv": {Asked: Request{Region: "32"},
			Scope: []region.Code{"3204", "3273"}},
		"tanggap-csv-3273-20261101-20261130-20261127-030405-000007.csv": {Asked: Request{From: from, Until: until},
			Scope: []region.Code{"3273"}},
		"tanggap-csv-3273-20261130-20261127-030405-000007.csv": {Asked: Request{Until: until},
			Scope: []region.Code{"3273"}},
	} {
		x.Asked.Format, x.ID = CSV, uuid.UUID{15: 7}
		m := &run{x: &x, asOf: audit.Checkpoint{At: time.Date(2026, 11, 27, 3, 4, 5, 0, time.UTC)}}
		if got := m.fileName(".csv"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
