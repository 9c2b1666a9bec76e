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
	make := func(body map[string]any) string {
		body["employer"] = map[string]any{"name": "PT <b>Contoh", "region": "3273"}
		var made struct{ ID string }
		o.Call(t, http.MethodPost, "/v1/layoffs", body).JSON(t, &made)
		return made.ID
	}
	has(t, "a layoff without a day", ok(t, o, "/phk/"+make(map[string]any{"reason": "efficiency_prevent_loss"})),
		"Belum ada tenggat yang berjalan.")
	id := make(map[string]any{"reason": "efficiency_prevent_loss", "planned_on": "2026-12-20"})
	var l struct{ Version int }
	o.Call(t, http.MethodGet, "/v1/layoffs/"+id, nil).JSON(t, &l)
	for i, event := range []string{"notice_delivered", "refused"} {
		a := o.Call(t, http.MethodPost, "/v1/layoffs/"+id+"/events", map[string]any{"event": event, "on": "2026-11-0" +
			string(rune('2'+i))}, "If-Match", `"`+string(rune('0'+l.Version+i))+`"`)
		if a.Status >= http.StatusBadRequest {
			t.Logf("%s: %d %s", event, a.Status, a.Body)
		}
	}
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
