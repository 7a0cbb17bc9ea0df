package scenarios

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/fake"
)

// ProcessEnv lets env() read this process's environment.
func ProcessEnv(name string) (string, bool) { return os.LookupEnv(name) }

// functions are what expressions can call.
func (r *runner) functions() map[string]any {
	return map[string]any{
		"now":   func(params ...any) (any, error) { return r.time(client.TimeLayout, params) },
		"today": func(params ...any) (any, error) { return r.time(time.DateOnly, params) },
		"uuid":  r.made("uuid", func() string { return r.faker.UUID() }),
		"env": func(params ...any) (any, error) {
			if len(params) != 1 {
				return nil, errors.New("env takes the name of a variable of the environment")
			}
			return r.env(fmt.Sprint(params[0]))
		},
		"fake": map[string]any{
			"word":      r.made("fake.word", func() string { return r.faker.Word() }),
			"number":    r.fakeNumber,
			"plate":     r.made("fake.plate", func() string { return fake.Plate(r.faker, 5) }),
			"newEnergy": r.made("fake.newEnergy", func() string { return fake.Plate(r.faker, 6) }),
			"phone":     r.made("fake.phone", func() string { return fake.Phone(r.faker) }),
			"vin":       r.made("fake.vin", func() string { return fake.Letters(r.faker, fake.VinLetters, 17) }),
			"engine": r.made("fake.engine", func() string {
				return fake.Letters(r.faker, fake.VinLetters[:20], 2) + fake.Letters(r.faker, fake.Digits, 5)
			}),
		},
	}
}

// fakeNumber makes up a whole number between two, both included.
func (r *runner) fakeNumber(params ...any) (any, error) {
	if len(params) == 2 {
		least, whole := params[0].(int)
		most, also := params[1].(int)
		if whole && also && least <= most {
			return r.faker.Number(least, most), nil
		}
	}
	return nil, errors.New("fake.number takes two whole numbers, the least and the most")
}

func (r *runner) made(name string, invent func() string) func(...any) (any, error) {
	return func(params ...any) (any, error) {
		if len(params) > 0 {
			return nil, errors.New(name + " takes nothing")
		}
		return invent(), nil
	}
}

// time is now on the sandbox's clock, or on the wall where it has none, moved by a duration such as -1h30m.
func (r *runner) time(layout string, params []any) (any, error) {
	var by time.Duration
	for _, p := range params {
		text, is := p.(string)
		d, err := control.ParseDuration(strings.TrimPrefix(strings.TrimPrefix(text, "-"), "+"))
		if !is || err != nil {
			return nil, fmt.Errorf("want a duration such as -1h30m, not %s", expression.Brief(p))
		}
		if strings.HasPrefix(text, "-") {
			d = -d
		}
		by += d
	}
	now := r.target.now()
	if r.sandbox != nil {
		ctx, cancel := context.WithTimeout(r.ctx, cleanupTimeout)
		defer cancel()
		clock, err := r.sandbox.Clock(ctx)
		if err != nil {
			return nil, err
		}
		now = clock.Now.Time
	}
	return now.Add(by).In(client.Zone).Format(layout), nil
}

func (r *runner) env(name string) (any, error) {
	if r.target.Env == nil {
		return nil, errors.New("env() is not there: a server does not hand out its environment")
	}
	value, set := r.target.Env(name)
	if !set {
		return nil, fmt.Errorf("the environment has no %s", name)
	}
	r.secret(value)
	return value, nil
}
