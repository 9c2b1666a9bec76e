package export_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/export"
)

// No cell of a table can begin what a spreadsheet program runs, however it is dressed; what is no formula stays as it
// is.
func TestCellsAreNoFormulas(t *testing.T) {
	t.Parallel()
	for _, formula := range []string{"=1+1", "+1", "-1", "@SUM(A1)", " =1+1", "\u00a0=1+1", "\u3000 =1+1",
		"\u200b=1+1", "\ufeff=1+1", "＝1+1", " ＋1", "－1", "＠A1", "\t1", "\r1", "\n1", "\n =1"} {
		if got := export.Harmless(formula); got != "'"+formula {
			t.Errorf("%q became %q", formula, got)
		}
	}
	for _, text := range []string{"", "PT Maju", "a=b", "1+1", "5 - 6", "'=1", " PT", "baris\n=satu"} {
		if got := export.Harmless(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
	for text, want := range map[string]string{"a\x01b": "a\ufffdb", "\x01=1": "\ufffd=1", "a\u0085b": "a\ufffdb",
		"a\tb\nc": "a\tb\nc", "a\uffffb": "a\ufffdb"} {
		if got := export.Harmless(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
