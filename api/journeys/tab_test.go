//go:build journeys

package journeys_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/tanggap/tanggap/pkg/wording"
)

// way is how somebody uses the console. Every journey is made in every way.
type way struct {
	lang   string
	script bool
}

var ways = []way{{"id", true}, {"id", false}, {"en", true}, {"en", false}}

func (w way) String() string {
	return w.lang + map[bool]string{true: " with script", false: " without script"}[w.script]
}

// inEveryWay makes a journey in every way; each way has a number of its own.
func inEveryWay(t *testing.T, journey func(t *testing.T, w way, n int)) {
	for n, w := range ways {
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			journey(t, w, n)
			seen.journey(t)
		})
	}
}

// patience is how long anything may take before it has failed.
const patience = 30 * time.Second

// tab is a browser window with cookies of its own.
type tab struct {
	*testing.T
	way
	ctx    context.Context
	mu     sync.Mutex
	errors []string // what the page said in the browser's console
}

func newTab(t *testing.T, w way) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(chrome, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	b := &tab{T: t, way: w, ctx: ctx}
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil { // a tab lives as long as this context
		t.Fatal(err)
	}
	ask(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !w.script})
	b.width(1366)
	go func() {
		for m, err := range chromedp.Console(ctx) {
			if err != nil {
				return
			}
			b.mu.Lock()
			b.errors = append(b.errors, m.String())
			b.mu.Unlock()
		}
	}()
	return b
}

// in is a tab in which an officer of the demo has signed in.
func in(t *testing.T, w way, name string) *tab {
	t.Helper()
	b := newTab(t, w)
	b.visit("/masuk")
	b.speak()
	b.signIn(name+"@demo.tanggap.id", office.passwords[name+"@demo.tanggap.id"])
	return b
}

// speak chooses the language where the page is in the other one.
func (b *tab) speak() {
	b.Helper()
	if read[string](b, `document.documentElement.lang`) != b.lang {
		b.press(`header button[name=bahasa]`)
	}
}

func (b *tab) signIn(email, word string) {
	b.Helper()
	b.fill("email", email, "password", word)
	b.press(`main form[action="/masuk"] button`)
	if strings.HasPrefix(b.path(), "/masuk") {
		b.fail("%s is not signed in", email)
	}
}

// do does steps within the time that anything may take.
func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.fail("%v", err)
	}
}

// answered takes a step that leads to another page, and waits for it.
func (b *tab) answered(step chromedp.Action[chromedp.Void]) int64 {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	answer, err := chromedp.RunResponse(ctx, step)
	if err != nil {
		b.fail("%v", err)
	}
	if answer == nil {
		return 0
	}
	return answer.Status
}

// visit types an address.
func (b *tab) visit(path string) int64 {
	b.Helper()
	return b.answered(chromedp.Navigate(office.url + path))
}

// press clicks on something that leads to another page.
func (b *tab) press(selector string) int64 {
	b.Helper()
	b.must(selector)
	return b.answered(chromedp.Click(chromedp.CSS(selector)))
}

// save sends the form of the page.
func (b *tab) save() int64 {
	b.Helper()
	return b.press(`main form.sheet button:not(.plain)`)
}

// must fails when something is not on the page.
func (b *tab) must(selector string) {
	b.Helper()
	if !b.is(selector) {
		b.fail("the page has no %s", selector)
	}
}

func (b *tab) is(selector string) bool {
	b.Helper()
	return read[bool](b, `!!document.querySelector(`+quote(selector)+`)`)
}

// read asks the page something.
func read[T any](b *tab, expression string) T {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.fail("%s: %v", expression[:min(len(expression), 120)], err)
	}
	return value
}

func quote(text string) string {
	quoted, _ := json.Marshal(text)
	return string(quoted)
}

// path is where the tab is, without the server.
func (b *tab) path() string {
	b.Helper()
	return strings.TrimPrefix(read[string](b, `location.href`), office.url)
}

// said is what the page says.
func (b *tab) said() string {
	b.Helper()
	return read[string](b, `document.body.innerText`)
}

// shows fails when the page lacks what it should say.
func (b *tab) shows(texts ...string) {
	b.Helper()
	page := b.said()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			b.fail("the page does not say %q", text)
		}
	}
}

// text is a text of the console in the language of the tab.
func (b *tab) text(code string, args ...string) string {
	named := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		named[args[i]] = args[i+1]
	}
	return wording.Message(b.lang, code, named)
}

// cookie is the session of the tab.
func (b *tab) cookie() string {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	all, err := chromedp.Call(ctx, network.GetCookies, network.GetCookiesParams{URLs: []string{office.url}})
	if err != nil {
		b.fail("%v", err)
	}
	for _, c := range all.Cookies {
		if c.Name == "__Host-sesi" {
			return c.Value
		}
	}
	return ""
}

// width makes the window as wide as a screen or a telephone.
func (b *tab) width(pixels int64) {
	b.Helper()
	ask(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: pixels, Height: 900,
		DeviceScaleFactor: 1})
}

var inName = regexp.MustCompile(`[^a-z0-9]+`)

// picture keeps what the page looks like.
func (b *tab) picture(name string) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	image, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(fmt.Sprintf("%s/%s.png", pictures, strings.Trim(inName.ReplaceAllString(name, "-"), "-")), image, 0o600)
	}
	if err != nil {
		b.Logf("no picture of %s: %v", name, err)
	}
	seen.picture()
}

// fail ends the journey where it is, with a picture.
func (b *tab) fail(format string, args ...any) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	where, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" +
		(document.querySelector(".summary") || document.querySelector("main") || document.body).innerText`))
	if image, err := chromedp.Run(ctx, chromedp.FullScreenshot(100)); err == nil {
		name := pictures + "/failed-" + inName.ReplaceAllString(strings.ToLower(b.Name()), "-") + ".png"
		_ = os.WriteFile(name, image, 0o600)
	}
	b.Fatalf(format+"\non %s", append(args, where[:min(len(where), 700)])...)
}

// quiet fails when a page said something in the browser's console, but for the statuses that a journey asks for.
func (b *tab) quiet() {
	b.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.errors {
		if !strings.Contains(e, "Failed to load resource: the server responded with a status of 4") {
			b.Errorf("in the browser's console: %s", e)
		}
	}
	b.errors = nil
}

// until waits for pages until something holds.
func (b *tab) until(holds string, steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	loads := chromedp.Events(ctx, page.LoadEventFired)
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.fail("%v", err)
	}
	for _, err := range loads {
		if err != nil {
			b.fail("%s: %v", holds, err)
		}
		if read[bool](b, holds) {
			return
		}
	}
	b.fail("%s does not become true", holds)
}

func quoteAll(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}
