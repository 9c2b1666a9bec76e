package region_test

import (
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

const (
	head    = "code,name,level,parent_code\n"
	oldHead = "old_code,name,current_code\n"
	java    = head + "32,Jawa Barat,province,\n3204,Kabupaten Bandung,regency,32\n3273,Kota Bandung,city,32\n"
)

func TestASmallTree(t *testing.T) {
	t.Parallel()
	tr, err := region.Load(strings.NewReader(java), strings.NewReader(oldHead+"3299,Kabupaten Lama,3204\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := tr.Get("3273"); !ok || got != (region.Region{Code: "3273", Name: "Kota Bandung", Kind: "city",
		Level: region.Regency, Parent: "32"}) {
		t.Errorf("got %v", got)
	}
	if children := tr.Children("32"); len(children) != 2 || children[0].Code != "3204" || children[1].Code != "3273" {
		t.Errorf("got %v", children)
	}
	if now, ok := tr.Superseded("3299"); !ok || now != "3204" || !tr.KnownNIKPrefix("3299") {
		t.Errorf("3299 is %q today", now)
	}
	if _, ok := tr.Get("3299"); ok {
		t.Error("a superseded code is still in the tree")
	}
	if _, ok := tr.Superseded("3204"); ok {
		t.Error("a code of today is superseded")
	}
}

// Whoever asks gets lists of their own: the tree is shared by every request.
func TestListsCanBeChangedWithoutHarm(t *testing.T) {
	t.Parallel()
	tr, err := region.Load(strings.NewReader(java), strings.NewReader(oldHead))
	if err != nil {
		t.Fatal(err)
	}
	tr.All()[0].Name, tr.Children("32")[0].Name = "changed", "changed"
	if tr.All()[0].Name != "Jawa Barat" || tr.Children("32")[0].Name != "Kabupaten Bandung" {
		t.Error("the tree was changed from outside")
	}
}

func TestTablesWithMistakesAreRefused(t *testing.T) {
	t.Parallel()
	for what, tables := range map[string][2]string{
		"nothing":                      {"", oldHead},
		"no header":                    {strings.TrimPrefix(java, head), oldHead},
		"other columns":                {"code,name,parent_code,level\n32,Jawa Barat,,province\n", oldHead},
		"a short row":                  {head + "32,Jawa Barat,province\n", oldHead},
		"a code that is none":          {head + "3x,Jawa Barat,province,\n", oldHead},
		"no code":                      {head + ",Indonesia,province,\n", oldHead},
		"a code twice":                 {java + "3273,Kota Bandung,city,32\n", oldHead},
		"a regency without province":   {java + "3301,Kabupaten Cilacap,regency,33\n", oldHead},
		"a regency of another":         {java + "3205,Kabupaten Garut,regency,33\n", oldHead},
		"a regency of the nation":      {java + "3205,Kabupaten Garut,regency,\n", oldHead},
		"a province in a province":     {java + "33,Jawa Tengah,province,32\n", oldHead},
		"a province that is a city":    {java + "33,Jawa Tengah,city,\n", oldHead},
		"a regency that is a province": {java + "3205,Garut,province,32\n", oldHead},
		"a kind unknown":               {java + "3205,Garut,district,32\n", oldHead},
		"no superseded header":         {java, ""},
		"superseded by nothing":        {java, oldHead + "3299,Lama,3298\n"},
		"superseded but in use":        {java, oldHead + "3204,Kabupaten Bandung,3273\n"},
		"superseded twice":             {java, oldHead + "3299,Lama,3204\n3299,Lama,3273\n"},
		"superseded by a province":     {java, oldHead + "3299,Lama,32\n"},
		"superseded and no code":       {java, oldHead + "329,Lama,3204\n"},
	} {
		if _, err := region.Load(strings.NewReader(tables[0]), strings.NewReader(tables[1])); fault.CodeOf(
			err) != "region.data_invalid" {
			t.Errorf("%s: got %v", what, err)
		}
	}
}

// A text that is no code must not count as the nation, which contains everything.
func TestWhatIsNoCodeHasNoLevel(t *testing.T) {
	t.Parallel()
	for code, want := range map[region.Code]region.Level{"": region.National, "32": region.Province,
		"3273": region.Regency, "3": "", "327": "", "327301": ""} {
		if got := code.Level(); got != want || got.Valid() != (want != "") {
			t.Errorf("%q: got %q", code, got)
		}
		if want == "" && (code.Contains("3273") || region.Code("32").Contains(code)) {
			t.Errorf("%q lies in the tree", code)
		}
	}
	for code, want := range map[region.Code][2]string{"": {"", ":"}, "32": {"32", "33"}, "39": {"39", "3:"},
		"3273": {"3273", "3274"}, "3279": {"3279", "327:"}, "99": {"99", "9:"}} {
		if lo, hi := code.Range(); lo != want[0] || hi != want[1] {
			t.Errorf("%q: got %q to %q", code, lo, hi)
		}
	}
}

func TestProvinceOfACode(t *testing.T) {
	t.Parallel()
	for code, want := range map[region.Code]region.Code{"": "", "3": "", "32": "32", "3204": "32"} {
		if got := code.Province(); got != want {
			t.Errorf("%q lies in %q, want %q", code, got, want)
		}
	}
}

// The line of the file is told, as an editor counts it.
func TestAMistakeIsToldByItsRow(t *testing.T) {
	t.Parallel()
	_, err := region.Load(strings.NewReader(java+"3x,Nowhere,regency,32\n"), strings.NewReader(oldHead))
	if err == nil || !strings.Contains(err.Error(), "row 5: ") {
		t.Errorf("got %v", err)
	}
}
