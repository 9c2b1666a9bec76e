package console_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
)

var tileOf = regexp.MustCompile(`<g class="tile"><title>([^:<]+): ([^<]+)</title>`)

// tilesOn are the provinces of a page's map, each with its number in words.
func tilesOn(page string) map[string]string {
	on := map[string]string{}
	for _, m := range tileOf.FindAllStringSubmatch(page, -1) {
		on[m[1]] = m[2]
	}
	return on
}

func ok(t *testing.T, o *apitest.Officer, path string) string {
	t.Helper()
	a := o.Page(t, path)
	if a.Status != http.StatusOK {
		t.Fatalf("%s: %d %s", path, a.Status, a.Body)
	}
	return string(a.Body)
}

// has and hasNot tell which of some texts a page has.
func has(t *testing.T, what, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("%s has no %q:\n%s", what, text, page)
		}
	}
}

func hasNot(t *testing.T, what, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(page, text) {
			t.Errorf("%s has %q", what, text)
		}
	}
}

// The nation's page has all 38 provinces, each with the number that the reports tell, and those of a province when it
// is chosen; before the first count there is no number, and no nought.
func TestTheNationOnAMap(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	ministry, bandung := b.Officer(t, authz.Supervisor, ""), b.Officer(t, authz.Supervisor, "3273")
	first := bandung.Open(t, "3273", 1, "Siti")
	bandung.Open(t, "3273", 2, "Budi")
	b.Officer(t, authz.Supervisor, "3301").Open(t, "3301", 3, "Tuti")
	page := ok(t, ministry, "/nasional")
	tiles := tilesOn(page)
	if len(tiles) != 38 || tiles["Jawa Barat"] != "–" {
		t.Errorf("before the count: %d provinces, %q", len(tiles), tiles["Jawa Barat"])
	}
	has(t, "before the count", page, "Belum ada angka")
	bandung.Change(t, &first, "/placements", map[string]any{"employer": "PT Baru", "position": "x", "started_on": "2026-11-02"})
	if err := b.Store.Rollup(t.Context()); err != nil {
		t.Fatal(err)
	}
	page = ok(t, ministry, "/nasional")
	if tiles = tilesOn(page); tiles["Jawa Barat"] != "2" || tiles["Jawa Tengah"] != "1" || tiles["Aceh"] != "–" {
		t.Errorf("open cases are %v", tiles)
	}
	has(t, "the nation", page, `<strong>3</strong> Kasus terbuka`, `href="/nasional?figure=open&amp;region=32"`, "Dihitung ",
		"/laporan/funnel/gambar", "/laporan/time_to_placement/gambar", "/laporan/layoffs/gambar?by=month")
	page = ok(t, ministry, "/nasional?figure=placed&region=32")
	if tiles = tilesOn(page); tiles["Jawa Barat"] != "50%" || tiles["Jawa Tengah"] != "0%" {
		t.Errorf("shares placed are %v", tiles)
	}
	has(t, "the province", page, "<h1>Jawa Barat</h1>", "Kota Bandung", `<td class="number" data-label="Sudah ditempatkan">50%`,
		`<strong>50%</strong> Sudah ditempatkan`, `stroke-width="4"`)
	hasNot(t, "the province", page, "Kabupaten Cilacap", "style=")
	if tiles = tilesOn(ok(t, ministry, "/nasional?figure=overdue")); tiles["Jawa Barat"] == "–" || tiles["Aceh"] == "" {
		t.Errorf("overdue cases are %v", tiles)
	}
}

// A province sees itself on the map and nobody else; who may not see how busy officers are is not offered it, and a
// case worker has no such page. The page starts the day of the ministry alone.
func TestTheMapShowsTheCallersRegions(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	b.Officer(t, authz.Supervisor, "3301").Open(t, "3301", 3, "Tuti")
	b.Officer(t, authz.Supervisor, "3273").Open(t, "3273", 1, "Siti")
	if err := b.Store.Rollup(t.Context()); err != nil {
		t.Fatal(err)
	}
	java := b.Officer(t, authz.Supervisor, "32")
	page := ok(t, java, "/nasional")
	if tiles := tilesOn(page); tiles["Jawa Barat"] != "1" || tiles["Jawa Tengah"] != "–" {
		t.Errorf("a province is shown %v", tiles)
	}
	hasNot(t, "a province", page, "region=33", ">Jawa Tengah</a>")
	for _, path := range []string{"/nasional?region=33", "/nasional?region=3301"} {
		if a := java.Page(t, path); a.Status != http.StatusForbidden || strings.Contains(string(a.Body), "Jawa Tengah") {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	analyst := b.Officer(t, authz.Analyst, "")
	page = ok(t, analyst, "/nasional")
	hasNot(t, "an analyst", page, "Kasus lewat tenggat", "/kasus?")
	if tiles := tilesOn(page); tiles["Jawa Barat"] != "disembunyikan" { // one worker is as good as a name
		t.Errorf("an analyst is shown %v", tiles)
	}
	if a := analyst.Page(t, "/nasional?figure=overdue"); a.Status != http.StatusForbidden {
		t.Errorf("an analyst asks for what is overdue: %d", a.Status)
	}
	if a := b.Officer(t, authz.CaseWorker, "").Page(t, "/nasional"); a.Status != http.StatusForbidden {
		t.Errorf("a case worker: %d", a.Status)
	}
	for role, start := range map[authz.Role]string{authz.Supervisor: "/nasional", authz.CaseWorker: "/tugas"} {
		if a := b.Officer(t, role, "").Page(t, "/", "Accept", "text/html"); a.Header.Get("Location") != start {
			t.Errorf("the day of a national %s starts at %s", role, a.Header.Get("Location"))
		}
	}
	if a := java.Page(t, "/", "Accept", "text/html"); a.Header.Get("Location") != "/kantor" {
		t.Errorf("the day of a head starts at %s", a.Header.Get("Location"))
	}
}
