package region

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/tanggap/tanggap/pkg/fault"
)

// Tile is the square of a province on a map of squares, counted from the upper left corner.
type Tile struct {
	Province    Code
	Letters     string
	Column, Row int
}

// LoadTiles reads where the provinces lie (province_code, letters, column, row). The grid of 15 columns and 7 rows is
// drawn by us after the places of the provinces to each other and says nothing of borders or sizes; the letters are
// those of ISO 3166-2:ID.
// Fault region.data_invalid when a province of the tree is missing or there twice, or two lie on each other: a map that
// leaves a province out says that nobody was laid off there.
func LoadTiles(r io.Reader, t *Tree) ([]Tile, error) {
	rows := csv.NewReader(r)
	all, err := rows.ReadAll()
	if err == nil && (len(all) == 0 || strings.Join(all[0], ",") != "province_code,letters,column,row") {
		err = fmt.Errorf("the header is not province_code,letters,column,row")
	}
	var tiles []Tile
	if err == nil {
		tiles, err = t.tiles(all[1:])
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "region.data_invalid").Because(fmt.Errorf("tiles: %w", err))
	}
	return tiles, nil
}

func (t *Tree) tiles(rows [][]string) ([]Tile, error) {
	used := map[string]bool{}
	var tiles []Tile
	for _, row := range rows {
		column, err1 := strconv.Atoi(row[2])
		line, err2 := strconv.Atoi(row[3])
		at := row[2] + "," + row[3]
		place, known := t.Get(Code(row[0]))
		switch {
		case !known || place.Level != Province:
			return nil, fmt.Errorf("%q is no province", row[0])
		case err1 != nil || err2 != nil || column < 0 || line < 0:
			return nil, fmt.Errorf("%s lies nowhere", row[0])
		case used[row[0]] || used[row[1]] || used[at] || row[1] == "":
			return nil, fmt.Errorf("%s, its letters or its place are there twice", row[0])
		}
		used[row[0]], used[row[1]], used[at] = true, true, true
		tiles = append(tiles, Tile{place.Code, row[1], column, line})
	}
	if missing := len(t.children[""]) - len(tiles); missing != 0 {
		return nil, fmt.Errorf("%d provinces are missing", missing)
	}
	return tiles, nil
}
