package wagesubsidy

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strconv"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Programme is the name of the folder of parameter files and of their key "programme".
const Programme = "wagesubsidy"

// Law holds the subsidies, oldest first. They are no timeline: there are years without one.
type Law struct {
	subsidies     []Subsidy
	announcements []Announcement
}

// Schemas lists the kinds of files of the programme, for rule.CheckData.
func Schemas() []rule.Schema {
	return []rule.Schema{
		rule.SchemaOf[Subsidy](Programme, "subsidy"), rule.SchemaOf[Announcement](Programme, "announcement"),
	}
}

// Load reads all files of the programme; errors as rule.LoadFiles, and a year that stands twice.
func Load(fsys fs.FS) (Law, error) {
	files, err := rule.LoadFiles(fsys, Programme, Schemas()...)
	if err != nil {
		return Law{}, err
	}
	var l Law
	for _, s := range rule.FilesOf[Subsidy](files) {
		if _, err := l.Year(s.Year.Value); err == nil {
			return Law{}, fmt.Errorf("load %s: year %d stands twice", s.ID, s.Year.Value)
		}
		l.subsidies = append(l.subsidies, *s)
	}
	for _, a := range rule.FilesOf[Announcement](files) {
		_, ruled := l.Year(a.Year.Value)
		if _, announced := l.Announced(a.Year.Value); ruled == nil || announced {
			return Law{}, fmt.Errorf("load %s: year %d stands twice", a.ID, a.Year.Value)
		}
		l.announcements = append(l.announcements, *a)
	}
	if len(l.subsidies) == 0 || len(l.announcements) == 0 {
		return Law{}, fmt.Errorf("load %s: no subsidy, or no announcement", Programme)
	}
	slices.SortFunc(l.subsidies, func(a, b Subsidy) int { return cmp.Compare(a.Year.Value, b.Year.Value) })
	return l, nil
}

// Announced returns what was announced for a year whose rules are not known here.
func (l Law) Announced(year int) (Announcement, bool) {
	for _, a := range l.announcements {
		if a.Year.Value == year {
			return a, true
		}
	}
	return Announcement{}, false
}

// Year returns the subsidy of a year; fault wagesubsidy.not_known (NotFound) when its rules are not known here.
func (l Law) Year(year int) (Subsidy, error) {
	for _, s := range l.subsidies {
		if s.Year.Value == year {
			return s, nil
		}
	}
	return Subsidy{}, fault.New(fault.NotFound, "wagesubsidy.not_known", "year", strconv.Itoa(year))
}

// List returns the subsidies, oldest first.
func (l Law) List() []Subsidy { return slices.Clone(l.subsidies) }
