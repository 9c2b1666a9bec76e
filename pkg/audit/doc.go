// Package audit proves that case histories were not changed. It only reads: the writer is a function in the database, and
// the two share nothing but this text, so that a mistake in one is found by the other.
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
// (2026-11-23T10:00:00.123456Z), payload, prev_hash, hash (both lower-case hexadecimal), ordered by case_id and seq. The
// last line is a trailer: "end", the exported scope, the number of entries, "export.end", the requester, nothing, the
// instant of the snapshot, {"entries":N,"cases":M}, nothing, and the SHA-256 of all bytes before that line
// and of "end", the region, the two numbers, the actor and the instant, each with a newline.
//
// As JSON Lines: one object per entry with the same names in the same order, seq as a number and payload as a JSON string;
// the last line is {"end":{"region":…,"entries":N,"cases":M,"actor":…,"recorded_at":…,"sha256":…}}.
package audit
