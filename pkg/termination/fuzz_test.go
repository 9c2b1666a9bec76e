package termination_test

import (
	"io/fs"
	"testing"

	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/termination"
	"github.com/tanggap/tanggap/policies"
)

// A file that the check lets pass can be used: every clock starts, ends after its start and names its law.
func FuzzProcedureFile(f *testing.F) {
	for _, name := range []string{"procedure-pp-35-2021.yaml", "procedure-permenaker-2-2025.yaml", "reasons-pp-35-2021.yaml"} {
		data, err := fs.ReadFile(policies.FS, folder+name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Add("programme: termination\nkind: procedure\nsteps: {}\n")
	cal := workdays(f)
	f.Fuzz(func(t *testing.T, text string) {
		p, problems := rule.Decode[termination.Procedure]([]byte(text))
		if len(problems) > 0 {
			return
		}
		for _, s := range termination.Steps() {
			c, err := p.Start(cal, s, date("2026-03-12"))
			if err != nil || !c.Due.Due.After(c.Starts) || c.Article == "" || !c.Confidence.Valid() {
				t.Errorf("%s: due %s by %q: %v", s, c.Due.Due, c.Article, err)
			}
		}
	})
}
