package lawbook_test

import (
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/lawbook"
	"github.com/tanggap/tanggap/policies"
)

var built = sync.OnceValues(func() (*lawbook.Law, error) { return lawbook.Built(policies.FS, nil) })

func law(t *testing.T) *lawbook.Law {
	t.Helper()
	l, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := policies.FS.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// measuresOf is a new version of the measures from a day on, with another age.
func measuresOf(t *testing.T, id, from, more string) string {
	t.Helper()
	text := read(t, "measures/2021.yaml")
	text = strings.Replace(text, "id: measures-2021", "id: "+id, 1)
	return strings.Replace(text, "valid_from: 2021-02-02", "valid_from: "+from+more, 1)
}

// A folder goes before what is built in; the version before a new one ends by itself.
func TestAFolderGoesBeforeTheBuiltInLaw(t *testing.T) {
	t.Parallel()
	text := strings.Replace(measuresOf(t, "measures-2027", "2027-01-01", ""), "value: 14\n", "value: 21\n", 1)
	holidays := read(t, lawbook.HolidaysPath) + "2028-01-03,Libur,national\n"
	l, err := lawbook.Built(policies.FS, fstest.MapFS{"measures/2027.yaml": {Data: []byte(text)},
		"reference/holidays.csv": {Data: []byte(holidays)}, ".git/config": {Data: []byte("x")}})
	if err != nil {
		t.Fatal(err)
	}
	before, after := l.Measures.On(calendar.MustDate("2026-12-31")), l.Measures.On(calendar.MustDate("2027-01-01"))
	if before.ID != "measures-2021" || after.ID != "measures-2027" {
		t.Errorf("%s, then %s", before.ID, after.ID)
	}
	if !l.Calendar.Known(2028) || law(t).Calendar.Known(2028) {
		t.Error("the holidays of 2028 are known by nobody, or by everybody")
	}
}

// A file of a folder that is wrong stops the start, and says which file, which line, and what would be right.
func TestAFolderThatIsWrong(t *testing.T) {
	t.Parallel()
	head := calendar.Header + "\n"
	for name, c := range map[string]struct{ path, text, says string }{
		"elsewhere":      {"access/policy.csv", "p,analyst,case.read", "access/policy.csv: no file of the law lies there"},
		"words":          {"programmes/jkp/texts.yaml", "a: b", "texts.yaml: no file of the law"},
		"a day":          {lawbook.HolidaysPath, head + "2028-02-30,X,national\n", `holidays.csv: line 2: "2028-02-30" is no day`},
		"a kind":         {lawbook.HolidaysPath, head + "2028-02-28,X,holiday\n", `line 2: "holiday" is no kind, want national`},
		"no law":         {"programmes/jkp/a.yaml", "programme: jkp\nkind: rule\n", `a.yaml: line 1: programme: no programme reads`},
		"another folder": {"programmes/jkp/m.yaml", measuresOf(t, "m", "2027-01-01", ""), "m.yaml: line 1: a file of programme measures"},
		"a lost figure":  {"measures/m.yaml", strings.Replace(measuresOf(t, "m", "2027-01-01", ""), "working_age:", "working_years:", 1), "m.yaml: line"},
		"an overlap":     {"measures/m.yaml", measuresOf(t, "m", "2020-01-01", ""), "does not end on the day"},
	} {
		_, err := lawbook.Built(policies.FS, fstest.MapFS{c.path: {Data: []byte(c.text)}})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What runs out is told sixty days before, and not one day earlier; what has a successor is not.
func TestWhatRunsOut(t *testing.T) {
	t.Parallel()
	told := func(on string) (list []string) {
		for _, x := range law(t).Ending(calendar.MustDate(on)) {
			list = append(list, x.What+" "+x.EndsOn.String())
		}
		return list
	}
	const holidays = "holidays 2028-01-01"
	if early := told("2027-11-01"); len(early) != 0 {
		t.Errorf("61 days before: %v", early)
	}
	for _, day := range []string{"2027-11-02", "2028-01-01", "2029-06-01"} {
		if list := strings.Join(told(day), "; "); !strings.Contains(list, holidays) {
			t.Errorf("on %s: %s", day, list)
		}
	}
	if list := strings.Join(told("2025-02-07"), "; "); strings.Contains(list, "jkp/rules/pp-37-2021") {
		t.Errorf("a version with a successor: %s", list)
	}
	const subsidy = "wagesubsidy/announcement/announced-2026 2027-01-01"
	if list := strings.Join(told("2026-11-02"), "; "); !strings.Contains(list, subsidy) {
		t.Errorf("a version without a successor: %s", list)
	}
	if list := strings.Join(told("2026-11-01"), "; "); strings.Contains(list, subsidy) {
		t.Errorf("61 days before: %s", list)
	}
}

// propose says with which code a file is refused; the last step, keeping it, is not taken.
func propose(t *testing.T, content, effective, today string) string {
	t.Helper()
	book, err := lawbook.Open(t.Context(), law(t), keeping{})
	if err != nil {
		t.Fatal(err)
	}
	now := calendar.MustDate(today).Time()
	s := &lawbook.Service{Store: keeping{}, Book: book, Clock: clock.At(now)}
	_, err = s.Propose(t.Context(), authz.Op{Scope: authz.Everywhere()}, content, calendar.MustDate(effective), "x")
	return fault.CodeOf(err)
}

// A file may change what is ahead, and nothing that was answered.
func TestWhatAFileMayChange(t *testing.T) {
	t.Parallel()
	list := read(t, lawbook.HolidaysPath)
	rules := read(t, "measures/2021.yaml")
	for name, c := range map[string]struct{ content, effective, code string }{
		"holidays ahead":         {list + "2028-01-03,Libur,national\n", "2028-01-01", ""},
		"a holiday tomorrow":     {list + "2026-11-30,Libur,national\n", "2026-11-29", ""},
		"one before the day":     {list + "2028-01-03,Libur,national\n", "2028-01-04", "law.past_day"},
		"one on the day":         {list + "2028-01-03,Libur,national\n", "2028-01-03", ""},
		"a past one dropped":     {without(list, "2026-08-17,"), "2024-01-01", "law.past_day"},
		"a past one added":       {list + "2026-11-27,Libur,national\n", "2026-11-01", "law.past_day"},
		"today's added":          {list + "2026-11-28,Libur,national\n", "2026-11-28", ""},
		"the same list":          {list, "2027-01-01", "law.unchanged"},
		"no list":                {"date,name,kind\n2028-02-30,X,national\n", "2028-01-01", "law.file_invalid"},
		"no text":                {calendar.Header + "\n2028-01-03,Li\x00bur,national\n", "2028-01-01", "law.file_invalid"},
		"a new version":          {measuresOf(t, "measures-2027", "2027-01-01", ""), "2027-01-01", ""},
		"another effective date": {measuresOf(t, "measures-2027", "2027-01-01", ""), "2027-01-02", "law.effective_differs"},
		"an overlap":             {measuresOf(t, "measures-2020", "2020-01-01", ""), "2020-01-01", "law.does_not_fit"},
		"one that ends":          {measuresOf(t, "measures-2027", "2027-01-01", "\nvalid_until: 2027-06-01"), "2027-01-01", "law.does_not_fit"},
		"one that is over":       {measuresOf(t, "measures-2025", "2025-01-01", "\nvalid_until: 2026-11-28"), "2025-01-01", "law.expired"},
		"a figure in force":      {strings.Replace(rules, "value: ", "value: 1", 1), "2027-01-01", "law.past_changed"},
		"under replacement": {strings.Replace(rules, "valid_from: 2021-02-02",
			"valid_from: 2021-02-02\nunder_replacement: {looked_at: 2026-11-28, note: {id: Rancangan, en: A draft}}", 1), "2026-11-28", ""},
		"replaced, in one language": {strings.Replace(rules, "valid_from: 2021-02-02",
			"valid_from: 2021-02-02\nunder_replacement: {looked_at: 2026-11-28, note: {id: Rancangan, en: ''}}", 1), "2026-11-28", "law.file_invalid"},
	} {
		if code := propose(t, c.content, c.effective, "2026-11-28"); code != c.code {
			t.Errorf("%s: %q, want %q", name, code, c.code)
		}
	}
}

func without(list, begins string) string {
	var kept []string
	for line := range strings.SplitSeq(list, "\n") {
		if !strings.HasPrefix(line, begins) {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

// Who put a file in does not approve it, and who approved it does not take it back alone, nor once it holds.
func TestFourEyes(t *testing.T) {
	t.Parallel()
	one, two, today := authz.OfficerID{1}, authz.OfficerID{2}, calendar.MustDate("2027-12-31")
	made := func() lawbook.Release {
		return lawbook.Release{State: lawbook.Proposed, PutInBy: one, Effective: today.AddDays(1)}
	}
	r := made()
	if _, err := r.Approve(one, today.Time()); fault.CodeOf(err) != "law.own" || r.State != lawbook.Proposed {
		t.Errorf("one's own: %v", err)
	}
	if _, err := r.Approve(two, today.Time()); err != nil || r.State != lawbook.Approved {
		t.Errorf("another's: %v", err)
	}
	if _, err := r.Approve(two, today.Time()); fault.CodeOf(err) != "law.not_proposed" {
		t.Errorf("twice: %v", err)
	}
	if _, err := r.Withdraw(two, "x", today); fault.CodeOf(err) != "law.own" {
		t.Errorf("taken back alone: %v", err)
	}
	if _, err := r.Withdraw(one, "x", today.AddDays(1)); fault.CodeOf(err) != "law.in_force" {
		t.Errorf("on its day: %v", err)
	}
	if _, err := r.Withdraw(one, "x", today); err != nil || r.State != lawbook.Withdrawn {
		t.Errorf("the day before: %v", err)
	}
	if _, err := r.Withdraw(one, "x", today); fault.CodeOf(err) != "law.withdrawn" {
		t.Errorf("again: %v", err)
	}
}

// What a file says otherwise is told by its keys and its days.
func TestDifferences(t *testing.T) {
	t.Parallel()
	list := without(read(t, lawbook.HolidaysPath), "2027-12-24,") + "2028-01-03,Libur,national\n"
	found, err := law(t).Differences(list)
	if err != nil || len(found) != 2 || found[0].Key != "2027-12-24" || found[0].After != "" ||
		found[1] != (lawbook.Difference{Key: "2028-01-03", After: "national: Libur"}) {
		t.Errorf("%+v, %v", found, err)
	}
	found, err = law(t).Differences(measuresOf(t, "measures-2027", "2027-01-01", ""))
	if err != nil || len(found) != 2 || found[0].Key != "id" || found[1].Before != "2021-02-02" {
		t.Errorf("%+v, %v", found, err)
	}
}
