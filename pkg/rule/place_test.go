package rule_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/rule"
)

// An Indonesian reader finds no English in a place of the law; an English one finds it as the files cite it.
func TestPlacesAreNamedInTheLanguageOfTheReader(t *testing.T) {
	t.Parallel()
	for place, want := range map[string]string{
		"PP 35/2021 Art. 40(2)": "PP 35/2021 Pasal 40(2)",
		"UU 27/2022 art. 42-44": "UU 27/2022 Pasal 42-44",
		"UU 2/2004 Art. 82 as read by MK 132/PUU-XXIII/2025": "UU 2/2004 Pasal 82 sebagaimana dimaknai oleh " +
			"MK 132/PUU-XXIII/2025",
		"PP 37/2021 Art. 21(1) as amended by PP 6/2025": "PP 37/2021 Pasal 21(1) sebagaimana diubah dengan PP 6/2025",
		"": "",
	} {
		if got := rule.PlaceIn(place, rule.Indonesian); got != want {
			t.Errorf("%q is %q in Indonesian, want %q", place, got, want)
		}
		if got := rule.PlaceIn(place, rule.English); got != place {
			t.Errorf("%q is %q in English", place, got)
		}
	}
}
