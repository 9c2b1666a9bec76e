//go:build journeys

package journeys_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/input"
)

// Every page that an officer can come to, in both languages: axe finds nothing, it fits on a telephone, says nothing in
// the browser's console, and is used by keyboard alone. A page is examined once in each language, by whom first comes to
// it: on a screen in Indonesian and on a telephone in English.
func TestEveryPage(t *testing.T) {
	clerk := clerkOf(t, "bandung")
	ids := clerk.open(60, 3)
	clerk.change(ids[0], "/claims", map[string]any{"citizenship": "wni", "reason": "RESIGN", "willing": "yes"})
	clerk.change(ids[0], "/applications", map[string]any{"employer": "PT Maju", "position": "Operator"})
	t.Run("as", func(t *testing.T) {
		for _, name := range []string{"bandung", "jabar", "pusat", "auditor", "admin"} {
			for _, lang := range []string{"id", "en"} {
				t.Run(name+" in "+lang, func(t *testing.T) {
					t.Parallel()
					newCrawl(in(t, way{lang, true}, name), name, ids[0]).run()
				})
			}
		}
	})
	seen.Lock()
	seen.pages = len(examined.by["id"])
	seen.Unlock()
}

// examined are the pages that somebody has looked at closely.
var examined = struct {
	sync.Mutex
	by map[string]map[string]bool
}{by: map[string]map[string]bool{"id": {}, "en": {}}}

// first tells whether nobody has been to this page in this language.
func first(lang, page string) bool {
	examined.Lock()
	defer examined.Unlock()
	was := examined.by[lang][page]
	examined.by[lang][page] = true
	return !was
}

// crawl is a walk over everything that an officer is led to.
type crawl struct {
	*tab
	name string
	todo []string
	been map[string]bool
}

func newCrawl(b *tab, name, id string) *crawl {
	c := &crawl{tab: b, name: name, been: map[string]bool{}}
	c.follow([]string{"/kasus/" + id, "/akun", "/cari", "/masuk", "/laporan", "/audit/akses?case=" + id})
	for _, r := range append(pagesOf(b.T, http.MethodGet, "/"), route{path: "/"}) {
		if path := strings.ReplaceAll(r.path, "/kasus/{id}", "/kasus/"+id); !strings.Contains(path, "{") {
			c.follow([]string{path})
		}
	}
	return c
}

var uuids = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// files are addresses whose answer is no page of the console.
var files = regexp.MustCompile(`/(csv|xlsx|gambar|hak|dokumen/[^/]*|give|berkas|export-file|intake-report)$|^/(static|docs|v1|openapi|healthz|` +
	`readyz|metrics)`)

// follow notes addresses; pages that differ only in whom or what they show count as one.
func (c *crawl) follow(links []string) {
	for _, link := range links {
		at, err := url.Parse(link)
		if err != nil || at.Host != "" || !strings.HasPrefix(at.Path, "/") || files.MatchString(at.Path) {
			continue
		}
		if page := pageAt(at.Path); !c.been[page] {
			c.been[page] = true
			c.todo = append(c.todo, link)
		}
	}
}

func pageAt(path string) string {
	if strings.HasPrefix(path, "/laporan/") {
		path = "/laporan/{report}"
	}
	return uuids.ReplaceAllString(path, "{id}")
}

func (c *crawl) run() {
	for len(c.todo) > 0 {
		link := c.todo[0]
		c.todo = c.todo[1:]
		status := c.visit(link)
		if status != http.StatusOK {
			if status != http.StatusForbidden && status != http.StatusNotFound {
				c.Errorf("%s is answered %d", link, status)
			}
			continue
		}
		c.follow(read[[]string](c.tab, `[...document.querySelectorAll("a[href]")].map(e => e.getAttribute("href"))`))
		at, _ := url.Parse(c.path())
		if page := pageAt(at.Path); first(c.lang, page) {
			c.examine(page)
		}
	}
	c.quiet()
}

// examine looks at a page closely. What is wrong with it does not end the walk.
func (c *crawl) examine(page string) {
	c.Helper()
	what := page + " in " + c.lang + " as " + c.name
	if lang := read[string](c.tab, `document.documentElement.lang`); lang != c.lang {
		c.Errorf("%s is in %s", what, lang)
	}
	for _, width := range []int64{1366, 360} {
		c.width(width)
		if over := read[int](c.tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
			c.Errorf("%s is %d px too wide for %d: %s", what, over, width, read[string](c.tab, widest))
		}
		if width == 1366 == (c.lang == "id") {
			c.axe(what)
		}
		c.picture(page + " " + c.lang + map[int64]string{1366: " 1366", 360: " 360"}[width])
	}
	c.width(1366)
	if c.lang == "id" {
		c.byKeyboard(what)
	}
}

// widest is what sticks out of the page.
const widest = `(() => { const w = document.documentElement.clientWidth;
	const e = [...document.body.querySelectorAll("*")].find(e => e.getBoundingClientRect().right > w + 1);
	return e ? e.outerHTML.slice(0, 160) : ""; })()`

// stops are the places at which a keyboard should stop, in the order of the document; a group of choices is one.
const stops = `window.stops = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
	.filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility() && e.getClientRects().length &&
		!(e.closest("details:not([open])") && e.tagName !== "SUMMARY"))
	.filter((e, i, all) => e.type !== "radio" || all.findIndex(o => o.name === e.name && o.form === e.form) === i);
	window.met = [];
	document.addEventListener("focusin", e => { const s = getComputedStyle(e.target);
		window.met.push([window.stops.indexOf(e.target),
			s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== "none", e.target.outerHTML.slice(0, 120)]);
	});
	document.activeElement.blur(); window.getSelection().removeAllRanges();
	window.stops.length`

// byKeyboard goes over the page with the Tab key: every control is reached, in the order in which it is read, and seen.
func (c *crawl) byKeyboard(what string) {
	c.Helper()
	c.visit(c.path())
	wanted := read[int](c.tab, stops)
	const most = 60                   // a long list is one row over and over
	for range min(wanted, most) + 1 { // one leads out of the page, to the browser's own
		for _, typ := range []input.DispatchKeyEventType{"rawKeyDown", "keyUp"} {
			ask(c.tab, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: typ, Key: "Tab", Code: "Tab",
				WindowsVirtualKeyCode: 9})
		}
	}
	type stop struct {
		N    int
		Seen bool
		HTML string
	}
	met := read[[]stop](c.tab, `window.met.map(m => ({N: m[0], Seen: m[1], HTML: m[2]}))`)
	var order []int
	for _, m := range met {
		if !m.Seen {
			c.Errorf("%s: focus cannot be seen on %s", what, m.HTML)
		}
		order = append(order, m.N)
	}
	if from := slices.Index(order, 0); from > 0 { // where something is wrong the page begins there
		order = append(order[from:], order[:from]...)
	}
	if !slices.IsSorted(order) || len(order) < min(wanted, most) || slices.Contains(order, -1) {
		c.Errorf("%s: %d controls, but the Tab key stops at %v", what, wanted, order)
	}
}
