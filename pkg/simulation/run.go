package simulation

import (
	"context"
	"errors"
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

// Caseload is the first Size claims of a source, worked off by so many Workers.
type Caseload struct {
	Source   Source
	Size     int
	Workers  int
	Calendar *calendar.Calendar
	// Progress, which may be nil, is told the claims done since the last time; it is called from several goroutines.
	Progress func(done int)
}

// Run applies each of the programmes to the caseload and gives one result per programme.
func (c Caseload) Run(ctx context.Context, programmes ...*jkp.Programme) ([]Result, error) {
	parts := make([][]Result, c.Workers)
	errs := make([]error, c.Workers)
	var group sync.WaitGroup
	for w := range c.Workers {
		group.Go(func() { parts[w], errs[w] = c.share(ctx, w, programmes) })
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	total := empty(len(programmes))
	for _, part := range parts {
		for i := range total {
			total[i].Add(&part[i])
		}
	}
	return total, nil
}

// told is how many claims pass between two looks at progress and context.
const told = 10_000

// share works off the claims of one worker: the first, and every Workers-th after it.
func (c Caseload) share(ctx context.Context, first int, programmes []*jkp.Programme) ([]Result, error) {
	results := empty(len(programmes))
	for n, done := first, 1; n < c.Size; n, done = n+c.Workers, done+1 {
		claim := c.Source.Claim(n)
		for i, p := range programmes {
			if err := results[i].Apply(p, c.Calendar, &claim); err != nil {
				return nil, err
			}
		}
		if done%told == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if c.Progress != nil {
				c.Progress(told)
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
