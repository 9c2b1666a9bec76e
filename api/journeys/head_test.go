//go:build journeys

package journeys_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// The morning of a head of office: whose load it is, fifty cases to another officer, a claim, an erasure.
func TestAHeadOfOffice(t *testing.T) {
	inEveryWay(t, func(t *testing.T, w way, n int) {
		head, clerk := in(t, w, "jabar"), clerkOf(t, "bandung")
		cases := clerk.open(30+n, 52)
		handOver(head, clerk, 30+n, cases[50])
		if c := clerk.file(cases[0]); c.Officer == "" {
			t.Error("the first case was handed to nobody")
		}
		head.visit("/kantor")
		head.press(`main a[href^="/kasus?"][href*="officer=` + clerk.file(cases[0]).Officer + `"]`)
		head.must(`main .remove`)

		decideClaim(head, clerk, cases[50])
		eraseWorker(head, clerk, w, cases[51])
		head.quiet()
	})
}

// handOver gives the first fifty of a list to an officer; one of them changes before the form is sent.
func handOver(b *tab, c *clerk, series int, changed string) {
	b.Helper()
	filter := url.Values{"employer": {employer(series)}, "officer": {"none"}, "sort": {"opened"}}
	b.visit("/kasus?" + filter.Encode())
	if picked := read[int](b, `(() => { const all = [...document.querySelectorAll("main input[name=pilih]")].slice(0, 50);
		all.forEach(e => e.click()); return all.length; })()`); picked != 50 {
		b.fail("%d cases can be picked", picked)
	}
	first := read[string](b, `document.querySelector("main input[name=pilih]").value`)
	changed, _, _ = strings.Cut(first, ":")
	b.picture("journey hand over " + b.way.String())
	b.press(`main button[formaction$="/case-assign-many"]`)
	c.change(changed, "/notes", map[string]any{"text": "Menelepon hari ini."})
	b.fill("officer", "Petugas Kota Bandung")
	b.save()
	b.shows(b.text("console.many_done", "done", "49", "all", "50"))
	b.must(`main table a[href="/kasus/` + changed + `"]`)
	b.form(changed, "case-assign", "officer", "Petugas Kota Bandung")
}

// decideClaim decides what a colleague applied for.
func decideClaim(b *tab, c *clerk, id string) {
	b.Helper()
	c.change(id, "/claims", map[string]any{"applied_on": "2025-12-15", "citizenship": "wni", "reason": "RESIGN",
		"willing": "yes"})
	b.visit("/tugas?officer=semua&kind=claim_decision")
	b.press(`main a[href^="/kasus/` + id + `/buat/claim-decide"]`)
	b.save()
	b.must(".done")
	if f := c.file(id); f.Claim != "refused" {
		b.fail("the claim of a worker who resigned is %s", f.Claim)
	}
}

// eraseWorker lets the erasure that another head asked for happen, with the password given again.
func eraseWorker(b *tab, c *clerk, w way, id string) {
	b.Helper()
	name := read[string](at(b, "/kasus/"+id), `document.querySelector("h1").innerText`)
	c.change(id, "/transitions", map[string]any{"to": "closed", "outcome": "unreachable"})
	other := in(b.T, w, "pusat")
	other.form(id, "erasure-request", "reason", "Pekerja memintanya")
	b.visit("/kasus/" + id + "/buat/erasure-approve")
	if b.save(); b.is(`main input[name=_password]`) {
		b.fill("_password", office.passwords["jabar@demo.tanggap.id"])
		b.save()
	}
	b.done("erasure-approve")
	if strings.Contains(b.said(), name) {
		b.fail("the name of the worker who was erased is still there")
	}
	b.picture("journey erased " + w.String())
	if status := other.visit("/kasus/" + id + "/buat/worker-correct"); status >= http.StatusInternalServerError {
		b.fail("correcting a worker who was erased is answered %d", status)
	}
	other.quiet()
}

// at is the tab on another page.
func at(b *tab, path string) *tab {
	b.Helper()
	b.visit(path)
	return b
}
