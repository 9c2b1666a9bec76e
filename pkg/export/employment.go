package export

import (
	"slices"
	"strconv"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/wording"
)

// employmentColumns are what is on record of the employment that ended: the money of the worker hangs on it.
var employmentColumns = names(casework.Employment{}.Texts())

// amounts are those of them that are whole rupiah.
var amounts = []string{"base_wage", "fixed_allowance", "unpaid_wages", "agreed_amount", "separation_pay"}

func names(facts [][2]string) []string {
	out := make([]string, len(facts))
	for i, f := range facts {
		out[i] = f[0]
	}
	return out
}

// employmentCells are the values of the employment columns.
func employmentCells(e casework.Employment) []string {
	facts := e.Texts()
	out := make([]string, len(facts))
	for i, f := range facts {
		out[i] = f[1]
	}
	return out
}

// spoken is a fact of the employment for people: money as rupiah, a day by its name, a value of a list in words.
func (s *speech) spoken(name, text string) string {
	if day, err := calendar.ParseDate(text); err == nil {
		return s.Day(day)
	}
	if amount, err := strconv.ParseInt(text, 10, 64); err == nil && slices.Contains(amounts, name) {
		return money.Rupiah(amount).String()
	}
	if words, known := wording.Text(s.Lang, "value."+text); known {
		return words
	}
	return text
}

// employment writes what is known of the employment; what nobody has said has no line.
func (d *dossier) employment(e casework.Employment) {
	for _, f := range e.Texts() {
		if f[1] != "" {
			d.line(d.say("fact."+f[0]), d.spoken(f[0], f[1]))
		}
	}
}
