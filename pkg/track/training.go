package track

import (
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
)

// Scheme is who pays for a training.
type Scheme string

// The schemes of training.
const (
	Prakerja    Scheme = "prakerja"
	JKPTraining Scheme = "jkp"
	BLK         Scheme = "blk"
	OtherScheme Scheme = "other"
)

// Values lists every scheme.
func (Scheme) Values() []Scheme { return []Scheme{Prakerja, JKPTraining, BLK, OtherScheme} }

// Valid tells whether s is one of the schemes.
func (s Scheme) Valid() bool { return codelist.Has(s) }

// TrainingState is where an enrolment stands.
type TrainingState string

// The states of an enrolment.
const (
	Enrolled   TrainingState = "enrolled"
	InTraining TrainingState = "in_training"
	Completed  TrainingState = "completed"
	Dropped    TrainingState = "dropped"
)

var trainingSteps = map[TrainingState][]TrainingState{
	Enrolled:   {InTraining, Dropped},
	InTraining: {Completed, Dropped},
	Completed:  {},
	Dropped:    {},
}

// Values lists every state of an enrolment.
func (TrainingState) Values() []TrainingState {
	return []TrainingState{Enrolled, InTraining, Completed, Dropped}
}

// Targets lists the states that a step leads to.
func (TrainingState) Targets() []TrainingState { return codelist.Targets(trainingSteps) }

// Valid tells whether s is one of the states.
func (s TrainingState) Valid() bool { return codelist.Has(s) }

// Training is one enrolment in a course.
type Training struct {
	ID         uuid.UUID     `json:"id"`
	Scheme     Scheme        `json:"scheme"`
	Provider   string        `json:"provider"`
	Programme  string        `json:"programme"`
	Unit       string        `json:"unit,omitempty"` // SKKNI unit
	State      TrainingState `json:"state"`
	StartsOn   calendar.Date `json:"starts_on"`
	EndsOn     calendar.Date `json:"ends_on"`
	Attendance int           `json:"attendance"` // percent; -1 while not known
	Class      uuid.UUID     `json:"class"`      // of the catalogue; zero when the course is not in it
	Cost       money.Rupiah  `json:"cost"`       // of the course, 0 when nobody said; JKP pays it up to a cap
}

// Attendance is one day of a class: whether the worker sat in it (presensi).
type Attendance struct {
	Training uuid.UUID     `json:"training"`
	On       calendar.Date `json:"on"`
	Present  bool          `json:"present"`
}

const (
	mostDays = 200 // of attendance in one request
	percent  = 100
)

// Attend records the days of an enrolment that is under way; a day recorded before is corrected.
func (f *File) Attend(_ *casework.Case, training uuid.UUID, days []Attendance, on calendar.Date) (casework.Event, error) {
	t := find(f.Trainings, training, func(t Training) uuid.UUID { return t.ID })
	switch {
	case t == nil:
		return casework.Event{}, partNotFound("training")
	case t.State != InTraining:
		return casework.Event{}, fault.New(fault.Conflict, "training.not_under_way", "state", string(t.State))
	case len(days) == 0 || len(days) > mostDays:
		return casework.Event{}, fault.New(fault.Invalid, "training.days", "most", strconv.Itoa(mostDays)).At("days")
	}
	for _, day := range days {
		if day.On.Before(t.StartsOn) || day.On.After(on) {
			return casework.Event{}, fault.New(fault.Invalid, "training.day", "starts_on", t.StartsOn.String()).At("days")
		}
		day.Training = training
		if i := slices.IndexFunc(f.Attendances, func(a Attendance) bool { return a.Training == training && a.On == day.On }); i >= 0 {
			f.Attendances[i] = day
			continue
		}
		f.Attendances = append(f.Attendances, day)
	}
	t.Attendance = f.rate(func(a Attendance) bool { return a.Training == training })
	return casework.Event{Kind: TrainingAttended, OccurredOn: on, Payload: struct {
		ID   uuid.UUID    `json:"id"`
		Days []Attendance `json:"days"`
		Rate int          `json:"attendance"`
	}{training, days, t.Attendance}}, nil
}

// rate is the share of recorded days that the worker was there, in whole percent, rounded down; -1 when none is recorded.
func (f *File) rate(counts func(Attendance) bool) int {
	days, present := 0, 0
	for _, a := range f.Attendances {
		if counts(a) {
			days++
			if a.Present {
				present++
			}
		}
	}
	if days == 0 {
		return -1
	}
	return present * percent / days
}

// attended is the rate of all classes from one day to another.
func (f *File) attended(from, until calendar.Date) int {
	return f.rate(func(a Attendance) bool { return !a.On.Before(from) && !a.On.After(until) })
}

// Enrol adds a training to the case.
func (f *File) Enrol(c *casework.Case, t Training, on calendar.Date) (casework.Event, error) {
	if err := open(c); err != nil {
		return casework.Event{}, err
	}
	switch {
	case !t.Scheme.Valid():
		return casework.Event{}, fault.New(fault.Invalid, "training.scheme_unknown").At("scheme")
	case strings.TrimSpace(t.Provider) == "":
		return casework.Event{}, fault.New(fault.Invalid, "training.provider_missing").At("provider")
	case strings.TrimSpace(t.Programme) == "":
		return casework.Event{}, fault.New(fault.Invalid, "training.programme_missing").At("programme")
	case t.StartsOn.IsZero():
		return casework.Event{}, fault.New(fault.Invalid, "training.period").At("starts_on")
	case !t.EndsOn.IsZero() && t.EndsOn.Before(t.StartsOn):
		return casework.Event{}, fault.New(fault.Invalid, "training.period").At("ends_on")
	case t.Scheme == Prakerja:
		if err := f.buy(on); err != nil {
			return casework.Event{}, err
		}
	}
	t.State, t.Attendance = Enrolled, -1
	f.Trainings = append(f.Trainings, t)
	return casework.Event{Kind: TrainingEnrolled, OccurredOn: on, Payload: t}, nil
}

// TrainingStep moves an enrolment on; attendance (percent) is required to complete it.
type TrainingStep struct {
	ID         uuid.UUID
	To         TrainingState
	Attendance int // percent, -1 when not given
	On         calendar.Date
}

// AdvanceTraining moves an enrolment along its lifecycle.
func (f *File) AdvanceTraining(_ *casework.Case, s TrainingStep) (casework.Event, error) {
	t := find(f.Trainings, s.ID, func(t Training) uuid.UUID { return t.ID })
	if t == nil {
		return casework.Event{}, partNotFound("training")
	}
	if !slices.Contains(trainingSteps[t.State], s.To) {
		return casework.Event{}, refused("training", t.State, s.To, trainingSteps[t.State])
	}
	if s.Attendance < 0 {
		s.Attendance = t.Attendance // as the class recorded it
	}
	if s.Attendance > percent || s.To == Completed && s.Attendance < 0 {
		return casework.Event{}, fault.New(fault.Invalid, "training.attendance").At("attendance")
	}
	if err := f.stepOf(t, s); err != nil {
		return casework.Event{}, err
	}
	from := t.State
	t.State = s.To
	if s.Attendance >= 0 {
		t.Attendance = s.Attendance
	}
	if s.To == Completed || s.To == Dropped {
		t.EndsOn = s.On
	}
	if s.On.Before(t.StartsOn) {
		t.EndsOn = calendar.Date{} // dropped before it began: it has no last day
	}
	return casework.Event{Kind: TrainingAdvanced, OccurredOn: s.On, Payload: struct {
		Stepped
		Attendance int `json:"attendance"`
	}{Stepped{t.ID, string(from), string(t.State), s.On}, t.Attendance}}, nil
}

// stepOf holds a step to the days of the training: it begins and ends on its first day or later, and ends on the last day on
// which the worker sat in it or later. Who has not begun may be dropped on any day.
func (f *File) stepOf(t *Training, s TrainingStep) error {
	first := t.StartsOn
	if t.State == Enrolled && s.To == Dropped {
		first = calendar.Date{}
	}
	if s.On.Before(first) {
		return fault.New(fault.Invalid, "training.before_start", "starts_on", t.StartsOn.String()).At("occurred_on")
	}
	for _, a := range f.Attendances {
		if a.Training == t.ID && a.On.After(first) {
			first = a.On
		}
	}
	return f.step(t.ID, first, s.On)
}

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
	Training   uuid.UUID       `json:"training"` // zero when it came from elsewhere
	Kind       CertificateKind `json:"kind"`
	Number     string          `json:"number"`
	Issuer     string          `json:"issuer"`
	Scheme     string          `json:"scheme,omitempty"`
	IssuedOn   calendar.Date   `json:"issued_on"`
	ValidUntil calendar.Date   `json:"valid_until"`
	Assessment uuid.UUID       `json:"assessment"` // zero when it was made elsewhere
	Units      string          `json:"units,omitempty"`
}

// Certify records a certificate. One that names a training belongs to a completed training of this case.
func (f *File) Certify(c *casework.Case, cert Certificate, on calendar.Date) (casework.Event, error) {
	if err := open(c); err != nil {
		return casework.Event{}, err
	}
	switch {
	case !cert.Kind.Valid():
		return casework.Event{}, fault.New(fault.Invalid, "certificate.kind_unknown").At("kind")
	case strings.TrimSpace(cert.Number) == "":
		return casework.Event{}, fault.New(fault.Invalid, "certificate.number_missing").At("number")
	case strings.TrimSpace(cert.Issuer) == "":
		return casework.Event{}, fault.New(fault.Invalid, "certificate.issuer_missing").At("issuer")
	case cert.IssuedOn.IsZero() || cert.IssuedOn.After(on):
		return casework.Event{}, fault.New(fault.Invalid, "certificate.period").At("issued_on")
	case !cert.ValidUntil.IsZero() && cert.ValidUntil.Before(cert.IssuedOn):
		return casework.Event{}, fault.New(fault.Invalid, "certificate.period").At("valid_until")
	}
	if cert.Training != uuid.Nil {
		t := find(f.Trainings, cert.Training, func(t Training) uuid.UUID { return t.ID })
		if t == nil {
			return casework.Event{}, partNotFound("training")
		}
		if t.State != Completed {
			return casework.Event{}, fault.New(fault.Conflict, "certificate.training_not_completed", "state", string(t.State))
		}
	}
	if err := f.issue(&cert); err != nil {
		return casework.Event{}, err
	}
	f.Certificates = append(f.Certificates, cert)
	return casework.Event{Kind: CertificateRecorded, OccurredOn: on, Payload: cert}, nil
}
