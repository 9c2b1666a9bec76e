package lawbook

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// tree is files in memory by their paths, as a file system that can be read; folders are what the paths say.
type tree map[string][]byte

// Open implements fs.FS.
func (t tree) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if data, ok := t[name]; ok {
		return &opened{Reader: bytes.NewReader(data), node: node{path.Base(name), int64(len(data)), 0o444}}, nil
	}
	below := t.below(name)
	if len(below) == 0 && name != "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	dir := node{path.Base(name), 0, fs.ModeDir | 0o555}
	return &opened{Reader: bytes.NewReader(nil), node: dir, rest: below}, nil
}

// below is what lies right in a folder, by name.
func (t tree) below(folder string) []fs.DirEntry {
	at := map[string]fs.DirEntry{}
	for name, data := range t {
		rest, inside := name, true
		if folder != "." {
			rest, inside = strings.CutPrefix(name, folder+"/")
		}
		first, _, deeper := strings.Cut(rest, "/")
		switch {
		case !inside:
		case deeper:
			at[first] = fs.FileInfoToDirEntry(node{first, 0, fs.ModeDir | 0o555})
		default:
			at[first] = fs.FileInfoToDirEntry(node{first, int64(len(data)), 0o444})
		}
	}
	list := make([]fs.DirEntry, 0, len(at))
	for _, e := range at {
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list
}

// opened is a file, or a folder of which some entries are still to be read.
type opened struct {
	*bytes.Reader
	node
	rest []fs.DirEntry
}

func (o *opened) Size() int64                { return o.node.Size() }
func (o *opened) Stat() (fs.FileInfo, error) { return o.node, nil }
func (o *opened) Close() error               { return nil }

// Read implements fs.File: a folder has no text.
func (o *opened) Read(b []byte) (int, error) {
	if o.IsDir() {
		return 0, &fs.PathError{Op: "read", Path: o.name, Err: fs.ErrInvalid}
	}
	return o.Reader.Read(b)
}

// ReadDir implements fs.ReadDirFile.
func (o *opened) ReadDir(n int) ([]fs.DirEntry, error) {
	if !o.IsDir() {
		return nil, &fs.PathError{Op: "read folder", Path: o.name, Err: fs.ErrInvalid}
	}
	if n > 0 && len(o.rest) == 0 {
		return nil, io.EOF
	}
	if n <= 0 || n > len(o.rest) {
		n = len(o.rest)
	}
	list := o.rest[:n:n]
	o.rest = o.rest[n:]
	return list, nil
}

// node says what is at a path. It has no time: nothing of the law depends on when its file was written.
type node struct {
	name string
	size int64
	mode fs.FileMode
}

func (n node) Name() string       { return n.name }
func (n node) Size() int64        { return n.size }
func (n node) Mode() fs.FileMode  { return n.mode }
func (n node) ModTime() time.Time { return time.Time{} }
func (n node) IsDir() bool        { return n.mode.IsDir() }
func (n node) Sys() any           { return nil }
