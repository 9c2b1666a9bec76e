package console

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tanggap/tanggap/api/rest"
)

// thing is a kind of things of the API beside cases: a page for its list, one for each of them, and forms for what can
// be done. All but the list may be missing.
type thing struct {
	path, id string
	list     string   // operation that lists them
	get      string   // operation that shows one
	also     string   // another one, shown below it
	title    string   // field that names one: "name", "employer.name"
	columns  []string // of the list
	choices  []string // filters of the list, closed lists of its query
	query    url.Values
	makes    []string                         // operations that make one
	acts     []string                         // operations on one
	gives    map[string]string                // operations that give a file out, with the words for them
	page     func(*visit, thing) error        // draws one of them; without it every field is told
	link     func(item map[string]any) string // where a row of the list leads
}

var things = []thing{
	{path: "/phk", id: "layoffs", list: "layoff-list", get: "layoff-get", page: (*visit).layoff, title: "employer.name",
		columns: []string{"employer.name", "employer.region", "state", "planned_on", "people_planned", "cases", "due_on"},
		choices: []string{"state"}, makes: []string{"layoff-create"}, acts: []string{"layoff-happen", "layoff-prevent",
			"layoff-correct", "layoff-reduce", "layoff-withdraw"}},
	{path: "/daftar", id: "intakes", list: "intake-list", get: "intake-get", page: (*visit).intake, title: "employer",
		columns: []string{"employer", "file_name", "state", "created_at"}, makes: []string{"intake-create"},
		acts: []string{"intake-apply", "intake-cancel"}, gives: map[string]string{"intake-report": "console.report"}},
	{path: "/lowongan", id: "vacancies", list: "vacancy-list", get: "vacancy-get", title: "title",
		columns: []string{"title", "employer", "region", "openings", "wage", "expires_on", "state"},
		choices: []string{"state"}, acts: []string{"vacancy-move"}},
	{path: "/kelas", id: "classes", list: "class-list", makes: []string{"class-create"},
		columns: []string{"programme", "provider", "region", "starts_on", "ends_on", "places", "free"}},
	{path: "/bursa", id: "fairs", list: "fair-list", makes: []string{"fair-hold"}},
	{path: "/rujukan", id: "referrals", list: "referral-list", get: "referral-get", title: "name",
		columns: []string{"name", "kind", "state", "offered_on", "answer_by"}, choices: []string{"direction", "state"},
		query: url.Values{"direction": {"incoming"}}, acts: []string{"referral-answer", "referral-unconsent"}},
	{path: "/ganda", id: "duplicates", list: "duplicate-list"},
	{path: "/pembayaran", id: "payments", list: "payment-list"},
	{path: "/pembatalan", id: "voids", list: "void-list"},
	{path: "/ekspor", id: "exports", list: "export-list", get: "export-get", title: "file_name",
		columns: []string{"created_at", "format", "profile", "state", "reason", "ready_at"}, makes: []string{"export-create"},
		acts: []string{"export-cancel"}, page: (*visit).export, gives: map[string]string{"export-file": "console.file"}},
	{path: "/persetujuan", id: "exports-awaiting", list: "export-awaiting",
		columns: []string{"created_at", "officer", "regions", "format", "reason"},
		acts:    []string{"export-approve", "export-refuse"}},
	{path: "/petugas", id: "officers", list: "officer-list", get: "officer-get", title: "name",
		columns: []string{"name", "email", "office", "active"}, makes: []string{"officer-create"},
		acts: []string{"officer-change", "grant-create", "officer-handover", "officer-setup-code", "officer-deactivate",
			"officer-reactivate"}},
	{path: "/audit/alarm", id: "alarms", list: "access-alarms", columns: alarmColumns, link: alarmPage},
	{path: "/audit/temuan", id: "findings", list: "finding-list-all", choices: []string{"state", "severity"},
		columns: findingColumns, link: findingPage},
	{path: "/audit/darurat", id: "emergencies", list: "emergency-list", title: "name",
		columns: []string{"name", "region", "opened_at", "until", "reason", "verdict"}, acts: []string{"emergency-review"}},
	{path: "/retensi", id: "retention", list: "retention-list", columns: []string{"closed_on", "region"}},
	{path: "/webhook", id: "webhooks", list: "webhook-list", get: "webhook-get", title: "url",
		columns: []string{"url", "region", "state", "failures", "retry_at"}, makes: []string{"webhook-create"},
		acts: []string{"webhook-test", "webhook-pause", "webhook-resume", "webhook-replay", "webhook-secret",
			"webhook-delete"}},
}

func (c *Console) registerThings() {
	for _, g := range things {
		c.page(http.MethodGet, g.path, "page-"+g.id, g.list, func(v *visit) error { return v.showList(g) })
		show := g.page
		if show == nil {
			show = (*visit).showOne
		}
		if of := cmp.Or(g.get, g.list); g.get != "" || len(g.acts) > 0 {
			c.page(http.MethodGet, g.path+"/{id}", "page-one-of-"+g.id, of, func(v *visit) error { return show(v, g) })
		}
		for op := range g.gives {
			c.page(http.MethodGet, g.path+"/{id}/"+op, "give-"+op, op, func(v *visit) error {
				return v.pass(fill(v.actions[op].Path, map[string]string{"id": v.at("id")}))
			})
		}
		for _, op := range g.makes {
			c.formOf(g, g.path+"/buat/"+op, op)
		}
		for _, op := range g.acts {
			c.formOf(g, g.path+"/{id}/buat/"+op, op)
		}
	}
}

func (c *Console) formOf(g thing, path, op string) {
	r := c.actions[op]
	c.page(http.MethodGet, path, "form-"+op, op, func(v *visit) error {
		f, err := v.thingForm(g, r)
		if err != nil {
			return err
		}
		v.renderForm(http.StatusOK, f)
		return nil
	})
	c.page(http.MethodPost, path, "send-"+op, op, func(v *visit) error { return v.sendThing(g, r) })
}

func (v *visit) showList(g thing) error {
	q := v.query()
	for name, values := range g.query {
		if !q.Has(name) {
			q[name] = values
		}
	}
	var l listed
	if _, err := v.get(v.actions[g.list].Path, q, &l); err != nil {
		return err
	}
	t := v.tableOf(g.list, l.Items, g.columns...)
	for i, item := range l.Items {
		t.Rows[i].Link = v.remember(g.linkOf(item))
	}
	t.Next = v.nextPage(q, l.Next)
	v.render(http.StatusOK, "table", v.T("console.page-"+g.id), struct {
		Table   table
		Groups  []group
		Heading string
		Makes   []link
	}{t, v.choices(g), v.T("console.page-" + g.id), v.can(g.path, g.makes)})
	return nil
}

func (v *visit) showOne(g thing) error {
	id := map[string]string{"id": v.at("id")}
	raw, schema, err := v.one(g)
	if err != nil {
		return err
	}
	blocks := v.blocks(schema, raw, "")
	if g.also != "" && v.may(v.actions[g.also].Action) {
		var more map[string]any
		if _, err := v.get(fill(v.actions[g.also].Path, id), nil, &more); err != nil {
			return err
		}
		blocks = append(blocks, v.blocks(v.Edge.Answer(v.actions[g.also]), more, "")...)
	}
	v.render(http.StatusOK, "blocks", v.T("console.page-"+g.id), struct {
		Heading, Back, BackText, Done string
		Blocks                        []block
		Links                         []link
	}{v.nameIn(g, raw), cmp.Or(v.chosenOf(), g.path), v.T("console.page-" + g.id), v.done(), blocks, v.linksOf(g)})
	return nil
}

// one is a thing as the API shows it; where it shows none alone, as the list has it.
func (v *visit) one(g thing) (raw map[string]any, s *huma.Schema, err error) {
	if g.get != "" {
		_, err = v.get(fill(v.actions[g.get].Path, map[string]string{"id": v.at("id")}), nil, &raw)
		return raw, v.Edge.Answer(v.actions[g.get]), err
	}
	q := url.Values{}
	if v.parameter(g.list, "limit") != nil {
		q.Set("limit", "200")
	}
	var l listed
	if _, err = v.get(v.actions[g.list].Path, q, &l); err != nil {
		return nil, nil, err
	}
	for _, item := range l.Items {
		if text(item["id"]) == v.at("id") {
			return item, v.itemOf(g.list), nil
		}
	}
	return nil, nil, notThere()
}

// nameIn is what one thing is called on its page.
func (v *visit) nameIn(g thing, raw map[string]any) string {
	part, inner, has := strings.Cut(g.title, ".")
	name := text(raw[part])
	if of, is := raw[part].(map[string]any); has && is {
		name = text(of[inner])
	}
	if name == "" {
		return v.T("console.page-" + g.id)
	}
	return name
}

// thingForm draws the form of an operation, with the version of what it changes.
func (v *visit) thingForm(g thing, r rest.Route) (*form, error) {
	f := &form{Title: v.labelOf(r), Key: newKey(), For: v.forMe(), Path: v.r.URL.RequestURI(), Back: g.path}
	present := map[string]any{}
	if v.at("id") != "" && g.get != "" {
		a, err := v.get(fill(v.actions[g.get].Path, map[string]string{"id": v.at("id")}), nil, &present)
		if err != nil {
			return nil, err
		}
		f.Back += "/" + v.at("id") + v.cameFrom()
		f.Version = strings.Trim(a.Header.Get("ETag"), `"`)
	}
	schema, kind := v.Edge.Body(r)
	f.File = kind == "multipart/form-data"
	f.Fields = v.fieldsOf(r, schema, "")
	defer v.prefill(f)
	for i := range f.Fields {
		fd := &f.Fields[i]
		v.offer(fd, subject{})
		if value, has := present[fd.Name]; has && (fd.Clear || r.Method == http.MethodPatch) {
			fd.Clear = true
			fd.Was = v.typed(fd, value)
			fd.Value = fd.Was
		}
	}
	return f, nil
}

func (v *visit) sendThing(g thing, r rest.Route) error {
	typed, fields, kind := v.sentForm(r)
	for i := range fields {
		fields[i].Clear = fields[i].Clear || r.Method == http.MethodPatch
	}
	path := fill(r.Path, map[string]string{"id": v.at("id"), partName(r.Path): v.r.URL.Query().Get("part")})
	headers := []string{"Idempotency-Key", typed.Get("_key")}
	if version := typed.Get("_version"); version != "" {
		headers = append(headers, "If-Match", `"`+version+`"`)
	}
	a, err := v.send(r, path, kind, fields, typed, headers)
	if err == nil {
		return v.afterThing(g, r, a)
	}
	no, again := mendable(err)
	if !again {
		return err
	}
	f, err := v.thingForm(g, r)
	if err != nil {
		return err
	}
	f.refused(no, typed)
	f.Said = no.Detail
	if no.unknowable {
		f.Said = v.T("console.unsure")
	}
	v.renderForm(no.status, f)
	return nil
}

// once are the fields that an answer shows once and never again.
var once = []string{"setup_code", "passphrase", "secret", "handed_over", "open_cases", "cases"}

// afterThing goes to what was made or changed, but for an answer that is shown this once.
func (v *visit) afterThing(g thing, r rest.Route, a *answer) error {
	var raw map[string]any
	if len(a.Body) > 0 {
		if err := decode(a.Body, &raw); err != nil {
			return err
		}
	}
	to := g.path
	if id := text(raw["id"]); v.at("id") == "" && id != "" && g.get != "" {
		to += "/" + id
	} else if v.at("id") != "" && g.get != "" {
		to += "/" + v.at("id")
	}
	var shown []fact
	for _, name := range once {
		switch value := raw[name].(type) {
		case string:
			shown = append(shown, fact{v.Label(name), value})
		case json.Number:
			if r.Tag == "officers" {
				shown = append(shown, fact{v.Label(name), v.number(value.String())})
			}
		}
	}
	if len(shown) == 0 && (raw["passphrase_shown"] == true || raw["secret_shown"] == true) {
		return v.see(to + "?selesai=shown")
	}
	if len(shown) == 0 {
		return v.see(v.doneAt(to, r.ID))
	}
	v.render(http.StatusOK, "once", v.labelOf(r), struct {
		Heading, To string
		Facts       []fact
	}{v.labelOf(r), to, shown})
	return nil
}
