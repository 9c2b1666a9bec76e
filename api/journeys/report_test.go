//go:build journeys

package journeys_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
)

// report is what a run saw.
type report struct {
	sync.Mutex
	journeys, failed, pages, checks, violations, pictures int
	budgets                                               []string
}

var seen report

func (r *report) journey(t *testing.T) {
	r.Lock()
	defer r.Unlock()
	r.journeys++
	if t.Failed() {
		r.failed++
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

func (r *report) print(code int) {
	r.Lock()
	defer r.Unlock()
	fmt.Printf("\njourneys made: %d, of which failed: %d (exit %d)\n", r.journeys, r.failed, code)
	fmt.Printf("pages looked at: %d, in %d examinations by axe with %d violations\n", r.pages, r.checks, r.violations)
	fmt.Println("budgets at 250 kbit/s and 300 ms (measured | budget):")
	slices.Sort(r.budgets)
	for _, b := range r.budgets {
		fmt.Println(b)
	}
	fmt.Printf("pictures: %d in %s\n", r.pictures, absolute(pictures))
}
