package track

import (
	"reflect"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
)

// DocumentKind is what paper a scan shows.
type DocumentKind string

// The kinds of documents.
const (
	TerminationLetter     DocumentKind = "termination_letter"      // surat PHK
	JointAgreement        DocumentKind = "joint_agreement"         // perjanjian bersama
	MediatorAdvice        DocumentKind = "mediator_advice"         // anjuran
	CourtDecision         DocumentKind = "court_decision"          // putusan
	IdentityCard          DocumentKind = "identity_card"           // KTP
	FamilyCard            DocumentKind = "family_card"             // KK
	BankBook              DocumentKind = "bank_book"               // buku rekening
	PaySlip               DocumentKind = "pay_slip"                // slip upah
	WorkCertificate       DocumentKind = "work_certificate"        // surat keterangan kerja
	EarnedCertificate     DocumentKind = "certificate"             // sertifikat
	ApplicationProof      DocumentKind = "application_proof"       // bukti lamaran
	AttendanceProof       DocumentKind = "attendance_proof"        // daftar hadir
	EmploymentContract    DocumentKind = "employment_contract"     // perjanjian kerja
	BusinessPermit        DocumentKind = "business_permit"         // NIB
	DeathCertificate      DocumentKind = "death_certificate"       // akta kematian
	PowerOfAttorney       DocumentKind = "power_of_attorney"       // surat kuasa
	ConsentDocument       DocumentKind = "consent"                 // persetujuan
	MembershipDeactivated DocumentKind = "membership_deactivation" // penonaktifan kepesertaan BPJS
	OtherDocument         DocumentKind = "other"
)

// Values lists the kinds of documents.
func (DocumentKind) Values() []DocumentKind {
	return []DocumentKind{TerminationLetter, JointAgreement, MediatorAdvice, CourtDecision, IdentityCard, FamilyCard,
		BankBook, PaySlip, WorkCertificate, EarnedCertificate, ApplicationProof, AttendanceProof, EmploymentContract,
		BusinessPermit, DeathCertificate, PowerOfAttorney, ConsentDocument, MembershipDeactivated, OtherDocument}
}

// Valid tells whether k is one of the kinds.
func (k DocumentKind) Valid() bool { return codelist.Has(k) }

// MediaType is how a document is written.
type MediaType string

// The types of documents that are taken.
const (
	PDF  MediaType = "application/pdf"
	JPEG MediaType = "image/jpeg"
	PNG  MediaType = "image/png"
)

// Values lists the types that are taken.
func (MediaType) Values() []MediaType { return []MediaType{PDF, JPEG, PNG} }

// Valid tells whether m is one of the types.
func (m MediaType) Valid() bool { return codelist.Has(m) }

// Document is what the case knows of a scan; its content lies elsewhere, sealed under the worker's key. The name that
// its file had is not kept: it often names somebody.
type Document struct {
	ID         uuid.UUID     `json:"id"`
	Kind       DocumentKind  `json:"kind" part:"fact"`
	Of         uuid.UUID     `json:"of" part:"fact"` // the part that it proves; zero when it belongs to the case
	ReceivedOn calendar.Date `json:"received_on" part:"fact"`
	Media      MediaType     `json:"media"`
	Size       int           `json:"size"`   // bytes
	SHA256     string        `json:"sha256"` // of the content as it was sent, in hexadecimal
}

// DocumentAdded is the history entry of a document.
const DocumentAdded casework.Kind = "document.added"

// Documents are declared here.
var Documents = &Kind[Document, string, None]{
	Name: "document", Table: "document", Made: DocumentAdded,
	Records: "document-add", Amends: "document-correct",
	ID:  func(d *Document) *uuid.UUID { return &d.ID },
	Day: func(d *Document) *calendar.Date { return &d.ReceivedOn }, DayField: "received_on",
	Facts: documentFacts,
}

// documentFacts refuse a part that the case does not have, and the same scan for the same a second time.
func documentFacts(m Moment, d *Document) error {
	if !d.Kind.Valid() {
		return fault.New(fault.Invalid, "document.kind_unknown").At("kind")
	}
	if d.Of != uuid.Nil && !m.Tracks.has(d.Of) {
		return fault.New(fault.Invalid, "document.part_not_found").At("of")
	}
	for _, known := range m.Tracks.Documents {
		if known.ID != d.ID && known.SHA256 == d.SHA256 && known.Of == d.Of && known.Kind == d.Kind {
			return fault.New(fault.Conflict, "document.exists", "document", known.ID.String()).At("file")
		}
	}
	return nil
}

// has tells whether the case has a part with an id of its own that is this one.
func (t *Tracks) has(id uuid.UUID) bool {
	for _, list := range t.lists() {
		for _, part := range reflect.ValueOf(list).Elem().Seq2() {
			if own := part.FieldByName("ID"); own.IsValid() && own.Interface() == id {
				return true
			}
		}
	}
	return false
}

// FindDocument gives a document of a case.
func (t *Tracks) FindDocument(id uuid.UUID) (Document, error) {
	if d := Documents.in(t, id); d != nil {
		return *d, nil
	}
	return Document{}, Documents.notFound()
}
