package intakestore_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

var form = intake.Form{EmployerName: "PT Maju", EmployerNIB: "1234567890123", EmployerRegion: "3273",
	Reference: "PHK-1", Reason: "efficiency_loss", PlannedOn: calendar.MustDate("2026-12-01")}

// upload keeps a file of the officer's.
func upload(t *testing.T, o *storetest.Office, op authz.Op, file string) intake.Intake {
	t.Helper()
	in, made, err := o.CreateIntake(t.Context(), op, intake.Intake{Region: op.Scope.Regions()[0], FileName: "phk.xlsx",
		Form: form}, []byte(file))
	storetest.OK(t, err)
	if !made {
		t.Fatalf("the intake of %q was there", file)
	}
	return in
}

// worker is a row of a list whose NIK is made of n.
func worker(t *testing.T, code region.Code, n int, status sheet.Status) sheet.Row {
	t.Helper()
	p := storetest.Opening(t, code, n).Person
	return sheet.Row{Key: n, Number: n, Status: status, Reasons: []sheet.Reason{{Code: sheet.CodeRegionOutOfScope,
		Args: map[string]string{"n": fmt.Sprint(n)}}}, Worker: sheet.Worker{NIK: p.NIK, Name: p.Name,
		BirthDate: calendar.MustDate("1990-02-03"), Sex: identity.Female,
		Position: "Penjahit", Wage: 4_000_000 + 1, TerminationDate: calendar.MustDate("2026-11-01"),
		Address: identity.NewSecret("Jl. Merdeka 1"), Regency: code}}
}

// checked is an intake with a report of the rows.
func checked(t *testing.T, o *storetest.Office, op authz.Op, rows ...sheet.Row) intake.Intake {
	t.Helper()
	in := upload(t, o, op, "berkas")
	storetest.OK(t, o.SaveCheck(t.Context(), op.Scope, in.ID, intake.Check{Rows: rows}))
	return get(t, o, in.ID)
}

func get(t *testing.T, o *storetest.Office, id uuid.UUID) intake.Intake {
	t.Helper()
	in, err := o.GetIntake(t.Context(), authz.Everywhere(), id)
	storetest.OK(t, err)
	return in
}

func jobs(t *testing.T, o *storetest.Office, kind string) int {
	t.Helper()
	return o.CountRows(t, "select count(*) from river.river_job where kind = $1", kind)
}

func asOpening(in intake.Intake, w sheet.Worker) casework.Opening {
	return casework.Opening{Source: "intake", Case: casework.Case{Region: w.Regency, LayoffID: in.Layoff,
		TerminatedOn: w.TerminationDate, OpenedOn: storetest.Today}, Person: casework.Person{Name: w.Name, NIK: w.NIK,
		BirthDate: w.BirthDate, Sex: w.Sex,
		Position: w.Position, Address: w.Address, Wage: identity.NewWage(w.Wage)}}
}

func TestAnUploadIsReadAsItCame(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	in := upload(t, o, o.Op("3273"), "isi berkas")
	want := intake.Intake{ID: in.ID, Region: "3273", Officer: o.Officer, FileName: "phk.xlsx", Form: form,
		State: intake.Checking, CreatedAt: in.CreatedAt, UpdatedAt: in.UpdatedAt, Version: 1}
	if !reflect.DeepEqual(in, want) || in.CreatedAt.IsZero() || in.UpdatedAt.IsZero() ||
		in.CreatedAt.Location() != time.UTC {
		t.Errorf("got %+v", in)
	}
	opened, file, err := o.OpenFile(t.Context(), authz.Everywhere(), in.ID)
	if err != nil || string(file) != "isi berkas" || !reflect.DeepEqual(opened, in) {
		t.Errorf("got %q of %+v, %v", file, opened, err)
	}
	var kept []byte
	storetest.OK(t, o.Admin(t).QueryRow(t.Context(), "select file from intake").Scan(&kept))
	if bytes.Contains(kept, []byte("berkas")) {
		t.Error("the file is not sealed")
	}
	if n := jobs(t, o, "intake_check"); n != 1 {
		t.Errorf("%d checks are ordered", n)
	}
}

// Only the same file with the same form of the same officer is the same intake, and only while that is alive.
func TestTheSameUploadIsOneIntake(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	op := o.Op("3273")
	first := upload(t, o, op, "berkas")
	again := func(op authz.Op, f intake.Form, file string) (uuid.UUID, bool) {
		in, made, err := o.CreateIntake(t.Context(), op, intake.Intake{Region: "3273", FileName: "lain.xlsx", Form: f},
			[]byte(file))
		storetest.OK(t, err)
		return in.ID, made
	}
	if id, made := again(op, form, "berkas"); made || id != first.ID {
		t.Errorf("got %s, made %t", id, made)
	}
	if n := jobs(t, o, "intake_check"); n != 1 {
		t.Errorf("%d checks are ordered", n)
	}
	other := form
	other.Reference = "PHK-2"
	colleague := o.As(o.Colleague(t, "3273"), "3273")
	for what, c := range map[string]struct {
		op   authz.Op
		form intake.Form
		file string
	}{"another file": {op, form, "lain"}, "another form": {op, other, "berkas"}, "another officer": {colleague, form,
		"berkas"}} {
		if id, made := again(c.op, c.form, c.file); !made || id == first.ID {
			t.Errorf("%s: got %s, made %t", what, id, made)
		}
	}
	for _, state := range []string{"refused", "cancelled", "failed"} {
		o.Do(t, "update intake set state = $1 where state = 'checking' and officer_id = $2", state, uuid.UUID(op.Actor))
		if _, made := again(op, form, "berkas"); !made {
			t.Errorf("a %s intake is taken for alive", state)
		}
		if id, made := again(op, form, "berkas"); made || get(t, o, id).State != intake.Checking {
			t.Errorf("beside a %s intake the live one is not found", state)
		}
	}
}

func TestAnIntakeIsOfItsScope(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	regency, province := upload(t, o, o.Op("3273"), "satu"), upload(t, o, o.Op("32"), "dua")
	nation := upload(t, o, o.Op(""), "tiga")
	for code, want := range map[region.Code][]uuid.UUID{"3273": {regency.ID}, "3204": nil, "32": {province.ID, regency.ID},
		"35": nil, "": {nation.ID, province.ID, regency.ID}} {
		list, err := o.ListIntakes(t.Context(), storetest.In(code), uuid.Nil, 9)
		storetest.OK(t, err)
		var got []uuid.UUID
		for _, in := range list {
			got = append(got, in.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", code, got, want)
		}
		for _, in := range []intake.Intake{regency, province, nation} {
			_, err := o.GetIntake(t.Context(), storetest.In(code), in.ID)
			_, rows := o.ListRows(t.Context(), storetest.In(code), in.ID, intake.RowFilter{Limit: 1})
			if seen := slices.Contains(want, in.ID); seen != (err == nil) || seen != (rows == nil) {
				t.Errorf("%q sees %s: %v, %v", code, in.Region, err, rows)
			}
		}
	}
	page, err := o.ListIntakes(t.Context(), authz.Everywhere(), nation.ID, 1)
	if err != nil || len(page) != 1 || page[0].ID != province.ID {
		t.Errorf("the next page is %+v, %v", page, err)
	}
	_, err = o.StartIntake(t.Context(), o.Op("3204"), regency.ID, intake.Cancelled)
	storetest.WantCode(t, err, "intake.not_found")
	_, _, err = o.OpenFile(t.Context(), authz.Everywhere(), uuid.New())
	storetest.WantCode(t, err, "intake.not_found")
}

func TestAReportIsReadAsItWasJudged(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	known := o.OpenCase(t, "3273", 2)
	in := checked(t, o, o.Op("3273"), worker(t, "3273", 1, sheet.Valid), worker(t, "3273", 2, sheet.ValidWarning),
		worker(t, "3204", 3, sheet.Reject), sheet.Row{Key: 4, Number: 4, Status: sheet.Skip})
	if in.State != intake.Checked || in.Version != 2 || in.Counts != (intake.Counts{Total: 4, Valid: 1, Warned: 1,
		Refused: 1, Skipped: 1}) {
		t.Errorf("got %+v", in)
	}
	list := func(f intake.RowFilter) []intake.Row {
		f.Limit = 9
		rows, err := o.ListRows(t.Context(), authz.Everywhere(), in.ID, f)
		storetest.OK(t, err)
		return rows
	}
	rows := list(intake.RowFilter{})
	if len(rows) != 4 || rows[0].Name != "Siti Nurhaliza 1" || rows[0].NIKMasked != "************0001" ||
		rows[0].Regency != "3273" ||
		rows[0].Reasons[0].Args["n"] != "1" || rows[0].Result != "" || rows[0].Case != (casework.ID{}) ||
		rows[1].Case != known.ID || rows[3].Number != 4 || rows[3].Regency != "" || rows[3].Name != "" {
		t.Errorf("got %+v", rows)
	}
	if rows := list(intake.RowFilter{After: 3}); len(rows) != 1 || rows[0].Number != 4 {
		t.Errorf("after the third: %+v", rows)
	}
	for status, number := range map[sheet.Status]int{sheet.Valid: 1, sheet.ValidWarning: 2, sheet.Reject: 3,
		sheet.Skip: 4} {
		if rows := list(intake.RowFilter{Status: &status}); len(rows) != 1 || rows[0].Number != number {
			t.Errorf("%s: %+v", status, rows)
		}
	}
	if n := o.CountRows(t,
		"select count(*) from intake_row where (sealed is null) <> (status in ('reject', 'skip'))"); n != 0 {
		t.Errorf("%d rows keep what they need not, or not what they need", n)
	}
}

// A check that comes late, or again, changes nothing that was decided meanwhile.
func TestAReportIsSavedWhileChecking(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	op := o.Op("3273")
	refused := upload(t, o, op, "rusak")
	storetest.OK(t, o.SaveCheck(t.Context(), op.Scope, refused.ID,
		intake.Check{Refusal: intake.Refusal{Code: "sheet.unreadable", Args: map[string]string{"row": "7"}}}))
	in := get(t, o, refused.ID)
	if in.State != intake.Refused || in.Refusal.Code != "sheet.unreadable" || in.Refusal.Args["row"] != "7" ||
		in.Version != 2 {
		t.Errorf("got %+v", in)
	}
	storetest.OK(t, o.SaveCheck(t.Context(), op.Scope, refused.ID,
		intake.Check{Rows: []sheet.Row{worker(t, "3273", 1, sheet.Valid)}}))
	if now := get(t, o, refused.ID); !reflect.DeepEqual(now, in) {
		t.Errorf("got %+v", now)
	}
	if n := o.CountRows(t, "select count(*) from intake_row"); n != 0 {
		t.Errorf("%d rows", n)
	}
	storetest.OK(t, o.SaveCheck(t.Context(), op.Scope, uuid.New(), intake.Check{}))
}

func TestCasesAreOpenedAFewAtATime(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	op := o.Op("3273")
	known, elsewhere := o.OpenCase(t, "3273", 2), worker(t, "3273", 3, sheet.Valid)
	abroad := storetest.Opening(t, "3273", 3)
	abroad.Case.Region = "3578"
	_, err := o.Open(t.Context(), o.Request("", "3578"), abroad)
	storetest.OK(t, err)
	in := checked(t, o, op, worker(t, "3273", 1, sheet.Valid), worker(t, "3273", 2, sheet.ValidWarning), elsewhere,
		worker(t, "3273", 4, sheet.Reject))
	if left, err := o.ApplyRows(t.Context(), op, in.ID, 9, asOpening); left || err != nil {
		t.Errorf("not asked for: %t, %v", left, err)
	}
	started, err := o.StartIntake(t.Context(), op, in.ID, intake.Applying)
	storetest.OK(t, err)
	if started.State != intake.Applying || started.Layoff == uuid.Nil || jobs(t, o, "intake_apply") != 1 {
		t.Errorf("got %+v", started)
	}
	for n, want := range []intake.Counts{{Done: 2, Opened: 1, Known: 1}, {Done: 3, Opened: 1, Known: 2},
		{Done: 3, Opened: 1, Known: 2}} {
		left, err := o.ApplyRows(t.Context(), op, in.ID, 2, asOpening)
		storetest.OK(t, err)
		c := get(t, o, in.ID).Counts
		if left != (n < 2) || c.Done != want.Done || c.Opened != want.Opened || c.Known != want.Known || c.Total != 4 {
			t.Errorf("after %d: left %t, %+v", n+1, left, c)
		}
	}
	if now := get(t, o, in.ID); now.State != intake.Applied || now.Layoff != started.Layoff {
		t.Errorf("got %+v", now)
	}
	rows, err := o.ListRows(t.Context(), op.Scope, in.ID, intake.RowFilter{Limit: 9})
	storetest.OK(t, err)
	file, _, err := o.Get(t.Context(), op.Scope, rows[0].Case)
	storetest.OK(t, err)
	if rows[0].Result != intake.RowOpened || file.LayoffID != started.Layoff || file.Person.Name != "Siti Nurhaliza 1" ||
		file.Person.Wage.Reveal() != 4_000_001 || file.Person.Sex != identity.Female || file.Person.Position != "Penjahit" ||
		file.Person.BirthDate != calendar.MustDate("1990-02-03") || file.Person.Address.Reveal() != "Jl. Merdeka 1" ||
		file.TerminatedOn != calendar.MustDate("2026-11-01") {
		t.Errorf("opened: %+v, %v", rows[0], file.Case)
	}
	if rows[1].Result != intake.RowKnown || rows[1].Case != known.ID {
		t.Errorf("known: %+v", rows[1])
	}
	if rows[2].Result != intake.RowElsewhere || rows[2].Case != (casework.ID{}) || rows[3].Result != "" {
		t.Errorf("elsewhere: %+v, refused: %+v", rows[2], rows[3])
	}
	if n := o.CountRows(t, "select count(*) from intake_row where sealed is not null"); n != 0 {
		t.Errorf("%d workers are still sealed for the way", n)
	}
}

// A move that the lifecycle refuses changes nothing, and orders no work.
func TestARefusedMoveChangesNothing(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	op := o.Op("3273")
	in := upload(t, o, op, "berkas")
	_, err := o.StartIntake(t.Context(), op, in.ID, intake.Applying)
	storetest.WantCode(t, err, "intake.transition_refused")
	if now := get(t, o, in.ID); !reflect.DeepEqual(now, in) || jobs(t, o, "intake_apply") != 0 {
		t.Errorf("got %+v", now)
	}
	if n := o.CountRows(t, "select count(*) from layoff"); n != 0 {
		t.Errorf("%d layoffs are reported", n)
	}
	cancelled, err := o.StartIntake(t.Context(), op, in.ID, intake.Cancelled)
	storetest.OK(t, err)
	if cancelled.State != intake.Cancelled || cancelled.Version != 2 || !cancelled.UpdatedAt.After(in.UpdatedAt) ||
		jobs(t, o, "intake_apply") != 0 {
		t.Errorf("got %+v", cancelled)
	}
}

func TestTheLastAttemptFails(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	in := upload(t, o, o.Op("3273"), "berkas")
	for n := range 2 {
		storetest.OK(t, o.FailIntake(t.Context(), in.ID, "intake.failed", 2))
		now := get(t, o, in.ID)
		if failed := now.State == intake.Failed; failed != (n == 1) || now.Attempts != n+1 ||
			(now.Refusal.Code == "intake.failed") != failed ||
			now.Version != n+1 {
			t.Errorf("after %d: %+v", n+1, now)
		}
	}
	storetest.OK(t, o.FailIntake(t.Context(), in.ID, "another", 1))
	if now := get(t, o, in.ID); now.Refusal.Code != "intake.failed" || now.Attempts != 2 {
		t.Errorf("fails again: %+v", now)
	}
	storetest.OK(t, o.FailIntake(t.Context(), uuid.New(), "intake.failed", 1))
}

func TestWorkThatRestsIsTakenUp(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	ids := map[string]uuid.UUID{}
	for _, state := range []string{"checking", "checked", "applying", "applied", "cancelled", "failed", "refused"} {
		ids[state] = upload(t, o, o.Op("3273"), state).ID
		o.Do(t, "update intake set state = $1, updated_at = now() - interval '61 seconds' where id = $2", state, ids[state])
	}
	for idle, want := range map[time.Duration]int{time.Minute: 1, time.Hour: 0} {
		check, apply, err := o.WaitingIntakes(t.Context(), idle)
		storetest.OK(t, err)
		if len(check) != want || len(apply) != want || want == 1 && (check[0] != ids["checking"] ||
			apply[0] != ids["applying"]) {
			t.Errorf("idle for %s: %v, %v", idle, check, apply)
		}
	}
}

// Without its key a file cannot be opened again: a worker in it was erased.
func TestAFileThatIsGoneIsNotOpened(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	in := upload(t, o, o.Op("3273"), "berkas")
	o.Do(t, "update intake set file_key = '' where id = $1", in.ID)
	_, file, err := o.OpenFile(t.Context(), authz.Everywhere(), in.ID)
	storetest.WantCode(t, err, "intake.file_gone")
	if file != nil {
		t.Error("the file is given")
	}
}
