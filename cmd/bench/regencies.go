package main

import (
	"context"
	"encoding/csv"
	"errors"
	"math/rand/v2"
	"sort"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/policies"
)

// country draws regencies: provinces by the layoffs of 2025, regencies within one by their rank, so that the first has
// the most.
type country struct {
	codes []string
	sums  []float64
	total float64
}

func (c *country) draw(r *rand.Rand) string {
	return c.codes[sort.SearchFloat64s(c.sums, r.Float64()*c.total)]
}

// leastWeight keeps every province in, also one that reported nobody.
const leastWeight = 20

func regencies(ctx context.Context, conn *pgx.Conn) (*country, error) {
	weights, err := provinceWeights()
	if err != nil {
		return nil, err
	}
	rows, err := conn.Query(ctx,
		"select parent, array_agg(code order by code desc) from region where parent is not null group by 1 order by 1")
	if err != nil {
		return nil, err
	}
	var c country
	var province string
	var children []string
	_, err = pgx.ForEachRow(rows, []any{&province, &children}, func() error {
		c.add(max(weights[province], leastWeight), children)
		children = nil
		return nil
	})
	return &c, err
}

func (c *country) add(weight float64, children []string) {
	harmonic := 0.0
	for i := range children {
		harmonic += 1 / float64(i+1)
	}
	for i, code := range children {
		c.total += weight / float64(i+1) / harmonic
		c.codes, c.sums = append(c.codes, code), append(c.sums, c.total)
	}
}

func provinceWeights() (map[string]float64, error) {
	file, err := policies.FS.Open("reference/phk_by_province.csv")
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, err
	}
	weights := map[string]float64{}
	for _, row := range rows {
		if weight, err := strconv.ParseFloat(row[2], 64); row[0] == "2025" && err == nil && len(row[1]) == 2 {
			weights[row[1]] = weight
		}
	}
	if len(weights) == 0 {
		return nil, errors.New("no weights for 2025")
	}
	return weights, nil
}
