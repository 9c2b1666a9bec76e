package casestore_test

import (
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// called is an event of a corrected worker.
func called(*casework.Case, *casework.Person) (casework.Event, error) {
	return casework.Event{Kind: casework.WorkerCorrected, OccurredOn: storetest.Today, Payload: casework.Corrected{}}, nil
}

// Every fact of a person that a correction may change is kept, sealed or in its column, and found by what it is found
// by.
func TestEveryFactOfAPersonIsKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.OpenCase(t, "3273", 1)
	phone, err := identity.ParsePhone("081234567890")
	storetest.OK(t, err)
	kpj, err := identity.ParseKPJ("12345678901")
	storetest.OK(t, err)
	email, err := identity.ParseEmail("a@b.id")
	storetest.OK(t, err)
	account, err := identity.ParseBankAccount("1234567")
	storetest.OK(t, err)
	want := casework.Person{Name: "Budi Ñata", NIK: storetest.Opening(t, "3273", 2).Person.NIK,
		BirthDate: calendar.MustDate("1990-01-02"), Sex: identity.Male, Position: "Mandor", Employer: "PT Dua", Phone: phone,
		Email: email, KPJ: kpj, Address: identity.NewSecret("Jl. Dua"), Residence: "3204", Wage: identity.NewWage(5_000_000),
		Bank: identity.NewSecret("BRI"), BankAccount: account}
	state, err := b.Correct(t.Context(), b.Request("k", "3273"), made.ID, 1,
		func(c *casework.Case, p *casework.Person) (casework.Event, error) {
			*p, c.TerminatedOn = want, calendar.MustDate("2026-09-01")
			return called(c, p)
		})
	storetest.OK(t, err)
	if state.Version != 2 || state.TerminatedOn != calendar.MustDate("2026-09-01") ||
		state.Line != (casework.Line{Name: "Budi Ñata", NIKMasked: "************0002", Employer: "PT Dua"}) {
		t.Errorf("answered %+v", state)
	}
	file, _, err := b.Get(t.Context(), storetest.In("3273"), made.ID)
	storetest.OK(t, err)
	got := file.Person
	if got.Name != want.Name || !got.NIK.Equal(want.NIK) || got.BirthDate != want.BirthDate || got.Sex != want.Sex ||
		got.Position != want.Position ||
		got.Employer != want.Employer || !got.Phone.Equal(want.Phone.Secret) || !got.Email.Equal(want.Email.Secret) ||
		!got.KPJ.Equal(want.KPJ.Secret) ||
		!got.Address.Equal(want.Address) || got.Residence != want.Residence || !got.Wage.Equal(want.Wage) ||
		!got.Bank.Equal(want.Bank) ||
		!got.BankAccount.Equal(want.BankAccount.Secret) {
		t.Errorf("kept %+v", got)
	}
	again, err := b.Correct(t.Context(), b.Request("k", "3273"), made.ID, 1, called)
	if again.UpdatedAt = state.UpdatedAt; err != nil || again != state {
		t.Errorf("repeated %+v, %v", again, err)
	}
	found, err := b.Search(t.Context(), storetest.In("3273"), casework.Query{Name: "budi nata", Limit: 9})
	if err != nil || len(found) != 1 || found[0].ID != made.ID {
		t.Errorf("found %v, %v", found, err)
	}
	if n := b.CountRows(t, "select count(*) from worker"); n != 1 {
		t.Errorf("%d workers", n)
	}
	_, err = b.Correct(t.Context(), b.Request("", "3204"), made.ID, 2, called)
	storetest.WantCode(t, err, "case.not_found")
	_, err = b.Correct(t.Context(), b.Request("", "3273"), made.ID, 1, called)
	storetest.WantCode(t, err, "case.stale")
	b.Tamper(t, "update worker set data_key = null")
	_, err = b.Correct(t.Context(), b.Request("", "3273"), made.ID, 2, called)
	storetest.WantCode(t, err, "worker.erased")
}

// A case goes over to another record of a worker only with an entry that says so.
func TestACaseChangesItsRecordOnlyByAnEntry(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made, other := b.OpenCase(t, "3273", 1), b.OpenCase(t, "3273", 2)
	_, err := b.Change(t.Context(), b.Request("", "3273"), other.ID, 1, func(c *casework.Case) (casework.Event, error) {
		return c.Advance(casework.Advance{To: casework.Closed, Outcome: casework.Withdrawn, OccurredOn: storetest.Today})
	})
	storetest.OK(t, err)
	file, _, err := b.Get(t.Context(), storetest.In("3273"), other.ID)
	storetest.OK(t, err)
	_, err = b.Change(t.Context(), b.Request("", "3273"), made.ID, 1, func(c *casework.Case) (casework.Event, error) {
		c.WorkerID = file.WorkerID
		return c.FollowUp(storetest.Today, storetest.Today)
	})
	if err == nil || !strings.Contains(err.Error(), "cases_worker") {
		t.Errorf("moved: %v", err)
	}
}

// The likely duplicates of the nation's cases are looked for by their indexes, for a case and for a list.
func TestLikelyDuplicatesAreAskedOfIndexes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for n := range 3 {
		o := storetest.Opening(t, "3273", n+1)
		o.Person.Name, o.Person.BirthDate = "Siti Aminah", calendar.MustDate("1990-01-01")
		_, err := b.Open(t.Context(), b.Request("", "3273"), o)
		storetest.OK(t, err)
	}
	abroad := storetest.Opening(t, "3204", 4)
	abroad.Person.Name, abroad.Person.BirthDate = "Siti Aminah", calendar.MustDate("1990-01-01")
	_, err := b.Open(t.Context(), b.Request("", "3204"), abroad)
	storetest.OK(t, err)
	list, next, err := b.ListDuplicates(t.Context(), storetest.In("3273"), casework.DuplicateFilter{Limit: 9})
	if err != nil || len(list) != 2 || len(list[0].Others) != 2 || len(list[1].Others) != 1 || next != (casework.ID{}) {
		t.Errorf("got %+v, %s, %v", list, next, err)
	}
	first, next, err := b.ListDuplicates(t.Context(), storetest.In("3273"), casework.DuplicateFilter{Limit: 1})
	if err != nil || len(first) != 1 || next != first[0].ID {
		t.Errorf("a page: %+v, %s, %v", first, next, err)
	}
	found, err := b.FindLikely(t.Context(), storetest.In("3273"), []casework.Person{{}, abroad.Person}, true)
	if err != nil || len(found) != 3 || found[0].N != 1 || len(found[0].By) != 1 ||
		found[0].By[0] != casework.SameNameBirth {
		t.Errorf("likely %+v, %v", found, err)
	}
	if all, err := b.FindLikely(t.Context(), storetest.In(), []casework.Person{abroad.Person}, true); err != nil ||
		len(all) != 0 {
		t.Errorf("nowhere %+v, %v", all, err)
	}
}
