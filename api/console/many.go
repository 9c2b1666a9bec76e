package console

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// bulks are the operations on the cases that are ticked in a list, each with the one on a single case, whose words it
// has.
var bulks = []struct{ op, one string }{{"case-assign-many", "case-assign"}, {"case-follow-up-many", "case-follow-up"},
	{"case-note-many", "case-note"}, {"case-refer-many", "case-refer"}}

func (c *Console) registerMany() {
	for _, m := range bulks {
		c.page(http.MethodPost, "/kasus/banyak/"+m.op, "send-"+m.op, m.op, func(v *visit) error {
			return v.many(m.op, m.one)
		})
	}
	c.formOf(thing{path: "/kasus", id: "cases", get: "case-get"}, "/kasus/buat/case-open", "case-open")
}

// bulk are the operations on ticked cases that the visitor has a right to.
func (v *visit) bulk() []link {
	var out []link
	for _, m := range bulks {
		if v.may(v.actions[m.op].Action) {
			out = append(out, link{Text: v.labelOf(v.actions[m.one]), Path: "/kasus/banyak/" + m.op})
		}
	}
	return out
}

// many asks what is to be done with the ticked cases, does it, and says of each what became of it.
func (v *visit) many(op, one string) error {
	r, typed := v.actions[op], v.r.PostForm
	picked := typed["pilih"]
	if len(picked) == 0 {
		return refusal{status: http.StatusUnprocessableEntity, Code: "console.nobody_picked"}
	}
	schema, _ := v.Edge.Body(r)
	var fields []field
	for _, f := range v.fieldsOf(r, schema, "") {
		if !strings.HasPrefix(f.Name, "cases") {
			fields = append(fields, f)
		}
	}
	f := &form{Title: v.labelOf(v.actions[one]), Key: newKey(), For: v.forMe(), Path: "/kasus/banyak/" + op,
		Back: "/kasus", About: v.T("console.picked", "n", strconv.Itoa(len(picked))), Picked: picked, Fields: fields}
	for i := range f.Fields {
		v.offer(&f.Fields[i], subject{})
	}
	if typed.Get("_key") == "" {
		v.renderForm(http.StatusOK, f)
		return nil
	}
	body := v.bodyOf(fields, typed)
	var cases []map[string]any
	for _, pick := range picked {
		id, version, _ := strings.Cut(pick, ":")
		n, _ := strconv.Atoi(version)
		cases = append(cases, map[string]any{"case": id, "version": n})
	}
	body["cases"] = cases
	a, err := v.post(r.Method, r.Path, clean(body), "Idempotency-Key", typed.Get("_key"))
	if err == nil {
		return v.manyDone(f, a, picked)
	}
	no, again := mendable(err)
	if !again {
		return err
	}
	f.refused(no, typed)
	f.Said = no.Detail
	v.renderForm(no.status, f)
	return nil
}

// manyDone says what became of each case; those that were refused can be opened.
func (v *visit) manyDone(f *form, a *answer, picked []string) error {
	var done struct {
		Changed, Refused int
		Items            []struct{ Case, Detail string }
	}
	if err := decode(a.Body, &done); err != nil {
		return err
	}
	var t table
	t.Heads = []string{v.T("console.case"), v.T("console.why")}
	for _, it := range done.Items {
		if it.Detail == "" {
			continue
		}
		t.Rows = append(t.Rows, row{Link: "/kasus/" + url.PathEscape(it.Case), Cells: []cell{{Text: v.T("console.open_case")},
			{Text: it.Detail, Label: t.Heads[1]}}})
	}
	t.Empty = v.T("console.all_done")
	v.render(http.StatusOK, "many", f.Title, struct {
		Heading, Said string
		Table         table
	}{f.Title, v.T("console.many_done", "done", strconv.Itoa(done.Changed), "all", strconv.Itoa(len(picked))), t})
	return nil
}
