// Package wording is the one home of what the program says to people: every sentence by its code and every value of a
// closed list, each in Indonesian and English side by side (policies/texts).
package wording

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"regexp"
	"strings"
	"sync"

	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/policies"
)

// criteria has the sentences of the law, which speak of other values; the programmes read it.
const criteria = "texts/criteria.yaml"

// texts are those in the program, so that a test finds before anybody else whether they can be read.
var texts = sync.OnceValue(func() rule.Catalogue {
	all, err := Load(policies.FS)
	if err != nil {
		panic(err)
	}
	return all
})

// Load reads every file of texts but the criteria. A file may hold sentences, labels, or both; no code stands twice.
func Load(files fs.FS) (rule.Catalogue, error) {
	names, err := fs.Glob(files, "texts/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list texts: %w", err)
	}
	all := rule.Catalogue{}
	for _, name := range names {
		if name == criteria {
			continue
		}
		if err := add(all, files, name); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return all, nil
}

func add(all rule.Catalogue, files fs.FS, name string) error {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	more, err := rule.LoadCatalogue(bytes.NewReader(data))
	if err != nil {
		return err
	}
	for _, code := range more.Codes() {
		if _, twice := all[code]; twice {
			return fmt.Errorf("another file has %s as well", code)
		}
		all[code] = more[code]
	}
	return nil
}

// Text is the text of a code, as it stands; false for a code without one.
func Text(lang, code string) (string, bool) {
	text, known := texts()[code]
	return text.In(rule.Language(lang)), known
}

// Message words a code with its arguments; one without a text is worded as itself, which a test forbids. A place whose
// value nobody knows is left open.
func Message(lang, code string, args map[string]string) string {
	text, known := Text(lang, code)
	if !known {
		return code
	}
	return place.ReplaceAllStringFunc(text, func(named string) string {
		m := place.FindStringSubmatch(named)
		value, stated := args[m[1]]
		switch {
		case !stated:
			return "…"
		case m[2] == "":
			return value
		}
		return labels(lang, m[2], value, m[1] == "allowed")
	})
}

// place is where a sentence names a value: {opens}, or {state|track.month_state} for one of a closed list.
var place = regexp.MustCompile(`\{([a-z_]+)(?:\|([a-z_.]+))?\}`)

// labels are what values of a list are called. Where they are a choice, the code to send stands beside each.
func labels(lang, list, values string, choice bool) string {
	if values == "" {
		return ""
	}
	named := strings.Split(values, ", ")
	for i, value := range named {
		if label := LabelIn(lang, list, value); choice && label != value {
			named[i] = label + " (" + value + ")"
		} else {
			named[i] = label
		}
	}
	return strings.Join(named, ", ")
}

// Labelled are the arguments of a sentence with what it calls the values of closed lists in place of their codes.
func Labelled(lang, code string, args map[string]string) map[string]string {
	out := maps.Clone(args)
	text, _ := Text(lang, code)
	for _, m := range place.FindAllStringSubmatch(text, -1) {
		if value, stated := args[m[1]]; stated && m[2] != "" {
			out[m[1]] = labels(lang, m[2], value, false)
		}
	}
	return out
}

// Label is what a value of a closed list is called; a value without a label, such as one of a later release, is called
// by its code.
func Label[T codelist.Code[T]](lang string, value T) string {
	return LabelIn(lang, codelist.NameOf(reflect.TypeFor[T]()), string(value))
}

// LabelIn is Label by the name of the list.
func LabelIn(lang, list, value string) string {
	if label, known := texts()[list+"."+value]; known {
		return label.In(rule.Language(lang))
	}
	return value
}

// Codes are the codes of all texts: of a sentence what a fault says, of a label the list, a dot, the value.
func Codes() []string { return texts().Codes() }
