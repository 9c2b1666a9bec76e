// Package storetest gives every test a PostgreSQL database of its own, migrated and empty of cases.
//
// All test programs of a checkout share one private server (package localpg). The schema is migrated once, into a
// template database named by a digest of everything that makes it; each test gets a copy of the template's files, which
// takes some 30 ms. Tests should connect with AppDSN, the role that serves requests: the superuser bypasses row
// security, so a test that uses AdminDSN proves nothing about access.
//
//	func TestMain(m *testing.M) { storetest.Main(m) }
//
//	func TestSomething(t *testing.T) {
//		t.Parallel()
//		db := storetest.New(t)
//		...
//	}
package storetest
