package layoffstore_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

func report(code region.Code, reference string) layoff.Layoff {
	return layoff.Layoff{Reference: reference, Reason: "EFFICIENCY_LOSS", PlannedOn: calendar.MustDate("2026-12-01"),
		NotifiedOn: calendar.MustDate("2026-11-02"), PeoplePlanned: 9,
		Employer: layoff.Employer{Name: "PT Maju", Region: code, NIB: "1234567890123", KBLI: "14", KBLIEdition: "2020"}}
}

// A report comes back as it was kept, is of one employer, and is not made twice; out of the scope it is not there.
func TestAReportIsKeptOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	in := report("3273", "1")
	made, err := b.CreateLayoff(t.Context(), b.Op("3273"), in)
	storetest.OK(t, err)
	if made.Reference != in.Reference || made.Reason != in.Reason || made.PlannedOn != in.PlannedOn ||
		made.NotifiedOn != in.NotifiedOn ||
		made.PeoplePlanned != 9 || made.State != layoff.Reported || made.Version != 1 || made.ReportedBy != b.Officer ||
		made.Cases != 0 {
		t.Errorf("kept as %+v", made)
	}
	if e := made.Employer; e.Name != "PT Maju" || e.Region != "3273" || e.NIB != "1234567890123" || e.KBLI != "14" ||
		e.KBLIEdition != "2020" {
		t.Errorf("of %+v", e)
	}
	_, err = b.CreateLayoff(t.Context(), b.Op("3273"), in)
	storetest.WantCode(t, err, "layoff.exists")
	gone, err := b.CreateLayoff(t.Context(), b.Op("3273"), report("3273", "0"))
	storetest.OK(t, err)
	_, err = b.ChangeLayoff(t.Context(), b.Op("3273"), gone.ID, 1, func(l *layoff.Layoff) (layoff.Event, error) {
		return l.Withdraw("x", storetest.Today)
	})
	storetest.OK(t, err)
	_, err = b.CreateLayoff(t.Context(), b.Op("3273"), report("3273", "0"))
	storetest.WantCode(t, err, "layoff.withdrawn")
	second, err := b.CreateLayoff(t.Context(), b.Op("3273"), report("3273", "2"))
	storetest.OK(t, err)
	if second.Employer.ID != made.Employer.ID {
		t.Error("one employer is kept twice")
	}
	for code, want := range map[region.Code]string{"3273": "", "32": "", "": "", "3204": "layoff.not_found",
		"35": "layoff.not_found"} {
		_, err := b.GetLayoff(t.Context(), storetest.In(code), made.ID)
		storetest.WantCode(t, err, want)
	}
	_, err = b.GetLayoff(t.Context(), storetest.In(""), uuid.New())
	storetest.WantCode(t, err, "layoff.not_found")
}

// A change of another version than the newest is stale and changes nothing.
func TestAChangeIsOfTheNewestVersion(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made, err := b.CreateLayoff(t.Context(), b.Op("3273"), report("3273", "1"))
	storetest.OK(t, err)
	change := func(l *layoff.Layoff) (layoff.Event, error) {
		return l.Prevent(layoff.Prevention{JobsSaved: 2},
			storetest.Today)
	}
	for _, version := range []int{0, 2} {
		_, err = b.ChangeLayoff(t.Context(), b.Op("3273"), made.ID, version, change)
		storetest.WantCode(t, err, "layoff.stale")
	}
	_, err = b.ChangeLayoff(t.Context(), b.Op("3204"), made.ID, 1, change)
	storetest.WantCode(t, err, "layoff.not_found")
	got, err := b.ChangeLayoff(t.Context(), b.Op("3273"), made.ID, 1, change)
	storetest.OK(t, err)
	if got.Version != 2 || got.JobsSaved != 2 {
		t.Errorf("changed to %+v", got)
	}
	history, err := b.LayoffHistory(t.Context(), storetest.In("3273"), made.ID)
	storetest.OK(t, err)
	if len(history) != 2 || history[1].Seq != 2 || history[1].Actor != b.Officer {
		t.Errorf("the history is %+v", history)
	}
}

// A list holds what its filter says in the scope, the newest first; a clock is overdue from the day after its last one.
func TestWhichLayoffsAreListed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var ids []uuid.UUID
	for _, code := range []region.Code{"3273", "3273", "3204", "3578"} {
		l, err := b.CreateLayoff(t.Context(), b.Op(""), report(code, uuid.NewString()))
		storetest.OK(t, err)
		ids = append(ids, l.ID)
	}
	b.Tamper(t, "update layoff set due_on = '2026-11-23', due_for = 'bipartite', "+
		"state = 'notified' where id = '"+ids[0].String()+"'")
	day := calendar.MustDate("2026-11-23")
	for name, c := range map[string]struct {
		scope region.Code
		f     layoff.Filter
		want  []int
	}{
		"all of the nation": {"", layoff.Filter{}, []int{3, 2, 1, 0}},
		"all of a province": {"32", layoff.Filter{}, []int{2, 1, 0}},
		"a page":            {"32", layoff.Filter{Limit: 2}, []int{2, 1}},
		"the page after":    {"32", layoff.Filter{After: ids[1]}, []int{0}},
		"of a regency":      {"3273", layoff.Filter{}, []int{1, 0}},
		"in a state":        {"32", layoff.Filter{State: new(layoff.Notified)}, []int{0}},
		"on the last day":   {"32", layoff.Filter{OverdueOn: &day}, nil},
		"the day after":     {"32", layoff.Filter{OverdueOn: new(day.AddDays(1))}, []int{0}},
		"elsewhere":         {"35", layoff.Filter{State: new(layoff.Notified)}, nil},
	} {
		if c.f.Limit == 0 {
			c.f.Limit = 9
		}
		list, err := b.ListLayoffs(t.Context(), storetest.In(c.scope), c.f)
		storetest.OK(t, err)
		var got []int
		for _, l := range list {
			got = append(got, slices.Index(ids, l.ID))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
