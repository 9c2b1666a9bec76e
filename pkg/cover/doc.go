// Package cover answers what a worker keeps of social security after the end of employment: JKN, the health insurance,
// for some months without a premium, and JHT, the old-age savings, when they can be claimed in full.
//
// All rules are pure functions over the files in policies/programmes/cover: no clock, no I/O. Where the regulation does
// not say which day is meant, both days are given.
package cover
