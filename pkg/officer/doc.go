// Package officer knows who works with Tanggap: officers, the offices they belong to, the roles they hold in a region,
// and the sessions they are signed in with.
//
// An officer may do nothing by virtue of existing: every right is a grant of a role in a region, given by somebody else
// and recorded. A session is a random token of which only a digest is kept; it ends after 30 minutes without use, after
// 12 hours in any case, and at once when the officer signs out, is deactivated or gets another password.
package officer
