package assessment

import (
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Facts are what is stated of one worker for one programme.
type Facts interface {
	// Assess asks the rules. Faults (Invalid) name the field; a fact that is missing is none: its criterion is unknown.
	Assess(p *Programmes, l rule.Language, today calendar.Date) (Answer, error)
}

// Answer is what the rules of a programme say of one worker.
type Answer struct {
	Decision
	Owing
	Deadline *Deadline `json:"deadline,omitempty" doc:"Last day to claim"`
	Parts    []Part    `json:"parts" nullable:"false" doc:"The money, part by part"`
	Total    int64     `json:"total" doc:"Whole rupiah; the sum of the parts"`
	AtLeast  bool      `json:"at_least,omitempty" doc:"A part is a minimum: more may be agreed"`
	Complete bool      `json:"complete" doc:"False when something is owed whose amount is not known: the total is then too low"`
	// Missing, Orientation, Against and Dates are of money and cover on the end of employment.
	Missing     []string      `json:"missing,omitempty" doc:"Facts that would make an unknown amount known"`
	ToAsk       []MissingFact `json:"to_ask,omitempty" doc:"The same facts, and the one that decides who pays, in words and with who has them"`
	Orientation []Part        `json:"orientation,omitempty" doc:"What the tables give where they do not bind the employer, or where nobody has said whether they do: not owed, for orientation"`
	Against     []Part        `json:"against,omitempty" doc:"What the worker may owe the employer"`
	Dates       []DueDate     `json:"dates,omitempty" doc:"Days that the law gives, with the other day where it leaves open which is meant"`
	Announced   *Announced    `json:"announced,omitempty" doc:"What was announced, where the rules are not known here: nothing is decided from it"`
	Findings    []Finding     `json:"findings,omitempty" doc:"What was offered against what the law gives"`
	Versions    []Version     `json:"versions,omitempty" doc:"The same facts under each version of the rules"`
}

// Decision is what the rules say, with every criterion, its inputs and its article.
type Decision struct {
	Programme  string      `json:"programme"`
	Version    string      `json:"version" doc:"Parameter file that decided"`
	AsOf       string      `json:"as_of"`
	Result     string      `json:"result" enum:"eligible,ineligible,undetermined"`
	Unverified bool        `json:"unverified" doc:"A figure or reading behind it is not verified against the text of the law"`
	Criteria   []Criterion `json:"criteria" nullable:"false"`
	// UnderReplacement repeats what the parameter files say of their successors.
	UnderReplacement []Replacing `json:"under_replacement,omitempty" doc:"Versions behind it that are about to be replaced"`
}

// Criterion is one condition of the law as it was looked at.
type Criterion struct {
	Code       string            `json:"code"`
	Result     string            `json:"result" enum:"met,not_met,unknown"`
	Required   string            `json:"required"`
	Inputs     map[string]string `json:"inputs"`
	Article    string            `json:"article"`
	Confidence string            `json:"confidence"`
	Text       string            `json:"text" doc:"In the language of the answer"`
	Asked                        // while it is unknown
}

// Part is a part of the money: a month of a benefit, or an item that an employer owes.
type Part struct {
	Code       string  `json:"code"`
	Text       string  `json:"text" doc:"In the language of the answer"`
	Months     int     `json:"months,omitempty" doc:"Months of wage by the table"`
	Rate       string  `json:"rate,omitempty" doc:"Multiplier or rate"`
	From       string  `json:"from,omitempty" doc:"First day to claim it"`
	Until      string  `json:"until,omitempty" doc:"Last day to claim it"`
	Amount     int64   `json:"amount" doc:"Whole rupiah"`
	Known      bool    `json:"known" doc:"False when the amount hangs on a fact that nobody has stated"`
	Agreed     bool    `json:"by_agreement,omitempty" doc:"The law gives no amount: it is what the parties agreed"`
	Otherwise  []Other `json:"otherwise,omitempty" doc:"Amounts under other readings of what the law leaves open"`
	Version    string  `json:"version" doc:"Parameter file that gave the amount"`
	Article    string  `json:"article"`
	Confidence string  `json:"confidence"`
	Unverified bool    `json:"unverified"`
}

// Other is the amount of a part under another reading of the law.
type Other struct {
	Reading string `json:"reading" doc:"Such as last_day_not_counted"`
	Amount  int64  `json:"amount" doc:"Whole rupiah"`
	Article string `json:"article"`
	Note    string `json:"note,omitempty" doc:"Why it is open, and why the other one was taken"`
}

// DueDate is a day that the law gives.
type DueDate struct {
	Code       string        `json:"code"`
	Text       string        `json:"text" doc:"In the language of the answer"`
	On         calendar.Date `json:"on"`
	Otherwise  calendar.Date `json:"otherwise,omitzero" doc:"The day by the other reading: whoever must act keeps to the earlier one"`
	Article    string        `json:"article"`
	Confidence string        `json:"confidence"`
	Unverified bool          `json:"unverified"`
}

// Announced is what was announced for a year whose rules are not known here.
type Announced struct {
	On         calendar.Date `json:"on"`
	Monthly    int64         `json:"monthly" doc:"Whole rupiah"`
	Months     int           `json:"months"`
	Total      int64         `json:"total" doc:"Whole rupiah"`
	Workers    int           `json:"workers" doc:"About"`
	Article    string        `json:"article"`
	Confidence string        `json:"confidence"`
	Note       string        `json:"note,omitempty"`
}

// Deadline is the last day to claim.
type Deadline struct {
	On         string `json:"on"`
	Version    string `json:"version"`
	Article    string `json:"article"`
	Confidence string `json:"confidence"`
}

// Finding compares an offer with the law.
type Finding struct {
	Kind    string `json:"kind"`
	Offered int64  `json:"offered" doc:"Whole rupiah"`
	Lawful  int64  `json:"lawful" doc:"Whole rupiah"`
	Verdict string `json:"verdict" enum:"agrees,below,above,unknown"`
}

// Version is the answer of one version of the rules; Differs names the criteria that come out otherwise than in the
// answer.
type Version struct {
	Version string   `json:"version"`
	Result  string   `json:"result" enum:"eligible,ineligible,undetermined"`
	Differs []string `json:"differs" nullable:"false"`
}

// DecisionOf words a decision.
func (p *Programmes) DecisionOf(d rule.Decision, l rule.Language) Decision {
	out := Decision{Programme: d.Programme, Version: d.Version, AsOf: d.AsOf.String(), Result: string(d.Result),
		Unverified: d.Unverified(), Criteria: make([]Criterion, len(d.Criteria))}
	for i, c := range d.Criteria {
		out.Criteria[i] = Criterion{Code: c.Code, Result: string(c.Result), Required: c.Required, Inputs: c.Inputs,
			Article: c.Source.String(), Confidence: string(c.Confidence), Text: c.Explain(l, p.Texts)}
		if c.Result == rule.Unknown {
			out.Criteria[i].Asked = askedOf(c.Code, l)
		}
	}
	out.UnderReplacement = p.Marks.Of(out, l)
	return out
}

func (p *Programmes) text(code string, l rule.Language) string {
	if text, ok := p.Texts[code]; ok {
		return text.In(l)
	}
	return code
}

// add puts a part into the answer and its amount into the total.
func (a *Answer) add(part Part) {
	a.Parts = append(a.Parts, part)
	a.Total += part.Amount
	a.Complete = a.Complete && part.Known
	a.Unverified = a.Unverified || part.Unverified
}

// differing lists the criteria that one decision answers otherwise than the other, or that only one of them has.
func differing(a, b rule.Decision) []string {
	codes := []string{}
	for _, c := range b.Criteria {
		if other, ok := a.Get(c.Code); !ok || other.Result != c.Result {
			codes = append(codes, c.Code)
		}
	}
	for _, c := range a.Criteria {
		if _, ok := b.Get(c.Code); !ok {
			codes = append(codes, c.Code)
		}
	}
	return codes
}

func orToday(on, today calendar.Date) calendar.Date {
	if on.IsZero() {
		return today
	}
	return on
}

func rupiah(amount *int64) *money.Rupiah {
	if amount == nil {
		return nil
	}
	r := money.Rupiah(*amount)
	return &r
}

// unknownValue is a value that a closed list does not have.
func unknownValue(field, allowed string) error {
	return fault.New(fault.Invalid, "input.one_of", "allowed", allowed).At(field)
}
