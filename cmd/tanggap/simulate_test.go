package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/policies"
)

// The claims of a database, those of every worker and nobody else's, are reckoned by the law in force and by a draft:
// of 4,000,000 for six months 60 % is 14,400,000, and 70 % is 16,800,000.
func TestTheClaimsOfADatabaseAreSimulated(t *testing.T) {
	t.Parallel()
	p, _ := newProcess(t)
	if out := p.run("simulate", "--stored"); !strings.Contains(out, "0 claims of the database\n") {
		t.Errorf("an empty database: %s", out)
	}
	for n, citizenship := range []string{"wni", "wna", "wni"} {
		p.apply(n+1, citizenship)
	}
	out := p.run("simulate", "--stored")
	for _, want := range []string{"3 claims of the database\n",
		"in force: 2 eligible, 1 ineligible, 0 undetermined, Rp28.800.000\n",
		"draft:    2 eligible, 1 ineligible, 0 undetermined, Rp28.800.000 (Rp0)\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not said in %s", want, out)
		}
	}
	text, err := policies.FS.ReadFile("programmes/jkp/pp-6-2025.yaml")
	if err != nil {
		t.Fatal(err)
	}
	draft := filepath.Join(t.TempDir(), "draft.yaml")
	more := strings.NewReplacer("60%", "70%", "value: 18000000", "value: 21000000").Replace(string(text))
	if err := os.WriteFile(draft, []byte(more), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := p.run("simulate", "--stored", draft); !strings.Contains(out,
		"draft:    2 eligible, 1 ineligible, 0 undetermined, Rp33.600.000 (Rp4.800.000)\n") {
		t.Errorf("under a draft: %s", out)
	}
	if out := p.run("verify"); !strings.HasPrefix(out, "OK: ") {
		t.Errorf("a simulation leaves something behind: %s", out)
	}
}

// apply opens the case of a worker with a wage of 4,000,000 and applies for JKP.
func (p *process) apply(n int, citizenship string) {
	p.t.Helper()
	worker := map[string]any{"name": "Warga", "nik": fmt.Sprintf("327301010190%04d", n), "wage": 4_000_000}
	status, c, err := p.post("/v1/cases", "", fmt.Sprintf("case-%d", n), map[string]any{"region": "3273",
		"terminated_on": "2026-10-01", "worker": worker})
	if err != nil || status != http.StatusCreated {
		p.t.Fatalf("open: %d %v %v", status, c, err)
	}
	facts := map[string]any{"citizenship": citizenship, "birth_date": "1990-01-01", "registered_on": "2020-01-01",
		"contract": "permanent", "firm_size": "large", "programmes": []string{"jkk", "jkm", "jht", "jp", "jkn"},
		"reason": "EFFICIENCY_LOSS", "evidence": []string{"acceptance_proof", "report_receipt_regency"},
		"dispute": "none", "reported": "yes", "contributions": []map[string]string{{"from": "2024-01", "to": "2026-09"}},
		"arrears_months": 0, "insolvent": "no", "claims_before": 0, "willing": "yes", "other_job": "no",
		"employer_deactivated": "yes", "bank_account": "yes"}
	status, answer, err := p.post(fmt.Sprintf("/v1/cases/%v/claims", c["id"]), `"1"`, fmt.Sprintf("claim-%d", n), facts)
	if err != nil || status != http.StatusCreated {
		p.t.Fatalf("apply: %d %v %v", status, answer, err)
	}
}

// The folder of a report is made where there is none, with provinces by their names; where it cannot be made, nothing
// is computed.
func TestSimulateMakesItsFolder(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "of", "2026")
	c := simulateCommand{Claims: 50, Seed: 1, From: "2026-01-01", Days: 30, Out: out}
	if err := c.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	table, err := os.ReadFile(filepath.Join(out, "simulation.csv"))
	if err != nil || !strings.Contains(string(table), "2026-01,32,Jawa Barat,") {
		t.Errorf("%v\n%s", err, table)
	}
	if err := os.WriteFile(out+".txt", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c.Out, c.From = filepath.Join(out+".txt", "x"), "no date" // which is found when it is computed
	if err := c.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "folder") {
		t.Errorf("a folder in a file: %v", err)
	}
}
