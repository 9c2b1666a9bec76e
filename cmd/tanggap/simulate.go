package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"

	"github.com/tanggap/tanggap/pkg/store/stores"

	"github.com/google/uuid"
	"golang.org/x/term"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/lawbook"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/simulation"
	"github.com/tanggap/tanggap/policies"
)

type simulateCommand struct {
	Draft  string `arg:"" optional:"" type:"existingfile" help:"A draft of a JKP parameter file; it stands in for the file with the same id, or beside the others. Without it the rules in force are simulated alone."`
	Claims int    `default:"100000" help:"Claims of the synthetic caseload."`
	Seed   uint64 `default:"1" help:"Seed of the synthetic caseload: the same seed gives the same answer."`
	From   string `default:"2025-01-01" help:"First day of termination."`
	Days   int    `default:"365" help:"Days over which terminations are spread."`
	Out    string `placeholder:"DIR" help:"Folder for simulation.csv (month and province) and simulation.svg; made where there is none."`
	Stored bool   `help:"Simulate the claims in the database instead of a synthetic caseload; the flags below say which database."`
	database
}

// Run simulates and prints totals; details go to files.
func (c *simulateCommand) Run(ctx context.Context) error {
	if c.Out != "" { // before anything is computed
		if err := os.MkdirAll(c.Out, 0o755); err != nil {
			return fmt.Errorf(spoken("make the folder of the report: %w"), err)
		}
	}
	l, err := loadLaws()
	if err != nil {
		return err
	}
	run := c.synthetic
	if c.Stored {
		run = c.stored
	}
	results, err := run(ctx, l)
	if err != nil {
		return err
	}
	now, then := &results[0], &results[1]
	fmt.Printf(spoken("in force: %d eligible, %d ineligible, %d undetermined, %s\n"), now.Eligible, now.Ineligible,
		now.Undetermined, now.Cost)
	fmt.Printf(spoken("draft:    %d eligible, %d ineligible, %d undetermined, %s (%s)\n"), then.Eligible, then.Ineligible,
		then.Undetermined, then.Cost, then.Cost-now.Cost)
	if err := simulation.WriteMonths(os.Stdout, now, then); err != nil || c.Out == "" {
		return err
	}
	return c.write(l.tree, now, then)
}

func (c *simulateCommand) synthetic(ctx context.Context, l *laws) ([]simulation.Result, error) {
	draft, err := c.drafted(l.base)
	if err != nil {
		return nil, err
	}
	from, err := calendar.ParseDate(c.From)
	if err != nil {
		return nil, fmt.Errorf(spoken("--from %s is not a date like 2025-01-01"), c.From)
	}
	weights, err := policies.FS.Open("reference/phk_by_province.csv")
	if err != nil {
		return nil, fmt.Errorf(spoken("open weights: %w"), err)
	}
	source, err := simulation.NewSynthetic(weights, "2025", c.Seed, from, c.Days)
	if err != nil {
		return nil, err
	}
	fmt.Printf(spoken("%d synthetic claims (seed %d); wages, dates and facts are assumptions, not statistics\n"),
		c.Claims, c.Seed)
	cases := simulation.Caseload{
		Source: source, Size: c.Claims, Workers: runtime.GOMAXPROCS(0), Calendar: l.calendar, Progress: follow(c.Claims),
	}
	return cases.Run(ctx, l.programmes.JKP, draft)
}

// claimsAtOnce is how many claims of the database are held at a time.
const claimsAtOnce = 20_000

// stored simulates the claims of the database, under the law of the database.
func (c *simulateCommand) stored(ctx context.Context, l *laws) (results []simulation.Result, err error) {
	err = c.database.stored(ctx, l, func(s *stores.Stores) error {
		holding, _, err := s.Laws.Holding(ctx)
		if err != nil {
			return err
		}
		now, err := l.base.With(holding...)
		if err != nil {
			return fmt.Errorf(spoken("read the law of the database: %w"), err)
		}
		results, err = c.all(ctx, s, now)
		return err
	})
	return results, err
}

// all simulates claim after claim.
func (c *simulateCommand) all(ctx context.Context, s *stores.Stores, now *lawbook.Law) ([]simulation.Result, error) {
	draft, err := c.drafted(now)
	if err != nil {
		return nil, err
	}
	totals := make([]simulation.Result, 2)
	for i := range totals {
		totals[i].Cells = make(map[simulation.Key]simulation.Cell)
	}
	var last uuid.UUID
	for {
		claims, next, err := s.Claims(ctx, last, claimsAtOnce)
		if err != nil {
			return nil, err
		}
		if next == last {
			fmt.Printf(spoken("%d claims of the database\n"), totals[0].Claims)
			return totals, nil
		}
		last = next
		cases := simulation.Caseload{
			Source: simulation.Stored(claims), Size: len(claims), Workers: runtime.GOMAXPROCS(0), Calendar: now.Calendar,
		}
		part, err := cases.Run(ctx, now.Programmes.JKP, draft)
		if err != nil {
			return nil, err
		}
		for i := range totals {
			totals[i].Add(&part[i])
		}
	}
}

func (c *simulateCommand) write(tree *region.Tree, now, draft *simulation.Result) error {
	for name, write := range map[string]func(f *os.File) error{
		"simulation.csv": func(f *os.File) error { return simulation.WriteCSV(f, tree, now, draft) },
		"simulation.svg": func(f *os.File) error { return simulation.WriteSVG(f, now, draft) },
	} {
		f, err := os.Create(filepath.Join(c.Out, name))
		if err != nil {
			return fmt.Errorf(spoken("make report: %w"), err)
		}
		if err := write(f); err != nil {
			_ = f.Close()
			return err
		}
		if err := f.Close(); err != nil {
			return fmt.Errorf(spoken("write report: %w"), err)
		}
		fmt.Printf(spoken("written: %s\n"), f.Name())
	}
	return nil
}

// follow shows how far a simulation is when somebody looks on.
func follow(size int) func(int) {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return nil
	}
	var done atomic.Int64
	return func(n int) { fmt.Fprintf(os.Stderr, "\r%d/%d ", done.Add(int64(n)), size) }
}

// drafted gives the JKP rules of a law with the draft in the place of the file with its id, or as a version of its own;
// without a draft those in force.
func (c *simulateCommand) drafted(now *lawbook.Law) (*jkp.Programme, error) {
	if c.Draft == "" {
		return now.Programmes.JKP, nil
	}
	text, err := os.ReadFile(c.Draft)
	if err != nil {
		return nil, fmt.Errorf(spoken("read the draft: %w"), err)
	}
	then, err := now.With(lawbook.Release{Content: string(text)})
	if err != nil {
		return nil, fmt.Errorf(spoken("the draft does not fit the rules in force (check it with `tanggap policy check`): %w"),
			err)
	}
	return then.Programmes.JKP, nil
}
