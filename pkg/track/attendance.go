package track

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
)

// Attendance is one day of a class: whether the worker sat in it (presensi).
type Attendance struct {
	Training uuid.UUID     `json:"training"`
	On       calendar.Date `json:"on"`
	Present  bool          `json:"present" part:"fact"`
}

// Attendances are declared here. A day has the id that its training and its date make.
var Attendances = &Kind[Attendance, string, None]{Name: "attendance", Table: "attendance",
	ID: func(a *Attendance) *uuid.UUID { return new(uuid.NewSHA1(a.Training, []byte(a.On.String()))) }}

const (
	mostDays = 200 // of attendance in one request
	percent  = 100
)

// Attend records the days of an enrolment that is under way; a day recorded before is corrected.
func (t *Tracks) Attend(training uuid.UUID, days []Attendance, on calendar.Date) (casework.Event, error) {
	class := Trainings.in(t, training)
	if class == nil {
		return casework.Event{}, Trainings.notFound()
	}
	switch err := class.canAttend(); {
	case err != nil:
		return casework.Event{}, err
	case len(days) == 0 || len(days) > mostDays:
		return casework.Event{}, fault.New(fault.Invalid, "training.days", "most", strconv.Itoa(mostDays)).At("days")
	}
	for i, day := range days {
		if day.On.Before(class.StartsOn) || day.On.After(on) {
			return casework.Event{}, fault.New(fault.Invalid, "training.day", "starts_on",
				class.StartsOn.String()).At(fmt.Sprintf("days[%d].on", i))
		}
		day.Training = training
		if i := slices.IndexFunc(t.Attendances,
			func(a Attendance) bool { return a.Training == training && a.On == day.On }); i >= 0 {
			t.Attendances[i] = day
			continue
		}
		t.Attendances = append(t.Attendances, day)
	}
	class.Attendance = t.rate(func(a Attendance) bool { return a.Training == training })
	return casework.Event{Kind: TrainingAttended, OccurredOn: on, Payload: struct {
		ID   uuid.UUID    `json:"id"`
		Days []Attendance `json:"days"`
		Rate int          `json:"attendance"`
	}{training, days, class.Attendance}}, nil
}

// canAttend refuses days of an enrolment that is not under way.
func (t *Training) canAttend() error {
	if t.State != InTraining {
		return fault.New(fault.Conflict, "training.not_under_way", "state", string(t.State))
	}
	return nil
}

// rate is the share of recorded days that the worker was there, in whole percent, rounded down; -1 when none is
// recorded.
func (t *Tracks) rate(counts func(Attendance) bool) int {
	days, present := 0, 0
	for _, a := range t.Attendances {
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
func (t *Tracks) attended(from, until calendar.Date) int {
	return t.rate(func(a Attendance) bool { return !a.On.Before(from) && !a.On.After(until) })
}
