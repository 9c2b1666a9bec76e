package localpg

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"
)

func TestVersionIsRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n": 15,
		"postgres (PostgreSQL) 17beta1":                          17,
		"postgres (PostgreSQL) 18":                               18,
		"postgres (PostgreSQL) devel":                            0,
		"mysqld  Ver 8.0":                                        0,
		"":                                                       0,
	} {
		if got, _ := parseMajor(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

// fakePrograms is a folder with programs that say they are of a version.
func fakePrograms(t *testing.T, version string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"initdb", "postgres"} {
		script := "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + "'\n"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestProgramsAreChosen(t *testing.T) {
	t.Parallel()
	old, fifteen, seventeen := fakePrograms(t, "14.9"), fakePrograms(t, "15.18"), fakePrograms(t, "17.2")
	empty := t.TempDir()
	for _, c := range []struct {
		name    string
		dirs    []string
		cluster int
		want    string
	}{
		{"nothing installed", []string{empty}, 0, ""},
		{"too old", []string{old}, 0, ""},
		{"first usable", []string{empty, old, seventeen, fifteen}, 0, seventeen},
		{"the cluster decides", []string{seventeen, fifteen}, 15, fifteen},
		{"the cluster's version is gone", []string{seventeen}, 15, ""},
	} {
		got, err := findPrograms(t.Context(), c.dirs, c.cluster)
		if got.dir != c.want {
			t.Errorf("%s: %q, want %q", c.name, got.dir, c.want)
		}
		if c.want == "" && (!errors.Is(err, ErrNoPrograms) || !strings.Contains(err.Error(), "install")) {
			t.Errorf("%s: the error does not tell how to install: %v", c.name, err)
		}
	}
}

func TestNamedProgramsAreTheOnlyOnes(t *testing.T) {
	t.Parallel()
	if got := candidates("/opt/pg/bin"); !slices.Equal(got, []string{"/opt/pg/bin"}) {
		t.Errorf("%v", got)
	}
	if len(candidates("")) == 0 {
		t.Error("no PostgreSQL on this machine: `make postgres` installs one")
	}
}

func TestForeignFolderIsRefused(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	open, link, file := filepath.Join(parent, "open"), filepath.Join(parent, "link"), filepath.Join(parent, "file")
	err := errors.Join(os.Mkdir(open, 0o700), os.Chmod(open, 0o777), os.Symlink(t.TempDir(), link), os.WriteFile(file, nil,
		0o600))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{open, link, file, filepath.Join(file, "below")} {
		if err := ensureOwn(path); err == nil {
			t.Errorf("%s was accepted", filepath.Base(path))
		}
	}
	if err := ensureOwn(filepath.Join(parent, "a", "b")); err != nil {
		t.Error(err)
	}
}

func TestClosedParentIsNamed(t *testing.T) {
	t.Parallel()
	closed := filepath.Join(t.TempDir(), "closed")
	inside := filepath.Join(closed, "pg")
	if err := errors.Join(os.MkdirAll(inside, 0o711), os.Chmod(closed, 0o700)); err != nil {
		t.Fatal(err)
	}
	stranger := account{Drop: true, UID: 1<<31 - 2, GID: 1<<31 - 2}
	err := stranger.reaches(inside)
	if err == nil || !strings.Contains(err.Error(), closed) || !strings.Contains(err.Error(), dataVariable) {
		t.Errorf("got %v", err)
	}
	if err := (account{}).reaches(inside); err != nil {
		t.Errorf("who does not drop needs nothing: %v", err)
	}
}

func TestSocketPathIsNeverTooLong(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := folder{dir: "/" + rapid.StringMatching(`[a-z/]{0,200}`).Draw(t, "dir")}
		if path := filepath.Join(f.socket(), socketName); len(path) > maxSocketPath {
			t.Errorf("%d bytes: %s", len(path), path)
		}
	})
}

func TestAddressReadsBackAsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-zA-Z0-9' \\=]{1,20}`)
		database, role := text.Draw(t, "database"), text.Draw(t, "role")
		server := &Server{folder: folder{dir: "/" + text.Draw(t, "dir")}}
		config, err := pgx.ParseConfig(server.DSN(database, role))
		if err != nil {
			t.Fatal(err)
		}
		if config.Database != database || config.User != role || config.Host != server.folder.socket() {
			t.Errorf("%q %q %q", config.Database, config.User, config.Host)
		}
	})
}

func TestFoldersOfEachKind(t *testing.T) {
	t.Parallel()
	named, err := durableFolder("/srv/tanggap", nil)
	if err != nil || named != "/srv/tanggap" {
		t.Errorf("%q %v", named, err)
	}
	kept, scratch := folder{dir: "/x", durable: true}, folder{dir: "/x"}
	if kept.data() == scratch.data() {
		t.Error("a test server could clear kept data")
	}
	test, err := locate(Options{})
	if err != nil || !strings.Contains(filepath.Base(test), "-t-") {
		t.Errorf("test: %q %v", test, err)
	}
}

// Lasting data lie in no cache, and in the same place wherever the program lies and is called.
func TestPlacesOfLastingData(t *testing.T) {
	t.Parallel()
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		uid        int
		xdg, place string
	}{
		{0, "", "/var/lib/tanggap/default"},
		{0, "/srv/xdg", "/var/lib/tanggap/default"},
		{1000, "/srv/xdg", "/srv/xdg/tanggap/default"},
		{1000, "", filepath.Join(home, ".local/share/tanggap/default")},
		{1000, "relative", filepath.Join(home, ".local/share/tanggap/default")},
	} {
		p, err := placesOf(c.uid, c.xdg)
		if err != nil || p.lasting != c.place && runtime.GOOS == "linux" {
			t.Errorf("uid %d, XDG_DATA_HOME=%q: %q %v", c.uid, c.xdg, p.lasting, err)
		}
		if cache, err := os.UserCacheDir(); err != nil || strings.HasPrefix(p.lasting, cache) {
			t.Errorf("%s lies in the cache %s", p.lasting, cache)
		}
	}
}

// cluster leaves in a folder what a database there would show.
func cluster(t *testing.T, dir string) string {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Join(dir, "data"), 0o700),
		os.WriteFile(filepath.Join(dir, "data", "PG_VERSION"), []byte("15\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestDataOfAnEarlierVersionAreFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		there       []string
		want, tells string // the name of the folder; what is said, or the error without a folder
	}{
		"nothing yet":         {nil, "lasting", ""},
		"the lasting one":     {[]string{"lasting", "earlier/default"}, "lasting", ""},
		"one of before":       {[]string{"earlier/default"}, "earlier/default", "mv "},
		"one of a clone":      {[]string{"earlier/0a1b2c3d"}, "earlier/0a1b2c3d", "mv "},
		"several, one of us":  {[]string{"earlier/0a1b2c3d", "earlier/own"}, "earlier/own", "mv "},
		"several, none of us": {[]string{"earlier/0a1b2c3d", "earlier/default"}, "", "choose one with --data-dir"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			for _, dir := range c.there {
				cluster(t, filepath.Join(root, dir))
			}
			p := places{lasting: filepath.Join(root, "lasting"), earlier: filepath.Join(root, "earlier"),
				own: filepath.Join(root, "earlier", "own")}
			said := ""
			got, err := p.choose(func(line string) { said += line })
			if err != nil {
				said = err.Error()
			}
			if want := c.want; want != "" && got != filepath.Join(root, want) || want == "" && (got != "" || err == nil) {
				t.Errorf("chose %q, %v", got, err)
			}
			if !strings.Contains(said, c.tells) || c.tells == "" && said != "" {
				t.Errorf("said %q", said)
			}
		})
	}
}

func TestFolderThatCannotBeWrittenIsToldWithAnotherWay(t *testing.T) {
	t.Parallel()
	for _, cause := range []error{syscall.EROFS, syscall.EACCES, syscall.EPERM} {
		err := advise(&os.PathError{Op: "open", Path: "/x/lease", Err: cause})
		if !errors.Is(err, cause) || !strings.Contains(err.Error(), "--data-dir") || !strings.Contains(err.Error(),
			dataVariable) {
			t.Errorf("%v", err)
		}
	}
	if err := advise(syscall.ENOSPC); strings.Contains(err.Error(), dataVariable) {
		t.Errorf("%v", err)
	}
}

func TestDurableServerIsDurable(t *testing.T) {
	t.Parallel()
	args := settingsOf(folder{dir: "/x", durable: true}, Options{Durable: true,
		Settings: map[string]string{"work_mem": "1MB"}})
	for _, want := range []string{
		"fsync=on", "synchronous_commit=on", "full_page_writes=on", "listen_addresses=", "work_mem=1MB",
		"log_min_messages=log", "log_error_verbosity=terse", "log_parameter_max_length_on_error=0",
	} {
		if !slices.Contains(args, want) {
			t.Errorf("missing %s", want)
		}
	}
}

func TestNumberOfAnotherProcessIsNotPostgres(t *testing.T) {
	t.Parallel()
	for _, pid := range []int{0, -1, os.Getpid()} {
		if isPostgres(pid) {
			t.Errorf("process %d is not PostgreSQL", pid)
		}
	}
}

func TestLockExcludes(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	a, errA := openLock(path)
	b, errB := openLock(path)
	if err := errors.Join(errA, errB); err != nil {
		t.Fatal(err)
	}
	if !a.try(shared) || !b.try(shared) || a.try(exclusive) {
		t.Fatal("two may share, none alone")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.wait(ctx, exclusive); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := errors.Join(b.close(), b.close()); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	if !a.try(exclusive) {
		t.Error("closed and still locked")
	}
	if err := a.close(); err != nil {
		t.Error(err)
	}
}
