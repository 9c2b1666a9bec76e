//go:build journeys

package journeys_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"

	"github.com/tanggap/tanggap/pkg/clock"
)

// throttled are the conditions of a line as browsers of different ages take them: older ones want to be told that it is
// not cut.
type throttled struct {
	Offline bool                  `json:"offline"`
	Rules   []*network.Conditions `json:"matchedNetworkConditions"`
}

var throttle = cdp.Command[throttled, cdp.Empty]{Method: network.CommandEmulateNetworkConditionsByRule}

// traffic is what went over the line.
type traffic struct {
	sync.Mutex
	kinds map[network.RequestID]network.ResourceType
	bytes map[network.ResourceType]int
	count int
}

func (r *traffic) reset() {
	r.Lock()
	defer r.Unlock()
	r.kinds, r.bytes, r.count = map[network.RequestID]network.ResourceType{}, map[network.ResourceType]int{}, 0
}

// hear counts what comes: the bodies as they were packed, without their headers.
func (r *traffic) hear(ev any) {
	r.Lock()
	defer r.Unlock()
	switch ev := ev.(type) {
	case *network.EventResponseReceived:
		if !strings.HasPrefix(ev.Response.URL, office.url) || ev.Response.FromDiskCache {
			return
		}
		r.kinds[ev.RequestID] = ev.Type
		r.bytes[ev.Type] -= int(ev.Response.EncodedDataLength)
		if ev.Type != network.ResourceTypeOther { // the icon, which nothing waits for
			r.count++
		}
	case *network.EventLoadingFinished:
		if kind, ours := r.kinds[ev.RequestID]; ours {
			r.bytes[kind] += int(ev.EncodedDataLength)
		}
	}
}

// On a slow line the console stays within its budgets. Bytes and requests are the same everywhere and are held; times
// depend on the machine, so that only twice the budget fails.
func TestASlowLine(t *testing.T) {
	clerk := clerkOf(t, "bandung")
	id := clerk.open(80, 50)[0]
	b := in(t, way{"id", true}, "bandung")
	line := &traffic{}
	line.reset()
	if err := chromedp.Listen(b.ctx, line.hear); err != nil {
		t.Fatal(err)
	}
	ask(b, network.ClearBrowserCache, cdp.Empty{})
	ask(b, throttle, throttled{Rules: []*network.Conditions{{Latency: 300, DownloadThroughput: 250_000 / 8,
		UploadThroughput: 250_000 / 8}}})
	b.timed("first visit", 2*time.Second, func() { b.visit("/tugas?officer=semua") })
	line.within(t, "requests of the first visit", line.count, 3)
	line.within(t, "bytes of the style", line.bytes[network.ResourceTypeStylesheet], 16<<10)
	line.within(t, "bytes of the script", line.bytes[network.ResourceTypeScript], 4<<10)
	for _, p := range []struct{ name, path string }{{"work list", "/tugas?officer=semua"},
		{"caseload of 50", "/kasus?limit=50"}, {"case", "/kasus/" + id}} {
		line.reset()
		b.timed("later page: "+p.name, 800*time.Millisecond, func() { b.visit(p.path) })
		line.within(t, "bytes of the "+p.name, line.bytes[network.ResourceTypeDocument], 8<<10)
	}
	b.fill("text", "Ditelepon.")
	b.timed("save a note", 1300*time.Millisecond, func() { b.press(`form[action*="case-note"] button`) })
	b.done("case-note")
	b.mainThread("/kasus?limit=50")
}

func (r *traffic) within(t *testing.T, what string, measured, most int) {
	t.Helper()
	r.Lock()
	defer r.Unlock()
	seen.budget(what, fmt.Sprint(measured), fmt.Sprint(most))
	if measured > most || measured <= 0 {
		t.Errorf("%s: %d, of %d at most", what, measured, most)
	}
}

func (b *tab) timed(what string, most time.Duration, step func()) {
	b.Helper()
	elapsed := clock.Elapsed()
	step()
	took := elapsed()
	seen.budget(what, took.Round(10*time.Millisecond).String(), most.String())
	if took > 2*most {
		b.Errorf("%s takes %s, which is more than twice %s", what, took, most)
	}
}

// mainThread reports what a page costs on a machine that is six times slower.
func (b *tab) mainThread(path string) {
	b.Helper()
	ask(b, throttle, throttled{Rules: []*network.Conditions{}})
	ask(b, performance.Enable, performance.EnableParams{})
	ask(b, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: 6})
	b.visit(path)
	took := map[string]float64{}
	for _, m := range ask(b, performance.GetMetrics, cdp.Empty{}).Metrics {
		took[m.Name] = m.Value * 1000
	}
	seen.budget("script, slowed six times", fmt.Sprintf("%.0f ms", took["ScriptDuration"]), "50 ms")
	seen.budget("layout and style, slowed six times", fmt.Sprintf("%.0f ms", took["LayoutDuration"]+
		took["RecalcStyleDuration"]), "200 ms")
}
