package chart_test

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/chart"
)

var filled = regexp.MustCompile(`<g class="tile"><title>([^<]*)</title><rect x="(\d+)" y="(\d+)" width="46" height="46" rx="3" fill="([^"]+)"`)
var keyed = regexp.MustCompile(`(?s)<g class="legend"><rect x="\d+" y="\d+" width="14" height="14" fill="([^"]+)".*?>([^<>]+)</text>`)

func mapOf(sizes ...int64) chart.Map {
	m := chart.Map{Title: "Kasus <terbuka>", None: "tidak ada angka"}
	for i, n := range sizes {
		text := fmt.Sprint(n)
		m.Tiles = append(m.Tiles, chart.Tile{Column: i, Row: i % 2, Short: "P" + text, Name: "Provinsi " + text, Mark: text,
			Value: text, Size: n, Known: n >= 0})
	}
	return m
}

func shadesOf(t *testing.T, m chart.Map) (fills, legend []string, svg string) {
	t.Helper()
	b, err := chart.Tiles(m)
	if err != nil {
		t.Fatal(err)
	}
	drawn(t, append([]byte(`<g><rect/>`), append(b, `</g>`...)...)) // is XML
	for _, f := range filled.FindAllStringSubmatch(string(b), -1) {
		fills = append(fills, f[4])
	}
	for _, k := range keyed.FindAllStringSubmatch(string(b), -1) {
		legend = append(legend, html.UnescapeString(k[2]))
	}
	return fills, legend, string(b)
}

// About as many tiles have each shade; the same number has the same shade, and what is not known has none.
func TestTilesAreShadedByTheirNumbers(t *testing.T) {
	t.Parallel()
	const palest, pale, middle, dark, darkest, none = "#e4eef4", "#b5d2df", "#7fb2c2", "#2b7193", "#0b3b57", "#ffffff"
	for what, c := range map[string]struct {
		sizes         []int64
		fills, legend string
	}{
		"five":        {[]int64{5, 1, 4, 2, 3}, darkest + " " + palest + " " + dark + " " + pale + " " + middle, "≤ 1 ≤ 2 ≤ 3 ≤ 4 > 4"},
		"unknown":     {[]int64{-1, 0, 9}, none + " " + palest + " " + darkest, "≤ 0 > 0 tidak ada angka"},
		"all alike":   {[]int64{7, 7}, palest + " " + palest, "7"},
		"one is more": {[]int64{0, 0, 0, 0, 0, 0, 3}, strings.Repeat(palest+" ", 6) + darkest, "≤ 0 > 0"},
		"nothing":     {[]int64{-1}, none, "tidak ada angka"},
		"no tile":     {nil, "", ""},
	} {
		fills, legend, _ := shadesOf(t, mapOf(c.sizes...))
		if got := strings.Join(fills, " "); got != c.fills {
			t.Errorf("%s: %s, want %s", what, got, c.fills)
		}
		if got := strings.Join(legend, " "); got != c.legend {
			t.Errorf("%s: the legend is %q, want %q", what, got, c.legend)
		}
	}
}

// Every tile says its number in words at its place; a map has no style of its own, and links only where it was given
// some: with them it is no single image.
func TestAMapSaysItsNumbers(t *testing.T) {
	t.Parallel()
	m := mapOf(40, -1)
	m.Tiles[0].Name, m.Tiles[1].Value = "Jawa & <b>\x01", "tidak ada angka"
	_, _, svg := shadesOf(t, m)
	for _, want := range []string{`role="img"`, `<title id="map-title">Kasus &lt;terbuka&gt;</title>`,
		"<title>Jawa &amp; &lt;b&gt;\ufffd: 40</title>", "<title>Provinsi -1: tidak ada angka</title>", `>P40</text>`,
		`<rect x="52" y="52" width="46"`, `width="226" height="132"`} {
		if !strings.Contains(svg, want) {
			t.Errorf("the map has no %q:\n%s", want, svg)
		}
	}
	for _, never := range []string{"style=", "<script", "<style", "href", "stroke-width"} {
		if strings.Contains(svg, never) {
			t.Errorf("the map has %s", never)
		}
	}
	m.Tiles[0].Link, m.Tiles[0].On = "/nasional?region=32&figure=open", true
	if _, _, svg = shadesOf(t, m); !strings.Contains(svg, `role="group"`) || strings.Count(svg, "<a ") != 1 ||
		!strings.Contains(svg, `<a href="/nasional?region=32&amp;figure=open" tabindex="-1">`) ||
		strings.Count(svg, "stroke-width") != 1 {
		t.Errorf("the map leads nowhere:\n%s", svg)
	}
}

// The numbers of the legend are written as its page writes numbers.
func TestTheLegendIsWrittenAsAsked(t *testing.T) {
	t.Parallel()
	m := mapOf(1000, 2000)
	m.Write = func(n int64) string { return fmt.Sprintf("%d ribu", n/1000) }
	if _, legend, _ := shadesOf(t, m); strings.Join(legend, ", ") != "≤ 1 ribu, > 1 ribu" {
		t.Errorf("the legend is %v", legend)
	}
}
