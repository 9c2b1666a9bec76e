package feedstore

// ChangesOf is the statement of a page, for the test of what it costs.
var ChangesOf = changesOf

// ByKey is what holds for the plan of a page.
const ByKey = byKey
