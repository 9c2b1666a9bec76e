//go:build journeys

package journeys_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// report is what a run saw.
type report struct {
	sync.Mutex
	journeys, pages, checks, violations, pictures int
	budgets                                       []string
}

var seen report

func (r *report) journey(t *testing.T) {
	r.Lock()
	defer r.Unlock()
	if !t.Failed() {
		r.journeys++
	}
}

func (r *report) picture() {
	r.Lock()
	defer r.Unlock()
	r.pictures++
}

func (r *report) page(violations int) {
	r.Lock()
	defer r.Unlock()
	r.checks++
	r.violations += violations
}

// budget keeps what was measured beside what it may be.
func (r *report) budget(what, measured, most string) {
	r.Lock()
	defer r.Unlock()
	r.budgets = append(r.budgets, fmt.Sprintf("  %-44s %10s | %s", what, measured, most))
}

// write leaves the report where make prints it: go test is silent about what passes.
func (r *report) write() error {
	r.Lock()
	defer r.Unlock()
	var b strings.Builder
	fmt.Fprintf(&b, "\njourneys made to their end: %d\n", r.journeys)
	fmt.Fprintf(&b, "pages looked at: %d, in %d examinations by axe with %d violations\n", r.pages, r.checks, r.violations)
	b.WriteString("budgets at 250 kbit/s and 300 ms (measured | budget):\n")
	slices.Sort(r.budgets)
	for _, line := range r.budgets {
		b.WriteString(line + "\n")
	}
	fmt.Fprintf(&b, "pictures: %d in %s\n", r.pictures, absolute(pictures))
	return os.WriteFile(cache+"/report.txt", []byte(b.String()), 0o600)
}
