package region_test

import (
	"encoding/csv"
	"errors"
	"os"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

func TestSpellingsByTheTable(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/spellings.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	tr := tree(t)
	for _, row := range rows[1:] {
		got, err := tr.ResolveRegency(row[0])
		if string(got.Code) != row[1] || fault.CodeOf(err) != row[2] {
			t.Errorf("%q: got %s, %v; want %s%s", row[0], got.Code, err, row[1], row[2])
		}
		if found, ok := errors.AsType[*fault.Error](err); ok && found.Args["candidates"] != row[3] {
			t.Errorf("%q: the candidates are %q", row[0], found.Args["candidates"])
		}
	}
}

// People change case, widen spaces, and put dots and invisible characters into names; the region stays.
func TestSpacingAndCaseDoNotMatter(t *testing.T) {
	t.Parallel()
	tr := tree(t)
	all := tr.All()
	rapid.Check(t, func(t *rapid.T) {
		r := rapid.SampledFrom(all).Filter(func(r region.Region) bool { return r.Level == region.Regency }).Draw(t, "region")
		var written strings.Builder
		for _, c := range r.Name {
			switch {
			case c == ' ':
				written.WriteString(rapid.SampledFrom([]string{" ", "  ", "\u00a0", ". ", "\t", "\n", "\u202f \u00a0"}).Draw(t,
					"space"))
			case rapid.Bool().Draw(t, "upper"):
				written.WriteRune(unicode.ToUpper(c))
			default:
				written.WriteRune(c)
			}
			if rapid.IntRange(0, 9).Draw(t, "invisible") == 0 {
				written.WriteRune('\u200b')
			}
		}
		if got, err := tr.ResolveRegency(written.String()); err != nil || got.Code != r.Code {
			t.Fatalf("%q: got %s, %v; want %s", written.String(), got.Code, err, r.Code)
		}
	})
}

// A bare name leads to its one bearer, or says that there are two.
func TestBareNamesAreFoundOrAmbiguous(t *testing.T) {
	t.Parallel()
	tr := tree(t)
	bearers := map[string][]region.Code{}
	bare := strings.NewReplacer("Kabupaten Administrasi ", "", "Kota Administrasi ", "", "Kabupaten ", "", "Kota ", "")
	for _, r := range tr.All() {
		if r.Level == region.Regency {
			bearers[bare.Replace(r.Name)] = append(bearers[bare.Replace(r.Name)], r.Code)
		}
	}
	pairs := 0
	for name, codes := range bearers {
		got, err := tr.ResolveRegency(name)
		switch {
		case len(codes) == 1 && (err != nil || got.Code != codes[0]):
			t.Errorf("%q: got %s, %v; want %s", name, got.Code, err, codes[0])
		case len(codes) > 1 && fault.CodeOf(err) != "region.ambiguous":
			t.Errorf("%q is borne by %v, but it is %s, %v", name, codes, got.Code, err)
		}
		if len(codes) > 1 {
			pairs++
		}
	}
	if pairs < 20 {
		t.Errorf("only %d names are borne twice: the test is blind", pairs)
	}
}

func FuzzResolveRegency(f *testing.F) {
	for _, seed := range []string{"KAB. BANDUNG", "Kota\u00a0Bandung", "Bandung", "Bdg", "", "kota kota", "\xff"} {
		f.Add(seed)
	}
	tr := tree(f)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := tr.ResolveRegency(text)
		if (err == nil) != (got.Level == region.Regency) {
			t.Fatalf("%q: got %q and %v", text, got.Code, err)
		}
		if code := fault.CodeOf(err); err != nil && code != "region.unknown" && code != "region.ambiguous" {
			t.Fatalf("%q: %v", text, err)
		}
	})
}

// The word for city alone is no name, and "administrasi" alone is not dropped from one.
func TestKindWordsAloneAreNoNames(t *testing.T) {
	t.Parallel()
	table := head + "31,DKI Jakarta,province,\n3171,Kota Administrasi,city,31\n"
	tr, err := region.Load(strings.NewReader(table), strings.NewReader(oldHead))
	if err != nil {
		t.Fatal(err)
	}
	if r, err := tr.ResolveRegency("Kota Administrasi"); err != nil || r.Code != "3171" {
		t.Errorf("got %v, %v", r, err)
	}
	for _, text := range []string{"Kota", "Kabupaten", "Administrasi Kota"} {
		if r, err := tr.ResolveRegency(text); err == nil {
			t.Errorf("%q is %v", text, r)
		}
	}
}
