package sheet

import (
	"strconv"

	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/calendar"
)

// bpjs is what the two BPJS give, and where to go for it.
func (s Sheet) bpjs() block {
	b := block{Heading: s.say("bpjs")}
	for _, r := range s.Answer.Items {
		line := row{What: s.label(r.Code), Sentence: true}
		switch r.Code {
		case assessment.RightJKP:
			line.Value = s.jkp(r)
			if r.State != assessment.NotOwed && r.Payer != assessment.PayerEmployer {
				line.Where = s.say("jkp_where")
			}
			if r.Payer == assessment.PayerEmployerFirst {
				b.Notes = append(b.Notes, s.say("jkp_first"))
			}
		case assessment.RightJHT:
			line.Value = s.jht(r)
			line.Where = s.say("jht_where")
			if len(r.Beside) > 0 {
				b.Notes = append(b.Notes, s.say("jht_short"))
			}
		case assessment.RightJKN:
			line.Value = s.jkn(r)
			if r.State == assessment.Owed {
				line.Where = s.say("jkn_where")
			}
		default:
			continue
		}
		b.Rows = append(b.Rows, line)
	}
	return b
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

// jht is the later one of two readings: who comes a day early is sent away.
func (s Sheet) jht(r assessment.WorkerRight) string {
	if r.State != assessment.Owed {
		return s.say("unknown")
	}
	return s.say("jht_from", "date", s.date(later(r.From, r.Otherwise)))
}

func (s Sheet) jkn(r assessment.WorkerRight) string {
	switch {
	case r.UntilFinal:
		return s.say("jkn_final")
	case r.Until.IsZero():
		return s.say("unknown")
	case r.State == assessment.Owed:
		return s.say("jkn_until", "date", s.date(r.Otherwise))
	case r.State == assessment.Unknown:
		return s.say("jkn_perhaps", "date", s.date(r.Otherwise))
	}
	return s.say("none")
}

func later(a, b calendar.Date) calendar.Date {
	if b.After(a) {
		return b
	}
	return a
}
