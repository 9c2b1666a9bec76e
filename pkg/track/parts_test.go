package track_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/policies"
)

// A job begins on the day of the termination or later, and is not in the future.
func TestTheFirstDayOfAJob(t *testing.T) {
	t.Parallel()
	wrong := refusal{"placement.started", "started_on"}
	for started, r := range map[calendar.Date]refusal{{}: wrong, day(4): wrong, day(5): taken, day(30): taken,
		day(31): wrong} {
		f := track.Tracks{JobSeekerCards: []track.JobSeekerCard{{State: track.CardActive}}}
		_, err := track.Placements.Add(at(&casework.Case{OpenedOn: day(9), TerminatedOn: day(5)}, &f, day(30)),
			track.Placement{Employer: "PT", Position: "x", StartedOn: started})
		want(t, "started "+started.String(), err, r)
		derive(&casework.Case{}, &f)
		if (r == taken) != (len(f.Placements) == 1) || (r == taken) != (f.JobSeekerCards[0].State == track.CardClosed) {
			t.Errorf("started %s: %+v", started, f)
		}
	}
	for _, p := range []struct {
		employer, position string
		r                  refusal
	}{{" ", "x", refusal{"placement.employer_missing", "employer"}},
		{"PT", "", refusal{"placement.position_missing", "position"}}} {
		_, err := track.Placements.Add(at(&casework.Case{}, &track.Tracks{}, start),
			track.Placement{Employer: p.employer, Position: p.position, StartedOn: start})
		want(t, "a job without a name", err, p.r)
	}
}

// A job beside another one, in each of its states, and from an application in each of its states.
func TestAJobBesideAnother(t *testing.T) {
	t.Parallel()
	taken := refusal{}
	for state, r := range map[track.PlacementState]refusal{"reported": {"placement.already_placed", ""},
		"verified":    {"placement.already_placed", ""},
		"retained_3m": {"placement.already_placed", ""}, "ended": taken} {
		f := track.Tracks{Placements: []track.Placement{{State: state}}}
		_, err := track.Placements.Add(at(&casework.Case{}, &f, start), track.Placement{Employer: "PT", Position: "x",
			StartedOn: start})
		want(t, "beside one "+string(state), err, r)
	}
	for state, r := range map[track.ApplicationState]refusal{"submitted": taken, "test_called": taken,
		"interviewed": taken, "offered": taken,
		"hired": taken, "rejected": {"application.transition_refused", ""},
		"withdrawn": {"application.transition_refused", ""}} {
		f := track.Tracks{Applications: []track.Application{{ID: part, State: state, Reached: state, Employer: "PT A",
			Position: "y"}}, Proposals: []track.Proposal{{State: track.ProposalAccepted, Application: part}}}
		_, err := track.Placements.Add(at(&casework.Case{}, &f, start), track.Placement{Application: part, StartedOn: start})
		want(t, "from one "+string(state), err, r)
		derive(&casework.Case{}, &f)
		if r == taken && (f.Applications[0].State != track.Hired || f.Proposals[0].State != track.ProposalHired ||
			f.Placements[0].Employer != "PT A") {
			t.Errorf("from one %s: %+v", state, f)
		}
	}
	_, err := track.Placements.Add(at(&casework.Case{}, &track.Tracks{}, start),
		track.Placement{Application: part, StartedOn: start})
	want(t, "from another case's", err, refusal{"application.not_found", ""})
}

// An AK-1 card is good on its last day and not on the next: that of its report, and that of its end.
func TestTheLastDaysOfACard(t *testing.T) {
	t.Parallel()
	hubs, issued := ours().Hubs, calendar.MustDate("2026-08-31")
	lapsed, again := refusal{"jobseeker_card.lapsed", ""}, refusal{"jobseeker_card.already_issued", ""}
	file := func() track.Tracks {
		var f track.Tracks
		_, err := issue(&casework.Case{}, &f, track.JobSeekerCard{ID: part, Number: "1", IssuedOn: issued})
		want(t, "issued", err, taken)
		return f
	}
	f := file()
	if k := f.JobSeekerCards[0]; k.ReportBy.String() != "2027-02-28" || k.ValidUntil.String() != "2028-08-31" {
		t.Errorf("report by %s, valid until %s", k.ReportBy, k.ValidUntil)
	}
	for on, r := range map[string][2]refusal{"2026-08-31": {taken, again}, "2027-02-28": {taken, again},
		"2027-03-01": {lapsed, taken}} {
		f := file()
		_, err := f.ReportCard(hubs, part, calendar.MustDate(on))
		want(t, "reported "+on, err, r[0])
		f = file()
		_, err = issue(&casework.Case{}, &f, track.JobSeekerCard{Number: "2", IssuedOn: calendar.MustDate(on)})
		want(t, "another one "+on, err, r[1])
	}
	for _, on := range []string{"2027-02-01", "2027-08-01", "2028-02-01"} {
		_, err := f.ReportCard(hubs, part, calendar.MustDate(on))
		want(t, "reported "+on, err, taken)
	}
	if k := f.JobSeekerCards[0]; k.ReportBy != k.ValidUntil || k.Lapsed(k.ValidUntil) ||
		!k.Lapsed(k.ValidUntil.AddDays(1)) {
		t.Errorf("reported to its end: %+v", k)
	}
	old := track.JobSeekerCard{State: track.CardActive, ValidUntil: issued, ReportBy: issued.AddMonths(6)}
	if old.Lapsed(issued) || !old.Lapsed(issued.AddDays(1)) {
		t.Error("a card outlives its end")
	}
	_, err := f.ReportCard(hubs, uuid.UUID{9}, issued)
	want(t, "of another case", err, refusal{"jobseeker_card.not_found", ""})
	_, err = issue(&casework.Case{}, &f, track.JobSeekerCard{Number: " ", IssuedOn: issued.AddMonths(30)})
	want(t, "without a number", err, refusal{"jobseeker_card.number_missing", "number"})
	f.JobSeekerCards[0].State = track.CardClosed
	_, err = f.ReportCard(hubs, part, issued)
	want(t, "kept by the employer", err, lapsed)
	_, err = issue(&casework.Case{}, &f, track.JobSeekerCard{Number: "2", IssuedOn: issued.AddDays(1)})
	want(t, "another after the employer's", err, taken)
}

// Permenaker 39/2016: a report every six months. A second one in the same six months moves nothing, and so nobody
// reports a card to its end on one day.
func TestOneReportCountsForItsSixMonths(t *testing.T) {
	t.Parallel()
	hubs, issued := ours().Hubs, calendar.MustDate("2026-01-31")
	var f track.Tracks
	_, err := issue(&casework.Case{}, &f, track.JobSeekerCard{ID: part, Number: "1", IssuedOn: issued})
	want(t, "issued", err, taken)
	for i, r := range []struct{ on, by string }{{"2026-02-01", "2027-01-31"}, {"2026-02-01", "2027-01-31"},
		{"2026-07-31", "2027-01-31"},
		{"2026-08-01", "2027-07-31"}, {"2026-02-03", "2027-07-31"}, {"2027-01-31", "2027-07-31"},
		{"2027-02-01", "2028-01-31"}, {"2027-08-01", "2028-01-31"}} {
		_, err := f.ReportCard(hubs, part, calendar.MustDate(r.on))
		want(t, "reported "+r.on, err, taken)
		if k := f.JobSeekerCards[0]; k.ReportBy.String() != r.by || k.Reports != i+1 {
			t.Errorf("report %d on %s: next by %s, want %s", k.Reports, r.on, k.ReportBy, r.by)
		}
	}
}

// The days of a Prakerja card: not of tomorrow, its first course until the last day, revoked from the next.
func TestTheDaysOfAPrakerjaCard(t *testing.T) {
	t.Parallel()
	scheme := schemeOf(t, "2023-06-01")
	awarded := calendar.MustDate("2023-06-01")
	course := track.Training{Scheme: track.Prakerja, Provider: "LPK", Programme: "Las", StartsOn: awarded}
	award := func(f *track.Tracks, on calendar.Date) error {
		_, err := f.AwardPrakerja(&casework.Case{}, scheme, track.PrakerjaCard{ID: part, Batch: "48", AwardedOn: awarded},
			prakerja.Facts{}, on)
		return err
	}
	want(t, "awarded tomorrow", award(&track.Tracks{}, awarded.AddDays(-1)),
		refusal{"case.occurred_in_future", "awarded_on"})
	late, early := refusal{"prakerja.purchase_late", ""}, refusal{"prakerja.not_overdue", ""}
	for days, r := range map[int][2]refusal{0: {taken, early}, 15: {taken, early}, 16: {late, taken}} {
		f, on := track.Tracks{}, awarded.AddDays(days)
		want(t, "awarded", award(&f, awarded), taken)
		want(t, "a second card", award(&f, on), refusal{"prakerja.already_awarded", ""})
		_, err := track.Trainings.Add(at(&casework.Case{}, &f, on), course)
		want(t, fmt.Sprintf("bought after %d days", days), err, r[0])
		derive(&casework.Case{}, &f)
		if r[0] == taken {
			_, err = f.RevokePrakerja(part, awarded.AddDays(99))
			want(t, "revoked though used", err, early)
			_, err = track.Trainings.Add(at(&casework.Case{}, &f, awarded.AddDays(99)), course)
			want(t, "a second course", err, taken)
			want(t, "a card beside one used", award(&f, on), refusal{"prakerja.already_awarded", ""})
		}
		f = track.Tracks{}
		want(t, "awarded", award(&f, awarded), taken)
		_, err = f.RevokePrakerja(part, on)
		want(t, fmt.Sprintf("revoked after %d days", days), err, r[1])
	}
	var f track.Tracks
	_, err := track.Trainings.Add(at(&casework.Case{}, &f, awarded), course)
	want(t, "a course without a card", err, refusal{"prakerja.no_card", ""})
	want(t, "awarded", award(&f, awarded), taken)
	_, err = f.RevokePrakerja(uuid.UUID{9}, awarded.AddDays(16))
	want(t, "revoked, of another case", err, refusal{"prakerja.not_found", ""})
	_, err = f.RevokePrakerja(part, awarded.AddDays(16))
	want(t, "revoked", err, taken)
	derive(&casework.Case{}, &f)
	_, err = f.RevokePrakerja(part, awarded.AddDays(17))
	want(t, "revoked again", err, early)
	_, err = track.Trainings.Add(at(&casework.Case{}, &f, awarded), course)
	want(t, "a course of a revoked card", err, refusal{"prakerja.no_card", ""})
	want(t, "a card after a revoked one", award(&f, awarded), taken)
}

func schemeOf(t *testing.T, on string) prakerja.Scheme {
	t.Helper()
	law, err := prakerja.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	scheme, err := law.Versions.At(calendar.MustDate(on))
	if err != nil {
		t.Fatal(err)
	}
	return scheme
}

// An incentive is paid once, of the card that paid for the course: a revoked card's balance went back.
func TestWhichPrakerjaCardIsPaid(t *testing.T) {
	t.Parallel()
	scheme, on := schemeOf(t, "2023-06-01"), calendar.MustDate("2023-09-01")
	course := uuid.UUID{7}
	for state, times := range map[track.PrakerjaState]int{track.CardUsed: 1, track.CardRevoked: 0} {
		f := track.Tracks{PrakerjaCards: []track.PrakerjaCard{{ID: part, State: state},
			{ID: uuid.UUID{2}, State: track.CardUsed}},
			Trainings:    []track.Training{{ID: course, Scheme: track.Prakerja, State: track.Completed}},
			Certificates: []track.Certificate{{Training: course}}}
		for i := range times + 1 {
			before, r := f.PrakerjaCards[0], taken
			if i == times {
				r = refusal{map[track.PrakerjaState]string{track.CardUsed: "prakerja.nothing_owed",
					track.CardRevoked: "prakerja.revoked"}[state], ""}
			}
			_, err := f.PayPrakerja(scheme, part, track.PrakerjaPayment{Rated: true, Linked: true}, on)
			want(t, fmt.Sprintf("payment %d of one %s", i+1, state), err, r)
			if r != taken && !reflect.DeepEqual(f.PrakerjaCards[0], before) {
				t.Errorf("refused and left %+v", f.PrakerjaCards[0])
			}
		}
	}
	_, err := (&track.Tracks{}).PayPrakerja(scheme, part, track.PrakerjaPayment{}, on)
	want(t, "of another case", err, refusal{"prakerja.not_found", ""})
}

// A period of no month, or of none that makes sense, is refused, and so is a folder without files.
func TestAPeriodOfTheHubsHasItsBounds(t *testing.T) {
	t.Parallel()
	file, err := policies.FS.ReadFile("hubs/2016.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, figure := range []string{"value: 24", "value: 6", "value: 36"} {
		for months, wrong := range map[int]bool{-6: true, 0: true, 1: false, 120: false, 121: true} {
			text := strings.Replace(string(file), figure+"\n", fmt.Sprintf("value: %d\n", months), 1)
			if text == string(file) {
				t.Fatalf("%s is not in the file", figure)
			}
			if _, err := track.LoadHubs(fstest.MapFS{"hubs/a.yaml": {Data: []byte(text)}}); (err != nil) != wrong {
				t.Errorf("%d instead of %s: %v", months, figure, err)
			}
		}
	}
	if _, err := track.LoadHubs(fstest.MapFS{}); err == nil {
		t.Error("without files there are periods")
	}
}

// The periods of a card are those of the day on which it was issued, also when others came since.
func TestACardKeepsThePeriodsOfItsDay(t *testing.T) {
	t.Parallel()
	file, err := policies.FS.ReadFile("hubs/2016.yaml")
	if err != nil {
		t.Fatal(err)
	}
	first := strings.Replace(string(file), "valid_from: 2016-01-01", "valid_from: 2016-01-01\nvalid_until: 2027-01-01", 1)
	later := strings.NewReplacer("valid_from: 2016-01-01", "valid_from: 2027-01-01", "hubs-2016", "hubs-2027",
		"value: 24\n", "value: 60\n", "value: 6\n", "value: 12\n", "value: 36\n", "value: 48\n").Replace(string(file))
	hubs, err := track.LoadHubs(fstest.MapFS{"hubs/a.yaml": {Data: []byte(first)}, "hubs/b.yaml": {Data: []byte(later)}})
	if err != nil {
		t.Fatal(err)
	}
	for issued, want := range map[string][4]string{
		"2026-12-31": {"2028-12-31", "2027-06-30", "2027-12-31", "2029-12-31"},
		"2027-01-01": {"2032-01-01", "2028-01-01", "2029-01-01", "2031-01-01"},
	} {
		var f track.Tracks
		on := calendar.MustDate(issued)
		m := at(&casework.Case{}, &f, on)
		m.Rules.Hubs = hubs
		_, err := track.JobSeekerCards.Add(m, track.JobSeekerCard{ID: part, Number: "1", IssuedOn: on})
		lasts(t, err, f.JobSeekerCards[0].ValidUntil, want[0])
		lasts(t, nil, f.JobSeekerCards[0].ReportBy, want[1])
		_, err = f.ReportCard(hubs, part, on)
		lasts(t, err, f.JobSeekerCards[0].ReportBy, want[2])
		_, err = track.Certificates.Add(m, track.Certificate{Kind: "competence", Number: "1", Issuer: "LSP", IssuedOn: on})
		lasts(t, err, f.Certificates[0].ValidUntil, want[3])
	}
}

func lasts(t *testing.T, err error, got calendar.Date, want string) {
	t.Helper()
	if err != nil || got.String() != want {
		t.Errorf("%s, want %s, %v", got, want, err)
	}
}
