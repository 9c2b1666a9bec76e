package document

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/s3blob" // places that begin with s3://
	"gocloud.dev/gcerrors"

	"github.com/tanggap/tanggap/pkg/fault"
)

// Place is where sealed scans lie: a folder, or a bucket of an object store. Installations with different keysets may
// share one: each sees its own part.
type Place struct {
	bucket *blob.Bucket
	folder string // empty for a bucket elsewhere
	own    string // first part of every name
}

// OpenPlace opens a folder, which is made when it is not there, or a URL such as s3://bucket?region=…. The fingerprint
// is of the keyset.
func OpenPlace(ctx context.Context, address string, fingerprint [32]byte) (*Place, error) {
	p := &Place{own: fmt.Sprintf("%x", fingerprint[:6])}
	var err error
	if strings.Contains(address, "://") {
		p.bucket, err = blob.OpenBucket(ctx, address)
	} else {
		p.folder = address
		p.bucket, err = fileblob.OpenBucket(address, &fileblob.Options{CreateDir: true, DirFileMode: 0o700,
			NoTempDir: true, Metadata: fileblob.MetadataDontWrite})
	}
	if err != nil {
		return nil, fmt.Errorf("open the place of documents: %w", err)
	}
	return p, nil
}

// Close gives the place back.
func (p *Place) Close() error { return p.bucket.Close() }

// name is where a document lies: in one of 256 parts, by the end of its id, which is chance.
func (p *Place) name(id uuid.UUID) string {
	text := id.String()
	return p.part(id[15]) + text
}

func (p *Place) part(n byte) string { return fmt.Sprintf("%s/%02x/", p.own, n) }

// Write lays a sealed document down for good.
func (p *Place) Write(ctx context.Context, id uuid.UUID, sealed []byte) error {
	err := p.bucket.Upload(ctx, p.name(id), bytes.NewReader(sealed),
		&blob.WriterOptions{ContentType: "application/octet-stream"})
	if err == nil && p.folder != "" {
		err = durable(filepath.Join(p.folder, filepath.FromSlash(p.name(id))))
	}
	return p.fault(err)
}

// durable makes a file and its name outlast a power cut, which a folder does not promise by itself.
func durable(name string) error {
	for _, path := range []string{name, filepath.Dir(name)} {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// Read reads a sealed document.
func (p *Place) Read(ctx context.Context, id uuid.UUID) ([]byte, error) {
	sealed, err := p.bucket.ReadAll(ctx, p.name(id))
	return sealed, p.fault(err)
}

// fault names the place as the party whose fault it is.
func (p *Place) fault(err error) error {
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return err
	case gcerrors.Code(err) == gcerrors.NotFound:
		return fault.New(fault.Unavailable, "document.missing").Because(err)
	}
	return fault.New(fault.Unavailable, "document.unreachable").Because(err)
}

// lookAt is how many names are asked after at once.
const lookAt = 500

// Sweep deletes what has lain in a part of the place since before a time, and is not kept any more.
func (p *Place) Sweep(ctx context.Context, part byte, before time.Time,
	kept func(context.Context, []uuid.UUID) ([]uuid.UUID, error)) error {
	list := p.bucket.List(&blob.ListOptions{Prefix: p.part(part)})
	for {
		old := map[uuid.UUID]string{}
		last := false
		for len(old) < lookAt && !last {
			o, err := list.Next(ctx)
			switch {
			case errors.Is(err, io.EOF):
				last = true
			case err != nil:
				return p.fault(err)
			case o.ModTime.Before(before):
				old[idOf(o.Key)] = o.Key
			}
		}
		if err := p.deleteUnkept(ctx, old, kept); err != nil || last {
			return err
		}
	}
}

// idOf is the id in a name; of what broke off while it was written, none that anybody keeps.
func idOf(key string) uuid.UUID {
	id, err := uuid.Parse(key[strings.LastIndexByte(key, '/')+1:])
	if err != nil {
		return uuid.NewSHA1(uuid.Nil, []byte(key))
	}
	return id
}

func (p *Place) deleteUnkept(ctx context.Context, old map[uuid.UUID]string,
	kept func(context.Context, []uuid.UUID) ([]uuid.UUID, error)) error {
	if len(old) == 0 {
		return nil
	}
	ids := make([]uuid.UUID, 0, len(old))
	for id := range old {
		ids = append(ids, id)
	}
	keep, err := kept(ctx, ids)
	if err != nil {
		return err
	}
	for _, id := range keep {
		delete(old, id)
	}
	for _, key := range old {
		if err := p.bucket.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
			return p.fault(err)
		}
	}
	return nil
}
