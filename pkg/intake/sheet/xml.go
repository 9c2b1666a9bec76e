package sheet

import (
	"bufio"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

const (
	tokenBytes = 512 << 10 // one tag or text; a cell of 32 767 characters, all escaped, takes less
	depthLimit = 64        // nested elements; workbooks need about ten
)

var (
	errToken   = errors.New("xml token is too long")
	errDepth   = errors.New("xml is nested too deeply")
	errDoctype = errors.New("xml declares a document type")
	errNested  = errors.New("xml elements do not close")
)

// tokens is encoding/xml with bounds: the length of one token, the depth, and no document type, so that no entity can
// be declared. encoding/xml resolves nothing outside the document.
type tokens struct {
	in    *guard
	xml   *xml.Decoder
	depth int
	count int
}

func newTokens(in io.Reader) *tokens {
	g := &guard{in: bufio.NewReaderSize(in, 32<<10), left: tokenBytes}
	return &tokens{in: g, xml: xml.NewDecoder(g)}
}

// next gives the next start element, end element or text; io.EOF after the last.
func (t *tokens) next(ctx context.Context) (xml.Token, error) {
	for {
		t.in.left = tokenBytes
		token, err := t.xml.RawToken()
		if errors.Is(err, io.EOF) && t.depth == 0 {
			return nil, io.EOF
		}
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF // io.EOF is the good end only
		}
		if err != nil {
			return nil, unreadable(fmt.Errorf("parse xml: %w", err))
		}
		if t.count++; t.count%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		keep, err := t.follow(token)
		if err != nil {
			return nil, unreadable(err)
		}
		if keep {
			return token, nil
		}
	}
}

func (t *tokens) follow(token xml.Token) (keep bool, err error) {
	switch token.(type) {
	case xml.StartElement:
		if t.depth++; t.depth > depthLimit {
			return false, errDepth
		}
		return true, nil
	case xml.EndElement:
		if t.depth--; t.depth < 0 {
			return false, errNested
		}
		return true, nil
	case xml.CharData:
		return true, nil
	case xml.Directive:
		return false, errDoctype
	}
	return false, nil
}

// guard stops a token that would fill the memory; encoding/xml holds each one whole.
type guard struct {
	in   *bufio.Reader
	left int
}

func (g *guard) ReadByte() (byte, error) {
	if g.left--; g.left < 0 {
		return 0, errToken
	}
	return g.in.ReadByte()
}

// Read is never called, because encoding/xml prefers ReadByte; it is here to be an io.Reader.
func (g *guard) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	b, err := g.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = b
	return 1, nil
}

// attribute gives an attribute by its local name; the namespaces of spreadsheets share none.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
