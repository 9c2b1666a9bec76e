package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/translog"
)

type verifyCommand struct {
	database
	File string `arg:"" optional:"" type:"path" help:"An export (.zip.age), a folder that one was unpacked into, or histories alone (.csv, .jsonl). Without it the database is verified, against what was published."`
	Key  string `env:"TANGGAP_LOG_KEY" placeholder:"KEY" help:"Public key of the log that you trust, as GET /v1/log/checkpoint gives it. Without it the key in the export is taken, which proves less."`

	Passphrase string `env:"TANGGAP_PASSPHRASE" placeholder:"PASSPHRASE" help:"Of the export; asked for when it is needed and not given."`
	Identity   string `type:"existingfile" placeholder:"FILE" help:"age identity file, when the export was encrypted for its key."`
	Lang       string `env:"TANGGAP_LANG" default:"id" enum:"id,en" help:"Language of the finding (${enum})."`
}

// errChanged makes the command end with status 1.
var errChanged = errors.New("the history was changed")

// Run verifies a file, offline, or the database.
func (c *verifyCommand) Run(ctx context.Context) error {
	if c.File == "" {
		return c.with(ctx, func(a *app) error {
			published, err := a.published()
			if err != nil {
				return err
			}
			v, found, err := a.store.Verify(ctx, published, progress)
			return c.say(audit.Report{Entries: v.Entries, Cases: v.Cases, Region: "database", AsOf: a.clock.Now(), Finding: found}, err)
		})
	}
	info, err := os.Stat(c.File)
	switch {
	case err != nil:
		return fmt.Errorf("open export: %w", err)
	case info.IsDir():
		return c.bundle(ctx, os.DirFS(c.File))
	case strings.HasSuffix(c.File, ".age"):
		o := opener{File: c.File, Passphrase: c.Passphrase, Identity: c.Identity}
		z, err := o.open()
		if err != nil {
			return err
		}
		return c.bundle(ctx, z)
	}
	file, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("open export: %w", err)
	}
	defer func() { _ = file.Close() }()
	return c.say(audit.VerifyFile(ctx, file, progress))
}

// bundle verifies an opened export, offline.
func (c *verifyCommand) bundle(ctx context.Context, parts fs.FS) error {
	r, err := audit.VerifyBundle(ctx, parts, c.Key, progress)
	if err := c.say(r.Report, err); err != nil {
		return err
	}
	fmt.Printf("    all of them stand in the published log of %d entries; signed by %s", r.Manifest.AsOf, r.Key)
	if !r.Trusted {
		fmt.Print(" (the key came with the export: compare it with the one you trust, or give that with --key)")
	}
	fmt.Println()
	return nil
}

// published is what the sink can vouch with: all checkpoints and entries of a folder, the newest checkpoint of a URL.
func (a *app) published() (p audit.Published, err error) {
	var signed [][]byte
	if folder, ok := a.sink.(translog.Folder); ok {
		if signed, err = folder.All(); err != nil {
			return p, err
		}
		entries, err := folder.Entries()
		if err != nil {
			return p, err
		}
		p.Entries = bufio.NewReaderSize(entries, 1<<20)
	} else {
		newest, err := a.sink.Newest(context.Background())
		if err != nil {
			return p, err
		}
		if newest != nil {
			signed = append(signed, newest)
		}
	}
	for _, text := range signed {
		c, err := audit.ParseCheckpoint(text, a.key.Verifier())
		if err != nil {
			return p, err
		}
		p.Checkpoints = append(p.Checkpoints, c)
	}
	return p, nil
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
