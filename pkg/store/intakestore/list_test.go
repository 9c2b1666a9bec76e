package intakestore_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// taken keeps a list of an employer in Bandung.
func (b *bundle) taken(t *testing.T, file, reference string) (intake.Intake, bool) {
	t.Helper()
	in, made, err := b.CreateIntake(t.Context(), b.Op("3273"), intake.Intake{Region: "3273", Officer: b.Officer,
		FileName: "a.csv",
		Form:     intake.Form{EmployerName: "PT Maju", EmployerRegion: "3273", Reference: reference}}, []byte(file))
	storetest.OK(t, err)
	return in, made
}

func row(t *testing.T, n int, status sheet.Status) sheet.Row {
	t.Helper()
	o := storetest.Opening(t, "3273", n)
	return sheet.Row{Key: n, Number: n, Status: status, Worker: sheet.Worker{NIK: o.Person.NIK, Name: o.Person.Name,
		Regency:         "3273",
		TerminationDate: o.Case.TerminatedOn}}
}

func opening(_ intake.Intake, w sheet.Worker) casework.Opening {
	return casework.Opening{Source: "intake", Case: casework.Case{Region: w.Regency, TerminatedOn: w.TerminationDate,
		OpenedOn: storetest.Today},
		Person: casework.Person{Name: w.Name, NIK: w.NIK, Address: identity.NewSecret("Jl. Satu")}}
}

// The same file, form and officer is the same list while it lives; another form, and one that was ended, is another.
func TestTheSameUploadIsTheSameList(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first, made := b.taken(t, "isi", "1")
	if !made || first.State != intake.Checking || first.FileName != "a.csv" || first.Officer != b.Officer {
		t.Errorf("made %t: %+v", made, first)
	}
	for name, c := range map[string]struct {
		file, reference string
		same            bool
	}{"again": {"isi", "1", true}, "another form": {"isi", "2", false}, "another file": {"isi ", "1", false}} {
		if got, made := b.taken(t, c.file, c.reference); (got.ID == first.ID) != c.same || made == c.same {
			t.Errorf("%s: made %t", name, made)
		}
	}
	for _, state := range []string{"refused", "cancelled", "failed"} {
		one, _ := b.taken(t, "isi", state)
		b.Tamper(t, "update intake set state = '"+state+"', refusal = 'x' where id = '"+one.ID.String()+"'")
		again, made := b.taken(t, "isi", state)
		if again.ID == one.ID || !made {
			t.Errorf("%s: the list that has ended is the same", state)
		}
		if third, made := b.taken(t, "isi", state); third.ID != again.ID || made {
			t.Errorf("%s: beside one that has ended the live one is not found", state)
		}
	}
}

// The file opens for whoever has the list, and nobody else finds it.
func TestTheFileOfAList(t *testing.T) {
	t.Parallel()
	b := setup(t)
	in, _ := b.taken(t, "isi rahasia", "1")
	for code, want := range map[region.Code]string{"3273": "", "": "", "3204": "intake.not_found"} {
		_, file, err := b.OpenFile(t.Context(), storetest.In(code), in.ID)
		storetest.WantCode(t, err, want)
		if (string(file) == "isi rahasia") != (want == "") {
			t.Errorf("%q: %q", code, file)
		}
	}
	if n := b.CountRows(t, "select count(*) from intake where position('rahasia'::bytea in file) > 0"); n != 0 {
		t.Error("the file lies there in clear")
	}
	b.Tamper(t, "update intake set file_key = '', file = ''")
	_, _, err := b.OpenFile(t.Context(), storetest.In("3273"), in.ID)
	storetest.WantCode(t, err, "intake.file_gone")
}

// The usable rows become cases, those with a warning too; the refused ones stay in the report. A worker with
// an open case keeps it, one whose case is closed gets a new one.
func TestWhichRowsBecomeCases(t *testing.T) {
	t.Parallel()
	b := setup(t)
	known, closed := b.OpenCase(t, "3273", 3), b.OpenCase(t, "3273", 4)
	_, err := b.Change(t.Context(), b.Request("", "3273"), closed.ID, 1, storetest.Advance(casework.Closed))
	storetest.OK(t, err)
	b.OpenCase(t, "3204", 5)
	in, _ := b.taken(t, "isi", "1")
	elsewhere := row(t, 6, sheet.Valid)
	elsewhere.Worker.NIK = storetest.Opening(t, "3204", 5).Person.NIK
	rows := []sheet.Row{row(t, 1, sheet.Valid), row(t, 2, sheet.ValidWarning), row(t, 3, sheet.Valid), row(t, 4,
		sheet.Valid), elsewhere,
		row(t, 7, sheet.Reject)}
	storetest.OK(t, b.SaveCheck(t.Context(), storetest.In("3273"), in.ID, intake.Check{Rows: rows}))
	dry, err := b.ListRows(t.Context(), storetest.In("3273"), in.ID, intake.RowFilter{Limit: 9})
	storetest.OK(t, err)
	for i, want := range []casework.ID{{}, {}, known.ID, {}, {}, {}} { // a closed case, and one elsewhere, are not told of
		if dry[i].Case != want {
			t.Errorf("row %d of the dry run is of case %v, want %v", dry[i].Number, dry[i].Case, want)
		}
	}
	_, err = b.StartIntake(t.Context(), b.Op("3273"), in.ID, intake.Applying)
	storetest.OK(t, err)
	for left, n := true, 0; left; n++ {
		left, err = b.ApplyRows(t.Context(), b.Op("3273"), in.ID, 2, opening)
		storetest.OK(t, err)
		if n > 9 {
			t.Fatal("there is always a row left")
		}
	}
	list, err := b.ListRows(t.Context(), storetest.In("3273"), in.ID, intake.RowFilter{Limit: 9})
	storetest.OK(t, err)
	var got []intake.Result
	for _, r := range list {
		got = append(got, r.Result)
	}
	if want := []intake.Result{intake.RowOpened, intake.RowOpened, intake.RowKnown, intake.RowOpened,
		intake.RowElsewhere, ""}; !slices.Equal(got, want) {
		t.Errorf("became %q, want %q", got, want)
	}
	if list[2].Case != known.ID || list[3].Case == closed.ID || list[4].Case != (casework.ID{}) {
		t.Errorf("the cases are %v, %v, %v", list[2].Case, list[3].Case, list[4].Case)
	}
	in, err = b.GetIntake(t.Context(), storetest.In("3273"), in.ID)
	storetest.OK(t, err)
	if c := in.Counts; in.State != intake.Applied || c.Total != 6 || c.Valid != 4 || c.Warned != 1 || c.Refused != 1 ||
		c.Done != 5 || c.Opened != 3 || c.Known != 2 {
		t.Errorf("%s: %+v", in.State, in.Counts)
	}
	if n := b.CountRows(t, "select count(*) from intake_row where sealed is not null and result is not null"); n != 0 {
		t.Errorf("%d rows are still sealed that are needed no more", n)
	}
}

// A report is read page by page and by verdict.
func TestWhichRowsAreListed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	in, _ := b.taken(t, "isi", "1")
	rows := []sheet.Row{row(t, 1, sheet.Valid), row(t, 2, sheet.Reject), row(t, 3, sheet.Valid), row(t, 4,
		sheet.ValidWarning)}
	storetest.OK(t, b.SaveCheck(t.Context(), storetest.In("3273"), in.ID, intake.Check{Rows: rows}))
	for name, c := range map[string]struct {
		f    intake.RowFilter
		want []int
	}{
		"all":            {intake.RowFilter{Limit: 9}, []int{1, 2, 3, 4}},
		"a page":         {intake.RowFilter{Limit: 2}, []int{1, 2}},
		"the page after": {intake.RowFilter{Limit: 9, After: 2}, []int{3, 4}},
		"the good ones":  {intake.RowFilter{Limit: 9, Status: new(sheet.Valid)}, []int{1, 3}},
		"the refused":    {intake.RowFilter{Limit: 9, Status: new(sheet.Reject)}, []int{2}},
	} {
		list, err := b.ListRows(t.Context(), storetest.In("3273"), in.ID, c.f)
		storetest.OK(t, err)
		var got []int
		for _, r := range list {
			got = append(got, r.Number)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	_, err := b.ListRows(t.Context(), storetest.In("3204"), in.ID, intake.RowFilter{Limit: 9})
	storetest.WantCode(t, err, "intake.not_found")
	for code, want := range map[region.Code]int{"3273": 1, "": 1, "3204": 0} {
		list, err := b.ListIntakes(t.Context(), storetest.In(code), uuid.Nil, 9)
		storetest.OK(t, err)
		if len(list) != want {
			t.Errorf("%q: %d lists", code, len(list))
		}
	}
}

// Each step of a list in each state.
func TestEachStepOfAListInEachState(t *testing.T) {
	t.Parallel()
	b := setup(t)
	may := map[intake.State][]intake.State{intake.Checking: {intake.Cancelled}, intake.Checked: {intake.Applying,
		intake.Cancelled},
		intake.Applying: {intake.Cancelled}, intake.Cancelled: {intake.Applying}, intake.Failed: {intake.Applying}}
	for _, from := range []intake.State{intake.Checking, intake.Checked, intake.Refused, intake.Applying, intake.Applied,
		intake.Cancelled, intake.Failed} {
		for _, to := range []intake.State{intake.Applying, intake.Cancelled} {
			in, _ := b.taken(t, string(from)+string(to), "1")
			b.Tamper(t,
				"update intake set state = '"+string(from)+"', rows_total = 3, rows_valid = 3, refusal = case when '"+string(from)+
					"' in ('refused', 'failed') then 'x' end where id = '"+in.ID.String()+"'")
			got, err := b.StartIntake(t.Context(), b.Op("3273"), in.ID, to)
			want := "intake.transition_refused"
			if slices.Contains(may[from], to) {
				want = ""
			}
			storetest.WantCode(t, err, want)
			if want == "" && got.State != to {
				t.Errorf("%s to %s: %s", from, to, got.State)
			}
		}
	}
	in, _ := b.taken(t, "isi", "9")
	_, err := b.StartIntake(t.Context(), b.Op("3204"), in.ID, intake.Cancelled)
	storetest.WantCode(t, err, "intake.not_found")
	_, err = b.StartIntake(t.Context(), authz.Op{Actor: b.Officer, Scope: storetest.In("3273")}, uuid.New(),
		intake.Cancelled)
	storetest.WantCode(t, err, "intake.not_found")
}

// What was read of a file stands beside the list, and the rows of a second sheet have their own numbers.
func TestWhatWasReadIsKept(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	in := upload(t, o, o.Op("3273"), "dua lembar")
	first, second := worker(t, "3273", 1, sheet.Valid), worker(t, "3273", 2, sheet.Reject)
	first.Sheet, second.Sheet, second.Key, second.Number = "Bekasi", "Karawang", 9, 2
	read := intake.Reading{Sheets: []sheet.Sheet{{Name: "Bekasi", Header: 1, Workers: 1}}, Encoding: "utf-8",
		Notes: []sheet.Note{{Code: sheet.NoteSheetHidden, Args: map[string]string{"sheet": "Lama", "rows": "3"}}}}
	storetest.OK(t, o.SaveCheck(t.Context(), storetest.In("3273"), in.ID,
		intake.Check{Rows: []sheet.Row{first, second}, Reading: read}))
	if now := get(t, o, in.ID); !reflect.DeepEqual(now.Reading, read) {
		t.Errorf("kept as %+v", now.Reading)
	}
	rows, err := o.ListRows(t.Context(), storetest.In("3273"), in.ID, intake.RowFilter{Limit: 9})
	if err != nil || len(rows) != 2 || rows[0].Sheet != "Bekasi" || rows[1].Sheet != "Karawang" || rows[1].Number != 2 ||
		rows[1].Key != 9 {
		t.Errorf("rows %+v, %v", rows, err)
	}
}
