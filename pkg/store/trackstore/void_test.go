package trackstore_test

import (
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/policies"
)

// voiding is one case with the services over the real store, some days from now.
type voiding struct {
	*storetest.Office
	tracks *track.Service
	cases  *casework.Service
	id     casework.ID
	other  authz.OfficerID
}

func newVoiding(t *testing.T, later int) *voiding {
	t.Helper()
	o := storetest.NewOffice(t)
	v := &voiding{Office: o, id: o.OpenCase(t, "3273", 1).ID, other: o.Colleague(t, "3273")}
	return v.days(t, later)
}

// days is the same case some days later.
func (v *voiding) days(t *testing.T, later int) *voiding {
	t.Helper()
	law, err := jkp.Load(policies.FS)
	storetest.OK(t, err)
	measures, err := measure.Load(policies.FS)
	storetest.OK(t, err)
	hubs, err := track.LoadHubs(policies.FS)
	storetest.OK(t, err)
	now := clock.At(clock.System().Now().AddDate(0, 0, later))
	w := *v
	w.cases = casework.New(casework.Deps{Store: v.Stores, Clock: now, Tree: v.Tree, JKP: law, Measures: measures,
		Assignments: v.Stores})
	w.tracks = &track.Service{Store: v.Stores, Referrals: v.Stores, Cases: w.cases,
		Rules: track.Rules{JKP: law, Hubs: hubs, Measures: measures}}
	return &w
}

func (v *voiding) to(officer authz.OfficerID) track.Target {
	return track.Target{Op: v.As(officer, "3273"), Case: v.id, Version: casework.AnyVersion}
}

// now is the case and everything in it.
func (v *voiding) now(t *testing.T) (casework.Case, track.Tracks) {
	t.Helper()
	c, f, err := v.GetTracks(t.Context(), storetest.In("3273"), v.id)
	storetest.OK(t, err)
	c.Case.Version, c.Case.UpdatedAt = 0, time.Time{}
	return c.Case, f
}

func (v *voiding) tasks(t *testing.T) int {
	t.Helper()
	return v.CountRows(t, "select count(*) from task where case_id = $1", uuid.UUID(v.id))
}

// newest is the number of the newest entry.
func (v *voiding) newest(t *testing.T) int {
	t.Helper()
	c, _, err := v.GetTracks(t.Context(), storetest.In("3273"), v.id)
	storetest.OK(t, err)
	return c.Version
}

func (v *voiding) void(t *testing.T, officer authz.OfficerID, seq int, any bool) error {
	t.Helper()
	_, err := v.tracks.Void(t.Context(), v.to(officer), track.Voiding{Seq: seq, Reason: "salah ketik", Any: any})
	return err
}

// do is a change of the tracks by a function, with what follows from it.
func (v *voiding) do(t *testing.T, fn func(*casework.Case, *track.Tracks) (casework.Event, error)) error {
	t.Helper()
	_, err := v.ChangeTracks(t.Context(), v.to(v.Officer).Op, v.id, casework.AnyVersion, new(uuid.UUID),
		func(c *casework.Case, f *track.Tracks) (casework.Event, error) {
			event, err := fn(c, f)
			track.Derive(c, f, v.tracks.Rules)
			return event, err
		})
	return err
}

// steps are every kind of part made and moved, and every change of the case itself, in an order in which each is taken.
func (v *voiding) steps(t *testing.T) map[string]func() error {
	t.Helper()
	ctx, today := t.Context(), v.cases.Today("3273")
	last := func(kind string) uuid.UUID {
		_, f := v.now(t)
		switch kind {
		case "application":
			return lastOf(f.Applications, func(p track.Application) uuid.UUID { return p.ID })
		case "placement":
			return lastOf(f.Placements, func(p track.Placement) uuid.UUID { return p.ID })
		case "training":
			return lastOf(f.Trainings, func(p track.Training) uuid.UUID { return p.ID })
		case "assessment":
			return lastOf(f.Assessments, func(p track.Assessment) uuid.UUID { return p.ID })
		case "business":
			return lastOf(f.Businesses, func(p track.Business) uuid.UUID { return p.ID })
		}
		return lastOf(f.JobSeekerCards, func(p track.JobSeekerCard) uuid.UUID { return p.ID })
	}
	state := func(_ casework.State, err error) error { return err }
	to := v.to(v.Officer)
	version := func() int { return v.newest(t) }
	growth := func(to track.BusinessState, g track.Growth) track.Step[track.BusinessState, track.Growth] {
		return track.Step[track.BusinessState, track.Growth]{ID: last("business"), To: to, With: g}
	}
	return map[string]func() error{
		"01 note":      func() error { return state(v.cases.Note(ctx, to.Op, v.id, version(), "telepon", calendar.Date{})) },
		"02 follow up": func() error { return state(v.cases.FollowUp(ctx, to.Op, v.id, version(), today.AddDays(3))) },
		"03 assign": func() error {
			return state(v.cases.Assign(ctx, to.Op, v.id, version(), casework.Assignment{To: v.other, Free: to.Op.Scope,
				Works: func([]authz.Grant) authz.Scope { return to.Op.Scope }}))
		},
		"04 advance": func() error {
			return state(v.cases.Advance(ctx, to.Op, v.id, version(), casework.Advance{To: casework.Benefit}))
		},
		"05 claim": func() error { return state(v.tracks.ApplyClaim(ctx, to, jkp.Application{}, "")) },
		"06 decision": func() error {
			return v.do(t, func(c *casework.Case, f *track.Tracks) (casework.Event, error) {
				windows := []jkp.Window{{Month: 1, Opens: today.AddDays(-9), Closes: today.AddDays(9)},
					{Month: 2, Opens: today.AddDays(-9), Closes: today.AddDays(9)},
					{Month: 3, Opens: today.AddDays(-19), Closes: today.AddDays(-9)}}
				return f.DecideClaim(c, track.Verdict{Decision: rule.Decision{Result: rule.Eligible}, Reference: today,
					Windows: windows}, today)
			})
		},
		"07 payment": func() error {
			return v.do(t, func(_ *casework.Case, f *track.Tracks) (casework.Event, error) {
				return f.PayMonth(jkp.Payment{Month: 1, Given: today, Amount: 7}, "x", today)
			})
		},
		"08 proof": func() error {
			return v.do(t, func(_ *casework.Case, f *track.Tracks) (casework.Event, error) {
				return f.ProveMonth(track.Proof{N: 2, Attendance: -1}, rule.Decision{Result: rule.Eligible}, today)
			})
		},
		"09 miss": func() error { return state(v.tracks.MissMonth(ctx, to, 3)) },
		"10 application": func() error {
			return state(track.Applications.Record(ctx, v.tracks, to, track.Application{Employer: "PT A", Position: "las"}))
		},
		"11 called": func() error {
			return state(track.Applications.Advance(ctx, v.tracks, to,
				track.Step[track.ApplicationState, track.None]{ID: last("application"), To: track.TestCalled}))
		},
		"12 training": func() error {
			return state(track.Trainings.Record(ctx, v.tracks, to, track.Training{Scheme: track.BLK, Provider: "BLK",
				Programme: "Las", StartsOn: today}))
		},
		"13 begun": func() error {
			return state(track.Trainings.Advance(ctx, v.tracks, to,
				track.Step[track.TrainingState, track.Attended]{ID: last("training"), To: track.InTraining}))
		},
		"14 attendance": func() error {
			return state(v.tracks.Attend(ctx, to, last("training"), []track.Attendance{{On: today, Present: true}}))
		},
		"15 training done": func() error {
			return state(track.Trainings.Advance(ctx, v.tracks, to,
				track.Step[track.TrainingState, track.Attended]{ID: last("training"), To: track.Completed}))
		},
		"16 assessment": func() error {
			return state(track.Assessments.Record(ctx, v.tracks, to, track.Assessment{Body: "LSP", Scheme: "Las"}))
		},
		"17 assessment verified": func() error {
			return state(track.Assessments.Advance(ctx, v.tracks, to,
				track.Step[track.AssessmentState, track.None]{ID: last("assessment"), To: track.AssessmentVerified}))
		},
		"18 competent": func() error {
			return state(track.Assessments.Advance(ctx, v.tracks, to,
				track.Step[track.AssessmentState, track.None]{ID: last("assessment"), To: track.Competent}))
		},
		"19 certificate": func() error {
			return state(track.Certificates.Record(ctx, v.tracks, to, track.Certificate{Kind: track.CompetenceCertificate,
				Number: "1", Issuer: "BNSP", IssuedOn: today, Assessment: last("assessment")}))
		},
		"20 wish": func() error {
			return state(track.Wishes.Record(ctx, v.tracks, to, track.Wish{Occupation1: "7212", Reach: track.OwnRegency}))
		},
		"21 wish again": func() error {
			return state(track.Wishes.Record(ctx, v.tracks, to, track.Wish{Occupation1: "8", Reach: track.Nation}))
		},
		"22 card": func() error {
			return state(track.JobSeekerCards.Record(ctx, v.tracks, to, track.JobSeekerCard{Number: "AK-1"}))
		},
		"23 card reported": func() error { return state(v.tracks.ReportCard(ctx, to, last("card"), calendar.Date{})) },
		"24 answer": func() error {
			return state(track.Responses.Record(ctx, v.tracks, to, track.Response{State: track.Refused, Document: "1/X"}))
		},
		"25 business": func() error {
			return state(track.Businesses.Record(ctx, v.tracks, to, track.Business{Title: "Bengkel", Level: track.Starter}))
		},
		"26 visit": func() error { return state(v.tracks.VisitBusiness(ctx, to, growth("", track.Growth{Workers: new(2)}))) },
		"27 business verified": func() error {
			return state(track.Businesses.Advance(ctx, v.tracks, to, growth(track.BusinessVerified, track.Growth{})))
		},
		"28 referral": func() error {
			return state(v.tracks.Refer(ctx, to, track.Referral{Kind: track.ServiceReferral, To: "3204",
				Service: track.TrainingService}))
		},
		"29 placement": func() error {
			return state(track.Placements.Record(ctx, v.tracks, to, track.Placement{Application: last("application"),
				StartedOn: today}))
		},
		"30 placement verified": func() error {
			return state(track.Placements.Advance(ctx, v.tracks, to,
				track.Step[track.PlacementState, track.None]{ID: last("placement"), To: track.Verified}))
		},
		"31 close": func() error {
			return state(v.cases.Advance(ctx, to.Op, v.id, version(),
				casework.Advance{To: casework.Closed, Outcome: casework.Placed}))
		},
		"32 reopen": func() error {
			return state(v.cases.Reopen(ctx, to.Op, v.id, version(), casework.Advance{To: casework.Intake, Reason: "x"}))
		},
	}
}

// lastOf is the id of the newest part; of none, one that nothing has.
func lastOf[P any](parts []P, id func(P) uuid.UUID) uuid.UUID {
	if len(parts) == 0 {
		return uuid.New()
	}
	return id(parts[len(parts)-1])
}

// Every step that is voided directly after leaves everything as it was but the history, and can be taken again. What a
// placement or a certificate did to other parts goes with it.
func TestAVoidedStepWasNever(t *testing.T) {
	t.Parallel()
	v := newVoiding(t, 0)
	steps := v.steps(t)
	names := make([]string, 0, len(steps))
	for name := range steps {
		names = append(names, name)
	}
	slices.Sort(names)
	storetest.OK(t, steps[names[0]]()) // which puts the deadline that the opening of the fixture left out
	for _, name := range names {
		c, f := v.now(t)
		tasks := v.tasks(t)
		if err := steps[name](); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		seq := v.newest(t)
		if err := v.void(t, v.Officer, seq, false); err != nil {
			t.Fatalf("void %s: %v", name, err)
		}
		if name == "07 payment" { // money takes another officer
			if _, paid := v.now(t); paid.Months[0].State != track.MonthPaid {
				t.Fatal("one officer alone took a payment back")
			}
			if err := v.void(t, v.other, seq, true); err != nil {
				t.Fatalf("void %s: %v", name, err)
			}
		}
		was, is := []any{c, f, tasks}, v.snapshot(t)
		if !reflect.DeepEqual(was, is) {
			t.Fatalf("after the void of %s\n got %+v\nwant %+v", name, is, was)
		}
		if code := fault.CodeOf(v.void(t, v.Officer, seq, true)); code != "entry.already_voided" {
			t.Errorf("%s voided twice: %q", name, code)
		}
		if err := steps[name](); err != nil {
			t.Fatalf("%s again: %v", name, err)
		}
	}
	_, entries, err := v.Get(t.Context(), storetest.In("3273"), v.id)
	storetest.OK(t, err)
	voided := 0
	for _, e := range entries {
		if e.VoidedBy != 0 {
			voided++
		}
	}
	if voided != len(steps) {
		t.Errorf("%d of %d entries are marked", voided, len(steps))
	}
}

func (v *voiding) snapshot(t *testing.T) []any {
	t.Helper()
	c, f := v.now(t)
	return []any{c, f, v.tasks(t)}
}

// Who may void what: one's own of the same day, anything with a right of its own, and nothing on which something rests.
func TestWhatCannotBeVoided(t *testing.T) {
	t.Parallel()
	v := newVoiding(t, 0)
	ctx, to := t.Context(), v.to(v.Officer)
	check := func(what string, err error, code string) {
		t.Helper()
		if got := fault.CodeOf(err); got != code || (code == "") != (err == nil) {
			t.Errorf("%s: %v, want %q", what, err, code)
		}
	}
	check("an opening", v.void(t, v.Officer, 1, true), "entry.lasting")
	check("what is not there", v.void(t, v.Officer, 99, true), "entry.not_found")
	_, err := track.Applications.Record(ctx, v.tracks, to, track.Application{Employer: "PT A", Position: "las"})
	storetest.OK(t, err)
	made := v.newest(t)
	_, f := v.now(t)
	application := f.Applications[0].ID
	_, err = track.Placements.Record(ctx, v.tracks, to, track.Placement{Application: application,
		StartedOn: v.cases.Today("3273")})
	storetest.OK(t, err)
	placed := v.newest(t)
	check("an application that a placement names", v.void(t, v.Officer, made, false), "entry.built_upon")
	check("another officer's", v.void(t, v.other, placed, false), "entry.not_own")
	check("of yesterday", v.days(t, 1).void(t, v.Officer, placed, false), "entry.not_own")
	out := track.Target{Op: v.As(v.Officer, "3204"), Case: v.id, Version: casework.AnyVersion}
	_, err = v.tracks.Void(ctx, out, track.Voiding{Seq: placed, Reason: "x", Any: true})
	check("out of scope", err, "case.not_found")
	_, err = v.tracks.Void(ctx, to, track.Voiding{Seq: placed, Reason: " "})
	check("without a reason", err, "case.reason_required")
	check("of yesterday, by right", v.days(t, 1).void(t, v.other, placed, true), "")
	check("a void", v.void(t, v.Officer, v.newest(t), true), "entry.lasting")
	_, err = v.tracks.Void(ctx, to, track.Voiding{Part: application, Reason: "x"})
	check("the application, by its id", err, "")
	if _, f = v.now(t); len(f.Applications)+len(f.Placements) != 0 {
		t.Errorf("left are %+v", f)
	}
	v.Tamper(t, "update worker set data_key = null")
	check("of an erased worker", v.void(t, v.Officer, made, true), "worker.erased")
}

// A part that is gone although a later entry altered it, as an earlier release let go of some, is told by the entry
// that took it: what altered it cannot be taken back any more.
func TestWhatAlteredAPartThatIsGone(t *testing.T) {
	t.Parallel()
	v := newVoiding(t, 0)
	ctx, to, today := t.Context(), v.to(v.Officer), v.cases.Today("3273")
	_, err := track.Applications.Record(ctx, v.tracks, to, track.Application{Employer: "PT A", Position: "las"})
	storetest.OK(t, err)
	made := v.newest(t)
	_, f := v.now(t)
	_, err = track.Applications.Correct(ctx, v.tracks, to, track.Correction[track.Application]{ID: f.Applications[0].ID,
		Reason: "x", Edit: func(a *track.Application) error { a.Employer = "PT B"; return nil }})
	storetest.OK(t, err)
	corrected := v.newest(t)
	_, err = v.ChangeRecord(ctx, to.Op, v.id, casework.AnyVersion,
		func(_ *casework.Case, f *track.Tracks, _ []casework.Recorded) (casework.Event, error) {
			f.Applications = nil
			return casework.Event{Kind: casework.EntryVoided, OccurredOn: today,
				Payload: casework.Voided{Seq: made, Kind: track.ApplicationRecorded, Reason: "x"}}, nil
		})
	storetest.OK(t, err)
	gone, err := v.newest(t), v.void(t, v.Officer, corrected, true)
	told, _ := errors.AsType[*fault.Error](err)
	if fault.CodeOf(err) != "entry.built_upon" || told.Args["by"] != strconv.Itoa(gone) {
		t.Errorf("built upon entry %d: %v", gone, err)
	}
}

// What stood in a part that was voided can be read in the entry that voided it, what is personal of it only opened.
func TestAVoidKeepsWhatItTookAway(t *testing.T) {
	t.Parallel()
	v := newVoiding(t, 0)
	_, err := track.Applications.Record(t.Context(), v.tracks, v.to(v.Officer), track.Application{Employer: "PT Rahasia",
		Position: "las"})
	storetest.OK(t, err)
	storetest.OK(t, v.void(t, v.Officer, v.newest(t), false))
	_, entries, err := v.Get(t.Context(), storetest.In("3273"), v.id)
	storetest.OK(t, err)
	last := entries[len(entries)-1]
	if last.Kind != casework.EntryVoided || !strings.Contains(last.Note.Reveal(), "PT Rahasia") {
		t.Errorf("%+v says %q", last, last.Note.Reveal())
	}
	if strings.Contains(last.Payload, "PT Rahasia") || strings.Contains(last.Shown(), "sealed") {
		t.Errorf("in clear is %s, shown %s", last.Payload, last.Shown())
	}
}

// Money is taken back by one officer when another one asks for it, and still asks: whoever asks twice is one, and what
// was asked and taken back was not asked.
func TestMoneyTakesTwoWhoStandByIt(t *testing.T) {
	t.Parallel()
	v := newVoiding(t, 0)
	steps := v.steps(t)
	for _, name := range []string{"05 claim", "06 decision", "07 payment"} {
		storetest.OK(t, steps[name]())
	}
	payment := v.newest(t)
	try := func(what string, by authz.OfficerID, any, paid bool) int {
		t.Helper()
		storetest.OK(t, v.void(t, by, payment, any))
		if _, f := v.now(t); (f.Months[0].State == track.MonthPaid) != paid {
			t.Fatalf("%s: the month is %s", what, f.Months[0].State)
		}
		return v.newest(t)
	}
	first := try("asked", v.Officer, false, true)
	second := try("asked again by the same one", v.Officer, true, true)
	storetest.OK(t, v.void(t, v.Officer, first, false))
	storetest.OK(t, v.void(t, v.Officer, second, false))
	try("once both are taken back", v.other, true, true)
	try("by the second one", v.Officer, true, false)
}

// What rested on an entry keeps it no more once it was voided itself.
func TestAVoidedStepIsNoGroundToStay(t *testing.T) {
	t.Parallel()
	v := newVoiding(t, 0)
	steps := v.steps(t)
	storetest.OK(t, steps["10 application"]())
	made := v.newest(t)
	storetest.OK(t, steps["11 called"]())
	called := v.newest(t)
	storetest.WantCode(t, v.void(t, v.Officer, made, false), "entry.built_upon")
	storetest.OK(t, v.void(t, v.Officer, called, false))
	storetest.OK(t, v.void(t, v.Officer, made, false))
	if _, f := v.now(t); len(f.Applications) != 0 {
		t.Errorf("left are %+v", f.Applications)
	}
}

// A part knows the day of its newest step also after another entry of the case was voided; of a step that was voided
// itself it does not.
func TestStepsAreKnownBesideAVoid(t *testing.T) {
	t.Parallel()
	v := newVoiding(t, 0)
	ctx, to, today := t.Context(), v.to(v.Officer), v.cases.Today("3273")
	_, err := track.Applications.Record(ctx, v.tracks, to, track.Application{Employer: "PT A", Position: "las",
		AppliedOn: today.AddDays(-9)})
	storetest.OK(t, err)
	_, f := v.now(t)
	step := func(state track.ApplicationState, days int) error {
		_, err := track.Applications.Advance(ctx, v.tracks, to, track.Step[track.ApplicationState, track.None]{
			ID: f.Applications[0].ID, To: state, On: today.AddDays(days)})
		return err
	}
	storetest.OK(t, step(track.TestCalled, -7))
	storetest.OK(t, step(track.Interviewed, -5))
	interviewed := v.newest(t)
	_, err = track.Applications.Record(ctx, v.tracks, to, track.Application{Employer: "PT B", Position: "las"})
	storetest.OK(t, err)
	storetest.OK(t, v.void(t, v.Officer, v.newest(t), false))
	storetest.WantCode(t, step(track.Hired, -6), "step.before_last")
	storetest.OK(t, v.void(t, v.Officer, interviewed, false))
	storetest.OK(t, step(track.Interviewed, -6))
}
