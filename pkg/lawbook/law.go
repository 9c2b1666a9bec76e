package lawbook

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/matching"
	"github.com/tanggap/tanggap/pkg/measure"
)

// Law is everything that the program reads from the files of the law. It never changes; a change makes another one.
type Law struct {
	Calendar   *calendar.Calendar
	Programmes *assessment.Programmes
	Measures   measure.Book
	Points     matching.PointsOf
	// Edition counts the changes of the releases that it was read with.
	Edition int64
	files   *layered
}

// Built reads the built-in law with the files of a folder; folder is nil without one.
func Built(builtIn fs.FS, folder fs.FS) (*Law, error) {
	l, err := begin(builtIn)
	if err != nil || folder == nil {
		return load(l, err)
	}
	files, err := Folder(folder)
	return load(l.with(files...), err)
}

// With reads the law with releases on top, in the order of their approval. A release never ends one after it.
func (l *Law) With(releases ...Release) (*Law, error) {
	files := l.files
	for _, r := range releases {
		if r.Tampered {
			return nil, fmt.Errorf("release %s: %w", r.ID, errTampered)
		}
		f, err := readFile([]byte(r.Content))
		if err != nil {
			return nil, fmt.Errorf("release %s: %s", r.ID, problemOf(err))
		}
		files = files.with(f)
	}
	return load(files, nil)
}

// errTampered says that a content is not the one whose digest the history holds.
var errTampered = errors.New("the content of a release is not the one that was put in: verify the database")

// load reads a tree by the loaders of the programmes.
func load(files *layered, err error) (*Law, error) {
	if err != nil {
		return nil, err
	}
	l := &Law{files: files}
	if l.Calendar, err = files.holidays(); err != nil {
		return nil, err
	}
	if l.Programmes, err = assessment.Load(files.tree, l.Calendar); err != nil {
		return nil, fmt.Errorf("load the rules of the programmes: %w", err)
	}
	for _, f := range files.files {
		if f.holidays() {
			continue
		}
		if err := l.Programmes.Marks.Add(f.head, f.data); err != nil {
			return nil, fmt.Errorf("%s: %w", f.path, err)
		}
	}
	if l.Measures, err = measure.Load(files.tree); err != nil {
		return nil, err
	}
	if l.Points, err = matching.LoadPoints(files.tree); err != nil {
		return nil, err
	}
	return l, nil
}
