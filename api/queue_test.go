package api_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
)

type waiting struct {
	Queue, Region, List string
	Count               *int
}

// queues gives the counts of each queue, each of which is the length of its list.
func queues(t *testing.T, o *apitest.Officer) map[string]int {
	t.Helper()
	var got struct{ Items []waiting }
	a := o.Call(t, http.MethodGet, "/v1/queues", nil)
	a.JSON(t, &got)
	if a.Status != http.StatusOK {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	counts := map[string]int{}
	for _, q := range got.Items {
		var list struct{ Items []any }
		a := o.Call(t, http.MethodGet, q.List, nil)
		a.JSON(t, &list)
		if a.Status != http.StatusOK || q.Count != nil && *q.Count != len(list.Items) {
			t.Errorf("%s of %s counts %v, its list %d: %d %s", q.Queue, q.Region, *q.Count, len(list.Items), a.Status, a.Body)
		}
		if q.Count != nil {
			counts[q.Queue] += *q.Count
		}
	}
	return counts
}

// Everybody is told what waits for the rights that they have, in their regions, and nothing else.
func TestEachRightHasItsQueue(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, other, payer, worker := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3204"),
		b.Officer(t, authz.Service, "32"), b.Officer(t, authz.CaseWorker, "3273")
	nation := b.Officer(t, authz.Supervisor, "")
	c := o.Open(t, "3273", 1, "Siti")
	o.Change(t, &c, "/claims", entitled(nil))
	o.Call(t, http.MethodPost, "/v1/vacancies", map[string]any{"source": "uji", "items": []any{map[string]any{"region": "3273",
		"employer": "PT L", "title": "Penjahit", "occupation": "7531", "openings": 1}}})
	theirs := other.Open(t, "3204", 4, "Dewi")
	other.Change(t, &theirs, "/referrals", map[string]any{"kind": "service", "to": "3273", "service": "training"})
	want := func(who *apitest.Officer, name string, counts map[string]int) {
		t.Helper()
		got := queues(t, who)
		for _, q := range []string{"decisions", "payments", "vacancies", "referrals", "exports", "erasures", "voids"} {
			n, there := got[q]
			if wanted, may := counts[q]; n != wanted || there != may {
				t.Errorf("%s has %d %s (%v), want %d (%v)", name, n, q, there, wanted, may)
			}
		}
	}
	none := map[string]int{"decisions": 0, "vacancies": 0, "referrals": 0, "exports": 0, "erasures": 0, "voids": 0}
	own := map[string]int{"decisions": 1, "vacancies": 1, "referrals": 1, "exports": 0, "erasures": 0, "voids": 0}
	want(o, "the office", own)
	want(nation, "the ministry", own)
	want(other, "another office", none)
	want(worker, "a case worker", map[string]int{})
	want(payer, "who pays", map[string]int{"payments": 0})
	o.Change(t, &c, "/claims/decision", map[string]any{})
	want(payer, "who pays, after the decision", map[string]int{"payments": 1})
	var claims struct {
		Items []struct {
			Months []struct {
				OpensOn string `json:"opens_on"`
			}
		}
	}
	o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/claims", nil).JSON(t, &claims)
	if a := payer.Change(t, &c, "/claims/months/1/payment", map[string]any{"given_on": claims.Items[0].Months[0].OpensOn}); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	want(payer, "who pays, after the payment", map[string]int{"payments": 0})
	void := "/history/" + strconv.Itoa(c.Version) + "/reversal"
	if a := o.Change(t, &c, void, map[string]any{"reason": "keliru"}); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	own["decisions"], own["voids"] = 0, 1
	want(o, "the office, of a void", own)
	var voids struct {
		Items []struct{ Case, Kind, Reason string }
	}
	o.Call(t, http.MethodGet, "/v1/voids", nil).JSON(t, &voids)
	if len(voids.Items) != 1 || voids.Items[0].Case != c.ID || voids.Items[0].Kind != "claim.month_paid" || voids.Items[0].Reason != "keliru" {
		t.Errorf("%+v", voids.Items)
	}
	if a := nation.Change(t, &c, void, map[string]any{"reason": "ya"}); a.Status != http.StatusOK {
		t.Errorf("the second officer: %d %s", a.Status, a.Body)
	}
	own["voids"] = 0
	want(o, "the office, afterwards", own)
}
