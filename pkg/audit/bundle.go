package audit

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"
)

// The members of a bundle, and the first line of its proof; see the package documentation.
const (
	HistoriesFile = "histories." // and csv or jsonl
	ProofFile     = "proof.txt"
	ManifestFile  = "manifest.json"
	SignatureFile = "manifest.sig"
	ProofHeader   = "tanggap-proof-v1"
)

// Manifest says what a bundle holds and how it came about.
type Manifest struct {
	Version     int             `json:"version"`
	Export      uuid.UUID       `json:"export"`
	Requester   uuid.UUID       `json:"requester"`
	Scope       []string        `json:"scope"` // regions; "" is the nation
	Filter      json.RawMessage `json:"filter"`
	Profile     string          `json:"profile"`
	AsOf        int64           `json:"as_of"`         // entries in the log
	AsOfInstant time.Time       `json:"as_of_instant"` // of the checkpoint
	SnapshotAt  time.Time       `json:"snapshot_at"`
	LogKey      string          `json:"log_key"`
	Cases       int             `json:"cases"`
	Files       []ManifestEntry `json:"files"`
}

// ManifestEntry is one file of a bundle.
type ManifestEntry struct {
	Name    string `json:"name"`
	Bytes   int64  `json:"bytes"`
	SHA256  string `json:"sha256"`
	Entries int    `json:"entries,omitempty"`
	Cases   int    `json:"cases,omitempty"`
}

const manifestHeader = "tanggap-manifest-v1\n"

// ErrNotExport says that something is no export at all, so that nothing can be said of it.
var ErrNotExport = errors.New("this is not an export")

// ManifestText is what is signed of a manifest.
func ManifestText(manifest []byte) string {
	sum := sha256.Sum256(manifest)
	return manifestHeader + hex.EncodeToString(sum[:]) + "\n"
}

// BundleReport is what the verification of a bundle found. Trusted tells whether its key was given by the verifier; a
// key that came with the bundle proves only that the bundle is whole.
type BundleReport struct {
	Report
	Manifest Manifest
	Key      string
	Trusted  bool
	SignedBy string // name and hash of the key, when another one than Key signed
}

// VerifyBundle verifies an opened bundle, offline: the signature, every file, every entry, and that all of them stand
// in the published log. key is the public key that the verifier trusts; "" takes the one of the bundle.
func VerifyBundle(ctx context.Context, bundle fs.FS, key string, progress func(entries int)) (BundleReport, error) {
	var r BundleReport
	text, err := fs.ReadFile(bundle, ManifestFile)
	if err != nil {
		return r, fmt.Errorf("read manifest: %w", err)
	}
	signed, err := fs.ReadFile(bundle, SignatureFile)
	if err != nil {
		return r, fmt.Errorf("read signature: %w", err)
	}
	readable := json.Unmarshal(text, &r.Manifest) == nil && len(r.Manifest.Files) > 0
	if !readable && !strings.HasPrefix(string(signed), manifestHeader) {
		return r, ErrNotExport
	}
	if r.Key, r.Trusted = key, key != ""; !r.Trusted {
		r.Key = r.Manifest.LogKey
	}
	verifier, err := note.NewVerifier(r.Key)
	switch {
	case err != nil && r.Trusted:
		return r, fmt.Errorf("the key is not one of a log: %w", err)
	case err != nil || !readable:
		r.Finding = &Finding{What: BadManifest}
		return r, nil
	}
	if r.signature(text, signed, verifier); r.Finding != nil {
		return r, nil
	}
	b := verification{ctx: ctx, bundle: bundle, key: verifier, progress: progress, report: &r}
	for _, file := range r.Manifest.Files {
		if err := b.file(file); err != nil || r.Finding != nil {
			return r, err
		}
	}
	return r, b.proof()
}

// signature holds the manifest against its signature. One of another key proves nothing of the histories, neither way.
func (r *BundleReport) signature(manifest, signed []byte, key note.Verifier) {
	opened, err := note.Open(signed, note.VerifierList(key))
	if err == nil && opened.Text == ManifestText(manifest) {
		return
	}
	r.Finding = &Finding{What: BadSignature}
	var other *note.UnverifiedNoteError
	if errors.As(err, &other) && len(other.Note.UnverifiedSigs) > 0 {
		by := other.Note.UnverifiedSigs[0]
		r.SignedBy = fmt.Sprintf("%s+%08x", by.Name, by.Hash)
	}
}

// verification is the state of the verification of a bundle.
type verification struct {
	ctx      context.Context
	bundle   fs.FS
	key      note.Verifier
	progress func(int)
	report   *BundleReport
	entries  [][32]byte
}

func (b *verification) wrong(what Problem, detail string) {
	b.report.Finding = &Finding{What: what, Detail: detail}
}

func (b *verification) file(m ManifestEntry) error {
	in, err := b.bundle.Open(m.Name)
	if errors.Is(err, fs.ErrNotExist) {
		b.wrong(FileDiffers, m.Name)
		return nil
	}
	if err != nil {
		return fmt.Errorf("open %s: %w", m.Name, err)
	}
	defer func() { _ = in.Close() }()
	sum := sha256.New()
	if strings.HasPrefix(m.Name, HistoriesFile) {
		b.report.Report, err = verifyFile(b.ctx, io.TeeReader(in, sum), b.progress,
			func(e *Entry) { b.entries = append(b.entries, e.Hash) })
		if r := b.report; err == nil && r.Finding == nil && (r.Entries != m.Entries || r.Cases != m.Cases ||
			!r.AsOf.Equal(r.Manifest.AsOfInstant)) {
			b.wrong(BadManifest, m.Name)
		}
	} else {
		_, err = io.Copy(sum, in)
	}
	if err == nil && b.report.Finding == nil && hex.EncodeToString(sum.Sum(nil)) != m.SHA256 {
		b.wrong(FileDiffers, m.Name)
	}
	return err
}

// proof holds every entry that was read against the checkpoint.
func (b *verification) proof() error {
	in, err := b.bundle.Open(ProofFile)
	if err != nil {
		return fmt.Errorf("open proof: %w", err)
	}
	defer func() { _ = in.Close() }()
	lines := bufio.NewScanner(in)
	checkpoint := b.readCheckpoint(lines)
	leaves := make([]Leaf, 0, len(b.entries))
	for i := range b.readCount(lines, "entries ") {
		index, err := strconv.ParseInt(next(lines), 10, 64)
		if err != nil || i >= len(b.entries) {
			b.wrong(BadProof, "")
			return nil
		}
		leaves = append(leaves, Leaf{index, LeafHash(b.entries[i])})
	}
	var proof [][32]byte
	for range b.readCount(lines, "hashes ") {
		var h [32]byte
		raw, err := base64.StdEncoding.DecodeString(next(lines))
		if err != nil || len(raw) != len(h) {
			b.wrong(BadProof, "")
			return nil
		}
		copy(h[:], raw)
		proof = append(proof, h)
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read proof: %w", err)
	}
	c, err := ParseCheckpoint([]byte(checkpoint), b.key)
	if err != nil || c.Size != b.report.Manifest.AsOf || len(leaves) != len(b.entries) || lines.Scan() ||
		len(leaves) > 0 && !c.Included(leaves, proof) {
		b.wrong(BadProof, "")
	}
	return nil
}

func next(lines *bufio.Scanner) string {
	lines.Scan()
	return lines.Text()
}

// readCheckpoint reads the header and the signed text, up to the empty line after its signature.
func (b *verification) readCheckpoint(lines *bufio.Scanner) string {
	if next(lines) != ProofHeader {
		return ""
	}
	var text strings.Builder
	for signed := false; lines.Scan(); {
		line := lines.Text()
		if signed && line == "" {
			break
		}
		signed = signed || strings.HasPrefix(line, "— ")
		text.WriteString(line + "\n")
	}
	return text.String()
}

func (b *verification) readCount(lines *bufio.Scanner, name string) int {
	digits, ok := strings.CutPrefix(next(lines), name)
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 0 {
		return 0
	}
	return n
}
