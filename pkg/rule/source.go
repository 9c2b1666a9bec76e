package rule

import (
	"slices"
	"strings"
)

// Confidence says how well a figure is known. The letters are those of the legal basis of the project.
type Confidence string

// The confidence letters.
const (
	ConfidenceText    Confidence = "V+"   // regulation text itself, or several independent pages
	ConfidencePage    Confidence = "V"    // read in one public page
	ConfidenceWeak    Confidence = "v"    // one secondary or weak page only
	ConfidenceUnread  Confidence = "U"    // own knowledge, not read
	ConfidenceDerived Confidence = "D"    // computed or a design choice; not a legal statement
	ConfidenceOpen    Confidence = "open" // the law does not say in what could be read
)

// Valid reports whether c is one of the known letters.
func (c Confidence) Valid() bool {
	switch c {
	case ConfidenceText, ConfidencePage, ConfidenceWeak, ConfidenceUnread, ConfidenceDerived, ConfidenceOpen:
		return true
	}
	return false
}

// Unverified reports whether nobody has read the figure in a public text (U, D, open).
// An unverified figure may be used but has to be shown as such.
func (c Confidence) Unverified() bool {
	return c == ConfidenceUnread || c == ConfidenceDerived || c == ConfidenceOpen
}

// Source says where a figure comes from. It may be embedded with `yaml:",inline"` in a row of a table.
type Source struct {
	// Citation is the instrument ("PP 6/2025"); when empty in the file it is the citation of the file.
	Citation string `yaml:"citation,omitempty" json:"citation"`
	// Article is the place in the instrument ("Art. 21(1)"); never empty.
	Article string `yaml:"article" json:"article"`
	// Confidence is the letter; never empty.
	Confidence Confidence `yaml:"confidence" json:"confidence"`
	// Reference is a public page where the figure was read.
	Reference string `yaml:"reference,omitempty" json:"reference,omitempty"`
	// Note says why an open question was answered like this; required for confidence "open".
	Note string `yaml:"note,omitempty" json:"note,omitempty"`
}

// Unverified reports whether the source's confidence is U, D or open.
func (s Source) Unverified() bool { return s.Confidence.Unverified() }

// String returns "PP 6/2025 Art. 21(1)".
func (s Source) String() string {
	if s.Citation == "" {
		return s.Article
	}
	return s.Citation + " " + s.Article
}

// Places names every place of the sources, each once, and the weakest confidence of them.
func Places(sources []Source) (string, Confidence) {
	places := make([]string, 0, len(sources))
	weakest := 0
	order := []Confidence{
		ConfidenceText, ConfidencePage, ConfidenceWeak, ConfidenceDerived, ConfidenceUnread, ConfidenceOpen,
	}
	for _, s := range sources {
		if place := s.String(); !slices.Contains(places, place) {
			places = append(places, place)
		}
		weakest = max(weakest, slices.Index(order, s.Confidence))
	}
	return strings.Join(places, "; "), order[weakest]
}

// places are the words in which the files cite the law, in English and in Indonesian.
var places = strings.NewReplacer("Art. ", "Pasal ", "art. ", "Pasal ", " as read by ", " sebagaimana dimaknai oleh ",
	" as amended by ", " sebagaimana diubah dengan ")

// PlaceIn names a place of the law as the readers of a language do.
func PlaceIn(place string, l Language) string {
	if l == Indonesian {
		return places.Replace(place)
	}
	return place
}
