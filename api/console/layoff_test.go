package console_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
)

// The deadlines of a layoff stand on one line, the first due first, in words; one without any says why.
func TestDeadlinesOfALayoffOnALine(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	report := func(planned string) string {
		body := map[string]any{"people_planned": 2, "employer": map[string]any{"name": "PT <b>Contoh", "region": "3273"}}
		if planned != "" {
			body["planned_on"], body["reference"] = planned, "12/HRD"
		}
		var made struct{ ID string }
		if a := o.Call(t, http.MethodPost, "/v1/layoffs", body); a.Status == http.StatusCreated {
			a.JSON(t, &made)
		} else {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		return made.ID
	}
	has(t, "a layoff without a day", ok(t, o, "/phk/"+report("")), "Belum ada tenggat yang berjalan.")
	id := report("2026-12-20")
	var clocks struct {
		Items []struct {
			DueOn string `json:"due_on"`
		}
	}
	o.Call(t, http.MethodGet, "/v1/layoffs/"+id+"/clocks", nil).JSON(t, &clocks)
	page := ok(t, o, "/phk/"+id)
	_, line, _ := strings.Cut(page, `<ol class="timeline clocks">`)
	line, _, _ = strings.Cut(line, "</ol>")
	if n := strings.Count(line, "<li"); n != len(clocks.Items) || n == 0 {
		t.Errorf("%d of %d clocks are on the line: %s", n, len(clocks.Items), page)
	}
	has(t, "the layoff", page, "PT &lt;b&gt;Contoh", `href="/kasus?layoff=`+id+`"`, "Paling ")
	hasNot(t, "the layoff", line, "notice_letter", "console.", "Art.", "_")
	if a := b.Officer(t, authz.Supervisor, "3204").Page(t, "/phk/"+id); a.Status != http.StatusNotFound {
		t.Errorf("another office: %d", a.Status)
	}
}
