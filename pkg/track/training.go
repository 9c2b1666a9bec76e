package track

import (
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

// Values lists every state of an enrolment.
func (TrainingState) Values() []TrainingState {
	return []TrainingState{Enrolled, InTraining, Completed, Dropped}
}

// Targets lists the states that a step leads to.
func (TrainingState) Targets() []TrainingState { return codelist.Targets(trainingSteps) }

// Valid tells whether s is one of the states.
func (s TrainingState) Valid() bool { return codelist.Has(s) }

var trainingSteps = Steps[TrainingState]{
	Enrolled:   {InTraining, Dropped},
	InTraining: {Completed, Dropped},
	Completed:  {},
	Dropped:    {},
}

// Training is one enrolment in a course.
type Training struct {
	ID         uuid.UUID     `json:"id"`
	Scheme     Scheme        `json:"scheme" part:"fact"`
	Provider   string        `json:"provider" part:"fact,erased"`
	Programme  string        `json:"programme" part:"fact,erased"`
	Unit       string        `json:"unit,omitempty" part:"fact,erased"` // SKKNI unit
	State      TrainingState `json:"state"`
	StartsOn   calendar.Date `json:"starts_on" part:"fact"`
	EndsOn     calendar.Date `json:"ends_on" part:"fact"`
	Attendance int           `json:"attendance" part:"fact"` // percent; -1 while not known
	Class      uuid.UUID     `json:"class" part:"fact"`      // of the catalogue; zero when the course is not in it
	Cost       money.Rupiah  `json:"cost" part:"fact"`       // 0 when nobody said; JKP pays it up to a cap
	EnrolledOn calendar.Date `json:"enrolled_on" part:"fact"`
}

// The history entries of an enrolment.
const (
	TrainingEnrolled casework.Kind = "training.enrolled"
	TrainingAdvanced casework.Kind = "training.advanced"
	TrainingAttended casework.Kind = "training.attended"
)

// Trainings are declared here.
var Trainings = &Kind[Training, TrainingState, Attended]{
	Name: "training", Table: "training", Made: TrainingEnrolled, Moved: TrainingAdvanced, Initial: Enrolled,
	Records: "training-enrol", Amends: "training-correct", Advances: "training-advance",
	Steps: trainingSteps,
	ID:    func(t *Training) *uuid.UUID { return &t.ID },
	State: func(t *Training) *TrainingState { return &t.State },
	Day:   func(t *Training) *calendar.Date { return &t.EnrolledOn }, DayField: "enrolled_on",
	Inside: true,
	Begins: func(t *Training) (calendar.Date, string) { return t.StartsOn, "starts_on" },
	Same:   (*Training).same,
	Facts:  trainingFacts,
	New: func(m Moment, t *Training) error {
		t.Attendance = -1
		if t.Scheme == Prakerja {
			return m.Tracks.buy(m.On)
		}
		return nil
	},
	Mend:  mendTraining,
	Check: checkTraining,
	Ends:  Dropped,
	Move:  (*Training).move,
	Payload: func(t *Training, stepped Stepped, _ Step[TrainingState, Attended]) any {
		return struct {
			Stepped
			Attendance int `json:"attendance"`
		}{stepped, t.Attendance}
	},
}

// same is a place in a class, or a programme of a provider that starts on a day. Who dropped out may enrol again.
func (t *Training) same(other *Training) bool {
	if t.State == Dropped || other.State == Dropped {
		return false
	}
	if t.Class != uuid.Nil && t.Class == other.Class {
		return true
	}
	return t.StartsOn == other.StartsOn && same(t.Provider, other.Provider) && same(t.Programme, other.Programme)
}

// mendTraining keeps what a class recorded, and a place that was given back. A training is bought with a Prakerja card
// that could be used on its day.
func mendTraining(m Moment, was, now *Training) ([]casework.Warning, error) {
	if now.Class != was.Class && now.State == Dropped {
		return nil, refused("training", Dropped, Enrolled, nil)
	}
	for _, a := range m.Tracks.Attendances {
		if a.Training == now.ID && a.On.Before(now.StartsOn) {
			return nil, afterStep(a.On, "starts_on")
		}
		if a.Training == now.ID && trainingSteps.ended(now.State) && !now.EndsOn.IsZero() && now.EndsOn.Before(a.On) {
			return nil, fault.New(fault.Invalid, "step.before_last", "last", a.On.String()).At("ends_on")
		}
	}
	switch {
	case trainingSteps.ended(now.State) && now.EndsOn.After(m.On):
		return nil, fault.New(fault.Invalid, "case.occurred_in_future", "today", m.On.String()).At("ends_on")
	case now.State == Completed && now.EndsOn.IsZero():
		return nil, fault.New(fault.Invalid, "training.period").At("ends_on")
	case now.Scheme == Prakerja && (was.Scheme != Prakerja || now.EnrolledOn != was.EnrolledOn):
		return nil, m.Tracks.buy(now.EnrolledOn)
	}
	return nil, nil
}

// trainingFacts hold what JKP pays for a training to the cap of the day of the contract, which is the day of the
// enrolment. A Prakerja training is bought with the card.
func trainingFacts(m Moment, t *Training) error {
	if err := withinCap(m, t); err != nil {
		return err
	}
	switch {
	case t.Class != uuid.Nil && m.On.After(t.StartsOn):
		return fault.New(fault.Conflict, "class.begun", "starts_on", t.StartsOn.String()).At("class")
	case !t.Scheme.Valid():
		return fault.New(fault.Invalid, "training.scheme_unknown").At("scheme")
	case strings.TrimSpace(t.Provider) == "":
		return fault.New(fault.Invalid, "training.provider_missing").At("provider")
	case strings.TrimSpace(t.Programme) == "":
		return fault.New(fault.Invalid, "training.programme_missing").At("programme")
	case t.StartsOn.IsZero():
		return fault.New(fault.Invalid, "training.period").At("starts_on")
	case !t.EndsOn.IsZero() && t.EndsOn.Before(t.StartsOn):
		return fault.New(fault.Invalid, "training.period").At("ends_on")
	}
	return nil
}

func withinCap(m Moment, t *Training) error {
	if t.Scheme != JKPTraining || t.Cost <= 0 {
		return nil
	}
	most, _, source, err := m.Rules.JKP.TrainingCostCap(m.On)
	if err == nil && t.Cost > most {
		err = fault.New(fault.Invalid, "training.cost_over_cap", "most", most.String(),
			"article", source.String()).At("cost")
	}
	return err
}

// Attended is how much of a training the worker sat in, in percent; nil when it is not stated. It is required to
// complete the training, unless the class recorded its days.
type Attended struct{ Percent *int }

// checkTraining holds a step to the days of the training: it begins and ends on its first day or later, and ends on the
// last day on which the worker sat in it or later. Who has not begun may be dropped on any day.
func checkTraining(m Moment, t *Training, s *Step[TrainingState, Attended]) (first calendar.Date, err error) {
	if s.With.Percent == nil && t.Attendance >= 0 {
		s.With.Percent = &t.Attendance // as the class recorded it
	}
	given := s.With.Percent
	if given != nil && (*given < 0 || *given > percent) || s.To == Completed && given == nil {
		return first, fault.New(fault.Invalid, "training.attendance").At("attendance")
	}
	if t.State != Enrolled || s.To != Dropped {
		first = t.StartsOn
	}
	if s.On.Before(first) {
		return first, fault.New(fault.Invalid, "training.before_start", "starts_on", t.StartsOn.String()).At("occurred_on")
	}
	for _, a := range m.Tracks.Attendances {
		if a.Training == t.ID && a.On.After(first) {
			first = a.On
		}
	}
	return first, nil
}

func (t *Training) move(s Step[TrainingState, Attended]) {
	if s.With.Percent != nil {
		t.Attendance = *s.With.Percent
	}
	if s.To == Completed || s.To == Dropped {
		t.EndsOn = s.On
	}
	if s.On.Before(t.StartsOn) {
		t.EndsOn = calendar.Date{} // dropped before it began: it has no last day
	}
}
