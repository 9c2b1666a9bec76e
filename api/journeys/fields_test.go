//go:build journeys

package journeys_test

import (
	"net/url"
	"strings"

	"github.com/chromedp/chromedp"
)

// filling finds a field and makes it ready for typing; a choice it makes at once.
const filling = `((name, value) => {
  const all = [...document.querySelectorAll('main [name="' + name + '"]')].filter(e => e.type !== "hidden");
  if (!all.length) return "missing";
  const e = all[0];
  if (e.type === "file") return "file";
  if (e.type === "checkbox" || e.type === "radio") {
    const chosen = all.filter(o => value.split(",").includes(o.value));
    chosen.forEach(o => { if (!o.checked) o.click(); });
    return chosen.length ? "" : "no choice";
  }
  if (e.tagName === "SELECT") {
    const o = [...e.options].find(o => o.value === value) || [...e.options].find(o => o.text.includes(value));
    if (!o) return "no choice";
    e.value = o.value;
    return "";
  }
  e.focus();
  e.select();
  return "type";
})`

// fill types into fields, names and values in turn.
func (b *tab) fill(typed ...string) {
	b.Helper()
	for i := 0; i+1 < len(typed); i += 2 {
		name, value := typed[i], typed[i+1]
		switch kind := read[string](b, filling+`(`+quote(name)+`,`+quote(value)+`)`); kind {
		case "":
		case "type":
			b.write(value)
		case "file":
			b.do(chromedp.SetUploadFiles(chromedp.CSS(`main [name="`+name+`"]`), []string{value}))
		default:
			b.fail("field %s: %s", name, kind)
		}
	}
}

// typedNow is what stands in a field.
func (b *tab) typedNow(name string) string {
	b.Helper()
	return read[string](b, `document.querySelector('main [name="`+name+`"]').value`)
}

// form opens the form of an operation on a case, fills it and sends it.
func (b *tab) form(id, operation string, typed ...string) {
	b.Helper()
	b.visit("/kasus/" + id + "/buat/" + operation)
	b.fill(typed...)
	b.save()
	op, _, _ := strings.Cut(operation, "?")
	b.done(op)
}

// next fills the form that the case itself leads to, of one of its parts.
func (b *tab) next(id, operation, of string, typed ...string) {
	b.Helper()
	b.visit("/kasus/" + id)
	link := `main a[href*="/buat/` + operation + `"][href*="` + of + `"]`
	if of == "" {
		link = `main a[href*="/buat/` + operation + `"]`
	}
	b.must(link)
	b.visit(read[string](b, `document.querySelector(`+quote(link)+`).getAttribute("href")`))
	b.fill(typed...)
	b.save()
	b.done(operation)
}

// done fails unless the page says that an operation was done.
func (b *tab) done(op string) {
	b.Helper()
	at, err := url.Parse(b.path())
	if err != nil || at.Query().Get("selesai") != op {
		b.fail("%s was not done", op)
	}
	b.must(".done")
}
