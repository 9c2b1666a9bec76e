package ruletest

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/policies"
)

// Run tests the contract of a programme's files: they load, every figure is that of testdata/golden_figure.csv, no
// figure can be lost or made senseless unseen, and neither can a version, a file or a word.
func Run(t *testing.T, p Programme) {
	t.Helper()
	t.Run("files load", func(t *testing.T) {
		t.Parallel()
		if err := p.Load(policies.FS); err != nil {
			t.Error(err)
		}
	})
	t.Run("every figure is golden", func(t *testing.T) { t.Parallel(); figures(t, p) })
	t.Run("every figure is needed", func(t *testing.T) { t.Parallel(); needed(t, p) })
	t.Run("versions meet", func(t *testing.T) { t.Parallel(); versions(t, p) })
	t.Run("nothing is left out", func(t *testing.T) { t.Parallel(); leftOut(t, p) })
}

// head is what the contract reads of a file.
type head struct {
	Kind       string
	ValidFrom  calendar.Date `yaml:"valid_from"`
	ValidUntil calendar.Date `yaml:"valid_until"`
}

func headOf(t testing.TB, text string) head {
	t.Helper()
	var h head
	if err := yaml.Unmarshal([]byte(text), &h); err != nil {
		t.Fatal(err)
	}
	return h
}

// versions moves each end of a version by a day: a gap and an overlap are refused, and so is a version twice.
func versions(t *testing.T, p Programme) {
	t.Helper()
	for _, name := range p.Files(t) {
		text := p.Read(t, name)
		again := p.Copy(t)
		again.Put("again-"+name, text)
		refuse(t, p, again.FS, name+" twice")
		until := headOf(t, text).ValidUntil
		if until.IsZero() {
			continue
		}
		line := "valid_until: " + until.String() + "\n"
		for _, other := range []string{
			"", "valid_until: " + until.AddDays(-1).String() + "\n", "valid_until: " + until.AddDays(1).String() + "\n",
		} {
			refuse(t, p, p.Edited(t, name, line, other).FS, name+" with "+line+" as "+other)
		}
	}
}

// leftOut takes away each kind of file, and adds files that nobody reads.
func leftOut(t *testing.T, p Programme) {
	t.Helper()
	kinds := map[string][]string{}
	for _, name := range p.Files(t) {
		kind := headOf(t, p.Read(t, name)).Kind
		kinds[kind] = append(kinds[kind], name)
	}
	for kind, names := range kinds {
		without := p.Copy(t)
		for _, name := range names {
			without.Delete(name)
		}
		refuse(t, p, without.FS, "a folder without files of kind "+kind)
		for old, other := range map[string]string{
			"kind: " + kind: "kind: other", "programme: " + p.Name: "programme: other", "id: ": "identity: ",
		} {
			refuse(t, p, p.Edited(t, names[0], old, other).FS, names[0]+" with "+other)
		}
	}
	if len(kinds) != len(p.Schemas) {
		t.Errorf("%d kinds of files, %d schemas", len(kinds), len(p.Schemas))
	}
	refuse(t, p, Folder{p.Name, nil}.FS, "no folder")
	more := p.Copy(t)
	more.Put("texts.yaml", "a: {id: satu}\n")
	refuse(t, p, more.FS, "words in one language")
}

// refuse wants the folder not to load.
func refuse(t *testing.T, p Programme, fsys fs.FS, what string) {
	t.Helper()
	if err := p.Load(fsys); err == nil {
		t.Errorf("%s loads", what)
	}
}

// needed breaks every value of every file in every way, and wants a problem for each that names it.
func needed(t *testing.T, p Programme) {
	t.Helper()
	for _, file := range p.Files(t) {
		text, planted := p.Read(t, file), 0
		for what, b := range breakages {
			broken, keys := breakText(t, text, b)
			problems := rule.CheckData([]byte(broken), p.Schemas...)
			for _, key := range keys {
				if !slices.ContainsFunc(problems, func(p rule.Problem) bool { return speaksOf(p, key) }) {
					t.Errorf("%s: %s %s: nothing of it in %v", file, key, what, problems)
				}
			}
			planted += len(keys)
		}
		if planted < 10 {
			t.Errorf("%s: only %d faults planted", file, planted)
		}
	}
}

// speaksOf reports whether the problem is at the key, or at what lies above or below it.
func speaksOf(p rule.Problem, key string) bool {
	return p.Key != "" && (strings.HasPrefix(p.Key+".", key+".") || strings.HasPrefix(key+".", p.Key+"."))
}
