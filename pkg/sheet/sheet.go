package sheet

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/wording"
)

// Sheet is what is printed for one worker. Worker may be empty: a line is then left for the name.
type Sheet struct {
	Office string
	Worker string
	On     calendar.Date
	Answer assessment.RightsAnswer
	Lang   string
}

// row is a line of the sheet: what, and how much or until when.
type row struct {
	What, Value string
	Strong      bool
}

// block is a part of the sheet under a heading, with sentences below its rows.
type block struct {
	Heading string
	Rows    []row
	Notes   []string
	Bullets []string
}

// page is the sheet in words.
type page struct {
	Lang, Title, Office string
	Head                []row
	Blocks              []block
	Help, Law           string
}

// note adds a sentence, once.
func (b *block) note(text string) {
	if !slices.Contains(b.Notes, text) {
		b.Notes = append(b.Notes, text)
	}
}

// The most that one page holds, for a reader who needs large letters.
const maxMissing = 6

func (s Sheet) say(code string, args ...string) string {
	filled := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		filled[args[i]] = args[i+1]
	}
	return wording.Message(s.Lang, "sheet."+code, filled)
}

// date is "20 Mei 2027".
func (s Sheet) date(d calendar.Date) string {
	names := strings.Fields(s.say("months"))
	return strconv.Itoa(d.Day()) + " " + names[d.Month()-1] + " " + strconv.Itoa(d.Year())
}

func rupiah(amount int64) string { return money.Rupiah(amount).String() }

func (s Sheet) page() page {
	p := page{Lang: s.Lang, Title: s.say("title"), Office: s.Office, Help: s.say("help")}
	name := s.Worker
	if name == "" {
		name = strings.Repeat(".", 40)
	}
	p.Head = []row{{What: s.say("name"), Value: name}}
	if day, err := calendar.ParseDate(s.Answer.EndOn); err == nil {
		p.Head = append(p.Head, row{What: s.say("last_day"), Value: s.date(day)})
	}
	p.Head = append(p.Head, row{What: s.say("printed"), Value: s.date(s.On)})
	for _, b := range []block{s.employer(), s.bpjs(), s.dates(), s.missing()} {
		if len(b.Rows)+len(b.Bullets) > 0 {
			p.Blocks = append(p.Blocks, b)
		}
	}
	p.Law = s.say("law", "articles", strings.Join(s.articles(), ", "), "date", s.date(s.On))
	for _, r := range s.Answer.UnderReplacement {
		p.Law += " " + s.say("replaced", "note", r.Note, "date", s.date(r.LookedAt))
	}
	return p
}

// label is the word for a part or a right: that of the last name in its code.
func (s Sheet) label(code string) string {
	if code == "thr.amount" {
		code = "thr"
	}
	return s.say(code[strings.LastIndexByte(code, '.')+1:])
}

// employer is what the firm owes, the tax, and what is left.
func (s Sheet) employer() block {
	b := block{Heading: s.say("employer")}
	for _, r := range s.Answer.Items {
		if r.Payer == assessment.PayerEmployer {
			s.owed(&b, r)
		}
	}
	a := s.Answer
	b.Rows = append(b.Rows, row{What: s.say("sum"), Value: rupiah(a.Gross), Strong: true})
	if a.Tax.Known {
		part := assessment.Part{Amount: a.Tax.Amount, Unverified: a.Tax.Unverified}
		b.Rows = append(b.Rows, s.marked(&b, s.say("tax"), part))
	}
	net := "net"
	if !a.Complete {
		net = "net_so_far"
		b.Notes = append(b.Notes, s.say("so_far"))
	}
	b.Rows = append(b.Rows, row{What: s.say(net), Value: rupiah(a.Net), Strong: true})
	for _, part := range a.Against {
		b.Notes = append(b.Notes, s.say("against", "amount", rupiah(part.Amount)))
	}
	return b
}

// owed adds the lines of one right: its parts, or the right itself where it has none.
func (s Sheet) owed(b *block, r assessment.WorkerRight) {
	for _, part := range r.Parts {
		switch {
		case !part.Known:
			b.Rows = append(b.Rows, row{What: s.label(part.Code), Value: s.say("unknown")})
		case part.Amount != 0:
			b.Rows = append(b.Rows, s.amount(b, part))
		}
	}
	if r.AtLeast {
		b.Notes = append(b.Notes, s.say("at_least"))
	}
	if len(r.Table) > 0 {
		b.Notes = append(b.Notes, s.orientation(r))
	}
	if len(r.Parts) > 0 {
		return
	}
	value := map[string]string{assessment.Owed: rupiah(r.Amount), assessment.NotOwed: s.say("none"),
		assessment.Unknown: s.say("unknown")}
	b.Rows = append(b.Rows, row{What: s.label(r.Code), Value: value[r.State]})
}

// amount is the line of a known part; another reading of the law is told below, once.
func (s Sheet) amount(b *block, part assessment.Part) row {
	return s.marked(b, s.label(part.Code), part)
}

func (s Sheet) marked(b *block, what string, part assessment.Part) row {
	line := row{What: what, Value: rupiah(part.Amount)}
	switch {
	case len(part.Otherwise) > 0:
		line.Value += " *"
		b.note(s.say("otherwise", "what", line.What, "amount", rupiah(part.Otherwise[0].Amount)))
	case part.Unverified:
		line.Value += " *"
		b.note(s.say("unsure"))
	}
	return line
}

// orientation says what a larger firm would owe: a small one owes what was agreed, and of an unknown one it is not
// known.
func (s Sheet) orientation(r assessment.WorkerRight) string {
	var sum int64
	for _, part := range r.Table {
		sum += part.Amount
	}
	small := slices.ContainsFunc(r.Parts, func(p assessment.Part) bool { return p.Agreed })
	if small {
		return s.say("small_firm", "amount", rupiah(sum))
	}
	return s.say("size_unknown", "amount", rupiah(sum))
}

// bpjs is what the two BPJS give.
func (s Sheet) bpjs() block {
	b := block{Heading: s.say("bpjs")}
	for _, r := range s.Answer.Items {
		switch r.Code {
		case assessment.RightJKP:
			b.Rows = append(b.Rows, row{What: s.say("jkp"), Value: s.jkp(r)})
			if r.Payer == assessment.PayerEmployerFirst {
				b.Notes = append(b.Notes, s.say("jkp_first"))
			}
			if !r.Until.IsZero() && r.State != assessment.NotOwed {
				b.Notes = append(b.Notes, s.say("jkp_until", "date", s.date(r.Until.AddDays(-1))))
			}
		case assessment.RightJHT:
			value := s.say("unknown")
			if r.State == assessment.Owed {
				value = s.say("jht_from", "date", s.date(later(r.From, r.Otherwise)))
			}
			b.Rows = append(b.Rows, row{What: s.say("jht"), Value: value})
		case assessment.RightJKN:
			b.Rows = append(b.Rows, row{What: s.say("jkn"), Value: s.jkn(r)})
		}
	}
	return b
}

func later(a, b calendar.Date) calendar.Date {
	if b.After(a) {
		return b
	}
	return a
}

func (s Sheet) jkp(r assessment.WorkerRight) string {
	switch {
	case r.State == assessment.NotOwed:
		return s.say("jkp_none")
	case r.UntilFinal:
		return s.say("jkp_final")
	case r.State == assessment.Unknown:
		return s.say("jkp_unknown")
	case r.Payer == assessment.PayerEmployer:
		return s.say("jkp_by_employer")
	case !r.Complete:
		return s.say("jkp_owed")
	}
	months := strconv.Itoa(r.Months)
	for _, part := range r.Parts {
		if part.Amount != r.Parts[0].Amount {
			return s.say("jkp_total", "amount", rupiah(r.Amount), "months", months)
		}
	}
	return s.say("jkp_monthly", "amount", rupiah(r.Parts[0].Amount), "months", months)
}

func (s Sheet) jkn(r assessment.WorkerRight) string {
	switch {
	case r.UntilFinal:
		return s.say("jkn_final")
	case !r.Until.IsZero() && r.State != assessment.NotOwed:
		return s.say("jkn_until", "date", s.date(r.Otherwise))
	}
	return s.say("unknown")
}

// dates are the days that must not be missed, the earlier one of two readings.
func (s Sheet) dates() block {
	b := block{Heading: s.say("dates")}
	for _, c := range s.Answer.Clocks {
		what := c.Text
		if c.Passed {
			what += " " + s.say("passed")
		}
		b.Rows = append(b.Rows, row{What: what, Value: s.date(c.On)})
	}
	return b
}

// missing are the facts that would help, those of the money first.
func (s Sheet) missing() block {
	b := block{Heading: s.say("missing")}
	for _, m := range s.Answer.Missing {
		if !slices.Contains(b.Bullets, m.Text) {
			b.Bullets = append(b.Bullets, m.Text)
		}
	}
	if n := len(b.Bullets) - maxMissing; n > 1 {
		b.Bullets = append(b.Bullets[:maxMissing], s.say("more", "n", strconv.Itoa(n)))
	}
	return b
}

// articles are the instruments behind the amounts, for the officer: the small print.
func (s Sheet) articles() []string {
	var all []string
	for _, r := range s.Answer.Items {
		if r.State == assessment.NotOwed {
			continue
		}
		for place := range strings.SplitSeq(r.Article, "; ") {
			if s.Lang == string(rule.Indonesian) {
				place = strings.Replace(place, "Art. ", "Pasal ", 1)
			}
			if place != "" && !slices.Contains(all, place) {
				all = append(all, place)
			}
		}
	}
	return all
}
