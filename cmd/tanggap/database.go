package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tanggap/tanggap/pkg/localpg"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/translog"
	"github.com/tanggap/tanggap/pkg/vault"
)

// database is how commands reach the data.
type database struct {
	URL      string `name:"database-url" env:"TANGGAP_DATABASE_URL" placeholder:"URL" help:"PostgreSQL 15 or later. Empty: a private one, started by this program."`
	OwnerURL string `name:"owner-database-url" env:"TANGGAP_OWNER_DATABASE_URL" placeholder:"URL" help:"Login that may create roles, for migrations only. Default: the database URL."`
	DataDir  string `name:"data-dir" env:"TANGGAP_DATA_DIR" placeholder:"DIR" help:"Folder of the private PostgreSQL and its keyset."`
	Keys     string `name:"keys" env:"TANGGAP_KEYS" placeholder:"FILE" help:"Keyset that seals personal data, made for a database without data only. Default: keys.json in the data folder; with a database URL it must be named."`
	Sink     string `name:"checkpoints" env:"TANGGAP_CHECKPOINTS" placeholder:"DIR|URL" help:"Where checkpoints of the histories are published: a folder, best on another disk, or a URL; processes that share a database share it. Default: checkpoints, beside the keyset."`
	Exports  string `name:"exports" env:"TANGGAP_EXPORTS" placeholder:"DIR" help:"Folder of exported files until they expire; processes that share a database share it. Default: exports, beside the keyset."`
	Conns    int32  `name:"connections" env:"TANGGAP_CONNECTIONS" default:"24" help:"Most connections to the database."`
}

// reached is an open way to the data: the runtime role's address, the owner's, and the keys.
type reached struct {
	app, owner string
	vault      *vault.Vault
	log        *translog.Key
	sink       translog.Sink
	exports    string
	keys       string // the keyset's file
	asked      string // the address at which found was asked for
	found      store.Found
	close      func()
}

// reach starts the private server when no URL is given, and opens the keyset.
func (d *database) reach(ctx context.Context) (*reached, error) { return d.reachWith(ctx, d.keep) }

// reachWith is reach with another way to open the keyset at a place.
func (d *database) reachWith(ctx context.Context, keep func(context.Context, *reached, string) error) (*reached, error) {
	if d.URL != "" {
		return d.reachGiven(ctx, keep)
	}
	server, err := localpg.Start(ctx, localpg.Options{Dir: d.DataDir, Durable: true})
	if err != nil {
		return nil, fmt.Errorf("start the private PostgreSQL: %w", err)
	}
	keys := d.Keys
	if keys == "" {
		keys = filepath.Join(server.Dir(), "keys.json")
	}
	r := &reached{app: server.DSN("tanggap", "tanggap_app"), owner: server.DSN("tanggap", localpg.Superuser), close: func() { _ = server.Close() }}
	if err = store.Create(ctx, server.DSN("postgres", localpg.Superuser), "tanggap"); err == nil {
		err = keep(ctx, r, keys)
	}
	if err != nil {
		_ = server.Close()
		return nil, err
	}
	return r, nil
}

func (d *database) reachGiven(ctx context.Context, keep func(context.Context, *reached, string) error) (*reached, error) {
	keys := d.Keys
	if keys == "" {
		folder, err := os.UserConfigDir()
		if err != nil {
			return nil, errors.New("name the keyset with TANGGAP_KEYS: there is no place for it by default")
		}
		if err := os.MkdirAll(filepath.Join(folder, "tanggap"), 0o700); err != nil {
			return nil, fmt.Errorf("make a place for the keyset: %w", err)
		}
		keys = filepath.Join(folder, "tanggap", "keys.json")
	}
	r := &reached{app: d.URL, owner: d.OwnerURL, close: func() {}}
	if r.owner == "" {
		r.owner = d.URL
	}
	return r, keep(ctx, r, keys)
}

type migrateCommand struct {
	database
}

// Run migrates and says so.
func (c *migrateCommand) Run(ctx context.Context) error {
	r, err := c.reach(ctx)
	if err != nil {
		return err
	}
	defer r.close()
	if err := store.Migrate(ctx, r.owner); err != nil {
		return err
	}
	if err := store.IdentifyAsOwner(ctx, r.owner, r.vault, r.log); err != nil {
		return r.keysetFault(err)
	}
	fmt.Println("The database has the newest schema and reference data.")
	return nil
}
