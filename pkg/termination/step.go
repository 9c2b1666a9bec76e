package termination

import "slices"

// Step is a statutory clock of the procedure.
type Step string

// The steps in the order of the procedure.
const (
	NoticeLetter    Step = "notice_letter" // counted back from the planned day; it stands in no file
	Notice          Step = "notice"
	ProbationNotice Step = "probation_notice"
	Refusal         Step = "refusal"
	InsurerReport   Step = "insurer_report"

	Bipartite                 Step = "bipartite"
	FileCompletion            Step = "file_completion"
	SettlementChoice          Step = "settlement_choice"
	MediatorStudy             Step = "mediator_study"
	MediatorRecommendation    Step = "mediator_recommendation"
	MediationAnswer           Step = "mediation_answer"
	MediationAgreement        Step = "mediation_agreement"
	Mediation                 Step = "mediation"
	ConciliatorStudy          Step = "conciliator_study"
	ConciliationSession       Step = "conciliation_session"
	ConciliatorRecommendation Step = "conciliator_recommendation"
	ConciliationAnswer        Step = "conciliation_answer"
	ConciliationAgreement     Step = "conciliation_agreement"
	Conciliation              Step = "conciliation"
	Suit                      Step = "suit"
	SuitBeforeRuling          Step = "suit_before_ruling" // as Art. 82 was written
	PanelNaming               Step = "panel_naming"
	FirstHearing              Step = "first_hearing"
	PostponedHearing          Step = "postponed_hearing"
	LastPostponedHearing      Step = "last_postponed_hearing"
	FastDecision              Step = "fast_decision"
	FastHearing               Step = "fast_hearing"
	FastEvidence              Step = "fast_evidence"
	IndustrialCourt           Step = "industrial_court"
	JudgmentNotice            Step = "judgment_notice"
	CassationRequest          Step = "cassation_request"        // of a party that was there when the judgment was read
	CassationRequestAbsent    Step = "cassation_request_absent" // of one that was not
	JudgmentIssue             Step = "judgment_issue"
	JudgmentDelivery          Step = "judgment_delivery"
	CassationFile             Step = "cassation_file"
	Cassation                 Step = "cassation" // the term of the Mahkamah Agung itself, not that of a party
)

// OpeningStep is a step of a file of kind "procedure".
type OpeningStep Step

// Values returns the steps of such a file.
func (OpeningStep) Values() []OpeningStep {
	return []OpeningStep{OpeningStep(Notice), OpeningStep(ProbationNotice), OpeningStep(Refusal),
		OpeningStep(InsurerReport)}
}

// DisputeStep is a step of a file of kind "dispute".
type DisputeStep Step

// Values returns the steps of such a file.
func (DisputeStep) Values() []DisputeStep {
	var steps []DisputeStep
	for _, s := range Steps() {
		if !slices.Contains(OpeningStep("").Values(), OpeningStep(s)) {
			steps = append(steps, DisputeStep(s))
		}
	}
	return steps
}

// Steps returns all steps of the files, in the order of the procedure.
func Steps() []Step {
	return []Step{
		Notice, ProbationNotice, Refusal, Bipartite, FileCompletion, SettlementChoice, MediatorStudy, MediatorRecommendation,
		MediationAnswer, MediationAgreement, Mediation, ConciliatorStudy, ConciliationSession, ConciliatorRecommendation,
		ConciliationAnswer, ConciliationAgreement, Conciliation, Suit, SuitBeforeRuling, PanelNaming, FirstHearing,
		PostponedHearing, LastPostponedHearing, FastDecision, FastHearing, FastEvidence, IndustrialCourt, JudgmentNotice,
		CassationRequest, CassationRequestAbsent, JudgmentIssue, JudgmentDelivery, CassationFile, Cassation, InsurerReport,
	}
}

// Values lists every step, those of the files and the letter of notice.
func (Step) Values() []Step { return append([]Step{NoticeLetter}, Steps()...) }

// Valid reports whether s is a known step.
func (s Step) Valid() bool { return slices.Contains(s.Values(), s) }
