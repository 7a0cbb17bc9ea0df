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
		"uuid":  fake.Function("uuid", r.faker.UUID),
		"env": func(params ...any) (any, error) {
			if len(params) != 1 {
				return nil, errors.New("env takes the name of a variable of the environment")
			}
			return r.env(fmt.Sprint(params[0]))
		},
		"fake": fake.Functions(r.faker),
	}
}

// time is now on the sandbox's clock, or on the wall where it has none, moved by a duration such as -1h30m.
func (r *runner) time(layout string, params []any) (any, error) {
	var by time.Duration
	for _, p := range params {
		text, ok := p.(string)
		d, err := control.ParseDuration(strings.TrimPrefix(strings.TrimPrefix(text, "-"), "+"))
		if !ok || err != nil {
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
