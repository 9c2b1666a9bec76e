package main

import (
	"bytes"
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/tanggap/tanggap/pkg/store"
)

// The language is that which was asked for last: by the flag, by its variable, by the locale.
func TestTheLanguageIsThatAskedFor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ args, variable, locale, want string }{
		{"", "", "", "id"}, {"", "", "C.UTF-8", "id"}, {"", "", "en_GB.UTF-8", "en"}, {"", "id", "en_GB.UTF-8", "id"},
		{"case list --lang=en", "id", "", "en"}, {"--lang id case list", "en", "en", "id"}, {"--lang fr", "", "", "id"},
		{"--lang=fr", "en", "", "en"},
		{"--lang", "en", "", "en"}, {"", "fr", "en_US", "en"},
	} {
		env := map[string]string{"TANGGAP_LANG": c.variable, "LANG": c.locale}
		if got := tongueOf(strings.Fields(c.args), func(name string) string { return env[name] }); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

// saying are the functions whose first text people read, and at which place it stands.
var saying = map[string]int{"fmt.Errorf": 0, "errors.New": 0, "fmt.Print": 0, "fmt.Println": 0, "fmt.Printf": 0,
	"fmt.Fprint": 1, "fmt.Fprintf": 1, "fmt.Fprintln": 1, "d.try": 1, "d.skip": 1}

// forAll are texts that are the same in every language, for programs read them.
var forAll = []string{"passphrase:", "tanggap:", "%d of %d"}

// sentences are what the code says: by spoken, and past it.
func sentences(t *testing.T) (said map[string]bool, past []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	said = map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, is := n.(*ast.CallExpr)
			if !is {
				return true
			}
			called := nameOf(call.Fun)
			if text, constant := constantOf(call.Args, 0); constant && called == "spoken" {
				said[text] = true
			}
			if at, speaks := saying[called]; speaks {
				text, constant := constantOf(call.Args, at)
				if words := verbs.ReplaceAllString(text, ""); constant && hasWord.MatchString(words) &&
					!slices.Contains(forAll, text) {
					past = append(past, name+": "+text)
				}
			}
			return true
		})
	}
	return said, past
}

var (
	verbs   = regexp.MustCompile(`%[-+ #0-9.]*[a-zA-Z]`)
	hasWord = regexp.MustCompile(`[A-Za-z]{2,}`)
)

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return nameOf(e.X) + "." + e.Sel.Name
	}
	return ""
}

// constantOf is the text of an argument that is written out.
func constantOf(args []ast.Expr, at int) (string, bool) {
	if at >= len(args) {
		return "", false
	}
	switch e := args[at].(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, e.Kind == token.STRING && err == nil
	case *ast.BinaryExpr:
		left, one := constantOf([]ast.Expr{e.X}, 0)
		right, two := constantOf([]ast.Expr{e.Y}, 0)
		return left + right, one && two
	}
	return "", false
}

// helps are the texts of the help of a command and of all below it, as the code has them.
func helps(said map[string]bool, n *kong.Node) {
	for _, text := range []string{n.Help, n.Detail} {
		said[text] = true
	}
	for _, f := range n.Flags {
		said[f.OrigHelp] = true
	}
	for _, a := range n.Positional {
		said[a.OrigHelp] = true
	}
	for _, child := range n.Children {
		helps(said, child)
	}
}

// Whatever the command line says is said in Indonesian as well, with the same values at the same verbs; and nothing
// else is.
func TestEverySentenceIsSpokenInBothLanguages(t *testing.T) {
	t.Parallel()
	said, past := sentences(t)
	for _, text := range past {
		t.Errorf("%q: say it by spoken", text)
	}
	parser, err := newParser(context.Background(), &cli{})
	if err != nil {
		t.Fatal(err)
	}
	helps(said, parser.Model.Node)
	for _, check := range store.Checks() {
		said[check.Asks], said[check.Cure] = true, true
	}
	for _, o := range demoOfficers {
		said[o.does] = true
	}
	delete(said, "")
	for text := range said {
		translation := indonesian()[text]
		if translation == "" {
			t.Errorf("no Indonesian for %q in words.id.yaml", text)
		} else if got, want := verbs.FindAllString(translation, -1), verbs.FindAllString(text, -1); !slices.Equal(got,
			want) {
			t.Errorf("%q has the places %v, %q has %v", translation, got, text, want)
		}
	}
	for text := range indonesian() {
		if !said[text] {
			t.Errorf("nothing says %q", text)
		}
	}
}

// foreign are words that only the other language has.
var foreign = map[string][]string{
	"id": strings.Fields("the is of and not with for which was are it this that must cannot without expected unknown " +
		"missing has have what when where there refused read open"),
	"en": strings.Fields("yang dan dari tidak dengan untuk adalah ini itu pada atau oleh sudah belum bila dalam akan " +
		"wajib harus kasus berkas perintah opsi"),
}

// name is a word that is the same in every language: a flag, a path, a variable, a code, a quotation.
var name = regexp.MustCompile("X-Forwarded-For|`[^`]*`" + `|"[^"]*"|<[^>]*>|--?[a-z][-a-z]*|\S*[/._=@]\S*|[A-Z_]{2,}`)

func foreignIn(lang, text string) (found []string) {
	for _, word := range strings.FieldsFunc(strings.ToLower(name.ReplaceAllString(text, " ")), func(r rune) bool {
		return r < 'a' || r > 'z'
	}) {
		if slices.Contains(foreign[lang], word) {
			found = append(found, word)
		}
	}
	return found
}

// speaks runs the program in a language and gives all that it says.
func speaks(t *testing.T, lang string, args ...string) string {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	folder := t.TempDir()
	cmd := bound(t, append(os.Environ(), "TANGGAP_LANG="+lang, "LANG=C", "TANGGAP_SERVER=http://127.0.0.1:1",
		"TANGGAP_DATA_DIR="+filepath.Join(folder, "none"), "COLUMNS=400"), path, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = folder, &out, &out
	_ = cmd.Run() // that it fails is seen in what it says
	return out.String()
}

// commandsOf are the calls of all commands.
func commandsOf(n *kong.Node, called []string) (all [][]string) {
	for _, child := range n.Children {
		path := append(slices.Clone(called), child.Name)
		all = append(append(all, path), commandsOf(child, path)...)
	}
	return all
}

// Each run speaks one language: in its help, and in what it says of wrong input, settings, files and places.
func TestARunSpeaksOneLanguage(t *testing.T) {
	t.Parallel()
	parser, err := newParser(context.Background(), &cli{})
	if err != nil {
		t.Fatal(err)
	}
	calls := [][]string{{}, {"--help"}}
	for _, command := range commandsOf(parser.Model.Node, nil) {
		calls = append(calls, append(command, "--help"))
	}
	for _, line := range []string{"verify none.zip", "verify " + os.Args[0], "sign-in a@b.go.id", "export -o x",
		"intake none.xlsx", "intake .", "officer add x@y.go.id --name N --role boss", "officer password x@y.go.id",
		"officer add", "case show 1", "case list --limit x", "unpack none out", "assess jkp none.jsonl", "assess boss none",
		"assess jkp . --format pdf", "simulate none", "simulate --from x --claims 1", "simulate --claims x",
		"policy check none", "policy check words.id.yaml", "policy explain a b c", "law put none", "law withdraw x --reason y",
		"law withdraw x --reason y --unreadable", "serve --workers=-1", "serve --listen x", "serve --patience 0s",
		"serve --patience x", "serve --origins x", "serve --proxies x", "serve --connections 1", "serve --log-level x",
		"migrate --owner-database-url postgres://x", "migrate --database-url postgres://x", "doctor",
		"doctor --connections 1", "keys adopt --reason x", "checkpoints adopt --reason x", "demo --database-url postgres://x",
		"set-password a@b.go.id", "bogus", "case list --lang=xx", "serve --tidak-ada", "case", "case list extra"} {
		calls = append(calls, strings.Fields(line))
	}
	for _, args := range calls {
		for _, lang := range slices.Sorted(maps.Keys(foreign)) {
			text := speaks(t, lang, args...)
			if found := foreignIn(lang, text); len(found) > 0 || text == "" {
				t.Errorf("tanggap %s in %s says %v:\n%s", strings.Join(args, " "), lang, found, text)
			}
		}
	}
}
