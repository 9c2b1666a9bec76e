package termination

import "slices"

// Event is something on a civil day that starts or stops a clock.
type Event string

// The events in the order in which they may come.
const (
	NoticeDelivered          Event = "notice_delivered"           // surat pemberitahuan PHK received by the worker
	ProbationNoticeDelivered Event = "probation_notice_delivered" // the same within the probation
	RefusalDelivered         Event = "refusal_delivered"          // written refusal with reasons
	Terminated               Event = "terminated"                 // the employment ends
	InsurerInformed          Event = "insurer_informed"           // employer's report to BPJS-TK
	NegotiationStarted       Event = "negotiation_started"        // bipartite talks
	NegotiationClosed        Event = "negotiation_closed"         // signed minutes (risalah)
	ChoiceOffered            Event = "choice_offered"             // office offers conciliation
	ChoiceMade               Event = "choice_made"
	MediationStarted         Event = "mediation_started"
	MediationSessionHeld     Event = "mediation_session_held" // first session
	MediatorRecommended      Event = "mediator_recommended"   // written anjuran
	MediationAnswered        Event = "mediation_answered"
	MediationClosed          Event = "mediation_closed"
	ConciliationStarted      Event = "conciliation_started"
	ConciliationSessionHeld  Event = "conciliation_session_held" // first session
	ConciliatorRecommended   Event = "conciliator_recommended"   // written anjuran
	ConciliationAnswered     Event = "conciliation_answered"
	ConciliationClosed       Event = "conciliation_closed"
	CourtFirstHearing        Event = "court_first_hearing" // Pengadilan Hubungan Industrial
	JudgmentGiven            Event = "judgment_given"
	CassationReceived        Event = "cassation_received" // Mahkamah Agung
	CassationDecided         Event = "cassation_decided"
)

// Events returns all events.
func Events() []Event {
	return []Event{
		NoticeDelivered, ProbationNoticeDelivered, RefusalDelivered, Terminated, InsurerInformed,
		NegotiationStarted, NegotiationClosed, ChoiceOffered, ChoiceMade,
		MediationStarted, MediationSessionHeld, MediatorRecommended, MediationAnswered, MediationClosed,
		ConciliationStarted, ConciliationSessionHeld, ConciliatorRecommended, ConciliationAnswered, ConciliationClosed,
		CourtFirstHearing, JudgmentGiven, CassationReceived, CassationDecided,
	}
}

// Valid reports whether e is a known event.
func (e Event) Valid() bool { return slices.Contains(Events(), e) }
