package console_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
)

// A region is chosen of those that the caller works in; where they are many, it is named, and its code is sent.
func TestARegionIsChosenOrNamed(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	java, ministry := b.Officer(t, authz.Supervisor, "32"), b.Officer(t, authz.Supervisor, "")
	page := ok(t, java, "/kasus/buat/case-open")
	has(t, "a province", page, `<select id="f-region"`, `<option value="3273">Kota Bandung</option>`)
	hasNot(t, "a province", page, `<option value="3301"`, `<option value="32">`)
	page = ok(t, ministry, "/kasus/buat/case-open")
	has(t, "the ministry", page, `<input id="f-region"`, `list="places"`, `<option value="Kota Bandung"></option>`)
	for typed, status := range map[string]int{"Kota Bandung": http.StatusSeeOther, "kab. cilacap": http.StatusSeeOther,
		"3578": http.StatusSeeOther, "Jawa Barat": http.StatusUnprocessableEntity, "Atlantis": http.StatusUnprocessableEntity} {
		a := ministry.Send(t, "/kasus/buat/case-open", ministry.Page(t, "/kasus/buat/case-open").Form("region", typed,
			"terminated_on", "1/10/2026", "worker.name", "Siti", "worker.nik", "3273014101900001",
			"worker.birth_date", "1/1/1990", "worker.sex", "female", "worker.wage", "4.000.000", "worker.phone", "081234567890", "worker.address", "Jalan 1"))
		if a.Status == http.StatusConflict && status == http.StatusSeeOther {
			continue // the worker has a case, in the region that was read
		}
		if a.Status != status {
			t.Errorf("%q: %d %s", typed, a.Status, a.Body)
		}
	}
	var list struct{ Items []struct{ Region string } }
	ministry.Call(t, http.MethodGet, "/v1/cases", nil).JSON(t, &list)
	if len(list.Items) == 0 {
		t.Error("no case was opened")
	}
	for _, c := range list.Items {
		if c.Region != "3273" && c.Region != "3301" && c.Region != "3578" {
			t.Errorf("a case is of %s", c.Region)
		}
	}
}

// A case is handed to who works on cases of its region, and to nobody else.
func TestOfficersOfTheRegionAreOffered(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	head := b.Officer(t, authz.Supervisor, "32")
	c := head.Open(t, "3273", 1, "Siti")
	offered := map[*apitest.Officer]bool{head: true, b.Officer(t, authz.CaseWorker, "3273"): true,
		b.Officer(t, authz.CaseWorker, "3204"): false, b.Officer(t, authz.Auditor, "3273"): false,
		b.Officer(t, authz.CaseWorker, "32"): true}
	page := ok(t, head, "/kasus/"+c.ID+"/buat/case-assign")
	for o, want := range offered {
		if got := strings.Contains(page, `<option value="`+o.ID.String()+`"`); got != want {
			t.Errorf("%s is offered: %t", o.Email, got)
		}
	}
}
