package lawbook

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/tanggap/tanggap/pkg/calendar"
)

// Folder reads the files of the law in a folder of whoever runs the server; fsys is its tree. A file that is no part of
// the law is an error, because nothing may be left out in silence; names that begin with a dot are not looked at. Any
// problem names the file, the line and what is wrong.
func Folder(fsys fs.FS) ([]*file, error) {
	var files []*file
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(path.Base(name), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		case !belongs(name):
			return fmt.Errorf("%s: no file of the law lies there, want %s", name, where())
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		f, err := readFile(data)
		if err != nil {
			return fmt.Errorf("%s: %s", name, problemOf(err))
		}
		if own := path.Dir(f.path); own != path.Dir(name) {
			return fmt.Errorf("%s: line 1: a file of programme %s and kind %s lies in %s", name, f.head.Programme, f.head.Kind,
				own)
		}
		f.path = name
		files = append(files, f)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the folder of the law: %w", err)
	}
	return files, nil
}

// layered is the law as a tree of files.
type layered struct {
	tree  tree
	files []*file // those of the law
}

// begin takes the built-in files, all of them: words and codes lie beside the law.
func begin(fsys fs.FS) (*layered, error) {
	l := &layered{tree: tree{}}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		l.tree[name] = data
		if !belongs(name) {
			return nil
		}
		f, err := readFile(data)
		if err != nil {
			return fmt.Errorf("%s: %s", name, problemOf(err))
		}
		f.path = name
		l.files = append(l.files, f)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the built-in law: %w", err)
	}
	return l, nil
}

// with is the law with further files. l stays as it is.
func (l *layered) with(more ...*file) *layered {
	next := &layered{tree: tree{}}
	for name, f := range l.tree {
		next.tree[name] = f
	}
	for _, f := range l.files {
		if now := successor(more, f); now != f {
			delete(next.tree, f.path)
			if now != nil {
				next.add(now)
			}
			continue
		}
		next.add(f)
	}
	for _, f := range more {
		next.add(f)
	}
	return next
}

func (l *layered) add(f *file) {
	l.tree[f.path] = f.data
	l.files = append(l.files, f)
}

// successor is what becomes of a file of a lower layer: nil when it is replaced, an ended one when the version goes on
// without end and the next one begins, else itself.
func successor(more []*file, f *file) *file {
	ends := calendar.Date{}
	for _, m := range more {
		if m.is(f) || m.path == f.path {
			return nil
		}
		follows := m.head.Programme == f.head.Programme && m.head.Kind == f.head.Kind &&
			f.head.ValidUntil.IsZero() && f.head.ValidFrom.Before(m.head.ValidFrom)
		if follows && (ends.IsZero() || m.head.ValidFrom.Before(ends)) {
			ends = m.head.ValidFrom
		}
	}
	if ends.IsZero() || f.holidays() {
		return f
	}
	ended := *f
	ended.head.ValidUntil = ends
	ended.data = validFrom.ReplaceAll(f.data, []byte("${0}\nvalid_until: "+ends.String()))
	return &ended
}

// validFrom is the line of a head that the end of the version follows.
var validFrom = regexp.MustCompile(`(?m)^valid_from:[^\n]*`)

// find gives the file of the same version; nil when there is none.
func (l *layered) find(f *file) *file {
	for _, own := range l.files {
		if own.is(f) {
			return own
		}
	}
	return nil
}

// holidays is the calendar of the law.
func (l *layered) holidays() (*calendar.Calendar, error) {
	c, err := calendar.Load(bytes.NewReader(l.tree[HolidaysPath]))
	if err != nil {
		return nil, fmt.Errorf("%s: %s", HolidaysPath, cause(err))
	}
	return c, nil
}
