// Package rule is the shared vocabulary of the pure rules (JKP, severance, Prakerja): a dated and cited parameter file,
// the figures in it, and the decision that a rule gives with every criterion, its inputs, its result and its article.
//
// The law is data. A figure never stands in Go code: it stands in a file below policies/programmes with its article and
// a confidence letter, so that a changed rate is one changed file. A figure that nobody has read in the regulation text
// (U, D, open) is usable but is shown as unverified in every decision that rests on it.
//
// A parameter file is YAML: the keys of Version at the top, then the figures of the programme. Decode is strict: an
// unknown key, a missing figure, a figure without article or with an unknown confidence letter is a Problem with its
// line.
package rule
