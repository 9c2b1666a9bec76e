package termination_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/termination"
)

// A file that the check lets pass can be used: every clock starts, ends after its start and names its law.
func FuzzProcedureFile(f *testing.F) {
	cal := ruletest.Workdays(f)
	ruletest.Fuzz(f, programme, func(t *testing.T, file termination.Settlement) {
		p := termination.NewProcedure(termination.Opening{}, file)
		for s := range p.Steps {
			c, err := p.Start(cal, s, date("2026-03-12"))
			if err != nil || !c.Due.Due.After(c.Starts) || c.Article == "" || !c.Confidence.Valid() {
				t.Errorf("%s: due %s by %q: %v", s, c.Due.Due, c.Article, err)
			}
		}
	})
}
