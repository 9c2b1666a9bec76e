package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/store"
)

type doctorCommand struct {
	database
}

// Run tries each thing that serving needs, says of each what came of it, and goes on where it can. It makes nothing
// that is not there.
func (c *doctorCommand) Run(ctx context.Context) error {
	d := &examination{out: os.Stdout}
	c.Say = func(string) {} // the lines of the examination say it
	d.try("policies", spoken("the reference data, the rules of the programmes and the access policy were read"),
		func() error {
			_, err := loadLaws()
			return err
		})
	valid := d.try("settings", spoken("addresses and numbers of the settings fit each other"), func() error {
		return c.valid(false)
	})
	var p places
	found := d.try("places", spoken("each place is known; those are named below"), func() (err error) {
		p, err = c.places()
		return err
	})
	if !valid || !found {
		d.skip("database", spoken("the settings are not in order"))
		return d.close()
	}
	d.note(p.String())
	c.examine(ctx, d, p)
	return d.close()
}

// examine looks at the database and everything beside it.
func (c *doctorCommand) examine(ctx context.Context, d *examination, p places) {
	if !p.exists {
		d.skip("database", fmt.Sprintf(spoken("there is none in %s yet: `%s` makes one"), p.folder, c.called("migrate")))
		return
	}
	r := &reached{}
	if c.URL == "" && !d.try("server", spoken("the private PostgreSQL runs"), func() error { return c.server(ctx, r) }) {
		d.skip("database", spoken("there is no server to ask"))
		return
	}
	if c.URL != "" {
		r.app, r.owner, r.close = c.URL, c.OwnerURL, func() {}
	}
	defer r.close()
	there, opens := c.checkDatabase(ctx, d, r)
	keys := false
	if there {
		keys = d.try("keys", spoken("the keyset was read, and is that of the database"),
			func() error { return c.readKeys(ctx, r, p) })
	} else {
		d.skip("keys", spoken("there is no database that they could fit"))
	}
	if opens && keys {
		c.compare(ctx, d, r)
	} else {
		d.skip("opening", spoken("the database or its keyset is not as it must be"))
	}
	if c.URL != "" && c.OwnerURL == "" {
		d.skip("owner", spoken("TANGGAP_OWNER_DATABASE_URL is not given; only migrate needs it"))
		return
	}
	d.try("owner", spoken("the owner's login reaches the same database"), func() error { return r.sameDatabase(ctx) })
}

// server starts the private PostgreSQL, and nothing else.
func (c *doctorCommand) server(ctx context.Context, into *reached) error {
	r, err := c.reachWith(ctx, func(context.Context, *reached, string) error { return nil })
	if err == nil {
		*into = *r
	}
	return err
}

// readKeys reads the keyset; it makes none.
func (c *doctorCommand) readKeys(ctx context.Context, r *reached, p places) error {
	_, err := os.Stat(p.keys)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf(spoken("there is no keyset at %s: bring it back, or name its place with TANGGAP_KEYS; "+
			"for a new database `%s` makes one"), p.keys, c.called("migrate"))
	}
	if err != nil {
		return err
	}
	return c.keep(ctx, r, p.keys)
}

// checkDatabase makes the checks that serve makes, and tells whether the database was there, and can be opened.
func (c *doctorCommand) checkDatabase(ctx context.Context, d *examination, r *reached) (there, opens bool) {
	list := store.Checks()
	if !d.try("database", spoken("a connection as the runtime role"), func() (err error) {
		found, err := store.Inspect(ctx, r.app, strings.Split(accepted, ",")...)
		if err == nil {
			list = found
		}
		return err
	}) {
		for _, f := range list {
			d.skip(f.Check, spoken("the database was not reached"))
		}
		return false, false
	}
	opens = true
	for _, f := range list {
		d.finding(f)
		opens = opens && (f.Check != "schema" && f.Check != "rights" || f.OK())
	}
	return true, opens
}

// compare opens the database as for serving and holds it against what was published.
func (c *doctorCommand) compare(ctx context.Context, d *examination, r *reached) {
	var newest audit.Checkpoint
	tried := spoken("the program opened the database, and looked for the newest checkpoint outside")
	compared := d.try("opening", tried, func() error {
		a, err := open(ctx, r, leastConns, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		defer a.store.Close()
		newest, err = a.store.Compare(ctx, a.key, a.sink)
		return a.evidenceFault(err)
	})
	switch {
	case !compared:
	case newest.At.IsZero():
		d.skip("checkpoints", spoken("none was published yet; the server publishes the first"))
	default:
		went := fmt.Sprintf(spoken("the log goes on from the newest one outside, of %d entries"), newest.Size)
		d.try("checkpoints", went, func() error { return nil })
	}
}

// examination counts what was tried and what came of it.
type examination struct {
	out                        io.Writer
	fine, told, failed, passed int
}

func (d *examination) line(state, name, text string) {
	_, _ = fmt.Fprintf(d.out, "%-9s  %-21s  %s\n", state, name, text)
}

// note says something that was not tried but read.
func (d *examination) note(text string) {
	for part := range strings.SplitSeq(text, "; ") {
		d.line("", "", part)
	}
}

// try makes one check and says what was tried, or what came in between.
func (d *examination) try(name, what string, check func() error) bool {
	if err := check(); err != nil {
		d.failed++
		d.line(spoken("FAILED"), name, worded(err))
		return false
	}
	d.fine++
	d.line(spoken("ok"), name, what)
	return true
}

// skip says what was not tried.
func (d *examination) skip(name, why string) {
	d.passed++
	d.line(spoken("not tried"), name, why)
}

func (d *examination) finding(f store.Finding) {
	switch {
	case f.OK():
		d.fine++
		d.line(spoken("ok"), f.Check, spoken(f.Asks))
		return
	case f.Err != nil:
		d.failed++
		d.line(spoken("FAILED"), f.Check, worded(f.Err))
		return
	case f.Grave:
		d.failed++
		d.line(spoken("FAILED"), f.Check, f.Wrong[0])
	default:
		d.told++
		d.line(spoken("warning"), f.Check, f.Wrong[0])
	}
	for _, wrong := range f.Wrong[1:] {
		d.line("", "", wrong)
	}
	d.line("", "", "→ "+spoken(f.Cure))
}

// close sums up; what failed makes the command fail.
func (d *examination) close() error {
	_, _ = fmt.Fprintf(d.out, spoken("\n%d in order, %d warnings, %d failed, %d not tried\n"), d.fine, d.told, d.failed,
		d.passed)
	if d.failed > 0 {
		return fmt.Errorf(spoken("%d of %d checks failed"), d.failed, d.fine+d.told+d.failed)
	}
	return nil
}
