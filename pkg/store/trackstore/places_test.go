package trackstore_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/course"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
)

// A place of a class is taken by an enrolment, and is free again when that is dropped before it began, moved to another
// class or taken back; who leaves later, or ends in whatever way, has had the place. A dropping that is taken back
// takes it again, where there is one.
func TestThePlacesOfAClass(t *testing.T) {
	t.Parallel()
	b := setup(t)
	op := b.Request("", "3273")
	class := func(places int) uuid.UUID {
		c, err := b.CreateClass(t.Context(), op, course.Class{ID: uuid.Must(uuid.NewV7()), Region: "3273", Provider: "BLK",
			Kind: course.PublicCentre, Programme: "Las", Scheme: track.BLK, Places: places, StartsOn: storetest.Today,
			EndsOn: storetest.Today.AddDays(9)})
		storetest.OK(t, err)
		return c.ID
	}
	one, other := class(1), class(2)
	mine, theirs := b.OpenCase(t, "3273", 1).ID, b.OpenCase(t, "3273", 2).ID
	enrolled := track.Training{ID: uuid.Must(uuid.NewV7()), Scheme: track.BLK, Provider: "BLK", Programme: "Las",
		State: track.Enrolled, StartsOn: storetest.Today, Attendance: -1, Class: one, EnrolledOn: storetest.Today}
	change := func(of casework.ID, fn func(*[]track.Training)) error {
		_, err := b.ChangeRecord(t.Context(), op, of, casework.AnyVersion,
			func(_ *casework.Case, f *track.Tracks, _ []casework.Recorded) (casework.Event, error) {
				fn(&f.Trainings)
				return casework.Event{Kind: track.TrainingAttended, OccurredOn: storetest.Today, Payload: struct{}{}}, nil
			})
		return err
	}
	enrol := func(x track.Training) func(*[]track.Training) {
		return func(list *[]track.Training) { *list = append(*list, x) }
	}
	state := func(to track.TrainingState) func(*[]track.Training) {
		return func(list *[]track.Training) { (*list)[0].State = to }
	}
	move := func(to uuid.UUID) func(*[]track.Training) {
		return func(list *[]track.Training) { (*list)[0].Class = to }
	}
	gone := func(list *[]track.Training) { *list = (*list)[:0] }
	second := enrolled
	second.ID = uuid.Must(uuid.NewV7())
	for n, step := range []struct {
		of            casework.ID
		do            func(*[]track.Training)
		code          string
		taken, others int
	}{
		{mine, enrol(enrolled), "", 1, 0},
		{theirs, enrol(second), "class.full", 1, 0},
		{mine, state(track.Dropped), "", 0, 0},
		{mine, state(track.Enrolled), "", 1, 0},
		{mine, state(track.Dropped), "", 0, 0},
		{theirs, enrol(second), "", 1, 0},
		{mine, state(track.Enrolled), "class.full", 1, 0},
		{theirs, gone, "", 0, 0},
		{mine, state(track.Enrolled), "", 1, 0},
		{mine, gone, "", 0, 0},
		{mine, enrol(enrolled), "", 1, 0},
		{mine, move(other), "", 0, 1},
		{mine, move(uuid.Nil), "", 0, 0},
		{mine, move(one), "", 1, 0},
		{mine, state(track.InTraining), "", 1, 0},
		{mine, state(track.Dropped), "", 1, 0},
		{mine, state(track.InTraining), "", 1, 0},
		{mine, state(track.Completed), "", 1, 0},
	} {
		if err := change(step.of, step.do); fault.CodeOf(err) != step.code || (step.code == "") != (err == nil) {
			t.Errorf("step %d: %v, want %q", n+1, err, step.code)
		}
		for id, want := range map[uuid.UUID]int{one: step.taken, other: step.others} {
			c, err := b.GetClass(t.Context(), id)
			if err != nil || c.Taken != want {
				t.Errorf("after step %d %d places are taken, want %d, %v", n+1, c.Taken, want, err)
			}
		}
	}
}
