//go:build journeys

package journeys_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"

	"github.com/tanggap/tanggap/pkg/clock"
)

// The week of an auditor: a proof taken home, who saw whom, a sample, a finding, and nothing changed.
func TestAnAuditor(t *testing.T) {
	inEveryWay(t, func(t *testing.T, w way, n int) {
		b, clerk := in(t, w, "auditor"), clerkOf(t, "bandung")
		id := clerk.open(40+n, 2)[0]
		exportAndVerify(b)
		whoSaw(b, id)
		sampleAndFinding(b, clerk, id)
		changesNothing(b, id)
		b.quiet()
	})
}

// exportAndVerify orders an export, reads its passphrase once, fetches it and proves it without the server.
func exportAndVerify(b *tab) {
	b.Helper()
	b.visit("/ekspor")
	b.press(`main a[href="/ekspor/buat/export-create"]`)
	b.fill("format", "csv", "region", "3273", "reason", "Pemeriksaan tahunan")
	b.save()
	passphrase := read[string](b, `[...document.querySelectorAll("main dd")].map(e => e.innerText.trim())
		.find(s => /^[a-z0-9]{5}(-[a-z0-9]{5,6})+$/.test(s)) || ""`)
	if passphrase == "" {
		b.fail("the passphrase is not shown")
	}
	b.press(`main a.button`)
	at, _ := url.Parse(b.path())
	id := path.Base(at.Path)
	if strings.Contains(b.said(), passphrase) {
		b.fail("the passphrase is shown twice")
	}
	auditor := &clerk{T: b.T, token: b.cookie()}
	within(b.T, "the export is ready", func() bool {
		var x struct{ State string }
		auditor.call(http.MethodGet, "/v1/exports/"+id, nil, &x)
		return x.State == "ready"
	})
	b.visit("/ekspor/" + id)
	b.picture("journey export " + b.way.String())
	file := download(b, `main a[href$="/export-file"]`)
	verify(b.T, file, passphrase, b.lang)
}

// within waits for something that no page and no event tells.
func within(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick, late := time.NewTicker(100*time.Millisecond), time.After(patience)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("in vain: %s", what)
		}
	}
}

// download clicks on a link whose answer is saved.
func download(b *tab, selector string) string {
	b.Helper()
	folder := b.TempDir()
	yes := true
	ask(b, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllowAndName, BrowserContextID: chromedp.FromContext(b.ctx).BrowserContextID,
		DownloadPath: folder, EventsEnabled: &yes})
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	progress := chromedp.Events(ctx, browser.DownloadProgress)
	b.must(selector)
	b.do(chromedp.Click(chromedp.CSS(selector)))
	for p, err := range progress {
		if err != nil {
			b.fail("download: %v", err)
		}
		switch p.State {
		case browser.DownloadProgressStateCompleted:
			return filepath.Join(folder, p.GUID)
		case browser.DownloadProgressStateCanceled:
			b.fail("the download was cancelled")
		}
	}
	b.fail("nothing was downloaded")
	return ""
}

// verify proves a file with the program, which knows neither the server nor its database.
func verify(t *testing.T, file, passphrase, lang string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	sealed := filepath.Join(t.TempDir(), "histories.zip.age")
	if err := os.Rename(file, sealed); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, absolute(program), "verify", "--lang", lang, sealed)
	cmd.Dir, cmd.Env = t.TempDir(), []string{"TANGGAP_PASSPHRASE=" + passphrase}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "OK:") {
		t.Fatalf("verify: %v %s", err, out)
	}
}

// whoSaw asks who was shown a worker.
func whoSaw(b *tab, id string) {
	b.Helper()
	b.visit("/audit/akses?case=" + id)
	b.shows("Petugas Kota Bandung")
	b.picture("journey who saw " + b.way.String())
}

// sampleAndFinding draws a sample and records a finding on a case.
func sampleAndFinding(b *tab, c *clerk, id string) {
	b.Helper()
	b.visit("/audit/sampel")
	b.press(`main a[href="/audit/sampel/buat/sample-draw"]`)
	today := clock.System().Now().UTC()
	b.fill("from", today.AddDate(0, 0, -2).Format("02/01/2006"), "until", today.AddDate(0, 0, 1).Format("02/01/2006"),
		"size", "5", "seed", "undian "+b.Name())
	b.save()
	b.must(`main a[href^="/kasus/"]`)
	b.picture("journey sample " + b.way.String())
	b.form(id, "finding-record", "severity", "minor", "text", "Bukti PHK tidak ada dalam berkas.")
	var found struct{ Items []struct{ Text string } }
	c.call(http.MethodGet, "/v1/cases/"+id+"/findings", nil, &found)
	if len(found.Items) != 1 || found.Items[0].Text != "Bukti PHK tidak ada dalam berkas." {
		b.fail("the findings are %+v", found)
	}
}

// changesNothing tries every form of a case, drawn and sent, as the auditor.
func changesNothing(b *tab, id string) {
	b.Helper()
	b.visit("/kasus/" + id)
	for _, path := range read[[]string](b, `[...document.querySelectorAll('main a[href*="/buat/"], main form')]
		.map(e => e.getAttribute("href") || e.getAttribute("action"))`) {
		if strings.HasPrefix(path, "/kasus") && !strings.Contains(path, "/buat/finding-") {
			b.Errorf("an auditor is offered %s", path)
		}
	}
	forms := pagesOf(b.T, http.MethodPost, "/kasus/{id}/buat/")
	if len(forms) < 40 {
		b.fail("there are %d forms only", len(forms))
	}
	for _, form := range forms {
		if form.right == "finding.record" || form.right == "export.create" {
			continue
		}
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if status := b.request(method, strings.ReplaceAll(form.path, "{id}", id)); status != http.StatusForbidden {
				b.Errorf("%s %s is answered %d", method, form.path, status)
			}
		}
	}
}

// request sends the session of the tab along, as its browser would.
func (b *tab) request(method, path string) int {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), method, office.url+path, strings.NewReader("_key=k&_version=1"))
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(&http.Cookie{Name: "__Host-sesi", Value: b.cookie()})
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	_, _ = io.Copy(io.Discard, a.Body)
	return a.StatusCode
}
