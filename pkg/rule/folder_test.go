package rule_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tanggap/tanggap/pkg/rule"
)

const folder = "programmes/sample/"

func files(named map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range named {
		fsys[folder+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

const words = "x: {id: Umur, en: Age}\n"

func TestLoadFilesReadsTheWholeFolder(t *testing.T) {
	t.Parallel()
	next := strings.NewReplacer("id: s-1", "id: s-2", "valid_until: 2021-01-01", "valid_until: 2022-01-01",
		"valid_from: 2020-01-01", "valid_from: 2021-01-01").Replace(sound) + "texts:\n  y: {id: Upah, en: Wage}\n"
	f, err := rule.LoadFiles(files(map[string]string{"b.yaml": sound, "a.yaml": next, "texts.yaml": words}), "sample",
		schema())
	if err != nil {
		t.Fatal(err)
	}
	if f.Texts["x"].EN != "Age" || f.Texts["y"].ID != "Upah" || len(f.Texts) != 2 {
		t.Errorf("texts %v", f.Texts)
	}
	line, err := rule.TimelineOf[sample](f)
	if err != nil || len(line.List()) != 2 || line.List()[0].ID != "s-1" {
		t.Errorf("%v", err)
	}
	if _, err := rule.OnlyOf[sample](f); err == nil {
		t.Error("two files are taken for the only one")
	}
	if _, err := rule.TimelineOf[unbounded](f); err == nil || len(rule.FilesOf[unbounded](f)) != 0 {
		t.Errorf("a kind of which there is no file: %v", err)
	}
}

func TestLoadFilesLeavesNothingOut(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"nothing":     {nil, "no parameter file in programmes/sample"},
		"words alone": {map[string]string{"texts.yaml": words}, "no parameter file"},
		"another kind": {
			map[string]string{"a.yaml": sound, "b.yaml": strings.Replace(sound, "kind: rules", "kind: x", 1)},
			"load programmes/sample/b.yaml: line 1: programme: no programme reads",
		},
		"another programme": {
			map[string]string{"a.yaml": strings.Replace(sound, "programme: sample", "programme: x", 1)},
			"load programmes/sample/a.yaml: line 1: programme: no programme reads",
		},
		"another ending": {map[string]string{"a.yaml": sound, "b.yml": "cap: 1"}, "load programmes/sample/b.yml: "},
		"words in one language": {
			map[string]string{"a.yaml": sound, "texts.yaml": "x: {id: Umur}"},
			"load programmes/sample/texts.yaml: text x is not in both languages",
		},
		"words that differ": {
			map[string]string{"a.yaml": sound + "texts:\n  x: {id: Usia, en: Age}\n", "texts.yaml": words},
			"text x stands elsewhere with other words",
		},
		"a broken file": {
			map[string]string{"a.yaml": strings.ReplaceAll(sound, "confidence: V", "confidence: W")},
			"load programmes/sample/a.yaml: line 8: cap: ",
		},
	} {
		if _, err := rule.LoadFiles(files(c.files), "sample", schema()); err == nil || !strings.Contains(err.Error(),
			c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestLoadFilesReturnsAllProblems(t *testing.T) {
	t.Parallel()
	bad := strings.ReplaceAll(sound, "confidence: V", "confidence: W")
	_, err := rule.LoadFiles(files(map[string]string{"a.yaml": bad}), "sample", schema())
	if problems, ok := errors.AsType[*rule.ProblemError](err); !ok || len(problems.Problems) != 5 {
		t.Errorf("error %v", err)
	}
	big := sound + strings.Repeat("# x\n", 1<<18)
	if len(rule.CheckData([]byte(big), schema())) == 0 {
		t.Error("a file of more than 1 MiB has no problem")
	}
}
