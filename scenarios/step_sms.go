package scenarios

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

func init() {
	register(&language.Kind{
		Name: "sms", NameZh: "短信验证码",
		Doc:      "Reads the newest SMS code of a phone. Against the real platform it is asked for, or given as --var code=.",
		Form:     syntax.Object("whose code", syntax.Required("mobilePhone", template.Text, "The phone.")),
		Answer:   language.Known("status", "detail", "code", "sentAt", "expiresAt", "used"),
		Subject:  language.Member("mobilePhone"),
		Children: language.NoSteps,
		Read:     language.ReadValue,
		Needs:    func(*language.Step) language.Need { return language.NeedSMS },
		Defines:  language.DefinesNothing,
		Judged:   true,
	}, (*runner).sms, expectsNothing)
}

// sms reads a phone's code on a mock; elsewhere it is the variable code, or a person is asked.
func (r *runner) sms(ctx context.Context, f *frame, step *language.Step, out *outcome) error {
	phone, err := step.Body.Find("mobilePhone").Text(f.vars)
	if err != nil {
		return err
	}
	if r.sandbox != nil {
		return simulate(step, out, func() (json.RawMessage, error) {
			return r.sandbox.Call(ctx, http.MethodGet, "/sms/"+url.PathEscape(phone), nil)
		})
	}
	code, err := r.askCode(ctx, step, phone)
	if err != nil {
		return err
	}
	out.fields = map[string]any{"code": strings.TrimSpace(code)}
	out.answer = out.fields
	return nil
}

// askCode is the code that was given from outside, or that a person reads off the phone.
func (r *runner) askCode(ctx context.Context, step *language.Step, phone string) (string, error) {
	code, ok := r.given["code"]
	switch {
	case ok:
		return expression.Display(given(code, nil))
	case r.target.Prompt != nil:
		return r.target.Prompt(ctx, "SMS code sent to "+phone)
	}
	return "", wrong(step.Position, errors.New("the SMS code is not known: give it as --var code=…"))
}
