package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/localpg"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

//go:generate go test -run "TestStructureIsWhatTheMigrationsMake|TestCommittedMigrationsNeverChange" -update .

var update = flag.Bool("update", false, "add new migrations to migrations/checksums, and write structure.txt anew")

// texts are the migrations of this program by file.
func texts(t *testing.T) map[string]string {
	t.Helper()
	names, err := fs.Glob(store.Migrations(), "*.sql")
	storetest.OK(t, err)
	found := map[string]string{}
	for _, name := range names {
		text, err := fs.ReadFile(store.Migrations(), name)
		storetest.OK(t, err)
		found[name] = string(text)
	}
	return found
}

// A migration that was committed may have been applied somewhere: it stays as it is, a further one changes what it
// made.
func TestCommittedMigrationsNeverChange(t *testing.T) {
	t.Parallel()
	const file = "migrations/checksums"
	raw, err := os.ReadFile(file)
	if err != nil && !*update {
		t.Fatal(err)
	}
	kept, lines, last := map[string]string{}, string(raw), ""
	for line := range strings.Lines(lines) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		if kept[name] = sum; name < last {
			t.Errorf("%s came after %s: a database that has the later one would refuse it; give it the next number", name, last)
		}
		last = name
	}
	now := texts(t)
	for _, name := range slices.Sorted(maps.Keys(now)) {
		sum := sha256.Sum256([]byte(now[name]))
		switch digest := hex.EncodeToString(sum[:]); {
		case kept[name] == "" && *update:
			lines += digest + "  " + name + "\n"
		case kept[name] == "":
			t.Errorf("%s stands in no line of %s: go test ./pkg/store -run Committed -update", name, file)
		case kept[name] != digest:
			t.Errorf("%s was changed after it was committed: take that back, and write a further migration", name)
		}
	}
	for name := range kept {
		if now[name] == "" {
			t.Errorf("%s was committed and is gone", name)
		}
	}
	if *update && lines != string(raw) {
		storetest.OK(t, os.WriteFile(file, []byte(lines), 0o600))
	}
}

func structure(t *testing.T, db *storetest.Database) string {
	t.Helper()
	text, err := store.Structure(t.Context(), db.Admin(t))
	storetest.OK(t, err)
	return text
}

// structure.txt is what a database is held against before it is served.
func TestStructureIsWhatTheMigrationsMake(t *testing.T) {
	t.Parallel()
	got := structure(t, storetest.New(t))
	if *update {
		storetest.OK(t, os.WriteFile("structure.txt", []byte(got), 0o600))
		return
	}
	want, err := os.ReadFile("structure.txt")
	storetest.OK(t, err)
	sameLines(t, got, string(want))
}

// sameLines names the lines that only one of two texts has.
func sameLines(t *testing.T, got, want string) {
	t.Helper()
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for _, line := range g {
		if !slices.Contains(w, line) {
			t.Errorf("too much: %s", line)
		}
	}
	for _, line := range w {
		if !slices.Contains(g, line) {
			t.Errorf("missing: %s", line)
		}
	}
}

// exec runs a statement as the superuser.
func exec(t *testing.T, db *storetest.Database, sql string, args ...any) {
	t.Helper()
	_, err := db.Admin(t).Exec(t.Context(), sql, args...)
	storetest.OK(t, err)
}

func value[T any](t *testing.T, db *storetest.Database, sql string) (v T) {
	t.Helper()
	storetest.OK(t, db.Admin(t).QueryRow(t.Context(), sql).Scan(&v))
	return v
}

// Every migration can be taken back and applied again, down to the one that makes the cases: those before it were never
// in use without it.
func TestMigrationsCanBeTakenBack(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	want := structure(t, db)
	storetest.OK(t, store.MigrateDown(t.Context(), db.AdminDSN, len(texts(t))-3))
	if left := value[int](t, db, "select max(version_id) from goose_db_version"); left != 3 {
		t.Fatalf("schema %d is left", left)
	}
	storetest.OK(t, store.Migrate(t.Context(), db.AdminDSN))
	sameLines(t, structure(t, db), want)
}

func TestOneMigrationTakenBackAndAppliedAgain(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	storetest.OK(t, store.MigrateDown(t.Context(), db.AdminDSN, 1))
	if err := store.CheckSchema(t.Context(), db.AppDSN); !errors.Is(err, store.ErrOlderSchema) {
		t.Errorf("an older schema passes: %v", err)
	}
	storetest.OK(t, store.Migrate(t.Context(), db.AdminDSN))
	storetest.OK(t, store.CheckSchema(t.Context(), db.AppDSN))
}

// Neither serving nor migrating goes on with a database that this program does not know.
func TestForeignSchemasAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil string
		want  error
		say   string
	}{
		"newer": {"insert into goose_db_version (version_id, is_applied) values (99, true)", store.ErrNewerSchema,
			"schema 99, this program knows "},
		"unknown below": {"insert into goose_db_version (version_id, is_applied) values (0012345, true)",
			store.ErrNewerSchema, "schema 12345"},
		"another text": {"update schema_migration set sha256 = sha256('x') where version = 12", store.ErrOtherSchema,
			"migration 00012_hubs.sql"},
		"nothing recorded": {"delete from schema_migration where version = 3; alter table training drop column cost",
			store.ErrOtherSchema, "column training.cost is missing"},
		"a policy was lost": {"delete from schema_migration where version = 3; drop policy scope on cases",
			store.ErrOtherSchema, "policy cases.scope is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := storetest.New(t)
			exec(t, db, c.spoil)
			err := store.Migrate(t.Context(), db.AdminDSN)
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.say) {
				t.Errorf("migrate: %v", err)
			}
			if err := store.CheckSchema(t.Context(), db.AppDSN); !errors.Is(err, c.want) {
				t.Errorf("serve: %v", err)
			}
		})
	}
}

// A database whose digests were never recorded gets them when its structure agrees, index by an operator included.
func TestDigestsAreRecordedOnce(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	exec(t, db, "delete from schema_migration where version = 3; create index of_the_operator on cases (opened_on)")
	storetest.OK(t, store.Migrate(t.Context(), db.AdminDSN))
	storetest.OK(t, store.CheckSchema(t.Context(), db.AppDSN))
}

func TestMigrationThatComesLateIsRefused(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	exec(t, db, "delete from goose_db_version where version_id = 11")
	if err := store.Migrate(t.Context(), db.AdminDSN); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("got %v", err)
	}
}

func TestSeveralMigrateAtOnce(t *testing.T) {
	t.Parallel()
	db := storetest.NewEmpty(t)
	conn, err := pgx.Connect(t.Context(), db.AdminDSN)
	storetest.OK(t, err)
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	name := db.Name + "_made"
	results := make(chan error, 8)
	for range 4 {
		go func() { results <- store.Create(t.Context(), db.AdminDSN, name) }()
		go func() { results <- store.Migrate(t.Context(), db.AdminDSN) }()
	}
	for range 8 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	storetest.OK(t, store.CheckSchema(t.Context(), db.AppDSN))
	_, err = conn.Exec(t.Context(), "drop database "+name)
	storetest.OK(t, err)
}

// The roles belong to the server: the first databases of one are prepared at the same moment.
func TestSeveralDatabasesOfANewServer(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "roles-")
	storetest.OK(t, err)
	storetest.OK(t, os.Chmod(dir, 0o711))
	server, err := localpg.Start(t.Context(), localpg.Options{Dir: path.Join(dir, "pg"), Linger: time.Millisecond})
	storetest.OK(t, err)
	t.Cleanup(func() { _ = server.Close(); _ = os.RemoveAll(dir) })
	const databases = 6
	for i := range databases {
		storetest.OK(t, store.Create(t.Context(), server.DSN("postgres", localpg.Superuser), fmt.Sprintf("db%d", i)))
	}
	results := make(chan error, databases)
	for i := range databases {
		go func() { results <- store.Prepare(t.Context(), server.DSN(fmt.Sprintf("db%d", i), localpg.Superuser)) }()
	}
	for range databases {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}
