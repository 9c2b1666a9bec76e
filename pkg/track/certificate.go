package track

import (
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/measure"
)

// CertificateKind tells a training certificate from one of competence.
type CertificateKind string

// The kinds of certificates (sertifikat pelatihan, sertifikat kompetensi).
const (
	TrainingCertificate   CertificateKind = "training"
	CompetenceCertificate CertificateKind = "competence"
)

// Values lists every kind of certificate.
func (CertificateKind) Values() []CertificateKind {
	return []CertificateKind{TrainingCertificate, CompetenceCertificate}
}

// Valid tells whether k is one of the kinds.
func (k CertificateKind) Valid() bool { return codelist.Has(k) }

// Certificate is a paper that the worker earned. A competence certificate names its scheme.
type Certificate struct {
	ID         uuid.UUID       `json:"id"`
	Training   uuid.UUID       `json:"training" part:"fact"` // zero when it came from elsewhere
	Kind       CertificateKind `json:"kind" part:"fact"`
	Number     string          `json:"number" part:"fact,erased"`
	Issuer     string          `json:"issuer" part:"fact,erased"`
	Scheme     string          `json:"scheme,omitempty" part:"fact,erased"`
	IssuedOn   calendar.Date   `json:"issued_on" part:"fact"`
	ValidUntil calendar.Date   `json:"valid_until" part:"fact"`
	Assessment uuid.UUID       `json:"assessment" part:"fact"` // zero when it was made elsewhere
	Units      string          `json:"units,omitempty" part:"fact,erased"`
}

// CertificateRecorded is the history entry of a certificate.
const CertificateRecorded casework.Kind = "certificate.recorded"

// Certificates are declared here. One that ends is renewed, whatever became of the case.
var Certificates = &Kind[Certificate, string, None]{
	Name: "certificate", Table: "certificate", Made: CertificateRecorded,
	Records: "certificate-record", Amends: "certificate-correct",
	ID: func(c *Certificate) *uuid.UUID { return &c.ID },
	Same: func(a, b *Certificate) bool {
		return a.Kind == b.Kind && same(a.Number, b.Number) && same(a.Issuer, b.Issuer)
	},
	Facts: certificateFacts,
	Task:  TaskRenewal, Outlasts: true,
	Due: func(_ measure.Book, t *Tracks, i int) calendar.Date {
		c := t.Certificates[i]
		for _, later := range t.Certificates[i+1:] {
			if later.Kind == c.Kind && later.Scheme == c.Scheme {
				return calendar.Date{} // it was renewed
			}
		}
		return c.ValidUntil
	},
}

// certificateFacts give one of competence without an end of its own the length that policies/hubs says. One that names
// a training belongs to a completed training of this case.
func certificateFacts(m Moment, c *Certificate) error {
	if c.Kind == CompetenceCertificate && c.ValidUntil.IsZero() && !c.IssuedOn.IsZero() {
		c.ValidUntil = c.IssuedOn.AddMonths(m.Rules.Hubs.On(c.IssuedOn).CompetenceCertificateMonths.Value)
	}
	switch {
	case !c.Kind.Valid():
		return fault.New(fault.Invalid, "certificate.kind_unknown").At("kind")
	case strings.TrimSpace(c.Number) == "":
		return fault.New(fault.Invalid, "certificate.number_missing").At("number")
	case strings.TrimSpace(c.Issuer) == "":
		return fault.New(fault.Invalid, "certificate.issuer_missing").At("issuer")
	case c.IssuedOn.IsZero() || c.IssuedOn.After(m.On):
		return fault.New(fault.Invalid, "certificate.period").At("issued_on")
	case !c.ValidUntil.IsZero() && c.ValidUntil.Before(c.IssuedOn):
		return fault.New(fault.Invalid, "certificate.period").At("valid_until")
	}
	if err := m.Tracks.earned(c); err != nil {
		return err
	}
	return m.Tracks.issue(c)
}

func (t *Tracks) earned(c *Certificate) error {
	if c.Training == uuid.Nil {
		return nil
	}
	training := Trainings.in(t, c.Training)
	if training == nil {
		return Trainings.notFound()
	}
	if training.State != Completed {
		return fault.New(fault.Conflict, "certificate.training_not_completed", "state", string(training.State))
	}
	return c.after(training.StartsOn)
}

// after refuses a certificate that was issued before the day on which it could be earned.
func (c *Certificate) after(earned calendar.Date) error {
	if c.IssuedOn.Before(earned) {
		return fault.New(fault.Invalid, "certificate.before_earned", "earned", earned.String()).At("issued_on")
	}
	return nil
}
