package document_test

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/document"
	"github.com/tanggap/tanggap/pkg/fault"
)

func open(t *testing.T, address string, fingerprint byte) *document.Place {
	t.Helper()
	p, err := document.OpenPlace(t.Context(), address, [32]byte{fingerprint})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// bucket speaks as much of S3 as the place asks for.
type bucket struct {
	mu      sync.Mutex
	objects map[string][]byte
	fails   bool
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	key := strings.TrimPrefix(r.URL.Path, "/scans/")
	switch _, there := b.objects[key]; {
	case b.fails:
		http.Error(w, "", http.StatusForbidden)
	case r.Method == http.MethodGet && r.URL.Query().Get("list-type") == "2":
		b.list(w, r.URL.Query().Get("prefix"))
	case r.Method == http.MethodPut:
		b.objects[key], _ = io.ReadAll(r.Body)
	case !there:
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "<Error><Code>NoSuchKey</Code></Error>")
	case r.Method == http.MethodDelete:
		delete(b.objects, key)
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Last-Modified", "Fri, 27 Nov 2026 00:00:00 GMT")
		_, _ = w.Write(b.objects[key])
	}
}

func (b *bucket) list(w http.ResponseWriter, prefix string) {
	type object struct {
		Key          string
		LastModified string
		Size         int
		ETag         string
	}
	var out struct {
		XMLName  xml.Name `xml:"ListBucketResult"`
		Contents []object
	}
	for key, content := range b.objects {
		if strings.HasPrefix(key, prefix) {
			out.Contents = append(out.Contents, object{key, "2026-11-27T00:00:00.000Z", len(content), `"x"`})
		}
	}
	_ = xml.NewEncoder(w).Encode(out)
}

// A folder and a bucket do the same.
func TestPlaces(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	server := httptest.NewServer(&bucket{objects: map[string][]byte{}})
	t.Cleanup(server.Close)
	for name, address := range map[string]string{
		"a folder": filepath.Join(t.TempDir(), "deep", "documents"),
		"a bucket": "s3://scans?region=us-east-1&use_path_style=true&endpoint=" + server.URL +
			"&request_checksum_calculation=when_required&response_checksum_validation=when_required",
	} {
		t.Run(name, func(t *testing.T) { usePlace(t, address) })
	}
}

func usePlace(t *testing.T, address string) {
	p, other := open(t, address, 1), open(t, address, 2)
	kept, left, theirs := uuid.New(), uuid.New(), uuid.New()
	left[15], theirs[15] = kept[15], kept[15]
	for id, place := range map[uuid.UUID]*document.Place{kept: p, left: p, theirs: other} {
		if err := place.Write(t.Context(), id, []byte("sealed "+id.String())); err != nil {
			t.Fatal(err)
		}
	}
	read := func(p *document.Place, id uuid.UUID) string {
		sealed, err := p.Read(t.Context(), id)
		if err != nil {
			return fault.CodeOf(err)
		}
		return string(sealed)
	}
	if got := read(p, kept); got != "sealed "+kept.String() {
		t.Errorf("read %q", got)
	}
	if got := read(other, kept); got != "document.missing" {
		t.Errorf("another keyset reads %q", got)
	}
	asked := []uuid.UUID{}
	keep := func(_ context.Context, ids []uuid.UUID) ([]uuid.UUID, error) {
		asked = append(asked, ids...)
		return []uuid.UUID{kept}, nil
	}
	sweep := func(part byte, before time.Time) {
		t.Helper()
		if err := p.Sweep(t.Context(), part, before, keep); err != nil {
			t.Fatal(err)
		}
	}
	sweep(kept[15]+1, time.Now().Add(time.Hour)) // another part
	sweep(kept[15], time.Unix(0, 0))             // what is older than all of it
	if len(asked) > 0 {
		t.Errorf("asked for %v", asked)
	}
	refused := errors.New("refused")
	if err := p.Sweep(t.Context(), kept[15], time.Now().Add(time.Hour),
		func(context.Context, []uuid.UUID) ([]uuid.UUID, error) { return nil, refused }); !errors.Is(err, refused) {
		t.Error(err)
	}
	sweep(kept[15], time.Now().Add(time.Hour))
	if len(asked) != 2 || slices.Contains(asked, theirs) {
		t.Errorf("asked for %v", asked)
	}
	for id, want := range map[uuid.UUID]string{kept: "sealed " + kept.String(), left: "document.missing"} {
		if got := read(p, id); got != want {
			t.Errorf("after the sweep %q, want %q", got, want)
		}
	}
	if got := read(other, theirs); got != "sealed "+theirs.String() {
		t.Errorf("of another keyset %q", got)
	}
}

// Nobody else on the machine can walk into the folder, and what broke off while it was written goes.
func TestTheFolderIsOnesOwn(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "documents")
	p := open(t, folder, 1)
	id := uuid.New()
	if err := p.Write(t.Context(), id, []byte("x")); err != nil {
		t.Fatal(err)
	}
	var names []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !d.IsDir() {
			names = append(names, path)
			return nil
		}
		if info, err := d.Info(); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s has mode %v, %v", path, info.Mode(), err)
		}
		return nil
	})
	if err != nil || len(names) != 1 {
		t.Fatalf("%v, %v", names, err)
	}
	broken := names[0] + ".17.tmp"
	if err := os.WriteFile(broken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	all := func(_ context.Context, ids []uuid.UUID) ([]uuid.UUID, error) { return []uuid.UUID{id}, nil }
	if err := p.Sweep(t.Context(), id[15], time.Now().Add(time.Hour), all); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(broken); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
	if _, err := p.Read(t.Context(), id); err != nil {
		t.Error(err)
	}
}

// A part of a place is looked through to its end, however much lies there, some hundred names at a time.
func TestAFullPartIsSweptToItsEnd(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "documents")
	p := open(t, folder, 1)
	first := uuid.New()
	if err := p.Write(t.Context(), first, []byte("x")); err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(folder, "*", "*", first.String()))
	if err != nil || len(found) != 1 {
		t.Fatalf("%v, %v", found, err)
	}
	const more = 1001
	keep := map[uuid.UUID]bool{first: true}
	for n := range more {
		id := uuid.New()
		id[15] = first[15]
		keep[id] = n%2 == 0
		if err := os.WriteFile(filepath.Join(filepath.Dir(found[0]), id.String()), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	asked := 0
	kept := func(_ context.Context, ids []uuid.UUID) (list []uuid.UUID, _ error) {
		if asked += len(ids); len(ids) > 500 {
			t.Errorf("%d are asked after at once", len(ids))
		}
		return slices.DeleteFunc(ids, func(id uuid.UUID) bool { return !keep[id] }), nil
	}
	if err := p.Sweep(t.Context(), first[15], time.Now().Add(time.Hour), kept); err != nil || asked != more+1 {
		t.Errorf("%d are asked after, %v", asked, err)
	}
	left, err := os.ReadDir(filepath.Dir(found[0]))
	if err != nil || len(left) != more/2+2 {
		t.Errorf("%d are left, %v", len(left), err)
	}
}

// A place that cannot be reached is told as such, and not as a bug.
func TestAPlaceThatIsAway(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	server := httptest.NewServer(&bucket{fails: true})
	t.Cleanup(server.Close)
	p := open(t, "s3://scans?region=us-east-1&use_path_style=true&endpoint="+server.URL, 1)
	_, reading := p.Read(t.Context(), uuid.New())
	writing := p.Write(t.Context(), uuid.New(), []byte("x"))
	sweeping := p.Sweep(t.Context(), 0, time.Now(), nil)
	for name, err := range map[string]error{"read": reading, "write": writing, "sweep": sweeping} {
		if fault.CodeOf(err) != "document.unreachable" || fault.KindOf(err) != fault.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := document.OpenPlace(t.Context(), "unknown://x", [32]byte{}); err == nil {
		t.Error("an unknown kind of place is opened")
	}
}
