package region

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
)

// Kind is what a region is called in the official table.
type Kind string

// The kinds. A regency (kabupaten) and a city (kota) are on the same level.
const (
	kindProvince Kind = "province"
	kindRegency  Kind = "regency"
	kindCity     Kind = "city"
)

// Values lists the kinds.
func (Kind) Values() []Kind { return []Kind{kindProvince, kindRegency, kindCity} }

// Valid tells whether k is one of the kinds.
func (k Kind) Valid() bool { return codelist.Has(k) }

// Region is one element of the tree.
type Region struct {
	Code   Code
	Name   string
	Kind   Kind
	Level  Level
	Parent Code
}

// Tree is the regions of one edition of the codes. It never changes.
type Tree struct {
	byCode     map[Code]Region
	all        []Region
	children   map[Code][]Region
	superseded map[Code]Code
	byName     map[string][]Region // regencies and cities, by the key of their name without Kabupaten or Kota
}

// Load reads the regions (code, name, level, parent_code) and the superseded codes (old_code, name, current_code), both
// with that header and every region after the one it lies in. Fault region.data_invalid, with the line as its cause: a
// region in the wrong place would show its cases to the wrong office.
func Load(regions, superseded io.Reader) (*Tree, error) {
	t := &Tree{byCode: make(map[Code]Region), children: make(map[Code][]Region), superseded: make(map[Code]Code),
		byName: make(map[string][]Region)}
	if err := eachRow(regions, "code,name,level,parent_code", t.add); err != nil {
		return nil, fault.New(fault.Invalid, "region.data_invalid").Because(fmt.Errorf("regions: %w", err))
	}
	if err := eachRow(superseded, "old_code,name,current_code", t.supersede); err != nil {
		return nil, fault.New(fault.Invalid, "region.data_invalid").Because(fmt.Errorf("superseded regions: %w", err))
	}
	return t, nil
}

// eachRow hands the rows after the header to take. The reader refuses rows that are shorter or longer than the header.
func eachRow(r io.Reader, header string, take func(row []string) error) error {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return err
	}
	if len(rows) == 0 || strings.Join(rows[0], ",") != header {
		return fmt.Errorf("the header is not %q", header)
	}
	for i, row := range rows[1:] {
		if err := take(row); err != nil {
			return fmt.Errorf("row %d: %w", i+2, err)
		}
	}
	return nil
}

func (t *Tree) add(row []string) error {
	code, err := Parse(row[0])
	if err != nil {
		return err
	}
	r := Region{Code: code, Name: row[1], Kind: Kind(row[2]), Level: code.Level(), Parent: Code(row[3])}
	_, twice := t.byCode[code]
	_, parentKnown := t.byCode[r.Parent]
	switch {
	case code == "" || twice:
		return fmt.Errorf("code %q is empty or not new", code)
	case r.Parent != parentOf(code) || r.Parent != "" && !parentKnown:
		return fmt.Errorf("%s does not lie in %q", code, r.Parent)
	case r.Level == Province && r.Kind != kindProvince, r.Level == Regency && r.Kind != kindRegency && r.Kind != kindCity:
		return fmt.Errorf("%s cannot be a %q", code, r.Kind)
	}
	t.byCode[code] = r
	t.all = append(t.all, r)
	t.children[r.Parent] = append(t.children[r.Parent], r)
	if r.Level == Regency {
		_, name := split(words(r.Name))
		t.byName[name] = append(t.byName[name], r)
	}
	return nil
}

// parentOf is where a code lies by its digits.
func parentOf(code Code) Code {
	if code.Level() == Regency {
		return code.Province()
	}
	return ""
}

func (t *Tree) supersede(row []string) error {
	old, err := Parse(row[0])
	if err != nil {
		return err
	}
	current, known := t.byCode[Code(row[2])]
	_, twice := t.superseded[old]
	if _, used := t.byCode[old]; used || twice || !known || current.Level != old.Level() {
		return fmt.Errorf("%q cannot be superseded by %q", row[0], row[2])
	}
	t.superseded[old] = current.Code
	return nil
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

// KnownNIKPrefix tells whether the first four digits of a NIK name a region, of today or before: a NIK keeps the code
// of the place of first registration for good.
func (t *Tree) KnownNIKPrefix(prefix string) bool {
	code := Code(prefix)
	_, old := t.superseded[code]
	return code.Level() == Regency && (old || t.byCode[code].Code == code)
}
