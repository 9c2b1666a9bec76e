package lawstore_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// Open cases are walked a page at a time, each once and in the order of their ids, and closed ones are passed over.
func TestOpenCasesAreWalkedOnce(t *testing.T) {
	t.Parallel()
	b := storetest.NewOffice(t)
	var want []uuid.UUID
	for n := range 5 {
		want = append(want, uuid.UUID(b.OpenCase(t, "3273", n+1).ID))
	}
	b.Tamper(t, "update cases set stage = 'closed', outcome = 'placed', closed_on = opened_on where id = '"+
		want[2].String()+"'")
	want = slices.Delete(want, 2, 3)
	slices.SortFunc(want, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	var got []uuid.UUID
	var after uuid.UUID
	for range 9 {
		page, err := b.OpenCases(t.Context(), after, 2)
		storetest.OK(t, err)
		if len(page) == 0 {
			break
		}
		if len(page) > 2 {
			t.Fatalf("a page has %d", len(page))
		}
		got, after = append(got, page...), page[len(page)-1]
	}
	if !slices.Equal(got, want) {
		t.Errorf("walked %v, want %v", got, want)
	}
}

// A release that was approved and is not settled is taken up again when nobody has looked at it for a minute.
func TestWhichReleasesAreTakenUpAgain(t *testing.T) {
	t.Parallel()
	b := storetest.NewOffice(t)
	r := proposed(t, b)
	idle := func(name string, want bool) {
		t.Helper()
		list, err := b.Unsettled(t.Context())
		storetest.OK(t, err)
		if got := slices.Contains(list, r.ID); got != want {
			t.Errorf("%s: taken up %t", name, got)
		}
	}
	looked := func(ago string) {
		b.Tamper(t, "update law_release set looked_at = clock_timestamp() - interval '"+ago+"'")
	}
	looked("1 hour")
	idle("not approved", false)
	storetest.OK(t, approve(t, b, r.ID, b.Colleague(t, "3273")))
	looked("55 seconds")
	idle("looked at just now", false)
	looked("65 seconds")
	idle("not for a minute", true)
	b.Tamper(t, "update law_release set looked_at = null")
	idle("approved just now", false)
	b.Tamper(t, "update law_release set phase = 'settled', looked_at = clock_timestamp() - interval '1 hour'")
	idle("settled", false)
}
