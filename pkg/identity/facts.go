package identity

import "github.com/tanggap/tanggap/pkg/calendar"

// Facts are the facts of a worker that can contradict each other. What is not known is zero, and is not checked.
type Facts struct {
	NIK          NIK
	BirthDate    calendar.Date
	Sex          Sex
	TerminatedOn calendar.Date // the day of the PHK
}

// Fact names one of Facts.
type Fact string

// The facts.
const (
	FactNIK          Fact = "nik"
	FactBirthDate    Fact = "birth_date"
	FactSex          Fact = "sex"
	FactTerminatedOn Fact = "terminated_on"
)

// Finding is what is wrong with a fact. A warning is a reason to ask; anything else cannot be, and is refused.
type Finding struct {
	Code    string
	Fact    Fact
	Warning bool
}

// Check finds what cannot be as of today, and what is unlikely; without a day of today nothing is in the future.
// knownRegion tells whether a NIK can begin with a region; youngest is the age in years below which nobody is employed
// in the ordinary way.
func (f Facts) Check(knownRegion func(prefix string) bool, today calendar.Date, youngest int) []Finding {
	var found []Finding
	note := func(fact Fact, code string, warning bool) { found = append(found, Finding{code, fact, warning}) }
	if !f.NIK.IsZero() && !knownRegion(f.NIK.RegionCode()) {
		note(FactNIK, "nik.region_unknown", false)
	}
	born := !f.BirthDate.IsZero()
	switch {
	case born && f.BirthDate.After(today) && !today.IsZero():
		note(FactBirthDate, "worker.birth_date_future", false)
		born, f.BirthDate = false, calendar.Date{} // it says nothing of the other facts
	case born && !f.NIK.IsZero() && !f.NIK.BirthDateAgrees(f.BirthDate):
		note(FactBirthDate, "nik.birthdate_mismatch", true)
	}
	if !f.NIK.IsZero() && f.Sex.Valid() && !f.NIK.SexAgrees(f.Sex) {
		note(FactSex, "nik.gender_mismatch", true)
	}
	switch {
	case f.TerminatedOn.IsZero():
	case f.TerminatedOn.After(today) && !today.IsZero():
		note(FactTerminatedOn, "case.terminated_in_future", false)
	case !f.aliveOn(f.TerminatedOn):
		note(FactTerminatedOn, "phk_date.before_birth", false)
	case born && f.BirthDate.AddMonths(12*youngest).After(f.TerminatedOn):
		note(FactTerminatedOn, "phk_date.before_working_age", true)
	}
	return found
}

// aliveOn tells whether the worker can have been born before a day: by the birth date, or without one by the NIK.
func (f Facts) aliveOn(day calendar.Date) bool {
	if !f.BirthDate.IsZero() {
		return f.BirthDate.Before(day)
	}
	dates := births(f.NIK.Reveal())
	for _, d := range dates {
		if d.Before(day) {
			return true
		}
	}
	return len(dates) == 0
}
