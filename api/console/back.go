package console

import (
	"net/url"
	"slices"
	"strings"
)

// In an address fromName names the list that a case was opened from, and thenName the one to go on with.
const (
	fromName = "dari"
	thenName = "lalu"
)

// lists of cases that a case is opened from, and what the link back to each is called. A page below one counts as it.
var opensCases = []struct{ path, name string }{{"/kasus", "console.page-cases"}, {"/tugas", "console.work"},
	{"/cari/", "console.search"}, {"/kantor", "console.page-office"}, {"/phk", "console.page-layoffs"},
	{"/daftar", "console.page-intakes"}, {"/rujukan", "console.page-referrals"}, {"/ganda", "console.page-duplicates"},
	{"/lowongan", "console.page-vacancies"},
	{"/persetujuan", "console.page-exports-awaiting"}, {"/pembayaran", "console.page-payments"},
	{"/pembatalan", "console.page-voids"},
	{"/retensi", "console.page-retention"}, {"/audit", "console.page-audit"}, {"/subjek/", "console.page-subject"}}

// from is the list that this page was come to from, with its filter and its page: as the address says, or as the
// browser does. It is a page of ours that lists cases, or nothing.
func (v *visit) from() string {
	if at := backTo(v.r.URL.Query().Get(fromName)); at != "" {
		return at
	}
	before, err := url.Parse(v.r.Referer())
	if err != nil || before.Host != v.r.Host {
		return ""
	}
	if at := backTo(before.Query().Get(fromName)); at != "" {
		return at
	}
	return backTo(before.RequestURI())
}

// backTo is an address if it is one of a list of cases.
func backTo(path string) string {
	at, err := url.Parse(inner(path))
	if err != nil || strings.HasPrefix(at.Path, "/kasus/") || strings.Contains(at.Path, "/buat/") {
		return ""
	}
	q := at.Query()
	for _, name := range []string{"selesai", fromName, thenName} {
		q.Del(name)
	}
	at.RawQuery = q.Encode()
	known := slices.ContainsFunc(opensCases, func(l struct{ path, name string }) bool { return under(at.Path, l.path) })
	if !known {
		return ""
	}
	return at.RequestURI()
}

func under(path, list string) bool {
	return path == list || strings.HasPrefix(path, strings.TrimSuffix(list, "/")+"/")
}

// back is the link to where the visitor came from; without that, to the caseload.
func (v *visit) back() link {
	at := v.from()
	for _, l := range opensCases {
		if path, _, _ := strings.Cut(at, "?"); at != "" && under(path, l.path) {
			return link{Text: v.T(l.name), Path: at}
		}
	}
	return link{Text: v.T("console.back_to_cases"), Path: "/kasus"}
}

// keepingFrom is an address on this case that remembers where it was opened from.
func (v *visit) keepingFrom(path string) string {
	at := v.from()
	if at == "" {
		return path
	}
	sign := "?"
	if strings.Contains(path, "?") {
		sign = "&"
	}
	return path + sign + fromName + "=" + url.QueryEscape(at)
}
