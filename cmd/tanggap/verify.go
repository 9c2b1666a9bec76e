package main

import (
	"archive/zip"
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"

	"github.com/tanggap/tanggap/pkg/store/logstore"

	"golang.org/x/term"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/translog"
)

type verifyCommand struct {
	database
	File string `arg:"" optional:"" type:"path" help:"An export (.zip.age or .xlsx), a folder that one was unpacked into, or histories alone (.csv, .jsonl), recognised by content. Without it the database is verified, against what was published."`
	Key  string `env:"TANGGAP_LOG_KEY" placeholder:"KEY" help:"Public key of the log that you trust, as GET /v1/log/checkpoint gives it. Without it the key in the export is taken, which proves less."`

	Passphrase string `env:"TANGGAP_PASSPHRASE" placeholder:"PASSPHRASE" help:"Of the export; asked for when it is needed and not given."`
	Identity   string `type:"existingfile" placeholder:"FILE" help:"age identity file, when the export was encrypted for its key."`
	Lang       string `kong:"-"`
}

// AfterApply takes the language of the command line.
func (c *verifyCommand) AfterApply() error {
	c.Lang = tongue
	return nil
}

// Help says what the answers mean.
func (*verifyCommand) Help() string {
	return `Status 0, "OK": proved, against a signature and the published log.
Status 1, "CHANGED": something is not as it was recorded, and the first such place is named.
Status 2, "NOT PROVED": nothing was found changed and nothing proved: it is not an export, cannot be read, was signed by
another key, or carries neither signature nor log (histories alone: only their inner chain is checked, which anybody who
changes them can compute again).`
}

// The ends of a verification that proves nothing good.
var errChanged = errors.New(spoken("the history was changed"))

// notProved ends the command with status 2; it hides its cause from those who look for one.
type notProved struct{ text string }

func (n notProved) Error() string { return n.text }

// ExitCode is that of a verification which could not judge.
func (notProved) ExitCode() int { return 2 }

// words are the texts of this command, in Indonesian and English.
var words = map[string][2]string{
	"unreadable": {"tidak dapat dibaca: ", "it cannot be read: "},
	"alone": {"%d entri dari %d kasus (%s) menyambung satu sama lain, tetapi berkas ini tidak memuat tanda tangan dan " +
		"log: siapa pun yang mengubahnya " +
		"dapat menghitung ulang rantainya. Periksa ekspor utuh (.zip.age) atau folder hasil unpack beserta manifesnya",
		"the %d entries of %d cases (%s) follow from each other, but the file carries neither signature nor log: whoever " +
			"changes it can " +
			"compute its chain again. Verify the whole export (.zip.age), or the unpacked folder with its manifest"},
	"foreign": {"ditandatangani oleh %s, bukan oleh kunci yang dipercaya: milik Tanggap lain, atau palsu",
		"it was signed by %s, not by the key that you trust: it is of another Tanggap, or forged"},
	"checked": {"diperiksa: rantai setiap kasus dan PHK, entri terakhirnya, dan log sampai %d entri terhadap %d titik " +
		"periksa di %s\n",
		"checked: the chain of every case and layoff, its newest entry, and the log up to %d entries against %d " +
			"checkpoints at %s\n"},
	"unchecked": {"tidak diperiksa: %d entri lebih baru hanya dijamin oleh rantainya; data di luar kasus dan PHK\n",
		"not checked: %d newer entries are vouched for by their chain only; what is no part of a case or layoff\n"},
	"unvouched": {"%d entri dari %d kasus menyambung satu sama lain, tetapi tidak ada yang menjaminnya di luar basis " +
		"data: ",
		"the %d entries of %d cases follow from each other, but nothing outside the database vouches for them: "},
	"unrecorded":  {"hasil pemeriksaan tidak dapat dicatat: ", "what came of it could not be recorded: "},
	"unpublished": {"belum ada titik periksa yang diterbitkan", "no checkpoint was published yet"},
}

func (c *verifyCommand) word(name string) string { return c.pick(words[name]) }

func (c *verifyCommand) pick(text [2]string) string {
	if c.Lang == "en" {
		return text[1]
	}
	return text[0]
}

// Run verifies a file, offline, or the database. Whatever is neither proof of a change nor proof that there is none
// has a status of its own, an interruption too.
func (c *verifyCommand) Run(ctx context.Context) error {
	err := c.verify(ctx)
	if err == nil || errors.Is(err, errChanged) {
		return err
	}
	n, ok := errors.AsType[notProved](err)
	if !ok {
		n.text = c.word("unreadable") + worded(err)
	}
	fmt.Printf(spoken("NOT PROVED: %s\n"), n.text)
	return notProved{text: n.text}
}

func (c *verifyCommand) verify(ctx context.Context) error {
	if c.File == "" {
		return c.with(ctx, func(a *app) error { return c.ofDatabase(ctx, a) })
	}
	k, err := recognise(c.File)
	if err != nil {
		return err
	}
	switch k {
	case sealedExport:
		o := opener{File: c.File, Passphrase: c.Passphrase, Identity: c.Identity}
		z, err := o.open()
		if err != nil {
			return err
		}
		return c.bundle(ctx, z)
	case openExport:
		return c.opened(ctx)
	case histories:
		return c.alone(ctx)
	case workbook, sealedBook:
		return c.workbook(ctx, k)
	case dossierPDF, checkpoints, otherKind:
	}
	return notProved{text: c.pick(unjudged[k])}
}

// opened verifies an export that was decrypted, unpacked or not.
func (c *verifyCommand) opened(ctx context.Context) error {
	if info, err := os.Stat(c.File); err == nil && info.IsDir() {
		return c.bundle(ctx, os.DirFS(c.File))
	}
	z, err := zip.OpenReader(c.File)
	if err != nil {
		return fmt.Errorf(spoken("read %s: %w"), c.File, err)
	}
	defer func() { _ = z.Close() }()
	return c.bundle(ctx, z)
}

// alone looks at histories without what vouches for them: they can be found changed, never proved.
func (c *verifyCommand) alone(ctx context.Context) error {
	file, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf(spoken("open export: %w"), err)
	}
	defer func() { _ = file.Close() }()
	r, err := audit.VerifyFile(ctx, file, progress)
	if err != nil {
		return err
	}
	switch f := r.Finding; {
	case f == nil:
	case f.What == audit.Unreadable, f.What == audit.NoEnd: // written again by another program, or not whole
		return notProved{text: f.Message(c.Lang)}
	default:
		return c.changed(f, logstore.StateReport{})
	}
	return notProved{text: fmt.Sprintf(c.word("alone"), r.Entries, r.Cases, r.Region)}
}

// bundle verifies an opened export, offline.
func (c *verifyCommand) bundle(ctx context.Context, parts fs.FS) error {
	r, err := audit.VerifyBundle(ctx, parts, c.Key, progress)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, audit.ErrNotExport):
		return notProved{text: c.pick(unjudged[otherKind])}
	case err != nil:
		return err
	case r.SignedBy != "":
		return notProved{text: fmt.Sprintf(c.word("foreign"), r.SignedBy)}
	case r.Finding != nil:
		return c.changed(r.Finding, logstore.StateReport{})
	}
	sayOK(r.Report)
	fmt.Printf(spoken("    all of them stand in the published log of %d entries; signed by %s"), r.Manifest.AsOf, r.Key)
	if !r.Trusted {
		fmt.Print(spoken(" (the key came with the export: compare it with the one you trust, or give that with --key)"))
	}
	fmt.Println()
	return nil
}

// ofDatabase verifies the database and keeps what came of it, for auditors. That it could not be kept does not alter
// the answer.
func (c *verifyCommand) ofDatabase(ctx context.Context, a *app) error {
	check := translog.Check{By: whoAsks(), Answer: translog.Proved}
	err := c.wholeDatabase(ctx, a, &check)
	switch {
	case errors.Is(err, errChanged):
		check.Answer = translog.Changed
	case err != nil:
		check.Answer = translog.Unproved
	}
	if kept := a.store.RecordCheck(context.WithoutCancel(ctx), check); kept != nil {
		fmt.Fprintln(os.Stderr, c.word("unrecorded")+kept.Error())
	}
	return err
}

// whoAsks is the account and the machine that this runs on.
func whoAsks() string {
	name, host := "?", "?"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	if h, err := os.Hostname(); err == nil {
		host = h
	}
	return name + "@" + host
}

// wholeDatabase verifies the database, which may be in use: what was published is read before the snapshot is taken, so
// that the snapshot must hold all of it.
func (c *verifyCommand) wholeDatabase(ctx context.Context, a *app, check *translog.Check) error {
	_, disagrees := a.store.Compare(ctx, a.key, a.sink)
	published, reading := a.published(ctx)
	v, found, err := a.store.Verify(ctx, published, progress)
	check.Entries, check.Checkpoints = int64(v.Entries), int64(len(published.Checkpoints))
	if err != nil && found == nil {
		return err
	}
	state, err := a.store.VerifyState(ctx, progress)
	if found != nil || len(state.Differs) > 0 {
		return c.changed(found, state) // a change that is proved outweighs what could not be looked at
	}
	if err != nil {
		return err
	}
	if errors.Is(disagrees, logstore.ErrContradicted) {
		disagrees = nil // the snapshot, which is later, holds all that was published
	}
	why := ""
	switch {
	case disagrees != nil:
		why = c.evidence(a, disagrees)
	case reading != nil:
		why = c.evidence(a, reading)
	case len(published.Checkpoints) == 0 && v.Entries > 0:
		why = c.word("unpublished")
	}
	if why != "" {
		return notProved{text: fmt.Sprintf(c.word("unvouched"), v.Entries, v.Cases) + why}
	}
	sayOK(audit.Report{Entries: v.Entries, Cases: v.Cases, Region: "database", AsOf: a.clock.Now()})
	fmt.Printf("    "+c.word("checked"), published.Vouched(), len(published.Checkpoints), a.sink.Place())
	fmt.Println("    " + c.sealed(state))
	fmt.Printf("    "+c.word("unchecked"), int64(v.Entries)-published.Vouched())
	return nil
}

// evidence says what is wrong with what was published, and what to do.
func (c *verifyCommand) evidence(a *app, err error) string {
	if c.Lang == "en" || fault.CodeOf(err) == "" {
		return a.evidenceFault(err).Error()
	}
	return a.sink.Place() + ": " + told(err, c.Lang)
}

// published is what the sink can vouch with: all checkpoints and entries of a folder, the newest checkpoint of a URL.
func (a *app) published(ctx context.Context) (p audit.Published, err error) {
	var signed [][]byte
	if folder, ok := a.sink.(translog.Folder); ok {
		if signed, err = folder.All(ctx); err != nil {
			return p, err
		}
		entries, err := folder.Entries()
		if err != nil {
			return p, err
		}
		p.Entries = bufio.NewReaderSize(entries, 1<<20)
	} else {
		newest, err := a.sink.Newest(ctx)
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
			return audit.Published{}, err
		}
		p.Checkpoints = append(p.Checkpoints, c)
	}
	return p, nil
}

// changed names the first entry that is not what it was, and everything in the tables that is not.
func (c *verifyCommand) changed(found *audit.Finding, state logstore.StateReport) error {
	if found != nil {
		fmt.Printf(spoken("CHANGED: %s\n"), found.Message(c.Lang))
	}
	c.differing(state)
	return errChanged
}

func sayOK(r audit.Report) {
	asOf := r.AsOf.Format("2006-01-02 15:04:05 MST")
	fmt.Printf(spoken("OK: %d entries of %d cases (%s, as of %s)\n"), r.Entries, r.Cases, r.Region, asOf)
}

func progress(entries int) {
	if entries > 0 && term.IsTerminal(int(os.Stderr.Fd())) {
		fmt.Fprintf(os.Stderr, spoken("\r%d entries "), entries)
	}
}
