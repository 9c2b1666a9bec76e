package console

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/ids"
)

func (c *Console) registerWhy() {
	c.page(http.MethodGet, "/hak", "page-why", "policy-explain", (*visit).why)
	c.page(http.MethodGet, "/subjek/{id}", "page-subject", "subject-report", (*visit).subject)
}

func isID(text string) bool {
	_, is := ids.Parse(text)
	return is
}

// why tells why an officer may or may not do something in a case.
func (v *visit) why() error {
	q := v.query()
	p := paper{Lead: v.T("console.why_lead"), Back: v.toAudit()}
	subject := field{Name: "case", Label: v.T("console.case_address"), Kind: line, Value: q.Get("case"),
		Hint: v.T("console.case_address_hint")}
	p.Ask = &asked{Path: "/hak", Button: v.T("console.ask"),
		Fields: []field{v.choiceOf("officer", v.officers()), v.choiceOf("action", v.rights()), subject}}
	if q.Get("officer") != "" || q.Get("action") != "" || q.Get("case") != "" {
		var err error
		if p.Parts, p.Said, err = v.explained(q); err != nil {
			return err
		}
	}
	v.paper(http.StatusOK, v.T("console.page-why"), p)
	return nil
}

// rights are the rights that there are, each called by the operations that need it.
func (v *visit) rights() []option {
	called := map[authz.Action]string{}
	for _, r := range v.Edge.Routes() {
		if _, known := called[r.Action]; r.Action != "" && !known {
			called[r.Action] = v.labelOf(r)
		}
	}
	var out []option
	for _, a := range authz.Actions() {
		if called[a] != "" {
			out = append(out, option{Value: string(a), Label: called[a]})
		}
	}
	slices.SortFunc(out, func(a, b option) int { return cmp.Compare(a.Label, b.Label) })
	return out
}

// reason is what one grant has to say.
type reason struct {
	Role, Region, From, Until string
	Active, Allows, Covers    bool
}

// explained is the answer in a sentence, and what each grant of the officer has to say to it.
func (v *visit) explained(q url.Values) (parts []section, said string, err error) {
	if q.Get("officer") == "" || q.Get("action") == "" || idIn(q.Get("case")) == "" {
		return nil, v.T("console.why_missing"), nil
	}
	var x struct {
		Allowed bool
		Roles   []string
		Reasons []reason
	}
	_, err = v.get("/v1/policy/explanation", url.Values{"officer": q["officer"], "action": q["action"],
		"case": {idIn(q.Get("case"))}}, &x)
	if said, err = v.saidOf(err); err != nil || said != "" {
		return nil, said, err
	}
	t := &table{Empty: v.T("console.no_grants")}
	for _, name := range []string{"role", "region", "from", "until", "active_now", "allows", "covers"} {
		t.Heads = append(t.Heads, v.Label(name))
	}
	yes := func(is bool) cell {
		return cell{Text: v.T(map[bool]string{true: "fact.yes", false: "fact.no"}[is]), Over: !is}
	}
	for _, r := range x.Reasons {
		t.add(row{Cells: []cell{{Text: v.Code("authz.role", r.Role)}, {Text: v.Region(r.Region)}, {Text: v.Day(r.From)},
			{Text: v.Day(r.Until)}, yes(r.Active), yes(r.Allows), yes(r.Covers)}})
	}
	var roles []string
	for _, r := range x.Roles {
		roles = append(roles, v.Code("authz.role", r))
	}
	return []section{{Title: v.T(map[bool]string{true: "console.may", false: "console.may_not"}[x.Allowed]),
		Text: v.T("console.roles_that_may", "roles", v.list(roles))}, {Title: v.T("console.grants_of"), Table: t}}, "", nil
}

// list puts words one after the other.
func (v *visit) list(words []string) string {
	if len(words) == 0 {
		return v.T("console.no_role")
	}
	slices.Sort(words)
	return strings.Join(words, ", ")
}

// subject is the report that a worker may ask for of their own data, and what can be done with these.
func (v *visit) subject() error {
	var raw map[string]any
	op := v.actions["subject-report"]
	if _, err := v.get(fill(op.Path, map[string]string{"id": v.at("id")}), nil, &raw); err != nil {
		return err
	}
	base := "/kasus/" + url.PathEscape(v.at("id"))
	links := v.can(base, []string{"hold-set", "hold-release", "erasure-request", "erasure-approve", "erasure-refuse"})
	for i := range links {
		links[i].Path += "?" + url.Values{"dari": {v.r.URL.Path}}.Encode()
	}
	p := paper{Lead: v.T("console.subject_lead"), Links: links, Back: link{Text: v.T("console.open_case"), Path: base}}
	schema := v.Edge.Answer(op)
	accesses := objects(raw["accesses"])
	delete(raw, "accesses")
	for _, name := range ordered(raw) {
		if object, is := raw[name].(map[string]any); is {
			p.Parts = append(p.Parts, v.sections(v.blocks(v.property(schema, name), object, v.Label(name)))...)
			delete(raw, name)
		}
	}
	p.Parts = append(p.Parts, v.sections(v.blocks(schema, raw, ""))...)
	t := &table{Heads: []string{v.Label("at"), v.Label("officer"), v.Label("opened_what")},
		Empty: v.T("console.access_none")}
	for _, a := range accesses {
		t.add(row{Cells: []cell{{Text: v.moment(text(a["at"]))}, {Text: text(a["name"])},
			{Text: v.wordsOf(text(a["route"]))}}})
	}
	p.Parts = append(p.Parts, section{Title: v.T("console.who_saw"), Table: t})
	v.paper(http.StatusOK, v.T("console.page-subject"), p)
	return nil
}

func (v *visit) sections(blocks []block) []section {
	var out []section
	for _, b := range blocks {
		out = append(out, section{Title: b.Title, Facts: b.Facts})
	}
	return out
}
