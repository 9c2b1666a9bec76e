package document

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/tanggap/tanggap/pkg/fault"
)

// Scanner looks for viruses by asking a clamd of ClamAV over its own protocol (INSTREAM). The zero Scanner looks for
// nothing.
type Scanner struct {
	Address string // host:port, or the path of a socket; empty for none
}

const (
	scanTime  = 20 * time.Second
	scanChunk = 64 << 10
	scanMost  = 4 << 10 // bytes of an answer
)

// Scan refuses a file in which clamd finds something, and fails with document.scanner when it cannot be asked: what
// nobody has looked at is not taken.
func (s Scanner) Scan(ctx context.Context, content []byte) error {
	if s.Address == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, scanTime)
	defer cancel()
	answer, err := s.ask(ctx, content)
	switch {
	case err != nil:
		return fault.New(fault.Unavailable, "document.scanner").Because(err)
	case strings.HasSuffix(answer, " FOUND"):
		return fault.New(fault.Invalid, "document.infected").At("file")
	case answer != "stream: OK":
		return fault.New(fault.Unavailable, "document.scanner").Because(fmt.Errorf("clamd said %q", answer))
	}
	return nil
}

func (s Scanner) ask(ctx context.Context, content []byte) (string, error) {
	network := "tcp"
	if strings.HasPrefix(s.Address, "/") {
		network = "unix"
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, network, s.Address)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }()
	end, _ := ctx.Deadline()
	if err := conn.SetDeadline(end); err != nil {
		return "", err
	}
	sending := send(conn, content)
	answer, err := io.ReadAll(io.LimitReader(conn, scanMost))
	if len(answer) == 0 {
		return "", errors.Join(sending, err, io.ErrUnexpectedEOF)
	}
	return strings.TrimRight(string(answer), "\x00\n"), nil // one that has heard enough answers before all is sent
}

// send writes the command and the file: pieces with their length before them, and an empty one at the end.
func send(conn io.Writer, content []byte) error {
	if _, err := io.WriteString(conn, "zINSTREAM\x00"); err != nil {
		return err
	}
	for len(content) > 0 {
		piece := content[:min(len(content), scanChunk)]
		if _, err := conn.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(piece))), piece...)); err != nil {
			return err
		}
		content = content[len(piece):]
	}
	_, err := conn.Write([]byte{0, 0, 0, 0})
	return err
}
