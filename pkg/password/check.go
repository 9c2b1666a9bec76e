package password

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/tanggap/tanggap/pkg/fault"
)

// Lengths of a password, in characters.
const (
	Least = 12
	Most  = 256
)

// Of a password that holds something guessable, so many characters beside it must be left.
const (
	leastBesideWord = 6
	leastBesideName = 8
	leastDifferent  = 5
	shortestWord    = 6
	shortestName    = 4
)

// Owner is what a stranger may know of whoever the password is for.
type Owner struct {
	Email, Name, Office string
}

//go:embed common.txt
var commonFile string

// common are the passwords that are tried first, and the length of the longest.
var common = sync.OnceValues(func() (map[string]bool, int) {
	known, longest := make(map[string]bool), 0
	for line := range strings.Lines(commonFile) {
		if word := strings.TrimSpace(line); word != "" && !strings.HasPrefix(word, "#") {
			known[word], longest = true, max(longest, len(word))
		}
	}
	return known, longest
})

// Check refuses a password that would be guessed, with the reason as the code. There are no rules on which kinds of
// characters it must have: those make passwords harder to remember and not to guess (NIST SP 800-63B).
func Check(secret string, o Owner) error {
	low := strings.ToLower(secret)
	switch n := utf8.RuneCountInString(secret); {
	case n < Least || n > Most:
		return fault.New(fault.Invalid, "password.length", "least", fmt.Sprint(Least), "most", fmt.Sprint(Most)).
			At("password")
	case repeats([]rune(low)):
		return fault.New(fault.Invalid, "password.repeated").At("password")
	case runsOn([]rune(low)):
		return fault.New(fault.Invalid, "password.sequence").At("password")
	case names(low, o):
		return fault.New(fault.Invalid, "password.personal").At("password")
	case isCommon(low) || isCommon(plain(low)):
		return fault.New(fault.Invalid, "password.common").At("password")
	}
	return nil
}

// repeats tells whether a text is a shorter one over and over, or made of a few characters.
func repeats(text []rune) bool {
	different := make(map[rune]bool)
	for _, r := range text {
		different[r] = true
	}
	if len(different) < leastDifferent {
		return true
	}
	for period := 1; period <= len(text)/2; period++ {
		same := true
		for i := period; i < len(text) && same; i++ {
			same = text[i] == text[i-period]
		}
		if same {
			return true
		}
	}
	return false
}

// rows are what lies side by side on a keyboard, and the digits, which go round.
var rows = []string{"qwertyuiop", "asdfghjkl", "zxcvbnm", "12345678901"}

// runsOn tells whether a text is mostly one character after the other, by alphabet, number or keyboard.
func runsOn(text []rune) bool {
	steps := 0
	for i := 1; i < len(text); i++ {
		if follows(text[i-1], text[i]) || follows(text[i], text[i-1]) || text[i] == text[i-1] {
			steps++
		}
	}
	return steps*4 >= (len(text)-1)*3
}

func follows(a, b rune) bool {
	if b == a+1 && (unicode.IsLetter(a) || unicode.IsDigit(a)) {
		return true
	}
	for _, row := range rows {
		if strings.Contains(row, string([]rune{a, b})) {
			return true
		}
	}
	return false
}

// names tells whether little is left of a text without what is known of its owner, or without the name of the program.
func names(low string, o Owner) bool {
	rest, found := low, false
	for _, part := range parts(o) {
		if strings.Contains(rest, part) {
			rest, found = strings.ReplaceAll(rest, part, ""), true
		}
	}
	return found && (utf8.RuneCountInString(rest) < leastBesideName || !strings.ContainsFunc(rest, unicode.IsLetter))
}

// parts are the whole address first, then the words in it and in the names, the longest of each before what it holds.
func parts(o Owner) []string {
	email := strings.ToLower(o.Email)
	local, _, _ := strings.Cut(email, "@")
	out := []string{email, local}
	for _, text := range []string{email, o.Name, o.Office,
		"tanggap kemnaker disnaker kementerian ketenagakerjaan dinas tenaga kerja"} {
		out = append(
			out,
			strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) })...)
	}
	kept := out[:0]
	for _, part := range out {
		if utf8.RuneCountInString(part) >= shortestName {
			kept = append(kept, part)
		}
	}
	return kept
}

// isCommon tells whether a text is one of the common passwords with little around it.
func isCommon(text string) bool {
	known, longest := common()
	for from := range len(text) {
		for to := from + shortestWord; to <= min(len(text), from+longest); to++ {
			if known[text[from:to]] && little(text[:from]+text[to:]) {
				return true
			}
		}
	}
	return false
}

// little tells whether what stands around a common password does not make it a new one: a few letters and figures, or a
// date.
func little(rest string) bool {
	letters, figures := 0, 0
	for _, r := range rest {
		if unicode.IsLetter(r) {
			letters++
		} else if unicode.IsDigit(r) {
			figures++
		}
	}
	return letters+figures < leastBesideWord || letters == 0 && figures <= 8
}

// plain undoes the usual spellings of letters by figures, and what separates words.
func plain(low string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("-_.,", r) {
			return -1
		}
		return r
	}, spellings.Replace(low))
}

var spellings = strings.NewReplacer(
	"0",
	"o",
	"1",
	"i",
	"3",
	"e",
	"4",
	"a",
	"5",
	"s",
	"7",
	"t",
	"@",
	"a",
	"$",
	"s",
	"!",
	"i",
)
