package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const (
	oldestMajor      = 15
	programsVariable = "TANGGAP_PGBIN"
)

// ErrNoPrograms means that no usable PostgreSQL is installed; its text tells how to get one.
var ErrNoPrograms = errors.New("no PostgreSQL 15 or newer found: install it with `make postgres` " +
	"(Debian, Ubuntu: apt-get install postgresql; macOS: brew install postgresql@17), " +
	"or name the folder of initdb and postgres with " + programsVariable)

// programs are the executables of one PostgreSQL version.
type programs struct {
	dir   string
	major int
}

func (p programs) initdb() string   { return filepath.Join(p.dir, "initdb") }
func (p programs) postgres() string { return filepath.Join(p.dir, "postgres") }

// findPrograms takes the first usable version; where a cluster exists already it must be of the cluster's major
// version.
func findPrograms(ctx context.Context, dirs []string, clusterMajor int) (programs, error) {
	for _, dir := range dirs {
		major, ok := majorOf(ctx, dir)
		if ok && major >= oldestMajor && (clusterMajor == 0 || major == clusterMajor) {
			return programs{dir: dir, major: major}, nil
		}
	}
	if clusterMajor != 0 {
		return programs{}, fmt.Errorf("the data was written by PostgreSQL %d, which is not installed: %w", clusterMajor,
			ErrNoPrograms)
	}
	return programs{}, ErrNoPrograms
}

// candidates are the folders to look in, best first: what the user named and nothing else, the PATH, then the places of
// Debian, Red Hat and Homebrew with the newest version first.
func candidates(named string) []string {
	if named != "" {
		return []string{named}
	}
	var dirs []string
	// PATH often holds a link to one program only; its companions lie beside the target.
	if path, err := exec.LookPath("initdb"); err == nil {
		if target, err := filepath.EvalSymlinks(path); err == nil {
			dirs = append(dirs, filepath.Dir(target))
		}
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin",
		"/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
	} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			continue // a malformed pattern; the patterns are above
		}
		slices.Reverse(found) // majors have two digits, so names sort as numbers
		dirs = append(dirs, found...)
	}
	return dirs
}

// majorOf asks the programs of a folder for their major version.
func majorOf(ctx context.Context, dir string) (int, bool) {
	p := programs{dir: dir}
	if _, err := os.Stat(p.initdb()); err != nil {
		return 0, false
	}
	out, err := exec.CommandContext(ctx, p.postgres(), "--version").Output()
	if err != nil {
		return 0, false
	}
	return parseMajor(string(out))
}

// parseMajor reads "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", or "17beta1" for the number.
func parseMajor(version string) (int, bool) {
	_, number, ok := strings.Cut(version, "(PostgreSQL) ")
	if !ok {
		return 0, false
	}
	end := strings.IndexFunc(number, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(number)
	}
	major, err := strconv.Atoi(number[:end])
	return major, err == nil
}
