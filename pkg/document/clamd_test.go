package document_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/document"
	"github.com/tanggap/tanggap/pkg/fault"
)

// clamd answers as a clamd does that finds the word virus in what it is sent, over its protocol. The real one was asked
// by hand; its databases are too large to come with the tests.
func clamd(t *testing.T, network, address, answer string) string {
	t.Helper()
	listener, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
				content, err := stream(conn)
				reply := answer
				switch {
				case err != nil:
					reply = "UNKNOWN COMMAND\x00"
				case answer == "" && bytes.Contains(content, []byte("virus")):
					reply = "stream: Test.Signature FOUND\x00"
				case answer == "":
					reply = "stream: OK\x00"
				}
				_, _ = io.WriteString(conn, reply)
			}()
		}
	}()
	return listener.Addr().String()
}

// stream reads what INSTREAM sends.
func stream(conn io.Reader) (content []byte, err error) {
	command := make([]byte, 10)
	if _, err := io.ReadFull(conn, command); err != nil || string(command) != "zINSTREAM\x00" {
		return nil, errors.New("another command")
	}
	for {
		var size uint32
		if err := binary.Read(conn, binary.BigEndian, &size); err != nil || size == 0 {
			return content, err
		}
		piece := make([]byte, size)
		if _, err := io.ReadFull(conn, piece); err != nil {
			return nil, err
		}
		content = append(content, piece...)
	}
}

func TestWhatTheScannerSaysDecides(t *testing.T) {
	t.Parallel()
	large := bytes.Repeat([]byte("bersih "), 50_000) // several pieces
	for name, c := range map[string]struct{ network, answer, content, code string }{
		"clean":                 {"tcp", "", "bersih", ""},
		"clean, in pieces":      {"tcp", "", string(large), ""},
		"over a socket":         {"unix", "", "bersih", ""},
		"found":                 {"tcp", "", "a virus here", "document.infected"},
		"found at the very end": {"tcp", "", string(large) + "virus", "document.infected"},
		"too large for it":      {"tcp", "INSTREAM size limit exceeded. ERROR\x00", "x", "document.scanner"},
		"something else":        {"tcp", "stream: OK maybe\x00", "x", "document.scanner"},
		"nothing":               {"tcp", "\x00", "x", "document.scanner"},
	} {
		address := "127.0.0.1:0"
		if c.network == "unix" {
			address = filepath.Join(t.TempDir(), "c")
		}
		s := document.Scanner{Address: clamd(t, c.network, address, c.answer)}
		if err := s.Scan(t.Context(), []byte(c.content)); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Without a scanner nothing is asked; one that is set up and away takes nothing.
func TestAScannerThatIsAway(t *testing.T) {
	t.Parallel()
	if err := (document.Scanner{}).Scan(t.Context(), []byte("x")); err != nil {
		t.Error(err)
	}
	away := document.Scanner{Address: filepath.Join(t.TempDir(), "nobody")}
	if err := away.Scan(t.Context(), []byte("x")); fault.KindOf(err) != fault.Unavailable ||
		fault.CodeOf(err) != "document.scanner" {
		t.Error(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { // takes the call and hangs up
		if conn, err := listener.Accept(); err == nil {
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = listener.Close() })
	hung := document.Scanner{Address: listener.Addr().String()}
	if err := hung.Scan(t.Context(), []byte("x")); fault.CodeOf(err) != "document.scanner" {
		t.Error(err)
	}
}
