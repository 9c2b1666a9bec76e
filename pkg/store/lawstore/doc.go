// Package lawstore keeps the releases of the law with their histories, and finds what their days may move.
package lawstore

import (
	"github.com/tanggap/tanggap/pkg/lawbook"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/layoffstore"
)

// Laws is the store of releases.
type Laws struct {
	*store.DB
	layoffs *layoffstore.Layoffs
}

// New makes it over a database.
func New(db *store.DB, layoffs *layoffstore.Layoffs) *Laws { return &Laws{db, layoffs} }

var (
	_ lawbook.Store    = (*Laws)(nil)
	_ lawbook.Affected = (*Laws)(nil)
)
