// Package sheet makes the page that a worker takes home: what is owed after the layoff, by whom, and which days must
// not be missed, in words that everybody knows. HTML and PDF show the same lines.
package sheet
