// Package jkp holds the rules of Jaminan Kehilangan Pekerjaan (job-loss insurance) as pure functions over the dated,
// cited parameter files in policies/programmes/jkp: PP 37/2021, PP 6/2025 (from 7 February 2025), the transition of
// Permenaker 2/2025 Art. II, and the training cost caps of the Ministry of Finance.
//
// No figure of the law stands in this package, and it reads no clock and no file after Load. Which version answers:
//
//   - eligibility: the version in force on the day on which the claim is declared eligible (Art. II(2), (4));
//   - a monthly payment: the version in force on the day on which that month is given (Art. II(3)), so that the rate is
//     a property of each payment and never of the claim;
//   - a contribution: the version of the month; the training cost cap: the day of the training contract;
//   - the claim deadline at the boundary: a named switch, because Art. II does not say.
//
// Every criterion is always evaluated and returned with its inputs, its result and its article. A fact that is not
// known makes its criterion unknown and the decision undetermined; it is never guessed. Open questions of the law are
// switches in the parameter files; a decision that rests on one is marked as unverified.
//
// Money is in whole rupiah; the amount before rounding is kept as an exact fraction. Days are civil dates of the
// office.
package jkp
