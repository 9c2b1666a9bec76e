package vacancystore_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/vacancy"
)

func offer(n byte, code region.Code, occupation string) vacancy.Vacancy {
	day := calendar.MustDate("2026-11-23")
	return vacancy.Vacancy{ID: uuid.UUID{15: n}, Region: code, Employer: "PT Baru", Title: "Penjahit",
		Occupation: occupation, Units: "A.1",
		Wage: 4_000_000, Openings: 3, StartsOn: day.AddDays(9), PostedOn: day, ExpiresOn: day.AddDays(30),
		State: vacancy.Reported, Source: "dinas",
		Reference: string(rune('a' + n)), Version: 1}
}

// A vacancy comes back as it was kept; one with a source and reference that are there is that one.
func TestAVacancyIsKeptOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := offer(1, "3273", "7531")
	rows, err := b.CreateVacancies(t.Context(), b.Op(""), []vacancy.Vacancy{first})
	storetest.OK(t, err)
	got, err := b.GetVacancy(t.Context(), rows[0].ID)
	storetest.OK(t, err)
	if got != first || rows[0].Known {
		t.Errorf("kept as %+v, known %t", got, rows[0].Known)
	}
	again, other := first, offer(2, "3273", "7531")
	again.ID = uuid.UUID{15: 9}
	other.Source, other.Reference = "situs", first.Reference
	rows, err = b.CreateVacancies(t.Context(), b.Op(""), []vacancy.Vacancy{again, other})
	storetest.OK(t, err)
	if !rows[0].Known || rows[0].ID != first.ID || rows[1].Known || rows[1].ID != other.ID {
		t.Errorf("got %+v", rows)
	}
	if got, err = b.GetVacancy(t.Context(), first.ID); err != nil || got != first {
		t.Errorf("changed to %+v, %v", got, err)
	}
	_, err = b.GetVacancy(t.Context(), uuid.New())
	storetest.WantCode(t, err, "vacancy.not_found")
}

// What its source reports otherwise is changed, whoever else reports it; a last day that is not said stays, what it
// was is kept, and a vacancy of another office or one that has ended is left as it is.
func TestAVacancyIsChanged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := offer(1, "3273", "7531")
	create := func(v vacancy.Vacancy, codes ...region.Code) vacancy.Row {
		t.Helper()
		rows, err := b.CreateVacancies(t.Context(), b.Op(codes...), []vacancy.Vacancy{v})
		storetest.OK(t, err)
		return rows[0]
	}
	create(first, "")
	toOpen := func(vacancy.Vacancy) (vacancy.State, error) { return vacancy.Open, nil }
	_, err := b.MoveVacancy(t.Context(), b.Op(""), first.ID, toOpen)
	storetest.OK(t, err)
	again := first
	again.ID, again.Title, again.Openings = uuid.UUID{15: 9}, "Penjahit senior", 4
	again.Undated, again.ExpiresOn = true, again.ExpiresOn.AddDays(9)
	if row := create(again, "3273"); row.ID != first.ID || row.Changed != "title openings" || row.Refused != "" {
		t.Errorf("got %+v", row)
	}
	got, err := b.GetVacancy(t.Context(), first.ID)
	want := first
	want.Title, want.Openings, want.Version = "Penjahit senior", 4, 3
	if err != nil || got != want {
		t.Errorf("it is %+v, %v", got, err)
	}
	changes, err := b.VacancyChanges(t.Context(), first.ID)
	if err != nil || len(changes) != 1 || changes[0].Version != 2 || changes[0].By != b.Officer ||
		len(changes[0].Fields) != 2 ||
		changes[0].Fields[0] != (vacancy.FieldChange{Field: "title", From: "Penjahit", To: "Penjahit senior"}) {
		t.Errorf("kept %+v, %v", changes, err)
	}
	again.Title = "Lain"
	if row := create(again, "3204"); row.Refused != "vacancy.region_out_of_scope" {
		t.Errorf("of another office: %+v", row)
	}
	toEnd := func(vacancy.Vacancy) (vacancy.State, error) { return vacancy.Withdrawn, nil }
	_, err = b.MoveVacancy(t.Context(), b.Op(""), first.ID, toEnd)
	storetest.OK(t, err)
	if row := create(again, "3273"); row.Refused != "vacancy.ended" {
		t.Errorf("after its end: %+v", row)
	}
	if got, err = b.GetVacancy(t.Context(), first.ID); err != nil || got.Title != "Penjahit senior" {
		t.Errorf("it is %+v, %v", got, err)
	}
}

// A list holds what its filter says, the newest first.
func TestWhichVacanciesAreListed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := b.CreateVacancies(t.Context(), b.Op(""), []vacancy.Vacancy{offer(1, "3273", "7531"), offer(2, "3273",
		"7611"),
		offer(3, "3204", "7532"), offer(4, "3578", "7531")})
	storetest.OK(t, err)
	toOpen := func(vacancy.Vacancy) (vacancy.State, error) { return vacancy.Open, nil }
	opened, err := b.MoveVacancy(t.Context(), b.Op(""), uuid.UUID{15: 3}, toOpen)
	storetest.OK(t, err)
	if opened.State != vacancy.Open || opened.Version != 2 {
		t.Errorf("opened as %+v", opened)
	}
	place := func(code region.Code) *region.Code { return &code }
	for name, c := range map[string]struct {
		f    vacancy.Filter
		want []byte
	}{
		"all":                  {vacancy.Filter{}, []byte{4, 3, 2, 1}},
		"a page":               {vacancy.Filter{Limit: 2}, []byte{4, 3}},
		"the page after":       {vacancy.Filter{After: uuid.UUID{15: 3}}, []byte{2, 1}},
		"of a regency":         {vacancy.Filter{Region: place("3273")}, []byte{2, 1}},
		"of a province":        {vacancy.Filter{Region: place("32")}, []byte{3, 2, 1}},
		"a page of a province": {vacancy.Filter{Region: place("32"), Limit: 2}, []byte{3, 2}},
		"an occupation":        {vacancy.Filter{Occupation: new("7531")}, []byte{4, 1}},
		"a group of them":      {vacancy.Filter{Occupation: new("753")}, []byte{4, 3, 1}},
		"a wider one":          {vacancy.Filter{Occupation: new("7")}, []byte{4, 3, 2, 1}},
		"another one":          {vacancy.Filter{Occupation: new("8")}, nil},
		"in a state":           {vacancy.Filter{State: new(vacancy.Open)}, []byte{3}},
		"in one there":         {vacancy.Filter{State: new(vacancy.Reported), Region: place("32")}, []byte{2, 1}},
		"of a fair":            {vacancy.Filter{Fair: new(uuid.New())}, nil},
	} {
		if c.f.Limit == 0 {
			c.f.Limit = 9
		}
		list, err := b.ListVacancies(t.Context(), c.f)
		storetest.OK(t, err)
		var got []byte
		for _, x := range list {
			got = append(got, x.ID[15])
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Of a fair all vacancies count, and of the workers those in the scope: who applied, who was called, who was hired.
func TestWhatCameOfAFair(t *testing.T) {
	t.Parallel()
	b := setup(t)
	fair, err := b.CreateFair(t.Context(), b.Op(""), vacancy.Fair{ID: uuid.UUID{15: 9}, Region: "3273", Name: "Bursa",
		Venue:  "Aula",
		HeldOn: calendar.MustDate("2026-11-20")})
	storetest.OK(t, err)
	at, other := offer(1, "3273", "7531"), offer(2, "3273", "7532")
	at.Fair, other.Fair = fair.ID, fair.ID
	_, err = b.CreateVacancies(t.Context(), b.Op(""), []vacancy.Vacancy{at, other, offer(3, "3273", "7533")})
	storetest.OK(t, err)
	apply := func(code region.Code, n int, to uuid.UUID, state, called string) {
		b.Tamper(t, fmt.Sprintf(`insert into application (id, case_id, region, state, employer, position, vacancy_id,
			applied_on, called_on)
			values (gen_random_uuid(), '%s', '%s', '%s', 'PT Baru', 'x', '%s', '2026-11-20', %s)`, b.OpenCase(t, code, n).ID,
			code, state, to, called))
	}
	apply("3273", 1, at.ID, "submitted", "null")
	apply("3273", 2, at.ID, "interviewed", "'2026-11-21'")
	apply("3273", 3, other.ID, "hired", "'2026-11-21'")
	apply("3273", 4, uuid.UUID{15: 3}, "hired", "'2026-11-21'")
	apply("3204", 5, at.ID, "hired", "null")
	for scope, want := range map[region.Code][3]int{"3273": {3, 2, 1}, "32": {4, 2, 2}, "35": {0, 0, 0}} {
		got, err := b.FairResult(t.Context(), storetest.In(scope), fair.ID)
		storetest.OK(t, err)
		if got.Employers != 1 || got.Vacancies != 2 || got.Openings != 6 || [3]int{got.Applicants, got.Interviewed,
			got.Hired} != want {
			t.Errorf("%s: %+v, want %v", scope, got, want)
		}
	}
	_, err = b.FairResult(t.Context(), storetest.In(""), uuid.New())
	storetest.WantCode(t, err, "job_fair.not_found")
}

// After a fair only what its own source had reported before is taken again; what is new is refused, and not kept.
func TestAfterAFairOnlyWhatWasReportedComesAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := offer(1, "3273", "7531")
	_, err := b.CreateVacancies(t.Context(), b.Op(""), []vacancy.Vacancy{first})
	storetest.OK(t, err)
	for name, c := range map[string]struct {
		source, reference, refused string
		over                       bool
	}{
		"the same again":         {first.Source, first.Reference, "", true},
		"of another source":      {"situs", first.Reference, "job_fair.over", true},
		"another of its source":  {first.Source, "lain", "job_fair.over", true},
		"another, before it ran": {first.Source, "lebih awal", "", false},
	} {
		v := first
		v.ID, v.Source, v.Reference, v.FairOver = uuid.New(), c.source, c.reference, c.over
		rows, err := b.CreateVacancies(t.Context(), b.Op(""), []vacancy.Vacancy{v})
		storetest.OK(t, err)
		if known := v.Reference == first.Reference && c.refused == ""; rows[0].Refused != c.refused ||
			rows[0].Known != known {
			t.Errorf("%s: %+v", name, rows[0])
		}
		kept := b.CountRows(t, "select count(*) from vacancy where source = $1 and reference = $2", c.source, c.reference)
		if (kept == 1) != (c.refused == "") {
			t.Errorf("%s: %d are kept", name, kept)
		}
	}
}
