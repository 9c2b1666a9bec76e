package console

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/region"
)

// registerForms makes a form of every operation on a case, so that each has the right of its own.
func (c *Console) registerForms() {
	for _, r := range c.Edge.Routes() {
		changes := r.Method == http.MethodPost || r.Method == http.MethodPatch
		if !changes || !strings.HasPrefix(r.Path, "/v1/cases/{id}") {
			continue
		}
		path := "/kasus/{id}/buat/" + r.ID
		c.page(http.MethodGet, path, "form-"+r.ID, r.ID, func(v *visit) error { return v.showForm(r) })
		c.page(http.MethodPost, path, "send-"+r.ID, r.ID, func(v *visit) error { return v.sendForm(r) })
	}
}

// form is the page of a form.
type form struct {
	Head                               head
	Title, Key, For, Path, Back, About string
	Version                            string
	Fields                             []field
	Picked                             []string      // cases of a change of many
	Places                             []string      // regions that can be named
	Loose                              []rest.Detail // what is wrong and at no field
	Said                               string        // why it was not done
	Changed                            []entry       // what happened since the form was drawn
	File, Unsure, Shut, Confirm        bool
}

// forMe seals whose form it is.
func (v *visit) forMe() string { return v.close("officer", heldFor, v.actor.Officer.String()) }

// subject is what a form is about: the case, the operation, and the part of the case.
type subject struct {
	file    file
	act     action
	open    bool
	present map[string]any // what is on file of the part that is corrected
}

func (v *visit) subjectOf(r rest.Route) (s subject, err error) {
	if s.file, err = v.caseOf(); err != nil {
		return s, err
	}
	var can actions
	if _, err := v.get("/v1/cases/"+url.PathEscape(v.at("id"))+"/actions", nil, &can); err != nil {
		return s, err
	}
	q := v.r.URL.Query()
	part, month, seq := q.Get("part"), q.Get("month"), q.Get("seq")
	same := func(a action) bool {
		return a.Operation == r.ID && (part == "" || a.Part == part) && (month == "" || strconv.Itoa(a.Month) == month) &&
			(seq == "" || strconv.Itoa(a.Entry) == seq)
	}
	s.act, s.open = action{Operation: r.ID, Label: v.labelOf(r)}, true // what is not listed the operation judges itself
	if i := slices.IndexFunc(can.Open, same); i >= 0 {
		s.act = can.Open[i]
	} else if i := slices.IndexFunc(can.Closed, same); i >= 0 {
		s.act, s.open = can.Closed[i], false
	}
	if r.ID == "worker-correct" {
		s.present = s.file.Worker
	}
	return s, nil
}

func (v *visit) labelOf(r rest.Route) string {
	for _, list := range []string{"action.", "do."} {
		if label := v.T(list + r.ID); label != list+r.ID {
			return label
		}
	}
	if v.Says == nil {
		return r.Summary
	}
	return v.Says(v.lang(), r)
}

// formFor draws the form of an operation, with what is on file where it corrects.
func (v *visit) formFor(r rest.Route, s subject) *form {
	schema, kind := v.Edge.Body(r)
	f := &form{Head: v.headOf(s.file, "-"), Title: s.act.Label, Key: newKey(), For: v.forMe(),
		Path: v.keepingFrom(v.pathWith(v.formQuery())), Back: v.afterForm(s.file.ID), Version: strconv.Itoa(s.file.Version),
		About: v.T("console.stays"),
		File:  kind == "multipart/form-data", Shut: !s.open, Said: s.act.Reason}
	if f.Shut && s.act.notToday() {
		f.Shut, f.Said, f.About = false, "", s.act.Reason
	}
	f.Fields = v.fieldsOf(r, schema, "")
	for i := range f.Fields {
		fd := &f.Fields[i]
		v.offer(fd, s)
		if value, has := s.present[fd.Name]; has && fd.Clear {
			fd.Was = v.typed(fd, value)
			fd.Value = fd.Was
		}
		for j := range fd.Options {
			fd.Options[j].On = fd.Value != "" && fd.Options[j].Value == fd.Value
		}
	}
	return f
}

// typed is a value on file as somebody would type it.
func (v *visit) typed(f *field, value any) string {
	if n, is := value.(interface{ String() string }); is {
		return n.String()
	}
	switch {
	case f.Kind == date:
		return shortDay(text(value))
	case f.Kind == named && text(value) != "":
		return v.Region(text(value))
	}
	return text(value)
}

// offer gives a field the choices that only the case knows: states it can go to, officers, parts.
func (v *visit) offer(f *field, s subject) {
	if (f.Name == "to" || f.Name == "state") && len(s.act.To) > 0 && f.Kind == choice {
		f.Options = f.Options[:0]
		for _, to := range s.act.To {
			f.Options = append(f.Options, option{Value: to.Code, Label: to.Label})
		}
		return
	}
	if source, known := choosing[f.Name]; known && f.Kind == line && v.may(v.actions[source.op].Action) {
		var l listed
		q := url.Values{}
		if v.parameter(source.op, "limit") != nil {
			q.Set("limit", "200")
		}
		if _, err := v.get(fill(v.actions[source.op].Path, map[string]string{"id": s.file.ID}), q, &l); err != nil {
			return // it can still be typed
		}
		for _, item := range l.Items {
			if source.op == "officer-list" && !worksOn(item, s.file.Region) {
				continue
			}
			var words []string
			for _, name := range source.shown {
				words = append(words, v.Value(name, v.property(v.itemOf(source.op), name), item[name]))
			}
			f.Options = append(f.Options, option{Value: text(item["id"]), Label: strings.Join(words, ", ")})
		}
		if f.Name == "officer" {
			f.Options = slices.Insert(f.Options, 0, option{Value: "me", Label: v.T("console.me")})
		}
		if len(f.Options) > 0 {
			f.Kind = choice
		}
	}
}

// worksOn tells whether an officer works on cases of a region; without one, on cases at all.
func worksOn(officer map[string]any, at string) bool {
	return officer["active"] == true && slices.ContainsFunc(objects(officer["grants"]), func(g map[string]any) bool {
		role, of := authz.Role(text(g["role"])), region.Code(text(g["region"]))
		return (role == authz.CaseWorker || role == authz.Supervisor) && (at == "" || of.Contains(region.Code(at)))
	})
}

// choosing are the fields that hold an id, and the list to choose it from.
var choosing = map[string]struct {
	op    string
	shown []string
}{
	"handover_to": {"officer-list", []string{"name", "office"}}, "officer": {"officer-list", []string{"name", "office"}},
	"training":    {"training-list", []string{"provider", "programme"}},
	"application": {"placement-list", []string{"employer", "position"}},
	"class":       {"class-list", []string{"provider", "programme"}},
	"vacancy":     {"vacancy-list", []string{"title", "employer"}},
	"of":          {"training-list", []string{"provider", "programme"}},
}

func (v *visit) showForm(r rest.Route) error {
	s, err := v.subjectOf(r)
	if err != nil {
		return err
	}
	f := v.formFor(r, s)
	v.prefill(f)
	v.renderForm(http.StatusOK, f)
	return nil
}

// prefill puts into a form what its address says: the case that is exported, the sample that a finding is of.
func (v *visit) prefill(f *form) {
	q := v.query()
	for i := range f.Fields {
		if fd := &f.Fields[i]; fd.Value == "" && q.Has(fd.Name) {
			take(f.Fields[i:i+1], url.Values{fd.Name: q[fd.Name]}, nil)
		}
	}
}

// formQuery is what the address of a form says, but for where its case was opened from.
func (v *visit) formQuery() url.Values {
	q := v.query()
	q.Del(fromName)
	return q
}

// afterForm is where a form of a case leads when it is done: on to the list that it was opened from, to the case, which
// remembers its list, or back to the page about it that the form was opened from.
func (v *visit) afterForm(id string) string {
	if at := backTo(v.r.URL.Query().Get(thenName)); at != "" {
		return at
	}
	if at := v.from(); strings.HasPrefix(at, "/subjek/") || strings.HasPrefix(at, "/audit/temuan/") {
		return at
	}
	return v.keepingFrom("/kasus/" + id)
}

func (v *visit) renderForm(status int, f *form) {
	if slices.ContainsFunc(f.Fields, func(fd field) bool { return fd.Kind == named }) && v.Tree != nil {
		for _, r := range v.Tree.All() {
			f.Places = append(f.Places, r.Name)
		}
	}
	title := f.Title
	if f.Said != "" || len(f.Loose) > 0 {
		title = v.T("console.error") + ": " + title
	}
	v.later(status)
	v.render(status, "form", title, f)
}

// sendForm carries an operation out under the key and the version of the form. A form that is sent again is answered as
// it was the first time.
func (v *visit) sendForm(r rest.Route) error {
	typed, fields, kind := v.sentForm(r)
	q := v.r.URL.Query()
	path := fill(r.Path, map[string]string{"id": v.at("id"), "n": q.Get("month"), "seq": q.Get("seq"),
		partName(r.Path): q.Get("part")})
	headers := []string{"Idempotency-Key", typed.Get("_key"), "If-Match", `"` + typed.Get("_version") + `"`}
	a, err := v.send(r, path, kind, fields, typed, headers)
	if r.ID == "case-note" && a != nil && a.Status == http.StatusPreconditionFailed {
		err = v.noteAgain(r, path, fields, typed)
	}
	if err == nil {
		return v.see(withDone(v.afterForm(v.at("id")), r.ID))
	}
	no, again := mendable(err)
	if !again {
		return err
	}
	return v.sendBack(r, no, typed)
}

// sentForm is what was typed, and the fields that the operation takes.
func (v *visit) sentForm(r rest.Route) (typed url.Values, fields []field, kind string) {
	typed = v.r.PostForm
	if v.r.MultipartForm != nil {
		typed = v.r.MultipartForm.Value
	}
	schema, kind := v.Edge.Body(r)
	return typed, v.fieldsOf(r, schema, ""), kind
}

// unconfirmed is the refusal of what needs a password that was given just now.
const unconfirmed = "session.confirmation_required"

// mendable tells the refusals after which the form is shown again; others are pages of their own.
func mendable(err error) (refusal, bool) {
	var no refusal
	if !errors.As(err, &no) {
		return no, false
	}
	return no, no.Code == unconfirmed || no.status >= http.StatusInternalServerError ||
		slices.Contains([]int{http.StatusBadRequest, http.StatusConflict, http.StatusPreconditionFailed,
			http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
			http.StatusPreconditionRequired}, no.status)
}

// confirm gives the password again where the form has it; the session goes on under another token.
func (v *visit) confirm(typed url.Values) error {
	if typed.Get("_password") == "" {
		return nil
	}
	a, err := v.post(http.MethodPost, "/v1/session/confirmation", map[string]string{"password": typed.Get("_password")})
	if err != nil {
		return err
	}
	var session struct{ Token string }
	if err := decode(a.Body, &session); err != nil {
		return err
	}
	v.token = session.Token
	v.setCookie(sessionCookie, session.Token, 0)
	return nil
}

// refused puts what was typed, and what is wrong with it, into a form that is drawn anew.
func (f *form) refused(no refusal, typed url.Values) {
	f.Loose = take(f.Fields, typed, no.Errors)
	f.Confirm = no.Code == unconfirmed || typed.Get("_password") != "" || strings.HasPrefix(no.Code, "session.")
	if no.unknowable {
		f.Unsure, f.Key, f.Version = true, typed.Get("_key"), typed.Get("_version")
	}
}

func partName(path string) string {
	for p := range strings.SplitSeq(path, "/") {
		name := strings.Trim(p, "{}")
		if name != p && name != "id" && name != "n" && name != "seq" {
			return name
		}
	}
	return "-"
}

func (v *visit) send(r rest.Route, path, kind string, fields []field, typed url.Values, headers []string) (*answer,
	error) {
	if err := v.confirm(typed); err != nil {
		return nil, err
	}
	switch kind {
	case "multipart/form-data":
		body, kind, err := v.repack(fields)
		if err != nil {
			return nil, err
		}
		return v.ask(r.Method, path, kind, body, headers...)
	case "":
		return v.ask(r.Method, path, "", nil, headers...)
	}
	return v.post(r.Method, path, clean(v.bodyOf(fields, typed)), headers...)
}

// repack makes an upload of the API of one of the page: its file and the fields that the operation takes.
func (v *visit) repack(fields []field) (body []byte, kind string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range fields {
		if f.Kind != upload {
			if value := strings.TrimSpace(v.r.PostFormValue(f.Name)); value != "" {
				sent, _ := v.sent(f, value, nil).(string)
				err = errors.Join(err, w.WriteField(f.Name, sent))
			}
			continue
		}
		file, header, missing := v.r.FormFile(f.Name)
		if missing != nil {
			continue
		}
		part, bad := w.CreatePart(header.Header)
		if bad == nil {
			_, bad = io.Copy(part, file)
		}
		err = errors.Join(err, bad, file.Close())
	}
	err = errors.Join(err, w.Close()) // which writes the end of it
	return b.Bytes(), w.FormDataContentType(), err
}

// noteAgain writes a note on the newest version: it contradicts nothing that happened meanwhile. Its key was used with
// another version when it was written already.
func (v *visit) noteAgain(r rest.Route, path string, fields []field, typed url.Values) error {
	f, err := v.caseOf()
	if err != nil {
		return err
	}
	version := strconv.Itoa(f.Version)
	_, err = v.send(r, path, "application/json", fields, typed,
		[]string{"Idempotency-Key", typed.Get("_key") + ".again", "If-Match", `"` + version + `"`})
	var no refusal
	if errors.As(err, &no) && no.Code == "idempotency.key_reused" {
		return nil
	}
	return err
}

// sendBack shows the form with everything typed still in it, and why it was not done.
func (v *visit) sendBack(r rest.Route, no refusal, typed url.Values) error {
	s, err := v.subjectOf(r)
	if err != nil {
		return err
	}
	s.open = true
	f := v.formFor(r, s)
	f.refused(no, typed)
	f.Said = no.Detail
	switch {
	case no.unknowable:
		f.Said = v.T("console.unsure")
	case no.status == http.StatusPreconditionFailed:
		if f.Changed, err = v.since(typed.Get("_version")); err != nil {
			return err
		}
		f.Said = v.T("console.changed")
	}
	v.renderForm(no.status, f)
	return nil
}

// since are the entries after a version of the case.
func (v *visit) since(version string) ([]entry, error) {
	from, _ := strconv.Atoi(version)
	var f file
	if _, err := v.get("/v1/cases/"+url.PathEscape(v.at("id")), url.Values{"entries": {"30"}}, &f); err != nil {
		return nil, err
	}
	var out []entry
	for _, e := range f.History {
		if e.Seq > from {
			e.When, e.Day = v.moment(e.RecordedAt), v.Day(e.OccurredOn)
			out = append(out, e)
		}
	}
	return out, nil
}

// done says what was just done, on the page after it.
func (v *visit) done() string {
	op := v.r.URL.Query().Get("selesai")
	if r, known := v.actions[op]; known {
		return v.T("console.saved", "what", v.labelOf(r))
	}
	if op == "shown" {
		return v.T("console.shown_before")
	}
	return ""
}
