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
	NegotiationStarted       Event = "negotiation_started"        // bipartite talks
	NegotiationClosed        Event = "negotiation_closed"         // signed minutes (risalah)
	AgreementSigned          Event = "agreement_signed"           // perjanjian bersama (PB)
	AgreementRegistered      Event = "agreement_registered"       // akta bukti pendaftaran PB
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
	DecisionFinal            Event = "decision_final" // berkekuatan hukum tetap (inkracht)
)

// Events returns all events.
func Events() []Event {
	return []Event{
		NoticeDelivered, ProbationNoticeDelivered, RefusalDelivered, Terminated, InsurerInformed,
		NegotiationStarted, NegotiationClosed, AgreementSigned, AgreementRegistered, ChoiceOffered, ChoiceMade,
		MediationStarted, MediationSessionHeld, MediatorRecommended, MediationAnswered, MediationClosed,
		ConciliationStarted, ConciliationSessionHeld, ConciliatorRecommended, ConciliationAnswered, ConciliationClosed,
		CourtFirstHearing, JudgmentGiven, CassationReceived, CassationDecided,
		DecisionFinal,
	}
}

// Valid reports whether e is a known event.
func (e Event) Valid() bool { return slices.Contains(Events(), e) }

// after lists what must have happened, one of it at least, before an event can: nobody answers a recommendation that was
// not given. What the law merely demands, such as notice before a termination, is not here: a layoff without it happens,
// and has to be on record.
var after = map[Event][]Event{
	RefusalDelivered:        {NoticeDelivered, ProbationNoticeDelivered},
	InsurerInformed:         {Terminated},
	NegotiationClosed:       {NegotiationStarted},
	AgreementSigned:         {NegotiationStarted, MediationStarted, ConciliationStarted},
	AgreementRegistered:     {AgreementSigned},
	ChoiceOffered:           {NegotiationClosed},
	ChoiceMade:              {ChoiceOffered},
	MediationStarted:        {NegotiationClosed},
	MediationSessionHeld:    {MediationStarted},
	MediatorRecommended:     {MediationSessionHeld},
	MediationAnswered:       {MediatorRecommended},
	MediationClosed:         {MediationStarted},
	ConciliationStarted:     {NegotiationClosed},
	ConciliationSessionHeld: {ConciliationStarted},
	ConciliatorRecommended:  {ConciliationSessionHeld},
	ConciliationAnswered:    {ConciliatorRecommended},
	ConciliationClosed:      {ConciliationStarted},
	CourtFirstHearing:       {MediationClosed, ConciliationClosed},
	JudgmentGiven:           {CourtFirstHearing},
	CassationReceived:       {JudgmentGiven},
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
