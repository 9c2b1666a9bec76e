package console

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"

	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
)

// againAfter is after how many seconds the page of a list that is being worked on looks again.
const againAfter = 3

// employerList is a list of an employer as the API answers it.
type employerList struct {
	ID, Refusal, Employer, Reference, Reason, Layoff string
	State                                            intake.State
	FileName                                         string `json:"file_name"`
	Region                                           string `json:"employer_region"`
	NIB                                              string `json:"employer_nib"`
	PlannedOn                                        string `json:"planned_on"`
	Rows                                             struct {
		Total, Valid, Warned, Refused, Skipped, Done, Opened, Known int
	}
}

// usable is how many cases the list opens at most.
func (l employerList) usable() int { return l.Rows.Valid + l.Rows.Warned }

// intakePage is a list of an employer on its way to cases.
type intakePage struct {
	employerList
	Back, Where, StateText, Said, Opens, Key, For string
	Links                                         []link
	Facts                                         []fact
	Works, CanApply, CanMend                      bool
	Groups                                        []group
	Table                                         table
	Most                                          int // of the progress
	Usable                                        string
}

// intake shows how far a list came: while it is worked on the page looks again by itself; then its rows, what is wrong
// with them, and what can be done.
func (v *visit) intake(g thing) error {
	id := map[string]string{"id": v.at("id")}
	p := intakePage{Back: cmp.Or(v.chosenOf(), g.path), Key: newKey(), For: v.forMe()}
	_, err := v.get(fill(v.actions[g.get].Path, id), nil, &p.employerList)
	if err != nil {
		return err
	}
	p.Where, p.StateText = v.Region(p.Region), v.Code("intake.state", string(p.State))
	p.Facts = v.factsOfList(p)
	p.Works = p.State == intake.Checking || p.State == intake.Applying
	p.Most, p.Usable = p.usable(), v.number(strconv.Itoa(p.usable()))
	if p.Works {
		v.w.Header().Set("Refresh", strconv.Itoa(againAfter))
	}
	if p.Refusal != "" {
		p.Said = v.T(p.Refusal)
	}
	p.CanApply = p.State == intake.Checked && p.usable() > 0 && v.may(v.actions["intake-apply"].Action)
	p.CanMend = (p.State == intake.Checked && p.Rows.Refused+p.Rows.Warned > 0 || p.State == intake.Refused) &&
		v.may(v.actions["intake-create"].Action)
	for _, l := range v.linksOf(g) {
		if l.Path != g.path+"/"+v.at("id")+"/buat/intake-apply"+v.cameFrom() { // which stands beside its count
			p.Links = append(p.Links, l)
		}
	}
	if p.Layoff != "" && v.may(v.actions["case-list"].Action) {
		p.Opens = "/kasus?layoff=" + url.QueryEscape(p.Layoff)
	}
	if p.Groups, p.Table, err = v.intakeRows(p, id); err != nil {
		return err
	}
	v.render(http.StatusOK, "intake", p.Employer, p)
	return nil
}

// factsOfList are what a list came to, row by row of the wireframe.
func (v *visit) factsOfList(p intakePage) (facts []fact) {
	for _, f := range []struct {
		label string
		n     int
	}{{"console.rows", p.Rows.Total}, {"sheet.status.valid", p.Rows.Valid}, {"sheet.status.valid_warning", p.Rows.Warned},
		{"sheet.status.reject", p.Rows.Refused}, {"sheet.status.skip", p.Rows.Skipped},
		{"intake.result.opened", p.Rows.Opened}, {"intake.result.known", p.Rows.Known}} {
		facts = append(facts, fact{v.T(f.label), v.number(strconv.Itoa(f.n))})
	}
	return facts
}

// intakeRows are the rows of the status that is chosen, with every reason in words.
func (v *visit) intakeRows(p intakePage, id map[string]string) (groups []group, t table, err error) {
	if p.State == intake.Checking {
		return nil, t, nil
	}
	q := v.query()
	var l struct {
		Items []struct {
			Row          int
			Status       sheet.Status
			Name, NIK    string
			Result, Case string
			Reasons      []struct{ Column, Header, Text string }
		}
		Next string `json:"next_cursor"`
	}
	if _, err := v.get(fill(v.actions["intake-rows"].Path, id), q, &l); err != nil {
		return nil, t, err
	}
	counts := map[sheet.Status]int{"": p.Rows.Total, sheet.Valid: p.Rows.Valid, sheet.ValidWarning: p.Rows.Warned,
		sheet.Reject: p.Rows.Refused, sheet.Skip: p.Rows.Skipped}
	one := group{Label: v.T("console.rows")}
	for _, status := range []sheet.Status{"", sheet.Reject, sheet.ValidWarning, sheet.Valid, sheet.Skip} {
		label := v.T("console.all")
		if status != "" {
			label = v.Code("sheet.status", string(status))
		}
		choice := v.choice("status", string(status), label)
		choice.Count = v.number(strconv.Itoa(counts[status]))
		one.Links = append(one.Links, choice)
	}
	t = table{Empty: v.T("console.no_rows"), Next: v.nextPage(q, l.Next)}
	t.Heads = []string{v.T("console.row"), v.Label("name"), v.T("console.row_state"), v.T("console.reason_in_row"),
		v.T("console.row_result")}
	for _, it := range l.Items {
		cells := []string{strconv.Itoa(it.Row), it.Name, v.Code("sheet.status", string(it.Status)), "", ""}
		if it.NIK != "" {
			cells[1] += " " + it.NIK
		}
		for i, r := range it.Reasons {
			if i > 0 {
				cells[3] += "; "
			}
			if r.Column != "" {
				cells[3] += v.T("console.in_column", "column", r.Column, "header", r.Header) + ": "
			}
			cells[3] += r.Text
		}
		if it.Result != "" {
			cells[4] = v.Code("intake.result", it.Result)
		}
		var r row
		for i, text := range cells {
			r.Cells = append(r.Cells, cell{Text: text, Label: t.Heads[i]})
		}
		if it.Case != "" {
			r.Link = "/kasus/" + url.PathEscape(it.Case)
		}
		t.Rows = append(t.Rows, r)
	}
	return []group{one}, t, nil
}
