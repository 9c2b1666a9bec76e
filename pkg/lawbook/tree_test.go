package lawbook

import (
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"
)

func TestTheTreeIsAFileSystem(t *testing.T) {
	t.Parallel()
	files := tree{"a.yaml": []byte("a"), "programmes/jkp/b.yaml": []byte("bb"), "programmes/jkp/c.yaml": nil,
		"programmes/thr/d.yaml": []byte("d")}
	if err := fstest.TestFS(files, "a.yaml", "programmes/jkp/b.yaml", "programmes/jkp/c.yaml",
		"programmes/thr/d.yaml"); err != nil {
		t.Error(err)
	}
	names, err := fs.Glob(files, "programmes/jkp/*.yaml")
	if err != nil || len(names) != 2 {
		t.Errorf("found %v, %v", names, err)
	}
	for _, name := range []string{"b.yaml", "programmes/jk", "programmes/jkp/b.yaml/x", "programme"} {
		if _, err := fs.ReadFile(files, name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"", "/a.yaml", "../a.yaml", "programmes/"} {
		if _, err := files.Open(name); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := fs.ReadFile(files, "programmes"); err == nil {
		t.Error("a folder was read as a file")
	}
}

func TestATreeOfNoFilesIsEmpty(t *testing.T) {
	t.Parallel()
	if list, err := fs.ReadDir(tree{}, "."); err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
}
