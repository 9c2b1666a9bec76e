package casestore_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// reach is a person who is reached under these numbers.
func reach(t *testing.T, n int, phone, kpj string) casework.Person {
	t.Helper()
	p := storetest.Opening(t, "3273", n).Person
	p.Name = "Lain Sama Sekali"
	var err error
	p.Phone, err = identity.ParsePhone(phone)
	storetest.OK(t, err)
	p.KPJ, err = identity.ParseKPJ(kpj)
	storetest.OK(t, err)
	return p
}

// After a correction a worker is likely whoever has the number that is right now, and no longer whoever has the wrong
// one.
func TestACorrectedNumberIsTheOneThatIsAlike(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := storetest.Opening(t, "3273", 1)
	o.Person = reach(t, 1, "081200000001", "12345678901")
	made, err := b.Open(t.Context(), b.Request("", "3273"), o)
	storetest.OK(t, err)
	right := reach(t, 1, "081200000002", "12345678902")
	_, err = b.Correct(t.Context(), b.Request("", "3273"), made.ID, 1,
		func(c *casework.Case, p *casework.Person) (casework.Event, error) {
			p.Phone, p.KPJ = right.Phone, right.KPJ
			return called(c, p)
		})
	storetest.OK(t, err)
	for name, c := range map[string]struct {
		phone, kpj string
		want       []casework.Likeness
	}{
		"the phone of now":    {"081200000002", "12345678901", []casework.Likeness{casework.SamePhone}},
		"the KPJ of now":      {"081200000001", "12345678902", []casework.Likeness{casework.SameKPJ}},
		"both, in one order":  {"081200000002", "12345678902", []casework.Likeness{casework.SamePhone, casework.SameKPJ}},
		"neither any more":    {"081200000001", "12345678901", nil},
		"neither, nor before": {"081200000003", "12345678903", nil},
	} {
		found, err := b.FindLikely(t.Context(), storetest.In("3273"), []casework.Person{reach(t, 500, c.phone, c.kpj)}, false)
		storetest.OK(t, err)
		var got []casework.Likeness
		for _, l := range found {
			got = append(got, l.By...)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// A page of duplicates that finds none among the cases it looks at goes on behind them, to the last case of all.
func TestFewDuplicatesAreFoundAmongManyCases(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for n := range 2 {
		o := storetest.Opening(t, "3273", n+1)
		o.Person.Name, o.Person.BirthDate = "Siti Aminah", calendar.MustDate("1990-01-01")
		_, err := b.Open(t.Context(), b.Request("", "3273"), o)
		storetest.OK(t, err)
	}
	b.Tamper(t, `insert into cases (id, region, worker_id, stage, terminated_on, opened_on, version, head, updated_at)
		select ('ffffffff-ffff-7fff-8fff-' || lpad(n::text, 12, '0'))::uuid, region, gen_random_uuid(), stage, terminated_on,
		opened_on,
			version, head, updated_at
		from (select * from cases order by id limit 1) c, generate_series(1, 1000) n`)
	list, next, err := b.ListDuplicates(t.Context(), storetest.In("3273"), casework.DuplicateFilter{Limit: 9})
	first := casework.ID(uuid.MustParse("ffffffff-ffff-7fff-8fff-000000000001"))
	if err != nil || len(list) != 0 || next != first {
		t.Fatalf("alike are %d, the next page is after %s, %v", len(list), next, err)
	}
	list, next, err = b.ListDuplicates(t.Context(), storetest.In("3273"), casework.DuplicateFilter{After: next, Limit: 9})
	if err != nil || len(list) != 1 || len(list[0].Others) != 1 || next != (casework.ID{}) {
		t.Errorf("behind them: %+v, %s, %v", list, next, err)
	}
}

// A NIK that is another worker's is refused with the case of that worker that is open, be it older than one that is
// closed.
func TestATakenNIKNamesTheOpenCase(t *testing.T) {
	t.Parallel()
	b := setup(t)
	older := b.OpenCase(t, "3273", 1)
	closed := func(id casework.ID) {
		b.Tamper(t, "update cases set stage = 'closed', outcome = 'placed', closed_on = '2026-11-20' where id = '"+id.String()+"'")
	}
	closed(older.ID)
	newer := b.OpenCase(t, "3273", 1)
	wrong := b.OpenCase(t, "3273", 2)
	taken := storetest.Opening(t, "3273", 1).Person.NIK
	named := func() string {
		_, err := b.Correct(t.Context(), b.Request("", "3273"), wrong.ID, 1,
			func(c *casework.Case, p *casework.Person) (casework.Event, error) {
				p.NIK = taken
				return called(c, p)
			})
		storetest.WantCode(t, err, "worker.nik_taken")
		return argument(err, "case")
	}
	if got := named(); got != newer.ID.String() {
		t.Errorf("while the newer one is open it names %s", got)
	}
	closed(newer.ID)
	if got := named(); got != newer.ID.String() {
		t.Errorf("of two closed ones it names %s, not the newer", got)
	}
	b.Tamper(t, "update cases set stage = 'intake', outcome = null, closed_on = null where id = '"+older.ID.String()+"'")
	if got := named(); got != older.ID.String() {
		t.Errorf("while the older one is open it names %s", got)
	}
}

// People who were born on one day and have other names are no duplicates; those of one name and one day are.
func TestABirthDateAloneIsNoLikeness(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for n, name := range []string{"Siti Aminah", "Budi Santoso", "Siti AMINAH"} {
		o := storetest.Opening(t, "3273", n+1)
		o.Person.Name, o.Person.BirthDate = name, calendar.MustDate("1990-01-01")
		_, err := b.Open(t.Context(), b.Request("", "3273"), o)
		storetest.OK(t, err)
	}
	list, _, err := b.ListDuplicates(t.Context(), storetest.In("3273"), casework.DuplicateFilter{Limit: 9})
	if err != nil || len(list) != 1 || len(list[0].Others) != 1 || list[0].Others[0].Name != "Siti Aminah" {
		t.Errorf("alike are %+v, %v", list, err)
	}
}

// A name with a word less is alike, on the same birth date; one with another word in it is not.
func TestHowMuchANameMayDiffer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := storetest.Opening(t, "3273", 1)
	o.Person.Name, o.Person.BirthDate = "Siti Nurhaliza Rahmawati", calendar.MustDate("1990-01-01")
	_, err := b.Open(t.Context(), b.Request("", "3273"), o)
	storetest.OK(t, err)
	for name, c := range map[string]struct {
		asked, born string
		alike       bool
	}{
		"the same":              {"SITI NURHALIZA RAHMAWATI", "1990-01-01", true},
		"without the last word": {"Siti Nurhaliza", "1990-01-01", true},
		"with a word more":      {"Siti Nurhaliza Rahmawati Putri", "1990-01-01", true},
		"a letter more":         {"Siti Nurhaliza Rachmawati", "1990-01-01", true},   // 0.81
		"a letter less":         {"Siti Nuraliza Rahmawati", "1990-01-01", true},     // 0.81
		"another letter":        {"Siti Nurhalisa Rahmawati", "1990-01-01", false},   // 0.78
		"two letters more":      {"Siti Nurhalizah Rachmawati", "1990-01-01", false}, // 0.72
		"another last word":     {"Siti Nurhaliza Puspitasari", "1990-01-01", false},
		"only the first word":   {"Siti Puspitasari", "1990-01-01", false},
		"a day later":           {"Siti Nurhaliza Rahmawati", "1990-01-02", false},
	} {
		p := storetest.Opening(t, "3273", 500).Person
		p.Name, p.BirthDate, p.Phone, p.KPJ = c.asked, calendar.MustDate(c.born), identity.Phone{}, identity.KPJ{}
		found, err := b.FindLikely(t.Context(), storetest.In("3273"), []casework.Person{p}, false)
		storetest.OK(t, err)
		if alike := len(found) == 1; alike != c.alike {
			t.Errorf("%s: alike are %+v", name, found)
		}
	}
}
