package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tanggap/tanggap/api"
	"github.com/tanggap/tanggap/api/rest"
	v1 "github.com/tanggap/tanggap/api/v1"
	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/rule"
)

// described is the API without anything behind it, for looking at its routes.
func described() (*api.Server, error) {
	l, err := loadLaws()
	if err != nil {
		return nil, err
	}
	return api.New(api.Options{V1: v1.Services{Officers: &officer.Service{}}, Registry: prometheus.NewRegistry(),
		Edge: rest.Deps{Matrix: l.matrix, Clock: clock.System(), Log: slog.New(slog.DiscardHandler)}}), nil
}

type routesCommand struct{}

// Run prints the route table.
func (routesCommand) Run() error {
	server, err := described()
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, r := range slices.Concat(server.Routes(), server.Pages()) {
		right := string(r.Action)
		if r.Public {
			right = "(public)"
		}
		_, _ = fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", r.Method, r.Path, right, r.Summary)
	}
	return out.Flush()
}

type policyCommand struct {
	Explain policyExplain `cmd:"" help:"Say why an officer may or may not do something in a case, grant by grant."`
	Check   policyCheck   `cmd:"" help:"Check parameter files; prints every problem with its line."`
}

type policyExplain struct {
	database
	Officer string `arg:"" help:"E-mail address of the officer."`
	Action  string `arg:"" help:"Action, such as case.read; tanggap routes lists them."`
	Case    string `arg:"" help:"Id of the case."`
}

// Run explains, on the database itself: it is for whoever runs the server.
func (c *policyExplain) Run(ctx context.Context) error {
	return c.with(ctx, func(a *app) error {
		if !authz.Action(c.Action).Valid() {
			return fmt.Errorf(spoken("%q is not an action"), c.Action)
		}
		known, err := a.store.Credential(ctx, strings.ToLower(c.Officer), "")
		if err != nil {
			return err
		}
		o, err := a.store.GetOfficer(ctx, authz.Everywhere(), known.Officer)
		if err != nil {
			return err
		}
		id, err := casework.ParseID(c.Case)
		if err != nil {
			return err
		}
		code, err := a.store.CaseRegion(ctx, authz.Everywhere(), id)
		if err != nil {
			return err
		}
		x := authz.Explain(a.matrix, officer.InForce(o), authz.Action(c.Action), code, a.clock.Now())
		verdict := map[bool]string{true: spoken("ALLOWED"), false: spoken("NOT ALLOWED")}[x.Allowed && o.Active]
		fmt.Printf(spoken("%s: %s in the case, which is in %s\n"), verdict, c.Action, code)
		if !o.Active {
			fmt.Println(spoken("  the officer is deactivated"))
		}
		for _, r := range x.Reasons {
			fmt.Printf(spoken("  %s in %s: in force today %t, allows the action %t, holds the case %t\n"), r.Grant.Role,
				orNation(r.Grant.Region), r.Active, r.Allows, r.Covers)
		}
		if len(x.Reasons) == 0 {
			fmt.Println(spoken("  the officer has no role anywhere"))
		}
		return nil
	})
}

type policyCheck struct {
	Files []string `arg:"" optional:"" type:"existingfile" help:"Files under policies/programmes, or drafts of such."`
	Law   string   `env:"TANGGAP_LAW" placeholder:"FOLDER" help:"Files of the law that go before the built-in ones."`
}

// Run checks and fails when there is a problem.
func (c *policyCheck) Run() error {
	found, schemas := 0, assessment.Schemas()
	for _, name := range c.Files {
		text, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf(spoken("read parameter file: %w"), err)
		}
		problems := rule.CheckData(text, schemas...)
		for _, p := range problems {
			fmt.Printf("%s: %s\n", name, p)
		}
		found += len(problems)
	}
	if found > 0 {
		return fmt.Errorf(spoken("%d problems"), found)
	}
	fmt.Printf(spoken("%d files are in order.\n"), len(c.Files))
	return c.ending(os.Stdout, calendar.Of(clock.System().Now(), calendar.WIB))
}

// ending tells what runs out soon. It is no failure.
func (c *policyCheck) ending(to io.Writer, today calendar.Date) error {
	l, err := readLaws(c.Law)
	if err != nil {
		return err
	}
	for _, x := range l.base.Ending(today) {
		_, _ = fmt.Fprintf(to, spoken("warning: %s runs out on %s\n"), x.What, x.EndsOn)
	}
	return nil
}
