package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

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
