package calendar_test

import (
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/policies"
)

func TestZonesStandApartByTheirHours(t *testing.T) {
	t.Parallel()
	noon := time.Date(2025, 2, 7, 12, 0, 0, 0, time.UTC)
	for zone, hour := range map[calendar.Zone]int{calendar.WIB: 19, calendar.WITA: 20, calendar.WIT: 21, "": 19} {
		if got := noon.In(zone.Location()).Hour(); got != hour {
			t.Errorf("%q: noon UTC is %d o'clock, want %d", zone, got, hour)
		}
		if zone.Valid() != (zone != "") {
			t.Errorf("%q: valid %t", zone, zone.Valid())
		}
	}
}

// An office is where its region is: a regency keeps the time of its province. Keppres 41/1987 counts provinces; those
// founded since keep the time of the one they were part of.
func TestRegenciesKeepTheTimeOfTheirProvince(t *testing.T) {
	t.Parallel()
	regions, err1 := policies.FS.Open("reference/regions.csv")
	old, err2 := policies.FS.Open("reference/regions_superseded.csv")
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	tree, err := region.Load(regions, old)
	if err != nil {
		t.Fatal(err)
	}
	provinces := map[calendar.Zone]int{}
	for _, r := range tree.All() {
		zone := calendar.ZoneOf(string(r.Code))
		if r.Level == region.Province {
			provinces[zone]++
		} else if want := calendar.ZoneOf(string(r.Parent)); zone != want {
			t.Errorf("%s %s keeps %s, its province %s", r.Code, r.Name, zone, want)
		}
	}
	if provinces[calendar.WIB] != 18 || provinces[calendar.WITA] != 12 || provinces[calendar.WIT] != 8 {
		t.Errorf("got %v", provinces)
	}
}
