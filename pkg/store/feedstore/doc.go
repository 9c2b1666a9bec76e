// Package feedstore reads the published log for other systems, and keeps the webhooks that follow it.
package feedstore

import "github.com/tanggap/tanggap/pkg/store"

// Feed is the store of changes and webhooks.
type Feed struct{ *store.DB }

// New makes it over a database.
func New(db *store.DB) *Feed { return &Feed{db} }
