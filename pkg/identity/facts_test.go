package identity_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/identity"
)

func nikOf(t *testing.T, digits string) identity.NIK {
	t.Helper()
	nik, err := identity.ParseNIK(digits)
	if err != nil {
		t.Fatal(err)
	}
	return nik
}

// Each fact is held against the others on the day before, on, and after the edge of its rule.
func TestFactsThatContradictEachOther(t *testing.T) {
	t.Parallel()
	day := calendar.MustDate
	known := func(prefix string) bool { return prefix == "3273" }
	sari, abroad := nikOf(t, "3273014503900007"), nikOf(t, "9999014503900007")
	for name, c := range map[string]struct {
		facts identity.Facts
		want  []identity.Finding
	}{
		"nothing is known":     {identity.Facts{}, nil},
		"all agree":            {identity.Facts{NIK: sari, BirthDate: day("1990-03-05"), Sex: identity.Female, TerminatedOn: day("2026-10-01")}, nil},
		"a region of nobody":   {identity.Facts{NIK: abroad}, []identity.Finding{{Code: "nik.region_unknown", Fact: identity.FactNIK}}},
		"born today":           {identity.Facts{BirthDate: day("2026-10-01")}, nil},
		"born tomorrow":        {identity.Facts{BirthDate: day("2026-10-02")}, []identity.Finding{{Code: "worker.birth_date_future", Fact: identity.FactBirthDate}}},
		"born after the PHK":   {identity.Facts{BirthDate: day("2026-10-02"), TerminatedOn: day("2026-09-01")}, []identity.Finding{{Code: "worker.birth_date_future", Fact: identity.FactBirthDate}}},
		"another birth date":   {identity.Facts{NIK: sari, BirthDate: day("1990-03-06")}, []identity.Finding{{Code: "nik.birthdate_mismatch", Fact: identity.FactBirthDate, Warning: true}}},
		"another century":      {identity.Facts{NIK: nikOf(t, "3273014503100007"), BirthDate: day("2010-03-05")}, nil},
		"another sex":          {identity.Facts{NIK: sari, Sex: identity.Male}, []identity.Finding{{Code: "nik.gender_mismatch", Fact: identity.FactSex, Warning: true}}},
		"terminated today":     {identity.Facts{TerminatedOn: day("2026-10-01")}, nil},
		"terminated tomorrow":  {identity.Facts{TerminatedOn: day("2026-10-02")}, []identity.Finding{{Code: "case.terminated_in_future", Fact: identity.FactTerminatedOn}}},
		"on the day of birth":  {identity.Facts{BirthDate: day("1990-03-05"), TerminatedOn: day("1990-03-05")}, []identity.Finding{{Code: "phk_date.before_birth", Fact: identity.FactTerminatedOn}}},
		"the day after birth":  {identity.Facts{BirthDate: day("1990-03-05"), TerminatedOn: day("1990-03-06")}, []identity.Finding{{Code: "phk_date.before_working_age", Fact: identity.FactTerminatedOn, Warning: true}}},
		"a day too young":      {identity.Facts{BirthDate: day("1990-03-05"), TerminatedOn: day("2005-03-04")}, []identity.Finding{{Code: "phk_date.before_working_age", Fact: identity.FactTerminatedOn, Warning: true}}},
		"just of age":          {identity.Facts{BirthDate: day("1990-03-05"), TerminatedOn: day("2005-03-05")}, nil},
		"before the NIK":       {identity.Facts{NIK: sari, TerminatedOn: day("1950-11-01")}, []identity.Finding{{Code: "phk_date.before_birth", Fact: identity.FactTerminatedOn}}},
		"the NIK of a century": {identity.Facts{NIK: nikOf(t, "3273014503100007"), TerminatedOn: day("1950-11-01")}, nil},
		"stated before NIK":    {identity.Facts{NIK: sari, BirthDate: day("1930-03-05"), TerminatedOn: day("1950-11-01")}, []identity.Finding{{Code: "nik.birthdate_mismatch", Fact: identity.FactBirthDate, Warning: true}}},
	} {
		if got := c.facts.Check(known, day("2026-10-01"), 15); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if got := (identity.Facts{BirthDate: day("2090-01-01")}).Check(known, calendar.Date{}, 15); len(got) != 0 {
		t.Errorf("without a day of today: %v", got)
	}
}

// A slip is one digit or two that changed places; nothing else is near, and nearness goes both ways.
func TestWhatIsNearANIK(t *testing.T) {
	t.Parallel()
	nik := nikOf(t, "3273010101900012")
	near := map[string]bool{}
	for _, n := range nik.Near() {
		near[n.Reveal()] = true
	}
	for text, want := range map[string]bool{"3273010101900012": false, "3273010101900013": true, "3273010101900021": true,
		"3273010101900210": true, "3273010101900023": false, "2373010101900012": true, "3273010101900000": false,
		"3273019101900012": false, "3273014101900012": true, "3273010101901112": false, "3273010101900019": true,
		"3273010101990012": true} {
		if near[text] != want {
			t.Errorf("%s: near %t", text, near[text])
		}
	}
	if (identity.NIK{}).Near() != nil {
		t.Error("no NIK has neighbours")
	}
	rapid.Check(t, func(t *rapid.T) {
		list := nik.Near()
		other := list[rapid.IntRange(0, len(list)-1).Draw(t, "n")]
		if !slices.ContainsFunc(other.Near(), nik.Equal) {
			t.Fatal("near one way only")
		}
	})
}

// A number is kept in one form, whoever typed it.
func TestNumbersAreBroughtToOneForm(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"0123-45.67 8": "012345678", "12345": "12345", "1234": "",
		"12345678901234567890": "12345678901234567890", "123456789012345678901": "", "12a45": ""} {
		if got, err := identity.ParseBankAccount(text); got.Reveal() != want || (err == nil) != (want != "") {
			t.Errorf("account %q: %v", text, err)
		}
	}
	if kpj, err := identity.ParseKPJ("9741283392"); err != nil || kpj.Reveal() != "09741283392" {
		t.Error("a KPJ gets no leading zero back")
	}
}
