package sheet

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

// place is the answer for one spelling of a regency. A list names few of them, many times over.
type place struct {
	code       region.Code
	reason     Code
	candidates string // official names that may be meant
	bare       string // the name of a place that only its code was given of
}

const placesKept = 4096

// everyday are policies/lists/places.yaml by name: what the table of regions does not know.
var everyday = sync.OnceValue(func() map[string]region.Code {
	byName := map[string]region.Code{}
	for code, names := range reviewed[map[region.Code][]string]("lists/places.yaml") {
		for _, name := range names {
			byName[name] = code
		}
	}
	return byName
})

func (k *checker) place(text string) place {
	if found, ok := k.places[text]; ok {
		return found
	}
	found := k.resolve(text)
	if len(k.places) < placesKept && len(text) <= longestText {
		k.places[text] = found
	}
	return found
}

// resolve reads a name, or a four-digit code with or without a dot; an abolished code means its successor. Statistics
// Indonesia has other codes for part of the country, so that a code alone is told with the name that it is read as.
func (k *checker) resolve(text string) place {
	if code, err := region.Parse(strings.Replace(text, ".", "", 1)); err == nil && len(code) == 4 {
		if current, replaced := k.regions.Superseded(code); replaced {
			code = current
		}
		if r, known := k.regions.Get(code); known {
			return place{code: code, bare: r.Name}
		}
	}
	first := k.named(text)
	if first.reason == "" {
		return first
	}
	for _, spelling := range spellings(text) {
		if found := k.within(spelling); found.reason == "" {
			return found
		} else if found.candidates != "" {
			first = found
		}
	}
	if first.reason == CodeRegionUnknown {
		first.candidates = k.near(text)
	}
	return first
}

// named asks the table of regions, and then everyday names.
func (k *checker) named(text string) place {
	found, err := k.regions.ResolveRegency(text)
	if err == nil {
		return place{code: found.Code}
	}
	name := normal(text)
	for _, kind := range []string{"kota ", "kabupaten ", "kab "} {
		if rest, ok := strings.CutPrefix(name, kind); ok {
			name = rest
			break
		}
	}
	if code, ok := everyday()[name]; ok {
		return place{code: code}
	}
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Code == "region.ambiguous" {
		return place{reason: CodeRegionAmbiguous, candidates: f.Args["candidates"]}
	}
	return place{reason: CodeRegionUnknown}
}

// spelling is a name and the province that is said to hold it.
type spelling struct{ name, province string }

// spellings are the ways to read a name with something behind it: a province, or the word for regency or city.
func spellings(text string) []spelling {
	text = strings.NewReplacer("(", ",", ")", ",", ";", ",", "/", ",", " - ", ",", "*", " ", `"`, " ", "?", " ", ":", " ",
		"`", " ", "#", " ").Replace(hyphens(text))
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == ',' })
	if len(parts) == 0 {
		return nil
	}
	name, rest := strings.Trim(parts[0], " .-'"), strings.Join(parts[1:], " ")
	all := []spelling{{name, rest}, {rest, name}}
	words := strings.Fields(name + " " + rest)
	for i := 1; i < len(words); i++ {
		front, behind := strings.Join(words[:i], " "), strings.Join(words[i:], " ")
		all = append(all, spelling{front, behind})
		if kindAlone(behind) {
			all = append(all, spelling{behind + " " + front, ""})
		}
	}
	return all
}

// within finds a name, if what stands behind it is the province that it lies in, or nothing.
func (k *checker) within(s spelling) place {
	words := strings.Fields(normal(s.province))
	words = slices.DeleteFunc(words, func(w string) bool {
		return w == "provinsi" || w == "propinsi" || w == "prov" ||
			w == "prop" || w == "indonesia"
	})
	behind := strings.Join(words, " ")
	if kindAlone(s.name) {
		return place{reason: CodeRegionUnknown}
	}
	found := k.named(s.name)
	if behind == "" || found.code == "" {
		return found
	}
	province, known := k.regions.Get(found.code.Province())
	if !known || !provinceCalled(province.Name, behind) {
		return place{reason: CodeRegionUnknown}
	}
	return found
}

// kindAlone tells whether a text is only the word for regency or city.
func kindAlone(name string) bool {
	switch normal(name) {
	case "kota", "kab", "kabupaten", "kotamadya", "kodya", "kota administrasi", "kota adm", "":
		return true
	}
	return false
}

// provinceCalled compares without the words that a province's name may be given with or without.
func provinceCalled(official, written string) bool {
	short := func(s string) string {
		s = " " + normal(s) + " "
		return strings.TrimSpace(strings.NewReplacer(" daerah khusus ibukota ", " ", " daerah khusus ", " ",
			" daerah istimewa ", " ", " dki ", " ", " dkj ", " ", " di ", " ", " jabar ", " jawa barat ", " jateng ",
			" jawa tengah ", " jatim ", " jawa timur ", " sumut ", " sumatera utara ", " sumbar ", " sumatera barat ",
			" sumsel ", " sumatera selatan ", " sulsel ", " sulawesi selatan ", " kalbar ", " kalimantan barat ", " kaltim ",
			" kalimantan timur ", " kalsel ", " kalimantan selatan ", " kalteng ", " kalimantan tengah ", " kepri ",
			" kepulauan riau ", " diy ", " yogyakarta ", " ntb ", " nusa tenggara barat ", " ntt ", " nusa tenggara timur ",
			" sulut ", " sulawesi utara ", " sulteng ", " sulawesi tengah ", " sultra ", " sulawesi tenggara ", " sulbar ",
			" sulawesi barat ", " kaltara ", " kalimantan utara ", " babel ", " kepulauan bangka belitung ", " nad ", " aceh ",
			" sumatra ", " sumatera ").Replace(s))
	}
	return short(official) == short(written)
}

// near are the regencies and cities whose names are one or two slips of the hand away, at most three of them.
func (k *checker) near(text string) string {
	type candidate struct {
		name string
		far  int
	}
	bare := func(s string) string {
		s = " " + normal(s) + " "
		for _, word := range []string{" kabupaten ", " kota ", " administrasi ", " kab "} {
			s = strings.ReplaceAll(s, word, " ")
		}
		return strings.ReplaceAll(s, " ", "")
	}
	written := bare(text)
	if len(written) < 4 || len(written) > 40 {
		return ""
	}
	var found []candidate
	for _, r := range k.regions.All() {
		if r.Level != region.Regency {
			continue
		}
		if far := distance(written, bare(r.Name)); far <= 2 && far*3 < len(written) {
			found = append(found, candidate{r.Name, far})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(a.far, b.far) })
	var names []string
	for _, c := range found[:min(len(found), 3)] {
		names = append(names, c.name)
	}
	return strings.Join(names, ", ")
}
