package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"text/tabwriter"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tanggap/tanggap/api"
	"github.com/tanggap/tanggap/api/edge"
	v1 "github.com/tanggap/tanggap/api/v1"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/termination"
	"github.com/tanggap/tanggap/pkg/wagesubsidy"
)

// described is the API without anything behind it, for looking at its routes.
func described() (*api.Server, error) {
	l, err := loadLaws()
	if err != nil {
		return nil, err
	}
	return api.New(api.Options{V1: v1.Services{Officers: &officer.Service{}}, Registry: prometheus.NewRegistry(), Edge: edge.Deps{Matrix: l.matrix, Clock: clock.System(), Log: slog.New(slog.DiscardHandler)}}), nil
}

type routesCommand struct{}

// Run prints the route table.
func (routesCommand) Run() error {
	server, err := described()
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, r := range server.Routes() {
		right := string(r.Action)
		if r.Public {
			right = "(public)"
		}
		_, _ = fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", r.Method, r.Path, right, r.Summary)
	}
	return out.Flush()
}

type policyCommand struct {
	Check policyCheck `cmd:"" help:"Check parameter files; prints every problem with its line."`
}

type policyCheck struct {
	Files []string `arg:"" type:"existingfile" help:"Files under policies/programmes, or drafts of such."`
}

// Run checks and fails when there is a problem.
func (c *policyCheck) Run() error {
	var schemas []rule.Schema
	for _, of := range [][]rule.Schema{jkp.Schemas(), severance.Schemas(), prakerja.Schemas(), wagesubsidy.Schemas(), termination.Schemas()} {
		schemas = append(schemas, of...)
	}
	found := 0
	for _, name := range c.Files {
		text, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("read parameter file: %w", err)
		}
		problems := rule.CheckData(text, schemas...)
		for _, p := range problems {
			fmt.Printf("%s: %s\n", name, p)
		}
		found += len(problems)
	}
	if found > 0 {
		return fmt.Errorf("%d problems", found)
	}
	fmt.Printf("%d files are in order.\n", len(c.Files))
	return nil
}

type doctorCommand struct {
	database
}

// Run looks at each part that serving needs and says what it found.
func (c *doctorCommand) Run(ctx context.Context) error {
	if _, err := loadLaws(); err != nil {
		return fmt.Errorf("policies: %w", err)
	}
	fmt.Println("policies: in order")
	r, err := c.reach(ctx)
	if err != nil {
		return err
	}
	defer r.close()
	fmt.Println("database server and keyset: reached")
	a, err := open(ctx, r, 2, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer a.store.Close()
	fmt.Println("schema and runtime role: in order")
	return nil
}
