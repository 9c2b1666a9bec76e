package accessstore_test

import (
	"reflect"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// What is kept of a record is all of it, but for how much it shows, which only the report and the alarms read.
func TestEveryFieldOfARecordIsKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.OpenCase(t, "3273", 1)
	e, err := b.OpenEmergency(t.Context(), b.Request("", "3273"), officer.Emergency{Region: "3204", Reason: "banjir"}, 1e9)
	storetest.OK(t, err)
	want := accesslog.Record{Officer: b.Officer, Action: authz.CaseRead, Route: "case-get", Request: "abc",
		Outcome: accesslog.Shown, Emergency: e.ID, Subjects: []uuid.UUID{uuid.UUID(c.ID)}, Shows: accesslog.File, Lines: 0}
	refused := accesslog.Record{Officer: b.Officer, Route: "case-list", Outcome: accesslog.Refused}
	storetest.OK(t, b.RecordAccess(t.Context(), []accesslog.Record{want, refused}))
	list, err := b.ListAccess(t.Context(), storetest.In("3273"), accesslog.Filter{Limit: 9})
	storetest.OK(t, err)
	if len(list) != 2 || list[0].ID != list[1].ID+1 {
		t.Fatalf("got %+v", list)
	}
	want.ID, want.At, want.Name, want.Shows = list[1].ID, list[1].At, "Petugas Uji", ""
	refused.ID, refused.At, refused.Name, refused.Subjects = list[0].ID, list[0].At, "Petugas Uji", []uuid.UUID{}
	if got := []accesslog.Record{refused, want}; !reflect.DeepEqual(list, got) {
		t.Errorf("got %+v\nwant %+v", list, got)
	}
	if want.At.IsZero() || want.At.Location() != refused.At.Location() {
		t.Errorf("at %s", want.At)
	}
	if n := b.CountRows(t,
		"select count(*) from access_record where shows = 'file' or outcome = 'refused' and shows is null"); n != 2 {
		t.Errorf("how much they show is kept of %d", n)
	}
}

// Whom a record names is told to those who may know of them, and to nobody else; so is the record of an officer.
func TestARecordNamesNobodyElsewhere(t *testing.T) {
	t.Parallel()
	b := setup(t)
	here, there := uuid.UUID(b.OpenCase(t, "3273", 1).ID), uuid.UUID(b.OpenCase(t, "3204", 2).ID)
	r := shown(accesslog.Lines, here, there, uuid.New())
	r.Officer = b.Officer
	storetest.OK(t, b.RecordAccess(t.Context(), []accesslog.Record{r}))
	for name, c := range map[string]struct {
		scope authz.Scope
		want  []uuid.UUID
	}{
		"here":    {storetest.In("3273"), []uuid.UUID{here}},
		"there":   {storetest.In("3204"), []uuid.UUID{there}},
		"both":    {storetest.In("32"), []uuid.UUID{here, there}},
		"nowhere": {storetest.In("31"), []uuid.UUID{}},
	} {
		list, err := b.ListAccess(t.Context(), c.scope, accesslog.Filter{Limit: 9})
		if err != nil || len(list) != 1 || !reflect.DeepEqual(list[0].Subjects, c.want) {
			t.Errorf("%s: %+v, %v", name, list, err)
		}
	}
	_, err := b.ListAccess(t.Context(), storetest.In("3204"), accesslog.Filter{Subject: &here, Limit: 9})
	storetest.WantCode(t, err, "case.not_found")
	_, err = b.ListAccess(t.Context(), storetest.In("3204"), accesslog.Filter{Officer: &b.Officer, Limit: 9})
	storetest.WantCode(t, err, "officer.not_found")
	_, err = b.ListSeen(t.Context(), storetest.In("3204"), b.Officer, accesslog.Filter{Limit: 9}, uuid.Nil)
	storetest.WantCode(t, err, "officer.not_found")
}

// The report on a breach counts each worker in the scope by how they were shown, from the first time to the last.
func TestEveryFieldOfTheReportIsCounted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	here, there := uuid.UUID(b.OpenCase(t, "3273", 1).ID), uuid.UUID(b.OpenCase(t, "3204", 2).ID)
	var records []accesslog.Record
	for _, r := range []accesslog.Record{shown(accesslog.File, here), shown(accesslog.File, here),
		shown(accesslog.Lines, here, there),
		shown(accesslog.NoWorkers, there), {Route: "r", Outcome: accesslog.Refused, Subjects: []uuid.UUID{here},
			Shows: accesslog.File}} {
		r.Officer = b.Officer
		records = append(records, r)
	}
	storetest.OK(t, b.RecordAccess(t.Context(), records[:1]))
	storetest.OK(t, b.RecordAccess(t.Context(), records[1:]))
	list, err := b.ListSeen(t.Context(), storetest.In("3273"), b.Officer, accesslog.Filter{Limit: 9}, uuid.Nil)
	storetest.OK(t, err)
	if len(list) != 1 {
		t.Fatalf("got %+v", list)
	}
	want := accesslog.Seen{Case: here, Region: "3273", Files: 2, Lists: 1, InAnswer: 3, First: list[0].First,
		Last: list[0].Last}
	if list[0] != want || !want.First.Before(want.Last) {
		t.Errorf("got %+v", list[0])
	}
	for name, f := range map[string]accesslog.Filter{"before": {Until: &want.First, Limit: 9}, "no room": {Limit: 0}} {
		if list, err := b.ListSeen(t.Context(), storetest.In("3273"), b.Officer, f, uuid.Nil); err != nil || len(list) != 0 {
			t.Errorf("%s: %+v, %v", name, list, err)
		}
	}
	if list, err := b.ListSeen(t.Context(), storetest.In("3273"), b.Officer, accesslog.Filter{From: &want.Last, Limit: 9},
		uuid.Nil); err != nil || len(list) != 1 || list[0].First != want.Last {
		t.Errorf("from the last on: %+v, %v", list, err)
	}
	if list, err := b.ListSeen(t.Context(), storetest.In("3273"), b.Officer, accesslog.Filter{Limit: 9},
		here); err != nil || len(list) != 0 {
		t.Errorf("after the last: %+v, %v", list, err)
	}
}

// An alarm is listed whole, for those who have the office of its officer.
func TestEveryFieldOfAnAlarmIsListed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.Do(t, `insert into access_alarm (officer_id, hour, kind, subjects, most) values
		($1, '2026-11-23 09:00Z', 'files', 201, 200), ($1, '2026-11-23 10:00Z', 'lists', 5001, 5000)`, uuid.UUID(b.Officer))
	list, err := b.ListAlarms(t.Context(), storetest.In("3273"), 1)
	storetest.OK(t, err)
	if len(list) != 1 {
		t.Fatalf("got %+v", list)
	}
	got := list[0]
	if v := reflect.ValueOf(got); got.Officer != b.Officer || got.Name != "Petugas Uji" || got.RaisedAt.IsZero() ||
		got.Hour.Location().String() != "UTC" || v.NumField() != 7 {
		t.Errorf("got %+v", got)
	}
	for name, c := range map[string]struct {
		scope authz.Scope
		want  int
	}{"its office": {storetest.In("3273"), 2}, "its province": {storetest.In("32"),
		2}, "elsewhere": {storetest.In("3204"), 0},
		"nowhere": {storetest.In(), 0}} {
		if list, err := b.ListAlarms(t.Context(), c.scope, 9); err != nil || len(list) != c.want {
			t.Errorf("%s: %+v, %v", name, list, err)
		}
	}
}
