package sheet

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/unicode/runenames"
)

// clean is the one cleaning that every text of a list goes through before it is read. Characters that nobody sees are
// dropped where they stand, so that a name is not cut in two by one, and letters and digits in a disguise (ligatures of
// a PDF, full width) become those they stand for. What was taken away or replaced is given beside the text.
func clean(s string) (text, changed string) {
	if ascii(s) {
		return s, ""
	}
	var kept, lost strings.Builder
	for _, r := range s {
		switch {
		case unseen(r):
			note(&lost, r)
		case disguised(r):
			note(&lost, r)
			kept.WriteString(norm.NFKC.String(string(r)))
		case r == '\ufffe' || r == '\uffff': // no characters at all
			kept.WriteRune(utf8.RuneError)
		default:
			kept.WriteRune(r)
		}
	}
	return kept.String(), lost.String()
}

// ascii finds the common case that needs no cleaning.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf || s[i] < ' ' && s[i] != '\n' && s[i] != '\r' && s[i] != '\t' || s[i] == 0x7f {
			return false
		}
	}
	return true
}

func note(list *strings.Builder, r rune) {
	if !strings.ContainsRune(list.String(), r) && list.Len() < 64 {
		list.WriteRune(r)
	}
}

// unseen are the characters without a picture that are no space either: zero width, direction marks, soft hyphens,
// variation selectors, fillers, and controls that end no line.
func unseen(r rune) bool {
	switch {
	case unicode.IsSpace(r):
		return false
	case unicode.In(r, unicode.Cf, unicode.Cc, unicode.Variation_Selector):
		return true
	}
	return r == '\u034f' || r == '\u115f' || r == '\u1160' || r == '\u3164' || r == '\uffa0'
}

// disguised are letters and digits that are only another shape of plain ones.
func disguised(r rune) bool {
	return r > unicode.MaxLatin1 && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.No, r)) &&
		!norm.NFKC.IsNormalString(string(r)) && norm.NFC.IsNormalString(string(r))
}

// called names characters for a message: ZERO WIDTH SPACE (U+200B).
func called(characters string) string {
	var names []string
	for _, r := range characters {
		name := runenames.Name(r)
		if strings.HasPrefix(name, "<") {
			name = strings.ToUpper(strings.Trim(name, "<>"))
		}
		names = append(names, strings.TrimSpace(name+" ("+codepoint(r)+")"))
	}
	return strings.Join(names, ", ")
}

func codepoint(r rune) string {
	const digits = "0123456789ABCDEF"
	var out []byte
	for n := uint32(r); n > 0 || len(out) < 4; n >>= 4 {
		out = append([]byte{digits[n&15]}, out...)
	}
	return "U+" + string(out)
}

// strange are the characters of a name that no name in Latin letters has: other scripts, and the signs that come of
// reading a file in another encoding than it was written in.
func strange(name string) string {
	var found strings.Builder
	for _, r := range name {
		usual := unicode.Is(unicode.Latin, r) || unicode.IsDigit(r) || unicode.IsSpace(r) || unicode.Is(unicode.Mn, r) ||
			unicode.Is(unicode.Pd, r) || strings.ContainsRune(".,/()&"+apostrophes, r) || r == '"'
		if !usual || r > unicode.MaxASCII && unicode.IsDigit(r) || r == '\u00aa' || r == '\u00ba' {
			note(&found, r)
		}
	}
	return found.String()
}

// figures is the text of a cell that holds digits and signs between them, with every kind of dash as a hyphen.
func (c cell) figures() string { return hyphens(c.plain()) }

func hyphens(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Pd, r) || r == '−' {
			return '-'
		}
		return r
	}, s)
}
