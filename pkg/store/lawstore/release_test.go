package lawstore_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/lawbook"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// proposed puts a release in as the officer of the office.
func proposed(t *testing.T, b *storetest.Office) lawbook.Release {
	t.Helper()
	id, err := uuid.NewV7()
	storetest.OK(t, err)
	r := lawbook.Release{ID: id, Programme: "jkp", Kind: "programme", Name: "uji", Content: "a: 1\n", Reason: "surat edaran",
		Effective: calendar.MustDate("2027-01-01"), State: lawbook.Proposed, PutInBy: b.Officer}
	r, err = b.AddRelease(t.Context(), authz.Op{Actor: b.Officer, Scope: authz.Everywhere()}, r, r.Propose())
	storetest.OK(t, err)
	return r
}

// approve lets it hold, as another officer.
func approve(t *testing.T, b *storetest.Office, id uuid.UUID, by authz.OfficerID) error {
	t.Helper()
	_, err := b.MoveRelease(t.Context(), authz.Op{Actor: by, Scope: authz.Everywhere()}, id,
		func(r *lawbook.Release, _ []lawbook.Release) (lawbook.Event, error) {
			return r.Approve(by, clock.System().Now())
		})
	return err
}

// What holds is what another officer approved, once; who put it in does not.
func TestAReleaseHoldsOnceAnotherOfficerApproved(t *testing.T) {
	t.Parallel()
	b := storetest.NewOffice(t)
	r, second := proposed(t, b), b.Colleague(t, "3273")
	holding := func(want int) {
		t.Helper()
		if list, edition, err := b.Holding(t.Context()); err != nil || len(list) != want || (edition > 0) != (want > 0) {
			t.Errorf("%d hold in edition %d, %v", len(list), edition, err)
		}
	}
	holding(0)
	if err := approve(t, b, r.ID, b.Officer); fault.CodeOf(err) != "law.own" {
		t.Errorf("approved by who put it in: %v", err)
	}
	holding(0)
	storetest.OK(t, approve(t, b, r.ID, second))
	holding(1)
	if err := approve(t, b, r.ID, second); fault.CodeOf(err) != "law.not_proposed" {
		t.Errorf("approved twice: %v", err)
	}
	if err := approve(t, b, uuid.New(), second); fault.CodeOf(err) != "law.not_found" {
		t.Errorf("one that is not there: %v", err)
	}
	if n := b.CountRows(t, "select count(*) from law_history where release_id = $1", r.ID); n != 2 {
		t.Errorf("%d entries", n)
	}
}

// A content that is not the one of the history is not read as law, and the program cannot change it.
func TestAContentIsTheOneThatWasPutIn(t *testing.T) {
	t.Parallel()
	b := storetest.NewOffice(t)
	r := proposed(t, b)
	storetest.OK(t, approve(t, b, r.ID, b.Colleague(t, "3273")))
	if _, err := b.Pool.Exec(t.Context(), "update law_release set content = 'a: 2'"); err == nil {
		t.Error("the program changes what was put in")
	}
	if _, err := b.Pool.Exec(t.Context(), "delete from law_history"); err == nil {
		t.Error("the program deletes the history")
	}
	b.Tamper(t, "update law_release set content = 'a: 2'")
	list, _, err := b.Holding(t.Context())
	storetest.OK(t, err)
	if len(list) != 1 || !list[0].Tampered {
		t.Errorf("taken for genuine: %+v", list)
	}
	if _, err := new(lawbook.Law).With(list...); err == nil || !strings.Contains(err.Error(), r.ID.String()) {
		t.Errorf("read as law: %v", err)
	}
}

// What was done of a release is kept for that release only.
func TestProgressBelongsToARelease(t *testing.T) {
	t.Parallel()
	b := storetest.NewOffice(t)
	r, to := proposed(t, b), uuid.New()
	storetest.OK(t, approve(t, b, r.ID, b.Colleague(t, "3273")))
	want := lawbook.Progress{Phase: lawbook.PhaseCases, To: to, Layoffs: 2, Cases: 3}
	if err := b.KeepProgress(t.Context(), uuid.New(), want); fault.CodeOf(err) != "law.not_found" {
		t.Errorf("of a release that is not there: %v", err)
	}
	storetest.OK(t, b.KeepProgress(t.Context(), r.ID, want))
	if got, err := b.Progress(t.Context(), r.ID); err != nil || got.Phase != want.Phase || got.To != to ||
		got.Layoffs != 2 || got.Cases != 3 {
		t.Errorf("got %+v, %v", got, err)
	}
}
