// Package ids knows the one spelling of an id: 36 characters in lower case, and never the id that is all zeros.
package ids

import "github.com/google/uuid"

// Pattern is the spelling as a regular expression, for the contract. The version digit leaves the zero id out.
const Pattern = `[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`

// Parse reads an id. Every other spelling of it, and the zero id, is no id: what is compared by its text, or taken for
// "none", must have one form.
func Parse(text string) (uuid.UUID, bool) {
	id, err := uuid.Parse(text)
	return id, err == nil && id != uuid.Nil && id.String() == text
}
