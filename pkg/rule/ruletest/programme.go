package ruletest

import (
	"bytes"
	"io/fs"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/policies"
)

// textsFile lies beside the parameter files and is none.
const textsFile = "texts.yaml"

// Programme is what the tests of every programme of law have in common.
type Programme struct {
	Name    string
	Schemas []rule.Schema
	// Load is the programme's own Load.
	Load func(fsys fs.FS) error
}

// Of returns the programme with the Load of its package.
func Of[T any](name string, schemas []rule.Schema, load func(fs.FS) (T, error)) Programme {
	return Programme{name, schemas, func(fsys fs.FS) error {
		_, err := load(fsys)
		return err
	}}
}

// Files returns the names of the programme's parameter files.
func (p Programme) Files(t testing.TB) []string {
	t.Helper()
	entries, err := fs.ReadDir(policies.FS, rule.Folder(p.Name))
	if err != nil || len(entries) == 0 {
		t.Fatalf("list files of %s: %d, %v", p.Name, len(entries), err)
	}
	var names []string
	for _, entry := range entries {
		if entry.Name() != textsFile {
			names = append(names, entry.Name())
		}
	}
	return names
}

// Read returns the text of a file of the programme.
func (p Programme) Read(t testing.TB, name string) string {
	t.Helper()
	data, err := fs.ReadFile(policies.FS, path.Join(rule.Folder(p.Name), name))
	if err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	return string(data)
}

// Folder is a copy of the programme's folder, for a test to change.
type Folder struct {
	programme string
	FS        fstest.MapFS
}

// Copy returns the folder as it is.
func (p Programme) Copy(t testing.TB) Folder {
	t.Helper()
	f := Folder{p.Name, fstest.MapFS{}}
	for _, name := range append(p.Files(t), textsFile) {
		data, err := fs.ReadFile(policies.FS, path.Join(rule.Folder(p.Name), name))
		if err == nil {
			f.Put(name, string(data))
		} else if name != textsFile {
			t.Fatalf("read %s: %v", name, err)
		}
	}
	return f
}

// Put writes a file.
func (f Folder) Put(name, text string) {
	f.FS[path.Join(rule.Folder(f.programme), name)] = &fstest.MapFile{Data: []byte(text)}
}

// Delete takes a file away.
func (f Folder) Delete(name string) { delete(f.FS, path.Join(rule.Folder(f.programme), name)) }

// Replace puts new in the place of old, once; a file that does not have it fails the test.
func (f Folder) Replace(t testing.TB, name, old, replacement string) {
	t.Helper()
	file, ok := f.FS[path.Join(rule.Folder(f.programme), name)]
	if !ok || !bytes.Contains(file.Data, []byte(old)) {
		t.Fatalf("%q does not stand in %s", old, name)
	}
	f.Put(name, strings.Replace(string(file.Data), old, replacement, 1))
}

// Edited returns a copy in which each pair (old, new) is replaced in the named file.
func (p Programme) Edited(t testing.TB, name string, pairs ...string) Folder {
	t.Helper()
	f := p.Copy(t)
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Replace(t, name, pairs[i], pairs[i+1])
	}
	return f
}

// Edit makes a file senseless: the file, what stands there, what shall stand there, and what is then said of it.
type Edit [4]string

// Refused makes each edit and wants the programme not to load; the error has to name the file and say what Want says.
func Refused(t *testing.T, p Programme, edits map[string]Edit) {
	t.Helper()
	for name, e := range edits {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, old, replacement, want := e[0], e[1], e[2], e[3]
			err := p.Load(p.Edited(t, file, old, replacement).FS)
			if err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), want) {
				t.Errorf("load: %v, want an error on %s that says %q", err, file, want)
			}
		})
	}
}

// Fuzz gives use every file of type T that the check lets pass. The seeds are the files of the programme and the pairs
// of seeds, of which the first file has the second in the place of the first.
func Fuzz[T rule.Versioned](f *testing.F, p Programme, use func(t *testing.T, file T), seeds ...string) {
	f.Helper()
	names := p.Files(f)
	for _, name := range names {
		f.Add(p.Read(f, name))
	}
	for i := 0; i+1 < len(seeds); i += 2 {
		f.Add(strings.Replace(p.Read(f, names[0]), seeds[i], seeds[i+1], 1))
	}
	f.Add("programme: " + p.Name + "\n")
	f.Add("[]")
	f.Fuzz(func(t *testing.T, text string) {
		if file, problems := rule.Decode[T]([]byte(text)); len(problems) == 0 {
			use(t, file)
		}
	})
}
