package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// told is what a case shows of itself and of those linked to it.
type told struct {
	Stage, Outcome string
	DueOn          string   `json:"due_on"`
	SamePerson     []string `json:"same_person"`
	Version        int
	History        []struct {
		Kind, Note string
		Payload    struct{ With, From, To, Outcome string }
	}
}

func (f told) last() (kind, note, with string) {
	last := f.History[len(f.History)-1]
	return last.Kind, last.Note, last.Payload.With
}

func tell(t *testing.T, o *apitest.Officer, id string) (f told) {
	t.Helper()
	o.Call(t, http.MethodGet, "/v1/cases/"+id, nil).JSON(t, &f)
	return f
}

func pairing(c apitest.Case) map[string]any {
	return map[string]any{"with": c.ID, "reason": "NIK tertukar dua angka"}
}

// One person with two records: the second case is closed as the duplicate of the first, both say so, and taking it back
// gives what was before. The histories verify.
func TestTwoRecordsOfOnePersonAreMergedAndTakenApart(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	first, second := o.Open(t, "3273", 1, "Siti Aminah"), o.Open(t, "3273", 2, "Siti Aminah")
	before := tell(t, o, second.ID)
	if a := o.Change(t, &second, "/merge", pairing(first)); a.Status != http.StatusOK || second.Stage != "closed" {
		t.Fatalf("merge: %d %s", a.Status, a.Body)
	}
	for _, side := range []struct{ id, other, stage, outcome string }{{first.ID, second.ID, "intake", ""},
		{second.ID, first.ID, "closed", "duplicate"}} {
		f := tell(t, o, side.id)
		kind, note, with := f.last()
		if f.Stage != side.stage || f.Outcome != side.outcome || !slices.Equal(f.SamePerson, []string{side.other}) ||
			kind != "case.merged" || note != "NIK tertukar dua angka" || with != side.other || f.Version != 2 {
			t.Errorf("%+v", f)
		}
	}
	var found struct {
		Items []struct {
			ID         string
			SamePerson []string `json:"same_person"`
		}
	}
	o.Call(t, http.MethodPost, "/v1/cases/search", map[string]any{"name": "siti aminah"}).JSON(t, &found)
	if len(found.Items) != 2 || len(found.Items[0].SamePerson) != 1 || found.Items[0].SamePerson[0] != found.Items[1].ID {
		t.Errorf("found %+v", found)
	}
	suspected := func() (n int) {
		for _, path := range []string{"/v1/duplicates", "/v1/cases/" + first.ID + "/duplicates"} {
			var list struct{ Items []any }
			o.Call(t, http.MethodGet, path, nil).JSON(t, &list)
			n += len(list.Items)
		}
		return n
	}
	if n := suspected(); n != 0 {
		t.Errorf("a pair that is linked is suspected in %d places", n)
	}
	first.Version++
	if a := o.Change(t, &first, "/merge", pairing(second)); a.Code() != "merge.same_person" {
		t.Errorf("again: %d %s", a.Status, a.Code())
	}
	for name, c := range map[string]struct{ path, code string }{"opened again": {"/v1/cases", "case.already_registered"},
		"reopened": {"/v1/cases/" + second.ID + "/reopening", "case.already_registered"}} {
		body := map[string]any{"region": "3273", "terminated_on": "2026-10-01", "worker": apitest.Worker("3273", 2, "Siti Aminah")}
		if name == "reopened" {
			body = map[string]any{"to": "intake", "reason": "x"}
		}
		if a := o.Call(t, http.MethodPost, c.path, body, "If-Match", rest.ETag(second.Version)); a.Code() != c.code {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	// Named from the other side, it is the same link.
	if a := o.Change(t, &first, "/merge/reversal", pairing(second)); a.Status != http.StatusOK || first.Stage != "intake" {
		t.Fatalf("take apart: %d %s", a.Status, a.Body)
	}
	after := tell(t, o, second.ID)
	if kind, _, with := after.last(); after.Stage != before.Stage || after.Outcome != "" || after.DueOn != before.DueOn ||
		len(after.SamePerson) != 0 || kind != "case.separated" || with != first.ID {
		t.Errorf("%+v came back as %+v", before, after)
	}
	if n := suspected(); n != 2 {
		t.Errorf("a pair that was taken apart is suspected in %d places", n)
	}
	if a := o.Change(t, &first, "/merge/reversal", pairing(second)); a.Code() != "merge.not_merged" {
		t.Errorf("taken apart again: %d %s", a.Status, a.Code())
	}
	_, err := b.Store.Seal(t.Context())
	storetest.OK(t, err)
	if r, err := b.Store.VerifyState(t.Context(), nil); err != nil || len(r.Differs) > 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

// What a merge closed comes back with the day for its follow-up, and what came before the merge rests under it.
func TestAMergeTakenBackBringsTheFollowUpBack(t *testing.T) {
	t.Parallel()
	o := apitest.New(t).Officer(t, authz.Supervisor, "3273")
	first, second := o.Open(t, "3273", 1, "Siti Aminah"), o.Open(t, "3273", 2, "Siti Aminah")
	o.Change(t, &second, "/follow-up", map[string]any{"on": "2099-01-01"})
	o.Change(t, &second, "/transitions", map[string]any{"to": "training"})
	followed := func() string {
		t.Helper()
		var file struct {
			FollowUpOn string `json:"follow_up_on"`
		}
		o.Call(t, http.MethodGet, "/v1/cases/"+second.ID, nil).JSON(t, &file)
		return file.FollowUpOn
	}
	if a := o.Change(t, &second, "/merge", pairing(first)); a.Status != http.StatusOK || followed() != "" {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	for seq := 2; seq <= 3; seq++ {
		if a := o.Change(t, &second, fmt.Sprintf("/history/%d/void", seq), reason); a.Code() != "entry.built_upon" {
			t.Errorf("entry %d of before the merge: %d %s", seq, a.Status, a.Body)
		}
	}
	if a := o.Change(t, &second, "/merge/reversal", pairing(first)); a.Status != http.StatusOK ||
		second.Stage != "training" || followed() != "2099-01-01" {
		t.Errorf("back in %s, followed up on %q: %d %s", second.Stage, followed(), a.Status, a.Body)
	}
}

// Only whoever may work on both cases may say so: an office its own, the ministry those of two offices. The offices see
// the entry, and the link only where they see both cases. What is foreign is answered like what is not there.
func TestAMergeNeedsBothCases(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	bandung, kabupaten := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3204")
	ministry, worker := b.Officer(t, authz.Supervisor, ""), b.Officer(t, authz.CaseWorker, "3273")
	here, there := bandung.Open(t, "3273", 1, "Siti Aminah"), kabupaten.Open(t, "3204", 2, "Siti Aminah")
	foreign := bandung.Change(t, &here, "/merge", pairing(there))
	unknown := bandung.Change(t, &here, "/merge", map[string]any{"with": somePart, "reason": "x"})
	if foreign.Code() != "merge.case_not_found" || !same(foreign, unknown) {
		t.Errorf("foreign %d %s, unknown %d %s", foreign.Status, foreign.Body, unknown.Status, unknown.Body)
	}
	own := worker.Open(t, "3273", 3, "Siti Aminah")
	if a := worker.Change(t, &own, "/merge", pairing(here)); a.Status != http.StatusForbidden {
		t.Errorf("a case worker: %d", a.Status)
	}
	if a := ministry.Change(t, &there, "/merge", pairing(here)); a.Status != http.StatusOK {
		t.Fatalf("the ministry: %d %s", a.Status, a.Body)
	}
	if f := tell(t, bandung, here.ID); len(f.SamePerson) != 0 || f.Version != 2 {
		t.Errorf("an office sees %+v", f)
	}
	if f := tell(t, ministry, here.ID); !slices.Equal(f.SamePerson, []string{there.ID}) {
		t.Errorf("the ministry sees %+v", f)
	}
	here.Version++
	if a := bandung.Change(t, &here, "/merge/reversal", pairing(there)); a.Code() != "merge.case_not_found" {
		t.Errorf("an office takes it back: %d %s", a.Status, a.Code())
	}
}

// Links go on over cases between: a person has one open case, whichever way their records hang together. An erased
// worker's case is not merged.
func TestAPersonHasOneOpenCaseOverAllRecords(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, other := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3273")
	var cases []apitest.Case
	for n := range 4 {
		cases = append(cases, o.Open(t, "3273", n+1, "Siti Aminah"))
	}
	closing := func(c *apitest.Case) {
		o.Change(t, c, "/transitions", map[string]any{"to": "closed", "outcome": "withdrawn"})
	}
	closing(&cases[0])
	for _, n := range []int{1, 2} { // the closed one hangs together with an open one; a second open one cannot
		a := o.Change(t, &cases[0], "/merge", pairing(cases[n]))
		if want := []string{"", "", "merge.open_elsewhere"}[n]; a.Code() != want {
			t.Errorf("with open case %d: %d %s", n, a.Status, a.Body)
		}
	}
	if f := tell(t, o, cases[2].ID); f.Version != 1 || f.Stage != "intake" {
		t.Errorf("refused, and changed: %+v", f)
	}
	cases[1].Version++
	closing(&cases[1])
	if a := o.Change(t, &cases[0], "/merge", pairing(cases[2])); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	cases[2].Version++
	if a := o.Change(t, &cases[1], "/merge", pairing(cases[2])); a.Code() != "merge.same_person" {
		t.Errorf("over a case between: %d %s", a.Status, a.Code())
	}
	body := map[string]any{"region": "3273", "terminated_on": "2026-10-01", "worker": apitest.Worker("3273", 2, "Siti Aminah")}
	if a := o.Call(t, http.MethodPost, "/v1/cases", body); a.Code() != "case.already_registered" {
		t.Errorf("opened over two links: %d %s", a.Status, a.Body)
	}
	closing(&cases[3])
	o.Confirm(t)
	o.Change(t, &cases[3], "/erasure", map[string]any{"reason": "permintaan"})
	other.Confirm(t)
	other.Change(t, &cases[3], "/erasure/approval", nil)
	if a := o.Change(t, &cases[3], "/merge", pairing(cases[2])); a.Code() != "worker.erased" {
		t.Errorf("erased: %d %s", a.Status, a.Body)
	}
}
