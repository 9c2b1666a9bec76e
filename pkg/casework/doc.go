// Package casework is the heart of Tanggap: one case per laid-off worker (korban PHK), from intake to an outcome.
//
//	               ┌───────────────┐
//	               │    intake     │
//	               └───┬───┬───┬───┘
//	      ┌────────────┘   │   └────────────┐
//	      ▼                ▼                ▼
//	┌──────────┐     ┌──────────┐     ┌───────────┐
//	│ benefit  │ ◄─► │ training │ ◄─► │ placement │   benefit ◄─► placement as well
//	└────┬─────┘     └────┬─────┘     └─────┬─────┘
//	     └────────────────┼─────────────────┘
//	                      ▼                       from intake too, with its outcome
//	               ┌───────────────┐
//	               │    closed     │ ── reopened with a reason ──► any stage
//	               └───────────────┘
//
// Benefit is skipped where the worker is not entitled or declines; training and placement run beside a running benefit
// and may alternate. A case closes only with an outcome. A worker has at most one open case, and a case is in the
// custody of one regency office at every instant.
//
// The case is one aggregate with one history: everything that happens in it, its tracks included, raises its version by
// one and appends exactly one entry. The version is the entity tag that clients send back.
package casework
