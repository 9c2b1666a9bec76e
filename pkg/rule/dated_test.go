package rule_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/rule"
)

func measures(files map[string]string) fstest.MapFS {
	of := fstest.MapFS{}
	for name, text := range files {
		of["measures/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return of
}

// A folder of dated files has a version for every day: before the first one the first, and the last one for ever.
func TestEveryDayHasItsVersion(t *testing.T) {
	t.Parallel()
	later := strings.NewReplacer("id: s-1", "id: s-2", "valid_from: 2020-01-01", "valid_from: 2021-01-01",
		"valid_until: 2021-01-01\n", "").Replace(sound)
	all, err := rule.LoadDated[sample](measures(map[string]string{"a.yaml": sound, "b.yaml": later}), "measures")
	if err != nil {
		t.Fatal(err)
	}
	for day, id := range map[string]string{"1990-05-01": "s-1", "2019-12-31": "s-1", "2020-01-01": "s-1",
		"2020-12-31": "s-1", "2021-01-01": "s-2", "2199-12-31": "s-2"} {
		if got := all.On(calendar.MustDate(day)); got.ID != id {
			t.Errorf("%s: %s, want %s", day, got.ID, id)
		}
	}
	if list := all.List(); len(list) != 2 || list[0].ID != "s-1" || list[1].ID != "s-2" {
		t.Errorf("%d versions", len(list))
	}
}

func TestDatedFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	open := strings.Replace(sound, "valid_until: 2021-01-01\n", "", 1)
	for name, x := range map[string]struct {
		files map[string]string
		say   string
	}{
		"no file":               {nil, "measures"},
		"an end of all":         {map[string]string{"a.yaml": sound}, "none hold from 2021-01-01 on"},
		"a file without sense":  {map[string]string{"a.yaml": strings.Replace(open, "cap: {value: 5000000", "cap: {value: 1", 1)}, "a.yaml"},
		"a version twice":       {map[string]string{"a.yaml": open, "b.yaml": open}, "measures"},
		"a gap between the two": {map[string]string{"a.yaml": sound, "b.yaml": strings.NewReplacer("id: s-1", "id: s-2", "valid_from: 2020-01-01", "valid_from: 2021-01-02").Replace(open)}, "measures"},
	} {
		if _, err := rule.LoadDated[sample](measures(x.files), "measures"); err == nil || !strings.Contains(err.Error(), x.say) {
			t.Errorf("%s: %v, want %q", name, err, x.say)
		}
	}
}

// Every place that a file cites, in its order: with the citation of the file where a figure has none of its own.
func TestThePlacesThatAFileCites(t *testing.T) {
	t.Parallel()
	got, err := rule.Cited([]byte(sound))
	want := []string{"PP 1/2020 Art. 1", "PP 2/2020 Art. 2", "PP 1/2020 Art. 3", "PP 1/2020 Art. 4", "PP 1/2020 Art. 5",
		"PP 1/2020 Art. 6", "PP 1/2020 Art. 6", "PP 1/2020 Art. 7", "PP 1/2020 Art. 8"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
	for name, text := range map[string]string{"no yaml": "a: [", "a list": "- a\n", "no citation": "citation: [a]\n"} {
		if got, err := rule.Cited([]byte(text)); err == nil {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got, err := rule.Cited([]byte("citation: PP 1/2020\ncap: {value: 1}\n")); err != nil || len(got) != 0 {
		t.Errorf("nothing is cited: %q, %v", got, err)
	}
}

// A file that is about to be replaced says since when it was looked at, and why, in both languages; else nothing.
func TestAVersionUnderReplacement(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		text string
		fine bool
	}{
		"not":           {"", true},
		"all":           {"under_replacement: {looked_at: 2026-11-27, note: {id: akan diganti, en: to be replaced}}\n", true},
		"no day":        {"under_replacement: {note: {id: akan diganti, en: to be replaced}}\n", false},
		"no Indonesian": {"under_replacement: {looked_at: 2026-11-27, note: {en: to be replaced}}\n", false},
		"no English":    {"under_replacement: {looked_at: 2026-11-27, note: {id: akan diganti}}\n", false},
	} {
		s, problems := rule.Decode[sample]([]byte(sound + x.text))
		if (len(problems) == 0) != x.fine {
			t.Errorf("%s: %v", name, problems)
		}
		if x.text != "" && x.fine && (s.UnderReplacement.Note.In(rule.English) != "to be replaced" ||
			s.UnderReplacement.Note.In(rule.Indonesian) != "akan diganti") {
			t.Errorf("%s: %+v", name, s.UnderReplacement)
		}
	}
}

// A key without a value is told as such, at its place: the decoder would take nothing for zero.
func TestAKeyWithoutAValue(t *testing.T) {
	t.Parallel()
	for key, text := range map[string]string{
		"title":       strings.Replace(sound, "title: A sample", "title:", 1),
		"cap.value":   strings.Replace(sound, "cap: {value: 5000000", "cap: {value: ~", 1),
		"rows.0.from": strings.Replace(sound, "{from: 0", "{from: null", 1),
	} {
		_, problems := rule.Decode[sample]([]byte(text))
		if !slices.ContainsFunc(problems, func(p rule.Problem) bool {
			return p.Key == key && p.Text == "stands here without value"
		}) {
			t.Errorf("%s: %v", key, problems)
		}
	}
}
