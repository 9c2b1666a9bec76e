package region

import (
	"encoding/csv"
	"io"
	"slices"
	"strings"

	"github.com/tanggap/tanggap/pkg/fault"
)

// Region is one element of the tree. Kind is province, regency or city.
type Region struct {
	Code   Code
	Name   string
	Kind   string
	Level  Level
	Parent Code
}

// Tree is the regions of one edition of the codes. It never changes.
type Tree struct {
	byCode     map[Code]Region
	all        []Region
	children   map[Code][]Region
	superseded map[Code]Code
	regencies  map[string][]Region // by folded full name
	bare       map[string][]Region // by folded name without Kabupaten or Kota
}

// Load reads the regions (code, name, level, parent_code) and the superseded codes (old_code, name, current_code), both
// with a header. Fault region.data_invalid.
func Load(regions, superseded io.Reader) (*Tree, error) {
	rows, err := csv.NewReader(regions).ReadAll()
	if err != nil || len(rows) < 2 {
		return nil, fault.New(fault.Invalid, "region.data_invalid").Because(err)
	}
	old, err := csv.NewReader(superseded).ReadAll()
	if err != nil || len(old) < 1 {
		return nil, fault.New(fault.Invalid, "region.data_invalid").Because(err)
	}
	t := &Tree{byCode: make(map[Code]Region), children: make(map[Code][]Region), superseded: make(map[Code]Code),
		regencies: make(map[string][]Region), bare: make(map[string][]Region)}
	for _, row := range rows[1:] {
		code, err := Parse(row[0])
		if err != nil {
			return nil, err
		}
		t.add(Region{Code: code, Name: row[1], Kind: row[2], Level: code.Level(), Parent: Code(row[3])})
	}
	for _, row := range old[1:] {
		t.superseded[Code(row[0])] = Code(row[2])
	}
	return t, nil
}

func (t *Tree) add(r Region) {
	t.byCode[r.Code] = r
	t.all = append(t.all, r)
	t.children[r.Parent] = append(t.children[r.Parent], r)
	if r.Level == Regency {
		full := fold(r.Name)
		t.regencies[full] = append(t.regencies[full], r)
		_, name := split(full)
		t.bare[name] = append(t.bare[name], r)
	}
}

// Get gives the region with a code of the present edition.
func (t *Tree) Get(code Code) (Region, bool) {
	r, ok := t.byCode[code]
	return r, ok
}

// Children gives the regions directly below code, in the order of the file; "" gives the provinces.
func (t *Tree) Children(code Code) []Region { return slices.Clone(t.children[code]) }

// All gives every region, in the order of the file.
func (t *Tree) All() []Region { return slices.Clone(t.all) }

// Superseded gives the present code of one that is no longer in use.
func (t *Tree) Superseded(old Code) (Code, bool) {
	current, ok := t.superseded[old]
	return current, ok
}

// KnownNIKPrefix tells whether the first four digits of a NIK name a region, of today or before: a NIK keeps the code of
// the place of first registration for good.
func (t *Tree) KnownNIKPrefix(prefix string) bool {
	code := Code(prefix)
	_, old := t.superseded[code]
	return code.Level() == Regency && (old || t.byCode[code].Code == code)
}

// ResolveRegency finds the regency or city that a text means: by its full name however it is spaced, cased or shortened
// (KAB. BANDUNG, Kota Adm. Jakarta Selatan), or by its bare name where only one bears it. Faults: region.ambiguous with
// the candidates, region.unknown.
func (t *Tree) ResolveRegency(text string) (Region, error) {
	kind, name := split(fold(text))
	var found []Region
	for _, r := range t.bare[name] {
		if kind == "" || kind == r.Kind {
			found = append(found, r)
		}
	}
	switch len(found) {
	case 0:
		return Region{}, fault.New(fault.Invalid, "region.unknown")
	case 1:
		return found[0], nil
	}
	names := make([]string, len(found))
	for i, r := range found {
		names[i] = r.Name
	}
	return Region{}, fault.New(fault.Invalid, "region.ambiguous", "candidates", strings.Join(names, ", "))
}

// fold makes names comparable: lower case, one space between words, no dots.
func fold(text string) string {
	text = strings.ToLower(strings.ReplaceAll(text, ".", " "))
	return strings.Join(strings.Fields(text), " ")
}

// split takes the word for regency or city off a folded name.
func split(folded string) (kind, name string) {
	for _, prefix := range []struct{ text, kind string }{
		{"kabupaten administrasi ", "regency"}, {"kabupaten adm ", "regency"}, {"kab adm ", "regency"},
		{"kabupaten ", "regency"}, {"kab ", "regency"},
		{"kota administrasi ", "city"}, {"kota adm ", "city"}, {"kotamadya ", "city"}, {"kota ", "city"},
	} {
		if rest, ok := strings.CutPrefix(folded, prefix.text); ok {
			return prefix.kind, rest
		}
	}
	return "", folded
}
