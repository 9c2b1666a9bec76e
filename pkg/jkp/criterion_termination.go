package jkp

import (
	"slices"

	"github.com/tanggap/tanggap/pkg/rule"
)

// terminationReason: the excluded reasons. A reason of illness excludes only when the disability is permanent and
// total, and a code that the file does not list is unknown.
func (a *assessment) terminationReason() {
	e, reason := &a.rules.Eligibility, a.app.Reason
	source, result := e.ExcludedReasons.Source, rule.Unknown
	switch {
	case slices.Contains(e.ExcludedReasons.Value, reason):
		result = rule.NotMet
	case slices.Contains(e.DisabilityReasons.Value, reason):
		source, result = e.DisabilityReasons.Source, answered(a.app.TotalDisability, No)
	case slices.Contains(e.CoveredReasons.Value, reason):
		result = rule.Met
	}
	a.add("jkp.termination_reason", source, a.rules.required.reasons, result,
		"reason", string(reason), "total_disability", string(a.app.TotalDisability))
}

// evidence: one bundle of documents has to be complete. The source is that of the complete bundle.
func (a *assessment) evidence() {
	bundles, documents := a.rules.Evidence, a.app.Evidence
	found := slices.IndexFunc(bundles, func(b Bundle) bool {
		return !slices.ContainsFunc(b.Needs, func(n Need) bool { return !n.MetBy(documents) })
	})
	source, code := bundles[max(found, 0)].Source, BundleCode("")
	if found >= 0 {
		code = bundles[found].Code
	}
	lacking := &a.rules.Eligibility.EvidenceLacking
	if found < 0 && documents != nil {
		source = lacking.Source
	}
	waits := documents == nil || found < 0 && lacking.Value == LackingIncomplete
	a.add("jkp.evidence", source, a.rules.required.evidence, unlessMissing(waits, found >= 0),
		"evidence", list(documents), "bundle", string(code))
}

// dispute: a PHK on or after the start of the MK ruling that is disputed exists only after a final decision.
func (a *assessment) dispute() {
	figure, app := &a.rules.Eligibility.MKRulingStart, a.app
	a.add("jkp.dispute_final", figure.Source, "final", a.disputeResult(),
		"dispute", string(app.Dispute), "terminated_on", a.terminated, "final_decision_on", dayText(app.FinalDecisionOn))
}

func (a *assessment) disputeResult() rule.Result {
	app, start := a.app, a.rules.Eligibility.MKRulingStart.Value
	switch {
	case app.Dispute == DisputeNone:
		return rule.Met
	case app.TerminatedOn.IsZero():
		return rule.Unknown
	case app.TerminatedOn.Before(start):
		return rule.Met
	case app.Dispute == DisputePending:
		return rule.NotMet
	case app.Dispute == DisputeFinal && !app.FinalDecisionOn.IsZero():
		return rule.When(!app.FinalDecisionOn.After(a.on))
	}
	return rule.Unknown
}
