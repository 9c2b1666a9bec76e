package cover

import (
	"io/fs"
	"slices"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Programme is the name of the folder of parameter files and of their key "programme".
const Programme = "cover"

// Day is the switch which day ends a term of months.
type Day string

// The settings.
const (
	SameDay   Day = "same_day"   // the day of the same number
	DayBefore Day = "day_before" // one day earlier
	DayAfter  Day = "day_after"  // one day later
)

// Valid reports whether d is a known setting.
func (d Day) Valid() bool { return d == SameDay || d == DayBefore || d == DayAfter }

// Dispute tells what holds while the end of employment is disputed.
type Dispute string

// BothPay: employer and worker go on paying until the decision is final.
const BothPay Dispute = "both_pay_until_final"

// Valid reports whether d is known.
func (d Dispute) Valid() bool { return d == BothPay }

// Evidence is a document that proves the end of employment; the codes are those of JKP.
type Evidence string

// The documents.
const (
	AcceptanceProof      Evidence = "acceptance_proof"
	ReportReceiptRegency Evidence = "report_receipt_regency"
	JointAgreement       Evidence = "joint_agreement"
	RegistrationDeed     Evidence = "registration_deed"
	FinalJudgment        Evidence = "final_judgment"
)

// Valid reports whether e is a document that counts here.
func (e Evidence) Valid() bool {
	return slices.Contains([]Evidence{AcceptanceProof, ReportReceiptRegency, JointAgreement, RegistrationDeed,
		FinalJudgment}, e)
}

// Letter names a row of proofs.
type Letter string

// Values lists the rows.
func (Letter) Values() []Letter { return []Letter{"a", "b1", "b2", "c"} }

// Valid reports whether l is a row.
func (l Letter) Valid() bool { return slices.Contains(l.Values(), l) }

// Proof is a set of documents that together suffice.
type Proof struct {
	Letter      Letter     `yaml:"letter"`
	Needs       []Evidence `yaml:"needs"`
	rule.Source `yaml:",inline"`
}

// JKN is a parameter file of kind "jkn".
type JKN struct {
	rule.Version `yaml:",inline"`
	InForce      rule.Figure[calendar.Date] `yaml:"in_force"`
	Months       rule.Figure[int]           `yaml:"months" between:"1..24"`
	LastDay      rule.Figure[Day]           `yaml:"last_day"`
	Premium      rule.Figure[money.Rupiah]  `yaml:"premium" between:"0..1000000"`
	Dispute      rule.Figure[Dispute]       `yaml:"dispute"`
	Proofs       []Proof                    `yaml:"proofs" each:"letter"`
}

// Waiting tells when savings can be claimed after a fixed term.
type Waiting string

// AtOnce is without waiting.
const AtOnce Waiting = "at_once"

// Valid reports whether w is known.
func (w Waiting) Valid() bool { return w == AtOnce }

// Arrears tells what the employer's arrears do.
type Arrears string

// NoBar: they do not stop the claim.
const NoBar Arrears = "no_bar"

// Valid reports whether a is known.
func (a Arrears) Valid() bool { return a == NoBar }

// Owes tells what an employer owes who reported too little.
type Owes string

// Difference is what the worker lost by it.
const Difference Owes = "difference"

// Valid reports whether o is known.
func (o Owes) Valid() bool { return o == Difference }

// JHT is a parameter file of kind "jht".
type JHT struct {
	rule.Version     `yaml:",inline"`
	InForce          rule.Figure[calendar.Date] `yaml:"in_force"`
	AfterTermination rule.Figure[int]           `yaml:"after_termination" between:"1..24"`
	AfterResignation rule.Figure[int]           `yaml:"after_resignation" between:"1..24"`
	AfterFixedTerm   rule.Figure[Waiting]       `yaml:"after_fixed_term"`
	FirstDay         rule.Figure[Day]           `yaml:"first_day"`
	PaidWithin       rule.Figure[int]           `yaml:"paid_within" between:"1..60"`
	Arrears          rule.Figure[Arrears]       `yaml:"arrears"`
	EmployerOwes     rule.Figure[Owes]          `yaml:"employer_owes"`
}

// Law holds all versions; they are chosen by the day on which the employment ended.
type Law struct {
	JKN rule.Timeline[JKN]
	JHT rule.Timeline[JHT]
}

// Schemas lists the kinds of files of the programme, for rule.CheckData.
func Schemas() []rule.Schema {
	return []rule.Schema{rule.SchemaOf[JKN](Programme, "jkn"), rule.SchemaOf[JHT](Programme, "jht")}
}

// Load reads all files of the programme; errors as rule.LoadFiles and rule.TimelineOf.
func Load(fsys fs.FS) (Law, error) {
	files, err := rule.LoadFiles(fsys, Programme, Schemas()...)
	if err != nil {
		return Law{}, err
	}
	var l Law
	if l.JKN, err = rule.TimelineOf[JKN](files); err != nil {
		return Law{}, err
	}
	l.JHT, err = rule.TimelineOf[JHT](files)
	return l, err
}
