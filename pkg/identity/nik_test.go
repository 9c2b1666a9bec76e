package identity_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
)

func TestNIKsByTheTable(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/nik.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		nik, err := identity.ParseNIK(row[0])
		if fault.CodeOf(err) != row[1] {
			t.Errorf("%s: got %v, want %q", row[2], err, row[1])
		}
		if (err == nil) == nik.IsZero() || err == nil && nik.Reveal() != row[0] {
			t.Errorf("%s: value and error disagree", row[2])
		}
		if err != nil && row[0] != "" && strings.Contains(fmt.Sprintf("%v", err), row[0]) {
			t.Errorf("%s: the fault shows what was written", row[2])
		}
	}
}

// written is how a register office makes a NIK of a person.
func written(regency string, born calendar.Date, sex identity.Sex, serial int) string {
	day := born.Day()
	if sex == identity.Female {
		day += 40
	}
	return fmt.Sprintf("%s01%02d%02d%02d%04d", regency, day, int(born.Month()), born.Year()%100, serial)
}

func TestEveryPersonsNIKIsReadAndAgrees(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		born := calendar.MustDate("1900-01-01").AddDays(rapid.IntRange(0, 73_048).Draw(t, "days")) // to the end of 2099
		sex := rapid.SampledFrom([]identity.Sex{identity.Male, identity.Female}).Draw(t, "sex")
		text := written("3273", born, sex, rapid.IntRange(1, 9999).Draw(t, "serial"))
		nik, err := identity.ParseNIK(text)
		if err != nil {
			t.Fatalf("born %s: %v", born, err)
		}
		if !nik.BirthDateAgrees(born) || !nik.SexAgrees(sex) || nik.RegionCode() != "3273" || nik.Tail() != text[12:] {
			t.Fatalf("born %s, %s: the NIK says otherwise", born, sex)
		}
		for days := range 40 {
			if nik.BirthDateAgrees(born.AddDays(days+1)) || nik.BirthDateAgrees(born.AddDays(-days-1)) {
				t.Fatalf("born %s: a day less than a month away agrees too", born)
			}
		}
	})
}

// The century is not written: both must agree, and where only one has the day, only that.
func TestBothCenturiesAgree(t *testing.T) {
	t.Parallel()
	nik, err := identity.ParseNIK("3273011708050003")
	if err != nil {
		t.Fatal(err)
	}
	for date, want := range map[string]bool{"1905-08-17": true, "2005-08-17": true, "2105-08-17": false,
		"2005-08-18": false} {
		if nik.BirthDateAgrees(calendar.MustDate(date)) != want {
			t.Errorf("%s: agrees %t", date, !want)
		}
	}
}

// Optional fields hold the zero NIK; no question about it may panic.
func TestNoNIKAgreesWithNothing(t *testing.T) {
	t.Parallel()
	var none identity.NIK
	if none.BirthDateAgrees(calendar.MustDate("1991-08-17")) || none.BirthDateAgrees(calendar.Date{}) {
		t.Error("it has a birth date")
	}
	if none.SexAgrees(identity.Male) || none.SexAgrees(identity.Female) || none.SexAgrees("") {
		t.Error("it has a sex")
	}
	if none.RegionCode()+none.Tail()+none.Masked()+none.Reveal()+none.String() != "" || !none.IsZero() {
		t.Error("it shows something")
	}
	if nik, err := identity.ParseNIK("3273011708910003"); err != nil || nik.Equal(none) || !none.Equal(identity.NIK{}) ||
		nik.SexAgrees("other") {
		t.Errorf("a NIK and none are the same, or of no sex: %v", err)
	}
}

// Two values of one NIK hold different pointers.
func TestEqualComparesTheDigits(t *testing.T) {
	t.Parallel()
	a, err1 := identity.ParseNIK("3273011708910003")
	b, err2 := identity.ParseNIK(strings.Clone("3273011708910003"))
	c, err3 := identity.ParseNIK("3273011708910004")
	if err1 != nil || err2 != nil || err3 != nil {
		t.Fatal(err1, err2, err3)
	}
	if !a.Equal(b) || a.Equal(c) {
		t.Error("equality is not that of the digits")
	}
}

func TestSexes(t *testing.T) {
	t.Parallel()
	for sex, want := range map[identity.Sex]bool{identity.Male: true, identity.Female: true, "": false, "L": false,
		"Male": false} {
		if sex.Valid() != want {
			t.Errorf("%q: valid %t", sex, !want)
		}
	}
}
