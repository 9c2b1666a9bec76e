package audit

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// SheetRows ends the name in the manifest of a sheet that people read: its file is its rows, a SheetRow each.
const SheetRows = ".rows"

// SheetRow is a row of a sheet as a line: the texts of its cells as a JSON array, without the empty ones at its end.
func SheetRow(cells []string) []byte {
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	if cells == nil {
		cells = []string{}
	}
	var line bytes.Buffer
	e := json.NewEncoder(&line)
	e.SetEscapeHTML(false)
	_ = e.Encode(cells) // texts always have a JSON form
	return line.Bytes()
}

// pieceSize is how much of a line one cell takes, in bytes; a cell holds 32,767 characters.
const pieceSize = 30_000

// Pieces cuts a line into what cells hold; joined they are the line again. No piece begins in the middle of a
// character.
func Pieces(line string) []string {
	pieces := []string{}
	for len(line) > pieceSize {
		at := pieceSize
		for !utf8.RuneStart(line[at]) {
			at--
		}
		pieces, line = append(pieces, line[:at]), line[at:]
	}
	return append(pieces, line)
}

// BookParts gives the members of a workbook by its sheets: of one whose name is that of a member of a bundle, each row
// is a line in pieces; of every other one the rows as SheetRow writes them. rows gives the cells of a sheet as text.
func BookParts(sheets []string, rows func(sheet string) ([][]string, error)) (map[string][]byte, error) {
	parts := make(map[string][]byte, len(sheets))
	for _, sheet := range sheets {
		lines, err := rows(sheet)
		if err != nil {
			return nil, err
		}
		name, member := sheet, isMember(sheet)
		if !member {
			name += SheetRows
		}
		var text bytes.Buffer
		for _, cells := range lines {
			if member {
				text.WriteString(strings.Join(cells, "") + "\n")
			} else {
				text.Write(SheetRow(cells))
			}
		}
		parts[name] = text.Bytes()
	}
	return parts, nil
}

func isMember(sheet string) bool {
	return strings.HasPrefix(sheet, HistoriesFile) || sheet == ProofFile || sheet == ManifestFile || sheet == SignatureFile
}
