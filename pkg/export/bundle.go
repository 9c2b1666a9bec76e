package export

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"filippo.io/age"
	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/calendar"
)

// run is one export while it is made.
type run struct {
	*Service
	ctx        context.Context
	x          *Export
	snap       Snapshot
	asOf       audit.Checkpoint
	checkpoint string
	written    *atomic.Int64
	manifest   audit.Manifest
	kept       chan error // whom the export holds is on record; asked before it is finished
	placed     chan error // places is filled
	places     []int64
	reading    sync.WaitGroup // of places
}

// place begins to read the places in the log, beside the writing. The snapshot must outlive it: wait for reading.
func (m *run) place() {
	m.placed = make(chan error, 1)
	m.reading.Go(func() {
		m.places = make([]int64, 0, m.x.Total)
		m.placed <- m.snap.Places(func(index int64) { m.places = append(m.places, index) })
	})
}

// scryptWork is low because the passphrase is made, with 128 bits: guessing it is hopeless without a slow hash, and a
// slow one would take 256 MiB.
const scryptWork = 10

// bundle writes the encrypted ZIP.
func (m *run) bundle(to io.Writer) error {
	var recipient age.Recipient
	var err error
	if m.x.Asked.Recipient != "" {
		recipient, err = age.ParseX25519Recipient(m.x.Asked.Recipient)
	} else {
		var secret *age.ScryptRecipient
		if secret, err = age.NewScryptRecipient(m.passphrase(m.x.ID)); err == nil {
			secret.SetWorkFactor(scryptWork)
			recipient = secret
		}
	}
	if err != nil {
		return fmt.Errorf("encrypt export: %w", err)
	}
	out := bufio.NewWriterSize(to, 1<<20)
	sealed, err := age.Encrypt(out, recipient)
	if err != nil {
		return fmt.Errorf("encrypt export: %w", err)
	}
	z := zip.NewWriter(sealed)
	if err := m.files(z); err != nil {
		return err
	}
	for _, closing := range []func() error{z.Close, sealed.Close, out.Flush} {
		if err := closing(); err != nil {
			return fmt.Errorf("write export: %w", err)
		}
	}
	m.x.FileName = m.fileName(".zip.age")
	return nil
}

// fileName says what is in the file: format, region, period, and the instant; nothing personal, and two orders of one
// second have different names.
func (m *run) fileName(end string) string {
	a := m.x.Asked
	parts := []string{"tanggap", string(a.Format), "nasional"}
	switch {
	case a.Region != "":
		parts[2] = string(a.Region)
	case len(m.x.Scope) > 1:
		parts[2] = string(m.x.Scope[0]) + "+" + strconv.Itoa(len(m.x.Scope)-1)
	case len(m.x.Scope) == 1 && m.x.Scope[0] != "":
		parts[2] = string(m.x.Scope[0])
	}
	for _, day := range []calendar.Date{a.From, a.Until} {
		if !day.IsZero() {
			parts = append(parts, strings.ReplaceAll(day.String(), "-", ""))
		}
	}
	id := m.x.ID.String()
	return strings.Join(append(parts, m.asOf.At.UTC().Format("20060102-150405"), id[len(id)-6:]), "-") + end
}

// files writes the members: the histories, their proof, the people, the dossier, and what vouches for all of them.
func (m *run) files(z *zip.Writer) error {
	if err := m.begin(); err != nil {
		return err
	}
	m.place()
	defer m.reading.Wait()
	form := m.x.Asked.Format
	if form == Dossier {
		form = JSONL
	}
	var entries, cases int
	err := m.file(z, audit.HistoriesFile+string(form), func(w io.Writer) (err error) {
		entries, cases, err = m.snap.Histories(form, lines{w, m.written})
		return err
	})
	if err != nil {
		return err
	}
	m.manifest.Files[0].Entries, m.manifest.Files[0].Cases = entries, cases
	m.x.Entries = entries
	if err := m.file(z, audit.ProofFile, m.proof); err != nil {
		return err
	}
	if m.x.Profile != Sealed {
		if err := m.people(z); err != nil {
			return err
		}
	}
	if m.x.Asked.Format == Dossier {
		if err := m.file(z, "dossier.pdf", m.dossier); err != nil {
			return err
		}
	}
	for _, part := range inside {
		if err := m.file(z, part.name,
			func(to io.Writer) error { _, err := io.WriteString(to, part.text); return err }); err != nil {
			return err
		}
	}
	if err := m.vouch(); err != nil {
		return err
	}
	for _, part := range [][2]string{{audit.ManifestFile, m.x.Manifest}, {audit.SignatureFile, m.x.Signature}} {
		w, err := m.member(z, part[0])
		if err == nil {
			_, err = io.WriteString(w, part[1])
		}
		if err != nil {
			return fmt.Errorf("write %s: %w", part[0], err)
		}
	}
	return nil
}

// begin puts on record whom the export holds, beside the writing and done before it ends, and fills the head of the
// manifest.
func (m *run) begin() error {
	var cases []uuid.UUID
	if err := m.snap.Cases(func(id uuid.UUID) { cases = append(cases, id) }); err != nil {
		return err
	}
	total, err := m.snap.Total()
	if err != nil {
		return err
	}
	m.x.Total = total
	filter, err := json.Marshal(m.x.Asked)
	if err != nil {
		return fmt.Errorf("encode filter: %w", err)
	}
	m.manifest = audit.Manifest{Version: 1, Export: m.x.ID, Requester: uuid.UUID(m.x.Officer), Filter: filter,
		Profile: string(m.x.Profile),
		AsOf:    m.asOf.Size, AsOfInstant: m.asOf.At, SnapshotAt: m.snap.At(), LogKey: m.LogKey, Cases: len(cases)}
	for _, code := range m.x.Scope {
		m.manifest.Scope = append(m.manifest.Scope, string(code))
	}
	m.kept = make(chan error, 1)
	go func() { m.kept <- m.keep(cases) }()
	return nil
}

// member begins a file of the ZIP. What is in it is kept as it is: hashes do not get smaller, and the line is not what
// makes an export slow.
func (m *run) member(z *zip.Writer, name string) (io.Writer, error) {
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store,
		Modified: m.asOf.At.UTC().Truncate(time.Second)})
	if err != nil {
		return nil, fmt.Errorf("begin %s: %w", name, err)
	}
	return w, nil
}

// file writes a member and enters it in the manifest.
func (m *run) file(z *zip.Writer, name string, fill func(io.Writer) error) error {
	w, err := m.member(z, name)
	if err != nil {
		return err
	}
	sum := sha256.New()
	var size atomic.Int64
	if err := fill(counting{io.MultiWriter(w, sum), &size}); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	m.manifest.Files = append(m.manifest.Files, audit.ManifestEntry{Name: name, Bytes: size.Load(),
		SHA256: hex.EncodeToString(sum.Sum(nil))})
	return nil
}

// lines counts lines, to show how far an export is.
type lines struct {
	io.Writer
	n *atomic.Int64
}

func (l lines) Write(p []byte) (int, error) {
	n, err := l.Writer.Write(p)
	l.n.Add(int64(bytes.Count(p[:n], []byte{'\n'})))
	return n, err
}

// counting counts bytes.
type counting struct {
	io.Writer
	n *atomic.Int64
}

func (c counting) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	c.n.Add(int64(n))
	return n, err
}

// proof writes the checkpoint, the place of every entry in the log, and what leads from them to the root.
func (m *run) proof(to io.Writer) error {
	if err := <-m.placed; err != nil {
		return err
	}
	places := m.places
	sorted := slices.Clone(places)
	slices.Sort(sorted)
	hashes, err := m.snap.Prove(sorted)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(to, 64<<10)
	_, _ = fmt.Fprintf(w, "%s\n%s\nentries %d\n", audit.ProofHeader, m.checkpoint, len(places)) // Flush tells of errors
	line := make([]byte, 0, 64)
	for _, p := range places {
		_, _ = w.Write(append(strconv.AppendInt(line[:0], p, 10), '\n'))
	}
	_, _ = fmt.Fprintf(w, "hashes %d\n", len(hashes))
	for _, h := range hashes {
		_, _ = w.Write(append(base64.StdEncoding.AppendEncode(line[:0], h[:]), '\n'))
	}
	return w.Flush()
}

// vouch writes the manifest and signs it, once it is on record whom the export holds.
func (m *run) vouch() error {
	if err := <-m.kept; err != nil {
		return err
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m.manifest); err != nil {
		return fmt.Errorf("encode manifest: %w", err)
	}
	m.x.Manifest = text.String()
	signed, err := m.Sign(audit.ManifestText(text.Bytes()))
	m.x.Signature = string(signed)
	return err
}
