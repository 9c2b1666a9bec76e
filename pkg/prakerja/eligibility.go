package prakerja

import (
	"slices"
	"strconv"

	"github.com/tanggap/tanggap/pkg/rule"
)

// The criteria of eligibility.
const (
	CriterionStatus    = "prakerja.scheme_running"
	CriterionMinAge    = "prakerja.min_age"
	CriterionMaxAge    = "prakerja.max_age"
	CriterionCitizen   = "prakerja.citizen"
	CriterionEducation = "prakerja.not_in_formal_education"
	CriterionWork      = "prakerja.occupation"
	CriterionAid       = "prakerja.other_aid"
	CriterionFamily    = "prakerja.family_limit"
)

// Eligibility decides whether the applicant may join the scheme, with every criterion of it. A scheme whose status is
// unknown answers all of them as unknown.
func (s Scheme) Eligibility(f Facts) rule.Decision {
	criteria := []rule.Criterion{{
		Code: CriterionStatus, Inputs: map[string]string{"applied_on": f.AppliedOn.String()}, Required: string(StatusRunning),
		Result: statusResult(s.Status.Value), Source: s.Status.Source,
	}}
	for _, look := range []func(Facts) (rule.Criterion, bool){
		s.minAge, s.maxAge, s.citizen, s.education, s.occupation, s.aid, s.family,
	} {
		c, asked := look(f)
		switch {
		case s.Status.Value == StatusUnknown:
			criteria = append(criteria, rule.Criterion{
				Code: c.Code, Inputs: c.Inputs, Result: rule.Unknown, Source: s.Status.Source,
			})
		case asked:
			criteria = append(criteria, c)
		}
	}
	return rule.Decide(s.Version, f.AppliedOn, criteria)
}

func statusResult(s Status) rule.Result {
	if s == StatusRunning {
		return rule.Met
	}
	return rule.Unknown
}

func (s Scheme) minAge(f Facts) (rule.Criterion, bool) {
	return s.ageLimit(f, CriterionMinAge, ">= ", s.MinAge, func(years, limit int) bool { return years >= limit })
}

func (s Scheme) maxAge(f Facts) (rule.Criterion, bool) {
	return s.ageLimit(f, CriterionMaxAge, "<= ", s.MaxAge, func(years, limit int) bool { return years <= limit })
}

func (s Scheme) ageLimit(f Facts, code, sign string, limit *rule.Figure[int],
	within func(years, limit int) bool) (rule.Criterion, bool) {
	c := rule.Criterion{Code: code, Inputs: map[string]string{}, Result: rule.Unknown}
	known := !f.BirthDate.IsZero() && !f.AppliedOn.IsZero() && !f.BirthDate.After(f.AppliedOn)
	if known {
		c.Inputs["age"] = strconv.Itoa(age(f.BirthDate, f.AppliedOn))
	}
	if limit == nil {
		return c, false
	}
	c.Required, c.Source = sign+strconv.Itoa(limit.Value), limit.Source
	if known {
		c.Result = rule.When(within(age(f.BirthDate, f.AppliedOn), limit.Value))
	}
	return c, true
}

func (s Scheme) citizen(f Facts) (rule.Criterion, bool) {
	return trait(CriterionCitizen, "citizen", s.Citizen, f.Citizen)
}

func (s Scheme) education(f Facts) (rule.Criterion, bool) {
	return trait(CriterionEducation, "in_formal_education", s.FormalEducation, f.InFormalEducation)
}

// trait is a criterion over one stated yes or no.
func trait(code, input string, asked *rule.Figure[Treatment], fact *bool) (rule.Criterion, bool) {
	c := rule.Criterion{Code: code, Inputs: map[string]string{}, Result: rule.Unknown}
	if fact != nil {
		c.Inputs[input] = strconv.FormatBool(*fact)
	}
	if asked == nil {
		return c, false
	}
	c.Required, c.Source = string(asked.Value), asked.Source
	switch {
	case asked.Value == Allowed:
		c.Result = rule.Met
	case fact != nil:
		c.Result = rule.When(*fact == (asked.Value == Required))
	}
	return c, true
}

func (s Scheme) occupation(f Facts) (rule.Criterion, bool) {
	c := rule.Criterion{Code: CriterionWork, Inputs: map[string]string{}, Required: string(Excluded), Result: rule.Unknown}
	if f.Occupation != nil {
		c.Inputs["occupation"] = string(*f.Occupation)
	}
	if len(s.Occupations) == 0 {
		return c, false
	}
	c.Source = s.Occupations[CivilServant].Source
	if f.Occupation == nil || !f.Occupation.Valid() {
		return c, true
	}
	figure, listed := s.Occupations[*f.Occupation]
	if listed {
		c.Source = figure.Source
	}
	c.Result = rule.When(!listed || figure.Value != Excluded)
	return c, true
}

// aid is not met as soon as one excluded aid is received; an aid the scheme does not name is unknown.
func (s Scheme) aid(f Facts) (rule.Criterion, bool) {
	c := rule.Criterion{Code: CriterionAid, Inputs: map[string]string{}, Result: rule.Met}
	for _, a := range f.Aid {
		c.Inputs[string(a)] = "true"
	}
	if len(s.Aid) == 0 {
		return c, false
	}
	c.Source = s.aidSource()
	if !f.AidKnown && s.excludesAid() {
		c.Result = rule.Unknown
	}
	for _, a := range f.Aid {
		figure, named := s.Aid[a]
		switch {
		case named && figure.Value == Excluded:
			c.Result, c.Source = rule.NotMet, figure.Source
			return c, true
		case !named:
			c.Result = rule.Unknown
		}
	}
	return c, true
}

func (s Scheme) excludesAid() bool {
	for _, figure := range s.Aid {
		if figure.Value == Excluded {
			return true
		}
	}
	return false
}

// aidSource returns the source of the first aid by name, so that answers do not depend on the order of a map.
func (s Scheme) aidSource() rule.Source {
	names := make([]Aid, 0, len(s.Aid))
	for a := range s.Aid {
		names = append(names, a)
	}
	return s.Aid[slices.Min(names)].Source
}

func (s Scheme) family(f Facts) (rule.Criterion, bool) {
	c := rule.Criterion{Code: CriterionFamily, Inputs: map[string]string{}, Result: rule.Unknown}
	if f.FamilyRecipients != nil {
		c.Inputs["family_recipients"] = strconv.Itoa(*f.FamilyRecipients)
	}
	if s.FamilyLimit == nil {
		return c, false
	}
	c.Required, c.Source = "< "+strconv.Itoa(s.FamilyLimit.Value), s.FamilyLimit.Source
	if f.FamilyRecipients != nil {
		c.Result = rule.When(*f.FamilyRecipients < s.FamilyLimit.Value)
	}
	return c, true
}
