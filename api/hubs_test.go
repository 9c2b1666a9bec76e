package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
)

// A class has as many places as it has: the next worker is told, and a place that is given back can be taken again.
func TestAClassHasItsPlaces(t *testing.T) {
	t.Parallel()
	o := apitest.New(t).Officer(t, authz.Supervisor, "3273")
	var class struct {
		ID   string
		Free int
	}
	o.Call(t, http.MethodPost, "/v1/classes", map[string]any{"region": "3273", "provider": "BLK", "kind": "public",
		"programme": "Las", "scheme": "blk", "places": 1, "starts_on": "2026-11-02", "ends_on": "2026-12-02"}).JSON(t, &class)
	first, second := o.Open(t, "3273", 1, "Siti"), o.Open(t, "3273", 2, "Budi")
	o.Change(t, &first, "/trainings", map[string]any{"class": class.ID, "enrolled_on": "2026-11-02"})
	taken := first.Created
	if a := o.Change(t, &second, "/trainings", map[string]any{"class": class.ID, "enrolled_on": "2026-11-02"}); a.Code() != "class.full" {
		t.Errorf("a second worker on one place: %d %s", a.Status, a.Body)
	}
	free := func() int {
		var list struct{ Items []struct{ Free int } }
		o.Call(t, http.MethodGet, "/v1/classes?region=32", nil).JSON(t, &list)
		return list.Items[0].Free
	}
	if free() != 0 {
		t.Error("the class shows a place that is taken")
	}
	if a := o.Change(t, &first, "/trainings/"+taken+"/transitions", map[string]any{"to": "dropped"}); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := o.Change(t, &second, "/trainings", map[string]any{"class": class.ID, "enrolled_on": "2026-11-02"}); a.Status != http.StatusCreated ||
		free() != 0 {
		t.Errorf("the place given back: %d %s", a.Status, a.Body)
	}
	o.Change(t, &second, "/trainings/"+second.Created+"/transitions", map[string]any{"to": "in_training"})
	var list struct{ Trainings []struct{ ID string } }
	o.Call(t, http.MethodGet, "/v1/cases/"+second.ID+"/trainings", nil).JSON(t, &list)
	o.Change(t, &second, "/trainings/"+list.Trainings[0].ID+"/transitions", map[string]any{"to": "dropped"})
	if free() != 0 {
		t.Error("who leaves a class under way gives no place back")
	}
}

// What JKP pays for a training has the cap of its day, and the refusal names the article.
func TestAJKPTrainingHasACap(t *testing.T) {
	t.Parallel()
	o := apitest.New(t).Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	course := map[string]any{"scheme": "jkp", "provider": "LPK", "programme": "x", "starts_on": "2026-11-01",
		"cost": 2_400_001}
	if a := o.Change(t, &c, "/trainings", course); a.Code() != "training.cost_over_cap" ||
		!strings.Contains(string(a.Body), "31(3)") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	course["cost"] = 2_400_000
	if a := o.Change(t, &c, "/trainings", course); a.Status != http.StatusCreated {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// A card is recorded whatever the scheme of its day says of the worker; the first course has a last day under the
// schemes that name one, after which the card can only be revoked.
func TestAPrakerjaCardFollowsTheSchemeOfItsDay(t *testing.T) {
	t.Parallel()
	o := apitest.New(t).Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	cards := func() (list struct {
		Prakerja []struct {
			ID, State, Result, Version string
			BuyBy                      string `json:"buy_by"`
		}
	}) {
		o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/trainings", nil).JSON(t, &list)
		return list
	}
	if a := o.Change(t, &c, "/trainings", map[string]any{"scheme": "prakerja", "provider": "LPK", "programme": "x",
		"starts_on": "2026-11-01"}); a.Code() != "prakerja.no_card" {
		t.Errorf("a course without a card: %d %s", a.Status, a.Body)
	}
	o.Change(t, &c, "/prakerja", map[string]any{"batch": "65", "awarded_on": "2024-03-01", "citizen": true,
		"birth_date": "1990-01-01", "in_formal_education": true, "family_recipients": 0,
		"occupation": "other", "no_aid": true})
	card := cards().Prakerja[0]
	if card.State != "awarded" || card.Result != "ineligible" || card.Version != "normal-2023" ||
		card.BuyBy != "2024-03-16" {
		t.Errorf("%+v", card)
	}
	if a := o.Change(t, &c, "/prakerja", map[string]any{"batch": "66",
		"awarded_on": "2024-04-01"}); a.Code() != "prakerja.already_awarded" {
		t.Errorf("a second card: %d %s", a.Status, a.Body)
	}
	if a := o.Change(t, &c, "/trainings", map[string]any{"scheme": "prakerja", "provider": "LPK", "programme": "x",
		"starts_on": "2026-11-01"}); a.Code() != "prakerja.purchase_late" {
		t.Errorf("a late purchase: %d %s", a.Status, a.Body)
	}
	o.Change(t, &c, "/prakerja/"+card.ID+"/revocation", nil)
	o.Change(t, &c, "/prakerja", map[string]any{"batch": "72", "awarded_on": "2026-11-01"})
	list := cards().Prakerja
	if len(list) != 2 || list[0].State != "revoked" || list[1].Result != "undetermined" || list[1].BuyBy != "" {
		t.Errorf("%+v", list)
	}
	if a := o.Change(t, &c, "/trainings", map[string]any{"scheme": "prakerja", "provider": "LPK", "programme": "x",
		"starts_on": "2026-11-01"}); a.Status != http.StatusCreated || cards().Prakerja[1].State != "used" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// An AK-1 card is good for two years, reported every six months; one that is not has lapsed, and only then comes
// another.
func TestAJobSeekerCardIsReportedEverySixMonths(t *testing.T) {
	t.Parallel()
	o := apitest.New(t).Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	cards := func() (list struct {
		Cards []struct {
			ID, State  string
			ValidUntil string `json:"valid_until"`
			ReportBy   string `json:"report_by"`
		}
	}) {
		o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/job-seeker", nil).JSON(t, &list)
		return list
	}
	o.Change(t, &c, "/job-seeker-cards", map[string]any{"number": "1", "issued_on": "2025-01-10"})
	if k := cards().Cards[0]; k.State != "lapsed" || k.ValidUntil != "2027-01-10" || k.ReportBy != "2025-07-10" {
		t.Errorf("%+v", k)
	}
	o.Change(t, &c, "/job-seeker-cards", map[string]any{"number": "2", "issued_on": "2026-01-31"})
	second := cards().Cards[1].ID
	o.Change(t, &c, "/job-seeker-cards/"+second+"/reports", map[string]any{"occurred_on": "2026-07-31"})
	if k := cards().Cards[1]; k.State != "active" || k.ReportBy != "2027-01-31" {
		t.Errorf("%+v", k)
	}
	if a := o.Change(t, &c, "/job-seeker-cards",
		map[string]any{"number": "3"}); a.Code() != "jobseeker_card.already_issued" {
		t.Errorf("another card beside a good one: %d %s", a.Status, a.Body)
	}
	o.Change(t, &c, "/placements", map[string]any{"employer": "PT", "position": "x", "started_on": "2026-11-01"})
	if k := cards().Cards[1]; k.State != "closed_hired" {
		t.Errorf("after the hire: %+v", k)
	}
}

// A list of vacancies is taken in row by row: what is wrong is named, what is known stays as it is, what is not
// verified or has expired is matched with nobody; and a job fair tells what came of it.
func TestVacanciesAreVerifiedBeforeTheyAreOffered(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, stranger := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3578")
	var fair struct{ ID string }
	o.Call(t, http.MethodPost, "/v1/job-fairs", map[string]any{"region": "3273", "name": "Bursa Kerja Bandung",
		"held_on": "2026-12-01"}).JSON(t, &fair)
	row := func(reference string, change map[string]any) map[string]any {
		v := map[string]any{"region": "3273", "employer": "PT " + reference, "title": "Penjahit", "occupation": "7531",
			"openings": 1, "reference": reference, "fair": fair.ID}
		for name, value := range change {
			v[name] = value
		}
		return v
	}
	list := []any{row("a", nil), row("b", map[string]any{"occupation": "75"}), row("c", map[string]any{"region": "3578"}),
		row("d", map[string]any{"expires_on": "2020-01-01"}), row("e", nil), row("f", nil)}
	report := func() (out struct {
		Items []struct{ ID, Result, Code string }
	}) {
		o.Call(t, http.MethodPost, "/v1/vacancies", map[string]any{"source": "portal", "items": list}).JSON(t, &out)
		return out
	}
	first := report().Items
	var got []string
	for _, r := range first {
		got = append(got, r.Result+r.Code)
	}
	if s := fmt.Sprint(
		got); s != "[reported refusedvacancy.occupation refusedvacancy.region_out_of_scope refusedvacancy.expired reported "+
		"reported]" {
		t.Error(s)
	}
	if again := report().Items; again[0].Result != "known" || again[0].ID != first[0].ID {
		t.Errorf("the same list again: %+v", again)
	}
	open := func(who *apitest.Officer, id string) apitest.Answer {
		return who.Call(t, http.MethodPost, "/v1/vacancies/"+id+"/transitions", map[string]any{"to": "open"}, "If-Match",
			`"1"`)
	}
	if a := open(stranger, first[0].ID); a.Status != http.StatusForbidden {
		t.Errorf("verified by another office: %d %s", a.Status, a.Body)
	}
	open(o, first[0].ID)
	open(o, first[4].ID)
	(&atlas{Bundle: b}).superuser(t,
		"update vacancy set posted_on = '2020-01-01', expires_on = '2020-02-01' where id = $1", first[4].ID)
	c := o.Open(t, "3273", 1, "Siti")
	if a := o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/matches", nil); a.Code() != "wish.missing" {
		t.Errorf("a match of nobody knows what: %d %s", a.Status, a.Body)
	}
	o.Change(t, &c, "/wish", map[string]any{"occupations": []string{"75"}, "reach": "regency"})
	var matches struct {
		Items []struct{ Vacancy struct{ ID string } }
	}
	o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/matches", nil).JSON(t, &matches)
	if len(matches.Items) != 1 || matches.Items[0].Vacancy.ID != first[0].ID {
		t.Errorf("%+v", matches)
	}
	if a := o.Call(t, http.MethodGet, "/v1/vacancies/"+first[4].ID, nil); !strings.Contains(string(a.Body),
		`"state":"expired"`) {
		t.Errorf("%s", a.Body)
	}

	// The officer proposes, the worker accepts, is called and hired: the fair and the judgement of the ranking know it.
	o.Change(t, &c, "/proposals", map[string]any{"vacancy": first[0].ID})
	proposal := c.Created
	o.Change(t, &c, "/proposals/"+proposal+"/answer", map[string]any{"accepted": true})
	application := c.Created
	o.Change(t, &c, "/applications/"+application+"/transitions", map[string]any{"to": "interviewed"})
	if a := o.Change(t, &c, "/placements", map[string]any{"application": application,
		"started_on": b.Services.Cases.Today("3273").String()}); a.Status != http.StatusCreated {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := o.Call(t, http.MethodGet, "/v1/job-fairs/"+fair.ID, nil); !strings.Contains(string(a.Body),
		`"employers":3,"vacancies":3,"openings":3,"applicants":1,"interviewed":1,"hired":1`) {
		t.Errorf("%s", a.Body)
	}
	if a := stranger.Call(t, http.MethodGet, "/v1/job-fairs/"+fair.ID, nil); !strings.Contains(string(a.Body),
		`"applicants":0`) {
		t.Errorf("another office counts our applicants: %s", a.Body)
	}
	if a := o.Call(t, http.MethodGet, "/v1/reports/matching", nil); !strings.Contains(string(a.Body),
		`"values":{"accepted":1,"declined":0,"hired":1,"hit_rate":100,"hits":1,"proposed":1}`) {
		t.Errorf("%s", a.Body)
	}
	var seekers struct{ Items []struct{ Case string } }
	o.Call(t, http.MethodGet, "/v1/vacancies/"+first[0].ID+"/matches", nil).JSON(t, &seekers)
	if a := stranger.Call(t, http.MethodGet, "/v1/vacancies/"+first[0].ID+"/matches",
		nil); string(a.Body) != "{\"items\":[]}\n" {
		t.Errorf("another office is shown our worker: %s", a.Body)
	}
	if len(seekers.Items) != 1 || seekers.Items[0].Case != c.ID {
		t.Errorf("%+v", seekers)
	}
}
