// Package document keeps the scans that belong to cases: a letter of termination, a joint agreement, an identity card.
// A scan is held to its form, looked at by a virus scanner where there is one, and sealed under the worker's key
// before it is laid down outside of the database; the entry of the case's history holds the digest of its content.
// With the worker's key an erasure destroys what every scan shows, wherever copies of it are.
//
//	file ─► Check ─► Scanner ─► sealed ─► Place ─► entry and row of the case, in one transaction
//
// What lies in the place without a row of a case was left behind, by a change that failed or by one that was voided,
// and goes with Sweep. A scan is never read from the place without its row, so that nothing is lost by that.
package document
