package store

import (
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
)

// link is a connection that can be cut from outside.
type link struct {
	net.Conn
	of       *lineage
	timeline uint32
}

// Close forgets the connection.
func (c *link) Close() error {
	c.of.mu.Lock()
	delete(c.of.links, c)
	c.of.mu.Unlock()
	return c.Conn.Close()
}

// linkOf finds the link below TLS.
func linkOf(conn net.Conn) *link {
	if sealed, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = sealed.NetConn()
	}
	found, _ := conn.(*link)
	return found
}

func readBranch(file string) (b branch, err error) {
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &b)
	}
	return b, err
}

// writeBranch replaces the file unless it knows of a later timeline of the same cluster.
func writeBranch(file string, b branch) error {
	if file == "" {
		return nil
	}
	if kept, err := readBranch(file); err == nil && kept.System == b.System && kept.Timeline >= b.Timeline {
		return nil
	}
	text, err := json.Marshal(b)
	if err != nil {
		return err
	}
	fresh, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+"-")
	if err != nil {
		return err
	}
	_, err = fresh.Write(text)
	if err = errors.Join(err, fresh.Sync(), fresh.Close()); err == nil {
		err = os.Rename(fresh.Name(), file)
	}
	return err
}
