//go:build journeys

package journeys_test

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// A worker from the employer's list to a new job, as the case worker and the head of the office see it.
func TestAWorkerFromIntakeToPlacement(t *testing.T) {
	inEveryWay(t, func(t *testing.T, w way, n int) {
		worker, head, clerk := in(t, w, "bandung"), in(t, w, "jabar"), clerkOf(t, "bandung")
		id := loadList(worker, clerk, 10+n)
		findWorker(worker, nik(10+n, 0), id)

		worker.form(id, "claim-apply", claimFacts...)
		head.form(id, "claim-decide", "occurred_on", "17/12/2025")
		for _, firm := range []string{"PT Maju Satu", "PT Maju Dua", "PT Maju Tiga", "PT Maju Empat", "PT Maju Lima"} {
			worker.form(id, "application-record", "employer", firm, "position", "Operator", "applied_on", "05/01/2026")
		}
		worker.visit("/kasus/" + id + "/kerja")
		worker.shows("PT Maju Lima")
		worker.next(id, "application-advance", "", "to", "interviewed", "occurred_on", "12/01/2026")
		worker.next(id, "claim-prove", "month=2", "occurred_on", "18/01/2026") // was given in its window, which is over

		nothingIsLost(worker, clerk, id)

		worker.form(id, "case-advance?to=placement", "to", "placement")
		worker.form(id, "placement-record", "employer", "PT Maju Lima", "position", "Operator", "started_on", "10/02/2026")
		worker.next(id, "placement-advance", "", "to", "verified", "occurred_on", "12/02/2026")
		worker.form(id, "case-advance?to=closed", "to", "closed", "outcome", "placed", "end_open_parts", "true")
		worker.picture("journey worker closed " + w.String())
		if f := clerk.file(id); f.Stage != "closed" || f.Outcome != "placed" {
			t.Errorf("the case ends as %+v", f)
		}
		worker.quiet()
		head.quiet()
	})
}

// claimFacts are what the walk through of the documentation states.
var claimFacts = []string{"applied_on", "15/12/2025", "citizenship", "wni", "birth_date", "01/08/1986", "registered_on",
	"01/01/2019", "contract", "permanent", "firm_size", "large", "programmes", "jkk,jkm,jht,jp,jkn", "reason",
	"EFFICIENCY_LOSS", "evidence", "acceptance_proof,report_receipt_regency", "dispute", "none", "reported", "yes",
	"contributions[0].from", "2023-01", "contributions[0].to", "2025-11", "arrears_months", "0", "insolvent", "no",
	"claims_before", "0", "willing", "yes", "other_job", "no", "employer_deactivated", "yes", "bank_account", "yes"}

// loadList uploads an employer's list and opens its cases. It answers the case of the first worker.
func loadList(b *tab, c *clerk, series int) string {
	b.Helper()
	b.visit("/daftar")
	b.press(`main a[href="/daftar/buat/intake-create"]`)
	b.fill("employer_name", "PT Contoh Garmen", "employer_region", "3273", "file", list(b.T, series, 3))
	b.save()
	b.done("intake-create")
	at, _ := url.Parse(b.path())
	intake := path.Base(at.Path)
	c.settled(intake, "checked")
	b.visit("/daftar/" + intake)
	if apply := `main form[action$="/buat/intake-apply"] button`; b.is(apply) {
		b.press(apply)
	} else {
		b.press(`main a[href="/daftar/` + intake + `/buat/intake-apply"]`)
		b.save()
	}
	c.settled(intake, "applied")
	b.visit("/daftar/" + intake)
	b.picture("journey list " + b.way.String())
	return c.find(nik(series, 0))
}

// findWorker finds a worker by NIK, which stands in no address.
func findWorker(b *tab, nik, id string) {
	b.Helper()
	b.do(chromedp.SendKeys(chromedp.ID("q"), nik))
	b.press(`form[role=search] button`)
	if strings.Contains(b.path(), nik) {
		b.fail("the NIK stands in the address")
	}
	b.press(`main table a[href="/kasus/` + id + `"]`)
}

// nothingIsLost is what goes wrong on a bad line and among colleagues.
func nothingIsLost(b *tab, c *clerk, id string) {
	b.Helper()
	before := len(c.file(id).History)
	entries := func(more int) {
		b.Helper()
		before += more
		if h := c.file(id).History; len(h) != before {
			b.fail("the history has %d entries and not %d", len(h), before)
		}
	}
	answerLost(b, id)
	entries(1)
	doubleClick(b, id)
	entries(1)
	changedMeanwhile(b, c, id)
	entries(2)
	sessionEnds(b, id)
	entries(1)
	backToTheList(b, id)
}

// answerLost sends a form again that was done already.
func answerLost(b *tab, id string) {
	b.Helper()
	b.visit("/kasus/" + id)
	b.fill("text", "Diminta melengkapi bukti.")
	form := read[[][]string](b, `[...new FormData(document.querySelector('form[action$="case-note"]'))]`)
	b.press(`form[action$="case-note"] button`)
	b.done("case-note")
	again := chromedp.Evaluate[chromedp.Void](`{ const f = document.createElement("form");
		f.method = "post"; f.action = "/kasus/` + id + `/buat/case-note";
		for (const [n, v] of ` + quoteAll(form) + `) { const i = document.createElement("input"); i.name = n; i.value = v; f.append(i); }
		document.body.append(f); f.submit(); }`)
	b.answered(again)
	b.done("case-note")
}

// doubleClick presses the button twice, faster than any answer comes.
func doubleClick(b *tab, id string) {
	b.Helper()
	b.visit("/kasus/" + id)
	b.fill("text", "Ditelepon dua kali.")
	at := read[[]float64](b, `(() => { const e = document.querySelector('form[action$="case-note"] button');
		e.scrollIntoView({block: "center"}); const r = e.getBoundingClientRect();
		return [r.x + r.width / 2, r.y + r.height / 2]; })()`)
	b.until(`location.search === "?selesai=case-note" && document.readyState === "complete"`,
		chromedp.MouseClickXY(at[0], at[1]), chromedp.MouseClickXY(at[0], at[1], func(p *input.DispatchMouseEventParams) {
			p.ClickCount = 2
		}))
}

// changedMeanwhile types while a colleague changes the same case.
func changedMeanwhile(b *tab, c *clerk, id string) {
	b.Helper()
	b.visit("/kasus/" + id + "/buat/application-record")
	b.fill("employer", "PT Mengetik Lama", "position", "Penjahit", "applied_on", "06/01/2026")
	c.change(id, "/notes", map[string]any{"text": "Sudah ditelepon rekan."})
	if status := b.save(); status != http.StatusPreconditionFailed {
		b.fail("the answer is %d", status)
	}
	b.must(".changed .timeline li")
	if b.typedNow("employer") != "PT Mengetik Lama" || b.typedNow("applied_on") != "06/01/2026" {
		b.fail("what was typed is gone")
	}
	b.picture("journey changed meanwhile " + b.way.String())
	b.save()
	b.done("application-record")
}

// sessionEnds types until the session is over, signs in again, and finds the work done.
func sessionEnds(b *tab, id string) {
	b.Helper()
	b.visit("/kasus/" + id)
	b.fill("text", "Setengah jam mengetik.")
	ends := &clerk{T: b.T, token: b.cookie()}
	ends.call(http.MethodDelete, "/v1/session", nil, nil)
	if status := b.press(`form[action$="case-note"] button`); status != http.StatusUnauthorized {
		b.fail("without a session the answer is %d", status)
	}
	if strings.Contains(b.said(), "mengetik") || strings.Contains(b.path(), "mengetik") {
		b.fail("the sign-in page shows what was typed")
	}
	b.picture("journey session ended " + b.way.String())
	b.signIn("bandung@demo.tanggap.id", office.passwords["bandung@demo.tanggap.id"])
	b.done("case-note")
}

// backToTheList leaves a case for the list that it was opened from, with its filter.
func backToTheList(b *tab, id string) {
	b.Helper()
	filtered := "/kasus?officer=none&stage=intake,benefit"
	b.visit(filtered)
	b.press(`main table a[href^="/kasus/` + id + `"]`)
	b.press(`main .back a`)
	at, err := url.Parse(b.path())
	if err != nil || at.Path != "/kasus" || at.Query().Get("stage") != "intake,benefit" || at.Query().Get("officer") != "none" {
		b.fail("the list has lost its filter")
	}
	if !slices.Contains(strings.Split(at.Query().Get("stage"), ","), "intake") {
		b.fail("the list has lost a stage")
	}
}
