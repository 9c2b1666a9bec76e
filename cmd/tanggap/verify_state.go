package main

import (
	"fmt"
	"strings"

	"github.com/tanggap/tanggap/pkg/store/logstore"
)

// stateWords are what is said of the state, in Indonesian and English.
var stateWords = map[string][2]string{
	"differs": {"BERUBAH: %s, setelah entri %d: isi tabel bukan lagi yang ditinggalkan entri itu: %s\n",
		"CHANGED: %s, after entry %d: its rows are not those that this entry left: %s\n"},
	"more": {"dan mungkin lebih banyak lagi", "and perhaps more"},
	"sealed": {"isi tabel %d kasus dan PHK sesuai dengan entri terakhirnya",
		"the rows of %d cases and layoffs are those that their newest entries left"},
	"before": {"; %d lebih tua daripada segel (mulai entri %d dari log), disegel pada entri berikutnya",
		"; %d are older than the seals (from entry %d of the log on) and get one with their next entry"},
	"older": {"; %d di antaranya dengan segel lama, yang tidak memuat apa yang diubah orang lain sebelum entri " +
		"terakhirnya",
		"; %d of them by an older seal, which does not tell what others changed before their newest entries"},
	"waiting": {"; %d baru saja berubah dan menunggu segel", "; %d have just been changed and wait for a seal"},
}

// differing names every case and layoff whose rows are not those that its newest entry left.
func (c *verifyCommand) differing(r logstore.StateReport) {
	for _, d := range r.Differs {
		fmt.Printf(c.pick(stateWords["differs"]), d.Of, d.Seq, strings.Join(d.Parts, ", "))
	}
	if len(r.Differs) >= logstore.MostDifferences {
		fmt.Println("    " + c.pick(stateWords["more"]))
	}
}

// sealed says of how many the rows were held against a seal, and of how many there is none.
func (c *verifyCommand) sealed(r logstore.StateReport) string {
	text := fmt.Sprintf(c.pick(stateWords["sealed"]), r.Sealed)
	if r.Older > 0 {
		text += fmt.Sprintf(c.pick(stateWords["older"]), r.Older)
	}
	if r.Before > 0 {
		text += fmt.Sprintf(c.pick(stateWords["before"]), r.Before, r.Since)
	}
	if r.Waiting > 0 {
		text += fmt.Sprintf(c.pick(stateWords["waiting"]), r.Waiting)
	}
	return text
}
