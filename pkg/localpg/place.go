package localpg

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
)

const rootData = "/var/lib/tanggap"

// places are where the data of a user lie when no folder is named.
type places struct {
	lasting string // the folder; it depends on the user alone, not on where the program lies or is called
	earlier string // what held one folder for each checkout in versions before: for users a cache, which is cleared
	own     string // the one of the present checkout among them
}

func durableFolder(named string, say func(string)) (string, error) {
	if named != "" {
		return filepath.Abs(named)
	}
	p, err := placesOf(os.Geteuid(), os.Getenv("XDG_DATA_HOME"))
	if err != nil {
		return "", err
	}
	return p.choose(say)
}

func placesOf(uid int, dataHome string) (places, error) {
	p := places{lasting: filepath.Join(rootData, "default"), earlier: rootData}
	if uid != 0 {
		home, err := os.UserHomeDir()
		if err != nil {
			return p, fmt.Errorf("no home folder, name a data folder with --data-dir or %s: %w", dataVariable, err)
		}
		if !filepath.IsAbs(dataHome) { // the XDG specification wants others ignored
			dataHome = filepath.Join(home, ".local", "share")
			if runtime.GOOS == "darwin" {
				dataHome = filepath.Join(home, "Library", "Application Support")
			}
		}
		p.lasting = filepath.Join(dataHome, "tanggap", "default")
		if cache, err := os.UserCacheDir(); err == nil {
			p.earlier = filepath.Join(cache, "tanggap")
		}
	}
	if root, ok := Checkout(); ok {
		p.own = filepath.Join(p.earlier, digest(root))
	}
	return p, nil
}

// choose never begins an empty database beside one that is there: data of an earlier version are used where they are,
// and that is told. Of several it takes the one that the earlier version would have taken here, and none where that
// is unclear.
func (p places) choose(say func(string)) (string, error) {
	if hasCluster(p.lasting) {
		return p.lasting, nil
	}
	found, err := filepath.Glob(filepath.Join(p.earlier, "*", "data", "PG_VERSION"))
	if err != nil {
		return "", fmt.Errorf("look for data of an earlier version: %w", err)
	}
	for i, path := range found {
		found[i] = filepath.Dir(filepath.Dir(path))
	}
	switch {
	case len(found) == 0:
		return p.lasting, nil
	case slices.Contains(found, p.own):
		found = []string{p.own}
	case len(found) > 1:
		return "", fmt.Errorf("there are data of earlier versions in %s: choose one with --data-dir or %s, "+
			"or %s for a new database", strings.Join(found, ", "), dataVariable, p.lasting)
	}
	say(fmt.Sprintf("using the data of an earlier version in %s; to move them: stop Tanggap, then mkdir -p %s && mv %s %s",
		found[0], filepath.Dir(p.lasting), found[0], p.lasting))
	return found[0], nil
}

func hasCluster(dir string) bool { return folder{dir: dir, durable: true}.clusterMajor() != 0 }

// Find is the folder that a durable server would use, and whether there is a database in it.
func Find(dir string) (found string, exists bool, err error) {
	found, err = locate(Options{Dir: dir, Durable: true})
	return found, err == nil && hasCluster(found), err
}

// advise tells what to do about a folder that cannot be written.
func advise(err error) error {
	if errors.Is(err, os.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return fmt.Errorf("%w (choose another place with --data-dir or %s)", err, dataVariable)
	}
	return err
}
