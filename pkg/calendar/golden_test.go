package calendar_test

import (
	"encoding/csv"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/policies"
)

// The due dates were counted by another program from the decrees' days, once with joint leave free and once as work.
func TestWorkingDaysByTheDecrees(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/working_days.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	free := published(t)
	work := free.WithJointLeaveWorking(true)
	for _, row := range rows[1:] {
		from, due, dueWhenWorking, unknown, why := calendar.MustDate(row[0]), row[2], row[3], row[4], row[5]
		n, err := strconv.Atoi(row[1])
		if err != nil {
			t.Fatal(err)
		}
		checkDeadline(t, why, free.AddWorkingDays(from, n), due, unknown)
		checkDeadline(t, why+", joint leave works", work.AddWorkingDays(from, n), dueWhenWorking, unknown)
	}
}

func checkDeadline(t *testing.T, why string, got calendar.Deadline, due, unknown string) {
	t.Helper()
	var years []string
	for _, year := range got.UnknownYears {
		years = append(years, strconv.Itoa(year))
	}
	if got.Due.String() != due || strings.Join(years, " ") != unknown || got.Certain != (unknown == "") {
		t.Errorf("%s: got %s, certain %t, unknown %v; want %s, unknown %q", why, got.Due, got.Certain, years, due, unknown)
	}
}

func TestHolidaysSayTheirNames(t *testing.T) {
	t.Parallel()
	c := published(t)
	for date, want := range map[string]calendar.HolidayKind{
		"2025-08-17": calendar.National, "2025-08-18": calendar.JointLeave, "2026-12-25": calendar.National,
		"2021-01-01": calendar.National,
		"2027-12-24": calendar.JointLeave, "2027-01-05": calendar.National, "2031-12-25": calendar.EveryYear,
	} {
		got, ok := c.HolidayOn(calendar.MustDate(date))
		if !ok || got.Kind != want || got.Name == "" || got.Date.String() != date {
			t.Errorf("%s: got %s %q on %s", date, got.Kind, got.Name, got.Date)
		}
	}
	if _, ok := c.HolidayOn(calendar.MustDate("2025-02-07")); ok {
		t.Error("an ordinary Friday is a holiday")
	}
}

// A year is known only when its decree is in the file; the law's deadlines reach from 2021 on.
func TestTheYearsOfTheDecreesAreKnown(t *testing.T) {
	t.Parallel()
	c := published(t)
	for year := 2019; year <= 2028; year++ {
		if want := year >= 2021 && year <= 2027; c.Known(year) != want {
			t.Errorf("%d: known %t, want %t", year, c.Known(year), want)
		}
	}
}

func TestADayNamedTwiceIsNational(t *testing.T) {
	t.Parallel()
	for _, order := range []string{"2025-01-29,Imlek,national\n2025-01-29,Cuti,joint_leave\n",
		"2025-01-29,Cuti,joint_leave\n2025-01-29,Imlek,national\n"} {
		c, err := calendar.Load(strings.NewReader("date,name,kind\n" + order))
		if err != nil {
			t.Fatal(err)
		}
		if c.WithJointLeaveWorking(true).IsWorkingDay(calendar.MustDate("2025-01-29")) {
			t.Errorf("a national holiday became a working day: %q", order)
		}
	}
}

// Five days are off in each year from 2024 on, decree or not: no list of joint leave and no year without a decree makes
// one of them a working day, and none of them makes a year known.
func TestTheDaysThatAreOffEveryYear(t *testing.T) {
	t.Parallel()
	own, err := calendar.Load(strings.NewReader(
		"date,name,kind\n2024-05-01,Buruh,every_year\n2029-05-01,Cuti,joint_leave\n"))
	if err != nil {
		t.Fatal(err)
	}
	if own.WithJointLeaveWorking(true).IsWorkingDay(calendar.MustDate("2029-05-01")) || own.Known(2024) {
		t.Error("joint leave made Labour Day work, or Labour Day a year known")
	}
	c := published(t).WithJointLeaveWorking(true)
	for year := 2024; year <= 2040; year++ {
		for _, day := range []string{"-01-01", "-05-01", "-06-01", "-08-17", "-12-25"} {
			if d := calendar.MustDate(strconv.Itoa(year) + day); c.IsWorkingDay(d) {
				t.Errorf("%s is a working day", d)
			}
		}
	}
	for _, before := range []string{"2019-01-01", "2018-05-01"} {
		if !published(t).IsWorkingDay(calendar.MustDate(before)) {
			t.Errorf("%s lies before what the decree orders, and is off by it", before)
		}
	}
}

// Loading the rows in another order gives the same calendar.
func TestTheOrderOfTheRowsDoesNotMatter(t *testing.T) {
	t.Parallel()
	data, err := policies.FS.ReadFile("reference/holidays.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(string(data)), "\n")
	slices.Reverse(rows[1:])
	turned, err := calendar.Load(strings.NewReader(strings.Join(rows, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	c := published(t)
	for d := calendar.MustDate("2020-12-01"); d.Year() < 2030; d = d.AddDays(1) {
		if c.IsWorkingDay(d) != turned.IsWorkingDay(d) {
			t.Errorf("%s works in one order only", d)
		}
	}
}
