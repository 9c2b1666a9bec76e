package simulation

import (
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"sort"
	"strconv"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
)

// Synthetic draws claims from a seed. Claim n is the same whatever was drawn before it.
type Synthetic struct {
	Seed      uint64
	From      calendar.Date // first day of termination
	Days      int           // terminations spread evenly over so many days
	provinces []region.Code
	weights   []int // running sums
}

// The assumptions of the synthetic caseload, in shares of a thousand unless said otherwise. They are ours.
const (
	shareResigned     = 20  // ended for a reason that JKP excludes
	shareFewMonths    = 60  // fewer than twelve months of contributions
	shareBrokenMonths = 120 // twelve months, never six in a row
	shareMissed       = 80  // of the months: window missed
	shareJob          = 350 // find a job before the last month
	shareLate         = 50  // claim four months after the termination
	leastWage         = 2_000_000
	wageSteps         = 160
	wageStep          = 50_000
)

// NewSynthetic reads the weights of the provinces for a year from a file with the columns year, province_code,
// workers_laid_off.
func NewSynthetic(weights io.Reader, year string, seed uint64, from calendar.Date, days int) (*Synthetic, error) {
	rows, err := csv.NewReader(weights).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read weights: %w", err)
	}
	s := &Synthetic{Seed: seed, From: from, Days: max(days, 1)}
	total := 0
	for _, row := range rows {
		code, err := region.Parse(row[1])
		n, err2 := strconv.Atoi(row[2])
		if row[0] != year || err != nil || err2 != nil || code.Level() != region.Province {
			continue
		}
		total += n
		s.provinces, s.weights = append(s.provinces, code), append(s.weights, total)
	}
	if total == 0 {
		return nil, fmt.Errorf("no weights for the year %s", year)
	}
	return s, nil
}

// Claim draws claim n.
func (s *Synthetic) Claim(n int) Claim {
	r := rand.New(rand.NewPCG(s.Seed, uint64(n)))
	in := func(share int) bool { return r.IntN(1000) < share }
	at := r.IntN(s.weights[len(s.weights)-1])
	c := Claim{Province: s.provinces[sort.SearchInts(s.weights, at+1)]}
	ended := s.From.AddDays(r.IntN(s.Days))
	applied := ended.AddDays(5 + r.IntN(60))
	if in(shareLate) {
		applied = ended.AddMonths(4)
	}
	c.DecidedOn = applied.AddDays(3)
	// The smaller of two draws: many low wages, few high ones.
	c.Wage = leastWage + money.Rupiah(min(r.IntN(wageSteps), r.IntN(wageSteps)))*wageStep
	c.Facts = s.facts(ended, applied, in(shareResigned))
	c.Facts.Contributions = contributions(ended, in(shareFewMonths), in(shareBrokenMonths))
	for month := 2; month <= 6; month++ {
		if in(shareMissed) {
			c.Missed = append(c.Missed, month)
		}
	}
	if in(shareJob) {
		c.StopOn, c.StopWith = c.DecidedOn.AddDays(1+r.IntN(170)), jkp.StopJob
	}
	return c
}

func (s *Synthetic) facts(ended, applied calendar.Date, resigned bool) jkp.Application {
	none := 0
	f := jkp.Application{Citizenship: jkp.WNI, BirthDate: ended.AddMonths(-12 * 30), RegisteredOn: ended.AddMonths(-36),
		Contract: jkp.Permanent, FirmSize: jkp.Large, Programmes: []jkp.SocialProgramme{jkp.JKK, jkp.JKM, jkp.JHT, jkp.JP,
			jkp.JKN}, TerminatedOn: ended, Reason: "EFFICIENCY_LOSS", Evidence: []jkp.Evidence{jkp.AcceptanceProof,
			jkp.ReportReceiptRegency}, Dispute: jkp.DisputeNone,
		Reported: jkp.Yes, Insolvent: jkp.No, ArrearsMonths: &none, ClaimsBefore: &none, Willing: jkp.Yes, OtherJob: jkp.No,
		EmployerDeactivated: jkp.Yes, BankAccount: jkp.Yes, AppliedOn: applied}
	if resigned {
		f.Reason = "RESIGN"
	}
	return f
}

// contributions are the months paid before a termination: two years of them, eight months, or fourteen with gaps.
func contributions(ended calendar.Date, few, broken bool) []jkp.Period {
	last := jkp.MonthOf(ended) - 1
	switch {
	case few:
		return []jkp.Period{{From: last - 7, To: last}}
	case broken:
		return []jkp.Period{{From: last - 4, To: last}, {From: last - 10, To: last - 6}, {From: last - 15, To: last - 12}}
	}
	return []jkp.Period{{From: last - 23, To: last}}
}
