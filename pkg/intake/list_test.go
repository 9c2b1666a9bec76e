package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/page"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/policies"
)

var (
	noon    = time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC) // in Jakarta
	officer = authz.OfficerID{5}
)

// drawer keeps one list in memory and remembers what was asked of it.
type drawer struct {
	Store
	in      Intake
	file    []byte
	made    *Intake
	saved   [][]sheet.Row
	refusal Refusal
	reading Reading
	results []Row
	batches []int
	left    int // batches that are still to come
	applied error
	code    string
	served  int64
	busy    int64 // connections that others take while a batch runs
	started []State
	limit   int
}

func (d *drawer) CreateIntake(_ context.Context, _ authz.Op, in Intake, file []byte) (Intake, bool, error) {
	d.made, d.file = &in, file
	return in, true, nil
}

func (d *drawer) GetIntake(context.Context, authz.Scope, uuid.UUID) (Intake, error) { return d.in, nil }

func (d *drawer) OpenFile(context.Context, authz.Scope, uuid.UUID) (Intake, []byte, error) {
	return d.in, d.file, nil
}

func (d *drawer) SaveCheck(_ context.Context, _ authz.Scope, _ uuid.UUID, found Check) error {
	d.saved, d.refusal, d.reading = append(d.saved, found.Rows), found.Refusal, found.Reading
	return nil
}

func (d *drawer) StartIntake(_ context.Context, _ authz.Op, _ uuid.UUID, to State) (Intake, error) {
	d.started = append(d.started, to)
	return d.in, nil
}

func (d *drawer) FailIntake(_ context.Context, _ uuid.UUID, code string, _ int) error {
	d.code = code
	return nil
}

func (d *drawer) ApplyRows(_ context.Context, op authz.Op, _ uuid.UUID, most int,
	_ func(Intake, sheet.Worker) casework.Opening) (bool, error) {
	if op.Actor != officer {
		return false, errors.New("acts for somebody else")
	}
	d.batches = append(d.batches, most)
	d.served += 3 + d.busy
	d.left--
	return d.left > 0, d.applied
}

func (d *drawer) ListIntakes(_ context.Context, _ authz.Scope, _ uuid.UUID, limit int) ([]Intake, error) {
	d.limit = limit
	return nil, nil
}

func (d *drawer) ListRows(_ context.Context, _ authz.Scope, _ uuid.UUID, f RowFilter) ([]Row, error) {
	d.limit = f.Limit
	return d.results, nil
}

// strangers is a register in which nobody is like anybody.
type strangers struct{ casework.Store }

func (strangers) FindLikely(context.Context, authz.Scope, []casework.Person, bool) ([]casework.Likely, error) {
	return nil, nil
}

// desk is the service over a drawer for an officer with rights in some regions.
func desk(t *testing.T, d *drawer, codes ...region.Code) *Service {
	t.Helper()
	current, err := policies.FS.Open("reference/regions.csv")
	if err != nil {
		t.Fatal(err)
	}
	superseded, err := policies.FS.Open("reference/regions_superseded.csv")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := region.Load(current, superseded)
	if err != nil {
		t.Fatal(err)
	}
	programme, err := jkp.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	measures, err := measure.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	at := clock.At(noon)
	return &Service{Store: d, Layoffs: &layoff.Service{Tree: tree, Clock: at}, Tree: tree,
		Cases:  casework.New(casework.Deps{Store: strangers{}, Clock: at, Tree: tree, JKP: programme, Measures: measures}),
		Served: func() int64 { return d.served },
		Rights: func(_ context.Context, id authz.OfficerID, a authz.Action) (authz.Scope, error) {
			if id != officer || a != authz.IntakeCreate && a != authz.IntakeApply || len(codes) == 0 {
				return authz.Scope{}, fault.New(fault.Forbidden, "authz.forbidden")
			}
			return authz.ScopeOver(codes...), nil
		}}
}

const heading = "NIK,Nama Lengkap,Tanggal Lahir,Jenis Kelamin,Jabatan,Upah Terakhir,Tanggal PHK,No HP,Kab/Kota\n"

// worker is a line of a list about one worker of Bandung.
func worker(serial int, name, regency string) string {
	return fmt.Sprintf("327301450390%04d,",
		serial) + name + ",05/03/1990,P,Penjahit,4500000,01/10/2026,081234567890," + regency + "\n"
}

func checking(lines ...string) *drawer {
	return &drawer{in: Intake{Officer: officer, State: Checking, FileName: "daftar.csv",
		Form: Form{EmployerRegion: "3273"}},
		file: []byte(heading + strings.Join(lines, ""))}
}

// A list comes from an employer in the caller's regions and has 1 byte to 20 MB.
func TestWhichListsAreTaken(t *testing.T) {
	t.Parallel()
	form := Form{EmployerName: " PT Maju ", EmployerRegion: "3273", Reference: " 7/XI "}
	change := func(with func(*Form)) Form { f := form; with(&f); return f }
	for name, c := range map[string]struct {
		scope region.Code
		form  Form
		bytes int
		code  string
	}{
		"one byte":                 {"3273", form, 1, ""},
		"20 MB":                    {"3273", form, 20_000_000, ""},
		"a byte more":              {"3273", form, 20_000_001, "intake.too_large"},
		"nothing":                  {"3273", form, 0, "intake.empty"},
		"of an employer elsewhere": {"3204", form, 1, "layoff.region_out_of_scope"},
		"of a province":            {"", change(func(f *Form) { f.EmployerRegion = "32" }), 1, "region.unknown"},
		"of no region":             {"", change(func(f *Form) { f.EmployerRegion = "3299" }), 1, "region.unknown"},
		"of no employer":           {"3273", change(func(f *Form) { f.EmployerName = " " }), 1, "employer.name_missing"},
		"a NIB of 12 digits": {"3273", change(func(f *Form) { f.EmployerNIB = "123456789012" }), 1,
			"employer.nib_invalid"},
		"a reason of no law": {"3273", change(func(f *Form) { f.Reason = "BORED" }), 1, "layoff.reason_unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &drawer{}
			op := authz.Op{Actor: officer, Scope: authz.ScopeOver(c.scope)}
			in, _, err := desk(t, d).Upload(t.Context(), op, `C:\daftar\a.csv`, make([]byte, c.bytes), c.form)
			if fault.CodeOf(err) != c.code || (d.made != nil) != (c.code == "") {
				t.Fatalf("got %v", err)
			}
			if c.code == "" && (in.FileName != "a.csv" || in.Form.EmployerName != "PT Maju" || in.Form.Reference != "7/XI" ||
				in.Officer != officer || in.Region != c.scope) {
				t.Errorf("kept as %+v", in)
			}
		})
	}
}

// Of a file's name the last part is kept, without what could end a header or a line, and not more than 120 bytes.
func TestWhatIsKeptOfAName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"daftar.csv": "daftar.csv", `C:\a\b.xlsx`: "b.xlsx", "../../etc/passwd": "passwd", "a/b\\c.csv": "c.csv", "": ".",
		"/":                     "/",
		"a\"b\r\n\x00\x7fc.csv": "a_b____c.csv", "a\u202evsc.xlsx": "avsc.xlsx", "é.csv": "é.csv", "a\xff.csv": "a\ufffd.csv",
		strings.Repeat("x", 120): strings.Repeat("x", 120), "y" + strings.Repeat("x", 120): strings.Repeat("x", 120),
		"é" + strings.Repeat("x", 119): "_" + strings.Repeat("x", 119),
	} {
		if got := baseName(name); got != want || !utf8.ValidString(got) {
			t.Errorf("%q is kept as %q", name, got)
		}
	}
}

// The dry run: rows of workers in reach are usable, all others are refused with a reason, none is lost.
func TestADryRunJudgesEveryRow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		codes []region.Code
		want  []string
	}{
		"in the regency":  {[]region.Code{"3273"}, []string{"valid", "reject REGION_OUT_OF_SCOPE", "reject"}},
		"in the province": {[]region.Code{"32"}, []string{"valid", "valid", "reject"}},
		"elsewhere": {[]region.Code{"35"}, []string{"reject REGION_OUT_OF_SCOPE", "reject REGION_OUT_OF_SCOPE",
			"reject"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := checking(worker(7, "Sari", "Kota Bandung"), worker(8, "Dewi", "Kabupaten Bandung"),
				strings.Replace(worker(9, "Ani", "Kota Bandung"), "3273", "32", 1))
			if err := desk(t, d, c.codes...).Check(t.Context(), d.in.ID); err != nil || len(d.saved) != 1 || d.refusal.Code != "" {
				t.Fatalf("got %v, %d reports, %v", err, len(d.saved), d.refusal)
			}
			var got []string
			for _, r := range d.saved[0] {
				if r.Status == sheet.Skip {
					continue
				}
				text := string(r.Status)
				for _, reason := range r.Reasons {
					if reason.Code == sheet.CodeRegionOutOfScope {
						text += " " + string(reason.Code)
					}
				}
				got = append(got, text)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("judged %q, want %q", got, c.want)
			}
		})
	}
}

// A file that cannot be read is refused with its code; a right that is lost and a list that is not to be checked keep
// everything as it was.
func TestWhenNothingIsJudged(t *testing.T) {
	t.Parallel()
	d := checking()
	d.file = []byte("bukan daftar\n")
	if err := desk(t, d, "3273").Check(t.Context(), d.in.ID); err != nil || d.refusal.Code != "intake.header_not_found" ||
		d.refusal.Args["missing"] == "" ||
		d.saved[0] != nil {
		t.Errorf("no list: %v, %v, %v", err, d.refusal, d.saved)
	}
	d = checking(worker(7, "Sari", "Kota Bandung"))
	if err := desk(t, d).Check(t.Context(), d.in.ID); fault.CodeOf(err) != "job.right_lost" || d.saved != nil {
		t.Errorf("a lost right: %v, %v", err, d.saved)
	}
	for _, state := range []State{Checked, Refused, Applying, Applied, Cancelled, Failed} {
		d = checking(worker(7, "Sari", "Kota Bandung"))
		d.in.State = state
		if err := desk(t, d, "3273").Check(t.Context(), d.in.ID); err != nil || d.saved != nil {
			t.Errorf("%s: %v, judged %v", state, err, d.saved)
		}
	}
	d = checking()
	for n := range 64 {
		d.file = append(d.file, worker(n+1, "Sari", "Kota Bandung")...)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	beside := desk(t, d, "3273")
	beside.Served = func() int64 { d.served++; return d.served } // others are at work, to whom the list gives way
	if err := beside.Check(ctx, d.in.ID); !errors.Is(err, context.Canceled) || d.saved != nil {
		t.Errorf("the end of the program: %v, judged %d", err, len(d.saved))
	}
}

// Few cases are opened at a time beside others, many alone; it ends with the last one, a fault, or the right.
func TestHowManyCasesAreOpenedAtATime(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		busy    int64
		left    int
		applied error
		codes   []region.Code
		want    []int
		code    string
	}{
		"alone":           {0, 3, nil, []region.Code{"3273"}, []int{40, 400, 400}, ""},
		"beside others":   {1, 3, nil, []region.Code{"3273"}, []int{40, 40, 40}, ""},
		"nothing to open": {0, 1, nil, []region.Code{"3273"}, []int{40}, ""},
		"a fault amid it": {0, 9, fault.New(fault.Unavailable, "database.slow"), []region.Code{"3273"}, []int{40},
			"database.slow"},
		"a right that is lost": {0, 3, nil, nil, nil, "job.right_lost"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &drawer{in: Intake{Officer: officer, State: Applying}, busy: c.busy, left: c.left, applied: c.applied}
			err := desk(t, d, c.codes...).Run(t.Context(), d.in.ID)
			if fault.CodeOf(err) != c.code || !slices.Equal(d.batches, c.want) {
				t.Errorf("got %v after batches of %v", err, d.batches)
			}
		})
	}
}

// A row becomes a case of the worker's regency, with the first deadline of the claim.
func TestACaseOfARow(t *testing.T) {
	t.Parallel()
	d := checking(worker(7, "Sari", "Kota Bandung"))
	s := desk(t, d, "3273")
	if err := s.Check(t.Context(), d.in.ID); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(d.saved[0], func(r sheet.Row) bool { return r.Status == sheet.Valid })
	if i < 0 {
		t.Fatalf("judged %+v", d.saved[0])
	}
	in := Intake{Layoff: uuid.UUID{3}, Form: Form{EmployerName: "PT Maju"}}
	o := s.opening(in, d.saved[0][i].Worker)
	c, p := o.Case, o.Person
	if o.Source != "intake" || c.Region != "3273" || c.LayoffID != in.Layoff ||
		c.TerminatedOn != calendar.MustDate("2026-10-01") ||
		c.OpenedOn != calendar.MustDate("2026-11-23") || c.DueFor != "claim" || c.DueOn != calendar.MustDate("2027-04-01") {
		t.Errorf("opens %+v", c)
	}
	if p.Name != "Sari" || p.NIK.Reveal() != "3273014503900007" || p.BirthDate != calendar.MustDate("1990-03-05") ||
		p.Sex != "female" ||
		p.Position != "Penjahit" || p.Employer != "PT Maju" || p.Phone.Reveal() != "+6281234567890" ||
		p.Wage.Reveal() != 4_500_000 {
		t.Errorf("of %s, %s, %v, %s, %s, %s", p.Name, p.BirthDate, p.Sex, p.Position, p.Employer, p.Wage)
	}
}

// A page has its bounds.
func TestBoundsOfTheLists(t *testing.T) {
	t.Parallel()
	d := &drawer{}
	s := desk(t, d)
	for limit, want := range map[int]int{-1: page.DefaultSize, 0: page.DefaultSize, 1: 1, page.MaxSize: page.MaxSize,
		page.MaxSize + 1: page.MaxSize + 1, page.MaxSize + 2: page.DefaultSize} {
		t.Run(strconv.Itoa(limit), func(t *testing.T) {
			_, err := s.List(t.Context(), authz.Everywhere(), uuid.Nil, limit)
			if err != nil || d.limit != want {
				t.Errorf("lists %d, %v", d.limit, err)
			}
			_, err = s.Rows(t.Context(), authz.Everywhere(), uuid.Nil, RowFilter{Limit: limit})
			if err != nil || d.limit != want {
				t.Errorf("rows %d, %v", d.limit, err)
			}
		})
	}
}

// What starts, what stops, and of what a list fails.
func TestStepsOfAList(t *testing.T) {
	t.Parallel()
	d := &drawer{}
	s := desk(t, d)
	_, err := s.Apply(t.Context(), authz.Op{}, uuid.Nil)
	if err == nil {
		_, err = s.Cancel(t.Context(), authz.Op{}, uuid.Nil)
	}
	if err != nil || !slices.Equal(d.started, []State{Applying, Cancelled}) {
		t.Errorf("started %v, %v", d.started, err)
	}
	for code, want := range map[string]string{"": "intake.failed", "database.slow": "database.slow"} {
		if err := s.Fail(t.Context(), uuid.Nil, code, 3); err != nil || d.code != want {
			t.Errorf("%q: fails of %q, %v", code, d.code, err)
		}
	}
	if n := (Counts{Total: 9, Valid: 3, Warned: 2, Refused: 4}).Usable(); n != 5 {
		t.Errorf("%d rows are usable", n)
	}
	a, err := EncodeForm(Form{EmployerName: "PT Maju", EmployerRegion: "3273"})
	b, _ := EncodeForm(Form{EmployerName: "PT Maju", EmployerRegion: "3273", Reference: "7"})
	if err != nil || a == b || a != `{"employer_name":"PT Maju","employer_region":"3273","planned_on":""}` {
		t.Errorf("a form reads %s, %v", a, err)
	}
}
