package exportstore_test

import (
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// order is an export with every field that an order has.
func order(state export.State) export.Export {
	return export.Export{Asked: export.Request{Format: export.JSONL, Region: "32", Stage: "benefit",
		Layoff:  uuid.NewString(),
		Outcome: "placed", Claim: "none", Officer: uuid.NewString(), From: storetest.Today, Until: storetest.Today,
		Case: uuid.NewString(), AsOf: 4, Recipient: "age1", Language: "id"}, Profile: export.Full,
		Scope: []region.Code{"3204", "3273"}, State: state, Reason: "penyidikan"}
}

// What is kept of an export is all of it, at its order and when it is finished.
func TestEveryFieldOfAnExportIsKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	second := b.Colleague(t, "3273")
	want := order(export.Awaiting)
	made, err := b.CreateExport(t.Context(), b.Request("", "32"), want)
	storetest.OK(t, err)
	want.ID, want.Officer, want.CreatedAt, want.Version = made.ID, b.Officer, made.CreatedAt, 1
	same := func(got export.Export) {
		t.Helper()
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v\nwant %+v", got, want)
		}
	}
	same(made)
	got, err := b.MoveExport(t.Context(), b.As(second, "32"), made.ID, export.Queued)
	storetest.OK(t, err)
	want.State, want.DecidedBy, want.Attempt, want.Version = export.Queued, second, 1, 2
	same(got)
	got, err = b.StartExport(t.Context(), made.ID)
	storetest.OK(t, err)
	want.State, want.Attempt, want.Version = export.Running, 2, 3
	same(got)
	want.Entries = 5
	storetest.OK(t, b.BeatExport(t.Context(), want))
	got, err = b.OrderedExport(t.Context(), made.ID)
	storetest.OK(t, err)
	same(got)
	want.State, want.Failure, want.Scope, want.Entries, want.Total = export.Ready, "export.no_room", []region.Code{"3273"},
		6, 7
	want.Manifest, want.Signature, want.FileName, want.Bytes, want.SHA256 = "{}", "tanda", "ekspor.zip", 8, []byte{9}
	storetest.OK(t, b.FinishExport(t.Context(), want, time.Hour))
	got, err = b.GetExport(t.Context(), b.Officer, made.ID)
	storetest.OK(t, err)
	if got.ExpiresAt.Sub(got.ReadyAt).Round(time.Second) != time.Hour || got.ReadyAt.Before(got.CreatedAt) {
		t.Errorf("ready at %s, until %s", got.ReadyAt, got.ExpiresAt)
	}
	want.ReadyAt, want.ExpiresAt, want.Version = got.ReadyAt, got.ExpiresAt, 4
	same(got)
	v := reflect.ValueOf(got)
	for i := range v.NumField() {
		if name := v.Type().Field(i).Name; v.Field(i).IsZero() && name != "Again" {
			t.Errorf("%s has no value here", name)
		}
	}
}

// A failed export has no file and no end; what is empty is null.
func TestWhatFailedHasNoEnd(t *testing.T) {
	t.Parallel()
	b := setup(t)
	x, err := b.CreateExport(t.Context(), b.Request("", "32"), order(export.Queued))
	storetest.OK(t, err)
	x, err = b.StartExport(t.Context(), x.ID)
	storetest.OK(t, err)
	x.State, x.Failure = export.Failed, "internal"
	storetest.OK(t, b.FinishExport(t.Context(), x, time.Hour))
	if n := b.CountRows(t, `select count(*) from export where state = 'failed' and failure = 'internal'
		and ready_at is null
		and expires_at is null and manifest is null and signature is null and file_name is null and sha256 is null`); n != 1 {
		t.Error("it is kept otherwise")
	}
}

// Only the newest attempt writes, and only while the export runs: one that was overtaken changes nothing.
func TestAnAttemptThatWasOvertakenChangesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	x, err := b.CreateExport(t.Context(), b.Request("", "32"), order(export.Queued))
	storetest.OK(t, err)
	first, err := b.StartExport(t.Context(), x.ID)
	storetest.OK(t, err)
	_, err = b.StartExport(t.Context(), x.ID) // it is not silent for long enough
	storetest.WantCode(t, err, "export.not_found")
	b.Do(t, "update export set seen_at = clock_timestamp() - $1::interval", export.Idle-5*time.Second)
	_, err = b.StartExport(t.Context(), x.ID)
	storetest.WantCode(t, err, "export.not_found")
	b.Do(t, "update export set seen_at = clock_timestamp() - $1::interval", export.Idle)
	waiting, err := b.WaitingExports(t.Context())
	if err != nil || len(waiting) != 1 || waiting[0] != x.ID {
		t.Errorf("waiting are %v, %v", waiting, err)
	}
	second, err := b.StartExport(t.Context(), x.ID)
	storetest.OK(t, err)
	if second.Attempt != first.Attempt+1 {
		t.Errorf("attempts %d and %d", first.Attempt, second.Attempt)
	}
	steps := map[string]func(export.Export) error{
		"beat":    func(x export.Export) error { x.Entries = 99; return b.BeatExport(t.Context(), x) },
		"finish":  func(x export.Export) error { x.State = export.Failed; return b.FinishExport(t.Context(), x, time.Hour) },
		"release": func(x export.Export) error { return b.ReleaseExport(t.Context(), x) },
	}
	unchanged := func(x export.Export, when string) {
		t.Helper()
		before, err := b.OrderedExport(t.Context(), x.ID)
		storetest.OK(t, err)
		for name, step := range steps {
			if err := step(x); fault.CodeOf(err) != "export.overtaken" {
				t.Errorf("%s %s: %v", name, when, err)
			}
		}
		after, err := b.OrderedExport(t.Context(), x.ID)
		if err != nil || !reflect.DeepEqual(after, before) {
			t.Errorf("%s: was %+v, is %+v, %v", when, before, after, err)
		}
	}
	unchanged(first, "by the first attempt")
	storetest.OK(t, b.ReleaseExport(t.Context(), second))
	unchanged(second, "once it was given back")
	third, err := b.StartExport(t.Context(), x.ID)
	storetest.OK(t, err)
	_, err = b.MoveExport(t.Context(), b.Request("", "32"), x.ID, export.Cancelled)
	storetest.OK(t, err)
	unchanged(third, "once it was cancelled")
	if list, err := b.WaitingExports(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("waiting are %v, %v", list, err)
	}
}

// Orders that come at once count each other: of many, three are taken on.
func TestOrdersAtOnceCountEachOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var all sync.WaitGroup
	errs := make([]error, 6)
	for i := range errs {
		all.Go(func() { _, errs[i] = b.CreateExport(t.Context(), b.Request("", "32"), order(export.Queued)) })
	}
	all.Wait()
	taken := 0
	for _, err := range errs {
		if err == nil {
			taken++
		} else if fault.CodeOf(err) != "export.too_many" {
			t.Error(err)
		}
	}
	if n := b.CountRows(t, "select count(*) from export"); taken != export.MostUnderWay || n != taken {
		t.Errorf("%d were taken on, %d are kept", taken, n)
	}
}

// An approver sees what waits of others, all of which they may see; nobody sees their own, or a part.
func TestOnlyWhoSeesAllOfAnExportIsAsked(t *testing.T) {
	t.Parallel()
	b := setup(t)
	second := b.Colleague(t, "3273")
	x, err := b.CreateExport(t.Context(), b.Request("", "32"), order(export.Awaiting))
	storetest.OK(t, err)
	_, err = b.CreateExport(t.Context(), b.Request("", "32"), order(export.Queued))
	storetest.OK(t, err)
	for name, c := range map[string]struct {
		scope authz.Scope
		who   authz.OfficerID
		want  int
	}{
		"both regions":  {storetest.In("3204", "3273"), second, 1},
		"the province":  {storetest.In("32"), second, 1},
		"the nation":    {storetest.In(""), second, 1},
		"one of them":   {storetest.In("3273"), second, 0},
		"elsewhere":     {storetest.In("31"), second, 0},
		"nowhere":       {storetest.In(), second, 0},
		"whose it is":   {storetest.In("32"), b.Officer, 0},
		"the nation's ": {authz.Everywhere(), b.Officer, 0},
	} {
		list, err := b.AwaitingExports(t.Context(), c.scope, c.who)
		if err != nil || len(list) != c.want || c.want == 1 && list[0].ID != x.ID {
			t.Errorf("%s: %+v, %v", name, list, err)
		}
	}
}
