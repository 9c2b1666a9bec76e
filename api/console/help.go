package console

import (
	"net/http"
	"slices"
	"strings"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/wording"
)

func (c *Console) registerHelp() {
	c.page(http.MethodGet, "/bantuan", "page-help", "", (*visit).help)
}

// keys are the access keys of the pages, as they stand in their templates.
var keys = []string{"s", "t", "n"}

// help says which keys there are, what the words of the house mean, and where to ask: to everybody, with the menu of
// whoever is signed in.
func (v *visit) help() error {
	if ctx, err := v.Edge.Visit(v.ctx(), v.actions["session-get"], v.token, ""); err == nil {
		v.r, v.actor = v.r.WithContext(ctx), rest.Caller(ctx)
	}
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
	slices.SortFunc(words, func(a, b fact) int {
		return strings.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label))
	})
	v.render(http.StatusOK, "help", v.T("console.help"), struct{ Keys, Words []fact }{pressed, words})
	return nil
}

// helpOf is what the law says of a field of an operation, with its article; empty where it says nothing.
func (v *visit) helpOf(op, name string) string {
	for _, code := range []string{"help." + op + "/" + name, "help." + name} {
		if text, known := wording.Text(v.lang(), code); known {
			return text
		}
	}
	return ""
}
