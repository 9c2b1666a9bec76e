package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/translog"
	"github.com/tanggap/tanggap/pkg/vault"
)

// ErrOtherKeyset says that a keyset does not belong to the database.
var ErrOtherKeyset = errors.New("this keyset is not the one that this database was made with")

// Found is what a database says of itself before anything in it is opened.
type Found struct {
	Data   bool // it holds histories, so that something in it is sealed
	Known  bool // it knows its keyset
	ID     uuid.UUID
	keyset []byte
	logKey string
	probes []probe
}

// probe is a data key of nobody, wrapped by one of the wrapping keys that were ever in use.
type probe struct {
	key  int64
	text []byte
}

const lookTimeout = 30 * time.Second

// Look asks the database behind dsn, with any login that may read its own tables; one without a schema holds nothing.
func Look(ctx context.Context, dsn string) (Found, error) {
	conn, err := connectTo(ctx, dsn)
	if err != nil {
		return Found{}, err
	}
	defer func() { _ = conn.Close(ctx) }()
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	return look(ctx, conn)
}

// Prove tries a keyset and a log key on what a database behind dsn holds that does not know its own yet: ErrOtherKeyset
// when they do not open it. Nothing is changed.
func Prove(ctx context.Context, dsn string, v *vault.Vault, key *translog.Key) error {
	conn, err := connectTo(ctx, dsn)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		lo, hi := region.Code("").Range()
		if _, err := tx.Exec(ctx, BindScope, lo, hi, ""); err != nil {
			return Translate(err)
		}
		var published bool // a schema from before the log has nothing that is signed
		err := tx.QueryRow(ctx, "select to_regclass('public.log_checkpoint') is not null").Scan(&published)
		if err != nil || !published {
			return Translate(err)
		}
		return prove(ctx, tx, v, key)
	})
}

func look(ctx context.Context, q Queryer) (f Found, err error) {
	var history, log, known bool
	err = q.QueryRow(ctx, `select to_regclass('public.case_history') is not null,
		to_regclass('public.log_state') is not null, to_regclass('public.deployment') is not null`).Scan(&history, &log,
		&known)
	if err != nil || !history {
		return f, Translate(err)
	}
	f.Data = true // until it is clear that there is nothing
	if log {
		row := q.QueryRow(ctx, "select size > 0 or exists (select from log_pending) from log_state")
		if err := row.Scan(&f.Data); err != nil {
			return f, Translate(err)
		}
	}
	if !known {
		return f, nil
	}
	err = q.QueryRow(ctx, "select id, keyset, log_key from deployment").Scan((*[16]byte)(&f.ID), &f.keyset, &f.logKey)
	if errors.Is(err, pgx.ErrNoRows) {
		return f, nil
	}
	if err != nil {
		return f, Translate(err)
	}
	rows, err := q.Query(ctx, "select key_id, probe from deployment_wrapping order by since, key_id")
	if err != nil {
		return f, Translate(err)
	}
	f.Known = true
	f.probes, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (p probe, err error) {
		err = row.Scan(&p.key, &p.text)
		return p, err
	})
	return f, Translate(err)
}

// probeOwner is whose data key a probe is.
func (f Found) probeOwner() string { return "deployment " + f.ID.String() }

// Opens tells whether a keyset is the one of the database: ErrOtherKeyset when it is not, or lacks a wrapping key
// that was in use. A database that does not know its keyset yet has nothing against any.
func (f Found) Opens(v *vault.Vault, key *translog.Key) error {
	if !f.Known {
		return nil
	}
	if sum := v.Fingerprint(); string(sum[:]) != string(f.keyset) || key.Public() != f.logKey {
		return ErrOtherKeyset
	}
	for _, p := range f.probes {
		if _, err := v.Unwrap(p.text, f.probeOwner()); err != nil {
			return fmt.Errorf("%w: it lacks the wrapping key %d", ErrOtherKeyset, p.key)
		}
	}
	return nil
}

// Identify makes the keyset and the log key those of the database, for ever. A database that is older than this rule
// takes them only when they open what it holds. A further wrapping key of the same keyset is taken in.
func (s *DB) Identify(ctx context.Context, key *translog.Key) error {
	lo, hi, only := s.Limits(authz.Everywhere())
	return Translate(pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, BindScope, lo, hi, only); err != nil {
			return err
		}
		return identify(ctx, tx, s.Vault, key)
	}))
}

// IdentifyAsOwner is Identify with a login of the owner, where the runtime role cannot log in yet.
func IdentifyAsOwner(ctx context.Context, dsn string, v *vault.Vault, key *translog.Key) error {
	return ownerTx(ctx, dsn, func(tx pgx.Tx) error { return identify(ctx, tx, v, key) })
}

func identify(ctx context.Context, tx pgx.Tx, v *vault.Vault, key *translog.Key) error {
	f, err := look(ctx, tx)
	if err != nil {
		return err
	}
	if !f.Known {
		if err := prove(ctx, tx, v, key); err != nil {
			return err
		}
		sum := v.Fingerprint()
		// Of two processes that start at once, the second waits here and is compared with the first.
		const first = "insert into deployment (keyset, log_key) values ($1, $2) on conflict do nothing"
		if _, err := tx.Exec(ctx, first, sum[:], key.Public()); err != nil {
			return Translate(err)
		}
		if f, err = look(ctx, tx); err != nil {
			return err
		}
	}
	if err := f.Opens(v, key); err != nil {
		return err
	}
	return f.remember(ctx, tx, v)
}

// remember keeps a probe of the wrapping key in use.
func (f Found) remember(ctx context.Context, tx pgx.Tx, v *vault.Vault) error {
	for _, p := range f.probes {
		if p.key == int64(v.WrappingKey()) {
			return nil
		}
	}
	_, wrapped, err := v.NewDataKey(f.probeOwner())
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "insert into deployment_wrapping (key_id, probe) values ($1, $2) on conflict do nothing",
		int64(v.WrappingKey()), wrapped)
	return Translate(err)
}

// provedBy is how many data keys, of the oldest and of the newest workers each, prove that a keyset opens what is
// stored.
const provedBy = 5

// prove opens what an older program stored: data keys of workers, and the signature of the newest checkpoint.
func prove(ctx context.Context, tx pgx.Tx, v *vault.Vault, key *translog.Key) error {
	var signed string
	err := tx.QueryRow(ctx, "select note from log_checkpoint order by size desc limit 1").Scan(&signed)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return Translate(err)
	}
	if err == nil {
		if _, err := audit.ParseCheckpoint([]byte(signed), key.Verifier()); err != nil {
			return fmt.Errorf("%w: it did not sign the newest checkpoint", ErrOtherKeyset)
		}
	}
	rows, err := tx.Query(ctx, `(select id, data_key from worker where data_key is not null order by id limit $1)
		union all (select id, data_key from worker where data_key is not null order by id desc limit $1)`, provedBy)
	if err != nil {
		return Translate(err)
	}
	lost, _, err := unopened(rows, v)
	if err == nil && lost > 0 {
		err = fmt.Errorf("%w: data keys of workers do not open with it", ErrOtherKeyset)
	}
	return err
}

// unopened counts the data keys that a keyset does not open.
func unopened(rows pgx.Rows, v *vault.Vault) (lost, all int, err error) {
	var id uuid.UUID
	var wrapped []byte
	_, err = pgx.ForEachRow(rows, []any{(*[16]byte)(&id), &wrapped}, func() error {
		all++
		if _, err := v.Unwrap(wrapped, id.String()); err != nil {
			lost++
		}
		return nil
	})
	return lost, all, Translate(err)
}
