package prakerja_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/pkg/rule"
)

func drawFlag(t *rapid.T, name string) *bool {
	switch rapid.IntRange(0, 2).Draw(t, name) {
	case 0:
		return nil
	case 1:
		return new(false)
	default:
		return new(true)
	}
}

func drawFacts(t *rapid.T) prakerja.Facts {
	f := prakerja.Facts{
		AppliedOn: date("2020-01-01").AddDays(rapid.IntRange(0, 2500).Draw(t, "applied")),
		Citizen:   drawFlag(t, "citizen"), InFormalEducation: drawFlag(t, "student"),
		AidKnown: rapid.Bool().Draw(t, "aid known"),
	}
	if rapid.Bool().Draw(t, "born") {
		f.BirthDate = date("1930-01-01").AddDays(rapid.IntRange(0, 34_000).Draw(t, "birth"))
	}
	if rapid.Bool().Draw(t, "works") {
		f.Occupation = new(rapid.SampledFrom([]prakerja.Occupation{
			prakerja.OtherOccupation, prakerja.CivilServant, prakerja.VillageOfficial,
		}).Draw(t, "occupation"))
	}
	for range rapid.IntRange(0, 2).Draw(t, "aids") {
		f.Aid = append(f.Aid, rapid.SampledFrom([]prakerja.Aid{
			prakerja.CovidSocialAid, prakerja.WageSubsidy, prakerja.MicroBusinessAid, prakerja.FamilyHope,
		}).Draw(t, "aid"))
	}
	if rapid.Bool().Draw(t, "family known") {
		f.FamilyRecipients = new(rapid.IntRange(0, 4).Draw(t, "family"))
	}
	return f
}

func decide(t *rapid.T, l prakerja.Law, f prakerja.Facts) rule.Decision {
	d, err := l.Eligibility(f)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A decision never contradicts its criteria, and the open scheme decides nothing.
func TestTheDecisionFollowsItsCriteria(t *testing.T) {
	t.Parallel()
	l := law(t)
	rapid.Check(t, func(t *rapid.T) {
		d := decide(t, l, drawFacts(t))
		want := rule.Eligible
		if len(d.Select(rule.Unknown)) > 0 {
			want = rule.Undetermined
		}
		if len(d.Select(rule.NotMet)) > 0 {
			want = rule.Ineligible
		}
		if d.Result != want || d.Version == "open-2025" && d.Result != rule.Undetermined {
			t.Errorf("%s under %s, its criteria give %s", d.Result, d.Version, want)
		}
	})
}

// To learn one more fact never turns a decided answer into another one, except that it may settle what was
// undetermined.
func TestAFactMoreNeverContradicts(t *testing.T) {
	t.Parallel()
	l := law(t)
	rapid.Check(t, func(t *rapid.T) {
		f := drawFacts(t)
		before := decide(t, l, f)
		if f.Citizen == nil {
			f.Citizen = new(rapid.Bool().Draw(t, "learnt citizen"))
		}
		if f.FamilyRecipients == nil {
			f.FamilyRecipients = new(rapid.IntRange(0, 4).Draw(t, "learnt family"))
		}
		if f.InFormalEducation == nil {
			f.InFormalEducation = new(rapid.Bool().Draw(t, "learnt student"))
		}
		after := decide(t, l, f)
		if before.Result != rule.Undetermined && before.Result != after.Result {
			t.Errorf("%s before, %s with more facts", before.Result, after.Result)
		}
	})
}

func TestOneMoreInTheFamilyNeverHelps(t *testing.T) {
	t.Parallel()
	l := law(t)
	rapid.Check(t, func(t *rapid.T) {
		f := drawFacts(t)
		f.FamilyRecipients = new(rapid.IntRange(0, 4).Draw(t, "n"))
		fewer := decide(t, l, f)
		f.FamilyRecipients = new(*f.FamilyRecipients + 1)
		if more := decide(t, l, f); more.Result == rule.Eligible && fewer.Result != rule.Eligible {
			t.Errorf("%s, with one more %s", fewer.Result, more.Result)
		}
	})
}

// The same facts give the same answer, whatever the order of a map.
func TestTheAnswerIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	l := law(t)
	rapid.Check(t, func(t *rapid.T) {
		f := drawFacts(t)
		a, b := decide(t, l, f), decide(t, l, f)
		for i := range a.Criteria {
			if a.Criteria[i].Source != b.Criteria[i].Source || a.Criteria[i].Result != b.Criteria[i].Result {
				t.Errorf("%s: %s and %s", a.Criteria[i].Code, a.Criteria[i].Source, b.Criteria[i].Source)
			}
		}
	})
}
