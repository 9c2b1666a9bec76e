package prakerja

import (
	"slices"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
)

// Occupation is what the applicant does, as far as the scheme asks.
type Occupation string

// The occupations; Other is every one that no scheme excludes.
const (
	OtherOccupation      Occupation = "other"
	StateOfficial        Occupation = "state_official"
	Legislator           Occupation = "legislator" // leaders and members of DPRD
	CivilServant         Occupation = "civil_servant"
	Soldier              Occupation = "soldier"
	Police               Occupation = "police"
	VillageOfficial      Occupation = "village_official"       // village head and staff
	StateEnterpriseBoard Occupation = "state_enterprise_board" // directors, commissioners, supervisors of BUMN and BUMD
)

// Valid reports whether o is a known occupation.
func (o Occupation) Valid() bool { return codelist.Has(o) }

// Values lists the occupations.
func (Occupation) Values() []Occupation {
	return []Occupation{OtherOccupation, StateOfficial, Legislator, CivilServant, Soldier, Police, VillageOfficial,
		StateEnterpriseBoard}
}

// Aid is another public aid that the applicant receives.
type Aid string

// The aids.
const (
	CovidSocialAid   Aid = "covid_social_aid"
	WageSubsidy      Aid = "wage_subsidy"       // BSU
	MicroBusinessAid Aid = "micro_business_aid" // BPUM
	FamilyHope       Aid = "family_hope"        // PKH
)

// Values returns all aids.
func (Aid) Values() []Aid { return []Aid{CovidSocialAid, WageSubsidy, MicroBusinessAid, FamilyHope} }

// Valid reports whether a is a known aid.
func (a Aid) Valid() bool { return slices.Contains(a.Values(), a) }

// Facts is what has to be known of an applicant. nil and zero dates mean that nobody has stated it.
type Facts struct {
	// AppliedOn chooses the scheme; the age is that of this day.
	AppliedOn         calendar.Date
	BirthDate         calendar.Date
	Citizen           *bool
	InFormalEducation *bool
	Occupation        *Occupation
	// Aid lists what is received now; AidKnown says that the list is complete, even if empty.
	Aid      []Aid
	AidKnown bool
	// FamilyRecipients counts the other NIK of the family card that have been awarded.
	FamilyRecipients *int
}

// age returns the completed years on the day.
func age(birth, on calendar.Date) int {
	years := on.Year() - birth.Year()
	if birth.AddMonths(years * monthsOfYear).After(on) {
		years--
	}
	return years
}

const monthsOfYear = 12
