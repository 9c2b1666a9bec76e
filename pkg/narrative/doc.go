// Package narrative says what a history entry records, in words: its kind as a sentence and what its payload states as
// facts with names, in Indonesian and English. It is pure: who knows the names of officers and regions gives them.
//
// A new kind needs a text history.KIND, a new field of a payload a text fact.FIELD (policies/texts/history.yaml); a
// test reads the source for both.
package narrative
