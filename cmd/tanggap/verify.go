package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/term"

	"github.com/tanggap/tanggap/pkg/audit"
)

type verifyCommand struct {
	database
	File string `arg:"" optional:"" type:"existingfile" help:"An exported history, .csv or .jsonl. Without it the database is verified."`
	Lang string `env:"TANGGAP_LANG" default:"id" enum:"id,en" help:"Language of the finding (${enum})."`
}

// errChanged makes the command end with status 1.
var errChanged = errors.New("the history was changed")

// Run verifies a file, offline, or the database.
func (c *verifyCommand) Run(ctx context.Context) error {
	if c.File == "" {
		return c.with(ctx, func(a *app) error {
			v, found, err := a.store.Verify(ctx, progress)
			return c.say(audit.Report{Entries: v.Entries, Cases: v.Cases, Region: "database", AsOf: a.clock.Now(), Finding: found}, err)
		})
	}
	file, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("open export: %w", err)
	}
	defer func() { _ = file.Close() }()
	return c.say(audit.VerifyFile(ctx, file, progress))
}

func (c *verifyCommand) say(r audit.Report, err error) error {
	if err != nil {
		return err
	}
	if r.Finding != nil {
		fmt.Println("CHANGED:", r.Finding.Message(c.Lang))
		return errChanged
	}
	fmt.Printf("OK: %d entries of %d cases (%s, as of %s)\n", r.Entries, r.Cases, r.Region, r.AsOf.Format("2006-01-02 15:04:05 MST"))
	return nil
}

func progress(entries int) {
	if entries > 0 && term.IsTerminal(int(os.Stderr.Fd())) {
		fmt.Fprintf(os.Stderr, "\r%d entries ", entries)
	}
}
