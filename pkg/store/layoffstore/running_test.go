package layoffstore_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// What goes on is every layoff of the country that was not withdrawn, page by page.
func TestWhichLayoffsGoOn(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	var want []uuid.UUID
	for n, code := range []region.Code{"3273", "3204", "3578", "3273"} {
		l := create(t, o, newReport(code, []string{"R-1", "R-2", "R-3", "R-4"}[n]))
		if n == 1 {
			change(t, o, l, happened("ditarik"), func(l *layoff.Layoff) { l.State = layoff.Withdrawn })
			continue
		}
		want = append(want, l.ID)
	}
	for _, limit := range []int{1, 2, 9} {
		var got []uuid.UUID
		for after := uuid.Nil; len(got) <= len(want); after = got[len(got)-1] {
			page, err := o.Running(t.Context(), after, limit)
			storetest.OK(t, err)
			if len(page) > limit {
				t.Fatalf("%d on a page of %d", len(page), limit)
			}
			for _, l := range page {
				got = append(got, l.ID)
			}
			if len(page) == 0 {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("in pages of %d: %v, want %v", limit, got, want)
		}
	}
}
