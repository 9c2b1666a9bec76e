package chart

import (
	"bytes"
	"fmt"
	"html/template"
	"slices"
	"strconv"
)

// Tile is one number at its place on a map of squares.
type Tile struct {
	Column, Row int
	Short, Name string // in the square; in words
	Mark, Value string // the number in the square; in words
	Size        int64  // by which it is shaded
	Known       bool   // what is not known has no shade: it is no zero
	On          bool   // has a frame
	Link        string // where a click leads
}

// Map is tiles that lie to each other as what they stand for does. A tile that leads somewhere is for pointers: the
// table beside the map has the same links.
type Map struct {
	Title string
	Tiles []Tile
	None  string             // what the legend calls a tile whose number is not known
	Write func(int64) string // a number of the legend
}

// shades go from the least to the most, each with the colour of what is written on it.
var shades = [...]struct{ fill, ink string }{{"#e4eef4", "#14181c"}, {"#b5d2df", "#14181c"}, {"#7fb2c2", "#14181c"},
	{"#2b7193", "#ffffff"}, {"#0b3b57", "#ffffff"}}

// The measures of a map.
const (
	tileStep, tileWide = 50, 46
	legendStep         = 112
	tilesEdge          = 2
)

// square is a tile, or an entry of the legend, in the units of its map.
type square struct {
	Tile
	X, Y, Mid, Upper, Lower int
	Fill, Ink               string
}

type tiles struct {
	Map
	Linked          bool
	Squares, Legend []square
	Wide, High      int
}

var laid = template.Must(template.New("tiles").Parse(`<svg xmlns="http://www.w3.org/2000/svg" class="map" ` +
	`role="{{if .Linked}}group{{else}}img{{end}}" aria-labelledby="map-title" width="{{.Wide}}" height="{{.High}}" ` +
	`viewBox="0 0 {{.Wide}} {{.High}}" font-family="sans-serif" font-size="11" text-anchor="middle">` +
	`<title id="map-title">{{.Title}}</title>
` + `{{range .Squares}}{{if .Link}}<a href="{{.Link}}" tabindex="-1">{{end}}` +
	`<g class="tile"><title>{{.Name}}: {{.Value}}</title>` +
	`<rect x="{{.X}}" y="{{.Y}}" width="46" height="46" rx="3" fill="{{.Fill}}"{{if .On}} stroke="#b26a00"` +
	` stroke-width="4"{{else if not .Known}} stroke="#4d5761" stroke-dasharray="3"{{end}}/>` +
	`<text x="{{.Mid}}" y="{{.Upper}}" fill="{{.Ink}}" color="{{.Ink}}">{{.Short}}</text>` +
	`<text x="{{.Mid}}" y="{{.Lower}}" fill="{{.Ink}}" color="{{.Ink}}" font-weight="bold">{{.Mark}}</text></g>` +
	`{{if .Link}}</a>{{end}}
{{end}}{{range .Legend}}<g class="legend"><rect x="{{.X}}" y="{{.Y}}" width="14" height="14" fill="{{.Fill}}"` +
	` stroke="#4d5761"{{if not .Known}} stroke-dasharray="3"{{end}}/>` +
	`<text x="{{.Mid}}" y="{{.Lower}}" text-anchor="start" fill="#14181c" color="#14181c">{{.Name}}</text></g>
{{end}}</svg>
`))

// Tiles draws a map.
func Tiles(m Map) ([]byte, error) {
	d := tiles{Map: m}
	d.Title = printable(m.Title)
	bounds := boundsOf(m.Tiles)
	unknown := false
	for _, t := range m.Tiles {
		x, y := tilesEdge+t.Column*tileStep, tilesEdge+t.Row*tileStep
		s := square{Tile: t, X: x, Y: y, Mid: x + tileWide/2, Upper: y + 18, Lower: y + 35, Fill: "#ffffff", Ink: "#14181c"}
		s.Short, s.Name, s.Mark, s.Value = printable(t.Short), printable(t.Name), printable(t.Mark), printable(t.Value)
		if t.Known {
			shade := shades[shadeOf(bounds, t.Size)]
			s.Fill, s.Ink = shade.fill, shade.ink
		}
		unknown = unknown || !t.Known
		d.Linked = d.Linked || t.Link != ""
		d.Squares = append(d.Squares, s)
		d.Wide, d.High = max(d.Wide, x+tileStep), max(d.High, y+tileStep)
	}
	d.legend(bounds, unknown)
	var out bytes.Buffer
	if err := laid.Execute(&out, d); err != nil {
		return nil, fmt.Errorf("draw map: %w", err)
	}
	return out.Bytes(), nil
}

// boundsOf are the greatest numbers of all shades but the darkest: about as many tiles lie between each two.
func boundsOf(tiles []Tile) (bounds []int64) {
	var sizes []int64
	for _, t := range tiles {
		if t.Known {
			sizes = append(sizes, t.Size)
		}
	}
	slices.Sort(sizes)
	for i := 1; i < len(shades); i++ {
		at := len(sizes)*i/len(shades) - 1
		if at < 0 || sizes[at] == sizes[len(sizes)-1] || slices.Contains(bounds, sizes[at]) {
			continue
		}
		bounds = append(bounds, sizes[at])
	}
	return bounds
}

// shadeOf is the shade of a number; few shades lie as far apart as many do.
func shadeOf(bounds []int64, size int64) int {
	at := 0
	for at < len(bounds) && size > bounds[at] {
		at++
	}
	return at * (len(shades) - 1) / max(len(bounds), 1)
}

// legend says what each shade means, below the map.
func (d *tiles) legend(bounds []int64, unknown bool) {
	add := func(name, fill string, known bool) {
		n := len(d.Legend)
		x, y := tilesEdge+n*legendStep, d.High+8
		d.Legend = append(d.Legend, square{Tile: Tile{Name: printable(name), Known: known}, X: x, Y: y, Mid: x + 20,
			Lower: y + 12, Fill: fill})
	}
	for i, b := range bounds {
		add("≤ "+d.number(b), shades[shadeOf(bounds, bounds[i])].fill, true)
	}
	known := slices.IndexFunc(d.Tiles, func(t Tile) bool { return t.Known })
	if n := len(bounds); n > 0 {
		add("> "+d.number(bounds[n-1]), shades[len(shades)-1].fill, true)
	} else if known >= 0 { // all are alike
		add(d.number(d.Tiles[known].Size), shades[0].fill, true)
	}
	if unknown {
		add(d.None, "#ffffff", false)
	}
	d.Wide = max(d.Wide, tilesEdge+len(d.Legend)*legendStep)
	d.High += 30
}

func (m Map) number(n int64) string {
	if m.Write == nil {
		return strconv.FormatInt(n, 10)
	}
	return m.Write(n)
}
