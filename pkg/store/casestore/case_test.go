package casestore_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

func TestCaseIsOpenedChangedAndRead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.OpenCase(t, "3273", 1)
	moved, err := b.Change(t.Context(), b.Request("k1", "3273"), made.ID, 1, storetest.Advance(casework.Benefit))
	storetest.OK(t, err)
	if moved.Version != 2 || moved.Stage != casework.Benefit || !moved.UpdatedAt.After(made.UpdatedAt) {
		t.Fatalf("got %v", moved)
	}
	noted, err := b.Change(t.Context(), b.Request("k2", "3273"), made.ID, 2,
		func(c *casework.Case) (casework.Event, error) {
			return c.Note(identity.NewSecret("sudah ditelepon"), calendar.MustDate("2026-11-03"))
		})
	storetest.OK(t, err)
	file, entries, err := b.Get(t.Context(), storetest.In("32"), made.ID)
	storetest.OK(t, err)
	if file.Version != noted.Version || len(entries) != 3 || entries[2].Note.Reveal() != "sudah ditelepon" ||
		file.Person.Wage.Reveal() != 4_000_000 {
		t.Fatalf("got %d entries, version %d", len(entries), file.Version)
	}
	rows, err := b.List(t.Context(), storetest.In("3273", "3204", "11"),
		casework.Filter{Limit: 10, UpdatedSince: new(time.Now().Add(-time.Hour))})
	storetest.OK(t, err)
	if len(rows) != 1 || rows[0].NIKMasked != "************0001" {
		t.Fatalf("got %d rows", len(rows))
	}
	counts, err := b.Count(t.Context(), storetest.In(""), casework.Filter{})
	storetest.OK(t, err)
	if counts[casework.Benefit] != 1 || counts[casework.Intake] != 0 {
		t.Fatalf("got %v", counts)
	}
	for _, name := range []string{"siti nurhaliza", "SITI NURHALISA"} {
		found, err := b.Search(t.Context(), storetest.In("3273"), casework.Query{Name: name, Limit: 10})
		storetest.OK(t, err)
		if len(found) != 1 {
			t.Fatalf("search %q: got %d rows", name, len(found))
		}
	}
}

// The first entry of a case says where it comes from: the day of the PHK, by which way, and of which layoff, if of any.
func TestAnOpeningIsOnRecord(t *testing.T) {
	t.Parallel()
	b := setup(t)
	layoff := uuid.New()
	b.Tamper(t, "alter table cases drop constraint cases_layoff_id_fkey", "alter table cases disable trigger user")
	for n, of := range []uuid.UUID{layoff, uuid.Nil} {
		o := storetest.Opening(t, "3273", n+1)
		o.Case.LayoffID = of
		made, err := b.Open(t.Context(), b.Request("", "3273"), o)
		storetest.OK(t, err)
		_, entries, err := b.Get(t.Context(), storetest.In("3273"), made.ID)
		storetest.OK(t, err)
		for _, text := range []string{`"terminated_on":"2026-10-01"`, `"source":"test"`} {
			if !strings.Contains(entries[0].Payload, text) {
				t.Errorf("recorded %s", entries[0].Payload)
			}
		}
		if named := strings.Contains(entries[0].Payload, layoff.String()); named != (of == layoff) || made.LayoffID != of {
			t.Errorf("of %s: recorded %s", of, entries[0].Payload)
		}
	}
}
