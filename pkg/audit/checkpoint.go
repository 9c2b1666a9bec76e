package audit

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// Checkpoint is the root of the log at a size, as it was published.
type Checkpoint struct {
	Origin string // name of the log, which is also that of its key
	Size   int64  // entries in the log
	Root   [32]byte
	At     time.Time
}

// Text is the signed text of the checkpoint: four lines.
func (c Checkpoint) Text() string {
	root := base64.StdEncoding.EncodeToString(c.Root[:])
	return fmt.Sprintf("%s\n%d\n%s\n%s\n", c.Origin, c.Size, root, c.At.UTC().Format(instant))
}

// ParseCheckpoint verifies a signed checkpoint with the key of its log and reads it. Text that merely reads alike is
// not one: there is one form.
func ParseCheckpoint(signed []byte, key note.Verifier) (Checkpoint, error) {
	opened, err := note.Open(signed, note.VerifierList(key))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint is not signed by %s: %w", key.Name(), err)
	}
	c, ok := readCheckpoint(opened.Text)
	if !ok || c.Origin != key.Name() {
		return Checkpoint{}, fmt.Errorf("the signed text is not a checkpoint of %s", key.Name())
	}
	return c, nil
}

// ClaimOf reads what a checkpoint says of itself without looking at its signature: enough to put checkpoints into their
// order, never to trust one.
func ClaimOf(signed []byte) (Checkpoint, bool) {
	text, _, ok := strings.Cut(string(signed), signatureMark)
	if !ok {
		return Checkpoint{}, false
	}
	return readCheckpoint(text + "\n")
}

func readCheckpoint(text string) (Checkpoint, bool) {
	lines := strings.Split(text, "\n")
	if len(lines) != 5 {
		return Checkpoint{}, false
	}
	c := Checkpoint{Origin: lines[0]}
	size, err1 := strconv.ParseInt(lines[1], 10, 64)
	root, err2 := base64.StdEncoding.DecodeString(lines[2])
	at, err3 := time.Parse(instant, lines[3])
	c.Size, c.At = size, at
	copy(c.Root[:], root)
	return c, err1 == nil && err2 == nil && err3 == nil && size >= 0 && len(root) == len(c.Root) && c.Text() == text
}

// signatureMark stands between the text of a signed note and its signatures.
const signatureMark = "\n\n— "

// SplitCheckpoints cuts a file of checkpoints, one signed text after the other, and leaves out a last one that was not
// written to its end.
func SplitCheckpoints(file []byte) [][]byte {
	var out [][]byte
	for text := string(file); ; {
		at := strings.Index(text, signatureMark)
		if at < 0 {
			return out
		}
		end := strings.IndexByte(text[at+2:], '\n')
		if end < 0 {
			return out
		}
		out = append(out, []byte(text[:at+2+end+1]))
		text = text[at+2+end+1:]
	}
}
