package region_test

import (
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/policies"
)

const tileHead = "province_code,letters,column,row\n"

// Every province of the reference lies on the map exactly once, within fifteen columns and seven rows.
func TestEveryProvinceHasATile(t *testing.T) {
	t.Parallel()
	open := func(name string) *strings.Reader {
		text, err := policies.FS.ReadFile("reference/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return strings.NewReader(string(text))
	}
	tree, err := region.Load(open("regions.csv"), open("regions_superseded.csv"))
	if err != nil {
		t.Fatal(err)
	}
	tiles, err := region.LoadTiles(open("province_tiles.csv"), tree)
	if err != nil {
		t.Fatal(err)
	}
	on := map[region.Code]int{}
	for _, tile := range tiles {
		on[tile.Province]++
		if tile.Column > 14 || tile.Row > 6 || len(tile.Letters) != 2 {
			t.Errorf("%+v lies outside, or has no two letters", tile)
		}
	}
	for _, province := range tree.Children("") {
		if on[province.Code] != 1 {
			t.Errorf("%s is on the map %d times", province.Name, on[province.Code])
		}
	}
	if len(on) != 38 {
		t.Errorf("%d provinces are on the map", len(on))
	}
}

func TestAMapWithMistakesIsRefused(t *testing.T) {
	t.Parallel()
	tree, err := region.Load(strings.NewReader(head+"32,Jawa Barat,province,\n3273,Kota Bandung,city,32\n33,Jawa Tengah,province,\n"),
		strings.NewReader(oldHead))
	if err != nil {
		t.Fatal(err)
	}
	good := tileHead + "32,JB,0,1\n33,JT,1,1\n"
	if tiles, err := region.LoadTiles(strings.NewReader(good), tree); err != nil || len(tiles) != 2 ||
		tiles[1] != (region.Tile{Province: "33", Letters: "JT", Column: 1, Row: 1}) {
		t.Errorf("%v %v", tiles, err)
	}
	for what, text := range map[string]string{
		"nothing": "", "no header": "32,JB,0,1\n33,JT,1,1\n", "a province missing": tileHead + "32,JB,0,1\n",
		"one twice":            tileHead + "32,JB,0,1\n32,JT,1,1\n",
		"the letters twice":    tileHead + "32,JB,0,1\n33,JB,1,1\n",
		"no letters":           tileHead + "32,JB,0,1\n33,,1,1\n",
		"one on the other":     tileHead + "32,JB,0,1\n33,JT,0,1\n",
		"a regency":            tileHead + "32,JB,0,1\n3273,JT,1,1\n",
		"an unknown one":       tileHead + "32,JB,0,1\n34,JT,1,1\n",
		"left of the map":      tileHead + "32,JB,-1,1\n33,JT,1,1\n",
		"above the map":        tileHead + "32,JB,0,-1\n33,JT,1,1\n",
		"a column of letters":  tileHead + "32,JB,x,1\n33,JT,1,1\n",
		"a row that is short":  tileHead + "32,JB,0\n33,JT,1,1\n",
		"a row of other words": tileHead + "32,JB,0,y\n33,JT,1,1\n",
	} {
		if tiles, err := region.LoadTiles(strings.NewReader(text), tree); err == nil {
			t.Errorf("%s: %v", what, tiles)
		}
	}
}
