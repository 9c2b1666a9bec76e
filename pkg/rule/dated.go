package rule

import (
	"fmt"
	"io/fs"

	"github.com/tanggap/tanggap/pkg/calendar"
)

// Dated has the version of every day: those of a timeline that does not end, and before the first of them, the first.
type Dated[T Versioned] struct{ timeline Timeline[T] }

// LoadDated reads all files of a folder; the error names the file, the line and the figure that is absent, not cited or
// makes no sense.
func LoadDated[T Versioned](files fs.FS, folder string) (Dated[T], error) {
	names, err := fs.Glob(files, folder+"/*.yaml")
	if err != nil {
		return Dated[T]{}, fmt.Errorf("find %s: %w", folder, err)
	}
	versions := make([]T, len(names))
	for i, name := range names {
		if versions[i], err = readFile[T](files, name); err != nil {
			return Dated[T]{}, err
		}
	}
	timeline, err := NewTimeline(versions...)
	if err != nil {
		return Dated[T]{}, fmt.Errorf("load %s: %w", folder, err)
	}
	if last := timeline.heads[len(versions)-1]; !last.ValidUntil.IsZero() {
		return Dated[T]{}, fmt.Errorf("load %s: none hold from %s on", folder, last.ValidUntil)
	}
	return Dated[T]{timeline}, nil
}

func readFile[T Versioned](files fs.FS, name string) (T, error) {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return *new(T), fmt.Errorf("read %s: %w", name, err)
	}
	version, problems := Decode[T](data)
	if len(problems) > 0 {
		return version, fmt.Errorf("load %s: %w", name, &ProblemError{Problems: problems})
	}
	return version, nil
}

// On is the version of a day. What was not loaded panics: no figure may ever pass for a decided one.
func (d Dated[T]) On(day calendar.Date) T {
	if version, err := d.timeline.At(day); err == nil {
		return version
	}
	return d.timeline.versions[0]
}

// List is every version, the oldest first.
func (d Dated[T]) List() []T { return d.timeline.List() }
