package casework

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
)

// Warning is what somebody should look at again. It refuses nothing.
type Warning struct {
	Code  string
	Field string            // as it was sent; empty when it is of the whole worker
	Args  map[string]string // for the message
}

// tidy brings the texts of a person to the form in which they are kept, from whichever entrance they came.
func (p *Person) tidy() {
	p.Name = cleanName(p.Name)
	p.Position, p.Employer = cleanText(p.Position), cleanText(p.Employer)
}

// findings hold the facts of a worker against each other, by the rules that the lists of employers are judged by.
func (s *Service) findings(c *Case, p *Person, today calendar.Date) []identity.Finding {
	facts := identity.Facts{NIK: p.NIK, BirthDate: p.BirthDate, Sex: p.Sex, TerminatedOn: c.TerminatedOn}
	return facts.Check(s.Tree.KnownNIKPrefix, today, s.Measures.On(today).WorkingAge.Value)
}

// judge refuses what cannot be and warns of what is unlikely. What stood already is refused nobody: a wrong phone
// number can be put right in a case whose birth date is wrong, too. Fields of the worker are named with a prefix, as
// they were sent.
func (s *Service) judge(c *Case, p *Person, today calendar.Date, prefix string,
	stood []identity.Finding) ([]Warning, error) {
	warnings, wrong := s.weigh(c, p, today, prefix, stood)
	if len(wrong) > 0 {
		return nil, fault.Together("worker.invalid", wrong...)
	}
	return warnings, nil
}

// Wrong is what Open would refuse of the facts of a worker, by themselves.
func (s *Service) Wrong(o Opening) []fault.FieldError {
	o.Person.tidy()
	_, wrong := s.weigh(&o.Case, &o.Person, s.Today(o.Case.Region), "worker.", nil)
	return wrong
}

func (s *Service) weigh(c *Case, p *Person, today calendar.Date, prefix string,
	stood []identity.Finding) (warnings []Warning, wrong []fault.FieldError) {
	args := map[string]string{"today": today.String()}
	if c.TerminatedOn.IsZero() {
		wrong = append(wrong, fault.FieldError{Field: "terminated_on", Code: "case.terminated_in_future", Args: args})
	}
	if p.Name == "" {
		wrong = append(wrong, fault.FieldError{Field: prefix + "name", Code: "worker.name_missing"})
	}
	for _, found := range s.findings(c, p, today) {
		field := prefix + string(found.Fact)
		if found.Fact == identity.FactTerminatedOn {
			field = string(found.Fact)
		}
		if found.Warning {
			warnings = append(warnings, Warning{Code: found.Code, Field: field})
			continue
		}
		if slices.Contains(stood, found) {
			continue
		}
		wrong = append(wrong, fault.FieldError{Field: field, Code: found.Code, Args: args})
	}
	for _, e := range p.Employment.check(c.TerminatedOn, today) {
		e.Field = prefix + e.Field
		wrong = append(wrong, e)
	}
	return warnings, wrong
}

// cleanText brings a text to NFC, with one plain space for each run of blanks and of what shows nothing.
func cleanText(s string) string {
	return norm.NFC.String(strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsGraphic(r)
	}), " "))
}

// cleanName is the name as it is kept; it is empty when nothing in it is a letter.
func cleanName(s string) string {
	if strings.IndexFunc(s, unicode.IsLetter) < 0 {
		return ""
	}
	return cleanText(s)
}
