// Package spelling knows the usual abbreviations of Indonesian names: who is registered as Moh. Rizki is looked for as
// Muhammad Rizki.
package spelling

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/tanggap/tanggap/policies"
)

// File is where the abbreviations stand: a name and one of its short forms on each line, in small letters without dots,
// the lines of a name below each other. Spellings that differ in a letter or two need no line: names are compared by
// their likeness anyway.
const File = "reference/name_spellings.csv"

var groups = sync.OnceValue(func() [][]string {
	file, err := policies.FS.Open(File)
	if err == nil {
		defer func() { _ = file.Close() }()
		var all [][]string
		if all, err = read(file); err == nil {
			return all
		}
	}
	panic(fmt.Errorf("read %s: %w", File, err)) // it is in the program
})

func read(from io.Reader) ([][]string, error) {
	r := csv.NewReader(from)
	r.FieldsPerRecord = 2
	rows, err := r.ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	var all [][]string
	for _, row := range rows[1:] {
		if n := len(all); n > 0 && all[n-1][0] == row[0] {
			all[n-1] = append(all[n-1], row[1])
			continue
		}
		all = append(all, row)
	}
	return all, nil
}

// Of gives the words of a name, in small letters, as they are and with one word after the other in the ways that people
// write it; most at the most.
func Of(words []string, most int) [][]string {
	out := [][]string{words}
	for i, word := range words {
		for _, group := range groups() {
			if !slices.Contains(group, word) {
				continue
			}
			for _, other := range group {
				if other != word && len(out) < most {
					out = append(out, slices.Replace(slices.Clone(words), i, i+1, other))
				}
			}
		}
	}
	return out
}
