package termination_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/termination"
	"github.com/tanggap/tanggap/policies"
)

const folder = "programmes/termination/"

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := fs.ReadFile(policies.FS, folder+name)
	if err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	return string(data)
}

func TestEveryFileOfTheFolderIsReadByASchema(t *testing.T) {
	t.Parallel()
	fsys := policies.FS
	paths, err := fs.Glob(fsys, folder+"*")
	if err != nil || len(paths) != 6 {
		t.Fatalf("found %d files, want 6: %v", len(paths), err)
	}
	for _, path := range paths {
		for _, p := range rule.Check(fsys, path, termination.Schemas()...) {
			t.Errorf("%s: %s", path, p)
		}
	}
}

func TestFilesWithoutSenseAreRefused(t *testing.T) {
	t.Parallel()
	procedure, reasons := "procedure-pp-35-2021.yaml", "reasons-pp-35-2021.yaml"
	validity, prevention := "validity-mk-168-2023.yaml", "prevention-se-907-2004.yaml"
	for name, c := range map[string]struct{ file, old, new, want string }{
		"clock without days":           {procedure, "{value: 14,", "{value: 0,", "between 1 and 250"},
		"clock of more than a year":    {procedure, "{value: 14,", "{value: 400,", "between 1 and 250"},
		"clock without article":        {procedure, "article: Art. 39(1), ", "", "no article"},
		"clock without confidence":     {procedure, "article: Art. 39(1), confidence: V+", "article: Art. 39(1)", "confidence"},
		"unknown step":                 {procedure, "  refusal:", "  refused:", "unknown step"},
		"missing step":                 {procedure, "  refusal:", "  refused:", "step refusal is missing"},
		"unknown event":                {procedure, "stopped_by: choice_made", "stopped_by: chosen", "unknown event"},
		"clock that stops itself":      {procedure, "stopped_by: choice_made", "stopped_by: choice_offered", "same event"},
		"unknown bound":                {procedure, "bound: at_least", "bound: about", "neither at_most nor at_least"},
		"unknown consequence":          {procedure, "value: rejection", "value: consent", "not allowed"},
		"unknown key":                  {procedure, "bound: at_least", "bounds: at_least", "bounds"},
		"missing reason":               {reasons, "  BANKRUPT:", "  BROKE:", "reason BANKRUPT is missing"},
		"unknown reason":               {reasons, "  BANKRUPT:", "  BROKE:", "unknown reason"},
		"letter outside a to o":        {reasons, "value: f,", "value: q,", "not allowed"},
		"unknown exclusion":            {reasons, "value: when_permanent_total", "value: perhaps", "not allowed"},
		"reason without article":       {reasons, "    article: Art. 47\n", "", "no article"},
		"unknown need":                 {validity, "value: final_decision", "value: goodwill", "not allowed"},
		"measure out of order":         {prevention, "code: reduce_hours", "code: reduce_days", "want the measures"},
		"open question without a note": {"validity-pp-35-2021.yaml", ", note: \"the text", ", reference: \"the text", "needs a note"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := read(t, c.file)
			broken := strings.Replace(text, c.old, c.new, 1)
			if broken == text {
				t.Fatalf("%q does not stand in %s", c.old, c.file)
			}
			var found []string
			for _, p := range rule.CheckData([]byte(broken), termination.Schemas()...) {
				found = append(found, p.String())
			}
			if !strings.Contains(strings.Join(found, "\n"), c.want) {
				t.Errorf("problems %q, want one that says %q", found, c.want)
			}
		})
	}
}

func TestLoadRefusesAFolderThatIsNotWhole(t *testing.T) {
	t.Parallel()
	files := func() fstest.MapFS {
		m := fstest.MapFS{}
		for _, name := range []string{
			"procedure-pp-35-2021.yaml", "procedure-permenaker-2-2025.yaml", "validity-pp-35-2021.yaml",
			"validity-mk-168-2023.yaml", "reasons-pp-35-2021.yaml", "prevention-se-907-2004.yaml",
		} {
			m[folder+name] = &fstest.MapFile{Data: []byte(read(t, name))}
		}
		return m
	}
	if _, err := termination.Load(files()); err != nil {
		t.Fatalf("the whole folder: %v", err)
	}
	for _, kind := range []string{"procedure-*", "validity-*", "reasons-*", "prevention-*"} {
		part := files()
		paths, err := fs.Glob(part, folder+kind)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			delete(part, path)
		}
		if _, err := termination.Load(part); err == nil {
			t.Errorf("a folder without %s loads", kind)
		}
	}
	gap := files()
	gap[folder+"procedure-permenaker-2-2025.yaml"].Data = []byte(strings.Replace(
		read(t, "procedure-permenaker-2-2025.yaml"), "valid_from: 2025-02-07", "valid_from: 2025-02-08", 1))
	if _, err := termination.Load(gap); err == nil {
		t.Error("versions with a day between them load")
	}
}

func TestTheTwoProceduresDifferOnlyInTheReportToTheInsurer(t *testing.T) {
	t.Parallel()
	before, after := procedureAt(t, "2025-02-06"), procedureAt(t, "2025-02-07")
	if before.ID == after.ID {
		t.Fatalf("one version %s on both sides of 7 February 2025", before.ID)
	}
	for _, s := range termination.Steps() {
		b, a := before.Steps[s].WorkingDays, after.Steps[s].WorkingDays
		if b.Value != a.Value {
			t.Errorf("%s: %d working days before, %d after", s, b.Value, a.Value)
		}
		if same := b.Source == a.Source; same == (s == termination.InsurerReport) {
			t.Errorf("%s: source before %s, after %s", s, b.Source, a.Source)
		}
	}
	if !before.Steps[termination.InsurerReport].WorkingDays.Unverified() {
		t.Error("the old text of the report to BPJS-TK was not read and has to be shown as unverified")
	}
}

func TestNothingIsKnownBeforeTheFirstFile(t *testing.T) {
	t.Parallel()
	l := law(t)
	if _, err := l.Procedures.At(date("2021-02-01")); err == nil {
		t.Error("a procedure before PP 35/2021")
	}
	if _, err := l.Preventions.At(date("2004-10-27")); err == nil {
		t.Error("measures before the circular")
	}
}
