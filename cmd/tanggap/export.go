package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"
	"golang.org/x/term"

	"github.com/tanggap/tanggap/pkg/client"
)

type exportCommand struct {
	remote
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

// order is what the server is asked for.
func (c *exportCommand) order() (client.OrderInBody, error) {
	asked := map[string]any{"format": c.Format, "profile": c.Profile}
	for name, value := range map[string]string{"region": c.Region, "case": c.Case, "stage": c.Stage, "outcome": c.Outcome,
		"claim": c.Claim, "officer": c.Officer, "layoff": c.Layoff, "from": c.From, "until": c.Until,
		"recipient": c.Recipient, "reason": c.Reason} {
		if value != "" {
			asked[name] = value
		}
	}
	if c.AsOf != 0 {
		asked["as_of"] = c.AsOf
	}
	return as[client.OrderInBody](asked)
}

// Run orders, waits, and fetches to a file beside the named one, which it becomes only when it is whole.
func (c *exportCommand) Run(ctx context.Context) error {
	api, err := c.api()
	if err != nil {
		return err
	}
	body, err := c.order()
	if err != nil {
		return err
	}
	ordered, err := read[client.Ordered](&c.remote)(api.ExportCreate(ctx,
		&client.ExportCreateParams{IdempotencyKey: key()}, body))
	if err != nil {
		return err
	}
	id := ordered.Id.String()
	switch {
	case ordered.Passphrase != nil:
		fmt.Println("passphrase:", *ordered.Passphrase) // the same in every language: programs read it
	case c.Recipient == "":
		return c.wrong("cli.passphrase_lost", "id", id)
	}
	if ordered.State == "awaiting" {
		fmt.Fprintln(os.Stderr, c.say("cli.export_awaiting", "id", id))
	}
	x, err := c.settled(ctx, api, id)
	if err != nil {
		return err
	}
	if x.State != "ready" {
		why := ""
		if x.Failure != nil {
			why = *x.Failure
		}
		return c.wrong("cli.export_ended", "state", x.State, "reason", why)
	}
	if err := c.fetch(ctx, api, id); err != nil {
		return err
	}
	fmt.Println(c.say("cli.export_written", "file", c.Out, "entries", x.Entries))
	return nil
}

// settled follows an export until it has ended, and shows how far it is when somebody looks on.
func (c *exportCommand) settled(ctx context.Context, api *client.Client, id string) (x client.Export, err error) {
	err = following(ctx, 100*time.Millisecond, func() (bool, error) {
		if x, err = read[client.Export](&c.remote)(api.ExportGet(ctx, id, nil)); err != nil {
			return false, err
		}
		if term.IsTerminal(int(os.Stderr.Fd())) {
			total := int64(0)
			if x.Total != nil {
				total = *x.Total
			}
			fmt.Fprintf(os.Stderr, "\r%s %d/%d ", x.State, x.Entries, total)
		}
		return x.State == "awaiting" || x.State == "queued" || x.State == "running", nil
	})
	return x, err
}

func (c *exportCommand) fetch(ctx context.Context, api *client.Client, id string) error {
	part, err := os.CreateTemp(filepath.Dir(c.Out), ".tanggap-export-*")
	if err != nil {
		return fmt.Errorf(spoken("make a file: %w"), err)
	}
	defer func() { _ = os.Remove(part.Name()) }()
	err = c.save(part)(api.ExportFile(ctx, id, nil))
	if closing := part.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(part.Name(), c.Out)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", c.say("cli.not_fetched"), err)
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
		return nil, fmt.Errorf(spoken("open export: %w"), err)
	}
	defer func() { _ = sealed.Close() }()
	plain, err := age.Decrypt(sealed, identity...)
	if err != nil {
		return nil, o.unopened(err)
	}
	temp, err := os.CreateTemp("", "tanggap-*")
	if err != nil {
		return nil, fmt.Errorf(spoken("make a file: %w"), err)
	}
	_ = os.Remove(temp.Name())
	size, err := io.Copy(temp, plain)
	if err != nil {
		return nil, fmt.Errorf(spoken("open %s: it was changed or cut off: %w"), o.File, err)
	}
	z, err := zip.NewReader(temp, size)
	if err != nil {
		return nil, fmt.Errorf(spoken("read %s: %w"), o.File, err)
	}
	return z, nil
}

// unopened says in a sentence why a file does not open; the library speaks of stanzas.
func (o *opener) unopened(err error) error {
	var none *age.NoIdentityMatchError
	if !errors.As(err, &none) {
		return fmt.Errorf(spoken("open %s: it was changed or cut off: %w"), o.File, err)
	}
	if o.Identity != "" {
		return fmt.Errorf(spoken("%s was not encrypted for the key in %s"), o.File, o.Identity)
	}
	return fmt.Errorf(spoken("the passphrase does not open %s: it is another one than was printed when this file was "+
		"ordered, or the file was encrypted for a key (then give it with --identity)"), o.File)
}

func (o *opener) identity() ([]age.Identity, error) {
	if o.Identity != "" {
		text, err := os.ReadFile(o.Identity)
		if err != nil {
			return nil, fmt.Errorf(spoken("read identity: %w"), err)
		}
		return age.ParseIdentities(bytes.NewReader(text))
	}
	if err := o.ask(); err != nil {
		return nil, err
	}
	identity, err := age.NewScryptIdentity(strings.TrimSpace(o.Passphrase))
	if err != nil {
		return nil, fmt.Errorf(spoken("use passphrase: %w"), err)
	}
	return []age.Identity{identity}, nil
}

// ask asks for the passphrase where none was given.
func (o *opener) ask() error {
	if o.Passphrase == "" {
		fmt.Fprint(os.Stderr, spoken("Passphrase: "))
		typed, err := term.ReadPassword(int(os.Stdin.Fd()))
		fmt.Fprintln(os.Stderr)
		if err != nil {
			return errors.New(spoken("no terminal to ask on: set TANGGAP_PASSPHRASE"))
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
		return fmt.Errorf(spoken("make folder: %w"), err)
	}
	root, err := os.OpenRoot(c.Dir) // no name in the file leads out of the folder
	if err != nil {
		return fmt.Errorf(spoken("open folder: %w"), err)
	}
	defer func() { _ = root.Close() }()
	for _, part := range z.File {
		if err := unpack(root, part); err != nil {
			return fmt.Errorf(spoken("unpack %s: %w"), part.Name, err)
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
