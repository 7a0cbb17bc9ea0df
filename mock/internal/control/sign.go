package control

import (
	"encoding/json"
	"time"

	"github.com/etcp-mock/etcp-mock/sign/diagnose"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/rules"
	"github.com/etcp-mock/etcp-mock/mock/internal/problem"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
	"github.com/etcp-mock/etcp-mock/sign"
)

// maxSigned bounds the data whose signature is examined, as the platform bounds a body.
const maxSigned = 1 << 20

// signExplanation says whether a signature is right, and what it would be right
// for. Expected is shown to whoever may call: the merchants' keys are, too.
type signExplanation struct {
	OK        bool               `json:"ok"`
	Expected  string             `json:"expected"`
	Signed    string             `json:"signed"` // the text that is hashed, the key as •••
	Diagnosis []diagnose.Finding `json:"diagnosis"`
	// Alternatives are other explanations that are as good.
	Alternatives [][]diagnose.Finding `json:"alternatives,omitempty"`
}

// explainSign examines the signature of a request (§6), and what else is wrong with the
// request, or the signature of a push (§10). The key
// is the given one, or that of a merchant of this server, whose sandbox's rules
// hold then.
func (a *Control) explainSign(in *call) (reply, error) {
	var body struct {
		MerchantNo  string          `json:"merchantNo"`
		MerchantKey string          `json:"merchantKey"`
		Data        string          `json:"data"`
		RawData     string          `json:"rawData"`  // data as it was sent, still URL-encoded
		RawQuery    string          `json:"rawQuery"` // the query and the body as they were sent
		RawBody     string          `json:"rawBody"`
		TimeStamp   string          `json:"timeStamp"`
		Sign        string          `json:"sign"`
		Push        json.RawMessage `json:"push"`
	}
	if err := in.decode(&body); err != nil {
		return reply{}, err
	}
	s, key, err := a.signer(body.MerchantNo, body.MerchantKey)
	if err != nil {
		return reply{}, err
	}
	rules := rules.Default()
	s.View(func(w engine.StateView, _ time.Time) { rules = w.Rules() })
	if body.Push != nil {
		return a.explainPush(diagnose.Push{
			MerchantNo: body.MerchantNo, Key: key, Body: body.Push, Signment: body.Sign, SignData: sign.PushData(rules.PushSignData),
		})
	}
	invalid := &strict.Invalid{}
	for _, p := range []struct{ pointer, value string }{{"/data", body.Data}, {"/timeStamp", body.TimeStamp}} {
		if p.value == "" && body.RawQuery == "" && body.RawBody == "" {
			invalid.Problems = append(invalid.Problems, strict.Problem{Pointer: p.pointer, Detail: "is required, unless push, rawBody or rawQuery is given"})
		}
	}
	if len(body.Data) > maxSigned {
		invalid.Problems = append(invalid.Problems, strict.Problem{Pointer: "/data", Detail: "is over 1 MiB, which the platform does not read"})
	}
	if len(invalid.Problems) > 0 {
		return reply{}, invalid
	}
	return ok(explanationOf(a.registry.ExplainRequest(diagnose.Request{
		MerchantNo: body.MerchantNo, Key: key, Data: body.Data, RawData: body.RawData, RawQuery: body.RawQuery, RawBody: body.RawBody, Stamp: body.TimeStamp, Sign: body.Sign,
		Whitespace: sign.Whitespace(rules.SignWhitespace),
	})))
}

// signer is whose signature it is to be: the sandbox and the key.
func (a *Control) signer(no, key string) (*sandbox.Sandbox, string, error) {
	s, known := a.registry.Of(no)
	switch {
	case key != "":
		return s, key, nil
	case no == "":
		return nil, "", invalidAt("/merchantNo", "merchantNo or merchantKey is required")
	case !known:
		return nil, "", problem.Missing(problem.UnknownMerchant, "no sandbox of this server has a merchant "+no)
	}
	key, _ = s.Settings().Key(no)
	return s, key, nil
}

func (a *Control) explainPush(attempt diagnose.Push) (reply, error) {
	switch {
	case attempt.MerchantNo == "":
		return reply{}, invalidAt("/merchantNo", "is required: a push's signature is of merchant_no, data and the key (§10)")
	case len(attempt.Body) > maxSigned:
		return reply{}, invalidAt("/push", "is over 1 MiB")
	}
	var text string // a body in a string is the body
	if json.Unmarshal(attempt.Body, &text) == nil {
		attempt.Body = []byte(text)
	}
	found, err := a.registry.ExaminePush(attempt)
	if err != nil {
		return reply{}, invalidAt("/push", err.Error())
	}
	return ok(explanationOf(found))
}

func explanationOf(e diagnose.Result) signExplanation {
	if e.Findings == nil {
		e.Findings = []diagnose.Finding{}
	}
	return signExplanation{e.OK, e.Expected, e.Signed, e.Findings, e.Alternatives}
}
