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

// row is a line of the sheet: what, and how much or until when; Where says where to go. A value that is a sentence
// stands below what it is of on a small screen.
type row struct {
	What, Value, Where string
	Strong, Sentence   bool
}

// block is a part of the sheet under a heading, with sentences below its rows. Marks are the notes that a number in a
// row points to.
type block struct {
	Heading string
	Rows    []row
	Marks   []string
	Notes   []string
	Asks    []ask
}

// ask is what one holder of facts can tell.
type ask struct {
	Who   string
	Facts []string
}

// page is the sheet in words.
type page struct {
	Lang, Title, Office string
	Head                []row
	Blocks              []block
	Help, Law           string
}

// mark is the number of a note, which is written once.
func (b *block) mark(text string) string {
	i := slices.Index(b.Marks, text)
	if i < 0 {
		i = len(b.Marks)
		b.Marks = append(b.Marks, text)
	}
	return " (" + strconv.Itoa(i+1) + ")"
}

func (s Sheet) say(code string, args ...string) string {
	filled := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		filled[args[i]] = args[i+1]
	}
	return wording.Message(s.Lang, "sheet."+code, filled)
}

// together keeps the words of a date on one line.
const together = "\u00a0"

// date is "20 Mei 2027".
func (s Sheet) date(d calendar.Date) string {
	names := strings.Fields(s.say("months"))
	return strconv.Itoa(d.Day()) + together + names[d.Month()-1] + together + strconv.Itoa(d.Year())
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
		if len(b.Rows)+len(b.Asks) > 0 {
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
	b.Rows = append(b.Rows, row{What: s.say("sum"), Value: rupiah(a.Gross), Strong: true}, s.tax(&b))
	net := "net"
	if !a.Complete {
		net = "net_so_far"
		b.Notes = append(b.Notes, s.say("so_far"))
	}
	b.Rows = append(b.Rows, row{What: s.say(net), Value: rupiah(a.Net), Strong: true})
	if slices.ContainsFunc(a.Items, taxedAsWages) {
		b.Notes = append(b.Notes, s.say("wage_tax"))
	}
	for _, part := range a.Against {
		b.Notes = append(b.Notes, s.say("against", "amount", rupiah(part.Amount)))
	}
	return b
}

// taxedAsWages tells what is paid before the ordinary income tax.
func taxedAsWages(r assessment.WorkerRight) bool {
	return r.Amount > 0 && slices.Contains([]string{assessment.RightWages, assessment.RightTHR,
		assessment.RightDisputeWages}, r.Code)
}

func (s Sheet) tax(b *block) row {
	t := s.Answer.Tax
	line := row{What: s.say("tax"), Value: s.say("unknown")}
	if t.Known {
		line = s.marked(b, line.What, assessment.Part{Amount: t.Amount, Unverified: t.Unverified})
	}
	if t.Known && t.Amount == 0 {
		line.Value = s.say("none")
	}
	return line
}

// owed adds the lines of one right: its parts, or the right itself where it has none.
func (s Sheet) owed(b *block, r assessment.WorkerRight) {
	for _, part := range r.Parts {
		switch {
		case !part.Known:
			b.Rows = append(b.Rows, row{What: s.label(part.Code), Value: s.say("unknown")})
		case part.Amount != 0:
			b.Rows = append(b.Rows, s.marked(b, s.label(part.Code), part))
		}
	}
	if r.AtLeast {
		b.Notes = append(b.Notes, s.say("at_least"))
	}
	if len(r.Table) > 0 {
		b.Notes = append(b.Notes, s.orientation(r))
	}
	if len(r.Parts) == 0 {
		value := map[string]string{assessment.Owed: rupiah(r.Amount), assessment.NotOwed: s.say("none"),
			assessment.Unknown: s.say("unknown")}
		b.Rows = append(b.Rows, row{What: s.label(r.Code), Value: value[r.State]})
	}
	if last := len(b.Rows) - 1; r.Code == assessment.RightTHR && r.Amount > 0 && !r.Until.IsZero() {
		b.Rows[last].Where = s.say("pay_by", "date", s.date(r.Until))
	}
	if r.Code == assessment.RightJKP && len(r.Beside) > 0 {
		b.Notes = append(b.Notes, s.say("jkp_training"))
	}
}

// marked is the line of a known part. Another reading of the law, or that one is not sure, is told below.
func (s Sheet) marked(b *block, what string, part assessment.Part) row {
	line := row{What: what, Value: rupiah(part.Amount)}
	switch {
	case len(part.Otherwise) > 0:
		line.What += b.mark(s.say("otherwise", "what", what, "amount", rupiah(part.Otherwise[0].Amount)))
	case part.Unverified:
		line.What += b.mark(s.say("unsure"))
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

// articles are the instruments behind the amounts, for the officer: the small print.
func (s Sheet) articles() []string {
	var all []string
	for _, r := range s.Answer.Items {
		if r.State == assessment.NotOwed {
			continue
		}
		for place := range strings.SplitSeq(r.Article, "; ") {
			place = rule.PlaceIn(place, rule.Language(s.Lang))
			if place != "" && !slices.Contains(all, place) {
				all = append(all, place)
			}
		}
	}
	return all
}
