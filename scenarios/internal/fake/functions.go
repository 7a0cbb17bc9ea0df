package fake

import (
	"errors"

	"github.com/brianvoe/gofakeit/v6"
)

// Functions are what an expression calls as fake.…, each by its name. They draw from the source given.
func Functions(f *gofakeit.Faker) map[string]any {
	return map[string]any{
		"word":      Function("fake.word", f.Word),
		"number":    func(params ...any) (any, error) { return number(f, params) },
		"plate":     Function("fake.plate", func() string { return Plate(f, 5) }),
		"newEnergy": Function("fake.newEnergy", func() string { return Plate(f, 6) }),
		"phone":     Function("fake.phone", func() string { return Phone(f) }),
		"vin":       Function("fake.vin", func() string { return Letters(f, VinLetters, 17) }),
		"engine":    Function("fake.engine", func() string { return Letters(f, VinLetters[:20], 2) + Letters(f, Digits, 5) }),
	}
}

// number makes up a whole number between two, both included.
func number(f *gofakeit.Faker, params []any) (any, error) {
	if len(params) == 2 {
		least, whole := params[0].(int)
		most, also := params[1].(int)
		if whole && also && least <= most {
			return f.Number(least, most), nil
		}
	}
	return nil, errors.New("fake.number takes two whole numbers, the least and the most")
}

// Function is a function of that name that takes nothing and gives what is invented.
func Function(name string, invent func() string) func(...any) (any, error) {
	return func(params ...any) (any, error) {
		if len(params) > 0 {
			return nil, errors.New(name + " takes nothing")
		}
		return invent(), nil
	}
}
