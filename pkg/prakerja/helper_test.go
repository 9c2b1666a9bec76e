package prakerja_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/policies"
)

var (
	programme = ruletest.Of(prakerja.Programme, prakerja.Schemas(), prakerja.Load)
	date      = ruletest.Date
)

func law(t testing.TB) prakerja.Law {
	t.Helper()
	l, err := prakerja.Load(policies.FS)
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	return l
}

func schemeAt(t testing.TB, day string) prakerja.Scheme {
	t.Helper()
	s, err := law(t).Versions.At(date(day))
	if err != nil {
		t.Fatalf("scheme of %s: %v", day, err)
	}
	return s
}

// applicant is one whom every running scheme takes.
func applicant(applied string) prakerja.Facts {
	return prakerja.Facts{
		AppliedOn: date(applied), BirthDate: date("1995-05-20"), Citizen: new(true), InFormalEducation: new(false),
		Occupation: new(prakerja.OtherOccupation), AidKnown: true, FamilyRecipients: new(0),
	}
}
