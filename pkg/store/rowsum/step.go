package rowsum

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// SetOf writes the columns of all tables: a line for each, its name, a colon, and its columns with commas.
func SetOf(tables []*Table) string {
	var text strings.Builder
	for _, t := range tables {
		text.WriteString(t.Name + ":" + strings.Join(t.Columns, ",") + "\n")
	}
	return text.String()
}

// What is summed up under which columns: steps and seals of other ones do not go together.
var sets = map[bool][sha256.Size]byte{
	false: sha256.Sum256([]byte(SetOf(Case))),
	true:  sha256.Sum256([]byte(SetOf(Layoff))),
}

// tag is what a step is signed with besides itself.
func tag(key Key, of uuid.UUID, seq int, layoff bool, body []byte) []byte {
	m := hmac.New(sha256.New, key)
	set := sets[layoff]
	m.Write(append(append([]byte("tanggap-step-v1"), of[:]...), set[:]...))
	m.Write(binary.BigEndian.AppendUint32(nil, uint32(seq)))
	m.Write(body)
	return m.Sum(nil)
}

// Step is what an entry says of the rows that it changed: the sum of those that it left, less the sum of those that it
// found. It is signed, so that nobody without the keyset can say it.
func (s *Sum) Step(key Key, of uuid.UUID, seq int) []byte { return s.step(key, of, seq, false) }

func (s *Sum) step(key Key, of uuid.UUID, seq int, layoff bool) []byte {
	body := s.Encode()
	return append(tag(key, of, seq, layoff, body), body...)
}

// ReadStep gives the sum of a step; an error when it is not that of this entry, signed by this program.
func ReadStep(key Key, of uuid.UUID, seq int, layoff bool, step []byte) (*Sum, error) {
	if len(step) < sha256.Size || !hmac.Equal(step[:sha256.Size], tag(key, of, seq, layoff, step[sha256.Size:])) {
		return nil, errSum
	}
	return Decode(slices.Clone(step[sha256.Size:]))
}
