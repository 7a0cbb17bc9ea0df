package fuzz

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/fuzz/internal/model"
	"github.com/etcp-mock/etcp-mock/contract/internal/wire"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// judge holds an answer to what holds for every answer, and to the code that is known to be right (-1: none is).
func (p *player) judge(e *schemas.Endpoint, f *fuzzStep, answer *client.Answer, err error, expect expected) *breach {
	want := expect.code
	broken := func(what, format string, args ...any) *breach {
		return &breach{kind: what + " " + e.Name, message: e.Name + ": " + fmt.Sprintf(format, args...), wantCode: want}
	}
	switch {
	case answer == nil:
		r := &wire.Reply{Err: err}
		if r.NeverCame() || !p.f.answered.Load() {
			return p.unreached(err)
		}
		return broken("cut", "no answer: %v", err)
	case answer.HTTPStatus >= 500:
		return broken("5xx", "HTTP %d", answer.HTTPStatus)
	case err != nil:
		return broken("envelope", "%v", err)
	case answer.HTTPStatus != expect.status:
		return broken("status", "HTTP %d, want %d", answer.HTTPStatus, expect.status)
	case f.way == "by HEAD": // which has no body
		return p.judgeHead(e, answer)
	case answer.Code == schemas.CodeServerError:
		return broken("error", "code 2: the platform's own fault")
	}
	if wrong := misheaded(e, answer); wrong != "" {
		return broken("header", "%s", wrong)
	}
	if answer.Code != 0 && expect.status == http.StatusOK && !slices.Contains(e.Codes, answer.Code) && !slices.Contains(e.CodesByRule, answer.Code) && !slices.Contains(schemas.EnvelopeCodes(), answer.Code) {
		return broken("table", "code %d is none that it answers", answer.Code)
	}
	if want >= 0 && answer.Code != want {
		b := broken(fmt.Sprintf("code %d for %d", answer.Code, want), "code %d where %d belongs", answer.Code, want)
		switch {
		case answer.Code == 0 && (f.raw != "" || len(f.overrides) > 0 || f.way != ""):
			b.message = fmt.Sprintf("%s: accepted %s", e.Name, strings.TrimSpace(strings.Join(append(slices.Clone(f.overrides), f.way), " ")+" "+wire.Head([]byte(f.raw))))
		case want == 0:
			b.message = fmt.Sprintf("%s: refused a good request with code %d", e.Name, answer.Code)
		}
		return b
	}
	if !p.met {
		if _, invalid := schemas.ValidatePlatform(e.Name, answer.Raw); invalid != nil {
			b := broken("schema", "%v", invalid)
			b.wantCode = model.Unsure
			return b
		}
		p.f.known.keep(answer)
	}
	right := schemas.Message(answer.Code)
	if answer.Code == 0 {
		right = schemas.MessageOK
		if e.Name == "orderpaid" {
			right = schemas.MessagePaid
		}
	}
	if answer.Message != right {
		b := broken(fmt.Sprintf("message %d", answer.Code), "code %d says %q, and §11 says %q", answer.Code, answer.Message, right)
		b.wantCode = model.Unsure
		return b
	}
	return nil
}

func (p *player) judgeHead(e *schemas.Endpoint, answer *client.Answer) *breach {
	if wrong := misheaded(e, answer); wrong != "" {
		return &breach{kind: "header " + e.Name, message: e.Name + ": " + wrong, wantCode: model.Unsure}
	}
	return nil
}

// learn keeps what later steps may want of an answer.
func (p *player) learn(e *schemas.Endpoint, f *fuzzStep, answer *client.Answer) {
	if answer.Code != 0 || answer.HTTPStatus != http.StatusOK {
		return
	}
	id := strconv.Itoa(f.id)
	switch e.Name {
	case "usersigin", "userlogin":
		var data struct {
			Token string `json:"token"`
		}
		if json.Unmarshal(answer.Data, &data) == nil {
			p.known[symbol("token"+id)] = data.Token
		}
	case "orderunpay":
		var rows []model.Quote
		if json.Unmarshal(answer.Data, &rows) == nil && len(rows) > 0 {
			p.known[symbol("order"+id)], p.known[symbol("proof"+id)] = rows[0].OrderID, rows[0].Proof
			p.known[symbol("fee"+id)] = rows[0].Fee
		}
	case "surroundingparking":
		var data struct {
			Scroll string `json:"scrollId"`
		}
		if json.Unmarshal(answer.Data, &data) == nil && data.Scroll != "" {
			p.known[symbol("scroll"+id)] = data.Scroll
		}
	}
}
