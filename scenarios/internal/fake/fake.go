// Package fake makes up plates, phones and frame numbers from a seed. Words and numbers are gofakeit's; what is Chinese it
// does not have, so that plates and phones come from small tables on top of its seeded source.
package fake

import (
	"math/rand"
	"strings"

	"github.com/brianvoe/gofakeit/v6"
)

// New is a seeded source of made-up data: the same seed, the same data.
func New(seed uint64) *gofakeit.Faker {
	return gofakeit.NewCustom(&source{seed: int64(seed)}) //nolint:gosec // any 64 bits are a seed; gofakeit.New would take another for 0 each time
}

// source is one that is seeded when something is drawn from it: that takes 10 µs, and few cases make anything up.
type source struct {
	seed int64
	from rand.Source64
}

func (s *source) seeded() rand.Source64 {
	if s.from == nil {
		s.from, _ = rand.NewSource(s.seed).(rand.Source64)
	}
	return s.from
}

// Int63 makes source a [rand.Source].
func (s *source) Int63() int64 { return s.seeded().Int63() }

// Uint64 makes source a [rand.Source64].
func (s *source) Uint64() uint64 { return s.seeded().Uint64() }

// Seed makes source a [rand.Source].
func (s *source) Seed(seed int64) { s.seed, s.from = seed, nil }

// Plates: a province's character and the letter of one of its cities, then letters and digits without I and O (docs: §9.4).
var provinces = []rune("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼")

const (
	cityLetters  = "ABCDEFGH"
	plateLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	// VinLetters are those of a frame number, which has no I, O and Q.
	VinLetters = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
	// Digits are the decimal digits.
	Digits = "0123456789"
)

// Plate is a plate with five characters after the city's letter, or six: a new-energy vehicle's.
func Plate(f *gofakeit.Faker, tail int) string {
	plate := string(provinces[f.Number(0, len(provinces)-1)]) + Letters(f, cityLetters, 1)
	if tail == 6 { // new energy, small car: a letter, then digits
		return plate + Letters(f, "DF", 1) + Letters(f, Digits, 5)
	}
	return plate + Letters(f, plateLetters, 1) + Letters(f, Digits, tail-1)
}

// Phone is a mobile phone's number.
func Phone(f *gofakeit.Faker) string {
	return "1" + Letters(f, "3456789", 1) + Letters(f, Digits, 9)
}

// Letters is a text of n of the letters given.
func Letters(f *gofakeit.Faker, from string, n int) string {
	var out strings.Builder
	for range n {
		out.WriteByte(from[f.Number(0, len(from)-1)])
	}
	return out.String()
}
