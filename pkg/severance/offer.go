package severance

import "github.com/tanggap/tanggap/pkg/money"

// Offer is what somebody says a part amounts to: an employer's offer, a published example.
type Offer struct {
	Kind   PartKind
	Amount money.Rupiah
}

// Verdict compares an offer with the law.
type Verdict string

// The verdicts.
const (
	Agrees  Verdict = "agrees"
	Below   Verdict = "below"   // less than the law gives: refused
	Above   Verdict = "above"   // more than the law gives: not what the law says, though it may be agreed
	Unknown Verdict = "unknown" // the law's amount hangs on something that is not known
)

// Valid reports whether v is a known verdict.
func (v Verdict) Valid() bool { return v == Agrees || v == Below || v == Above || v == Unknown }

// Finding is the verdict on one offer with the amount of the law in rupiah (items of uang penggantian hak together).
type Finding struct {
	Kind    PartKind     `json:"kind"`
	Offered money.Rupiah `json:"offered"`
	Lawful  money.Rupiah `json:"lawful"`
	Verdict Verdict      `json:"verdict"`
}

// Check compares offers with the assessment. A part that the law does not give has the lawful amount 0. Where the
// tables do not bind the employer, or another reading of the law gives less, an offer is not called too low.
func (a Assessment) Check(offers ...Offer) []Finding {
	findings := make([]Finding, 0, len(offers))
	for _, o := range offers {
		lawful, least, known := a.lawful(o.Kind)
		f := Finding{Kind: o.Kind, Offered: o.Amount, Lawful: lawful, Verdict: Agrees}
		switch {
		case o.Amount < least:
			f.Verdict = Below
		case !known || o.Amount < lawful:
			f.Verdict = Unknown
		case o.Amount > lawful:
			f.Verdict = Above
		}
		findings = append(findings, f)
	}
	return findings
}

// lawful sums the parts of the kind; least is the sum of the smallest readings.
func (a Assessment) lawful(kind PartKind) (sum, least money.Rupiah, known bool) {
	known = true
	for _, p := range a.Parts {
		if p.Kind == kind {
			sum += p.Amount
			least += p.least()
			known = known && p.Known
		}
	}
	agreed, ok := a.Get(AgreedAmount)
	if ok && kind != AgreedAmount {
		return 0, 0, false
	}
	return sum, least, known && (!ok || agreed.Known)
}
