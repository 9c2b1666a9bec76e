package region_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/policies"
)

func tree(t testing.TB) *region.Tree {
	t.Helper()
	regions, err := policies.FS.Open("reference/regions.csv")
	if err != nil {
		t.Fatal(err)
	}
	old, err := policies.FS.Open("reference/regions_superseded.csv")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := region.Load(regions, old)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestTreeHoldsTheWholeCountry(t *testing.T) {
	t.Parallel()
	tr := tree(t)
	count := map[region.Kind]int{}
	for _, r := range tr.All() {
		count[r.Kind]++
		if r.Level == region.Regency {
			if parent, ok := tr.Get(r.Parent); !ok || parent.Level != region.Province || !r.Parent.Contains(r.Code) {
				t.Errorf("%s lies in no province", r.Code)
			}
		}
	}
	if count["province"] != 38 || count["regency"] != 416 || count["city"] != 98 {
		t.Fatalf("got %v", count)
	}
	if len(tr.Children("")) != 38 || len(tr.Children("3273")) != 0 {
		t.Fatal("children are wrong")
	}
}

func TestEveryOfficialNameIsItsOwnRegency(t *testing.T) {
	t.Parallel()
	tr := tree(t)
	for _, r := range tr.All() {
		if r.Level != region.Regency {
			continue
		}
		if got, err := tr.ResolveRegency(r.Name); err != nil || got.Code != r.Code {
			t.Errorf("%s %s: got %s, %v", r.Code, r.Name, got.Code, err)
		}
	}
}

func TestNIKPrefixesLastForGood(t *testing.T) {
	t.Parallel()
	tr := tree(t)
	for prefix, want := range map[string]bool{"3273": true, "9271": true, "9101": true, "9999": false, "32": false,
		"": false} {
		if tr.KnownNIKPrefix(prefix) != want {
			t.Errorf("prefix %q: want %t", prefix, want)
		}
	}
	if now, ok := tr.Superseded("9101"); !ok || now != "9301" {
		t.Errorf("9101 is %s today", now)
	}
}

func anyCode() *rapid.Generator[region.Code] {
	return rapid.Custom(func(t *rapid.T) region.Code {
		return region.Code(rapid.StringMatching(`([0-9]{2}([0-9]{2})?)?`).Draw(t, "code"))
	})
}

// The range is what queries ask; it must be the tree, no more and no less.
func TestRangeHoldsExactlyWhatIsContained(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, other := anyCode().Draw(t, "code"), anyCode().Draw(t, "other")
		lo, hi := c.Range()
		inside := lo <= string(other) && string(other) < hi
		if inside != c.Contains(other) {
			t.Fatalf("%q contains %q: %t, but the range [%q, %q) says %t", c, other, c.Contains(other), lo, hi, inside)
		}
	})
}

func TestContainsIsAPartialOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := anyCode().Draw(t, "a"), anyCode().Draw(t, "b"), anyCode().Draw(t, "c")
		if !a.Contains(a) || a.Contains(b) && b.Contains(a) && a != b || a.Contains(b) && b.Contains(c) && !a.Contains(c) {
			t.Fatalf("%q %q %q", a, b, c)
		}
	})
}

func FuzzRegionCode(f *testing.F) {
	for _, seed := range []string{"", "32", "3273", "3", "32730", "3a", "٣٢"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		code, err := region.Parse(text)
		if err == nil && (string(code) != text || !slices.Contains([]int{0, 2, 4}, len(text))) {
			t.Fatalf("%q was read as %q", text, code)
		}
	})
}
