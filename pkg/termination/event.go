package termination

import (
	"slices"

	"github.com/tanggap/tanggap/pkg/calendar"
)

// Event is something on a civil day that starts or stops a clock.
type Event string

// The events in the order in which they may come.
const (
	NoticeDelivered          Event = "notice_delivered"           // surat pemberitahuan PHK received by the worker
	ProbationNoticeDelivered Event = "probation_notice_delivered" // the same within the probation
	RefusalDelivered         Event = "refusal_delivered"          // written refusal with reasons
	Terminated               Event = "terminated"                 // the employment ends
	InsurerInformed          Event = "insurer_informed"           // employer's report to BPJS-TK
	NegotiationStarted       Event = "negotiation_started"        // first day of the bipartite talks
	NegotiationRefused       Event = "negotiation_refused"        // the other side will not negotiate: deemed failed
	NegotiationClosed        Event = "negotiation_closed"         // signed minutes (risalah)
	AgreementSigned          Event = "agreement_signed"           // perjanjian bersama (PB)
	AgreementRegistered      Event = "agreement_registered"       // akta bukti pendaftaran PB
	DisputeRegistered        Event = "dispute_registered"         // filed at the labour office by one or both sides
	FileReturned             Event = "file_returned"              // sent back: the proof of the attempts is missing
	FileCompleted            Event = "file_completed"
	ChoiceOffered            Event = "choice_offered" // office offers conciliation
	ChoiceMade               Event = "choice_made"
	TransferReceived         Event = "transfer_received"      // the mediator receives the case from the office
	MediationStarted         Event = "mediation_started"      // of records without the receipt of the transfer
	MediationSessionHeld     Event = "mediation_session_held" // first session
	MediatorRecommended      Event = "mediator_recommended"   // written anjuran received
	MediationAnswered        Event = "mediation_answered"
	MediationAccepted        Event = "mediation_accepted" // both sides approve the anjuran
	MediationClosed          Event = "mediation_closed"   // without an agreement: failed on that day
	MediationFailed          Event = "mediation_failed"
	ConciliationRequested    Event = "conciliation_requested"    // the conciliator receives the written request
	ConciliationStarted      Event = "conciliation_started"      // of records without the receipt of the request
	ConciliationStudied      Event = "conciliation_studied"      // the conciliator has studied the case
	ConciliationSessionHeld  Event = "conciliation_session_held" // first session
	ConciliatorRecommended   Event = "conciliator_recommended"   // written anjuran received
	ConciliationAnswered     Event = "conciliation_answered"
	ConciliationAccepted     Event = "conciliation_accepted" // both sides approve the anjuran
	ConciliationClosed       Event = "conciliation_closed"   // without an agreement: failed on that day
	ConciliationFailed       Event = "conciliation_failed"
	SuitFiled                Event = "suit_filed"               // at the Pengadilan Hubungan Industrial
	PanelNamed               Event = "panel_named"              // judges of the case
	FastProcedureRequested   Event = "fast_procedure_requested" // acara cepat
	FastProcedureDecided     Event = "fast_procedure_decided"
	FastHearingSet           Event = "fast_hearing_set"     // panel, day and place are set
	FastEvidenceClosed       Event = "fast_evidence_closed" // answer and proof are heard
	CourtFirstHearing        Event = "court_first_hearing"
	HearingPostponed         Event = "hearing_postponed"       // a party is absent, once
	HearingPostponedAgain    Event = "hearing_postponed_again" // and a second time, the last
	HearingResumed           Event = "hearing_resumed"
	JudgmentGiven            Event = "judgment_given"    // read in public
	JudgmentNotified         Event = "judgment_notified" // the absent party receives the notice
	JudgmentSigned           Event = "judgment_signed"
	JudgmentIssued           Event = "judgment_issued"    // the copy is ready
	JudgmentSent             Event = "judgment_sent"      // to the parties
	CassationFiled           Event = "cassation_filed"    // request of a party at the sub-registry
	CassationReceived        Event = "cassation_received" // request and file reach the Mahkamah Agung
	CassationDecided         Event = "cassation_decided"
	DecisionFinal            Event = "decision_final" // berkekuatan hukum tetap (inkracht)
)

// Events returns all events.
func Events() []Event {
	return []Event{
		NoticeDelivered, ProbationNoticeDelivered, RefusalDelivered, Terminated, InsurerInformed, NegotiationStarted,
		NegotiationRefused, NegotiationClosed, AgreementSigned, AgreementRegistered, DisputeRegistered, FileReturned,
		FileCompleted, ChoiceOffered, ChoiceMade, TransferReceived, MediationStarted, MediationSessionHeld,
		MediatorRecommended, MediationAnswered, MediationAccepted, MediationClosed, MediationFailed,
		ConciliationRequested, ConciliationStarted, ConciliationStudied, ConciliationSessionHeld,
		ConciliatorRecommended, ConciliationAnswered, ConciliationAccepted, ConciliationClosed, ConciliationFailed,
		SuitFiled, PanelNamed, FastProcedureRequested, FastProcedureDecided, FastHearingSet, FastEvidenceClosed,
		CourtFirstHearing, HearingPostponed, HearingPostponedAgain, HearingResumed, JudgmentGiven, JudgmentNotified,
		JudgmentSigned, JudgmentIssued, JudgmentSent, CassationFiled, CassationReceived, CassationDecided,
		DecisionFinal,
	}
}

// Values lists all events.
func (Event) Values() []Event { return Events() }

// Valid reports whether e is a known event.
func (e Event) Valid() bool { return slices.Contains(Events(), e) }

// undecided lists what says that the talks of the two sides came to nothing, or that the office has the case.
var undecided = []Event{NegotiationClosed, NegotiationRefused, DisputeRegistered}

// after lists what must have happened, one of it at least, before an event can: nobody answers a recommendation that
// was not given. What the law merely demands, such as notice before a termination or talks before a dispute is
// registered, is not here: a layoff without it happens, and has to be on record.
var after = map[Event][]Event{
	RefusalDelivered:  {NoticeDelivered, ProbationNoticeDelivered},
	InsurerInformed:   {Terminated},
	NegotiationClosed: {NegotiationStarted},
	AgreementSigned: {NegotiationStarted, TransferReceived, MediationStarted, ConciliationRequested,
		ConciliationStarted},
	AgreementRegistered:     {AgreementSigned},
	FileReturned:            {DisputeRegistered},
	FileCompleted:           {FileReturned},
	ChoiceOffered:           undecided,
	ChoiceMade:              {ChoiceOffered},
	TransferReceived:        undecided,
	MediationStarted:        undecided,
	MediationSessionHeld:    {TransferReceived, MediationStarted},
	MediatorRecommended:     {MediationSessionHeld},
	MediationAnswered:       {MediatorRecommended},
	MediationAccepted:       {MediatorRecommended},
	MediationClosed:         {TransferReceived, MediationStarted},
	MediationFailed:         {TransferReceived, MediationStarted},
	ConciliationRequested:   undecided,
	ConciliationStarted:     undecided,
	ConciliationStudied:     {ConciliationRequested, ConciliationStarted},
	ConciliationSessionHeld: {ConciliationRequested, ConciliationStarted},
	ConciliatorRecommended:  {ConciliationSessionHeld},
	ConciliationAnswered:    {ConciliatorRecommended},
	ConciliationAccepted:    {ConciliatorRecommended},
	ConciliationClosed:      {ConciliationRequested, ConciliationStarted},
	ConciliationFailed:      {ConciliationRequested, ConciliationStarted},
	PanelNamed:              {SuitFiled},
	FastProcedureRequested:  {SuitFiled},
	FastProcedureDecided:    {FastProcedureRequested},
	FastHearingSet:          {FastProcedureDecided},
	FastEvidenceClosed:      {FastHearingSet},
	CourtFirstHearing:       {SuitFiled, MediationClosed, MediationFailed, ConciliationClosed, ConciliationFailed},
	HearingPostponed:        {SuitFiled, CourtFirstHearing},
	HearingPostponedAgain:   {HearingPostponed},
	HearingResumed:          {HearingPostponed},
	JudgmentGiven:           {CourtFirstHearing},
	JudgmentNotified:        {JudgmentGiven},
	JudgmentSigned:          {JudgmentGiven},
	JudgmentIssued:          {JudgmentGiven},
	JudgmentSent:            {JudgmentIssued},
	CassationFiled:          {JudgmentGiven},
	CassationReceived:       {CassationFiled, JudgmentGiven},
	CassationDecided:        {CassationReceived},
	DecisionFinal:           {JudgmentGiven, CassationDecided},
}

// After lists the events of which one must have happened before e; empty when e can come first.
func (e Event) After() []Event { return slices.Clone(after[e]) }

// On gives the day on which an event happened; zero when it did not.
func On(history []DatedEvent, e Event) calendar.Date {
	for _, h := range history {
		if h.Event == e {
			return h.On
		}
	}
	return calendar.Date{}
}

// closures are the ends of a settlement before a third person, and what each is when no agreement came of it.
var closures = []struct{ closed, failed Event }{
	{MediationClosed, MediationFailed}, {ConciliationClosed, ConciliationFailed},
}

// withFailures adds to a history the failures that it does not name: a mediation or conciliation that was closed
// without an agreement has failed on that day, and the year of UU 2/2004 Art. 82 runs though nobody wrote the word
// down.
func withFailures(history []DatedEvent) []DatedEvent {
	if !On(history, AgreementSigned).IsZero() {
		return history
	}
	all := slices.Clone(history)
	for _, c := range closures {
		if closed := On(history, c.closed); !closed.IsZero() && On(history, c.failed).IsZero() {
			all = append(all, DatedEvent{Event: c.failed, On: closed})
		}
	}
	return all
}
