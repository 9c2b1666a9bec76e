package sheet

import (
	"context"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
)

// texts holds the shared strings of a workbook compactly: each is its length and its bytes inside one of a list of
// blocks, so that nothing is copied when it grows and the cost per string is 4 bytes.
type texts struct {
	blocks [][]byte
	starts []uint32     // block number << blockBits | offset
	long   map[int]bool // those that were passed over
}

const (
	blockBits  = 20
	blockBytes = 1 << blockBits
)

func (t *texts) add(s []byte) {
	need := len(s) + binary.MaxVarintLen32
	last := len(t.blocks) - 1
	if last < 0 || len(t.blocks[last])+need > cap(t.blocks[last]) {
		t.blocks = append(t.blocks, make([]byte, 0, blockBytes))
		last++
	}
	t.starts = append(t.starts, uint32(last)<<blockBits|uint32(len(t.blocks[last])))
	t.blocks[last] = append(binary.AppendUvarint(t.blocks[last], uint64(len(s))), s...)
}

func (t *texts) get(i int) (string, bool) {
	if i < 0 || i >= len(t.starts) {
		return "", false
	}
	block := t.blocks[t.starts[i]>>blockBits][t.starts[i]&(blockBytes-1):]
	n, width := binary.Uvarint(block)
	return string(block[width : width+int(n)]), true
}

// readTexts loads the shared strings: the runs of rich text joined, phonetic guides left out.
func readTexts(ctx context.Context, parts *archive, part string, limits Limits) (*texts, error) {
	in, err := parts.open(part)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	r := textsReader{found: &texts{long: map[int]bool{}}, limits: limits}
	for tokens := newTokens(in); ; {
		token, err := tokens.next(ctx)
		if errors.Is(err, io.EOF) {
			return r.found, nil
		}
		if err != nil {
			return nil, err
		}
		if err := r.take(token); err != nil {
			return nil, err
		}
	}
}

type textsReader struct {
	found  *texts
	limits Limits
	bytes  int64
	inText bool // inside <t>
	guide  bool // inside <rPh>
	long   bool
	buf    []byte
}

func (r *textsReader) take(token xml.Token) error {
	switch e := token.(type) {
	case xml.StartElement:
		r.inText = e.Name.Local == "t"
		switch e.Name.Local {
		case "si":
			r.buf, r.long = r.buf[:0], false
		case "rPh":
			r.guide = true
		}
	case xml.CharData:
		if r.inText && !r.guide {
			r.append(e)
		}
	case xml.EndElement:
		r.inText = false
		switch e.Name.Local {
		case "rPh":
			r.guide = false
		case "si":
			return r.close()
		}
	}
	return nil
}

// append keeps a piece of a text; of one that is too long nothing.
func (r *textsReader) append(text []byte) {
	if r.long = r.long || len(r.buf)+len(text) > 4*r.limits.CellRunes; !r.long {
		r.buf = append(r.buf, text...)
	}
}

func (r *textsReader) close() error {
	r.bytes += int64(len(r.buf))
	if r.bytes > r.limits.StringBytes || len(r.found.starts) >= r.limits.Strings {
		return tooLarge("intake.unpacked_too_large", r.limits.StringBytes)
	}
	if r.long {
		r.found.long[len(r.found.starts)] = true
		r.buf = r.buf[:0]
	}
	r.found.add(r.buf)
	return nil
}
