package store_test

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// release is what an earlier commit held: the migrations up to a version, some in another text than today's.
type release struct {
	commit string
	newest int
}

// The texts that were edited after they had been committed stand in testdata, by the commit that held them.
var releases = []release{
	{"cce013b", 5}, {"f068bde", 5}, {"dc3be7b", 5}, {"7a21034", 5}, {"94c09fa", 6}, {"1ccfd50", 9}, {"07c903f", 10},
	{"21e3562", 12}, {"30de4b9", 12}, {"22ad1c1", 12},
}

func (r release) files(t *testing.T) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	names := slices.Sorted(maps.Keys(texts(t)))
	for _, name := range names[:r.newest] { // versions 1 to 12 have no gap
		text, err := os.ReadFile(path.Join("testdata", "migrations", r.commit, name))
		if errors.Is(err, fs.ErrNotExist) {
			text, err = []byte(texts(t)[name]), nil
		}
		storetest.OK(t, err)
		files[name] = &fstest.MapFile{Data: text}
	}
	return files
}

func TestDatabasesOfEarlierReleasesBecomeTodays(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("structure.txt")
	storetest.OK(t, err)
	paths := map[string][]release{"one after the other": releases[2:]}
	for _, r := range releases {
		paths[r.commit] = []release{r}
	}
	for name, steps := range paths {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := storetest.NewEmpty(t)
			for _, r := range steps {
				storetest.OK(t, store.MigrateWith(t.Context(), db.AdminDSN, r.files(t)))
			}
			storetest.OK(t, store.Migrate(t.Context(), db.AdminDSN))
			sameLines(t, structure(t, db), string(want))
			storetest.OK(t, store.CheckSchema(t.Context(), db.AppDSN))
		})
	}
}

// What stood in a table that has another form today is still there.
func TestMendingKeepsTheRows(t *testing.T) {
	t.Parallel()
	db := storetest.NewEmpty(t)
	storetest.OK(t, store.MigrateWith(t.Context(), db.AdminDSN, release{"07c903f", 10}.files(t)))
	exec(t, db, `insert into office (region, name, zone) values ('', 'Pusat', 'WIB');
		insert into officer (id, email, name, office, password_hash) values (gen_random_uuid(), 'a@contoh.go.id', 'A', '',
		'');
		insert into export (id, officer_id, asked, profile, scope, state) select gen_random_uuid(), id, '{}', 'masked',
		'{""}', 'queued' from officer;
		insert into export_case select id, gen_random_uuid() from export, generate_series(1, 12000)`)
	storetest.OK(t, store.Migrate(t.Context(), db.AdminDSN))
	if n := value[int](t, db, "select count(distinct c) from export_case, unnest(cases) c"); n != 12_000 {
		t.Errorf("%d of 12000 cases of an export are kept", n)
	}
	if most := value[int](t, db, "select max(cardinality(cases)) from export_case"); most > 5_000 {
		t.Errorf("%d cases in one row", most)
	}
}
