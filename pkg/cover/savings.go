package cover

import (
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Ending is how the employment ended, as far as JHT asks; empty when nobody has said.
type Ending string

// The endings.
const (
	Terminated    Ending = "terminated"
	Resigned      Ending = "resigned"
	TermEnded     Ending = "term_ended"     // a fixed term that ran to its end
	AnotherEnding Ending = "another_ending" // pension, death: other rules, which are not known here
)

// Valid reports whether e is a known ending.
func (e Ending) Valid() bool {
	return e == Terminated || e == Resigned || e == TermEnded || e == AnotherEnding
}

// SavingsFacts is what has to be known for JHT.
type SavingsFacts struct {
	Ending Ending
	// Ended is the last day of the employment, LetterOn the day of the employer's letter on a resignation.
	Ended, LetterOn calendar.Date
}

// Savings is the answer on JHT.
type Savings struct {
	Version string
	// From is the first day to claim, Strict the later day of the strict reading; zero when it is not Known.
	From, Strict calendar.Date
	Known        bool
	// PaidWithin is the number of working days from a complete request to the payment.
	PaidWithin int
	Sources    []rule.Source
	Missing    []string
}

// The facts that Missing names.
const (
	FactEnding = "reason"
	FactLetter = "resignation_letter_on"
)

// Savings answers for JHT. Faults (Invalid): cover.ending_unknown, cover.ended_missing, rule.no_version.
func (l Law) Savings(f SavingsFacts) (Savings, error) {
	switch {
	case f.Ending != "" && !f.Ending.Valid():
		return Savings{}, fault.New(fault.Invalid, "cover.ending_unknown").At("reason")
	case f.Ended.IsZero():
		return Savings{}, fault.New(fault.Invalid, "cover.ended_missing").At("terminated_on")
	}
	rules, err := l.JHT.At(f.Ended)
	if err != nil {
		return Savings{}, err
	}
	return rules.savings(f), nil
}

func (r JHT) savings(f SavingsFacts) Savings {
	s := Savings{Version: r.ID, PaidWithin: r.PaidWithin.Value}
	switch f.Ending {
	case Terminated:
		return s.after(f.Ended, r.AfterTermination, r.FirstDay)
	case Resigned:
		if f.LetterOn.IsZero() {
			s.Missing, s.Sources = []string{FactLetter}, []rule.Source{r.AfterResignation.Source}
			return s
		}
		return s.after(f.LetterOn, r.AfterResignation, r.FirstDay)
	case TermEnded:
		s.From, s.Strict, s.Known = f.Ended, f.Ended, true
		s.Sources = []rule.Source{r.AfterFixedTerm.Source}
		return s
	case AnotherEnding:
		s.Sources = []rule.Source{r.AfterTermination.Source}
		return s
	}
	s.Missing, s.Sources = []string{FactEnding}, []rule.Source{r.AfterTermination.Source}
	return s
}

func (s Savings) after(day calendar.Date, months rule.Figure[int], first rule.Figure[Day]) Savings {
	same := day.AddMonths(months.Value)
	s.From, s.Strict, s.Known = same, same.AddDays(1), true
	if first.Value == DayAfter {
		s.From = s.Strict
	}
	s.Sources = []rule.Source{months.Source, first.Source}
	return s
}
