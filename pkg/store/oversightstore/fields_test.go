package oversightstore_test

import (
	"reflect"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/oversight"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// filled fails when a field of what is saved has no value: it would be lost without anybody noticing.
func filled(t *testing.T, what any, but ...string) {
	t.Helper()
	v := reflect.ValueOf(what)
	absent := map[string]bool{}
	for _, name := range but {
		absent[name] = true
	}
	for i := range v.NumField() {
		if name := v.Type().Field(i).Name; v.Field(i).IsZero() && !absent[name] {
			t.Errorf("%T.%s has no value here", what, name)
		}
	}
}

// What is kept of a sample is all of it.
func TestEveryFieldOfASampleIsKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	want := oversight.Sample{Officer: b.Officer, Scope: []region.Code{"3204", "3273"}, Asked: oversight.SampleRequest{
		Region: "32", From: calendar.MustDate("2026-10-01"), Until: calendar.MustDate("2026-10-31"), Size: 7, Seed: "benih"},
		AsOf:      11,
		FrameSize: 12, FrameDigest: [32]byte{31: 5}, Cases: []uuid.UUID{uuid.New(), uuid.New()}}
	made, err := b.CreateSample(t.Context(), b.Request("", "32"), want)
	storetest.OK(t, err)
	filled(t, made)
	filled(t, made.Asked)
	want.ID, want.CreatedAt = made.ID, made.CreatedAt
	got, err := b.GetSample(t.Context(), b.Officer, made.ID)
	storetest.OK(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	none, err := b.CreateSample(t.Context(), b.Request("", "32"), oversight.Sample{Cases: []uuid.UUID{}})
	if err != nil || len(none.Cases) != 0 || len(none.Scope) != 0 {
		t.Errorf("an empty one: %+v, %v", none, err)
	}
}

// What is kept of a finding is all of it, each step with who took it; and nothing of its texts is kept in clear.
func TestEveryFieldOfAFindingIsKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.OpenCase(t, "3273", 1)
	auditor, office := b.As(b.Colleague(t, "3273"), "3273"), b.Request("", "3273")
	sample, err := b.CreateSample(t.Context(), auditor, oversight.Sample{Cases: []uuid.UUID{uuid.UUID(c.ID)}})
	storetest.OK(t, err)
	want := oversight.Finding{Case: c.ID, Sample: sample.ID, Severity: oversight.Major, State: oversight.FindingOpen,
		FoundBy: auditor.Actor, Text: identity.NewSecret("temuan"), Region: "3273"}
	made, err := b.CreateFinding(t.Context(), auditor, want)
	storetest.OK(t, err)
	want.ID, want.FoundAt = made.ID, made.FoundAt
	same := func(got oversight.Finding) {
		t.Helper()
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	same(made)
	got, err := b.MoveFinding(t.Context(), office, c.ID, made.ID, oversight.FindingAnswered, identity.NewSecret("jawaban"))
	storetest.OK(t, err)
	want.State, want.Answer, want.AnsweredBy = oversight.FindingAnswered, identity.NewSecret("jawaban"), office.Actor
	same(got)
	got, err = b.MoveFinding(t.Context(), auditor, c.ID, made.ID, oversight.FindingSettled,
		identity.NewSecret("selesai"))
	storetest.OK(t, err)
	want.State, want.SettledBy, want.Settlement = oversight.FindingSettled, auditor.Actor, identity.NewSecret("selesai")
	same(got)
	for _, in := range []struct {
		scope  authz.Scope
		filter oversight.FindingFilter
		n      int
	}{
		{office.Scope, oversight.FindingFilter{}, 1}, {authz.Everywhere(), oversight.FindingFilter{State: &want.State}, 1},
		{authz.ScopeOver("3204"), oversight.FindingFilter{}, 0}, {authz.Scope{}, oversight.FindingFilter{}, 0},
		{office.Scope, oversight.FindingFilter{State: new(oversight.FindingOpen)}, 0},
		{office.Scope, oversight.FindingFilter{Severity: new(oversight.Minor)}, 0},
		{office.Scope, oversight.FindingFilter{Severity: new(oversight.Major)}, 1},
		{office.Scope, oversight.FindingFilter{After: got.ID}, 0},
	} {
		in.filter.Limit = 5
		list, err := b.FindingsIn(t.Context(), in.scope, in.filter)
		storetest.OK(t, err)
		if len(list) != in.n {
			t.Errorf("%+v gives %d findings, want %d", in, len(list), in.n)
		} else if in.n == 1 {
			same(list[0])
		}
	}
	filled(t, got)
	if n := b.CountRows(t, `select count(*) from finding where found_at <= answered_at and answered_at <= settled_at
		and position('temuan'::bytea in finding) = 0 and position('jawaban'::bytea in answer) = 0
		and position('selesai'::bytea in settlement) = 0`); n != 1 {
		t.Error("the times of its steps are not in order, or a text is in clear")
	}
}

// Of an erased worker nothing can be found, answered or settled; the findings are there without their texts.
func TestFindingsOfAnErasedWorkerHaveNoTexts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.OpenCase(t, "3273", 1)
	op := b.Request("", "3273")
	find := func() (oversight.Finding, error) {
		return (&oversight.Service{Store: b.Stores}).Find(t.Context(), op,
			oversight.Finding{Case: c.ID, Severity: oversight.Remark, Text: identity.NewSecret("temuan")})
	}
	f, err := find()
	storetest.OK(t, err)
	b.Tamper(t, "update worker set data_key = null")
	_, err = find()
	storetest.WantCode(t, err, "worker.erased")
	for _, to := range []oversight.FindingState{oversight.FindingAnswered, oversight.FindingSettled} {
		_, err = b.MoveFinding(t.Context(), op, c.ID, f.ID, to, identity.NewSecret("jawaban"))
		storetest.WantCode(t, err, "worker.erased")
	}
	list, err := b.ListFindings(t.Context(), storetest.In("3273"), c.ID)
	storetest.OK(t, err)
	if len(list) != 1 || list[0].ID != f.ID || !list[0].Text.IsZero() || list[0].State != oversight.FindingOpen {
		t.Errorf("got %+v", list)
	}
}
