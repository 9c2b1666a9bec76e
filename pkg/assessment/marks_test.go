package assessment_test

import (
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/lawbook"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/policies"
)

// marked is the law with a mark on every file of the programmes in some folders.
func marked(t *testing.T, folder string) *assessment.Programmes {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(policies.FS, folder, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, "/texts.yaml") {
			return err
		}
		text, err := fs.ReadFile(policies.FS, name)
		const mark = "\nunder_replacement: {looked_at: 2026-11-28, note: {id: Rancangan, en: A draft}}\nvalid_from:"
		files[name] = &fstest.MapFile{Data: []byte(strings.Replace(string(text), "\nvalid_from:", mark, 1))}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	l, err := lawbook.Built(policies.FS, files)
	if err != nil {
		t.Fatal(err)
	}
	return l.Programmes
}

// versions are those that an answer names anywhere.
func versions(value any, found []string) []string {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			if name, is := inner.(string); is && key == "version" && name != "" {
				found = append(found, name)
			}
			if key != "under_replacement" {
				found = versions(inner, found)
			}
		}
	case []any:
		for _, inner := range v {
			found = versions(inner, found)
		}
	}
	return found
}

// No answer of any programme forgets the mark of a version that it names.
func TestNoAnswerForgetsAMark(t *testing.T) {
	t.Parallel()
	p, asked := marked(t, "programmes"), 0
	for _, row := range ruletest.Rows(t, "law_golden.csv") {
		var inputs map[string]any
		if err := json.Unmarshal([]byte(row["inputs"]), &inputs); err != nil {
			t.Fatal(err)
		}
		f := factsOf(row["programme"])
		if err := json.Unmarshal([]byte(told(t, row["programme"], inputs)), f); err != nil {
			t.Fatal(err)
		}
		answer, err := assessment.Ask(f, p, rule.English, today)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		var tree any
		if err := json.Unmarshal(text, &tree); err != nil {
			t.Fatal(err)
		}
		for _, name := range versions(tree, nil) {
			asked++
			if !slices.ContainsFunc(answer.UnderReplacement, func(r assessment.Replacing) bool {
				return strings.HasSuffix(r.Version, "/"+name) && r.Note == "A draft"
			}) {
				t.Errorf("%s: %s is not told: %+v", row["id"], name, answer.UnderReplacement)
			}
		}
	}
	if asked < 50 {
		t.Errorf("only %d versions were looked at", asked)
	}
}

// The mark of the procedure is told of its clocks, which name no version, and one of another programme is not.
func TestAMarkIsToldWhereItBelongs(t *testing.T) {
	t.Parallel()
	const facts = `{"terminated_on":"2026-11-20","reason":"EFFICIENCY_LOSS","grounds":[],
		"events":[{"event":"negotiation_started","on":"2026-11-25"}]}`
	for folder, want := range map[string]bool{"programmes/termination": true, "programmes/prakerja": false} {
		p := marked(t, folder)
		f := &assessment.Termination{}
		if err := json.Unmarshal([]byte(facts), f); err != nil {
			t.Fatal(err)
		}
		a, err := assessment.Ask(f, p, rule.Indonesian, today)
		if err != nil || len(a.Clocks) == 0 {
			t.Fatalf("%d clocks, %v", len(a.Clocks), err)
		}
		if got := len(p.Marks.Of(a.Clocks, rule.Indonesian)) > 0; got != want {
			t.Errorf("clocks with a mark in %s: %t", folder, got)
		}
		if got := len(a.UnderReplacement) > 0; got != want {
			t.Errorf("answer with a mark in %s: %t", folder, got)
		}
		r, err := assessment.Rights{Procedure: []assessment.ProcedureEvent{{Event: "negotiation_started", On: today}}}.
			Assess(p, rule.Indonesian, today)
		if got := len(r.UnderReplacement) > 0; err != nil || got != want {
			t.Errorf("rights with a mark in %s: %t %v", folder, got, err)
		}
	}
}
