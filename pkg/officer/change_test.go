package officer

import (
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/region"
)

func said(email, name string, office ...region.Code) (d Details) {
	if email != "" {
		d.Email = &email
	}
	if name != "" {
		d.Name = &name
	}
	if len(office) > 0 {
		d.Office = &office[0]
	}
	return d
}

// Who sets what of whom: never of oneself, never nothing, and only within the regions of the one who does it.
func TestWhatMayBeSetOfAnOfficer(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 201)
	for name, c := range map[string]struct {
		of   authz.OfficerID
		at   *book
		set  Details
		code string
		want Details
	}{
		"a name":          {other, of("3273"), said("", " Budi "), "", said("", "Budi")},
		"an address":      {other, of("3273"), said("Budi@Example.go.id", ""), "", said("budi@example.go.id", "")},
		"an office":       {other, of("3273"), said("", "", "3204"), "", said("", "", "3204")},
		"all":             {other, of("3273"), said("b@x.id", "B", "3204"), "", said("b@x.id", "B", "3204")},
		"of oneself":      {caller, of("3273"), said("", "Budi"), "officer.own_details", Details{}},
		"nothing":         {other, of("3273"), Details{}, "officer.nothing_to_change", Details{}},
		"no address":      {other, of("3273"), said("budi", ""), "officer.email_invalid", Details{}},
		"a name of blank": {other, of("3273"), said("", " "), "officer.name_missing", Details{}},
		"a long name":     {other, of("3273"), said("", long[:200]), "", said("", long[:200])},
		"one too long":    {other, of("3273"), said("", long), "officer.name_missing", Details{}},
		"no such office":  {other, of("3273"), said("", "", "9999"), "region.unknown", Details{}},
		"a far office":    {other, of("3273"), said("", "", "3374"), "officer.region_out_of_scope", Details{}},
		"of a far office": {other, of("3374"), said("", "Budi"), "officer.not_found", Details{}},
		"with a grant elsewhere": {other, of("3273", held(authz.CaseWorker, "3374", ever, ever)), said("", "Budi"),
			"officer.grants_elsewhere", Details{}},
		"whose grant elsewhere is over": {other, of("3273", held(authz.CaseWorker, "3374", ever,
			calendar.MustDate("2020-01-01"))), said("", "Budi"), "", said("", "Budi")},
		"one who was let go": {other, of("3273").inactive(), said("", "Budi"), "", said("", "Budi")},
	} {
		_, err := desk(t, c.at).Change(t.Context(), by("32"), c.of, c.set)
		wantCode(t, err, c.code)
		if t.Failed() {
			t.Fatal(name)
		}
		if (c.at.change != nil) != (c.code == "") {
			t.Errorf("%s: changed %+v", name, c.at.change)
		}
		if c.at.change != nil && !sameDetails(c.at.change.Set, c.want) {
			t.Errorf("%s: set %+v", name, c.at.change.Set)
		}
	}
}

func sameDetails(a, b Details) bool {
	text := func(s *string) string {
		if s == nil {
			return "-"
		}
		return *s
	}
	office := func(r *region.Code) string {
		if r == nil {
			return "-"
		}
		return string(*r)
	}
	return text(a.Email) == text(b.Email) && text(a.Name) == text(b.Name) && office(a.Office) == office(b.Office)
}

// What the officer has already is no change: of three details the others stay.
func TestWhatAnOfficerHasAlreadyIsNotSet(t *testing.T) {
	t.Parallel()
	b := of("3273")
	b.at.Officer.Email, b.at.Officer.Name = "b@x.id", "B"
	for _, c := range []struct{ set, want Details }{
		{said("b@x.id", "B", "3273"), Details{}},
		{said("c@x.id", "B", "3273"), said("c@x.id", "")},
		{said("b@x.id", "C", "3273"), said("", "C")},
		{said("b@x.id", "B", "3204"), said("", "", "3204")},
		{said("B@X.id", ""), Details{}},
	} {
		if _, err := desk(t, b).Change(t.Context(), by("32"), other, c.set); err != nil || !sameDetails(b.change.Set, c.want) {
			t.Errorf("set %+v, want %+v, %v", b.change.Set, c.want, err)
		}
	}
}

// The question says what the deed would, and does nothing.
func TestWhetherAnOfficerMayBeLetGoIsOnlyAsked(t *testing.T) {
	t.Parallel()
	admin := held(authz.Administrator, "3273", ever, ever)
	for name, c := range map[string]struct {
		at   *book
		code string
	}{
		"one without grants":     {of("3273"), ""},
		"one let go before":      {of("3273").inactive(), ""},
		"of a far office":        {of("3374"), "officer.not_found"},
		"with a grant elsewhere": {of("3273", held(authz.CaseWorker, "3374", ever, ever)), "officer.grants_elsewhere"},
		"the last administrator": {of("3273", admin), "officer.last_administrator"},
		"oneself":                {&book{at: Standing{Officer: Officer{ID: caller, Office: "3273", Active: true}}}, "officer.own"},
	} {
		err := desk(t, c.at).MayDeactivate(t.Context(), by("32"), c.at.at.Officer.ID)
		wantCode(t, err, c.code)
		if t.Failed() {
			t.Fatal(name)
		}
		if c.at.change != nil {
			t.Errorf("%s: asked, and changed %+v", name, c.at.change)
		}
	}
}
