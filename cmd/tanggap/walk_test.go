package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/client"
)

// walker goes the way of the README by what is generated from the description of the API, and by nothing else.
type walker struct {
	t         *testing.T
	server    string
	passwords map[string]string
	api       *client.Client
	id        string // of the case at hand
}

func newWalker(t *testing.T) *walker {
	t.Helper()
	d := startDemo(t, "--empty")
	w := &walker{t: t, server: "http://" + d.address, passwords: d.passwords}
	return w
}

func (w *walker) signIn(name string) {
	w.t.Helper()
	session := signInCommand{remote: remote{Server: w.server, Lang: "en"}}
	api, err := session.api()
	if err != nil {
		w.t.Fatal(err)
	}
	s := must(client.Read[client.Session](api.SessionStart(w.t.Context(), nil,
		client.SignInInBody{Email: name + "@demo.tanggap.id", Password: w.passwords[name]})))(w.t)
	session.Token = *s.Token
	w.api = must(session.api())(w.t)
}

// must is a value that there must be.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// call is a generated method that changes something of what an id names.
type call[P, B any] func(context.Context, string, *P, B, ...client.RequestEditorFn) (*http.Response, error)

// of is a call for a part of it.
func of[P, B any](part string, c func(context.Context, string, string, *P, B,
	...client.RequestEditorFn) (*http.Response, error)) call[P, B] {
	return func(ctx context.Context, id string, p *P, b B, e ...client.RequestEditorFn) (*http.Response, error) {
		return c(ctx, id, part, p, b, e...)
	}
}

// sent sends a change of what an id names, in a version of it; version 0 needs none.
func sent[O, P, B any](w *walker, id string, version int64, body string, c call[P, B]) (O, error) {
	w.t.Helper()
	headers := map[string]string{"Idempotency-Key": key()}
	if version > 0 {
		headers["If-Match"] = fmt.Sprintf(`"%d"`, version)
	}
	params := must(as[P](headers))(w.t)
	return client.Read[O](c(w.t.Context(), id, &params, must(as[B](json.RawMessage(body)))(w.t)))
}

// step changes the case at hand as it is now.
func step[P, B any](w *walker, body string, c call[P, B]) client.StateOutBody {
	w.t.Helper()
	file := must(client.Read[client.FileBody](w.api.CaseGet(w.t.Context(), w.id, nil)))(w.t)
	return must(sent[client.StateOutBody](w, w.id, file.Version, body, c))(w.t)
}

// made is the part that a step made.
func made(s client.StateOutBody) string {
	if s.Created == nil {
		return ""
	}
	return *s.Created
}

// refused tells whether a server refused with a status and a code.
func refused(err error, status int64, code string) bool {
	p, is := errors.AsType[*client.Problem](err)
	return is && p.Status == status && p.Code == code
}

// find makes the first case of a name the one at hand.
func (w *walker) find(name string) {
	w.t.Helper()
	found := must(client.Read[client.RowPage](w.api.CaseSearch(w.t.Context(), nil, client.SearchInBody{Name: &name})))(w.t)
	if len(found.Items) == 0 {
		w.t.Fatalf("nobody is called %s", name)
	}
	w.id = found.Items[0].Id.String()
}

const facts = `"citizenship":"wni","registered_on":"2019-01-01","contract":"permanent","firm_size":"large",
	"programmes":["jkk","jkm","jht","jp","jkn"],"reason":"EFFICIENCY_LOSS",
	"evidence":["acceptance_proof","report_receipt_regency"],"dispute":"none","reported":"yes","arrears_months":0,
	"insolvent":"no","claims_before":0,"willing":"yes","other_job":"no","employer_deactivated":"yes"`

// The whole walk of the README is gone by the generated client, over the network, against the program as it is shipped.
func TestWalkOfTheReadmeByTheGeneratedClient(t *testing.T) {
	t.Parallel()
	w := newWalker(t)
	w.signIn("pusat")
	w.takesAListIn()
	w.signIn("bandung")
	w.decides()
	w.goesAllTheWay()
	w.signIn("bandung")
	w.putsRight()
	w.preventsALayoff()
	w.signIn("auditor")
	w.provesAHistory()
}

func (w *walker) takesAListIn() {
	ctx := w.t.Context()
	file := must(os.ReadFile("../../pkg/intake/testdata/clean_500.xlsx"))(w.t)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part := must(form.CreateFormFile("file", "clean_500.xlsx"))(w.t)
	_, err := part.Write(file)
	if err = errors.Join(err, form.WriteField("employer_name", "PT Contoh Garmen"), form.WriteField("employer_region",
		"3273"), form.Close()); err != nil {
		w.t.Fatal(err)
	}
	in := must(client.Read[client.Intake](w.api.IntakeCreateWithBody(ctx,
		&client.IntakeCreateParams{IdempotencyKey: key()}, form.FormDataContentType(), &body)))(w.t)
	id := in.Id.String()
	reaches := func(state client.IntakeState) {
		w.t.Helper()
		until(w.t, "the list is "+string(state), func() bool {
			in = must(client.Read[client.Intake](w.api.IntakeGet(ctx, id, nil)))(w.t)
			return in.State == state
		})
	}
	reaches("checked")
	if in.Rows.Total != 501 || in.Rows.Valid != 500 || in.Rows.Skipped != 1 {
		w.t.Errorf("checked %+v", in.Rows)
	}
	must(client.Read[client.Intake](w.api.IntakeApply(ctx, id, &client.IntakeApplyParams{IdempotencyKey: key()})))(w.t)
	reaches("applied")
	counts := must(client.Read[client.CountsOutBody](w.api.CaseCounts(ctx, nil)))(w.t)
	if in.Rows.Opened != 500 || counts.Stages["intake"] != 500 || *counts.Total != 500 {
		w.t.Errorf("applied %+v, counted %+v", in.Rows, counts)
	}
}

func (w *walker) decides() {
	w.find("Dewi Santosa")
	claimed := must(sent[client.StateOutBody](w, w.id, 1, `{"citizenship":"wni","reason":"RESIGN","willing":"yes"}`,
		w.api.ClaimApply))(w.t)
	if claimed.Claim != "applied" || claimed.Version != 2 {
		w.t.Errorf("claimed %+v", claimed)
	}
	if _, err := sent[client.StateOutBody](w, w.id, 1, `{"text":"x"}`, w.api.CaseNote); !refused(err, 412, "case.stale") {
		w.t.Errorf("a stale note: %v", err)
	}
	if _, err := sent[client.StateOutBody](w, w.id, 2, `{}`, w.api.ClaimDecide); !refused(err, 403, "authz.forbidden") {
		w.t.Errorf("a decision by who may not: %v", err)
	}
	w.signIn("pusat")
	if decided := must(sent[client.StateOutBody](w, w.id, 2, `{}`, w.api.ClaimDecide))(w.t); decided.Claim != "refused" {
		w.t.Errorf("decided %+v", decided)
	}
	claims := must(client.Read[client.ClaimsOutBody](w.api.ClaimList(w.t.Context(), w.id, nil)))(w.t)
	text := string(must(json.Marshal(claims))(w.t))
	if !strings.Contains(text, `"code":"jkp.termination_reason"`) || !strings.Contains(text, `"result":"not_met"`) {
		w.t.Errorf("the decision says %s", text)
	}
}

func (w *walker) goesAllTheWay() {
	w.find("Kartika Santoso")
	step(w, `{"applied_on":"2025-12-15","birth_date":"1981-10-21","bank_account":"yes",
		"contributions":[{"from":"2023-01","to":"2025-11"}],`+facts+`}`, w.api.ClaimApply)
	if s := step(w, `{"occurred_on":"2025-12-17"}`, w.api.ClaimDecide); s.Claim != "running" || *s.DueFor != "month_1" {
		w.t.Errorf("decided %+v", s)
	}
	application := w.applies()
	step(w, `{"to":"interviewed","occurred_on":"2026-01-12"}`, of(application, w.api.ApplicationAdvance))
	second := func(ctx context.Context, id string, p *client.ClaimProveParams, b client.ClaimProveJSONRequestBody,
		e ...client.RequestEditorFn) (*http.Response, error) {
		return w.api.ClaimProve(ctx, id, 2, p, b, e...)
	}
	step(w, `{"occurred_on":"2026-01-18"}`, second)
	step(w, `{"batch":"72","awarded_on":"2026-01-02"}`, w.api.PrakerjaAward)
	course := made(step(w, `{"scheme":"prakerja","provider":"LPK Maju","programme":"Menjahit","starts_on":"2026-01-19"}`,
		w.api.TrainingEnrol))
	step(w, `{"to":"in_training","occurred_on":"2026-01-19"}`, of(course, w.api.TrainingAdvance))
	step(w, `{"days":[{"on":"2026-01-19","present":true},{"on":"2026-01-20","present":true}]}`,
		of(course, w.api.TrainingAttend))
	step(w, `{"to":"completed","occurred_on":"2026-01-30"}`, of(course, w.api.TrainingAdvance))
	test := made(step(w, `{"body":"LSP Garmen","scheme":"Operator jahit","units":"C.14.1","applied_on":"2026-01-30"}`,
		w.api.AssessmentApply))
	for _, to := range []string{"verified", "competent"} {
		step(w, `{"to":"`+to+`","occurred_on":"2026-02-02"}`, of(test, w.api.AssessmentAdvance))
	}
	step(w, `{"assessment":"`+test+`","training":"`+course+`","kind":"competence","number":"K-1","issuer":"LSP Garmen",
		"issued_on":"2026-02-02"}`, w.api.CertificateRecord)
	step(w, `{"occupations":["7531"],"wage":0,"reach":"province"}`, w.api.JobseekerWish)
	matches := must(client.Read[client.MatchesOutBody](w.api.MatchWorker(w.t.Context(), w.id, nil)))(w.t)
	if len(matches.Items) == 0 || matches.Items[0].Rank != 1 || matches.Items[0].Score != 100 ||
		matches.Items[0].Parts.Occupation != 40 {
		w.t.Errorf("matched %+v", matches)
	}
	step(w, `{"to":"placement"}`, w.api.CaseAdvance)
	job := made(step(w, `{"application":"`+application+`","started_on":"2026-02-10"}`, w.api.PlacementRecord))
	step(w, `{"to":"verified","occurred_on":"2026-02-12"}`, of(job, w.api.PlacementAdvance))
	step(w, `{"to":"retained_3m","occurred_on":"2026-05-10"}`, of(job, w.api.PlacementAdvance))
	if s := step(w, `{"to":"closed","outcome":"placed","end_open_parts":true}`, w.api.CaseAdvance); s.Stage != "closed" ||
		s.Claim != "stopped" || *s.Outcome != "placed" {
		w.t.Errorf("closed %+v", s)
	}
	history := must(client.Read[client.HistoryOutBody](w.api.CaseHistory(w.t.Context(), w.id, nil)))(w.t)
	if last := history.Items[len(history.Items)-1]; last.Text == "" || int(last.Seq) != len(history.Items) {
		w.t.Errorf("the history ends with %+v", last)
	}
	w.looksAtTheWork()
}

// looksAtTheWork sees what an office has to do, and what a province sees of its regencies.
func (w *walker) looksAtTheWork() {
	ctx := w.t.Context()
	w.signIn("bandung")
	work := must(as[client.WorkCountsParams](json.RawMessage(`{"kind":"certificate_renewal","until":"2100-01-01"}`)))(w.t)
	counts := must(client.Read[client.WorkCountsOutBody](w.api.WorkCounts(ctx, &work)))(w.t)
	if counts.Due+counts.Overdue != 1 || len(counts.Items) != 1 || counts.Items[0].Kind != "certificate_renewal" {
		w.t.Errorf("the work is %+v", counts)
	}
	w.signIn("jabar")
	closed := must(as[client.CaseListParams](json.RawMessage(`{"stage":["closed"],"limit":1}`)))(w.t)
	list := must(client.Read[client.RowPage](w.api.CaseList(ctx, &closed)))(w.t)
	if len(list.Items) != 1 || list.Items[0].Outcome == nil || *list.Items[0].Outcome != "placed" {
		w.t.Errorf("closed in the province: %+v", list)
	}
	late := must(as[client.CaseListParams](json.RawMessage(`{"overdue":true,"limit":1}`)))(w.t)
	list = must(client.Read[client.RowPage](w.api.CaseList(ctx, &late)))(w.t)
	if len(list.Items) != 1 || list.Items[0].DueFor == nil || *list.Items[0].DueFor != "claim" || list.NextCursor == nil {
		w.t.Errorf("late in the province: %+v", list)
	}
	_, err := client.Read[client.FileBody](w.api.CaseGet(ctx, "0190a7b0-1111-7222-8333-444455556666", nil))
	if !refused(err, 404, "case.not_found") {
		w.t.Errorf("a case of nobody: %v", err)
	}
	law := must(client.Read[client.LawListOutBody](w.api.LawList(ctx, nil)))(w.t)
	if len(law.Items) != 0 {
		w.t.Errorf("the law was changed by %+v", law.Items)
	}
}

// applies applies for five vacancies of the register, and gives the last application.
func (w *walker) applies() (application string) {
	var items []string
	for n := range 5 {
		items = append(items, fmt.Sprintf(`{"region":"3273","employer":"PT Maju %d","title":"Penjahit","occupation":"7531",
			"units":"C.14.1","openings":3,"reference":"README-%[1]d"}`, n+1))
	}
	body := must(as[client.VacancyReportJSONRequestBody](json.RawMessage(`{"source":"karirhub","items":[` +
		strings.Join(items, ",") + `]}`)))(w.t)
	reported := must(client.Read[client.ReportVacanciesOutBody](w.api.VacancyReport(w.t.Context(),
		&client.VacancyReportParams{IdempotencyKey: key()}, body)))(w.t)
	for _, v := range reported.Items {
		must(sent[client.Vacancy](w, *v.Id, 1, `{"to":"open"}`, w.api.VacancyMove))(w.t)
		application = made(step(w, `{"vacancy":"`+*v.Id+`","applied_on":"2026-01-05"}`, w.api.ApplicationRecord))
	}
	return application
}

func (w *walker) putsRight() {
	w.find("Zainal Setiawan")
	if _, err := sent[client.StateOutBody](w, w.id, 1, `{"nik":"3273250904889147","reason":"KTP"}`,
		w.api.WorkerCorrect); !refused(err, 409, "worker.nik_taken") {
		w.t.Errorf("a NIK of somebody else: %v", err)
	}
	s := step(w, `{"wage":2640000,"terminated_on":"2026-08-18","bank_account":"0123-01-012345","reason":"Slip upah"}`,
		w.api.WorkerCorrect)
	if s.Consequences == nil || (*s.Consequences)[0].Field != "due_on" {
		w.t.Errorf("corrected %+v", s)
	}
	w.signIn("pusat")
	claim := made(step(w, `{"applied_on":"2026-09-01","contributions":[{"from":"2023-01","to":"2026-07"}],`+facts+`}`,
		w.api.ClaimApply))
	if _, err := sent[client.StateOutBody](w, w.id, 3, `{"occurred_on":"2026-09-03"}`, w.api.ClaimDecide); !refused(err,
		409, "claim.undecided") && !refused(err, 422, "claim.undecided") {
		w.t.Errorf("a decision without a fact: %v", err)
	}
	step(w, `{"facts":{"bank_account":"yes"},"reason":"Buku tabungan dibawa"}`, of(claim, w.api.ClaimCorrect))
	if s := step(w, `{"occurred_on":"2026-09-03"}`, w.api.ClaimDecide); s.Claim != "running" {
		w.t.Errorf("decided %+v", s)
	}
	job := made(step(w, `{"employer":"PT Lain","position":"Operator","started_on":"2026-10-01"}`, w.api.PlacementRecord))
	if s := step(w, `{"reason":"Pekerja lain"}`, of(job, w.api.PartVoid)); s.Claim != "running" {
		w.t.Errorf("voided %+v", s)
	}
}

func (w *walker) preventsALayoff() {
	body := must(as[client.LayoffCreateJSONRequestBody](json.RawMessage(`{"employer":{"name":"PT Tekstil Maju",
		"region":"3273","kbli":"13111","kbli_edition":"2020"},"reason":"EFFICIENCY_LOSS","planned_on":"2026-08-03",
		"people_planned":120}`)))(w.t)
	l := must(client.Read[client.Layoff](w.api.LayoffCreate(w.t.Context(),
		&client.LayoffCreateParams{IdempotencyKey: key()}, body)))(w.t)
	id := l.Id.String()
	for version, event := range []string{`{"event":"notice_delivered","on":"2026-06-02","document":"12/HRD/VI/2026"}`,
		`{"event":"negotiation_started","on":"2026-06-09"}`} {
		must(sent[client.Layoff](w, id, int64(version+1), event, w.api.LayoffHappen))(w.t)
	}
	clocks := must(client.Read[client.ClocksOutBody](w.api.LayoffClocks(w.t.Context(), id, nil)))(w.t)
	if text := string(must(json.Marshal(clocks))(w.t)); !strings.Contains(text, `"due_on":"2026-07-22"`) {
		w.t.Errorf("the clocks say %s", text)
	}
	must(sent[client.Layoff](w, id, 3, `{"measures":{"reduce_shifts":"agreed","rotate_furlough":"done"},"jobs_saved":45}`,
		w.api.LayoffPrevent))(w.t)
	if l = must(sent[client.Layoff](w, id, 4, `{"reason":"New orders"}`, w.api.LayoffWithdraw))(w.t); l.State !=
		"withdrawn" {
		w.t.Errorf("withdrawn %+v", l)
	}
	august := must(as[client.ReportGetParams](json.RawMessage(`{"from":"2026-08-01","until":"2026-08-31"}`)))(w.t)
	report := must(client.Read[client.Report](w.api.ReportGet(w.t.Context(), "prevention", &august)))(w.t)
	if report.Totals["layoffs"] != 1 || report.Totals["withdrawn"] != 1 || report.Totals["planned"] != 120 {
		w.t.Errorf("prevented %+v", report.Totals)
	}
}

func (w *walker) provesAHistory() {
	ctx, region := w.t.Context(), "3273"
	ordered := must(client.Read[client.Ordered](w.api.ExportCreate(ctx, &client.ExportCreateParams{IdempotencyKey: key()},
		client.OrderInBody{Region: &region})))(w.t)
	id := ordered.Id.String()
	if err := following(ctx, 100*time.Millisecond, func() (bool, error) {
		x, err := client.Read[client.Export](w.api.ExportGet(ctx, id, nil))
		return x.State != "ready" && x.State != "failed", err
	}); err != nil {
		w.t.Fatal(err)
	}
	path := w.t.TempDir() + "/history.zip.age"
	file := must(os.Create(path))(w.t)
	err := client.Save(must(w.api.ExportFile(ctx, id, nil))(w.t), file)
	if err = errors.Join(err, file.Close()); err != nil {
		w.t.Fatal(err)
	}
	p := &process{t: w.t, env: append(os.Environ(), "TANGGAP_PASSPHRASE="+*ordered.Passphrase)}
	if out := p.run("verify", "--lang", "en", path); !strings.HasPrefix(out, "OK: ") || !strings.Contains(out,
		"of 13 cases") {
		w.t.Errorf("verify says %s", out)
	}
	if _, err := sent[client.StateOutBody](w, w.id, 9, `{"text":"x"}`, w.api.CaseNote); !refused(err, 403,
		"authz.forbidden") {
		w.t.Errorf("a note by an auditor: %v", err)
	}
}
