package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/translog"
	"github.com/tanggap/tanggap/pkg/vault"
)

// ErrKeysLost says that a keyset does not open all that is stored.
var ErrKeysLost = errors.New("the keyset does not open every worker's data")

// Adoption is what became of a change of the keyset.
type Adoption struct {
	Workers, Lost int // data keys that there are, and those that do not open
}

// AdoptKeys makes a keyset the one of the database in the place of another, with the reason on record. Every data key
// is tried; when one does not open, the change is refused unless loss is accepted: whose key it is stays unreadable
// then.
func AdoptKeys(ctx context.Context, dsn string, v *vault.Vault, key *translog.Key,
	person, reason string, acceptLoss bool) (a Adoption, err error) {
	err = ownerTx(ctx, dsn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "set local statement_timeout = 0"); err != nil {
			return Translate(err)
		}
		rows, err := tx.Query(ctx, "select id, data_key from worker where data_key is not null")
		if err != nil {
			return Translate(err)
		}
		if a.Lost, a.Workers, err = unopened(rows, v); err != nil {
			return err
		}
		if a.Lost > 0 && !acceptLoss {
			return fmt.Errorf("%w: %d of %d stay closed", ErrKeysLost, a.Lost, a.Workers)
		}
		detail := fmt.Sprintf("%d of %d data keys open", a.Workers-a.Lost, a.Workers)
		return replaceKeys(ctx, tx, v, key, person, reason, detail)
	})
	return a, err
}

// RecordChange keeps on record who changed what the database is held against.
const RecordChange = "insert into deployment_change (what, person, reason, detail) values ($1, $2, $3, $4)"

func replaceKeys(ctx context.Context, tx pgx.Tx, v *vault.Vault, key *translog.Key,
	person, reason, detail string) error {
	sum := v.Fingerprint()
	b := &pgx.Batch{}
	b.Queue(`insert into deployment (keyset, log_key) values ($1, $2)
		on conflict (the_one) do update set keyset = excluded.keyset, log_key = excluded.log_key`, sum[:], key.Public())
	b.Queue("delete from deployment_wrapping")
	b.Queue(RecordChange, translog.AdoptedKeys, person, reason, detail)
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return Translate(err)
	}
	f, err := look(ctx, tx)
	if err != nil {
		return err
	}
	return f.remember(ctx, tx, v)
}

// ownerTx runs fn in one transaction of the role that owns the tables.
func ownerTx(ctx context.Context, dsn string, fn func(pgx.Tx) error) error {
	config, err := pgx.ParseConfig(dsn)
	if err != nil || dsn == "" {
		return errNoAddress
	}
	config.RuntimeParams["role"], config.RuntimeParams["search_path"] = ownerRole, searchPath
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("connect as owner: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	return pgx.BeginFunc(ctx, conn, fn)
}

// ownerRole owns every table and cannot log in.
const ownerRole = "tanggap_owner"
