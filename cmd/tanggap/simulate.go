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
	"gopkg.in/yaml.v3"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/simulation"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/policies"
)

type simulateCommand struct {
	Draft  string `arg:"" optional:"" type:"existingfile" help:"A draft of a JKP parameter file; it stands in for the file with the same id, or beside the others. Without it the rules in force are simulated alone."`
	Claims int    `default:"100000" help:"Claims of the synthetic caseload."`
	Seed   uint64 `default:"1" help:"Seed of the synthetic caseload: the same seed gives the same answer."`
	From   string `default:"2025-01-01" help:"First day of termination."`
	Days   int    `default:"365" help:"Days over which terminations are spread."`
	Out    string `placeholder:"DIR" help:"Folder for simulation.csv (month and province) and simulation.svg."`
	Stored bool   `help:"Simulate the claims in the database instead of a synthetic caseload; the flags below say which database."`
	database
}

// Run simulates and prints totals; details go to files.
func (c *simulateCommand) Run(ctx context.Context) error {
	l, err := loadLaws()
	if err != nil {
		return err
	}
	draft := l.programmes.JKP
	if c.Draft != "" {
		if draft, err = withDraft(c.Draft); err != nil {
			return err
		}
	}
	run := c.synthetic
	if c.Stored {
		run = c.stored
	}
	results, err := run(ctx, l, draft)
	if err != nil {
		return err
	}
	now, then := &results[0], &results[1]
	fmt.Printf("in force: %d eligible, %d ineligible, %d undetermined, %s\n", now.Eligible, now.Ineligible,
		now.Undetermined, now.Cost)
	fmt.Printf("draft:    %d eligible, %d ineligible, %d undetermined, %s (%s)\n", then.Eligible, then.Ineligible,
		then.Undetermined, then.Cost, then.Cost-now.Cost)
	if err := simulation.WriteMonths(os.Stdout, now, then); err != nil || c.Out == "" {
		return err
	}
	return c.write(now, then)
}

func (c *simulateCommand) synthetic(ctx context.Context, l *laws, draft *jkp.Programme) ([]simulation.Result, error) {
	from, err := calendar.ParseDate(c.From)
	if err != nil {
		return nil, fmt.Errorf("--from %s is not a date like 2025-01-01", c.From)
	}
	weights, err := policies.FS.Open("reference/phk_by_province.csv")
	if err != nil {
		return nil, fmt.Errorf("open weights: %w", err)
	}
	source, err := simulation.NewSynthetic(weights, "2025", c.Seed, from, c.Days)
	if err != nil {
		return nil, err
	}
	fmt.Printf("%d synthetic claims (seed %d); wages, dates and facts are assumptions, not statistics\n", c.Claims, c.Seed)
	cases := simulation.Caseload{
		Source: source, Size: c.Claims, Workers: runtime.GOMAXPROCS(0), Calendar: l.calendar, Progress: follow(c.Claims),
	}
	return cases.Run(ctx, l.programmes.JKP, draft)
}

// claimsAtOnce is how many claims of the database are held at a time.
const claimsAtOnce = 20_000

func (c *simulateCommand) stored(ctx context.Context, l *laws, draft *jkp.Programme) ([]simulation.Result, error) {
	if err := c.begin(false, false); err != nil {
		return nil, err
	}
	r, err := c.reach(ctx)
	if err != nil {
		return nil, err
	}
	defer r.close()
	s, err := stores.Open(ctx, store.Config{DSN: r.app, MaxConns: c.Conns, Vault: r.vault, Tree: l.tree,
		Measures: l.measures})
	if err != nil {
		return nil, err
	}
	defer s.Close()
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
			fmt.Printf("%d claims of the database\n", totals[0].Claims)
			return totals, nil
		}
		last = next
		cases := simulation.Caseload{
			Source: simulation.Stored(claims), Size: len(claims), Workers: runtime.GOMAXPROCS(0), Calendar: l.calendar,
		}
		part, err := cases.Run(ctx, l.programmes.JKP, draft)
		if err != nil {
			return nil, err
		}
		for i := range totals {
			totals[i].Add(&part[i])
		}
	}
}

func (c *simulateCommand) write(now, draft *simulation.Result) error {
	for name, write := range map[string]func(f *os.File) error{
		"simulation.csv": func(f *os.File) error { return simulation.WriteCSV(f, now, draft) },
		"simulation.svg": func(f *os.File) error { return simulation.WriteSVG(f, now, draft) },
	} {
		f, err := os.Create(filepath.Join(c.Out, name))
		if err != nil {
			return fmt.Errorf("make report: %w", err)
		}
		if err := write(f); err != nil {
			_ = f.Close()
			return err
		}
		if err := f.Close(); err != nil {
			return fmt.Errorf("write report: %w", err)
		}
		fmt.Println("written:", f.Name())
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

// withDraft loads the JKP rules with a draft in the place of the file with its id.
func withDraft(draft string) (*jkp.Programme, error) {
	folder, err := os.MkdirTemp("", "tanggap-draft-")
	if err != nil {
		return nil, fmt.Errorf("make a place for the draft: %w", err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if err := os.CopyFS(folder, policies.FS); err != nil {
		return nil, fmt.Errorf("copy the rules in force: %w", err)
	}
	text, err := os.ReadFile(draft)
	if err != nil {
		return nil, fmt.Errorf("read the draft: %w", err)
	}
	name, err := placeOf(folder, text)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(name, text, 0o600); err != nil { //nolint:gosec // a name within the folder made above
		return nil, fmt.Errorf("place the draft: %w", err)
	}
	p, err := jkp.Load(os.DirFS(folder))
	if err != nil {
		return nil, fmt.Errorf("the draft does not fit the rules in force (check it with `tanggap policy check`): %w", err)
	}
	return p, nil
}

// placeOf finds the file whose id the draft has; a draft with an id of its own gets a name of its own.
func placeOf(folder string, draft []byte) (string, error) {
	id := func(text []byte) string {
		var head struct{ ID string }
		_ = yaml.Unmarshal(text, &head) // what cannot be read has no id; loading it will say why
		return head.ID
	}
	wanted := id(draft)
	files, err := filepath.Glob(filepath.Join(folder, filepath.FromSlash(jkp.Folder), "*.yaml"))
	if err != nil {
		return "", fmt.Errorf("look for rules: %w", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return "", fmt.Errorf("read rules: %w", err)
		}
		if wanted != "" && id(text) == wanted {
			return name, nil
		}
	}
	return filepath.Join(folder, filepath.FromSlash(jkp.Folder), "draft.yaml"), nil
}
