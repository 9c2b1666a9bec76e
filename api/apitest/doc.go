// Package apitest wires the whole server over one test's own database, as `tanggap serve` does, for tests that look at it
// from outside: through requests, as officers who are signed in. The database is reached as the runtime role, so that
// what the tests prove of access holds for the server; a test that wants to know more asks Database.AdminDSN.
//
// The clock stands until a test moves it. Jobs do not run by themselves: Settle does the work that waits.
package apitest
