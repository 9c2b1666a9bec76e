package v1

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/tanggap/tanggap/pkg/calendar"
)

// RowPage is one page of cases.
type RowPage struct {
	Items      []Row  `json:"items" nullable:"false"`
	NextCursor string `json:"next_cursor,omitempty" doc:"Absent on the last page"`
}

// AppendJSON writes what encoding/json would write. The caseload page is what offices look at all day, and reflection
// over its thousand values would be a quarter of its cost; a test holds the two to the same bytes.
func (p RowPage) AppendJSON(b []byte) ([]byte, error) {
	b = append(b, `{"items":[`...)
	for i := range p.Items {
		if i > 0 {
			b = append(b, ',')
		}
		b = p.Items[i].appendJSON(b)
	}
	b = append(b, ']')
	b = appendOptional(b, `,"next_cursor":`, p.NextCursor)
	return append(b, '}'), nil
}

func (r *Row) appendJSON(b []byte) []byte {
	b = appendText(append(b, `{"id":`...), r.ID)
	b = appendText(append(b, `,"region":`...), r.Region)
	b = appendText(append(b, `,"stage":`...), string(r.Stage))
	b = appendOptional(b, `,"outcome":`, r.Outcome)
	b = appendOptional(b, `,"duplicate_of":`, r.DuplicateOf)
	b = appendOptional(b, `,"officer":`, r.Officer)
	b = appendText(append(b, `,"claim":`...), r.Claim)
	b = appendDate(b, `,"terminated_on":"`, r.TerminatedOn)
	b = appendDate(b, `,"opened_on":"`, r.OpenedOn)
	b = appendDate(b, `,"closed_on":"`, r.ClosedOn)
	b = appendDate(b, `,"due_on":"`, r.DueOn)
	b = appendOptional(b, `,"due_for":`, r.DueFor)
	b = appendDate(b, `,"follow_up_on":"`, r.FollowUpOn)
	b = appendOptional(b, `,"layoff":`, r.Layoff)
	b = strconv.AppendInt(append(b, `,"version":`...), int64(r.Version), 10)
	b = r.UpdatedAt.AppendFormat(append(b, `,"updated_at":"`...), time.RFC3339Nano)
	b = appendText(append(b, `","name":`...), r.Name)
	b = appendText(append(b, `,"nik":`...), r.NIK)
	b = appendOptional(b, `,"employer":`, r.Employer)
	for i, id := range r.SamePerson {
		key := `,`
		if i == 0 {
			key = `,"same_person":[`
		}
		b = appendText(append(b, key...), id)
	}
	if len(r.SamePerson) > 0 {
		b = append(b, ']')
	}
	return append(b, '}')
}

func appendDate(b []byte, key string, value calendar.Date) []byte {
	if value.IsZero() {
		return b
	}
	b, _ = value.AppendText(append(b, key...)) // it has no errors
	return append(b, '"')
}

func appendOptional(b []byte, key, value string) []byte {
	if value == "" {
		return b
	}
	return appendText(append(b, key...), value)
}

// appendText quotes a text; what needs escaping is left to encoding/json.
func appendText(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, _ := json.Marshal(text) // a string always has a JSON form
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), text...), '"')
}
