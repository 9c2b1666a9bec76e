package jkp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/termination"
)

// Application holds the facts of a claim. Every zero value means "not known" and gives an unknown criterion; a list
// that is known to be empty is empty but not nil. It carries no identity: no name, no NIK.
type Application struct {
	Citizenship  Citizenship
	BirthDate    calendar.Date
	RegisteredOn calendar.Date // first registration in JKP
	Contract     ContractType
	ContractEnds calendar.Date // last day of the term of a fixed-term contract
	FirmSize     FirmSize
	Programmes   []SocialProgramme // in which the worker is registered
	JKN          Membership        // how the worker is in JKN; not known: as an employee, when JKN is among the programmes
	// in JKP by the employer; not known: yes when there is a day of registration or a month paid
	Registered Answer

	TerminatedOn    calendar.Date // day of the PHK
	Reason          Reason
	TotalDisability Answer // asked only for reasons of illness
	Evidence        []Evidence
	Dispute         Dispute
	FinalDecisionOn calendar.Date // day on which the decision became final
	Reported        Answer        // the PHK has been reported

	Contributions      []Period      // months paid
	ArrearsMonths      *int          // months in a row before the PHK that the employer owes
	ArrearsInARow      Answer        // no: the months owed are scattered; not known: in a row
	Insolvent          Answer        // the firm is bankrupt or closed
	ClaimsBefore       *int          // earlier JKP claims in the working life
	MonthsSinceBenefit *int          // months of contributions since the last benefit was obtained
	LastBenefitOn      calendar.Date // day on which it was obtained; counts the months where they are not stated

	Willing             Answer // willing to work again, KAPK signed
	OtherJob            Answer // active in another wage job
	SeveralEmployers    Answer // had more than one employer at the PHK; not known: one
	AtNamedEmployer     Answer // the PHK is at the firm that the worker has named (Art. 8)
	EmployerDeactivated Answer // the employer has set the participant non-active
	BankAccount         Answer // in the worker's own name

	AppliedOn          calendar.Date
	DeclaredEligibleOn calendar.Date // zero: not yet; the day of assessment then selects the version
}

// Answer is yes, no, or not known ("").
type Answer string

// The answers.
const (
	Yes Answer = "yes"
	No  Answer = "no"
)

// Valid reports whether a is yes, no or not known.
func (a Answer) Valid() bool { return a == Yes || a == No || a == "" }

// AnswerOf turns a known bool into an Answer.
func AnswerOf(b bool) Answer {
	if b {
		return Yes
	}
	return No
}

// Citizenship is WNI or WNA.
type Citizenship string

// The citizenships.
const (
	WNI Citizenship = "wni"
	WNA Citizenship = "wna"
)

// Valid reports whether c is known.
func (c Citizenship) Valid() bool { return c == WNI || c == WNA }

// ContractType is PKWTT (permanent) or PKWT (fixed term).
type ContractType string

// The contract types.
const (
	Permanent ContractType = "permanent"
	FixedTerm ContractType = "fixed_term"
)

// Valid reports whether c is known.
func (c ContractType) Valid() bool { return c == Permanent || c == FixedTerm }

// FirmSize is the size of the employer's business.
type FirmSize string

// The firm sizes.
const (
	Micro  FirmSize = "micro"
	Small  FirmSize = "small"
	Medium FirmSize = "medium"
	Large  FirmSize = "large"
)

// Valid reports whether s is known.
func (s FirmSize) Valid() bool { return s == Micro || s == Small || s == Medium || s == Large }

// SocialProgramme is a social security programme.
type SocialProgramme string

// The social security programmes.
const (
	JKK SocialProgramme = "jkk"
	JKM SocialProgramme = "jkm"
	JHT SocialProgramme = "jht"
	JP  SocialProgramme = "jp"
	JKN SocialProgramme = "jkn"
)

// Valid reports whether p is known.
func (p SocialProgramme) Valid() bool {
	return p == JKK || p == JKM || p == JHT || p == JP || p == JKN
}

// Membership is how somebody is in JKN.
type Membership string

// The memberships.
const (
	WageEarner Membership = "wage_earner" // PPU badan usaha
	SelfPaid   Membership = "self_paid"   // PBPU, mandiri
	Assisted   Membership = "assisted"    // PBI
)

// Valid reports whether m is known.
func (m Membership) Valid() bool { return m == WageEarner || m == SelfPaid || m == Assisted }

// Reason is the code of a reason for the PHK (PP 35/2021 Art. 36); the lists stand in the parameter files.
type Reason string

// The reasons of JKP that Art. 36 does not have: total disability by illness, and the end of a fixed term.
const (
	TotalPermanentDisability Reason = "TOTAL_PERMANENT_DISABILITY"
	ContractEnded            Reason = "CONTRACT_ENDED"
)

// Values returns all reasons that a parameter file has to put into one of its lists.
func (Reason) Values() []Reason {
	reasons := []Reason{TotalPermanentDisability, ContractEnded}
	for _, r := range termination.Reasons() {
		reasons = append(reasons, Reason(r))
	}
	return reasons
}

// Valid reports whether r is known.
func (r Reason) Valid() bool { return slices.Contains(r.Values(), r) }

// Evidence is a document that proves the PHK.
type Evidence string

// The documents.
const (
	AcceptanceProof       Evidence = "acceptance_proof"        // bukti diterimanya PHK
	ReportReceiptMinistry Evidence = "report_receipt_ministry" // tanda terima laporan PHK, Kemnaker
	ReportReceiptProvince Evidence = "report_receipt_province" // the same, Disnaker provinsi
	ReportReceiptRegency  Evidence = "report_receipt_regency"  // the same, Disnaker kab/kota
	JointAgreement        Evidence = "joint_agreement"         // Perjanjian Bersama
	RegistrationDeed      Evidence = "registration_deed"       // akta bukti pendaftaran PB
	FinalJudgment         Evidence = "final_judgment"          // petikan/putusan PHI, inkracht
)

// Valid reports whether e is known.
func (e Evidence) Valid() bool {
	switch e {
	case AcceptanceProof, ReportReceiptMinistry, ReportReceiptProvince, ReportReceiptRegency,
		JointAgreement, RegistrationDeed, FinalJudgment:
		return true
	}
	return false
}

// Need is one need of an evidence bundle: the documents of which one suffices.
type Need []Evidence

// UnmarshalText reads "a|b|c".
func (n *Need) UnmarshalText(text []byte) error {
	*n = nil
	for part := range strings.SplitSeq(string(text), "|") {
		if !Evidence(part).Valid() {
			return fmt.Errorf("evidence %q is not known", part)
		}
		*n = append(*n, Evidence(part))
	}
	return nil
}

// MetBy reports whether one of the alternatives is among the documents.
func (n Need) MetBy(documents []Evidence) bool {
	return slices.ContainsFunc(n, func(e Evidence) bool { return slices.Contains(documents, e) })
}

// Dispute is the state of a dispute about the PHK.
type Dispute string

// The states of a dispute.
const (
	DisputeNone    Dispute = "none"
	DisputePending Dispute = "pending" // no final decision yet
	DisputeFinal   Dispute = "final"   // FinalDecisionOn says since when
)

// Valid reports whether d is known.
func (d Dispute) Valid() bool { return d == DisputeNone || d == DisputePending || d == DisputeFinal }
