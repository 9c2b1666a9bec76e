package assessment

import (
	"slices"
	"strings"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/severancetax"
)

// combining is an answer in the making.
type combining struct {
	p   *Programmes
	l   rule.Language
	f   Rights
	on  calendar.Date
	out RightsAnswer

	lump    int64 // what is taxed as paid at once
	lumpOf  severancetax.Kind
	partial bool // something of the lump is not known
}

// add puts a right into the answer; what an employer owes into the sum.
func (c *combining) add(r WorkerRight) {
	r.Text = c.p.text("rights."+r.Code, c.l)
	c.out.Items = append(c.out.Items, r)
	c.out.Unverified = c.out.Unverified || r.Unverified
	c.out.Complete = c.out.Complete && r.Complete
	if r.Payer == PayerEmployer {
		c.out.Gross += r.Amount
	}
}

// lacks notes facts that would help with a right.
func (c *combining) lacks(right string, facts ...string) {
	for _, fact := range facts {
		i := slices.IndexFunc(c.out.Missing, func(m MissingFact) bool { return m.Fact == fact })
		if i < 0 {
			i = len(c.out.Missing)
			c.out.Missing = append(c.out.Missing, c.p.Missing(fact, c.l))
		}
		if !slices.Contains(c.out.Missing[i].For, right) {
			c.out.Missing[i].For = append(c.out.Missing[i].For, right)
		}
	}
}

// unknown is a right of which nothing can be said without the facts; rests tells where it stands.
func (c *combining) unknown(code, payer string, source rule.Source, facts ...string) {
	c.lacks(code, facts...)
	c.add(WorkerRight{Code: code, State: Unknown, Payer: payer, Article: source.String(),
		Confidence: string(source.Confidence)})
}

// fact is one that a right hangs on, and whether somebody has stated it.
type fact struct {
	name   string
	stated bool
}

func (c *combining) started() fact { return fact{"start_on", !c.f.StartOn.IsZero()} }
func (c *combining) ended() fact   { return fact{"end_on", !c.f.EndOn.IsZero()} }

// unstated names those of the facts that nobody has stated.
func unstated(facts ...fact) []string {
	var names []string
	for _, f := range facts {
		if !f.stated {
			names = append(names, f.name)
		}
	}
	return names
}

// severance adds the money for the end of a permanent contract, or of a fixed term.
func (c *combining) severance() error {
	rules, err := c.p.Severance.Versions.At(orToday(c.f.EndOn, c.on))
	if err != nil {
		return c.beforeTheLaw()
	}
	if !c.f.EndOn.IsZero() && c.f.StartOn.After(c.f.EndOn) {
		return fault.New(fault.Invalid, "severance.end_before_start").At("end_on")
	}
	switch c.f.Contract {
	case string(jkp.Permanent):
		if gone := unstated(c.started(), c.ended(), fact{"reason", c.f.Reason != ""}); gone != nil {
			c.partial = true
			c.unknown(RightSeverance, PayerEmployer, rules.SeverancePay.Source, gone...)
			return nil
		}
		return c.permanent()
	case string(jkp.FixedTerm):
		if gone := unstated(c.started(), c.ended()); gone != nil {
			c.partial = true
			c.unknown(RightCompensation, PayerEmployer, rules.FixedTerm.PerMonths.Source, gone...)
			return nil
		}
		return c.fixedTerm()
	}
	c.partial = true
	c.unknown(RightSeverance, PayerEmployer, rules.SeverancePay.Source, "contract")
	return nil
}

// beforeTheLaw is of an end before the first file: what was law then is not known here, but that of a fixed term, to
// which the first file gives nothing.
func (c *combining) beforeTheLaw() error {
	if c.f.Contract == string(jkp.FixedTerm) && !c.f.StartOn.IsZero() && !c.f.StartOn.After(c.f.EndOn) {
		return c.fixedTerm()
	}
	c.partial = true
	c.unknown(RightSeverance, PayerEmployer, rule.Source{})
	return nil
}

func (c *combining) permanent() error {
	a, err := Severance{
		Reason: string(c.f.Reason), StartOn: c.f.StartOn, EndOn: c.f.EndOn, FirmSize: c.f.FirmSize, Wage: c.f.Wage,
		Beside: c.f.Beside,
	}.Assess(c.p, c.l, c.on)
	if err != nil {
		return err
	}
	c.lacks(RightSeverance, a.Missing...)
	c.lumpSum(a.Parts, severancetax.Severance)
	r := rightOf(RightSeverance, a.Parts)
	r.AtLeast, r.Table = a.AtLeast, a.Orientation
	c.add(r)
	return nil
}

// lumpSum notes what is taxed as paid at once; aid to the family is not.
func (c *combining) lumpSum(parts []Part, kind severancetax.Kind) {
	c.lumpOf = kind
	for _, part := range parts {
		if part.Code == "severance.family_aid" {
			continue
		}
		if part.Code == "severance.separation_pay" && part.Amount > 0 {
			c.lumpOf = severancetax.OtherSum
		}
		c.lump += part.Amount
		c.partial = c.partial || !part.Known
	}
}

// rightOf is a right of the employer's that is the sum of parts.
func rightOf(code string, parts []Part) WorkerRight {
	r := WorkerRight{Code: code, State: Owed, Payer: PayerEmployer, Complete: true, Parts: parts}
	known := false
	var places []string
	for _, part := range parts {
		r.Amount += part.Amount
		r.Complete = r.Complete && part.Known
		r.Unverified = r.Unverified || part.Unverified
		known = known || part.Known
		places = append(places, part.Article)
	}
	switch {
	case !known:
		r.State = Unknown
	case r.Complete && r.Amount == 0:
		r.State = NotOwed
	}
	r.Article, r.Confidence = strings.Join(slices.Compact(places), "; "), parts[0].Confidence
	for _, part := range parts {
		r.Confidence = weaker(r.Confidence, part.Confidence)
	}
	return r
}

func weaker(a, b string) string {
	_, weakest := rule.Places([]rule.Source{{Confidence: rule.Confidence(a)}, {Confidence: rule.Confidence(b)}})
	return string(weakest)
}

func (c *combining) fixedTerm() error {
	f := FixedTerm{
		StartOn: c.f.StartOn, EndOn: c.f.EndOn, FirmSize: c.f.FirmSize, Wage: c.f.Wage, AgreedAmount: c.f.AgreedAmount,
		Early: Early{ContractEnds: c.f.ContractEnds, EndedBy: c.f.EndedBy, LawfulGround: c.f.LawfulGround},
	}
	if c.f.Citizenship != "" {
		f.Foreigner = new(c.f.Citizenship == string(jkp.WNA))
	}
	a, err := f.Assess(c.p, c.l, c.on)
	if err != nil {
		return err
	}
	compensation, damages := a.Parts, []Part{}
	if n := len(a.Parts); n > 0 && a.Parts[n-1].Code == "severance.fixed_term_damages" {
		compensation, damages = a.Parts[:n-1], a.Parts[n-1:]
	}
	c.lacks(RightCompensation, a.Missing...)
	c.lumpSum(compensation, severancetax.OtherSum)
	if len(compensation) > 0 {
		r := rightOf(RightCompensation, compensation)
		r.Table = a.Orientation
		c.add(r)
	} else {
		c.add(decided(RightCompensation, PayerEmployer, a.Decision))
		c.partial = c.partial || a.Result != string(rule.Ineligible)
	}
	c.out.Against = a.Against
	switch {
	case len(damages) > 0:
		c.add(rightOf(RightDamages, damages))
	case c.f.ContractEnds.IsZero():
		var source rule.Source
		if rules, err := c.p.Severance.Versions.At(c.f.EndOn); err == nil {
			source = rules.FixedTerm.Damages.Source
		}
		c.unknown(RightDamages, PayerEmployer, source, "contract_ends")
	}
	return nil
}

// decided is a right that a decision refuses or leaves open, with the conditions that stand in the way.
func decided(code, payer string, d Decision) WorkerRight {
	r := WorkerRight{Code: code, State: Unknown, Payer: payer}
	stands := string(rule.Unknown)
	if d.Result == string(rule.Ineligible) {
		r.State, r.Complete, stands = NotOwed, true, string(rule.NotMet)
	}
	r.Unverified = d.Unverified
	for _, criterion := range d.Criteria {
		if criterion.Result != stands {
			continue
		}
		if r.Article == "" {
			r.Article, r.Confidence = criterion.Article, criterion.Confidence
		}
		r.Why = append(r.Why, criterion.Text)
	}
	return r
}

// wages adds what was not paid until the last day.
func (c *combining) wages() error {
	var source rule.Source
	if rules, err := c.p.Severance.Versions.At(orToday(c.f.EndOn, c.on)); err == nil {
		source = rules.UnpaidWages.Source
	}
	if c.f.UnpaidWages == nil {
		c.unknown(RightWages, PayerEmployer, source, "unpaid_wages")
		return nil
	}
	r := WorkerRight{
		Code: RightWages, State: NotOwed, Payer: PayerEmployer, Complete: true, Amount: *c.f.UnpaidWages,
		Article:    source.String(),
		Confidence: string(source.Confidence),
	}
	if r.Amount > 0 {
		r.State = Owed
	}
	c.add(r)
	return nil
}

// tax adds the final tax on what is paid at once, as if it were paid within two calendar years.
func (c *combining) tax() error {
	c.out.Tax.Base = c.lump
	if c.lump <= 0 {
		c.out.Tax.Known = !c.partial
		return nil
	}
	gross := c.lump
	a, err := SeveranceTax{Kind: string(c.lumpOf), Gross: &gross, Resident: c.f.Resident}.Assess(c.p, c.l,
		orToday(c.f.EndOn, c.on))
	if err != nil {
		return err
	}
	c.lacks(RightSeverance, a.Missing...)
	c.out.Tax = *taxOf(c.lump, a, !c.partial)
	return nil
}

// taxOf words a tax on a base; whole when all of the base is known.
func taxOf(base int64, a Answer, whole bool) *FinalTax {
	t := &FinalTax{Amount: a.Total, Known: a.Complete && whole, Base: base, Parts: a.Parts, Unverified: a.Unverified}
	for _, part := range a.Parts {
		t.Article, t.Confidence = part.Article, weaker(t.Confidence, part.Confidence)
	}
	return t
}

// done sums up: the clocks soonest first, and the net.
func (c *combining) done() RightsAnswer {
	slices.SortStableFunc(c.out.Clocks, func(a, b RightClock) int { return a.On.Compare(b.On) })
	c.out.Net = c.out.Gross - c.out.Tax.Amount
	c.out.Complete = c.out.Complete && c.out.Tax.Known
	c.out.Unverified = c.out.Unverified || c.out.Tax.Unverified
	c.out.UnderReplacement = c.p.Marks.Of(c.out, c.l)
	return c.out
}

// monthWage is a month of the wage as it is; nil when nobody has stated it, and where the law of the day is not known
// here.
func (c *combining) monthWage() (*rule.Ratio, error) {
	rules, err := c.p.Severance.Versions.At(orToday(c.f.EndOn, c.on))
	if w := c.f.Wage.stated(); err == nil && w.Stated() {
		month, err := rules.MonthOf(w, severance.FirmSize(c.f.FirmSize))
		return &month.Exact, err
	}
	return nil, nil
}

// wageRupiah is the reported wage; zero when nobody has stated it.
func (c *combining) wageRupiah() money.Rupiah {
	if c.f.ReportedWage == nil {
		return 0
	}
	return money.Rupiah(*c.f.ReportedWage)
}
