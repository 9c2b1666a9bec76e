package api_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/client"
)

// caller calls a server by what was generated from its description, and by nothing else.
type caller struct {
	*client.Client
	as client.RequestEditorFn
}

// signedIn signs an officer in over the network.
func signedIn(t *testing.T, address string, o *apitest.Officer) caller {
	t.Helper()
	c, err := client.NewClient("http://" + address)
	if err != nil {
		t.Fatal(err)
	}
	session := answered[client.Session](t)(c.SessionStart(t.Context(), nil, client.SignInInBody{Email: o.Email,
		Password: o.Password}))
	if session.Token == nil {
		t.Fatal("no token")
	}
	return caller{c, client.As(*session.Token)}
}

// filled is a body or parameters by their names in the description.
func filled[T any](t *testing.T, text string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func etag(version int64) string { return strconv.Quote(strconv.FormatInt(version, 10)) }

// A program that knows the description alone goes the way of a worker's claim, and learns from a refusal what to do.
func TestAGeneratedClientWorksACase(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	address := b.Listen(t)
	worker := signedIn(t, address, b.Officer(t, authz.CaseWorker, "3273"))
	head := signedIn(t, address, b.Officer(t, authz.Supervisor, "3273"))
	ctx := t.Context()

	opened := answered[client.StateOutBody](t)(worker.CaseOpen(ctx,
		&client.CaseOpenParams{IdempotencyKey: uuid.NewString()},
		filled[client.OpenInBody](t, `{"region":"3273","terminated_on":"2026-10-01","worker":{"name":"Siti Aminah",
			"nik":"3273014101900007","birth_date":"1990-01-01"}}`), worker.as))
	id := opened.Id.String()
	found := answered[client.RowPage](t)(worker.CaseSearch(ctx, nil,
		filled[client.SearchInBody](t, `{"name":"Siti Aminah"}`), worker.as))
	if len(found.Items) != 1 || found.Items[0].Id != opened.Id {
		t.Fatalf("found %+v", found.Items)
	}
	claimed := answered[client.StateOutBody](t)(worker.ClaimApply(ctx, id,
		&client.ClaimApplyParams{IfMatch: etag(opened.Version), IdempotencyKey: uuid.NewString()},
		filled[client.ClaimFacts](t,
			`{"citizenship":"wni","reason":"RESIGN","willing":"yes"}`), worker.as))
	english := "en"
	_, err := client.Read[client.StateOutBody](worker.CaseNote(ctx, id,
		&client.CaseNoteParams{IfMatch: etag(opened.Version), IdempotencyKey: uuid.NewString(), AcceptLanguage: &english},
		client.NoteInBody{Text: "x"}, worker.as))
	if p, is := errors.AsType[*client.Problem](err); !is || p.Status != 412 || p.Code != "case.stale" ||
		!strings.Contains(p.Error(), "Read it again") {
		t.Errorf("a stale note: %v", err)
	}
	_, err = client.Read[client.StateOutBody](worker.ClaimDecide(ctx, id, &client.ClaimDecideParams{
		IfMatch: etag(claimed.Version), IdempotencyKey: uuid.NewString()}, client.DecideInBody{}, worker.as))
	if p, is := errors.AsType[*client.Problem](err); !is || p.Status != 403 {
		t.Errorf("a decision by who may not: %v", err)
	}
	decided := answered[client.StateOutBody](t)(head.ClaimDecide(ctx, id, &client.ClaimDecideParams{
		IfMatch: etag(claimed.Version), IdempotencyKey: uuid.NewString()}, client.DecideInBody{}, head.as))
	file := answered[client.FileBody](t)(head.CaseGet(ctx, id, nil, head.as))
	if decided.Claim != "refused" || file.Claim != "refused" || file.Version != decided.Version ||
		file.Worker.Nik != "3273014101900007" || len(file.History) != 3 {
		t.Errorf("decided %+v, on file %+v", decided, file)
	}
}

// answered is the value of an answer that must be one.
func answered[T any](t *testing.T) func(answer *http.Response, err error) T {
	t.Helper()
	return func(answer *http.Response, err error) T {
		t.Helper()
		v, err := client.Read[T](answer, err)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// Whatever layer refuses a value of a new case: all are named at once, each as it was sent.
func TestAllThatIsWrongIsToldAtOnce(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	for name, c := range map[string]struct{ path, body, want string }{
		"form and domain": {"/v1/cases", `{"region":"3273","terminated_on":"2026-10-01","worker":{"name":"Siti",
			"nik":"3273014101900007","wage":-5,"phone":"x","email":"x"}}`, "worker.email worker.phone worker.wage"},
		"two of the domain": {"/v1/cases", `{"region":"3273","terminated_on":"2026-10-01","worker":{"name":"Siti",
			"nik":"3273014101900007","birth_date":"2035-01-01","phone":"x"}}`, "worker.birth_date worker.phone"},
		"dates and numbers": {"/v1/cases", `{"region":"3273","terminated_on":"04-12-2026","worker":{"name":"Siti",
			"nik":"3273014101900007","birth_date":"1985-02-30","wage":5000000.5,"employment":{"started_on":"x"}}}`,
			"terminated_on worker.birth_date worker.employment.started_on worker.wage"},
		"what is missing": {"/v1/cases", `{"region":"3273","worker":{"nik":"1"}}`, "terminated_on worker.name worker.nik"},
		"texts": {"/v1/cases",
			`{"region":"3273","terminated_on":"2026-10-01","worker":{"name":"S\u202ei","nik":"3273014101900007","wage":-1}}`,
			"worker.name worker.wage"},
		"an employer": {"/v1/layoffs", `{"employer":{"name":" ","nib":"12","region":"9999"},"reason":"x"}`,
			"employer.name employer.nib employer.region reason"},
		"an employer, too": {"/v1/layoffs", `{"employer":{"name":"PT","nib":"12","region":"3273"},"people_planned":-1}`,
			"employer.nib people_planned"},
	} {
		a := o.Call(t, "POST", c.path, json.RawMessage(c.body))
		var p struct{ Errors []struct{ Field string } }
		a.JSON(t, &p)
		var got []string
		for _, e := range p.Errors {
			got = append(got, e.Field)
		}
		slices.Sort(got)
		if a.Status != 422 || strings.Join(got, " ") != c.want {
			t.Errorf("%s: %d %v, want %s", name, a.Status, got, c.want)
		}
	}
}
