package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os/user"
	"path/filepath"

	"github.com/tanggap/tanggap/pkg/store/logstore"

	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/translog"
	"github.com/tanggap/tanggap/pkg/vault"
)

// logName names the log over all histories in its checkpoints; its key tells one Tanggap's from another's.
const logName = "tanggap/history"

// keep opens the keyset and all that comes with it. A database that holds data, or was made with a keyset, is opened
// with that one only: a new one would make its workers unreadable, one after the other.
func (d *database) keep(ctx context.Context, r *reached, keys string) (err error) {
	r.keys = keys
	if r.found, err = r.look(ctx); err != nil {
		return err
	}
	if err := d.openKeys(r, r.found.Data || r.found.Known); err != nil {
		return err
	}
	if r.found.Data && !r.found.Known {
		return r.keysetFault(store.Prove(ctx, r.asked, r.vault, r.log))
	}
	return r.keysetFault(r.found.Opens(r.vault, r.log))
}

// openKeys opens the keyset, which may be made only when it must not be there already.
func (d *database) openKeys(r *reached, mustExist bool) (err error) {
	if mustExist {
		r.vault, err = vault.Open(r.keys)
	} else {
		r.vault, err = vault.OpenOrCreate(r.keys)
	}
	if err != nil {
		return r.keysetFault(err)
	}
	if r.log, err = translog.NewKey(logName, r.vault.Derive("checkpoint v1")); err != nil {
		return err
	}
	place := d.Sink
	if place == "" {
		place = filepath.Join(filepath.Dir(r.keys), "checkpoints")
	}
	r.sink = translog.NewSink(place)
	if r.exports = d.Exports; r.exports == "" {
		r.exports = filepath.Join(filepath.Dir(r.keys), "exports")
	}
	if r.documents = d.Scans; r.documents == "" {
		r.documents = filepath.Join(filepath.Dir(r.keys), "documents")
	}
	r.scanner = d.Scanner
	return nil
}

// look asks the database which keyset it was made with; by the owner's login where the runtime role has none yet.
func (r *reached) look(ctx context.Context) (store.Found, error) {
	r.asked = r.app
	found, err := store.Look(ctx, r.app)
	if err == nil || r.owner == "" || r.owner == r.app {
		return found, err
	}
	r.asked = r.owner
	return store.Look(ctx, r.owner)
}

// keysetFault says what to do about a keyset that does not fit.
func (r *reached) keysetFault(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist) && r.found.Data:
		return fmt.Errorf(spoken("there is no keyset at %s, and the database holds data that only its own keyset opens: "+
			"a new one is not made. Bring the keyset back from its backup, or name its place with TANGGAP_KEYS"), r.keys)
	case errors.Is(err, fs.ErrNotExist) && r.found.Known:
		return fmt.Errorf(spoken("there is no keyset at %s, and the database was made with one. Bring it back, "+
			"or name its place with TANGGAP_KEYS; if it is lost, take a new one with `tanggap keys adopt --new --reason …`"),
			r.keys)
	case errors.Is(err, store.ErrOtherKeyset):
		return fmt.Errorf(spoken("%w (%s). Bring the right keyset there, or name its place with TANGGAP_KEYS; "+
			"if it was changed on purpose: `tanggap keys adopt --reason …`"), err, r.keys)
	}
	return err
}

// keysCommand and checkpointsCommand change on purpose what a server otherwise refuses.
type keysCommand struct {
	Adopt keysAdopt `cmd:"" help:"Make the keyset (--keys) the one of this database from now on, after trying it on every worker's data."`
}

// adopting is how such a change is put on record.
type adopting struct {
	Reason string `required:"" help:"Why. It stays on record in the database, with who did it and when."`
	By     string `placeholder:"NAME" help:"Who. Default: the account that runs the command."`
}

func (a adopting) person() string {
	if a.By != "" {
		return a.By
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "unknown"
}

type keysAdopt struct {
	database
	adopting
	New        bool `help:"Make the keyset when there is none at its place."`
	AcceptLoss bool `help:"Adopt it though it does not open everything: what stays closed is lost."`
}

// Run adopts the keyset, with the owner's login.
func (c *keysAdopt) Run(ctx context.Context) error {
	if err := c.begin(true, false); err != nil {
		return err
	}
	r, err := c.reachWith(ctx, func(ctx context.Context, r *reached, keys string) (err error) {
		r.keys = keys
		if r.found, err = r.look(ctx); err != nil {
			return err
		}
		return c.openKeys(r, !c.New)
	})
	if err != nil {
		return err
	}
	defer r.close()
	if r.owner == "" {
		return errors.New(spoken("name the owner's login with TANGGAP_OWNER_DATABASE_URL: the server's may not change its " +
			"keyset"))
	}
	a, err := store.AdoptKeys(ctx, r.owner, r.vault, r.log, c.person(), c.Reason, c.AcceptLoss)
	if errors.Is(err, store.ErrKeysLost) {
		return fmt.Errorf(spoken("%w. Nothing was changed. Bring the right keyset to %s; "+
			"if what stays closed is lost for good, say --accept-loss"), err, r.keys)
	}
	if err != nil {
		return err
	}
	fmt.Printf(spoken("The database takes the keyset %s from now on: %d of %d workers' data open with it.\n"),
		r.keys, a.Workers-a.Lost, a.Workers)
	return nil
}

type checkpointsCommand struct {
	Adopt checkpointsAdopt `cmd:"" help:"Make the place of checkpoints (--checkpoints) the one of this database from now on, and publish everything there: after a move, or when a backup was restored on purpose."`
}

type checkpointsAdopt struct {
	database
	adopting
}

// Run publishes everything to the place.
func (c *checkpointsAdopt) Run(ctx context.Context) error {
	if err := c.begin(false, false); err != nil {
		return err
	}
	r, err := c.reach(ctx)
	if err != nil {
		return err
	}
	defer r.close()
	a, err := open(ctx, r, 4, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer a.store.Close()
	if _, err := a.store.Seal(ctx); err != nil {
		return err
	}
	made, err := a.store.AdoptCheckpoints(ctx, a.key, a.sink, c.person(), c.Reason)
	if err != nil {
		return a.evidenceFault(err)
	}
	fmt.Printf(spoken("Checkpoints go to %s from now on; the first vouches for %d entries.\n"), a.sink.Place(), made.Size)
	return nil
}

// evidenceFault says what to do when the database and what was published do not agree. That is for somebody to mend and
// passes by itself for nobody, so that the fault is no longer one that is waited for.
func (a *app) evidenceFault(err error) error {
	const adopt = "`tanggap checkpoints adopt --reason …`"
	switch {
	case errors.Is(err, logstore.ErrContradicted):
		return fmt.Errorf(spoken("%s. `tanggap verify` names the entry. If the database was restored from a backup "+
			"on purpose, move what is at %s away and keep it, for it proves what was lost; then %s"), err, a.sink.Place(), adopt)
	case errors.Is(err, logstore.ErrEvidenceMissing):
		return fmt.Errorf(spoken("%s. Bring back what was at %s, or name the right place with TANGGAP_CHECKPOINTS; "+
			"if checkpoints go to a new place from now on: %s"), err, a.sink.Place(), adopt)
	case errors.Is(err, logstore.ErrEvidenceDamaged):
		return fmt.Errorf(spoken("%s. Bring the file back from a copy; if there is none, move what is at %s away, keep it, "+
			"and then %s"), err, a.sink.Place(), adopt)
	}
	return err
}
