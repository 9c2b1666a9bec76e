// Package lawbook is the law that the program goes by, and how it changes without a release of the program. It is read
// from three layers, of which a later one goes before an earlier one: the files that are built in, a folder of whoever
// runs the server, and the releases that two officers of the nation's office put in and approved.
//
// A file of a later layer replaces the one with the same programme, kind and id. Otherwise it is a new version, and the
// version before it, if that has no end, ends on the day on which it begins. All files together are read by the very
// loaders of the programmes.
//
// A release never changes what holds for a day before its effective date, nor a holiday that is over: what was answered
// stays answered. What it changes ahead, the days of open layoffs and cases, is written into their histories (Settle).
package lawbook
