package console

import (
	"net/url"
	"strconv"

	"github.com/tanggap/tanggap/pkg/track"
)

// officeWaiting is what waits for the caller: every queue of their rights, lists that were checked, and findings.
func (v *visit) officeWaiting(p *officePage, _ url.Values) error {
	var queues struct {
		Items []struct {
			Queue, Region, List string
			Count               *int
		}
	}
	if _, err := v.get("/v1/queues", nil, &queues); err != nil {
		return err
	}
	for _, q := range queues.Items {
		if q.Count != nil && *q.Count == 0 {
			continue
		}
		t := top{Label: v.Code("track.queue", q.Queue), Link: pageOf(q.List), Value: v.T("console.see")}
		if q.Region != "" {
			t.Label += ", " + v.Region(q.Region)
		}
		if q.Count != nil {
			t.Value = v.number(strconv.Itoa(*q.Count))
		}
		if t.Note = ""; q.Queue == string(track.DecisionQueue) || q.Queue == string(track.ErasureQueue) {
			note, err := v.oldest(q.List)
			if err != nil {
				return err
			}
			t.Note = note
		}
		p.Waiting, p.Some = append(p.Waiting, t), p.Some || q.Count != nil
	}
	for _, more := range []struct{ op, path, state, page, label string }{
		{"intake-list", "/v1/intakes", "checked", "/daftar", "console.lists_checked"},
		{"finding-list-all", "/v1/findings", "open", "/audit/temuan?state=open", "console.findings_open"}} {
		n, full, err := v.inState(more.op, more.path, more.state)
		if err != nil {
			return err
		}
		if n > 0 {
			p.Some = true
			p.Waiting = append(p.Waiting, top{Value: v.number(strconv.Itoa(n)) + full, Label: v.T(more.label), Link: more.page})
		}
	}
	return nil
}

// oldest says when the first item of a queue of work is due.
func (v *visit) oldest(list string) (string, error) {
	at, err := url.Parse(list)
	if err != nil {
		return "", nil //nolint:nilerr // a queue without a path has no oldest item
	}
	q := at.Query()
	q.Set("limit", "1")
	var first struct {
		Items []struct {
			DueOn string `json:"due_on"`
		}
	}
	if _, err := v.get(at.Path, q, &first); err != nil || len(first.Items) == 0 || first.Items[0].DueOn == "" {
		return "", err
	}
	return v.T("console.oldest", "when", v.Left(first.Items[0].DueOn)), nil
}

// inState counts the newest things of a list that are in a state; "+" when there may be more.
func (v *visit) inState(op, path, state string) (n int, full string, err error) {
	if !v.may(v.actions[op].Action) {
		return 0, "", nil
	}
	q := url.Values{"limit": {"200"}}
	if v.parameter(op, "state") != nil {
		q.Set("state", state)
	}
	var l listed
	if _, err := v.get(path, q, &l); err != nil {
		return 0, "", err
	}
	for _, item := range l.Items {
		if text(item["state"]) == state {
			n++
		}
	}
	if l.Next != "" {
		full = "+"
	}
	return n, full, nil
}

// officeStalled counts the open cases in which nothing happened for long.
func (v *visit) officeStalled(p *officePage, q url.Values) error {
	if !v.may(v.actions["case-facets"].Action) {
		return nil
	}
	day := v.today().AddDays(-stalledFor).String()
	asked := url.Values{"updated_until": {day}, "stage": {openStages()}}
	if p.Region != "" {
		asked.Set("region", q.Get("region"))
	}
	var facets struct {
		Total int
		More  bool
	}
	if _, err := v.get("/v1/cases/facets", asked, &facets); err != nil {
		return err
	}
	p.Stalled = top{Value: v.number(strconv.Itoa(facets.Total)),
		Label: v.T("console.stalled", "n", strconv.Itoa(stalledFor)), Link: v.casesWith("updated_until="+day, p.Region)}
	if facets.More {
		p.Stalled.Value += "+"
	}
	return nil
}
