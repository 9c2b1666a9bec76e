package audit_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/tanggap/tanggap/pkg/audit"
)

// key is a pair of keys of a log.
type key struct {
	public string
	signer note.Signer
}

func newKey(t *testing.T, name string) key {
	t.Helper()
	secret, public, err := note.GenerateKey(nil, name)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	return key{public, signer}
}

func (k key) sign(t *testing.T, text string) string {
	t.Helper()
	signed, err := note.Sign(&note.Note{Text: text}, k.signer)
	if err != nil {
		t.Fatal(err)
	}
	return string(signed)
}

// logSize is the log of these tests; the entries of a bundle stand at these places of it, among others'.
const logSize = 11

var places = []int64{1, 4, 5, 10}

// tree gives the root of the log, and in rest the largest subtrees without any entry of the bundle, written as the
// package documentation has it.
func tree(leaves [][32]byte, lo int, rest *[]string) (root [32]byte) {
	inside := slices.ContainsFunc(places, func(p int64) bool { return int(p) >= lo && int(p) < lo+len(leaves) })
	if inside || rest == nil {
		rest2 := rest
		if len(leaves) == 1 {
			return leaves[0]
		}
		k := 1
		for 2*k < len(leaves) {
			k *= 2
		}
		left, right := tree(leaves[:k], lo, rest2), tree(leaves[k:], lo+k, rest2)
		return sha256.Sum256(slices.Concat([]byte{1}, left[:], right[:]))
	}
	root = tree(leaves, lo, nil)
	*rest = append(*rest, base64.StdEncoding.EncodeToString(root[:]))
	return root
}

// made is a bundle of four entries of two cases, whole and signed.
type made struct {
	key      key
	at       audit.Checkpoint
	manifest audit.Manifest
	proof    []string // its lines
	parts    fstest.MapFS
}

func bundle(t *testing.T) *made {
	t.Helper()
	b := &made{key: newKey(t, "uji"), parts: fstest.MapFS{}}
	entries := history(3, 1)
	leaves := make([][32]byte, logSize)
	for i := range leaves {
		leaves[i] = audit.LeafHash([32]byte{byte(i)})
	}
	for i, p := range places {
		leaves[p] = audit.LeafHash(entries[i].Hash)
	}
	var rest []string
	b.at = audit.Checkpoint{Origin: "uji", Size: logSize, At: start, Root: tree(leaves, 0, &rest)}
	b.proof = []string{"tanggap-proof-v1", strings.TrimSuffix(b.key.sign(t, b.at.Text()), "\n"), "",
		fmt.Sprint("entries ", len(places))}
	for _, p := range places {
		b.proof = append(b.proof, fmt.Sprint(p))
	}
	b.proof = append(append(b.proof, fmt.Sprint("hashes ", len(rest))), rest...)
	b.put("histories.csv", asCSV(entries))
	b.put("people.csv", []byte("case_id,name\n"))
	b.manifest = audit.Manifest{Version: 1, Scope: []string{"3273"}, Filter: json.RawMessage(`{}`), Profile: "masked",
		AsOf:        logSize,
		AsOfInstant: start, LogKey: b.key.public, Cases: 2}
	b.seal(t)
	return b
}

func (b *made) put(name string, text []byte) { b.parts[name] = &fstest.MapFile{Data: text} }

// seal writes the proof, and the manifest of what there is with its signature.
func (b *made) seal(t *testing.T) {
	t.Helper()
	b.put("proof.txt", []byte(strings.Join(b.proof, "\n")+"\n"))
	b.manifest.Files = nil
	for _, name := range []string{"histories.csv", "proof.txt", "people.csv"} {
		part := b.parts[name]
		f := audit.ManifestEntry{Name: name, Bytes: int64(len(part.Data)), SHA256: fmt.Sprintf("%x",
			sha256.Sum256(part.Data))}
		if name == "histories.csv" {
			f.Entries, f.Cases = 4, 2
		}
		b.manifest.Files = append(b.manifest.Files, f)
	}
	b.sign(t, b.key)
}

func (b *made) sign(t *testing.T, k key) {
	t.Helper()
	text, err := json.Marshal(b.manifest)
	if err != nil {
		t.Fatal(err)
	}
	b.put("manifest.json", text)
	b.put("manifest.sig", []byte(k.sign(t, fmt.Sprintf("tanggap-manifest-v1\n%x\n", sha256.Sum256(text)))))
}

func (b *made) verify(t *testing.T, key string) audit.BundleReport {
	t.Helper()
	r, err := audit.VerifyBundle(t.Context(), b.parts, key, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// second is the answer of the verifier in Python, which lies in every bundle and shares no code with this package: 0 is
// proved, 1 changed, 2 not proved.
func (b *made) second(t *testing.T, key string) (code int, said string) {
	t.Helper()
	folder := t.TempDir()
	for name, part := range b.parts {
		if err := os.WriteFile(filepath.Join(folder, name), part.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"-I", "../export/inside/verify.py", folder}
	if key != "" {
		args = append(args, "--key", key)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "python3", args...)
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatalf("python3 is needed: %v", err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// A whole bundle is proved, by the key that is trusted or by its own; what it says of itself stands in the report.
func TestAWholeBundleIsProved(t *testing.T) {
	t.Parallel()
	b := bundle(t)
	for key, trusted := range map[string]bool{"": false, b.key.public: true} {
		r := b.verify(t, key)
		if r.Finding != nil || r.SignedBy != "" || r.Entries != 4 || r.Cases != 2 || r.Region != "3273" ||
			!r.AsOf.Equal(start) {
			t.Errorf("got %+v, %v", r.Report, r.Finding)
		}
		if code, said := b.second(t, key); code != 0 || !strings.HasPrefix(said, "OK: 4 entries of 2 cases") {
			t.Errorf("the second verifier ends with %d: %s", code, said)
		}
		if r.Trusted != trusted || r.Key != b.key.public || r.Manifest.AsOf != logSize {
			t.Errorf("trusted %t by %s", r.Trusted, r.Key)
		}
	}
}

// Each change of a bundle is found and named; who signs anew with another key is told from who changed something.
func TestEveryChangeOfABundleIsFound(t *testing.T) {
	t.Parallel()
	other := newKey(t, "lain")
	same := newKey(t, "uji")
	line := func(b *made, begins string) int {
		return slices.IndexFunc(b.proof, func(l string) bool { return strings.HasPrefix(l, begins) })
	}
	for name, c := range map[string]struct {
		change func(t *testing.T, b *made)
		what   audit.Problem
		by     bool // of another key
	}{
		"a byte of a table":    {func(_ *testing.T, b *made) { b.parts["people.csv"].Data[0]++ }, audit.FileDiffers, false},
		"a table that is gone": {func(_ *testing.T, b *made) { delete(b.parts, "people.csv") }, audit.FileDiffers, false},
		"a byte of the manifest": {func(_ *testing.T, b *made) {
			b.put("manifest.json",
				append(b.parts["manifest.json"].Data, ' '))
		},
			audit.BadSignature, false},
		"signed by another log":    {func(t *testing.T, b *made) { b.sign(t, other) }, audit.BadSignature, true},
		"signed by a log so named": {func(t *testing.T, b *made) { b.sign(t, same) }, audit.BadSignature, true},
		"no signature": {func(_ *testing.T, b *made) { b.put("manifest.sig", []byte("x")) }, audit.BadSignature,
			false},
		"a signature of something else": {func(t *testing.T, b *made) {
			b.put("manifest.sig", []byte(b.key.sign(t, "tanggap-manifest-v1\n00\n")))
		}, audit.BadSignature, false},
		"fewer entries than stated": {func(t *testing.T, b *made) { b.manifest.Files[0].Entries = 5; b.sign(t, b.key) },
			audit.BadManifest, false},
		"more cases than stated": {func(t *testing.T, b *made) { b.manifest.Files[0].Cases = 1; b.sign(t, b.key) },
			audit.BadManifest, false},
		"another instant": {func(t *testing.T, b *made) {
			b.manifest.AsOfInstant = start.Add(time.Microsecond)
			b.sign(t, b.key)
		}, audit.BadManifest, false},
		"another digest": {func(t *testing.T, b *made) {
			b.manifest.Files[0].SHA256 = strings.Repeat("0", 64)
			b.sign(t,
				b.key)
		}, audit.FileDiffers, false},
		"another size of the log": {func(t *testing.T, b *made) { b.manifest.AsOf--; b.sign(t, b.key) }, audit.BadProof,
			false},
		"an entry rewritten": {func(t *testing.T, b *made) {
			entries := history(3, 1)
			entries[3].Payload = `{"to":"closed"}`
			entries[3].Hash = entries[3].Digest()
			b.put("histories.csv", asCSV(entries))
			b.seal(t)
		}, audit.BadProof, false},
		"a checkpoint of another key": {func(t *testing.T, b *made) {
			b.proof[1] = strings.TrimSuffix(same.sign(t, b.at.Text()), "\n")
			b.seal(t)
		}, audit.BadProof, false},
		"a checkpoint of another root": {func(t *testing.T, b *made) {
			b.at.Root[0]++
			b.proof[1] = strings.TrimSuffix(b.key.sign(t, b.at.Text()), "\n")
			b.seal(t)
		}, audit.BadProof, false},
		"another header": {func(t *testing.T, b *made) { b.proof[0] = "tanggap-proof-v2"; b.seal(t) }, audit.BadProof,
			false},
		"another place": {func(t *testing.T, b *made) { b.proof[line(b, "entries")+1] = "2"; b.seal(t) },
			audit.BadProof, false},
		"a place twice": {func(t *testing.T, b *made) { b.proof[line(b, "entries")+1] = "4"; b.seal(t) },
			audit.BadProof, false},
		"a place beyond": {func(t *testing.T, b *made) { b.proof[line(b, "entries")+4] = "11"; b.seal(t) },
			audit.BadProof, false},
		"a place before": {func(t *testing.T, b *made) { b.proof[line(b, "entries")+1] = "-1"; b.seal(t) },
			audit.BadProof, false},
		"no place": {func(t *testing.T, b *made) { b.proof[line(b, "entries")+1] = "x"; b.seal(t) },
			audit.BadProof, false},
		"places too few": {func(t *testing.T, b *made) { b.proof[line(b, "entries")] = "entries 3"; b.seal(t) },
			audit.BadProof, false},
		"places too many": {func(t *testing.T, b *made) { b.proof[line(b, "entries")] = "entries 5"; b.seal(t) },
			audit.BadProof, false},
		"places without end": {func(t *testing.T, b *made) { b.proof[line(b, "entries")] = "entries -1"; b.seal(t) },
			audit.BadProof, false},
		"another hash": {func(t *testing.T, b *made) {
			b.proof[line(b,
				"hashes")+1] = base64.StdEncoding.EncodeToString(make([]byte, 32))
			b.seal(t)
		}, audit.BadProof, false},
		"a short hash": {func(t *testing.T, b *made) { b.proof[line(b, "hashes")+1] = "AAAA"; b.seal(t) },
			audit.BadProof, false},
		"no hash": {func(t *testing.T, b *made) { b.proof[line(b, "hashes")+1] = "%"; b.seal(t) },
			audit.BadProof, false},
		"a hash too few": {func(t *testing.T, b *made) {
			n := line(b, "hashes")
			b.proof[n] = fmt.Sprint("hashes ", len(b.proof)-n-2)
			b.proof = b.proof[:len(b.proof)-1]
			b.seal(t)
		}, audit.BadProof, false},
		"a hash too many": {func(t *testing.T, b *made) {
			n := line(b, "hashes")
			b.proof = append(b.proof, b.proof[n+1])
			b.proof[n] = fmt.Sprint("hashes ", len(b.proof)-n-1)
			b.seal(t)
		}, audit.BadProof, false},
		"a line after the end": {func(t *testing.T, b *made) { b.proof = append(b.proof, "more"); b.seal(t) },
			audit.BadProof, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := bundle(t)
			trusted := b.key.public
			c.change(t, b)
			for _, key := range []string{"", trusted} {
				r := b.verify(t, key)
				if r.Finding == nil || r.Finding.What != c.what || (r.SignedBy != "") != c.by {
					t.Errorf("with the key %q: %v, signed by %q", key, r.Finding, r.SignedBy)
				}
				want, word := 1, "CHANGED: "
				if c.by {
					want, word = 2, "NOT PROVED: "
				}
				if code, said := b.second(t, key); code != want || !strings.HasPrefix(said, word) {
					t.Errorf("with the key %q the second verifier ends with %d: %s", key, code, said)
				}
			}
		})
	}
}

// What is no export is told from a manifest that cannot be read, and a key that is none from one that does not fit.
func TestWhatIsNoBundle(t *testing.T) {
	t.Parallel()
	b := bundle(t)
	if _, err := audit.VerifyBundle(t.Context(), b.parts, "no key", nil); err == nil {
		t.Error("a key that is none is taken")
	}
	if r := b.verify(t, newKey(t, "lain").public); r.Finding == nil || r.Finding.What != audit.BadSignature ||
		r.SignedBy == "" {
		t.Errorf("with another key: %+v", r.Finding)
	}
	for _, name := range []string{"manifest.json", "manifest.sig"} {
		missing := bundle(t)
		delete(missing.parts, name)
		if _, err := audit.VerifyBundle(t.Context(), missing.parts, "", nil); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("without %s: %v", name, err)
		}
	}
	missing := bundle(t)
	missing.manifest.Files = missing.manifest.Files[:1]
	missing.sign(t, missing.key)
	delete(missing.parts, "proof.txt")
	if _, err := audit.VerifyBundle(t.Context(), missing.parts, "", nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a proof: %v", err)
	}
	for manifest, want := range map[string]error{`x`: audit.ErrNotExport, `{}`: audit.ErrNotExport,
		`{"files":[]}`: audit.ErrNotExport} {
		broken := bundle(t)
		broken.put("manifest.json", []byte(manifest))
		if r := broken.verify(t, ""); r.Finding == nil || r.Finding.What != audit.BadManifest {
			t.Errorf("%s with a signature of ours: %+v", manifest, r.Finding)
		}
		broken.put("manifest.sig", []byte("something else"))
		if _, err := audit.VerifyBundle(t.Context(), broken.parts, "", nil); !errors.Is(err, want) {
			t.Errorf("%s: %v", manifest, err)
		}
	}
	nokey := bundle(t)
	nokey.manifest.LogKey = "x"
	nokey.sign(t, nokey.key)
	if r := nokey.verify(t, ""); r.Finding == nil || r.Finding.What != audit.BadManifest {
		t.Errorf("without a key of its own: %+v", r.Finding)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := audit.VerifyBundle(ctx, bundle(t).parts, "", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("goes on after its caller: %v", err)
	}
}

// The text of a checkpoint has one form; whatever only reads alike is none.
func TestTheFormOfACheckpoint(t *testing.T) {
	t.Parallel()
	k := newKey(t, "uji")
	verifier, err := note.NewVerifier(k.public)
	if err != nil {
		t.Fatal(err)
	}
	c := audit.Checkpoint{Origin: "uji", Size: 3, Root: [32]byte{1}, At: start}
	lines := strings.Split(c.Text(), "\n")
	if len(lines) != 5 || lines[0] != "uji" || lines[1] != "3" || lines[3] != "2026-11-23T10:00:00.000000Z" {
		t.Errorf("reads %q", lines)
	}
	with := func(n int, text string) string {
		changed := slices.Clone(lines)
		changed[n] = text
		return strings.Join(changed, "\n")
	}
	for name, x := range map[string]struct {
		text string
		good bool
	}{
		"as it is":        {c.Text(), true},
		"an empty log":    {with(1, "0"), true},
		"a size below it": {with(1, "-1"), false},
		"a size with a 0": {with(1, "03"), false},
		"a size with +":   {with(1, "+3"), false},
		"no size":         {with(1, "x"), false},
		"a short root":    {with(2, "AAAA"), false},
		"no root":         {with(2, "%"), false},
		"another instant": {with(3, "2026-11-23T10:00:00Z"), false},
		"another zone":    {with(3, "2026-11-23T17:00:00.000000+07:00"), false},
		"another log":     {with(0, "lain"), false},
		"a line more":     {c.Text() + "more\n", false},
		"a line too few":  {strings.Join(lines[:3], "\n") + "\n", false},
	} {
		got, err := audit.ParseCheckpoint([]byte(k.sign(t, x.text)), verifier)
		if (err == nil) != x.good || x.good && got.Text() != x.text {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if _, err := audit.ParseCheckpoint([]byte(newKey(t, "uji").sign(t, c.Text())), verifier); err == nil {
		t.Error("a checkpoint of another key is taken")
	}
	if got, ok := audit.ClaimOf([]byte(newKey(t, "uji").sign(t, c.Text()))); !ok || got.Text() != c.Text() {
		t.Errorf("it claims %+v", got)
	}
	if _, ok := audit.ClaimOf([]byte(c.Text())); ok {
		t.Error("a text without a signature claims something")
	}
	one, two := k.sign(t, c.Text()), k.sign(t, with(1, "4"))
	if got := audit.SplitCheckpoints([]byte(one + two + two[:len(two)-3])); len(got) != 2 || string(got[0]) != one ||
		string(got[1]) != two {
		t.Errorf("a file of two and a part is %d", len(got))
	}
	if got := audit.SplitCheckpoints(bytes.TrimSpace(nil)); len(got) != 0 {
		t.Errorf("nothing is %d", len(got))
	}
}
