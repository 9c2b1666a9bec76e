package oversightstore_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/oversight"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// A finding is answered once, while it is open, and settled once; what is refused changes nothing of it.
func TestAFindingIsAnsweredOnceAndSettledOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.OpenCase(t, "3273", 1)
	s := oversight.Service{Store: b.Stores}
	auditor, office := b.As(b.Colleague(t, "3273"), "3273"), b.Request("", "3273")
	move := func(op authz.Op, id uuid.UUID, to, text string) (oversight.Finding, error) {
		return b.MoveFinding(t.Context(), op, c.ID, id, oversight.FindingState(to), identity.NewSecret(text))
	}
	for state, steps := range map[string][]string{"open": nil, "answered": {"answered"}, "settled": {"settled"},
		"both": {"answered", "settled"}} {
		for to, code := range map[string]string{
			"answered": map[bool]string{true: "finding.state"}[state != "open"],
			"settled":  map[bool]string{true: "finding.state"}[state == "settled" || state == "both"],
		} {
			f, err := s.Find(t.Context(), auditor,
				oversight.Finding{Case: c.ID, Severity: oversight.Minor, Text: identity.NewSecret("temuan")})
			storetest.OK(t, err)
			for _, step := range steps {
				f, err = move(office, f.ID, step, "pertama")
				storetest.OK(t, err)
			}
			after, err := move(auditor, f.ID, to, "kedua")
			if fault.CodeOf(err) != code || (err == nil) != (code == "") {
				t.Errorf("%s, then %s: got %v, want %q", state, to, err, code)
			}
			list, err := b.ListFindings(t.Context(), storetest.In("3273"), c.ID)
			storetest.OK(t, err)
			now := list[slices.IndexFunc(list, func(x oversight.Finding) bool { return x.ID == f.ID })]
			switch {
			case code != "" && (now.State != f.State || now.Answer.Reveal() != f.Answer.Reveal() ||
				now.AnsweredBy != f.AnsweredBy || now.SettledBy != f.SettledBy):
				t.Errorf("%s, then %s: was refused and changed it", state, to)
			case code == "" && (string(now.State) != to || string(after.State) != to):
				t.Errorf("%s, then %s: is %s", state, to, now.State)
			case code == "" && to == "answered" && (now.Answer.Reveal() != "kedua" || now.AnsweredBy != auditor.Actor):
				t.Errorf("%s: the answer is %q", state, now.Answer.Reveal())
			}
		}
	}
}

// A finding is only there on its own case, and for whoever has the case.
func TestAFindingIsOnlyThereOnItsCase(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c, other := b.OpenCase(t, "3273", 1), b.OpenCase(t, "3273", 2)
	f, err := (&oversight.Service{Store: b.Stores}).Find(t.Context(), b.Request("", "3273"),
		oversight.Finding{Case: c.ID, Severity: oversight.Major, Text: identity.NewSecret("temuan")})
	storetest.OK(t, err)
	for name, x := range map[string]struct {
		op   authz.Op
		on   casework.ID
		id   uuid.UUID
		code string
	}{
		"another case":    {b.Request("", "3273"), other.ID, f.ID, "finding.not_found"},
		"another finding": {b.Request("", "3273"), c.ID, uuid.New(), "finding.not_found"},
		"another office":  {b.Request("", "3204"), c.ID, f.ID, "case.not_found"},
		"nowhere":         {b.Request(""), c.ID, f.ID, "case.not_found"},
		"no case":         {b.Request("", "3273"), casework.ID(uuid.New()), f.ID, "case.not_found"},
	} {
		for _, to := range []oversight.FindingState{oversight.FindingAnswered, oversight.FindingSettled} {
			_, err := b.MoveFinding(t.Context(), x.op, x.on, x.id, to, identity.NewSecret("jawaban"))
			if fault.CodeOf(err) != x.code {
				t.Errorf("%s on %s: got %v, want %s", to, name, err, x.code)
			}
			list, err := b.ListFindings(t.Context(), storetest.In("3273"), c.ID)
			if err != nil || len(list) != 1 || list[0].State != "open" {
				t.Errorf("%s on %s: it is %+v, %v", to, name, list, err)
			}
		}
	}
}

// A sample is drawn again in the part of the scope in which it was drawn, as of the log as it was.
func TestASampleIsDrawnAgainFromTheSameFrame(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s := oversight.Service{Store: b.Stores, LogSize: b.LogSize}
	for n := range 30 {
		b.OpenCase(t, "3273", n+1)
	}
	for n := range 6 {
		b.OpenCase(t, "3204", n+40)
	}
	day := calendar.MustDate("2026-11-01") // on which all of them were opened
	asked := oversight.SampleRequest{From: day, Until: day, Size: 20, Seed: "benih"}
	drawn, err := s.Draw(t.Context(), b.Request("", "3273"), asked)
	storetest.OK(t, err)
	if drawn.FrameSize != 30 || len(drawn.Cases) != 20 {
		t.Fatalf("%d of %d", len(drawn.Cases), drawn.FrameSize)
	}
	again, err := s.Draw(t.Context(), b.Request("", "3273"), asked)
	storetest.OK(t, err)
	other := asked
	other.Seed = "lain"
	differs, err := s.Draw(t.Context(), b.Request("", "3273"), other)
	storetest.OK(t, err)
	if !slices.Equal(again.Cases, drawn.Cases) || again.FrameDigest != drawn.FrameDigest {
		t.Error("the same seed draws other cases")
	}
	if slices.Equal(differs.Cases, drawn.Cases) || differs.FrameDigest != drawn.FrameDigest {
		t.Error("another seed draws the same cases, or from another frame")
	}
	for n := range 3 { // later, and elsewhere
		b.OpenCase(t, "3273", n+60)
		b.OpenCase(t, "3204", n+70)
	}
	for name, c := range map[string]struct {
		officer authz.OfficerID
		scope   authz.Scope
		same    bool
		code    string
	}{
		"the same scope": {b.Officer, storetest.In("3273"), true, ""},
		"a wider scope":  {b.Officer, storetest.In("32"), true, ""},
		"one more":       {b.Officer, storetest.In("3204", "3273"), true, ""},
		"the nation":     {b.Officer, storetest.In(""), true, ""},
		"another scope":  {b.Officer, storetest.In("3204"), false, "finding.not_found"},
		"no scope":       {b.Officer, storetest.In(), false, "finding.not_found"},
		"somebody else":  {authz.OfficerID(uuid.New()), storetest.In("3273"), false, "finding.not_found"},
	} {
		_, same, err := s.Redraw(t.Context(), c.officer, c.scope, drawn.ID)
		if same != c.same || fault.CodeOf(err) != c.code || (err == nil) != (c.code == "") {
			t.Errorf("%s: same %t, %v", name, same, err)
		}
	}
	for name, a := range map[string]oversight.SampleRequest{
		"the day before": {From: day.AddDays(-1), Until: day.AddDays(-1)},
		"the day after":  {From: day.AddDays(1), Until: day.AddDays(1)},
		"elsewhere":      {From: day, Until: day, Region: "3204"},
	} {
		a.Size, a.Seed = asked.Size, asked.Seed
		if empty, err := s.Draw(t.Context(), b.Request("", "3273"), a); err != nil || empty.FrameSize != 0 {
			t.Errorf("%s: a frame of %d, %v", name, empty.FrameSize, err)
		}
	}
}

// Nobody judges an emergency access of their own, nor twice, nor in another region; a verdict ends it.
func TestAnEmergencyIsJudgedOnceByAnother(t *testing.T) {
	t.Parallel()
	b := setup(t)
	own, other := b.Request("", "32"), b.As(b.Colleague(t, "3273"), "3204")
	begin := func(lasts time.Duration) (officer.Emergency, error) {
		return b.OpenEmergency(t.Context(), own, officer.Emergency{Region: "3204", Reason: "banjir"}, lasts)
	}
	e, err := begin(time.Hour)
	storetest.OK(t, err)
	if e.Until.Sub(e.OpenedAt) != time.Hour || e.Verdict != "" {
		t.Errorf("got %+v", e)
	}
	for i, step := range []struct {
		op      authz.Op
		id      uuid.UUID
		verdict officer.EmergencyVerdict
		code    string
	}{
		{own, e.ID, "justified", "emergency.own"},
		{b.As(other.Actor, "3273"), e.ID, "justified", "officer.not_found"},
		{b.As(other.Actor), e.ID, "justified", "officer.not_found"},
		{other, uuid.New(), "justified", "officer.not_found"},
		{other, e.ID, "unjustified", ""},
		{other, e.ID, "unjustified", "emergency.reviewed"},
		{other, e.ID, "justified", "emergency.reviewed"},
		{own, e.ID, "justified", "emergency.own"},
	} {
		if i < 4 {
			if _, err := begin(time.Minute); fault.CodeOf(err) != "emergency.open_already" {
				t.Errorf("a second one at once: %v", err)
			}
		}
		_, err := b.ReviewEmergency(t.Context(), step.op, step.id, step.verdict, "")
		if fault.CodeOf(err) != step.code || (err == nil) != (step.code == "") {
			t.Errorf("step %d: got %v, want %q", i+1, err, step.code)
		}
	}
	list, err := b.ListEmergencies(t.Context(), storetest.In("3204"), false, 9)
	storetest.OK(t, err)
	if len(list) != 1 || list[0].Verdict != "unjustified" || list[0].ReviewedBy != other.Actor {
		t.Errorf("got %+v", list)
	}
	if _, err := begin(time.Hour); err != nil {
		t.Errorf("it is not over with the verdict: %v", err)
	}
	for open, want := range map[bool]int{true: 1, false: 2} {
		list, err := b.ListEmergencies(t.Context(), storetest.In("32"), open, 9)
		if err != nil || len(list) != want {
			t.Errorf("open only %t: %d, %v", open, len(list), err)
		}
	}
	if list, err := b.ListEmergencies(t.Context(), storetest.In("3273"), false, 9); err != nil || len(list) != 0 {
		t.Errorf("of another region: %d, %v", len(list), err)
	}
}

// The findings on a case are told oldest first, each with its own texts, and those on other cases are not among them.
func TestFindingsAreToldOldestFirst(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c, other := b.OpenCase(t, "3273", 1), b.OpenCase(t, "3273", 2)
	var want []string
	for n := range 3 {
		for of, text := range map[casework.ID]string{c.ID: fmt.Sprint("temuan ", n), other.ID: "lain"} {
			_, err := b.CreateFinding(t.Context(), b.Request("", "3273"), oversight.Finding{Case: of, Severity: oversight.Minor,
				State: oversight.FindingOpen, FoundBy: b.Officer, Text: identity.NewSecret(text)})
			storetest.OK(t, err)
		}
		want = append(want, fmt.Sprint("temuan ", n))
	}
	list, err := b.ListFindings(t.Context(), storetest.In("3273"), c.ID)
	storetest.OK(t, err)
	var got []string
	for _, f := range list {
		got = append(got, f.Text.Reveal())
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
