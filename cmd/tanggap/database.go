package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tanggap/tanggap/pkg/localpg"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/stores"
	"github.com/tanggap/tanggap/pkg/translog"
	"github.com/tanggap/tanggap/pkg/vault"
)

// database is how commands reach the data.
type database struct {
	URL      string `name:"database-url" env:"TANGGAP_DATABASE_URL" placeholder:"URL" help:"PostgreSQL 15 or later. Empty: a private one, started by this program."`
	OwnerURL string `name:"owner-database-url" env:"TANGGAP_OWNER_DATABASE_URL" placeholder:"URL" help:"The same database with a login that may create roles: for migrations only."`
	DataDir  string `name:"data-dir" env:"TANGGAP_DATA_DIR" placeholder:"DIR" help:"Folder of the private PostgreSQL and its keyset."`
	Keys     string `name:"keys" env:"TANGGAP_KEYS" placeholder:"FILE" help:"Keyset that seals personal data, made for a database without data only. Default: keys.json in the data folder; with a database URL it must be named."`
	Sink     string `name:"checkpoints" env:"TANGGAP_CHECKPOINTS" placeholder:"DIR|URL" help:"Where checkpoints of the histories are published: a folder, best on another disk, or a URL; processes that share a database share it. Default: checkpoints, beside the keyset."`
	Exports  string `name:"exports" env:"TANGGAP_EXPORTS" placeholder:"DIR" help:"Folder of exported files until they expire; processes that share a database share it. Default: exports, beside the keyset."`
	Scans    string `name:"documents" env:"TANGGAP_DOCUMENTS" placeholder:"DIR|URL" help:"Where scans lie, sealed: a folder, or a bucket such as s3://name?region=...; processes that share a database share it. Default: documents, beside the keyset."`
	Scanner  string `name:"clamd" env:"TANGGAP_CLAMD" placeholder:"ADDRESS" help:"Address of a clamd (ClamAV) that looks at every scan: host:port, or the path of a socket. Empty: none."`
	Conns    int32  `name:"connections" env:"TANGGAP_CONNECTIONS" default:"24" help:"Most connections to the database."`

	Say func(step string) `kong:"-"` // hears what is going on; nil writes it to the standard error
}

// reached is an open way to the data: the runtime role's address, the owner's, and the keys.
type reached struct {
	app, owner string
	vault      *vault.Vault
	log        *translog.Key
	sink       translog.Sink
	exports    string
	documents  string
	scanner    string
	keys       string // the keyset's file
	asked      string // the address at which found was asked for
	found      store.Found
	close      func()
}

// reach starts the private server when no URL is given, and opens the keyset.
func (d *database) reach(ctx context.Context) (*reached, error) { return d.reachWith(ctx, d.keep) }

// keeper opens the keyset at a place, and all that comes with it.
type keeper func(ctx context.Context, r *reached, keys string) error

// reachWith is reach with another way to open the keyset at a place.
func (d *database) reachWith(ctx context.Context, keep keeper) (*reached, error) {
	p, err := d.places()
	if err != nil {
		return nil, err
	}
	if d.URL != "" {
		return d.reachGiven(ctx, p.keys, keep)
	}
	server, err := localpg.Start(ctx, localpg.Options{Dir: d.DataDir, Durable: true, Say: d.tell})
	if err != nil {
		return nil, fmt.Errorf(spoken("start the private PostgreSQL: %w"), err)
	}
	r := &reached{app: server.DSN("tanggap", "tanggap_app"), owner: server.DSN("tanggap", localpg.Superuser),
		close: func() { _ = server.Close() }}
	if err = store.Create(ctx, server.DSN("postgres", localpg.Superuser), "tanggap"); err == nil {
		err = keep(ctx, r, p.keys)
	}
	if err != nil {
		_ = server.Close()
		return nil, err
	}
	return r, nil
}

func (d *database) reachGiven(ctx context.Context, keys string, keep keeper) (*reached, error) {
	if d.Keys == "" {
		if err := os.MkdirAll(filepath.Dir(keys), 0o700); err != nil {
			return nil, fmt.Errorf(spoken("make a place for the keyset: %w"), err)
		}
	}
	r := &reached{app: d.URL, owner: d.OwnerURL, close: func() {}}
	return r, keep(ctx, r, keys)
}

// stored runs fn on the stores alone, with the law of the files: for what must not need the law of the database.
func (d *database) stored(ctx context.Context, l *laws, fn func(*stores.Stores) error) error {
	if err := d.begin(false, false); err != nil {
		return err
	}
	r, err := d.reach(ctx)
	if err != nil {
		return err
	}
	defer r.close()
	s, err := stores.Open(ctx, store.Config{DSN: r.app, MaxConns: d.Conns, Vault: r.vault, Tree: l.tree,
		Measures: l.measures})
	if err != nil {
		return d.advise(err)
	}
	defer s.Close()
	return fn(s)
}

type migrateCommand struct {
	database
}

// Run migrates, looks at what came of it, and says so.
func (c *migrateCommand) Run(ctx context.Context) error {
	if err := c.begin(true, true); err != nil {
		return err
	}
	r, err := c.reach(ctx)
	if err != nil {
		return err
	}
	defer r.close()
	err = r.migrate(ctx, c.tell)
	if err != nil && !errors.Is(err, errNoRuntime) {
		return err
	}
	if err := store.IdentifyAsOwner(ctx, r.owner, r.vault, r.log); err != nil {
		return r.keysetFault(err)
	}
	fmt.Println(spoken("The database has the newest schema and reference data."))
	if err != nil {
		c.tell(fmt.Sprintf(spoken("warning: %s. Nothing of it was checked: give the role a password or the login its "+
			"membership, then run `%s`"), err, c.called("doctor")))
		return nil
	}
	return r.inspect(ctx, func(f store.Finding) { c.tell(fmt.Sprintf(spoken("warning: %s"), f)) })
}

// errNoRuntime says that the database cannot be reached as it will be when it is served.
var errNoRuntime = errors.New(spoken("TANGGAP_DATABASE_URL does not lead to the database yet"))

// errTwoDatabases says that the two addresses do not belong together.
var errTwoDatabases = errors.New(spoken("TANGGAP_DATABASE_URL and TANGGAP_OWNER_DATABASE_URL name different databases"))

// migrate brings the schema up in the database that the runtime role uses, and in no other. Before the first
// migration there may be no runtime role yet: then that is looked at afterwards.
func (r *reached) migrate(ctx context.Context, say func(string)) error {
	if err := r.sameDatabase(ctx); errors.Is(err, errTwoDatabases) {
		return err
	}
	if err := store.MigrateTelling(ctx, r.owner, say); err != nil {
		return err
	}
	return r.sameDatabase(ctx)
}

// sameDatabase compares what is behind the two addresses, not their texts: a pooler or a second name may stand between.
func (r *reached) sameDatabase(ctx context.Context) error {
	mine, err := store.Identity(ctx, r.app)
	if err != nil {
		return fmt.Errorf("%w: %w", errNoRuntime, err)
	}
	owners, err := store.Identity(ctx, r.owner)
	if err != nil {
		return fmt.Errorf(spoken("connect as the owner: %w"), err)
	}
	if mine != owners {
		return errTwoDatabases
	}
	return nil
}

// accepted names checks whose findings this build tells and does not refuse, divided by commas. Nobody who runs the
// program can set it: the tests link it in, as their PostgreSQL promises nothing after a crash.
var accepted string

// inspect makes the checks of the database, tells what is no reason to stop, and refuses what is.
func (r *reached) inspect(ctx context.Context, warn func(store.Finding)) error {
	found, err := store.Inspect(ctx, r.app, strings.Split(accepted, ",")...)
	if err != nil {
		return err
	}
	for _, f := range found {
		if err := f.Refusal(); err != nil {
			return err
		}
		if !f.OK() {
			warn(f)
		}
	}
	return nil
}
