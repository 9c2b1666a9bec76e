//go:build journeys

package journeys_test

import (
	"fmt"
	"strings"
	"testing"
)

// An administrator brings an officer in, who sets a password with the code and begins to work.
func TestAnAdministrator(t *testing.T) {
	inEveryWay(t, func(t *testing.T, w way, n int) {
		admin := in(t, w, "admin")
		email, word := fmt.Sprintf("baru%d@contoh.go.id", n), "kata sandi yang baru sekali"
		code := bringIn(admin, email)
		admin.visit("/petugas")
		of := read[string](admin, `[...document.querySelectorAll("main tr")].find(r => r.innerText.includes(`+quote(email)+
			`)).querySelector("a").getAttribute("href")`)
		admin.press(`main a[href="` + of + `"]`)
		admin.press(`main a[href="` + of + `/buat/grant-create"]`)
		admin.fill("role", "case_worker", "region", "3273")
		if admin.save(); admin.is(`main input[name=_password]`) {
			admin.fill("_password", office.passwords["admin@demo.tanggap.id"])
			admin.save()
		}
		admin.done("grant-create")
		admin.picture("journey officer " + w.String())

		officer := newTab(t, w)
		officer.visit("/masuk")
		officer.speak()
		officer.press(`main a[href="/masuk/kode"]`)
		officer.fill("email", email, "code", code, "next", word, "again", word)
		officer.save()
		officer.signIn(email, word)
		officer.must(`header a[href="/tugas"]`)
		officer.must(`header a[href="/kasus"]`)
		if officer.is(`header a[href="/ekspor"]`) || officer.is(`header a[href="/kantor"]`) {
			t.Error("a case worker is led to the pages of others")
		}
		officer.visit("/kasus")
		officer.press(`main a[href="/kasus/buat/case-open"]`)
		admin.quiet()
		officer.quiet()
	})
}

// bringIn adds an officer and answers the code that is shown once.
func bringIn(b *tab, email string) string {
	b.Helper()
	b.visit("/petugas")
	b.press(`main a[href="/petugas/buat/officer-create"]`)
	b.fill("email", email, "name", "Petugas Baru "+strings.ToUpper(b.lang), "office", "3273")
	if b.save(); b.is(`main input[name=_password]`) {
		b.fill("_password", office.passwords["admin@demo.tanggap.id"])
		b.save()
	}
	code := read[string](b, `[...document.querySelectorAll("main dd")].map(e => e.innerText.trim())
		.find(s => /^[a-z0-9]{5}(-[a-z0-9]{5,6})+$/.test(s)) || ""`)
	if code == "" {
		b.fail("the code is not shown")
	}
	return code
}
