package calendar_test

import (
	"encoding/csv"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
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
		"2025-08-17": calendar.National, "2025-08-18": calendar.JointLeave, "2026-12-25": calendar.National, "2021-01-01": calendar.National,
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
		if want := year >= 2021 && year <= 2026; c.Known(year) != want {
			t.Errorf("%d: known %t, want %t", year, c.Known(year), want)
		}
	}
}

func TestADayNamedTwiceIsNational(t *testing.T) {
	t.Parallel()
	for _, order := range []string{"2025-01-29,Imlek,national\n2025-01-29,Cuti,joint_leave\n", "2025-01-29,Cuti,joint_leave\n2025-01-29,Imlek,national\n"} {
		c, err := calendar.Load(strings.NewReader("date,name,kind\n" + order))
		if err != nil {
			t.Fatal(err)
		}
		if c.WithJointLeaveWorking(true).IsWorkingDay(calendar.MustDate("2025-01-29")) {
			t.Errorf("a national holiday became a working day: %q", order)
		}
	}
}
