package lawbook

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/matching"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/rule"
)

// HolidaysPath is where the list of holidays lies.
const HolidaysPath = "reference/holidays.csv"

// Holidays is the programme and the kind of the list of holidays, which has no head.
const Holidays = "holidays"

// textsName is the file of words in the folder of a programme, which is no version of the law.
const textsName = "texts.yaml"

// MaxFileBytes bounds a file.
const MaxFileBytes = 1 << 20

// file is one file of the law.
type file struct {
	path string
	data []byte
	head rule.Version // programme and kind only, of the list of holidays
}

func (f *file) holidays() bool { return f.head.Programme == Holidays }

// is tells whether two files are one version.
func (f *file) is(other *file) bool {
	return f.head.Programme == other.head.Programme && f.head.Kind == other.head.Kind && f.head.ID == other.head.ID
}

// schemas are those of every file of the law.
func schemas() []rule.Schema {
	return append(assessment.Schemas(),
		rule.SchemaOf[measure.Measures](measure.Folder, "measures"),
		rule.SchemaOf[matching.Points](measure.Folder, "matching"))
}

// readFile reads a file by itself: the list of holidays by its header, any other by the schema of its kind. The fault
// law.file_invalid says what is wrong in which line.
func readFile(data []byte) (*file, error) {
	if len(data) > MaxFileBytes {
		return nil, invalid("line 1: the file is larger than 1 MiB")
	}
	if !utf8.Valid(data) || bytes.ContainsRune(data, 0) {
		return nil, invalid("line 1: the file is no text in UTF-8")
	}
	if bytes.HasPrefix(data, []byte(calendar.Header)) {
		if _, err := calendar.Load(bytes.NewReader(data)); err != nil {
			return nil, invalid(cause(err))
		}
		return &file{HolidaysPath, data, rule.Version{Programme: Holidays, Kind: Holidays, ID: Holidays}}, nil
	}
	if problems := rule.CheckData(data, schemas()...); len(problems) > 0 {
		return nil, invalid((&rule.ProblemError{Problems: problems}).Error())
	}
	f := &file{data: data}
	if err := yaml.Unmarshal(data, &f.head); err != nil {
		return nil, invalid(err.Error())
	}
	if strings.Trim(f.head.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return nil, invalid("id: " + f.head.ID + " has other signs than small letters, digits and hyphens")
	}
	f.path = path.Join(folderOf(f.head), f.head.ID+".yaml")
	return f, nil
}

// folderOf is where files of a programme and kind lie.
func folderOf(head rule.Version) string {
	switch {
	case head.Programme == measure.Folder && head.Kind == "matching":
		return measure.Folder + "/matching"
	case head.Programme == measure.Folder:
		return measure.Folder
	}
	return rule.Folder(head.Programme)
}

func invalid(problem string) error {
	return fault.New(fault.Invalid, "law.file_invalid", "problem", problem).At("file")
}

// problemOf is what is wrong with a file, for people.
func problemOf(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Args["problem"] != "" {
		return f.Args["problem"]
	}
	return err.Error()
}

// cause is what stands behind a fault, for people.
func cause(err error) string {
	_, text, found := strings.Cut(err.Error(), ": ")
	if !found {
		return err.Error()
	}
	return text
}

// belongs tells whether a path is one that a file of the law may have.
func belongs(name string) bool {
	folder, base := path.Split(name)
	folder = strings.TrimSuffix(folder, "/")
	if name == HolidaysPath {
		return true
	}
	if path.Ext(base) != ".yaml" || base == textsName {
		return false
	}
	return folder == measure.Folder || folder == measure.Folder+"/matching" || slices.Contains(folders(), folder)
}

// folders are those of the programmes.
func folders() (list []string) {
	for _, s := range assessment.Schemas() {
		if f := rule.Folder(s.Programme); !slices.Contains(list, f) {
			list = append(list, f)
		}
	}
	return list
}

// where says at which path a file that is out of place would be right.
func where() string {
	return fmt.Sprintf("%s, %s/*.yaml and programmes/PROGRAMME/*.yaml", HolidaysPath, measure.Folder)
}
