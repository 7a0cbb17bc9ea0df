package proxy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/contract/internal/wire"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/internal/pushcheck"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// acknowledged judges a push that was forwarded to the merchant, and the merchant's answer.
func (p *Proxy) acknowledged(res *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(res.Body, maxProxied))
	_ = res.Body.Close()
	if err != nil {
		return err
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	s := sentOf(res.Request.Context())
	if s == nil || (s.method == http.MethodGet || s.method == http.MethodHead) && len(s.body) == 0 && s.url.RawQuery == "" { // a look at the address, such as a browser's or a health check's
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.push(s, body, res)
	return nil
}

// What is reported of a push.
var (
	unknownPush = lang.T("a push of an unknown kind", "未知类型的推送")
	ofPush      = lang.T("the push: %s", "推送：%s")
	ofNoKind    = lang.T("the push: its fields are of no kind of push", "推送：它的字段不属于任何推送类型")
	notAccepted = lang.T("the merchant did not accept it: the platform sends it again", "商户没有接受它：平台会再次推送")
)

// push judges a push and its answer. The lock is held.
func (p *Proxy) push(s *sent, body []byte, res *http.Response) {
	kind := kindOf(s)
	name := "push"
	c := report.Case{Title: unknownPush.In(p.Language), Section: "§10", Status: report.Passed}
	if row, known := schemas.LookupPush(kind); known {
		c.Title, c.Section, name = row.Title, row.Section, "push-"+kind
	}
	received := fmt.Sprintf("HTTP %d %s", res.StatusCode, wire.Head(body))
	fails := func(status report.Status, why lang.Text) {
		if c.Status != report.Failed {
			c.Status = status
		}
		c.Failures = append(c.Failures, report.Failure{Message: why.In(p.Language), Sent: s.method + " " + string(s.body), Received: received})
	}
	if p.Key != "" {
		pushed := pushcheck.Sent{Method: s.method, ContentType: s.contentType, Body: s.body, MerchantNo: p.MerchantNo}
		merchants := []control.SandboxMerchant{{MerchantNo: p.MerchantNo, MerchantKey: p.Key}}
		if err := pushed.Wrong(kind, merchants, []sign.PushData{sign.JSON, sign.Values, sign.Query}); err != nil {
			fails(report.Failed, ofPush.With(p.text(err)))
		}
	}
	if kind == "" {
		fails(report.Failed, ofNoKind)
	} else if strings.HasPrefix(s.contentType, "application/json") {
		if err := schemas.ValidatePush(kind, s.body); err != nil {
			fails(report.Failed, ofPush.With(p.text(err)))
		}
	}
	var answer struct {
		Code json.RawMessage `json:"code"`
	}
	if err := json.Unmarshal(body, &answer); err != nil || res.StatusCode < 200 || res.StatusCode > 299 || string(answer.Code) != "0" {
		fails(report.Warned, notAccepted) // the merchant's fault, not the platform's
	}
	p.add(name, c)
}

// kindOf is the kind of a push: by the path it came on, or its fields. Unbind and certification-invalid have the same; "" is neither.
func kindOf(s *sent) string {
	if _, known := schemas.LookupPush(path.Base(s.url.Path)); known {
		return path.Base(s.url.Path)
	}
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(s.body, &fields) // what is no object has no fields
	switch {
	case fields["exitTime"] != nil:
		return schemas.PushExit
	case fields["synId"] != nil:
		return schemas.PushEntry
	case fields["plateNumber"] != nil:
		return schemas.PushUnbind
	}
	return ""
}
