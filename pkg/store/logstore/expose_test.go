package logstore

// SelectLeaves is the statement that publishes entries, for the test of what it costs.
const SelectLeaves = selectLeaves
