package accessstore_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// A period has its first instant and not its last; who was seen in it, and by which answers, is what is listed.
func TestThePeriodOfARecord(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var subjects []uuid.UUID
	for n := range 3 {
		subjects = append(subjects, uuid.UUID(b.OpenCase(t, "3273", n+1).ID))
		r := shown(accesslog.File, subjects[n])
		r.Officer = b.Officer
		storetest.OK(t, b.RecordAccess(t.Context(), []accesslog.Record{r}))
	}
	whole := accesslog.Filter{Officer: &b.Officer, Limit: 9}
	all, err := b.ListAccess(t.Context(), storetest.In("3273"), whole)
	storetest.OK(t, err)
	if len(all) != 3 || !all[0].At.After(all[1].At) || !all[1].At.After(all[2].At) {
		t.Fatalf("recorded %+v", all)
	}
	first, second, third := all[2].At, all[1].At, all[0].At
	for name, c := range map[string]struct {
		from, until *time.Time
		want        []uuid.UUID // newest first
	}{
		"all":                    {nil, nil, []uuid.UUID{subjects[2], subjects[1], subjects[0]}},
		"from the second on":     {&second, nil, []uuid.UUID{subjects[2], subjects[1]}},
		"just after the second":  {new(second.Add(time.Microsecond)), nil, subjects[2:]},
		"before the second":      {nil, &second, subjects[:1]},
		"until just after it":    {nil, new(second.Add(time.Microsecond)), []uuid.UUID{subjects[1], subjects[0]}},
		"the second alone":       {&second, &third, subjects[1:2]},
		"before the first":       {nil, &first, nil},
		"from after the last on": {new(third.Add(time.Microsecond)), nil, nil},
	} {
		f := whole
		f.From, f.Until = c.from, c.until
		list, err := b.ListAccess(t.Context(), storetest.In("3273"), f)
		storetest.OK(t, err)
		var got []uuid.UUID
		for _, r := range list {
			got = append(got, r.Subjects...)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: recorded %v, want %v", name, got, c.want)
		}
		seen, err := b.ListSeen(t.Context(), storetest.In("3273"), b.Officer, f, uuid.Nil)
		storetest.OK(t, err)
		if len(seen) != len(c.want) || slices.ContainsFunc(seen,
			func(s accesslog.Seen) bool { return !slices.Contains(c.want, uuid.UUID(s.Case)) }) {
			t.Errorf("%s: seen %+v, want %v", name, seen, c.want)
		}
	}
}

// An officer and a worker out of the scope are not there; of a record only the workers in the scope are shown.
func TestWhoseRecordIsRead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	here, there := uuid.UUID(b.OpenCase(t, "3273", 1).ID), uuid.UUID(b.OpenCase(t, "3204", 2).ID)
	r := shown(accesslog.Lines, here, there)
	r.Officer = b.Officer
	refused := accesslog.Record{Officer: b.Officer, Action: authz.CaseRead, Route: "r", Outcome: accesslog.Refused,
		Subjects: []uuid.UUID{here}}
	storetest.OK(t, b.RecordAccess(t.Context(), []accesslog.Record{r, refused}))
	for name, c := range map[string]struct {
		scope region.Code
		f     accesslog.Filter
		code  string
		want  []int // how many workers each record shows
	}{
		"of the officer":          {"3273", accesslog.Filter{Officer: &b.Officer}, "", []int{1, 1}},
		"of the officer, above":   {"32", accesslog.Filter{Officer: &b.Officer}, "", []int{1, 2}},
		"of an officer elsewhere": {"3204", accesslog.Filter{Officer: &b.Officer}, "officer.not_found", nil},
		"of the worker":           {"3273", accesslog.Filter{Subject: &here}, "", []int{1, 1}},
		"what was refused":        {"3273", accesslog.Filter{Subject: &here, Outcome: new(accesslog.Refused)}, "", []int{1}},
		"what was shown":          {"32", accesslog.Filter{Subject: &here, Outcome: new(accesslog.Shown)}, "", []int{2}},
		"of a worker elsewhere":   {"3273", accesslog.Filter{Subject: &there}, "case.not_found", nil},
		"of nobody":               {"3273", accesslog.Filter{Subject: new(uuid.New())}, "case.not_found", nil},
	} {
		c.f.Limit = 9
		list, err := b.ListAccess(t.Context(), storetest.In(c.scope), c.f)
		storetest.WantCode(t, err, c.code)
		var got []int
		for _, r := range list {
			got = append(got, len(r.Subjects))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
