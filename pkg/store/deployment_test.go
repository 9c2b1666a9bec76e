package store_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/stores"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/translog"
	"github.com/tanggap/tanggap/pkg/vault"
)

// keyset is a keyset with its file and the key of its log.
type keyset struct {
	path string
	*vault.Vault
	log *translog.Key
}

func newKeyset(t *testing.T) keyset {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys.json")
	_, err := vault.Create(path)
	storetest.OK(t, err)
	return readKeyset(t, path)
}

func readKeyset(t *testing.T, path string) keyset {
	t.Helper()
	v, err := vault.Open(path)
	storetest.OK(t, err)
	log, err := translog.NewKey("tanggap/test", v.Derive("checkpoint v1"))
	storetest.OK(t, err)
	return keyset{path, v, log}
}

// file is a keyset as it lies on disk.
type file struct {
	Wrap struct {
		Primary uint32            `json:"primaryKeyId"`
		Keys    []json.RawMessage `json:"key"`
	} `json:"wrap"`
	Root []byte `json:"root"`
}

func (k keyset) file(t *testing.T) (f file) {
	t.Helper()
	text, err := os.ReadFile(k.path)
	storetest.OK(t, err)
	storetest.OK(t, json.Unmarshal(text, &f))
	return f
}

func written(t *testing.T, f file) keyset {
	t.Helper()
	text, err := json.Marshal(f)
	storetest.OK(t, err)
	path := filepath.Join(t.TempDir(), "keys.json")
	storetest.OK(t, os.WriteFile(path, text, 0o600))
	return readKeyset(t, path)
}

// rotated is a keyset with a further wrapping key, which is in use from now on.
func (k keyset) rotated(t *testing.T) keyset {
	t.Helper()
	f, more := k.file(t), newKeyset(t).file(t)
	f.Wrap.Keys, f.Wrap.Primary = append(f.Wrap.Keys, more.Wrap.Keys...), more.Wrap.Primary
	return written(t, f)
}

func open(t *testing.T, db *storetest.Database, k keyset) *stores.Stores {
	t.Helper()
	s, err := stores.Open(t.Context(), store.Config{DSN: db.AppDSN, MaxConns: 4, Vault: k.Vault,
		Tree: storetest.Regions(t)})
	storetest.OK(t, err)
	t.Cleanup(s.Close)
	return s
}

// manned is a database that is served with a keyset, with an officer.
func manned(t *testing.T, db *storetest.Database, k keyset) *bundle {
	t.Helper()
	b := &bundle{&storetest.Office{Stores: open(t, db, k), Database: db}}
	b.Do(t, `insert into officer (id, email, name, office, password_hash)
		values ($1, 'uji@contoh.go.id', 'Petugas Uji', '3273', '')`, [16]byte(b.Officer))
	return b
}

func look(t *testing.T, db *storetest.Database) store.Found {
	t.Helper()
	f, err := store.Look(t.Context(), db.AppDSN)
	storetest.OK(t, err)
	return f
}

// A database takes the first keyset and refuses every other one from then on, before there is any data and after.
func TestADatabaseKnowsItsKeyset(t *testing.T) {
	t.Parallel()
	db, right, wrong := storetest.New(t), newKeyset(t), newKeyset(t)
	if f := look(t, db); f.Known || f.Data || f.Opens(right.Vault, right.log) != nil ||
		f.Opens(wrong.Vault, wrong.log) != nil {
		t.Errorf("a new database: %+v", f)
	}
	storetest.OK(t, open(t, db, right).Identify(t.Context(), right.log))
	storetest.OK(t, open(t, db, right).Identify(t.Context(), right.log))
	storetest.OK(t, store.IdentifyAsOwner(t.Context(), db.AdminDSN, right.Vault, right.log))
	otherRoot := written(t, file{Wrap: right.file(t).Wrap, Root: wrong.file(t).Root})
	otherWrap := written(t, file{Wrap: wrong.file(t).Wrap, Root: right.file(t).Root})
	for name, err := range map[string]error{
		"served":   open(t, db, wrong).Identify(t.Context(), wrong.log),
		"migrated": store.IdentifyAsOwner(t.Context(), db.AdminDSN, wrong.Vault, wrong.log),
		"looked":   look(t, db).Opens(wrong.Vault, wrong.log),
		"root":     look(t, db).Opens(otherRoot.Vault, right.log),
		"wrapping": look(t, db).Opens(otherWrap.Vault, right.log),
		"log key":  look(t, db).Opens(right.Vault, wrong.log),
	} {
		if !errors.Is(err, store.ErrOtherKeyset) {
			t.Errorf("%s with another keyset: %v", name, err)
		}
	}
	if f := look(t, db); !f.Known || f.Data || f.Opens(right.Vault, right.log) != nil {
		t.Errorf("with its own: %+v", f)
	}
	b := manned(t, db, right)
	b.OpenCase(t, "3273", 1)
	if f := look(t, db); !f.Data {
		t.Error("a database with a case holds nothing")
	}
}

// Two that start at once on a new database with different keysets: one of them is refused.
func TestOfTwoFirstKeysetsOneIsTaken(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	answers := make(chan error, 2)
	for range 2 {
		k := newKeyset(t)
		s := open(t, db, k)
		go func() { answers <- s.Identify(t.Context(), k.log) }()
	}
	a, b := <-answers, <-answers
	if (a == nil) == (b == nil) || !errors.Is(errors.Join(a, b), store.ErrOtherKeyset) {
		t.Errorf("got %v and %v", a, b)
	}
}

// Wrapping keys may be changed: the database takes the new one in, and refuses a keyset that lacks one which was in
// use.
func TestRotatedKeysetsGoOn(t *testing.T) {
	t.Parallel()
	db, old := storetest.New(t), newKeyset(t)
	storetest.OK(t, open(t, db, old).Identify(t.Context(), old.log))
	rotated := old.rotated(t)
	storetest.OK(t, look(t, db).Opens(rotated.Vault, rotated.log))
	storetest.OK(t, open(t, db, rotated).Identify(t.Context(), rotated.log))
	again := rotated.rotated(t)
	storetest.OK(t, open(t, db, again).Identify(t.Context(), again.log))
	err := look(t, db).Opens(old.Vault, old.log)
	if !errors.Is(err, store.ErrOtherKeyset) || !strings.Contains(err.Error(), "lacks the wrapping key") {
		t.Errorf("a keyset from before the change: %v", err)
	}
	short := again.file(t)
	short.Wrap.Keys = short.Wrap.Keys[1:]
	if k := written(t, short); !errors.Is(look(t, db).Opens(k.Vault, k.log), store.ErrOtherKeyset) {
		t.Error("a keyset without its first wrapping key is taken")
	}
	storetest.OK(t, look(t, db).Opens(again.Vault, again.log))
}

// A database from before this rule takes only the keyset that opens what it holds.
func TestAnOlderDatabaseIsAdoptedByProof(t *testing.T) {
	t.Parallel()
	db, right, wrong := storetest.New(t), newKeyset(t), newKeyset(t)
	b := manned(t, db, right)
	b.OpenCase(t, "3273", 1)
	if err := open(t, db, wrong).Identify(t.Context(), wrong.log); !errors.Is(err, store.ErrOtherKeyset) {
		t.Errorf("it does not open the worker: %v", err)
	}
	_, err := b.Seal(t.Context())
	storetest.OK(t, err)
	_, err = b.Publish(t.Context(), right.log, translog.NewFolder(filepath.Join(t.TempDir(), "out")))
	storetest.OK(t, err)
	b.Tamper(t, "update worker set data_key = null")
	if err := open(t, db, wrong).Identify(t.Context(), wrong.log); !errors.Is(err, store.ErrOtherKeyset) {
		t.Errorf("it did not sign the checkpoint: %v", err)
	}
	if look(t, db).Known {
		t.Error("a refused keyset was kept")
	}
	for _, dsn := range []string{db.AppDSN, db.AdminDSN} { // before anything is migrated, too
		if err := store.Prove(t.Context(), dsn, wrong.Vault, wrong.log); !errors.Is(err, store.ErrOtherKeyset) {
			t.Errorf("proved without changing anything: %v", err)
		}
		storetest.OK(t, store.Prove(t.Context(), dsn, right.Vault, right.log))
	}
	storetest.OK(t, b.Identify(t.Context(), right.log))
}

// Another keyset is adopted on purpose only, by the owner, with the reason on record, and with loss only when that is
// said.
func TestKeysetsAreAdoptedOnPurpose(t *testing.T) {
	t.Parallel()
	db, right, wrong := storetest.New(t), newKeyset(t), newKeyset(t)
	b := manned(t, db, right)
	b.OpenCase(t, "3273", 1)
	storetest.OK(t, b.Identify(t.Context(), right.log))
	if _, err := store.AdoptKeys(t.Context(), db.AppDSN, wrong.Vault, wrong.log, "uji", "x", true); err == nil {
		t.Error("the runtime role adopts")
	}
	a, err := store.AdoptKeys(t.Context(), db.AdminDSN, wrong.Vault, wrong.log, "uji", "x", false)
	if !errors.Is(err, store.ErrKeysLost) || a.Lost != 1 || a.Workers != 1 {
		t.Errorf("a keyset that opens nothing: %+v %v", a, err)
	}
	storetest.OK(t, look(t, db).Opens(right.Vault, right.log))
	_, err = store.AdoptKeys(t.Context(), db.AdminDSN, wrong.Vault, wrong.log, "uji", "kunci lama hilang", true)
	storetest.OK(t, err)
	storetest.OK(t, look(t, db).Opens(wrong.Vault, wrong.log))
	if err := look(t, db).Opens(right.Vault, right.log); !errors.Is(err, store.ErrOtherKeyset) {
		t.Errorf("the one before: %v", err)
	}
	var detail string
	storetest.OK(t, db.Admin(t).QueryRow(t.Context(),
		"select concat_ws('|', what, person, reason, detail) from deployment_change").
		Scan(&detail))
	if detail != "keys.adopted|uji|kunci lama hilang|0 of 1 data keys open" {
		t.Errorf("on record stands %s", detail)
	}
}

// The runtime role can neither change the fingerprint nor forget who changed it.
func TestTheServerCannotChangeItsIdentity(t *testing.T) {
	t.Parallel()
	db, right := storetest.New(t), newKeyset(t)
	storetest.OK(t, open(t, db, right).Identify(t.Context(), right.log))
	conn := storetest.ConnectTo(t, db.AppDSN)
	for _, sql := range []string{
		"update deployment set keyset = sha256('x')", "delete from deployment", "truncate deployment",
		"delete from deployment_wrapping", "update deployment_wrapping set probe = 'x'",
		"update deployment_change set reason = 'x'", "delete from deployment_change",
	} {
		if _, err := conn.Exec(t.Context(), sql); err == nil {
			t.Errorf("it may: %s", sql)
		}
	}
}
