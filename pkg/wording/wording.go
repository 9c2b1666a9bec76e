// Package wording is the one home of what the program says to people: every sentence by its code and every value of a
// closed list, each in Indonesian and English side by side (policies/texts).
package wording

import (
	"bytes"
	"reflect"
	"regexp"
	"strings"
	"sync"

	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/policies"
)

var (
	messages = sync.OnceValue(func() rule.Catalogue { return load("texts/messages.yaml") })
	labels   = sync.OnceValue(func() rule.Catalogue { return load("texts/labels.yaml") })
)

// load reads a file that is in the program, so that a test finds before anybody else whether it can be read.
func load(name string) rule.Catalogue {
	data, err := policies.FS.ReadFile(name)
	if err != nil {
		panic(err)
	}
	texts, err := rule.LoadCatalogue(bytes.NewReader(data))
	if err != nil {
		panic(name + ": " + err.Error())
	}
	return texts
}

// Text is the text of a code, as it stands; false for a code without one.
func Text(lang, code string) (string, bool) {
	text, known := messages()[code]
	return text.In(rule.Language(lang)), known
}

// Message words a code with its arguments; one without a text is worded as itself, which a test forbids. A place whose
// value nobody knows is left open.
func Message(lang, code string, args map[string]string) string {
	text, known := Text(lang, code)
	if !known {
		return code
	}
	for name, value := range args {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return unfilled.ReplaceAllString(text, "…")
}

var unfilled = regexp.MustCompile(`\{[a-z_]+\}`)

// Label is what a value of a closed list is called; a value without a label, such as one of a later release, is called
// by its code.
func Label[T codelist.Code[T]](lang string, value T) string {
	return LabelIn(lang, codelist.NameOf(reflect.TypeFor[T]()), string(value))
}

// LabelIn is Label by the name of the list.
func LabelIn(lang, list, value string) string {
	if label, known := labels()[list+"."+value]; known {
		return label.In(rule.Language(lang))
	}
	return value
}

// Messages are the codes of all sentences.
func Messages() []string { return messages().Codes() }

// Labels are the codes of all labels: the list, a dot, the value.
func Labels() []string { return labels().Codes() }
