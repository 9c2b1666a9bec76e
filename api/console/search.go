package console

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"
)

// searchFor is how long the address of a search opens it again.
const searchFor = 30 * time.Minute

func (c *Console) registerSearch() {
	c.page(http.MethodPost, "/cari", "page-search", "case-search", (*visit).search)
	c.page(http.MethodGet, "/cari", "page-search-form", "case-search", func(v *visit) error {
		v.render(http.StatusOK, "search", v.T("console.search"), found{})
		return nil
	})
	c.page(http.MethodGet, "/cari/{token}", "page-found", "case-search", (*visit).found)
}

// found is what a search found.
type found struct {
	Table table
	Asked bool
	Said  string
}

// search seals what is looked for into the address of its page: no name and no NIK stands in any address or log.
func (v *visit) search() error {
	looked := strings.TrimSpace(v.r.PostForm.Get("q"))
	if looked == "" {
		return v.see("/cari")
	}
	return v.see("/cari/" + v.close("search"+v.actor.Officer.String(), searchFor, looked))
}

func (v *visit) found() error {
	var looked string
	if !v.open("search"+v.actor.Officer.String(), v.at("token"), &looked) {
		return refusal{status: http.StatusNotFound, Code: "console.search_over"}
	}
	var l listed
	a, err := v.post(http.MethodPost, "/v1/cases/search", searchOf(looked))
	page := found{Asked: true}
	var no refusal
	switch {
	case errors.As(err, &no) && no.status == http.StatusUnprocessableEntity:
		page.Said = no.Detail
		if len(no.Errors) > 0 {
			page.Said = no.Errors[0].Detail
		}
	case err != nil:
		return err
	default:
		if err := decode(a.Body, &l); err != nil {
			return err
		}
	}
	page.Table = v.tableOf("case-search", l.Items, "name", "nik", "employer", "stage", "region")
	for i, item := range l.Items {
		page.Table.Rows[i].Link = "/kasus/" + url.PathEscape(text(item["id"]))
	}
	v.render(http.StatusOK, "search", v.T("console.search"), page)
	return nil
}

// searchOf takes sixteen digits for a NIK, what looks like a telephone number or a KPJ for one, and the rest for a
// name.
func searchOf(looked string) map[string]string {
	digits := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, looked)
	letters := strings.ContainsFunc(looked, unicode.IsLetter)
	switch {
	case strings.Contains(looked, "@"):
		return map[string]string{"email": looked}
	case letters:
		return map[string]string{"name": looked}
	case len(digits) == 16:
		return map[string]string{"nik": digits}
	case strings.HasPrefix(digits, "0") || strings.HasPrefix(digits, "62"):
		return map[string]string{"phone": looked}
	}
	return map[string]string{"kpj": digits}
}
