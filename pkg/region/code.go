// Package region is the tree of Indonesia's regions: the nation, its provinces, and their regencies (kabupaten) and
// cities (kota), by the codes of the Ministry of Home Affairs.
package region

import (
	"github.com/tanggap/tanggap/pkg/fault"
)

// Code names an element of the tree: "" the nation, two digits a province, four digits a regency or city.
type Code string

// Level is how deep an element lies.
type Level string

// The levels.
const (
	National Level = "national"
	Province Level = "province"
	Regency  Level = "regency" // cities are on the same level
)

// Valid tells whether l is one of the levels.
func (l Level) Valid() bool { return l == National || l == Province || l == Regency }

// Parse reads a code; region.invalid for anything but "", two or four digits. Whether such a region exists is the
// tree's to say.
func Parse(text string) (Code, error) {
	if len(text) != 0 && len(text) != 2 && len(text) != 4 {
		return "", fault.New(fault.Invalid, "region.invalid")
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return "", fault.New(fault.Invalid, "region.invalid")
		}
	}
	return Code(text), nil
}

// Level of the element; "" for a text that is no code, which must never pass for the nation.
func (c Code) Level() Level {
	switch len(c) {
	case 0:
		return National
	case 2:
		return Province
	case 4:
		return Regency
	default:
		return ""
	}
}

// Province is the province of the element, "" for the nation.
func (c Code) Province() Code {
	if len(c) < 2 {
		return ""
	}
	return c[:2]
}

// Contains tells whether other is c or lies below it in the tree.
func (c Code) Contains(other Code) bool {
	return c == "" || c == other || c.Level() == Province && other.Level() == Regency && other.Province() == c
}

// Range is the half-open range of bytes in which exactly the codes that c contains lie.
func (c Code) Range() (lo, hi string) {
	if c == "" {
		return "", ":"
	}
	next := []byte(c)
	next[len(next)-1]++ // '9' becomes ':', the byte after it
	return string(c), string(next)
}
