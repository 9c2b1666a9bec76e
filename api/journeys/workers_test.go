//go:build journeys

package journeys_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// nik is one of a worker of Kota Bandung, born on 1 August 1986. No two of a series and a number are the same.
func nik(series, n int) string { return fmt.Sprintf("327301010886%02d%02d", series, n) }

// callName is a name without a digit, which no two workers of a list share.
func callName(series, n int) string {
	first := []string{"Rina", "Wati", "Budi", "Agus", "Dewi", "Eko", "Fitri", "Gita"}
	last := []string{"Santoso", "Wijaya", "Lestari", "Pratama", "Hidayat", "Kusuma", "Maulana", "Nugraha"}
	return first[n%8] + " " + last[n/8%8] + " " + string(rune('A'+series%26)) + string(rune('a'+n/64))
}

// employer is the one of a series.
func employer(series int) string { return "PT Serah " + string(rune('A'+series%26)) + " Nusantara" }

// list writes an employer's list of workers of Kota Bandung who lost their work on 8 December 2025.
func list(t *testing.T, series, workers int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("No,NIK,Nama Lengkap,Tempat Lahir,Tanggal Lahir,Jenis Kelamin,No. KPJ,Jabatan,Upah Terakhir,Tanggal PHK," +
		"Alasan PHK,No HP,Email,Alamat,Kab/Kota\n")
	for n := range workers {
		fmt.Fprintf(&b, "%d,%s,%s,Bandung,01/08/1986,L,%05d%06d,Operator,4000000,08/12/2025,Efisiensi karena rugi,"+
			"0812%04d%04d,p%d.%d@example.com,Jl. Melati No. %d,Kota Bandung\n", n+1, nik(series, n), callName(series, n),
			20000+series, n, series, n, series, n, n+1)
	}
	path := filepath.Join(t.TempDir(), fmt.Sprintf("pekerja-%d.csv", series))
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// open opens cases for the first workers of a series, one by one.
func (c *clerk) open(series, workers int) []string {
	c.Helper()
	var ids []string
	for n := range workers {
		var made struct{ ID string }
		c.call(http.MethodPost, "/v1/cases", map[string]any{"region": "3273", "terminated_on": "2025-12-08",
			"worker": map[string]any{"nik": nik(series, n), "name": callName(series, n), "birth_date": "1986-08-01",
				"employer": employer(series), "wage": 4_000_000, "phone": fmt.Sprintf("0813%04d%04d", series, n)}}, &made)
		ids = append(ids, made.ID)
	}
	return ids
}

// settled waits until the office has done what it does with a list by itself.
func (c *clerk) settled(intake, state string) {
	c.Helper()
	c.call(http.MethodGet, "/v1/intakes/"+intake+"/events", nil, nil)
	var now struct{ State string }
	if c.call(http.MethodGet, "/v1/intakes/"+intake, nil, &now); now.State != state {
		c.Fatalf("the list is %s, not %s", now.State, state)
	}
}
