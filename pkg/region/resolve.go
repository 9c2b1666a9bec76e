package region

import (
	"strings"
	"unicode"

	"github.com/tanggap/tanggap/pkg/fault"
)

// ResolveRegency finds the regency or city that a text means: by its full name, however it is spaced, cased or
// shortened (KAB. BANDUNG, Kota Adm. Jakarta Selatan, Kep. Seribu), or by its bare name where only one bears it. It
// never guesses: a name is one of the table or it is none. Faults: region.ambiguous with the candidates,
// region.unknown.
func (t *Tree) ResolveRegency(text string) (Region, error) {
	written := words(text)
	kind, name := split(written)
	found := t.named(kind, name)
	if kind != "" && len(found) == 0 {
		found = t.named("", strings.Join(written, "")) // "Kota Baru" is Kabupaten Kotabaru
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

// named gives the regencies and cities of one name and of one kind, or of either when kind is "".
func (t *Tree) named(kind Kind, name string) []Region {
	var found []Region
	for _, r := range t.byName[name] {
		if kind == "" || kind == r.Kind {
			found = append(found, r)
		}
	}
	return found
}

// words takes a text apart into lower-case words. Dots, dashes and every kind of space part them; characters that
// nobody sees (zero width, soft hyphen) are dropped.
func words(text string) []string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r):
			return -1
		case r == '.' || unicode.Is(unicode.Pd, r):
			return ' '
		}
		return unicode.ToLower(r)
	}, text)
	out := strings.Fields(text)
	for i, w := range out {
		if w == "kep" {
			out[i] = "kepulauan"
		}
	}
	return out
}

// split takes the words for regency or city off a name and joins the rest, so that "Toli-Toli" and "Tolitoli" are one.
func split(written []string) (kind Kind, name string) {
	if len(written) > 1 {
		kind = kindWord(written[0])
	}
	if kind == "" {
		return "", strings.Join(written, "")
	}
	rest := written[1:]
	if len(rest) > 1 && (rest[0] == "administrasi" || rest[0] == "adm") {
		rest = rest[1:]
	}
	return kind, strings.Join(rest, "")
}

func kindWord(word string) Kind {
	switch word {
	case "kabupaten", "kab":
		return kindRegency
	case "kota", "kotamadya", "kodya":
		return kindCity
	}
	return ""
}
