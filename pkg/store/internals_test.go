package store

// Impossible is what the tests outside of the package look into.
var Impossible = impossible
