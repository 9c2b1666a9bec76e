package spelling_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/wording/spelling"
)

// A name is looked for as it was typed and in every usual abbreviation, word by word, and in no more ways than asked.
func TestWaysToWriteAName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"muhammad rizki": "muhammad rizki|muh rizki|moh rizki|m rizki|mochammad rizki",
		"moh rizki":      "moh rizki|muhammad rizki|muh rizki|m rizki|mochammad rizki",
		"st aminah":      "st aminah|siti aminah",
		"togar":          "togar",
		"mohair":         "mohair",
		"siti abd":       "siti abd|st abd|siti abdul",
		"":               "",
	} {
		var got []string
		for _, words := range spelling.Of(strings.Fields(name), 5) {
			got = append(got, strings.Join(words, " "))
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q: %v", name, got)
		}
	}
	if got := spelling.Of([]string{"moh", "st"}, 2); len(got) != 2 || !slices.Equal(got[1], []string{"muhammad", "st"}) {
		t.Errorf("two at the most: %v", got)
	}
	typed := []string{"moh", "st"}
	if spelling.Of(typed, 9); !slices.Equal(typed, []string{"moh", "st"}) {
		t.Errorf("what was typed has become %v", typed)
	}
}
