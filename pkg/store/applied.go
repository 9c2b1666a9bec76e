package store

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// ErrNewerSchema says that a newer program has migrated the database: this one must not touch it.
var ErrNewerSchema = errors.New("the database is newer than this program")

// ErrOlderSchema says that the database waits for `tanggap migrate`.
var ErrOlderSchema = errors.New("the database is older than this program")

// ErrOtherSchema says that the database was made of other texts than the program holds.
var ErrOtherSchema = errors.New("the database is not what its migrations make")

// migration is one committed step of the schema.
type migration struct {
	version int64
	file    string
	digest  []byte
}

// known are the migrations of a folder, oldest first.
func known(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	list := make([]migration, 0, len(names))
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read migration: %w", err)
		}
		number, _, _ := strings.Cut(name, "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("migration %s has no number", name)
		}
		sum := sha256.Sum256(text)
		list = append(list, migration{version: version, file: name, digest: sum[:]})
	}
	slices.SortFunc(list, func(a, b migration) int { return cmp.Compare(a.version, b.version) })
	return list, nil
}

// applied are the migrations that a database has, each with the digest of its text; without one where none was
// recorded.
type applied map[int64][]byte

func (a applied) newest() int64 { return slices.Max(append(slices.Collect(maps.Keys(a)), 0)) }

// readApplied reads what a database has. The runtime role may look at it from migration 16 on; before that a database
// looks to it as if it had nothing, which is as much too old.
func readApplied(ctx context.Context, q Queryer) (applied, error) {
	var counted, digested bool
	err := q.QueryRow(ctx, `select coalesce(has_table_privilege(to_regclass('goose_db_version'), 'select'), false),
		coalesce(has_table_privilege(to_regclass('schema_migration'), 'select'), false)`).Scan(&counted, &digested)
	if err != nil || !counted {
		return nil, err
	}
	sql := "select version_id, null::bytea from goose_db_version where is_applied and version_id > 0"
	if digested {
		sql = `select g.version_id, m.sha256 from goose_db_version g left join schema_migration m on m.version = g.version_id
			where g.is_applied and g.version_id > 0`
	}
	rows, err := q.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	have := applied{}
	var version int64
	var digest []byte
	_, err = pgx.ForEachRow(rows, []any{&version, &digest}, func() error {
		have[version] = bytes.Clone(digest)
		return nil
	})
	return have, err
}

// foreign refuses a database that has a migration which this program does not know, or knows with another text.
func (a applied) foreign(list []migration) error {
	texts := make(map[int64]migration, len(list))
	for _, m := range list {
		texts[m.version] = m
	}
	for _, version := range slices.Backward(slices.Sorted(maps.Keys(a))) {
		m, ok := texts[version]
		if !ok {
			return fmt.Errorf("%w: schema %d, this program knows %d: use the program that migrated it, or a newer one",
				ErrNewerSchema, version, newestOf(list))
		}
		if digest := a[version]; digest != nil && !bytes.Equal(digest, m.digest) {
			return fmt.Errorf("%w: migration %s was another text when it was applied here: use the program that migrated it",
				ErrOtherSchema, m.file)
		}
	}
	return nil
}

// complete refuses a database that lacks one of the migrations, or the proof that it was made of these texts.
func (a applied) complete(list []migration) error {
	for _, m := range list {
		digest, ok := a[m.version]
		if !ok {
			return fmt.Errorf("%w: schema %d, this program needs %d: run `tanggap migrate`",
				ErrOlderSchema, a.newest(), newestOf(list))
		}
		if digest == nil {
			return fmt.Errorf("%w: nothing tells which text of migration %s was applied here: run `tanggap migrate`",
				ErrOtherSchema, m.file)
		}
	}
	return nil
}

func newestOf(list []migration) int64 { return list[len(list)-1].version }

// checkSchema refuses a database that was not made by exactly the migrations that this program holds.
func checkSchema(ctx context.Context, q Queryer) error {
	list, err := known(Migrations())
	if err != nil {
		return err
	}
	have, err := readApplied(ctx, q)
	if err != nil {
		return fmt.Errorf("read applied migrations: %w", err)
	}
	if len(have) == 0 {
		return fmt.Errorf("%w: it has no Tanggap schema, or one from before version 16: run `tanggap migrate`",
			ErrOlderSchema)
	}
	return cmp.Or(have.foreign(list), have.complete(list))
}
