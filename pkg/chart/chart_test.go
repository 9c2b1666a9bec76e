package chart_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/chart"
)

// drawn reads a picture as XML: the attributes of its rectangles, but for the ground, and all texts.
func drawn(t *testing.T, svg []byte) (bars []map[string]string, texts []string) {
	t.Helper()
	r := xml.NewDecoder(strings.NewReader(string(svg)))
	for {
		token, err := r.Token()
		if errors.Is(err, io.EOF) {
			return bars[1:], texts
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, svg)
		}
		switch x := token.(type) {
		case xml.StartElement:
			if x.Name.Local != "rect" {
				continue
			}
			bar := map[string]string{}
			for _, a := range x.Attr {
				bar[a.Name.Local] = a.Value
			}
			bars = append(bars, bar)
		case xml.CharData:
			if text := strings.TrimSpace(string(x)); text != "" {
				texts = append(texts, text)
			}
		}
	}
}

func picture(own bool) chart.Picture {
	return chart.Picture{Title: "Kasus <baru>", Note: "Bandung", Own: own, Sections: []chart.Section{
		{Name: "Terbuka", Bars: []chart.Bar{{"Januari", "01", "40", 40}, {"Februari\x01", "", "20 & 1", 20}, {"Maret", "", "*", 0}}},
		{Name: "Hari", Bars: []chart.Bar{{"Januari", "", "4", 4}, {"Februari", "", "-2", -2}}}}}
}

// A bar is as long as its number, on the scale of all or of its section; what is hidden or below nothing has no length.
func TestBarsAreAsLongAsTheirNumbers(t *testing.T) {
	t.Parallel()
	for own, want := range map[bool]string{false: "380 190 0 38 0", true: "380 190 0 380 0"} {
		svg, err := chart.Bars(picture(own))
		if err != nil {
			t.Fatal(err)
		}
		bars, _ := drawn(t, svg)
		var widths []string
		for _, b := range bars {
			widths = append(widths, b["width"])
		}
		if got := strings.Join(widths, " "); got != want {
			t.Errorf("each its own scale %t: %s, want %s", own, got, want)
		}
	}
	for own, want := range map[bool]string{false: "96 48 0 9 0", true: "96 48 0 96 0"} {
		svg, err := chart.Columns(picture(own))
		if err != nil {
			t.Fatal(err)
		}
		bars, _ := drawn(t, svg)
		var heights []string
		for _, b := range bars {
			heights = append(heights, b["height"])
		}
		if got := strings.Join(heights, " "); got != want {
			t.Errorf("columns, each its own scale %t: %s, want %s", own, got, want)
		}
	}
}

// Every number stands in the picture in words, with its name, and nothing in a name is more than a name.
func TestPicturesSayTheirNumbers(t *testing.T) {
	t.Parallel()
	p := picture(false)
	p.Last, p.Sections[0].Bars[2].Name = "dan lagi", strings.Repeat("x", 50)
	for name, draw := range map[string]func(chart.Picture) ([]byte, error){"bars": chart.Bars, "columns": chart.Columns} {
		svg, err := draw(p)
		if err != nil {
			t.Fatal(err)
		}
		_, texts := drawn(t, svg)
		all := strings.Join(texts, "\n")
		for _, want := range []string{"Kasus <baru>", "Bandung", "dan lagi", "Terbuka", "Januari: 40", "Februari\ufffd: 20 & 1",
			strings.Repeat("x", 50) + ": *", strings.Repeat("x", 37) + "…"} {
			if !strings.Contains(all, want) {
				t.Errorf("%s do not say %q:\n%s", name, want, all)
			}
		}
		for _, never := range []string{"style=", "<script", "<style", "href"} {
			if strings.Contains(string(svg), never) {
				t.Errorf("%s have %s", name, never)
			}
		}
	}
	columns, _ := chart.Columns(p)
	if _, texts := drawn(t, columns); !slices.Contains(texts, "01") {
		t.Errorf("a column has no short name: %v", texts)
	}
	if svg, err := chart.Columns(chart.Picture{Title: "x"}); err != nil || !strings.Contains(string(svg), "</svg>") {
		t.Errorf("of nothing: %s %v", svg, err)
	}
}

// Of many columns not every one is labelled: they would overlap.
func TestNamesOfColumnsDoNotOverlap(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{1: 1, 12: 12, 13: 7, 24: 12, 25: 9, 60: 12} {
		s := chart.Section{}
		for i := range n {
			s.Bars = append(s.Bars, chart.Bar{Name: fmt.Sprint(i), Value: "1", Length: 1})
		}
		svg, err := chart.Columns(chart.Picture{Sections: []chart.Section{s}})
		if got := strings.Count(string(svg), `class="tick"`); err != nil || got != want {
			t.Errorf("of %d columns %d are named, want %d", n, got, want)
		}
	}
}

// The longest sections are cut first, until all fit; how many are left out is told.
func TestTrim(t *testing.T) {
	t.Parallel()
	for lengths, want := range map[[3]int][4]int{{20, 20, 20}: {20, 20, 20, 0}, {61, 0, 0}: {60, 0, 0, 1},
		{100, 5, 5}: {50, 5, 5, 50}, {30, 30, 1}: {29, 29, 1, 2}, {60, 0, 0}: {60, 0, 0, 0}} {
		sections := make([]chart.Section, 3)
		for i, n := range lengths {
			sections[i].Bars = make([]chart.Bar, n)
		}
		left := chart.Trim(sections)
		if got := [4]int{len(sections[0].Bars), len(sections[1].Bars), len(sections[2].Bars), left}; got != want {
			t.Errorf("%v: %v, want %v", lengths, got, want)
		}
	}
}

// A number beside the longest bar ends within the picture, and a long note is set smaller.
func TestWordsStayWithinThePicture(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("8", 30)
	for _, value := range []string{"8", long} {
		svg, err := chart.Bars(chart.Picture{Note: strings.Repeat("n", 100),
			Sections: []chart.Section{{Bars: []chart.Bar{{Name: "a", Value: value, Length: 9}}}}})
		if err != nil {
			t.Fatal(err)
		}
		at := regexp.MustCompile(`<text x="(\d+)" y="\d+">` + value + `</text>`).FindSubmatch(svg)
		if at == nil {
			t.Fatalf("%s is not beside its bar: %s", value, svg)
		}
		x, _ := strconv.Atoi(string(at[1]))
		if x+8*len(value) > 760-16 || x <= 298 {
			t.Errorf("%s begins at %d", value, x)
		}
		if !strings.Contains(string(svg), `font-size="11">`+strings.Repeat("n", 100)) {
			t.Error("a long note has the size of a short one")
		}
	}
}
