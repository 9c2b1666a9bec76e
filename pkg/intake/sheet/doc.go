// Package sheet reads an employer's list of laid-off workers from an .xlsx or .csv file, row by row.
//
// The file is hostile until shown otherwise. Nothing in it is evaluated or fetched: of a formula only the cached value
// is used, and external parts are never opened. Memory is bounded by [Limits] and does not grow with the file; a panic
// anywhere inside becomes the fault intake.unreadable.
//
// How a row is read:
//
//   - NIK is text of 16 digits; blanks, dots, hyphens and apostrophes around and between digits are dropped. A number
//     cell counts only when the file itself holds 16 significant digits that a spreadsheet program cannot have rounded:
//     below 2^53 and not ending in 0. Otherwise it has lost digits and is refused, never repaired.
//   - Dates are day/month/year, ISO, Indonesian month names, or Excel day numbers, between 1920 and 2100; a time of day
//     is dropped. Two-digit years are refused as ambiguous.
//   - Wages are monthly, in whole rupiah, halves rounded up; between Rp100.000 and Rp10.000.000.000.
//   - A phone number that lost its leading 0 gets it back, and a KPJ of 10 digits is filled to 11. A phone number, KPJ,
//     e-mail address or sex that cannot be read is left out with a warning.
//   - Text is brought to NFC and runs of blanks and line breaks become one space; lengths are limited per column.
//   - A birth date or sex that disagrees with the NIK is a warning: civil registration does not correct the NIK
//     after a wrong entry.
//
// Rows are numbered as the user sees them: sheet rows in a workbook, and in a CSV file the line on which the row
// begins.
package sheet
