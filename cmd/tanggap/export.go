package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"
	"golang.org/x/term"
)

type exportCommand struct {
	client
	Region    string `help:"Region code; all of your scope by default."`
	Case      string `placeholder:"ID" help:"One case only."`
	Stage     string `help:"Cases in this stage."`
	Outcome   string `help:"Cases closed with this outcome."`
	Claim     string `placeholder:"STATE" help:"Cases whose JKP claim is in this state."`
	Officer   string `placeholder:"ID" help:"Cases of this officer."`
	Layoff    string `placeholder:"ID" help:"Cases of this layoff."`
	From      string `placeholder:"DATE" help:"Cases with an entry recorded on this day or later."`
	Until     string `placeholder:"DATE" help:"Cases with an entry recorded on this day or before."`
	Format    string `default:"csv" enum:"${formats}" help:"One of ${enum}; dossier is the PDF of one case."`
	Profile   string `default:"sealed" enum:"${profiles}" help:"What of the workers is shown: ${enum}. For full another officer must approve."`
	AsOf      int64  `placeholder:"ENTRIES" help:"As of an earlier checkpoint, by the as_of of a manifest."`
	Recipient string `placeholder:"age1…" help:"age public key to encrypt for. By default a passphrase is made and printed."`
	Reason    string `help:"Why everything must be shown; for the full profile."`
	Out       string `short:"o" required:"" placeholder:"FILE" help:"File to write."`
}

// exportOrder is what the server is asked for.
type exportOrder struct {
	Format    string `json:"format"`
	Profile   string `json:"profile"`
	Region    string `json:"region,omitempty"`
	Case      string `json:"case,omitempty"`
	Stage     string `json:"stage,omitempty"`
	Outcome   string `json:"outcome,omitempty"`
	Claim     string `json:"claim,omitempty"`
	Officer   string `json:"officer,omitempty"`
	Layoff    string `json:"layoff,omitempty"`
	From      string `json:"from,omitempty"`
	Until     string `json:"until,omitempty"`
	AsOf      int64  `json:"as_of,omitempty"`
	Recipient string `json:"recipient,omitempty"`
	Reason    string `json:"reason,omitempty"`
}

// exportAnswer is what the server says of an export.
type exportAnswer struct {
	ID, State, Failure, Passphrase string
	Entries, Total                 int
}

// Run orders, waits, and fetches to a file beside the named one, which it becomes only when it is whole.
func (c *exportCommand) Run(ctx context.Context) error {
	body, err := json.Marshal(exportOrder{c.Format, c.Profile, c.Region, c.Case, c.Stage, c.Outcome,
		c.Claim, c.Officer, c.Layoff, c.From, c.Until, c.AsOf, c.Recipient, c.Reason})
	if err != nil {
		return fmt.Errorf("encode request: %w", err)
	}
	var x exportAnswer
	if err := c.send(ctx, http.MethodPost, "/v1/exports", "application/json", bytes.NewReader(body), &x); err != nil {
		return err
	}
	switch {
	case x.Passphrase != "":
		fmt.Println("passphrase:", x.Passphrase)
	case c.Recipient == "":
		return fmt.Errorf("the answer with the passphrase was lost on its way: cancel export %s and order anew", x.ID)
	}
	if x.State == "awaiting" {
		fmt.Fprintln(os.Stderr, "waiting for another officer to approve export", x.ID)
	}
	if err := c.wait(ctx, &x); err != nil {
		return err
	}
	if x.State != "ready" {
		return fmt.Errorf("the export is %s %s", x.State, x.Failure)
	}
	if err := c.fetch(ctx, x.ID); err != nil {
		return err
	}
	fmt.Printf("Written to %s: %d entries. Prove it with: tanggap verify %[1]s\n", c.Out, x.Entries)
	return nil
}

func (c *exportCommand) wait(ctx context.Context, x *exportAnswer) error {
	for x.State == "awaiting" || x.State == "queued" || x.State == "running" {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
		if err := c.send(ctx, http.MethodGet, "/v1/exports/"+x.ID, "", nil, x); err != nil {
			return err
		}
		if term.IsTerminal(int(os.Stderr.Fd())) {
			fmt.Fprintf(os.Stderr, "\r%s %d/%d ", x.State, x.Entries, x.Total)
		}
	}
	return nil
}

func (c *exportCommand) fetch(ctx context.Context, id string) error {
	part, err := os.CreateTemp(filepath.Dir(c.Out), ".tanggap-export-*")
	if err != nil {
		return fmt.Errorf("make a file: %w", err)
	}
	defer func() { _ = os.Remove(part.Name()) }()
	err = c.send(ctx, http.MethodGet, "/v1/exports/"+id+"/file", "", nil, part)
	if closing := part.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(part.Name(), c.Out)
	}
	if err != nil {
		return fmt.Errorf("fetch the export: %w", err)
	}
	return nil
}

// opener opens exported files.
type opener struct {
	File       string `arg:"" type:"existingfile" help:"An exported file, .zip.age."`
	Passphrase string `env:"TANGGAP_PASSPHRASE" placeholder:"PASSPHRASE" help:"As it was printed when the file was ordered; asked for when it is needed and not given."`
	Identity   string `type:"existingfile" placeholder:"FILE" help:"age identity file, when the export was encrypted for its key."`
}

// open decrypts into a nameless file, which is gone when this process ends, and reads the ZIP in it.
func (o *opener) open() (*zip.Reader, error) {
	identity, err := o.identity()
	if err != nil {
		return nil, err
	}
	sealed, err := os.Open(o.File)
	if err != nil {
		return nil, fmt.Errorf("open export: %w", err)
	}
	defer func() { _ = sealed.Close() }()
	plain, err := age.Decrypt(sealed, identity...)
	if err != nil {
		return nil, o.unopened(err)
	}
	temp, err := os.CreateTemp("", "tanggap-*")
	if err != nil {
		return nil, fmt.Errorf("make a file: %w", err)
	}
	_ = os.Remove(temp.Name())
	size, err := io.Copy(temp, plain)
	if err != nil {
		return nil, fmt.Errorf("open %s: it was changed or cut off: %w", o.File, err)
	}
	z, err := zip.NewReader(temp, size)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", o.File, err)
	}
	return z, nil
}

// unopened says in a sentence why a file does not open; the library speaks of stanzas.
func (o *opener) unopened(err error) error {
	var none *age.NoIdentityMatchError
	if !errors.As(err, &none) {
		return fmt.Errorf("open %s: it was changed or cut off: %w", o.File, err)
	}
	if o.Identity != "" {
		return fmt.Errorf("%s was not encrypted for the key in %s", o.File, o.Identity)
	}
	return fmt.Errorf("the passphrase does not open %s: it is another one than was printed when this file was ordered, "+
		"or the file was encrypted for a key (then give it with --identity)", o.File)
}

func (o *opener) identity() ([]age.Identity, error) {
	if o.Identity != "" {
		text, err := os.ReadFile(o.Identity)
		if err != nil {
			return nil, fmt.Errorf("read identity: %w", err)
		}
		return age.ParseIdentities(bytes.NewReader(text))
	}
	if err := o.ask(); err != nil {
		return nil, err
	}
	identity, err := age.NewScryptIdentity(strings.TrimSpace(o.Passphrase))
	if err != nil {
		return nil, fmt.Errorf("use passphrase: %w", err)
	}
	return []age.Identity{identity}, nil
}

// ask asks for the passphrase where none was given.
func (o *opener) ask() error {
	if o.Passphrase == "" {
		fmt.Fprint(os.Stderr, "Passphrase: ")
		typed, err := term.ReadPassword(int(os.Stdin.Fd()))
		fmt.Fprintln(os.Stderr)
		if err != nil {
			return errors.New("no terminal to ask on: set TANGGAP_PASSPHRASE")
		}
		o.Passphrase = string(typed)
	}
	return nil
}

type unpackCommand struct {
	opener
	Dir string `arg:"" help:"Folder to lay the parts into; made when it is not there."`
}

// Run writes each part for its owner only.
func (c *unpackCommand) Run() error {
	z, err := c.open()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	root, err := os.OpenRoot(c.Dir) // no name in the file leads out of the folder
	if err != nil {
		return fmt.Errorf("open folder: %w", err)
	}
	defer func() { _ = root.Close() }()
	for _, part := range z.File {
		if err := unpack(root, part); err != nil {
			return fmt.Errorf("unpack %s: %w", part.Name, err)
		}
		fmt.Println(part.Name)
	}
	return nil
}

func unpack(root *os.Root, part *zip.File) error {
	in, err := part.Open()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := root.OpenFile(part.Name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in) //nolint:gosec // the parts are stored, not packed: they cannot be larger than the file
	if closing := out.Close(); err == nil {
		err = closing
	}
	return err
}
