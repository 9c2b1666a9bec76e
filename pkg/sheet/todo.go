package sheet

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tanggap/tanggap/pkg/wording"
)

// maxMissing is the most that one page holds, for a reader who needs large letters.
const maxMissing = 6

// dates are the days that must not be missed, the earlier one of two readings, with what has to be done where.
func (s Sheet) dates() block {
	b := block{Heading: s.say("dates")}
	for _, c := range s.Answer.Clocks {
		if c.Code == "cover.jkn_until" { // nothing is to be done by then, and it stands above
			continue
		}
		line := row{What: c.Text, Value: s.date(c.On)}
		// Where nothing is said, the office of the sheet helps.
		line.Where, _ = wording.Text(s.Lang, "sheet.where_"+strings.TrimPrefix(c.Code, "procedure."))
		if c.Passed {
			line.Where = s.say("passed")
		}
		b.Rows = append(b.Rows, line)
	}
	return b
}

// missing are the facts that would help, those of the money first, by who has them.
func (s Sheet) missing() block {
	b := block{Heading: s.say("missing")}
	var seen []string
	more := 0
	for _, m := range s.Answer.Missing {
		switch {
		case slices.Contains(seen, m.Text) || len(m.From) == 0:
		case len(seen) == maxMissing:
			more++
		default:
			seen = append(seen, m.Text)
			b.ask(s.say("from_"+string(m.From[0])), m.Text)
		}
	}
	if more > 0 {
		b.Notes = append(b.Notes, s.say("more", "n", strconv.Itoa(more)))
	}
	return b
}

// ask adds a fact to those that somebody can tell.
func (b *block) ask(who, fact string) {
	i := slices.IndexFunc(b.Asks, func(a ask) bool { return a.Who == who })
	if i < 0 {
		i = len(b.Asks)
		b.Asks = append(b.Asks, ask{Who: who})
	}
	b.Asks[i].Facts = append(b.Asks[i].Facts, fact)
}
