package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
)

// Entry is one entry of a case's history as it was exported or stored.
type Entry struct {
	CaseID     uuid.UUID
	Region     string
	Seq        int
	Kind       string
	Actor      uuid.UUID
	OccurredOn calendar.Date
	RecordedAt time.Time
	Payload    string
	PrevHash   [32]byte
	Hash       [32]byte
}

const prefix = "tanggap-history-v1"

var (
	firstDay     = calendar.MustDate("2000-01-01")
	firstInstant = firstDay.Time()
)

// Digest is what the hash of the entry must be; see the package documentation.
func (e *Entry) Digest() [32]byte {
	b := make([]byte, 0, 160+len(e.Kind)+len(e.Payload))
	b = append(b, prefix...)
	b = append(b, e.PrevHash[:]...)
	b = append(b, e.CaseID[:]...)
	b = binary.BigEndian.AppendUint32(b, uint32(int32(e.Seq)))
	b = binary.BigEndian.AppendUint32(b, uint32(len(e.Kind)))
	b = append(b, e.Kind...)
	b = append(b, e.Actor[:]...)
	b = binary.BigEndian.AppendUint32(b, uint32(int32(firstDay.DaysUntil(e.OccurredOn))))
	b = binary.BigEndian.AppendUint64(b, uint64(e.RecordedAt.Sub(firstInstant).Microseconds()))
	b = binary.BigEndian.AppendUint32(b, uint32(len(e.Payload)))
	b = append(b, e.Payload...)
	return sha256.Sum256(b)
}
