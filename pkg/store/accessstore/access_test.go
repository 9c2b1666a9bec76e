package accessstore_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

func ids(n int) []uuid.UUID {
	list := make([]uuid.UUID, n)
	for i := range list {
		list[i] = uuid.New()
	}
	return list
}

// shown is an answer that shows workers by their cases.
func shown(kind accesslog.Kind, subjects ...uuid.UUID) accesslog.Record {
	return accesslog.Record{Action: authz.CaseRead, Route: "r", Outcome: accesslog.Shown, Shows: kind, Subjects: subjects}
}

// lines is an answer that shows rows of a list or an export.
func lines(of uuid.UUID, n int) accesslog.Record {
	r := shown(accesslog.Lines, of)
	r.Lines = n
	return r
}

// times is n records, each made anew.
func times(n int, record func() accesslog.Record) (list []accesslog.Record) {
	for range n {
		list = append(list, record())
	}
	return list
}

func oneFile() accesslog.Record { return shown(accesslog.File, uuid.New()) }
func refusal() accesslog.Record { return accesslog.Record{Route: "r", Outcome: accesslog.Refused} }

// raised is what alarms a look at the record raises, as kind and number.
func (b *bundle) raised(t *testing.T) (alarms []string) {
	t.Helper()
	storetest.OK(t, b.RaiseAlarms(t.Context(), func(a accesslog.Alarm) {
		alarms = append(alarms, fmt.Sprint(a.Kind,
			" ", a.Subjects))
	}))
	return alarms
}

// The policy: more than 200 files, more than 5,000 workers line by line, more than 100 refusals, within an hour.
func TestAnAlarmIsRaisedJustBeyondEachLimit(t *testing.T) {
	t.Parallel()
	known, list, other := ids(200), uuid.New(), uuid.New()
	nobody := shown(accesslog.NoWorkers, ids(300)...)
	nobody.Action = authz.AccessRead
	for name, c := range map[string]struct {
		at     []accesslog.Record // no alarm yet
		beyond accesslog.Record   // one more worker, row or refusal
		want   string
	}{
		"files, one by one":   {times(200, oneFile), oneFile(), "files 201"},
		"files in one answer": {[]accesslog.Record{shown(accesslog.File, known...)}, oneFile(), "files 201"},
		"the same files again": {times(3, func() accesslog.Record { return shown(accesslog.File, known...) }),
			oneFile(), "files 201"},
		"workers of lists": {times(25, func() accesslog.Record { return shown(accesslog.Lines, ids(200)...) }),
			shown(accesslog.Lines, uuid.New()), "lists 5001"},
		"rows of one list": {[]accesslog.Record{lines(list, 5_000)}, shown(accesslog.Lines, uuid.New()),
			"lists 5001"},
		"a list again and again": {times(3, func() accesslog.Record { return lines(list, 4_999) }), lines(other, 2),
			"lists 5001"},
		"two lists": {[]accesslog.Record{lines(list, 2_500), lines(other, 2_500)}, shown(accesslog.Lines,
			uuid.New()), "lists 5001"},
		"refusals":                 {times(100, refusal), refusal(), "refusals 101"},
		"files do not count twice": {append(times(200, oneFile), lines(list, 5_000), nobody), oneFile(), "files 201"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			record := func(records ...accesslog.Record) {
				t.Helper()
				for i := range records {
					records[i].Officer = b.Officer
				}
				storetest.OK(t, b.RecordAccess(t.Context(), records))
			}
			record(append([]accesslog.Record(nil), c.at...)...)
			if got := b.raised(t); got != nil {
				t.Fatalf("at the limit: %v", got)
			}
			stranger := c.beyond
			stranger.Officer = b.Colleague(t, "3273")
			storetest.OK(t, b.RecordAccess(t.Context(), []accesslog.Record{stranger}))
			if got := b.raised(t); got != nil {
				t.Fatalf("by what somebody else saw: %v", got)
			}
			record(c.beyond)
			if got := b.raised(t); len(got) != 1 || got[0] != c.want {
				t.Fatalf("beyond the limit: %v, want %s", got, c.want)
			}
			if got := b.raised(t); got != nil {
				t.Errorf("twice: %v", got)
			}
			for code, want := range map[region.Code]int{"3273": 1, "3204": 0} {
				alarms, err := b.ListAlarms(t.Context(), storetest.In(code), 9)
				if err != nil || len(alarms) != want {
					t.Errorf("the auditor of %s is told of %d, %v", code, len(alarms), err)
				}
			}
		})
	}
}

// What was refused was not seen: it raises no number of an alarm over what was shown.
func TestARefusedAnswerShowsNobody(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		shown, refused accesslog.Record
		want           string
	}{
		"rows of a list":   {lines(uuid.New(), 5_001), lines(uuid.New(), 70), "lists 5001"},
		"workers of lists": {shown(accesslog.Lines, ids(5_001)...), shown(accesslog.Lines, ids(70)...), "lists 5001"},
		"files":            {shown(accesslog.File, ids(201)...), shown(accesslog.File, ids(70)...), "files 201"},
	} {
		b := setup(t)
		c.refused.Outcome = accesslog.Refused
		c.shown.Officer, c.refused.Officer = b.Officer, b.Officer
		storetest.OK(t, b.RecordAccess(t.Context(), []accesslog.Record{c.refused}))
		if got := b.raised(t); got != nil {
			t.Errorf("%s, refused alone: %v", name, got)
		}
		storetest.OK(t, b.RecordAccess(t.Context(), []accesslog.Record{c.shown}))
		if got := b.raised(t); !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}

// What is more than an hour old counts no more, what is less does.
func TestAnAlarmLooksBackAnHour(t *testing.T) {
	t.Parallel()
	for age, want := range map[string]int{"59 minutes": 1, "61 minutes": 0} {
		b := setup(t)
		b.Do(t, `insert into access_record (at, officer_id, action, route, request, outcome, subjects, shows)
			select clock_timestamp() - $2::interval, $1, '', 'r', '', 'shown', array[gen_random_uuid()], 'file'
			from generate_series(1, 200)`,
			uuid.UUID(b.Officer), age)
		one := oneFile()
		one.Officer = b.Officer
		storetest.OK(t, b.RecordAccess(t.Context(), []accesslog.Record{one}))
		if got := b.raised(t); len(got) != want {
			t.Errorf("200 files %s ago and one now: %v", age, got)
		}
	}
}

// An alarm of an hour is no reason to keep quiet in the next one; those raised last are told first.
func TestAnAlarmIsRaisedAnewEveryHour(t *testing.T) {
	t.Parallel()
	b := setup(t)
	records := append(times(201, oneFile), times(101, refusal)...)
	for i := range records {
		records[i].Officer = b.Officer
	}
	storetest.OK(t, b.RecordAccess(t.Context(), records))
	for hour := range 3 {
		got := b.raised(t)
		if slices.Sort(got); !slices.Equal(got, []string{"files 201", "refusals 101"}) {
			t.Errorf("in hour %d: %v", hour, got)
		}
		b.Do(t, "update access_alarm set hour = hour - interval '1 hour', raised_at = raised_at - interval '1 hour'")
	}
	list, err := b.ListAlarms(t.Context(), storetest.In("3273"), 9)
	if storetest.OK(t, err); len(list) != 6 {
		t.Fatalf("%d alarms are told", len(list))
	}
	for i, a := range list {
		if i > 0 && a.RaisedAt.After(list[i-1].RaisedAt) {
			t.Errorf("place %d is of %s, the one before of %s", i, a.RaisedAt, list[i-1].RaisedAt)
		}
	}
	if last, err := b.ListAlarms(t.Context(), storetest.In("3273"), 1); err != nil || len(last) != 1 || last[0] != list[0] {
		t.Errorf("the last one is %+v, %v", last, err)
	}
}
