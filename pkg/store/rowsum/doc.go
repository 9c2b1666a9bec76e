// Package rowsum says what the rows of a case or a layoff are digested to, and how every entry of a history commits to
// what it changes of them.
//
// A digest is a sum: HMAC-SHA256 of each value with its table, row and column, added in four words of 64 bits. So a
// change can say what it does to the sum by the values that it alters alone: plus what it leaves, less what it found.
// That is its step; it is written in the transaction of the entry and signed under a key that is not in the database.
// Seals are steps added up, never rows read again: what somebody changes between two entries is in no step, and so in
// no seal, whatever honest entries come after. Put back, it is right again.
//
// The hot changes of one case make their step of the values that they read and write (Text). All others read the rows
// before and after themselves (Around). A table or column of a case that is in no list here fails a test.
package rowsum
