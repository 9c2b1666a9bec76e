package trackstore_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
)

// vacancy is one of the register, in a state, offered until some days from today.
func (v *voiding) vacancy(t *testing.T, state string, days int) uuid.UUID {
	t.Helper()
	id, last := uuid.New(), v.cases.Today("3273").AddDays(days)
	v.Do(t, `insert into vacancy (id, region, employer, title, occupation, openings, posted_on, expires_on, state, source,
	reference,
		reported_by, verified_by) values ($1, '3204', 'PT L', 'Penjahit', '7531', 1, '2020-01-01', $2, $3, 'uji', $4, $5,
		$5)`,
		id, last.Time(), state, id.String(), uuid.UUID(v.Officer))
	return id
}

func (p *twice) apply(t *testing.T, id casework.ID, vacancy uuid.UUID) (uuid.UUID, error) {
	t.Helper()
	a := track.Application{ID: uuid.New(), Employer: "PT L", Position: "Penjahit", Vacancy: vacancy}
	_, err := track.Applications.Record(t.Context(), p.tracks, again(p.at(id)), a)
	return a.ID, err
}

// again lets a part be like another one.
func again(to track.Target) track.Target {
	to.Again = true
	return to
}

func (p *twice) hire(t *testing.T, id casework.ID, application uuid.UUID) error {
	_, err := track.Applications.Advance(t.Context(), p.tracks, p.at(id),
		track.Step[track.ApplicationState, track.None]{ID: application, To: track.Hired})
	return err
}

// A vacancy is proposed and applied for while it is open, on its last day too, and not the day after.
func TestAVacancyIsUsedWhileItIsOpen(t *testing.T) {
	t.Parallel()
	p := newTwice(t)
	for _, row := range []struct {
		state string
		days  int
		code  string
	}{{"reported", 9, "vacancy.not_open"}, {"filled", 9, "vacancy.not_open"}, {"withdrawn", 9, "vacancy.not_open"},
		{"open", 0, ""}, {"open", -1, "vacancy.over"}} {
		id := p.vacancy(t, row.state, row.days)
		_, applied := p.apply(t, p.id, id)
		_, proposed := track.Proposals.Record(t.Context(), p.tracks, p.at(p.id), track.Proposal{ID: uuid.New(), Vacancy: id,
			Employer: "PT L", Position: "Penjahit"})
		if fault.CodeOf(applied) != row.code || fault.CodeOf(proposed) != row.code || row.code == "" &&
			(applied != nil || proposed != nil) {
			t.Errorf("%s for %d days: %v, %v, want %q", row.state, row.days, applied, proposed, row.code)
		}
	}
}

// The last place is taken once, also by two at once, and is free again when the hire is voided.
func TestTheLastPlaceIsTakenOnce(t *testing.T) {
	t.Parallel()
	p := newTwice(t)
	vacancy := p.vacancy(t, "open", 9)
	cases, applications := []casework.ID{p.id, p.other}, make([]uuid.UUID, 2)
	for i, id := range cases {
		var err error
		applications[i], err = p.apply(t, id, vacancy)
		storetest.OK(t, err)
	}
	codes := make(chan string)
	for i, id := range cases {
		go func() { codes <- fault.CodeOf(p.hire(t, id, applications[i])) }()
	}
	got := []string{<-codes, <-codes}
	slices.Sort(got)
	if !slices.Equal(got, []string{"", "vacancy.full"}) {
		t.Fatalf("both said %q", got)
	}
	if _, err := p.apply(t, p.id, vacancy); fault.CodeOf(err) != "vacancy.full" {
		t.Errorf("applied for a vacancy without a place: %v", err)
	}
	winner := 0
	if _, f, err := p.GetTracks(t.Context(), storetest.In("32"), p.id); err != nil ||
		f.Applications[0].State != track.Hired {
		winner = 1
	}
	file, _, err := p.Get(t.Context(), storetest.In("32"), cases[winner])
	storetest.OK(t, err)
	_, err = p.tracks.Void(t.Context(), p.at(cases[winner]), track.Voiding{Seq: file.Version, Reason: "keliru"})
	storetest.OK(t, err)
	storetest.OK(t, p.hire(t, cases[1-winner], applications[1-winner]))
}
