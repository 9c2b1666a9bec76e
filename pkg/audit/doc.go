// Package audit proves that case histories were not changed. It only reads: the writer is a function in the database,
// and the two share nothing but this text, so that a mistake in one is found by the other.
//
// # The chain
//
// Each case has a chain of entries, numbered from 1 without gaps. The hash of an entry is SHA-256 over, in this order:
//
//	"tanggap-history-v1"       18 bytes
//	previous hash              32 bytes; zeros for the first entry
//	case id                    16 bytes
//	seq                        int32, big endian
//	length of kind, kind       int32 big endian, then UTF-8
//	actor                      16 bytes
//	occurred_on                int32 big endian, days since 2000-01-01
//	recorded_at                int64 big endian, microseconds since 2000-01-01T00:00:00Z
//	length of payload, payload int32 big endian, then UTF-8, exactly the stored JSON text
//
// recorded_at grows from entry to entry of a case. The region of an entry says who has custody today; it is not hashed.
//
// # The export
//
// As CSV (RFC 4180, LF, one header line): case_id, region, seq, kind, actor, occurred_on (2026-11-23), recorded_at
// (2026-11-23T10:00:00.123456Z), payload, prev_hash, hash (both lower-case hexadecimal), ordered by case_id and seq.
// The last line is a trailer: "end", the exported scope, the number of entries, "export.end", nothing, nothing, the
// instant of the checkpoint that it is as of, {"entries":N,"cases":M}, nothing, and the SHA-256 of all bytes before
// that line and of "end", the region, the two numbers and the instant, each with a newline. Whoever exports the same
// scope as of the same checkpoint gets the same bytes.
//
// As JSON Lines: one object per entry with the same names in the same order, seq as a number and payload as a JSON
// string; the last line is {"end":{"region":…,"entries":N,"cases":M,"recorded_at":…,"sha256":…}}.
//
// # The log
//
// All entries of all cases and layoffs are the leaves of one Merkle tree (RFC 6962, SHA-256) in the order in which they
// were found committed. The hash of a leaf is SHA-256 over 0x00 and the 32 bytes of the hash of the entry; that of a
// node SHA-256 over 0x01 and the hashes of its children. A checkpoint is a signed note (golang.org/x/mod/sumdb/note,
// Ed25519) over four lines: the name of the log, the number of leaves, the root in base64, and the instant. Beside the
// checkpoints a file lists every entry in the order of the log: its hash, the id of its case or layoff, and its number
// as a big-endian int32, 52 bytes each.
//
// # The state
//
// The rows of a case (of its worker, tracks, referrals, holds and tasks) and of a layoff have a digest: the sum, in
// four words of 64 bits, of the HMAC-SHA256 of every value, under a key that is derived from the keyset and not in the
// database. The HMAC is over the name of the table and a zero byte, the values of the key of the row, the name of the
// column and a zero byte, and the value; each value as four bytes, 0 for null and otherwise the length of its text and
// one, and the text as PostgreSQL writes it (UTC, ISO, hex).
//
// Every entry says what it adds to that sum (its step: the values that it left, less those that it found), in its own
// transaction, signed under the key together with the id, the number of the entry and the list of columns. With its
// place in the log the newest entry of a case gets a seal: the seal before and the steps since, signed again. No row
// is read for it. So a change of a row by anybody else is in no step and no seal: it is found however many honest
// entries come after it, and is right again only when the row is. Who writes an entry without the keyset cannot say
// its step, and the case has no seal from there on. Marks of 16 bits beside the sum only tell which column differs.
//
// Older seals, of rows that were read when they were made, go on holding and are counted apart: the next entry of such
// a case takes its rows over as they are, once. So does the first entry after a release that has other columns: verify
// before an upgrade. What was there before all seals, and what has just been changed, has none: it is counted as that.
//
// What this does not prove: whoever has both the database and the keyset can seal anything, and a program that was
// made to write something else writes the step for it. Not in the state are data keys (they are wrapped anew),
// findings of auditors (they are no entries), and what is counted from the state.
//
// # The bundle
//
// A ZIP, encrypted with age: histories.csv or histories.jsonl as above; proof.txt; what of the workers the profile
// shows; manifest.json with the name, size and SHA-256 of each file; and manifest.sig, a note signed with the key of
// the log over "tanggap-manifest-v1" and the SHA-256 of manifest.json in hexadecimal, a line each.
//
// Every bundle explains itself, too: README.txt for people, and verify.py, a second verifier that was written from this
// text. They are in the manifest like every other file.
//
// A workbook holds the same members as hidden sheets of the same names, a line in each row; a long line goes on in the
// cells beside. Every other sheet is one that people read, in the manifest as the name of the sheet and ".rows": for
// each row a JSON array of the raw texts of its cells, without the empty ones at its end, and a newline. A workbook
// with a formula, or with a sheet that the manifest does not name, is changed.
//
// The proof is text: "tanggap-proof-v1", the checkpoint, an empty line; "entries N" and the places of the entries in
// the log, a line each, in the order of the histories; "hashes M" and the hashes, in base64, of all largest subtrees of
// the log without any of the entries, from the left to the right. With the entries they give the root of the
// checkpoint.
package audit
