package translog

import "github.com/tanggap/tanggap/pkg/codelist"

// Adoption is what a person made the database be held against from then on, instead of what it was before.
type Adoption string

// What can be adopted.
const (
	AdoptedKeys        Adoption = "keys.adopted"        // the keys of the vault and of the log
	AdoptedCheckpoints Adoption = "checkpoints.adopted" // the place of the published checkpoints
)

// Values lists what can be adopted.
func (Adoption) Values() []Adoption { return []Adoption{AdoptedKeys, AdoptedCheckpoints} }

// Valid tells whether a is one of them.
func (a Adoption) Valid() bool { return codelist.Has(a) }
