package rule

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
)

// Folder returns the folder of a programme's parameter files below the policies.
func Folder(programme string) string { return "programmes/" + programme }

// textsFile words the criteria of a programme, in the folder of its parameter files.
const textsFile = "texts.yaml"

// Files are all parameter files of one programme, each read by the schema of its kind.
type Files struct {
	// Texts are the words of the criteria: those of texts.yaml and those in the heads of the files.
	Texts Catalogue
	files []Versioned // pointers to the types of the schemas
}

// LoadFiles reads the folder of a programme. Any problem of any file is an error that names the file, the line and the
// key; so are an empty folder and a file that no schema reads, because nothing may be left out in silence.
func LoadFiles(fsys fs.FS, programme string, schemas ...Schema) (Files, error) {
	names, err := fs.Glob(fsys, Folder(programme)+"/*")
	if err != nil {
		return Files{}, fmt.Errorf("list %s files: %w", programme, err)
	}
	f := Files{Texts: Catalogue{}}
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return Files{}, fmt.Errorf("read parameter file: %w", err)
		}
		if err := f.add(path.Base(name), data, schemas); err != nil {
			return Files{}, fmt.Errorf("load %s: %w", name, err)
		}
	}
	if len(f.files) == 0 {
		return Files{}, fmt.Errorf("no parameter file in %s", Folder(programme))
	}
	return f, nil
}

func (f *Files) add(name string, data []byte, schemas []Schema) error {
	if name == textsFile {
		texts, err := LoadCatalogue(bytes.NewReader(data))
		if err != nil {
			return err
		}
		return f.word(texts)
	}
	file, problems := decodeBy(data, schemas)
	if len(problems) > 0 {
		return &ProblemError{Problems: problems}
	}
	f.files = append(f.files, file)
	return f.word(file.Head().Texts)
}

// word takes the texts in. Two files may word a criterion alike, but not otherwise.
func (f *Files) word(texts Catalogue) error {
	for code, text := range texts {
		if before, ok := f.Texts[code]; ok && before != text {
			return fmt.Errorf("text %s stands elsewhere with other words", code)
		}
		f.Texts[code] = text
	}
	return nil
}

// FilesOf returns the files of type T, in the order of their names.
func FilesOf[T Versioned](f Files) []*T {
	var found []*T
	for _, file := range f.files {
		if v, ok := file.(any).(*T); ok {
			found = append(found, v)
		}
	}
	return found
}

// OnlyOf returns the one file of type T; none and more than one are errors.
func OnlyOf[T Versioned](f Files) (*T, error) {
	found := FilesOf[T](f)
	if len(found) != 1 {
		return nil, fmt.Errorf("%d files of %T, want one", len(found), *new(T))
	}
	return found[0], nil
}

// TimelineOf returns the versions of type T; errors as NewTimeline.
func TimelineOf[T Versioned](f Files) (Timeline[T], error) {
	var versions []T
	for _, file := range FilesOf[T](f) {
		versions = append(versions, *file)
	}
	t, err := NewTimeline(versions...)
	if err != nil {
		return t, fmt.Errorf("order the files of %T: %w", *new(T), err)
	}
	return t, nil
}
