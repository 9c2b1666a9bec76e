// Package walk holds random walks over the whole program: cases and layoffs on which officers of every role and of
// several regions do, in any order, whatever the contract of the API has a route for. It has tests only.
//
// A few walks are taken with the tests of every day. TANGGAP_WALKS=1000 takes as many, -rapid.seed and the other flags
// of rapid work as everywhere:
//
//	TANGGAP_WALKS=1000 go test ./api/walk -timeout 4h
package walk
