package simulation

import (
	"context"
	"sync"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
)

// Source gives claim n of a caseload.
type Source interface {
	Claim(n int) Claim
}

// Stored is a caseload that was read.
type Stored []Claim

// Claim gives claim n.
func (s Stored) Claim(n int) Claim { return s[n] }

// Run applies each of the programmes to the first size claims of a source, with so many workers, and gives one result per
// programme. progress, which may be nil, is told the claims done; it is called from several goroutines.
func Run(ctx context.Context, source Source, size, workers int, cal *calendar.Calendar, progress func(done int), programmes ...*jkp.Programme) ([]Result, error) {
	parts := make([][]Result, workers)
	errs := make([]error, workers)
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() { parts[w], errs[w] = run(ctx, source, w, size, workers, cal, progress, programmes) })
	}
	group.Wait()
	total := empty(len(programmes))
	for w := range workers {
		if errs[w] != nil {
			return nil, errs[w]
		}
		for i := range total {
			total[i].Add(&parts[w][i])
		}
	}
	return total, nil
}

// told is how many claims pass between two looks at progress and context.
const told = 10_000

func run(ctx context.Context, source Source, first, size, step int, cal *calendar.Calendar, progress func(int), programmes []*jkp.Programme) ([]Result, error) {
	results := empty(len(programmes))
	for n, done := first, 1; n < size; n, done = n+step, done+1 {
		claim := source.Claim(n)
		for i, p := range programmes {
			if err := results[i].Apply(p, cal, &claim); err != nil {
				return nil, err
			}
		}
		if done%told == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if progress != nil {
				progress(told)
			}
		}
	}
	return results, nil
}

func empty(n int) []Result {
	out := make([]Result, n)
	for i := range out {
		out[i].Cells = make(map[Key]Cell)
	}
	return out
}
