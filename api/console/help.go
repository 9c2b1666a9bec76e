package console

import (
	"net/http"
	"strings"

	"github.com/tanggap/tanggap/pkg/wording"
)

func (c *Console) registerHelp() {
	c.page(http.MethodGet, "/bantuan", "page-help", "", (*visit).help)
}

// keys are the access keys of the pages, as they stand in their templates.
var keys = []string{"s", "t", "n"}

// help says which keys there are, what the words of the house mean, and where to ask.
func (v *visit) help() error {
	var pressed, words []fact
	for _, key := range keys {
		pressed = append(pressed, fact{strings.ToUpper(key), v.T("console.help_key_" + key)})
	}
	for _, code := range wording.Codes() {
		if text, _ := wording.Text(v.lang(), code); strings.HasPrefix(code, "word.") {
			word, meaning, _ := strings.Cut(text, ": ")
			words = append(words, fact{word, meaning})
		}
	}
	v.render(http.StatusOK, "help", v.T("console.help"), struct{ Keys, Words []fact }{pressed, words})
	return nil
}

// helpOf is what the law says of a field of an operation, with its article; empty where it says nothing.
func (v *visit) helpOf(op, name string) string {
	for _, code := range []string{"help." + op + "." + name, "help." + name} {
		if text, known := wording.Text(v.lang(), code); known {
			return text
		}
	}
	return ""
}
