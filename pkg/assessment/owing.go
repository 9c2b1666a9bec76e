package assessment

import (
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Owing is the part of an answer that says who owes what beside the benefit, and until when who has to act.
type Owing struct {
	Payer  *Payer  `json:"payer,omitempty" doc:"Who pays the JKP cash: debts of the employer move the payer and never end the right"`
	Debts  []Debt  `json:"debts,omitempty" doc:"What is owed beside the parts; it is not in the total"`
	Clocks []Clock `json:"clocks,omitempty" doc:"Time limits that run, or ran"`
}

// Payer is who pays the cash of JKP.
type Payer struct {
	Code       string `json:"code,omitempty" enum:"bpjs,employer_first,employer,nobody" doc:"Absent while a fact is missing. employer_first: month by month, BPJS Ketenagakerjaan gives it back to the employer later; employer: all at once"`
	Text       string `json:"text,omitempty" doc:"In the language of the answer"`
	Missing    string `json:"missing,omitempty" doc:"The fact that decides it and is not stated"`
	Article    string `json:"article"`
	Confidence string `json:"confidence"`
	Unverified bool   `json:"unverified"`
	Note       string `json:"note,omitempty"`
}

// Debt is what somebody owes the worker.
type Debt struct {
	Code       string    `json:"code"`
	Text       string    `json:"text" doc:"In the language of the answer"`
	By         string    `json:"by" enum:"employer,curator" doc:"Who owes it"`
	Rank       int       `json:"rank,omitempty" doc:"In a bankruptcy or liquidation: 1 is paid before all others"`
	Months     int       `json:"months,omitempty"`
	Amount     int64     `json:"amount" doc:"Whole rupiah"`
	Known      bool      `json:"known" doc:"False when the law gives no amount, or a wage is not stated"`
	Otherwise  []Reading `json:"otherwise,omitempty" doc:"The amount under other readings of what the law leaves open: neither may be asserted alone"`
	Version    string    `json:"version"`
	Article    string    `json:"article"`
	Confidence string    `json:"confidence"`
	Unverified bool      `json:"unverified"`
	Note       string    `json:"note,omitempty"`
}

// Reading is another reading of the law.
type Reading struct {
	Amount     int64  `json:"amount" doc:"Whole rupiah"`
	Months     int    `json:"months,omitempty"`
	Article    string `json:"article"`
	Confidence string `json:"confidence"`
	Note       string `json:"note,omitempty"`
}

// owe puts debts into the answer: one that is open leaves the whole open.
func (a *Answer) owe(debts ...Debt) {
	for _, d := range debts {
		a.Debts = append(a.Debts, d)
		a.Unverified = a.Unverified || d.Unverified
	}
}

// owes words a debt with its source.
func (p *Programmes) owes(code, by string, amount money.Rupiah, s rule.Source, version string, l rule.Language) Debt {
	return Debt{Code: code, Text: p.text(code, l), By: by, Amount: int64(amount), Known: true, Version: version,
		Article: s.String(), Confidence: string(s.Confidence), Unverified: s.Unverified(), Note: s.Note}
}

// pays says who pays a claim under a version; nothing for a day without one.
func (p *Programmes) pays(version string, app jkp.Application, l rule.Language) (*Payer, error) {
	if version == "" {
		return nil, nil
	}
	who, err := p.JKP.PayerUnder(version, app)
	if err != nil {
		return nil, err
	}
	out := &Payer{Code: string(who.Payer), Missing: who.Missing, Article: who.Source.String(),
		Confidence: string(who.Confidence), Unverified: who.Source.Unverified(), Note: who.Note}
	if who.Payer != "" {
		out.Text = p.text("jkp.payer."+string(who.Payer), l)
	}
	return out, nil
}

// unregistered adds what an employer owes at once who never registered the worker: the cash when a wage is known, and
// the training. The version is that of the day of the PHK, on which it is due, unless one is named.
func (p *Programmes) unregistered(a *Answer, app *jkp.Application, under string, benefit jkp.Claim,
	l rule.Language) error {
	version := a.Version
	if at, err := p.JKP.RulesAt(app.TerminatedOn); err == nil && under == "" {
		version = at.ID
	}
	wage := benefit.RealWage
	if wage == 0 {
		wage = benefit.Wage
	}
	training := Debt{Code: "jkp.unregistered_training", Text: p.text("jkp.unregistered_training", l),
		By: string(jkp.EmployerOwes), Version: version, Article: a.Payer.Article, Confidence: a.Payer.Confidence,
		Unverified: a.Payer.Unverified, Note: a.Payer.Note}
	if wage == 0 {
		cash := training
		cash.Code, cash.Text = "jkp.unregistered_cash", p.text("jkp.unregistered_cash", l)
		a.owe(cash, training)
		return nil
	}
	debt, err := p.JKP.OwedUnregistered(version, wage)
	if err != nil {
		return err
	}
	a.owe(p.atOnce("jkp.unregistered_cash", debt, l), training)
	a.Complete = true
	return nil
}

// shortfall adds what an employer owes at once who reported too low a wage.
func (p *Programmes) shortfall(a *Answer, s jkp.Schedule, realWage money.Rupiah, l rule.Language) error {
	debt, err := p.JKP.Shortfall(a.Version, s, realWage)
	if err != nil {
		return err
	}
	if debt.Amount != 0 || debt.Other != 0 {
		a.owe(p.atOnce("jkp.shortfall", debt, l))
	}
	return nil
}

// atOnce words a debt of JKP; above the cap of the wage both amounts are given.
func (p *Programmes) atOnce(code string, d jkp.Debt, l rule.Language) Debt {
	out := p.owes(code, string(jkp.EmployerOwes), d.Amount, d.Source, d.Version, l)
	if d.Amount != d.Other {
		out.Unverified = d.Unverified()
		out.Otherwise = []Reading{{Amount: int64(d.Other), Article: d.Cap.String(), Confidence: string(d.Cap.Confidence),
			Note: d.Cap.Note}}
	}
	return out
}
