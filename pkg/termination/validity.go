package termination

import (
	"strconv"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Need is what ends the employment when the termination is disputed.
type Need string

// The needs.
const (
	NeedSettlement    Need = "settlement"     // the settlement mechanism, as the text reads without the ruling
	NeedFinalDecision Need = "final_decision" // a decision that is final (inkracht)
)

// Valid reports whether n is a known need.
func (n Need) Valid() bool { return n == NeedSettlement || n == NeedFinalDecision }

// Validity is a parameter file of kind "validity".
type Validity struct {
	rule.Version         `yaml:",inline"`
	DisputedNeeds        rule.Figure[Need] `yaml:"disputed_needs"`
	AgreementEndsDispute rule.Figure[bool] `yaml:"agreement_ends_dispute"`
}

// Dispute is what is known of the resistance to a termination. Zero days mean that it has not happened.
type Dispute struct {
	// Disputed is nil when nobody has said whether the worker refuses.
	Disputed *bool
	// Agreement is the day of the joint agreement (PB) of the parties.
	Agreement calendar.Date
	// FinalDecision is the day on which the decision became final.
	FinalDecision calendar.Date
}

// CriterionEffect is the code of the one criterion of a validity decision.
const CriterionEffect = "termination.in_effect"

// Decide answers whether the termination is in effect on the day asOf: eligible = in effect, ineligible = not in
// effect, undetermined = the facts or the law do not say.
func (v Validity) Decide(d Dispute, asOf calendar.Date) rule.Decision {
	c := rule.Criterion{
		Code: CriterionEffect, Inputs: d.inputs(), Required: string(v.DisputedNeeds.Value), Source: v.DisputedNeeds.Source,
	}
	agreed := happened(d.Agreement, asOf) && v.AgreementEndsDispute.Value
	switch {
	case happened(d.FinalDecision, asOf):
		c.Result = rule.Met
	case agreed:
		c.Result, c.Source = rule.Met, v.AgreementEndsDispute.Source
	case d.Disputed == nil:
		c.Result = rule.Unknown
	case !*d.Disputed:
		c.Result = rule.Met
	case v.DisputedNeeds.Value == NeedFinalDecision:
		c.Result = rule.NotMet
	default:
		c.Result = rule.Unknown
	}
	return rule.Decide(v.Version, asOf, []rule.Criterion{c})
}

func (d Dispute) inputs() map[string]string {
	in := map[string]string{}
	if d.Disputed != nil {
		in["disputed"] = strconv.FormatBool(*d.Disputed)
	}
	if !d.Agreement.IsZero() {
		in["joint_agreement"] = d.Agreement.String()
	}
	if !d.FinalDecision.IsZero() {
		in["final_decision"] = d.FinalDecision.String()
	}
	return in
}

func happened(on, asOf calendar.Date) bool { return !on.IsZero() && !on.After(asOf) }
