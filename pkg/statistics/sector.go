package statistics

import (
	"encoding/csv"
	"strings"
	"sync"

	"github.com/tanggap/tanggap/policies"
)

// section is a section of KBLI 2020, with the divisions in it.
type section struct{ names map[string]string }

// Sector is what the section of a division of KBLI is called, or empty where no section has it. Employers of both
// editions are told by the sections of 2020.
func Sector(lang, division string) string { return sections()[division].names[lang] }

// sections are the sections by their divisions.
var sections = sync.OnceValue(func() map[string]section {
	file, err := policies.FS.Open("reference/kbli_sections.csv")
	if err != nil {
		panic(err) // the file is part of the program
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		panic(err)
	}
	all := map[string]section{}
	for _, row := range rows[1:] {
		s := section{map[string]string{"id": row[1], "en": row[2]}}
		first, last, ranged := strings.Cut(row[3], "-")
		if !ranged {
			last = first
		}
		for d := first; d <= last; d = next(d) {
			all[d] = s
		}
	}
	return all
})

// next is the division after one of two digits.
func next(d string) string {
	tens, ones := d[0], d[1]+1
	if ones > '9' {
		tens, ones = tens+1, '0'
	}
	return string([]byte{tens, ones})
}
