// Package ruletest tests a programme of law: the contract that every parameter file has to keep (Run), the table of
// files without sense (Refused), edited copies of the folder (Programme.Edited), the rows of golden files (Rows), and
// fuzzing over files (Fuzz). The tests of a programme give it their Programme and hold only what is their own.
package ruletest
