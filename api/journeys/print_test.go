//go:build journeys

package journeys_test

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

var sheet = regexp.MustCompile(`/Type\s*/Page\b[^s]`)

// Paper shows what the page shows, and none of the ways to other pages.
func TestPaper(t *testing.T) {
	id := clerkOf(t, "bandung").open(70, 1)[0]
	b := in(t, way{"id", true}, "bandung")
	for _, path := range []string{"/kasus/" + id, "/tugas?officer=semua", "/kasus"} {
		b.visit(path)
		ctx, cancel := context.WithTimeout(b.ctx, patience)
		paper, err := chromedp.Run(ctx, chromedp.PrintToPDF())
		cancel()
		if err != nil || !bytes.HasPrefix(paper, []byte("%PDF-")) || len(sheet.FindAll(paper, -1)) == 0 {
			t.Errorf("%s on paper: %v, %d bytes", path, err, len(paper))
		}
		name := pictures + "/paper-" + inName.ReplaceAllString(uuids.ReplaceAllString(path, "id"), "-") + ".pdf"
		if err := os.WriteFile(name, paper, 0o600); err != nil {
			t.Error(err)
		}
		ask(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		if shown := read[[]string](b, `[...document.querySelectorAll("nav, .skip, header form, main form button, aside")]
			.filter(e => e.checkVisibility() && e.getClientRects().length).map(e => e.outerHTML.slice(0, 100))`); len(shown) > 0 {
			t.Errorf("%s prints %q", path, shown)
		}
		ask(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{})
	}
	b.quiet()
}
