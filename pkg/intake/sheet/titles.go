package sheet

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"gopkg.in/yaml.v3"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/wording"
	"github.com/tanggap/tanggap/policies"
)

// dictionary is policies/lists/titles.yaml: how columns are called.
type dictionary struct {
	Fields []struct {
		Field  field    `yaml:"field"`
		Shown  string   `yaml:"shown"`
		Titles []string `yaml:"titles"`
		Weak   []string `yaml:"weak"`
	} `yaml:"fields"`
	Phrases map[string][]string `yaml:"phrases"`
	Words   map[string][]string `yaml:"words"`
	Noise   []string            `yaml:"noise"`
	Others  []string            `yaml:"others"`
}

// words is the dictionary in the program, so that a test finds before anybody else whether it can be read.
var words = sync.OnceValue(func() dictionary { return reviewed[dictionary]("lists/titles.yaml") })

// reviewed reads a file of policies, which is in the program.
func reviewed[T any](name string) (out T) {
	data, err := policies.FS.ReadFile(name)
	if err == nil {
		err = yaml.Unmarshal(data, &out)
	}
	if err != nil {
		panic(fmt.Sprintf("read %s: %v", name, err))
	}
	return out
}

// title is what a column is called. Names of rank 2 count only when no column has a name of rank 1: beside "No. KTP", a
// column "NIK" is the employer's own staff number (nomor induk karyawan).
type title struct {
	field field
	rank  int
	names []string // after [normal]
}

func titles() []title {
	var all []title
	for _, f := range words().Fields {
		all = append(all, title{f.Field, 1, f.Titles})
		if len(f.Weak) > 0 {
			all = append(all, title{f.Field, 2, f.Weak})
		}
	}
	return all
}

// shown is the name of each field for people, as an Indonesian form would print it.
func (f field) shown() string {
	for _, known := range words().Fields {
		if known.Field == f {
			return known.Shown
		}
	}
	return string(f)
}

// CheckTitles refuses what is stated of titles when it names no field, or says too much. Fault
// intake.title_field_unknown.
func CheckTitles(stated map[string]string) error {
	var fields []string
	for _, f := range words().Fields {
		fields = append(fields, string(f.Field))
	}
	for title, name := range stated {
		if normal(title) == "" || len(title) > 200 || len(stated) > 100 || name != "" && !slices.Contains(fields, name) {
			return fault.New(fault.Invalid, "intake.title_field_unknown", "allowed", strings.Join(fields, ", ")).At("titles")
		}
	}
	return nil
}

type meaning struct {
	field field
	rank  int
}

// vocabulary finds a meaning by a title's normal form, or by its words in whatever order.
type vocabulary struct {
	names  map[string]meaning
	loose  map[string]meaning
	others map[string]bool   // titles that look like one of ours and are not
	own    map[string]bool   // titles of the columns that a report adds
	word   map[string]string // a word's usual form; none for noise
	phrase *strings.Replacer
	stated map[string]field // what the officer said of this employer's titles
}

// newVocabulary is the dictionary, and before it what is stated of titles: the name of a field, or "" for none.
func newVocabulary(stated map[string]string) vocabulary {
	d := words()
	v := vocabulary{names: map[string]meaning{}, loose: map[string]meaning{}, others: map[string]bool{},
		own:  map[string]bool{},
		word: map[string]string{}, stated: map[string]field{}}
	v.learnWords(d)
	for _, t := range titles() {
		for _, name := range t.names {
			v.names[name] = meaning{t.field, t.rank}
		}
	}
	for _, t := range titles() {
		for _, name := range t.names {
			key := v.key(name)
			if known, taken := v.loose[key]; !taken || known.rank > t.rank {
				v.loose[key] = meaning{t.field, t.rank}
			}
		}
	}
	for _, name := range d.Others {
		v.others[name] = true
	}
	for _, own := range ownTitles() {
		v.own[normal(own)] = true
	}
	for title, name := range stated {
		v.stated[normal(title)] = field(name)
	}
	return v
}

func (v *vocabulary) learnWords(d dictionary) {
	var pairs []string
	for one, several := range d.Phrases {
		for _, phrase := range several {
			pairs = append(pairs, " "+phrase+" ", " "+one+" ")
		}
	}
	v.phrase = strings.NewReplacer(pairs...)
	for usual, same := range d.Words {
		for _, word := range same {
			v.word[word] = usual
		}
	}
	for _, word := range d.Noise {
		v.word[word] = ""
	}
}

// key is a title's words in their usual form and in order of the alphabet.
func (v vocabulary) key(name string) string {
	var key []string
	for word := range strings.FieldsSeq(v.phrase.Replace(" " + name + " ")) {
		if usual, known := v.word[word]; known {
			word = usual
		}
		if word != "" && !slices.Contains(key, word) {
			key = append(key, word)
		}
	}
	slices.Sort(key)
	return strings.Join(key, " ")
}

// meaning tries the text as it is, then without what stands in parentheses, then by its words alone.
func (v vocabulary) meaning(text string) (meaning, bool) {
	if len(text) > 200 {
		return meaning{}, false
	}
	forms := []string{normal(text), normal(withoutParentheses(text))}
	if f, ok := v.stated[forms[0]]; ok {
		return meaning{f, 0}, f != ""
	}
	for _, form := range forms {
		if v.others[form] || v.own[form] {
			return meaning{}, false
		}
		if m, ok := v.names[form]; ok {
			return m, true
		}
	}
	for _, form := range forms {
		if m, ok := v.loose[v.key(form)]; ok {
			return m, true
		}
	}
	return meaning{}, false
}

// nearest is the field that a title which is none of ours comes closest to; "" when it is close to none.
func (v vocabulary) nearest(text string) field {
	written := strings.Fields(v.key(normal(withoutParentheses(text))))
	best, most := field(""), 0
	for key, m := range v.loose {
		known := strings.Fields(key)
		shared := 0
		for _, word := range written {
			if slices.ContainsFunc(known, func(k string) bool { return alike(word, k) }) {
				shared++
			}
		}
		score := 0
		if shared > 0 {
			score = 100 * shared / (len(written) + len(known) - shared)
		}
		if score > most || score == most && score > 0 && m.field < best {
			best, most = m.field, score
		}
	}
	if most < 30 {
		return ""
	}
	return best
}

// alike are words that are one slip of the hand apart, or of which one begins the other.
func alike(a, b string) bool {
	if a == b {
		return true
	}
	short, long := a, b
	if len(a) > len(b) {
		short, long = b, a
	}
	if len(short) < 4 {
		return false
	}
	return strings.HasPrefix(long, short) || distance(a, b) == 1
}

// distance is how many letters must be put in, taken out or changed.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for i := range row {
		row[i] = i
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := last
			if a[i] != b[j] {
				change++
			}
			last, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, change)
		}
	}
	return row[len(b)]
}

// normal is lower case with one space for each run of anything but letters and digits. Letters that stand alone side by
// side are one word: N I K, J/K.
func normal(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s),
		func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	var out []string
	for i, word := range words {
		if i > 0 && len(word) == 1 && len(words[i-1]) == 1 {
			out[len(out)-1] += word
			continue
		}
		out = append(out, word)
	}
	return strings.Join(out, " ")
}

func withoutParentheses(s string) string {
	open := strings.IndexByte(s, '(')
	if open < 0 {
		return s
	}
	if length := strings.IndexByte(s[open:], ')'); length >= 0 {
		return s[:open] + " " + s[open+length+1:]
	}
	return s[:open]
}

// ownTitles are the columns that a report adds to a list. Loaded again, they are none of the employer's.
func ownTitles() []string {
	var own []string
	for _, lang := range []string{"id", "en"} {
		for _, code := range ReportColumns() {
			own = append(own, wording.Message(lang, code, nil))
		}
	}
	return own
}

// ReportColumns are the codes of the titles of the columns that a report adds to a list.
func ReportColumns() []string {
	return []string{"intake.report_row", "intake.report_verdict", "intake.report_mend", "intake.report_result"}
}
