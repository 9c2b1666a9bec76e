package assessment

import (
	"fmt"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/wagesubsidy"
)

// Prakerja are the facts of an applicant for Kartu Prakerja.
type Prakerja struct {
	AppliedOn         calendar.Date `json:"applied_on,omitzero" doc:"It chooses the scheme; today by default"`
	BirthDate         calendar.Date `json:"birth_date,omitzero"`
	Citizen           *bool         `json:"citizen,omitempty"`
	InFormalEducation *bool         `json:"in_formal_education,omitempty"`
	Occupation        string        `json:"occupation,omitempty" enum:"other,state_official,legislator,civil_servant,soldier,police,village_official,state_enterprise_board"`
	Aid               []string      `json:"aid,omitempty" maxItems:"10" doc:"Aid received now: covid_social_aid, wage_subsidy, micro_business_aid, family_hope; an empty list says none"`
	FamilyRecipients  *int          `json:"family_recipients,omitempty" minimum:"0" maximum:"50" doc:"Other members of the family card who were awarded"`
}

// Assess decides whether the applicant may join the scheme of the day. Faults (Invalid, with the field): input.one_of,
// rule.no_version.
func (f Prakerja) Assess(p *Programmes, l rule.Language, today calendar.Date) (Answer, error) {
	facts := prakerja.Facts{AppliedOn: orToday(f.AppliedOn, today), BirthDate: f.BirthDate, Citizen: f.Citizen,
		InFormalEducation: f.InFormalEducation, AidKnown: f.Aid != nil, FamilyRecipients: f.FamilyRecipients}
	if f.Occupation != "" {
		occupation := prakerja.Occupation(f.Occupation)
		if !occupation.Valid() {
			return Answer{}, unknownValue("occupation", "other, state_official, legislator, civil_servant, soldier, police, "+
				"village_official, state_enterprise_board")
		}
		facts.Occupation = &occupation
	}
	for i, aid := range f.Aid {
		if !prakerja.Aid(aid).Valid() {
			return Answer{}, unknownValue(fmt.Sprintf("aid[%d]", i),
				"covid_social_aid, wage_subsidy, micro_business_aid, family_hope")
		}
		facts.Aid = append(facts.Aid, prakerja.Aid(aid))
	}
	d, err := p.Prakerja.Eligibility(facts)
	if err != nil {
		return Answer{}, err
	}
	return Answer{Decision: p.DecisionOf(d, l), Parts: []Part{}}, nil
}

// WageSubsidy are the facts of a worker for the wage subsidy of a year (Bantuan Subsidi Upah).
type WageSubsidy struct {
	Year        int             `json:"year" minimum:"2020" maximum:"2100"`
	Wage        *int64          `json:"wage,omitempty" minimum:"0" maximum:"1000000000000" doc:"Wage reported to BPJS Ketenagakerjaan, whole rupiah a month"`
	MinimumWage *int64          `json:"minimum_wage,omitempty" minimum:"0" maximum:"1000000000000" doc:"UMP or UMK of the place of work, whole rupiah a month"`
	Facts       map[string]bool `json:"facts,omitempty" doc:"citizen, valid_nik, active_member, wage_earner, bank_account, listed_area, priority_sector, state_servant, prakerja_recipient, family_hope_recipient, micro_business_recipient"`
	On          calendar.Date   `json:"on,omitzero" doc:"Day on which the facts are looked at; today by default"`
}

// Assess decides for the year and gives its sum. Of a year whose rules are not known here nothing is decided; what was
// announced for it is told. Faults (Invalid, with the field): input.one_of, those of Subsidy.Decide.
func (f WageSubsidy) Assess(p *Programmes, l rule.Language, today calendar.Date) (Answer, error) {
	subsidy, err := p.WageSubsidy.Year(f.Year)
	if err != nil {
		return p.notKnown(f.Year, orToday(f.On, today), l), nil
	}
	w := wagesubsidy.Worker{Wage: rupiah(f.Wage), MinimumWage: rupiah(f.MinimumWage), Facts: map[wagesubsidy.Fact]bool{}}
	for name, holds := range f.Facts {
		if !wagesubsidy.Fact(name).Valid() {
			return Answer{}, unknownValue("facts."+name, "citizen, valid_nik, active_member, wage_earner, bank_account, "+
				"listed_area, priority_sector, state_servant, prakerja_recipient, family_hope_recipient, micro_business_recipient")
		}
		w.Facts[wagesubsidy.Fact(name)] = holds
	}
	found, err := subsidy.Decide(w, orToday(f.On, today))
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Decision: p.DecisionOf(found.Decision, l), Parts: []Part{},
		Complete: found.Decision.Result != rule.Undetermined}
	if found.Decision.Result == rule.Eligible {
		source := subsidy.Amount.Total.Source
		a.add(Part{Code: "wagesubsidy.amount", Text: p.text("wagesubsidy.amount", l), Amount: int64(found.Amount),
			Known: true, Version: found.Decision.Version, Article: source.String(), Confidence: string(source.Confidence),
			Unverified: source.Unverified()})
	}
	return a, nil
}

// notKnown is the answer for a year without rules.
func (p *Programmes) notKnown(year int, on calendar.Date, l rule.Language) Answer {
	out := Answer{Decision: p.DecisionOf(p.WageSubsidy.NotKnown(year, on), l), Parts: []Part{}}
	if a, ok := p.WageSubsidy.Announced(year); ok {
		source := a.AnnouncedOn.Source
		out.Announced = &Announced{
			On: a.AnnouncedOn.Value, Monthly: int64(a.Amount.Monthly.Value), Months: a.Amount.Months.Value,
			Total: int64(a.Amount.Total.Value), Workers: a.Workers.Value, Article: source.String(),
			Confidence: string(source.Confidence), Note: source.Note,
		}
	}
	return out
}
