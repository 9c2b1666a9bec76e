package track_test

import (
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/track"
)

// situations are a case in each of its stages and outcomes, with a claim in each of its states, and with a part in each
// of its own, all on the same day.
func situations() map[string]track.Moment {
	all := map[string]track.Moment{}
	add := func(name string, stage casework.Stage, outcome casework.Outcome, f track.Tracks) {
		c := casework.Case{Region: "3273", Stage: stage, Outcome: outcome, OpenedOn: start, TerminatedOn: start}
		if stage == casework.Closed {
			c.ClosedOn = day(30)
		}
		derive(&c, &f)
		all[name] = at(&c, &f, day(40))
	}
	for _, stage := range casework.Stages()[:4] {
		add("stage "+string(stage), stage, "", track.Tracks{})
	}
	for _, outcome := range casework.Outcomes() {
		add("closed "+string(outcome), casework.Closed, outcome, track.Tracks{})
	}
	claims := map[string]track.Claim{
		"applied": {}, "withdrawn": {WithdrawnOn: day(2)}, "refused": {Result: rule.Ineligible},
		"running":            {Result: rule.Eligible},
		"stopped by a job":   {Result: rule.Eligible, Stated: track.StopJob, StatedOn: day(20)},
		"stopped by a death": {Result: rule.Eligible, Stated: track.StopDeath, StatedOn: day(20)},
	}
	for name, claim := range claims {
		claim.ID, claim.AppliedOn = part, day(1)
		f := track.Tracks{Claims: []track.Claim{claim}}
		if claim.Result == rule.Eligible {
			f.Months = []track.Month{{Claim: part, N: 1, OpensOn: day(5), ClosesOn: day(5), GivenOn: day(9)},
				{Claim: part, N: 2, OpensOn: day(10), ClosesOn: day(15), ProvedOn: day(12)},
				{Claim: part, N: 3, OpensOn: day(16), ClosesOn: day(19)},
				{Claim: part, N: 4, OpensOn: day(38), ClosesOn: day(42)}, {Claim: part, N: 5, OpensOn: day(68), ClosesOn: day(72)}}
		}
		add("claim "+name, casework.Benefit, "", f)
	}
	for state, f := range partStates() {
		add(state, casework.Placement, "", f)
	}
	first := track.Month{Claim: part, N: 1, OpensOn: day(5), ClosesOn: day(5)}
	claim := []track.Claim{{ID: part, AppliedOn: day(1), Result: rule.Eligible}}
	add("claim decided", casework.Benefit, "", track.Tracks{Claims: slices.Clone(claim), Months: []track.Month{first}})
	first.GivenOn = day(9)
	add("claim completed", casework.Benefit, "", track.Tracks{Claims: claim, Months: []track.Month{first}})
	for name, f := range outlasting() {
		add("closed with "+name, casework.Closed, casework.Withdrawn, f)
	}
	return all
}

// outlasting are parts that go on in a case that is closed.
func outlasting() map[string]track.Tracks {
	claim := track.Claim{ID: part, AppliedOn: day(1), Result: rule.Eligible, Stated: track.StopJob, StatedOn: day(20)}
	return map[string]track.Tracks{
		"a placement": {Placements: []track.Placement{{ID: part, State: track.Verified, StartedOn: day(1)}}},
		"a business":  {Businesses: []track.Business{{ID: part, State: track.BusinessCoached, ProposedOn: day(1)}}},
		"a month that is owed": {Claims: []track.Claim{claim},
			Months: []track.Month{{Claim: part, N: 2, OpensOn: day(10), ClosesOn: day(15), ProvedOn: day(12)}}},
		"a card": {JobSeekerCards: []track.JobSeekerCard{{ID: part, IssuedOn: day(1), ReportBy: day(60),
			ValidUntil: day(700)}}},
	}
}

// partStates are the tracks with one part, in each of its states.
func partStates() map[string]track.Tracks {
	all := map[string]track.Tracks{}
	for _, s := range track.ApplicationState("").Values() {
		f := track.Application{ID: part, Reached: s, AppliedOn: day(1)}
		all["application "+string(s)] = track.Tracks{Applications: []track.Application{f}}
	}
	for _, s := range track.AssessmentState("").Values() {
		f := track.Tracks{Assessments: []track.Assessment{{ID: part, State: s, AppliedOn: day(1), Attempts: 1}}}
		if s == track.AssessmentIssued {
			f.Certificates = []track.Certificate{{ID: uuid.UUID{2}, Assessment: part, IssuedOn: day(2)}}
		}
		all["assessment "+string(s)] = f
	}
	for _, s := range track.BusinessState("").Values() {
		all["business "+string(s)] = track.Tracks{Businesses: []track.Business{{ID: part, State: s, ProposedOn: day(1)}}}
	}
	for _, s := range track.PlacementState("").Values() {
		f := track.Placement{ID: part, State: s, StartedOn: day(1)}
		if s == track.Ended {
			f.EndedOn = day(3)
		}
		all["placement "+string(s)] = track.Tracks{Placements: []track.Placement{f}}
	}
	for _, s := range track.TrainingState("").Values() {
		all["training "+string(s)] = track.Tracks{Trainings: []track.Training{{ID: part, State: s, StartsOn: day(1)}}}
	}
	for _, s := range []track.ProposalState{track.Proposed, track.ProposalDeclined} {
		all["proposal "+string(s)] = track.Tracks{Proposals: []track.Proposal{{ID: part, State: s, ProposedOn: day(1)}}}
	}
	card := track.PrakerjaCard{ID: part, AwardedOn: day(1), BuyBy: day(16)}
	all["prakerja card overdue"] = track.Tracks{PrakerjaCards: []track.PrakerjaCard{card}}
	all["prakerja card used"] = track.Tracks{PrakerjaCards: []track.PrakerjaCard{card},
		Trainings: []track.Training{{ID: uuid.UUID{2}, Scheme: track.Prakerja, State: track.Completed, EnrolledOn: day(2)}}}
	card.RevokedOn = day(20)
	all["prakerja card revoked"] = track.Tracks{PrakerjaCards: []track.PrakerjaCard{card}}
	held := track.JobSeekerCard{ID: part, IssuedOn: day(1), ReportBy: day(39), ValidUntil: day(700)}
	all["job seeker card that lapsed"] = track.Tracks{JobSeekerCards: []track.JobSeekerCard{held}}
	held.ReportBy = day(40)
	all["job seeker card"] = track.Tracks{JobSeekerCards: []track.JobSeekerCard{held}}
	all["job seeker card of who works"] = track.Tracks{JobSeekerCards: []track.JobSeekerCard{held},
		Placements: []track.Placement{{ID: uuid.UUID{2}, State: track.Reported, StartedOn: day(5)}}}
	for _, s := range track.ResponseState("").Values() {
		all["response "+string(s)] = track.Tracks{Responses: []track.Response{{ID: part, State: s, On: day(1)}}}
	}
	return all
}

// answers are what each operation is answered with: by operation and answer, the situations.
func answers() map[string]map[string][]string {
	all := map[string]map[string][]string{}
	for name, m := range situations() {
		for _, d := range m.Doables() {
			operation, said := d.Operation, "open"
			if d.Month > 0 {
				operation += " of month " + strconv.Itoa(d.Month)
			}
			if d.Why != nil {
				said = fault.CodeOf(d.Why)
			} else if len(d.To) > 0 {
				said += " to " + strings.Join(d.To, " ")
			}
			if all[operation] == nil {
				all[operation] = map[string][]string{}
			}
			all[operation][said] = append(all[operation][said], name)
		}
	}
	return all
}

// table writes the answers out. What an operation that is there in every situation is mostly answered with stands for
// all other situations.
func table() []string {
	lines, every := []string{"operation | answer | situations"}, len(situations())
	for _, operation := range slices.Sorted(maps.Keys(answers())) {
		of, count, most := answers()[operation], 0, ""
		for said, names := range of {
			count += len(names)
			if most == "" || len(names) > len(of[most]) || len(names) == len(of[most]) && said < most {
				most = said
			}
		}
		for _, said := range slices.Sorted(maps.Keys(of)) {
			slices.Sort(of[said])
			names := strings.Join(of[said], ", ")
			if said == most && count == every {
				names = "all others"
			}
			lines = append(lines, operation+" | "+said+" | "+names)
		}
	}
	return lines
}

// The table of what can be done when, and what the rest is refused with. It was read against policies/security.md and
// the law, and is changed with them. That the API takes what is open and refuses the rest, api/actions_test.go holds.
func TestWhatCanBeDoneWhen(t *testing.T) {
	t.Parallel()
	const file = "testdata/doable.txt"
	got := table()
	if *update {
		if err := os.WriteFile(file, []byte(strings.Join(got, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(text)), "\n")
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("not in the table: %s", line)
		}
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("only in the table: %s", line)
		}
	}
}
